"""flows.yaml as types: the only description of the language.

The JSON Schema, the validator and the reference are derived from these models, so a word
that is not here does not exist. What a step takes under `with` is described by the step
itself (`flows.steps`). Checks here look at one value; those that compare several are in
`flows.language.checks`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, Strict, StringConstraints

from flows.language.control import Approve, OnError, Retry, Timeout
from flows.language.inputs import InputName, InputSpec
from flows.language.node import Address, Domain, Duration, Expression, Node, Slug, Text
from flows.language.outlets import OutletSpec
from flows.language.sources import (
    BankSource,
    BusinessCentralSource,
    FolderSource,
    ImapSource,
    OutlookSource,
    StripeSource,
    WebhookSource,
    WorkbookSource,
)
from flows.language.tables import Name, Table, ValueKind, kind_alone
from flows.language.triggers import Trigger


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
    owner: Slug | None = Field(
        default=None,
        description="Who owns the business, the same in the flows file of each of an owner's"
        " businesses: in figures of trades they count as one. Default: the business alone.",
        examples=["hudson-group"],
    )
    test: Annotated[bool, Strict()] = Field(
        default=False,
        description="true says that this is no real business: it never counts in figures of"
        " trades.",
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
    | WorkbookSource
    | WebhookSource,
    Field(discriminator="uses"),
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
    foreach: Expression | None = Field(
        default=None,
        description="A list of at most 100: the step runs once for each, with `item` and "
        "`loop.index`, if its `if` holds for it. Later steps read `steps.<id>.items`.",
        examples=["mail.attachments"],
    )
    retry: Retry | None = Field(
        default=None,
        description="How long the outbox tries what the step puts out.",
        examples=[{"attempts": 5, "within": "2d"}],
    )
    timeout: Timeout | None = Field(
        default=None,
        description="Longest that an outlet may take over what the step puts out, in s or m; "
        "10m without it. A mail is `unknown` then, all else is tried again. The step itself "
        "needs no limit: each of its texts has a second.",
        examples=["2m"],
    )
    on_error: OnError = Field(
        default="stop",
        description="What follows if the step fails: `stop` ends the flow for this item, "
        "`continue` runs the later steps, which read `failed` as `steps.<id>.status`, "
        "`{notify: ROLE}` stops and tells that role, also where what the step puts out "
        "cannot go out. What failed is on the list of outputs in any case.",
        examples=[{"notify": "owner"}],
    )
    approve: Approve | None = Field(
        default=None,
        description="Role that must approve what the step puts out; or who, until when, and "
        "what then.",
        examples=["owner", {"by": "owner", "within": "2d", "then": "reject"}],
    )


class BlockInput(Node):
    """What a block must be told by whoever uses it."""

    type: ValueKind = Field(default="text", description="What it is.")
    default: str | int | float | bool | None = Field(
        default=None, description="What it is where nothing is given; without it, it is needed."
    )
    description: str = Field(default="", description="What it is for; for people.")


class Block(Node):
    """Steps that several flows use: `uses: block.NAME`."""

    description: str = Field(default="", description="What it is for; for people.")
    inputs: dict[
        Name,
        Annotated[
            BlockInput,
            BeforeValidator(kind_alone, json_schema_input_type=ValueKind | BlockInput),
        ],
    ] = Field(
        default_factory=dict,
        description="What it must be told under `with`; its steps read `inputs.NAME`.",
        examples=[{"template": "text"}],
    )
    steps: tuple[StepSpec, ...] = Field(
        min_length=1,
        description="What is done, in order; they read each other as `steps.ID`.",
        examples=[[{"id": "job", "uses": "job.open"}]],
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
        description="What the flow runs for: mail, movements, invoices not paid in time, the"
        " clock, calls of a webhook or by hand, outputs of another flow.",
        examples=[[{"mail": "office"}]],
    )
    inputs: dict[InputName, InputSpec] = Field(
        default_factory=dict,
        max_length=40,
        description="What whoever starts the flow gives it, by webhook or by hand.",
        examples=[{"wanted": {"type": "date"}}],
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
    concurrency: str = Field(
        default="",
        max_length=2_000,
        pattern=r"^(?:thread|customer)?$|\{\{",
        description="What goes out one at a time, in the order in which it was made: all of "
        "one mail `thread`, of one `customer` (by the kept address, else name), or of what an "
        "expression gives. What waits for a person or for its next try holds back what was "
        "made after it, whatever flow made it; what failed for good, or is rejected, does not.",
        examples=["thread"],
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


Includes = tuple[Annotated[str, Field(min_length=1, max_length=200)], ...]
INCLUDED = (
    "Other files with `flows`, `blocks`, `data` or `include`; relative to this file and below"
    " its folder; `*` stands for any part of a name."
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
    outlets: dict[Slug, OutletSpec] = Field(
        default_factory=dict,
        description="Where finished work goes besides mail, by a name of your choice.",
        examples=[{"dispatch": {"uses": "http", "url": "https://dispatch.example/hooks/jobs"}}],
    )
    anonymizer: Anonymizer = Field(
        default=Anonymizer(), description="What is taken out besides the built-in."
    )
    include: Includes = Field(default=(), description=INCLUDED, examples=[["flows/*.yaml"]])
    data: dict[Name, Table] = Field(
        default_factory=dict,
        description="Tables that conditions and templates read as `data.NAME`.",
        examples=[{"prices": {"file": "prices.csv", "columns": {"sku": "text"}}}],
    )
    blocks: dict[Slug, Block] = Field(
        default_factory=dict, description="Steps that several flows use, by name."
    )
    flows: tuple[FlowSpec, ...] = Field(min_length=1, description="The automations.")


class PartFile(Node):
    """A file that a flows.yaml includes: parts of the whole, all of them optional."""

    include: Includes = Field(default=(), description=INCLUDED, examples=[["more/*.yaml"]])
    data: dict[Name, Table] = Field(
        default_factory=dict, description="As in flows.yaml; paths are relative to this file."
    )
    blocks: dict[Slug, Block] = Field(default_factory=dict, description="As in flows.yaml.")
    flows: tuple[FlowSpec, ...] = Field(default=(), description="As in flows.yaml.")
