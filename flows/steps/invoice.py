"""`invoice.record`: an invoice as the mail and its PDF state it; never a guess."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, JsonValue, field_validator

from flows.language.kinds import (
    DATE_TEXT,
    NAME,
    NUMBER,
    NUMBER_TEXT,
    TEXT,
    Returned,
    Wants,
    one_of,
)
from flows.language.node import Node
from flows.steps.contract import Step, StepContext, StepResult


class Options(Node):
    """An invoice to be recorded. What is left out is read from the attachments and the mail.

    XML (Factur-X, ZUGFeRD, UBL) comes before the page, the page before the text of the mail.
    `amount` is what is left to pay; `net`, `tax`, `total` and `paid` are as the paper states
    them, `iban` shows two ends of the account unless the flow keeps `supplier.account`. If
    the number or the total is missing or not sure, if sums do not add up or two places
    disagree, the invoice goes to the owner as `unsure` with what was found.
    """

    direction: str = Field(
        default="",
        description="payable (the business owes it) or receivable; else by the kind of mail.",
    )
    number: str = Field(default="", description="As the issuer writes it, e.g. INV-1042.")
    amount: Annotated[str, Wants("amount")] = Field(
        default="", description="What is to be paid, with tax, e.g. 480.00 USD."
    )
    currency: str = Field(default="", description="ISO 4217; without it, as written.")
    due: Annotated[str, Wants("date")] = Field(default="", description="2026-03-14")
    issued: Annotated[str, Wants("date")] = Field(default="", description="2026-03-14")
    party: str = Field(default="", description="The other side: supplier or customer.")
    email: Annotated[str, Wants("email")] = Field(
        default="", description="Where the customer is reminded; else customer.email, if kept."
    )
    job: str = Field(default="", description="The job that it is for; else as it names one.")
    quote: str = Field(default="", description="The quote that it is for; else as it says.")

    @field_validator("direction")
    @classmethod
    def _known(cls, value: str) -> str:
        if value and "{" not in value and value not in {"payable", "receivable"}:
            raise ValueError("use payable or receivable")
        return value


def run(context: StepContext, options: Options) -> StepResult:
    """Propose one record for each invoice in the mail."""
    from flows.steps.invoice_record import recorded  # noqa: PLC0415 - readers of documents weigh

    drafts = recorded(context, options)
    first = drafts[0].body
    result: dict[str, JsonValue] = {
        name: first[name] for name in sorted(_RETURNS.keys() - {"count"})
    }
    return StepResult(values=result | {"count": len(drafts)}, outputs=tuple(drafts))


_RETURNS: Final[Returned] = {
    **dict.fromkeys(("number", "currency", "iban"), TEXT),
    "party": NAME,
    **dict.fromkeys(("amount", "net", "tax", "total"), NUMBER_TEXT),
    **dict.fromkeys(("due", "issued"), DATE_TEXT),
    **dict.fromkeys(("count", "confidence"), NUMBER),
    "direction": one_of("payable", "receivable", ""),
    "status": one_of("read", "unsure"),
}

STEP: Final = Step(
    uses="invoice.record",
    summary="Records an invoice, read from an XML, a PDF or the mail.",
    options=Options,
    run=run,
    on=frozenset({"mail"}),
    reads=frozenset({"customer.email", "supplier.name", "supplier.account"}),
    returns=lambda _: _RETURNS,
)
