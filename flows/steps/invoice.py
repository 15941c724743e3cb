"""`invoice.record`: an invoice as the mail and its PDF state it; never a guess."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, JsonValue, field_validator

from flows.language.node import Node
from flows.model import Money
from flows.steps.amounts import currency_of, format_money, read_amounts
from flows.steps.clean_text import documents, one_line, own_words, readable
from flows.steps.contract import Draft, Step, StepContext, StepResult
from flows.steps.invoice_text import InvoiceReading, read_invoice
from flows.steps.references import normalised, read_references

Direction = Literal["payable", "receivable"]
_DIRECTIONS: Final[dict[str, Direction]] = {
    "supplier_invoice": "payable",
    "customer_invoice": "receivable",
}


_JOB_WORDS: Final = r"job|j-|work|auftrag"
_QUOTE_WORDS: Final = r"quot|quo|est|presupuesto|devis|angebot"


class Options(Node):
    """An invoice to be recorded. What is left out is read from the attachments and the mail.

    A PDF comes before the text of the mail. If the number or the total is missing, or two
    places disagree, the invoice goes to the owner as `unsure` with what was found.
    """

    direction: str = Field(
        default="",
        description="payable (the business owes it) or receivable; else by the kind of mail.",
    )
    number: str = Field(default="", description="As the issuer writes it, e.g. INV-1042.")
    amount: str = Field(default="", description="The total with tax, e.g. 480.00 USD.")
    currency: str = Field(default="", description="ISO 4217; without it, as written.")
    due: str = Field(default="", description="2026-03-14")
    issued: str = Field(default="", description="2026-03-14")
    party: str = Field(default="", description="The other side: supplier or customer.")
    email: str = Field(
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


@dataclass(frozen=True, slots=True)
class _Read:
    """One invoice: its reading, and whether the text that it is from is the sender's own."""

    reading: InvoiceReading
    quoted: bool = False


def run(context: StepContext, options: Options) -> StepResult:
    """Propose one record for each invoice in the mail."""
    drafts: list[Draft] = []
    values: list[dict[str, JsonValue]] = []
    for read in _invoices(context, options):
        body, summary, approver = _record(context, options, read)
        item = _item(str(body["number"])) if drafts else 0
        drafts.append(Draft(body=body, summary=summary, item=item, approver=approver))
        values.append(body)
    first = values[0]
    result: dict[str, JsonValue] = {name: first[name] for name in sorted(_RETURNS - {"count"})}
    return StepResult(values=result | {"count": len(values)}, outputs=tuple(drafts))


def _item(number: str) -> int:
    """A place for each further invoice of a mail that does not hang on how many there are."""
    return int.from_bytes(hashlib.sha256(normalised(number).encode()).digest()[:4], "big") + 1


def _invoices(context: StepContext, options: Options) -> Sequence[_Read]:
    """One reading per invoice; a single, perhaps empty one where nothing tells them apart."""
    zone = ZoneInfo(context.business.time_zone)
    received = context.mail.received_at if context.mail else context.now
    today = received.astimezone(zone).date()

    def read(text: str) -> InvoiceReading:
        return read_invoice(text, context.business, today)

    attached = [read(document.text) for document in documents(context)]
    attached = [reading for reading in attached if reading.says_something]
    mail = read("\n\n".join(own_words(context)))
    by_number: dict[str, list[InvoiceReading]] = {}
    for reading in attached:
        key = normalised(reading.numbers[0]) if len(reading.numbers) == 1 else ""
        by_number.setdefault(key, []).append(reading)
    if len(by_number) > 1 and "" not in by_number and not (options.number or options.amount):
        return [_Read(_merged(readings)) for readings in by_number.values()]
    merged = _merged([*attached, mail])
    if merged.says_something or context.mail is None:
        return [_Read(merged)]
    return [_Read(read(readable(context.mail.text)), quoted=True)]


def _merged(readings: Sequence[InvoiceReading]) -> InvoiceReading:
    """All that several texts say of one invoice; the first that gives a date is believed."""
    numbers: dict[str, str] = {}
    for number in (number for reading in readings for number in reading.numbers):
        numbers.setdefault(normalised(number), number)
    return InvoiceReading(
        numbers=tuple(numbers.values()),
        totals=tuple(dict.fromkeys(money for reading in readings for money in reading.totals)),
        issued=next((each.issued for each in readings if each.issued), None),
        due=next((each.due for each in readings if each.due), None),
        credit=any(each.credit for each in readings),
    )


