"""flows.yaml as types: the only description of the language.

The JSON Schema, the validator and the reference are derived from these models, so a word
that is not here does not exist. What a step takes under `with` is described by the step
itself (`flows.steps`). Checks here look at one value; those that compare several are in
`flows.language.checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Strict, StringConstraints, Tag

from flows.language.node import Address, Domain, Duration, Expression, Node, Slug, Text
from flows.language.sources import (
    BankSource,
    BusinessCentralSource,
    FolderSource,
    ImapSource,
    OutlookSource,
    StripeSource,
    WorkbookSource,
)


class Business(Node):
    """The business that these flows work for."""

    id: Slug = Field(description="Stable name; data is kept under it. Do not change it.")
    name: str = Field(
        min_length=1,
        max_length=200,
        pattern=r"\S",
        description="As customers know it.",
        examples=["Hudson Plumbing & Heating"],
    )
    industry: str = Field(
        pattern=r"^[0-9]{2,6}$", description="NAICS 2022 code.", examples=["238220"]
    )
    region: str = Field(
        pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$",
        description="ISO 3166-2; picks the age of majority and how dates and phones are read.",
        examples=["US-NY"],
    )
    time_zone: str = Field(description="IANA name.", examples=["America/New_York"])
    currency: str = Field(
        default="USD", pattern=r"^[A-Z]{3}$", description="ISO 4217.", examples=["USD"]
    )
    domains: tuple[Domain, ...] = Field(
        default=(),
        description="Mail domains of the business: whoever writes from there is its own.",
        examples=[["hudson.example"]],
    )
    addresses: tuple[Address, ...] = Field(
        default=(),
        description="Mail addresses of the business outside its own domains.",
        examples=[["hudson.plumbing@mail.example"]],
    )
    people: tuple[Text, ...] = Field(
        default=(), description="Its own people by name; their names stay readable."
    )
    suppliers: tuple[Text, ...] = Field(
        default=(), description="Suppliers by name; their names stay readable."
    )
    automatic_replies_per_day: int = Field(
        default=3,
        ge=0,
        le=20,
        description="Mails that one correspondent gets in a day without a person's approval;"
        " what is over waits for the owner.",
    )


Source = Annotated[
    FolderSource
    | ImapSource
    | OutlookSource
    | BankSource
    | StripeSource
    | BusinessCentralSource
    | WorkbookSource,
    Field(discriminator="uses"),
]


class MailTrigger(Node):
    """Runs the flow for each new mail of a source."""

    mail: Slug = Field(description="Name of a mail source under `sources`.")


class TransactionTrigger(Node):
    """Runs the flow for each new movement of a source of transactions."""

    transaction: Slug = Field(description="Name of such a source under `sources`.")


class OverdueTrigger(Node):
    """Runs the flow once for each invoice that is still owed so long after it was due.

    Not while a proposal that may pay it waits, nor while a source of transactions cannot be
    read: whoever has paid is not to be reminded.
    """

    overdue: Duration = Field(
        description="How long after the due date; an invoice without one is never overdue.",
        examples=["14d"],
    )


TRIGGERS: tuple[str, ...] = ("mail", "transaction", "overdue")


def _trigger_word(value: object) -> str | None:
    for word in TRIGGERS:
        if hasattr(value, word) or (isinstance(value, Mapping) and word in value):
            return word
    return None


Trigger = Annotated[
    Annotated[MailTrigger, Tag("mail")]
    | Annotated[TransactionTrigger, Tag("transaction")]
    | Annotated[OverdueTrigger, Tag("overdue")],
    Discriminator(_trigger_word),
]


class StepSpec(Node):
    """One step of a flow."""

    id: Slug = Field(description="Stable; later steps read `steps.<id>`.")
    uses: str = Field(description="What the step does.", examples=["reply.draft"])
    options: dict[str, Any] = Field(
        default_factory=dict,
        alias="with",
        description="What the step needs to know; text may hold {{ names }}.",
    )
    condition: Expression | None = Field(
        default=None, alias="if", description="The step runs only if this holds."
    )
    approve: Slug | None = Field(
        default=None,
        description="Role that must approve what the step puts out.",
        examples=["owner"],
    )


class FlowSpec(Node):
    """One automation: when, under which conditions, what to keep, and the steps."""

    id: Slug = Field(description="Stable; state hangs on it.", examples=["repair-request"])
    name: str = Field(
        min_length=1, max_length=200, pattern=r"\S", description="For people; may change."
    )
    description: str = Field(default="", description="Why the flow is there; for people.")
    enabled: Annotated[bool, Strict()] = Field(
        default=True, description="false switches the flow off."
    )
    triggers: tuple[Trigger, ...] = Field(
        min_length=1,
        description="What the flow runs for: mail, movements, invoices not paid in time.",
        examples=[[{"mail": "office"}]],
    )
    conditions: tuple[Expression, ...] = Field(
        default=(),
        description="All must hold; they see the mail as it came in.",
        examples=[["mail.kind == 'service_request'"]],
    )
    keep: tuple[str, ...] = Field(
        default=(),
        description="Personal fields this work needs; all others are taken out.",
        examples=[["customer.name"]],
    )
    generalise: tuple[str, ...] = Field(
        default=(),
        description="Personal matter that becomes coarser instead of a number: an age its "
        "decade, a place its state. Never a child's.",
        examples=[["age", "place"]],
    )
    attachments: Literal["drop", "seal"] = Field(
        default="drop",
        description="What becomes of attachments that cannot be read, photos among them: "
        "`drop` keeps a cleaned name, type and size; `seal` keeps the file as well, sealed, "
        "for the owner alone and as long as its mail.",
    )
    retention: Duration = Field(
        default="180d", description="How long its records are kept.", examples=["180d"]
    )
    steps: tuple[StepSpec, ...] = Field(
        min_length=1,
        description="What is done, in order.",
        examples=[[{"id": "job", "uses": "job.open"}]],
    )


def _no_flag(value: object) -> object:
    # For Python True is 1; for YAML and JSON Schema it is not.
    return "true" if value is True else value


class RecogniserTests(Node):
    """Texts on which a recogniser is tried whenever the file is validated."""

    finds: tuple[Text, ...] = Field(
        min_length=1,
        description="In each of these it must find something. Invent them.",
        examples=[["Member no. HM-20441"]],
    )
    leaves: tuple[Text, ...] = Field(
        default=(), description="In these it must find nothing.", examples=[["Part HM-20441"]]
    )


class Recogniser(Node):
    """Something personal that only this business's mail holds, by its pattern."""

    name: Text = Field(description="For people; unique.", examples=["member number"])
    label: str = Field(
        pattern=r"^[A-Z][A-Z_]{1,23}$",
        description="Stands in the clean text: `<MEMBER_NUMBER_1>`. Upper-case letters and _.",
        examples=["MEMBER_NUMBER"],
    )
    # Blanks at the ends of a pattern mean something.
    pattern: Annotated[str, StringConstraints(strip_whitespace=False)] = Field(
        min_length=1,
        max_length=500,
        description="A regular expression. What stands before `\\K` in it is not taken out.",
        examples=[r"\bHM-\d{5}\b"],
    )
    reason: Text = Field(
        description="Why it goes, in plain words.", examples=["a member's number"]
    )
    cased: Annotated[bool, Strict()] = Field(
        default=False, description="true tells capital from small letters."
    )
    context: tuple[Text, ...] = Field(
        default=(),
        description="It counts only with one of these words nearby.",
        examples=[["member", "club"]],
    )
    unless: tuple[Text, ...] = Field(
        default=(),
        description="It does not count with one of these words right before.",
        examples=[["part", "model"]],
    )
    check: Literal["card", "iban", "ip", "luhn", "nhs", "routing", "sin", "ssn"] | None = Field(
        default=None, description="A test of check digits that the text must pass."
    )
    tests: RecogniserTests = Field(
        description="Texts on which `jigajob validate` tries it.",
        examples=[{"finds": ["Member no. HM-20441"], "leaves": ["Part HM-20441"]}],
    )


class Anonymizer(Node):
    """What the cleaner takes out besides what it knows by itself."""

    recognisers: tuple[Recogniser, ...] = Field(
        default=(), description="Own recognisers, each with its tests."
    )


class FlowsFile(Node):
    """A whole flows.yaml."""

    version: Annotated[Literal[1], BeforeValidator(_no_flag)] = Field(
        description="Version of the language.", examples=[1]
    )
    business: Business = Field(description="The business that these flows work for.")
    sources: dict[Slug, Source] = Field(
        min_length=1,
        description="Where mail and bank movements come from, by a name of your choice.",
        examples=[{"office": {"uses": "folder", "path": "mail"}}],
    )
    anonymizer: Anonymizer = Field(
        default=Anonymizer(), description="What is taken out besides the built-in."
    )
    flows: tuple[FlowSpec, ...] = Field(min_length=1, description="The automations.")
