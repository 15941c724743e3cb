"""A file of test cases as types: the only description of it.

As with `flows.language.spec`, the JSON Schema and the errors follow from these models.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from flows.language.node import Address, Node, Slug, Text
from flows.model import TransactionKind


def _written(value: object) -> object:
    """Take a number as the text that stands in the file: 286.50 is an amount, not a float."""
    return (
        str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    )


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Amount = Annotated[Decimal, BeforeValidator(_written)]
Words = Annotated[
    tuple[str, ...],
    BeforeValidator(_listed, json_schema_input_type=str | tuple[str, ...]),
]


class GivenAttachment(Node):
    """A file attached to a given mail."""

    name: Text = Field(description="Its name.", examples=["invoice.pdf"])
    text: str = Field(default="", description="What is in it, as plain text.")
    file: str = Field(default="", description="A file beside the cases, in place of `text`.")


class GivenMail(Node):
    """One mail that comes in: written here, or a file of it."""

    file: str = Field(default="", description="A .eml file, relative to this file.")
    source: Slug | None = Field(
        default=None,
        description="The source by which it comes; the only one of mail if left out.",
    )
    sender: str = Field(
        default="Somebody <somebody@customer.example>",
        alias="from",
        description="Who sent it.",
        examples=["Maria Lopez <maria@lopez.example>"],
    )
    to: Words = Field(default=(), description="To whom; the business if left out.")
    subject: str = Field(default="", description="Its subject.")
    text: str = Field(default="", description="Its text.")
    received: datetime | None = Field(
        default=None, description="When it came; `now` if left out."
    )
    headers: Mapping[str, str] = Field(
        default={},
        description="Further headers.",
        examples=[{"Auto-Submitted": "auto-replied"}],
    )
    attachments: tuple[GivenAttachment, ...] = Field(default=(), description="Attached files.")

    @model_validator(mode="after")
    def _one_way(self) -> GivenMail:
        if not self.file and not (self.subject or self.text or self.attachments):
            raise ValueError("give a `file`, or a `subject` and a `text`")
        if self.file and (self.subject or self.text or self.attachments or self.headers):
            raise ValueError("give a `file` or the parts of a mail, not both")
        return self


class GivenTransaction(Node):
    """One movement on an account."""

    source: Slug | None = Field(
        default=None, description="Its source; the only one of transactions if left out."
    )
    amount: Amount = Field(description="Negative when money leaves.", examples=["286.50"])
    currency: str = Field(default="", description="That of the business if left out.")
    counterparty: str = Field(default="", description="Who paid or was paid.")
    reference: str = Field(default="", description="What the bank writes with it.")
    booked: date | None = Field(default=None, description="When; the day of `now` if left out.")
    kind: TransactionKind = Field(default="movement", description="What it is.")


class GivenInvoice(Node):
    """One invoice that is in the books before anything comes in."""

    number: Text = Field(description="Its number.", examples=["HP-2041"])
    amount: Amount = Field(description="What it is over.", examples=["286.50"])
    currency: str = Field(default="", description="That of the business if left out.")
    direction: Literal["payable", "receivable"] = Field(
        default="receivable", description="`receivable`: a customer owes it."
    )
    party: str = Field(default="", description="Who owes it, or whom it is owed to.")
    email: Address | None = Field(default=None, description="Where the customer is written to.")
    issued: date | None = Field(default=None, description="When it was issued.")
    due: date | None = Field(default=None, description="When it is due.")


class Given(Node):
    """What there is, and what comes in, in this order."""

    invoices: tuple[GivenInvoice, ...] = Field(default=(), description="Invoices in the books.")
    mails: tuple[GivenMail, ...] = Field(default=(), description="Mails that come in.")
    transactions: tuple[GivenTransaction, ...] = Field(default=(), description="Movements.")


class ExpectedOutput(Node):
    """One output that is to be made; what is left out may be anything."""

    uses: Text = Field(description="The step that makes it.", examples=["job.open"])
    flow: Slug | None = Field(default=None, description="Its flow.")
    step: Slug | None = Field(default=None, description="The step's id.")
    summary: str | None = Field(default=None, description="Words that its summary holds.")
    approver: str | None = Field(
        default=None, description="The role that is asked; '' for none."
    )
    body: Mapping[str, Any] = Field(
        default={},
        description="Parts of it by name; a text is to be held by the one that is made.",
        examples=[{"customer": "Maria Lopez"}],
    )


class Expected(Node):
    """What is to come of it; what is left out is not looked at."""

    flows: tuple[Slug, ...] | None = Field(
        default=None, description="The flows that run, exactly these."
    )
    outputs: tuple[ExpectedOutput, ...] = Field(
        default=(), description="Outputs that are made; there may be others."
    )
    no_outputs: Words = Field(
        default=(), description="Steps of which nothing is made.", examples=[["reply.send"]]
    )
    kept: Mapping[str, str] | None = Field(
        default=None,
        description="Kept fields with their values; '' for one that is not kept.",
        examples=[{"customer.name": "Maria Lopez"}],
    )
    removed: Mapping[str, Annotated[int, Field(ge=0)]] | None = Field(
        default=None, description="How much is taken out, by label.", examples=[{"PHONE": 1}]
    )
    gone: Words = Field(
        default=(), description="Words that are in no stored text and no output."
    )
    stays: Words = Field(default=(), description="Words that are in a stored text.")
    skipped: Words = Field(
        default=(), description="Why mails are not stored, each reason once a mail."
    )
    nothing: Literal[True] | None = Field(
        default=None, description="true: no flow runs, and nothing is made."
    )


class Case(Node):
    """One case: what comes in, and what is to come of it."""

    name: Text = Field(description="What it shows; unique.", examples=["a repair opens a job"])
    now: datetime | None = Field(
        default=None, description="The time; that of the file if left out."
    )
    given: Given = Field(description="What comes in.")
    expect: Expected = Field(description="What is to come of it.")


class CasesFile(Node):
    """A file of test cases."""

    version: Literal[1] = Field(description="Version of this format.", examples=[1])
    flows: str = Field(
        default="flows.yaml", description="The flows file under test, relative to this file."
    )
    now: datetime | None = Field(
        default=None,
        description="The time at which all cases happen.",
        examples=["2026-10-05T09:30:00-04:00"],
    )
    cases: tuple[Case, ...] = Field(min_length=1, description="The cases.")
