"""flows.yaml as types: the only description of the language.

The JSON Schema, the validator and the reference are derived from these models, so a word
that is not here does not exist. What a step takes under `with` is described by the step
itself (`flows.steps`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
Duration = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,4}[hdwmy]$", examples=["180d"])]


class Node(BaseModel):
    """Base of everything in flows.yaml: frozen, and no key that is not described."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Business(Node):
    """The business that these flows work for."""

    id: Slug = Field(description="Stable name; data is kept under it. Do not change it.")
    name: str = Field(min_length=1, max_length=200, description="As customers know it.")
    industry: str = Field(
        pattern=r"^[0-9]{2,6}$", description="NAICS 2022 code.", examples=["238220"]
    )
    region: str = Field(
        pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$",
        description="ISO 3166-2; picks the age of majority and how dates and phones are read.",
        examples=["US-NY"],
    )
    time_zone: str = Field(description="IANA name.", examples=["America/New_York"])
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$", description="ISO 4217.")
    domains: tuple[str, ...] = Field(
        default=(),
        description="Mail domains of the business: whoever writes from there is its own.",
    )
    addresses: tuple[str, ...] = Field(
        default=(), description="Mail addresses of the business outside its own domains."
    )
    people: tuple[str, ...] = Field(
        default=(), description="Its own people by name; their names stay readable."
    )
    suppliers: tuple[str, ...] = Field(
        default=(), description="Suppliers by name; their names stay readable."
    )


class FolderSource(Node):
    """Mail in a directory: RFC 5322 files of any name at any depth, Maildirs, mbox files."""

    uses: Literal["folder"]
    path: str = Field(min_length=1, description="Relative to flows.yaml, or absolute.")


class ColumnMap(Node):
    """Which column of a CSV bank file holds what; names as in its header row."""

    date: str
    amount: str | None = Field(default=None, description="Signed; negative is money out.")
    paid_in: str | None = None
    paid_out: str | None = None
    counterparty: str | None = None
    reference: str | None = None
    id: str | None = Field(default=None, description="The bank's own id of the movement.")
    currency: str | None = None


class BankSource(Node):
    """Bank statements in a file or a directory of files: OFX, QFX, CSV."""

    uses: Literal["bank"]
    path: str = Field(min_length=1, description="Relative to flows.yaml, or absolute.")
    account: str = Field(default="", max_length=40, description="A name for a CSV's account.")
    columns: ColumnMap | None = Field(default=None, description="For CSV files.")
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    dates: Literal["year-first", "month-first", "day-first"] = "year-first"
    decimal: Literal[".", ","] = "."


Source = Annotated[FolderSource | BankSource, Field(discriminator="uses")]


class MailTrigger(Node):
    """Runs the flow for each new mail of a source."""

    mail: Slug = Field(description="Name of a mail source under `sources`.")


class TransactionTrigger(Node):
    """Runs the flow for each new movement of a bank source."""

    transaction: Slug = Field(description="Name of a bank source under `sources`.")


Trigger = MailTrigger | TransactionTrigger


class StepSpec(Node):
    """One step of a flow."""

    id: Slug = Field(description="Stable; later steps read `steps.<id>`.")
    uses: str = Field(description="What the step does, e.g. `reply.draft`.")
    options: dict[str, Any] = Field(default_factory=dict, alias="with")
    condition: str | None = Field(default=None, alias="if", description="Runs only if true.")
    approve: Slug | None = Field(
        default=None, description="Role that must approve what the step puts out."
    )


class FlowSpec(Node):
    """One automation: when, under which conditions, what to keep, and the steps."""

    id: Slug = Field(description="Stable; state hangs on it.")
    name: str = Field(min_length=1, max_length=200)
    description: str = ""
    enabled: bool = True
    triggers: tuple[Trigger, ...] = Field(min_length=1)
    conditions: tuple[str, ...] = ()
    keep: tuple[str, ...] = Field(default=(), description="Personal fields this work needs.")
    retention: Duration = Field(default="180d", description="How long its records are kept.")
    steps: tuple[StepSpec, ...] = Field(min_length=1)


class FlowsFile(Node):
    """A whole flows.yaml."""

    version: Literal[1]
    business: Business
    sources: dict[Slug, Source] = Field(min_length=1)
    flows: tuple[FlowSpec, ...] = Field(min_length=1)