def _record(
    context: StepContext, options: Options, read: _Read
) -> tuple[dict[str, JsonValue], str, str]:
    """The body of the output, its summary, and who has to look at it."""
    reasons: list[str] = []
    number = _number(options, read.reading, reasons)
    money = _money(context, options, read.reading, reasons)
    direction = _direction(context, options, reasons)
    if read.reading.credit:
        reasons.append("it speaks of a credit note")
    if read.quoted:
        reasons.append("it stands in quoted text, so it may be an older invoice")
    amount = str(money.amount.quantize(Decimal("0.01"))) if money else ""
    body: dict[str, JsonValue] = {
        "direction": direction,
        "number": number,
        "amount": amount,
        "currency": money.currency if money else "",
        "issued": _date(options.issued, read.reading.issued),
        "due": _date(options.due, read.reading.due),
        "party": one_line(options.party or context.kept.get("supplier.name", ""), 200),
        "email": one_line(options.email or context.kept.get("customer.email", ""), 254),
        "job": one_line(options.job, 60) or _named(context, _JOB_WORDS),
        "quote": one_line(options.quote, 60) or _named(context, _QUOTE_WORDS),
        "status": "unsure" if reasons else "read",
        "reasons": [*reasons],
        "numbers_found": list(read.reading.numbers[:10]),
        "amounts_found": [format_money(each) for each in read.reading.totals[:10]],
    }
    if reasons:
        return body, f"Invoice to check: {'; '.join(reasons)}", "owner"
    total = format_money(money) if money else ""
    return body, f"Record {direction} invoice {number}, {total}", ""


def _named(context: StepContext, words: str) -> str:
    """The one job or quote that the mail or its documents name; nothing if there are two."""
    texts = [*own_words(context), *(document.text for document in documents(context))]
    found = read_references("\n\n".join(texts), words=words)
    return found[0] if len(found) == 1 else ""


def _number(options: Options, reading: InvoiceReading, reasons: list[str]) -> str:
    number = one_line(options.number, 60) or _only(reading.numbers)
    if not normalised(number):
        several = len(reading.numbers) > 1
        reasons.append(
            f"{len(reading.numbers)} invoice numbers were found"
            if several
            else "no invoice number was found"
        )
        return ""
    return number


def _only(values: tuple[str, ...]) -> str:
    return values[0] if len(values) == 1 else ""


def _money(
    context: StepContext, options: Options, reading: InvoiceReading, reasons: list[str]
) -> Money | None:
    default = one_line(options.currency, 3).upper() or context.business.currency
    candidates: Sequence[Money] = reading.totals
    if options.amount:
        given = read_amounts(readable(options.amount), default, bare=True)
        candidates = list(dict.fromkeys(each.money for each in given))
    if options.currency:
        code = currency_of(options.currency, default)
        if options.amount:
            candidates = [Money(amount=each.amount, currency=code) for each in candidates]
        else:
            candidates = [each for each in candidates if each.currency == code]
    candidates = list(dict.fromkeys(candidates))
    if len(candidates) != 1:
        several = len(candidates) > 1
        reasons.append(
            f"{len(candidates)} different totals were found"
            if several
            else "no total was found"
        )
        return None
    if candidates[0].amount <= 0:
        reasons.append("the total is zero")
        return None
    return candidates[0]


def _direction(context: StepContext, options: Options, reasons: list[str]) -> str:
    if options.direction in {"payable", "receivable"}:
        return options.direction
    by_kind = _DIRECTIONS.get(context.mail.kind, "") if context.mail else ""
    if not by_kind:
        reasons.append("it is not clear who has to pay it")
    return by_kind


def _date(given: str, read: date | None) -> str:
    if given:
        try:
            return date.fromisoformat(given.strip()).isoformat()
        except ValueError:
            return ""  # an unclear date is none; the number and the total decide
    return read.isoformat() if read else ""


_RETURNS: Final = frozenset(
    {"number", "amount", "currency", "due", "issued", "direction", "party", "status", "count"}
)

STEP: Final = Step(
    uses="invoice.record",
    summary="Records an invoice, read from a PDF or the mail.",
    options=Options,
    run=run,
    on=frozenset({"mail"}),
    returns=lambda _: _RETURNS,
)
