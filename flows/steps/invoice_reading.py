"""Which invoices a mail brings: read as documents where they can be, else as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Final
from zoneinfo import ZoneInfo

from flows.intake.invoices.agree import agreed
from flows.intake.invoices.check import PROVEN
from flows.intake.invoices.facts import CUSTOM
from flows.intake.invoices.figures import unit
from flows.intake.invoices.html import invoice_in_text
from flows.intake.invoices.reading import SURE, XML, Found, InvoiceDocument
from flows.model import Attachment, Money
from flows.steps.clean_text import STAND_IN, documents, own_words, readable
from flows.steps.contract import StepContext
from flows.steps.invoice_text import InvoiceReading, read_invoice
from flows.steps.references import normalised
from flows.steps.regions import dollar_of

UNSURE: Final = "it could not be read with certainty"


@dataclass(frozen=True, slots=True)
class Read:
    """One invoice: all that is read of it, and the document that it stands in, if one does.

    `quoted` is true where it is from text that is not the sender's own.
    """

    reading: InvoiceReading
    document: InvoiceDocument | None = None
    quoted: bool = False

    @property
    def confidence(self) -> float:
        """Return how sure number and total are; of text, whether they are unmistakable."""
        if self.document is not None:
            return self.document.confidence
        return float(len(self.reading.numbers) == len(self.reading.totals) == 1)

    def doubts(self) -> list[str]:
        """Return in plain words why the document alone is not enough."""
        if self.document is None:
            return []
        unsure = [UNSURE] if 0 < self.document.confidence < SURE else []
        return [*self.document.doubts, *unsure]


def invoices(context: StepContext, *, apart: bool = True) -> Sequence[Read]:
    """Return one reading per invoice; a single, perhaps empty one where they are not apart.

    XML comes before pages, pages before text. Without *apart*, all is of one invoice.
    """
    zone = ZoneInfo(context.business.time_zone)
    received = context.mail.received_at if context.mail else context.now
    today = received.astimezone(zone).date()

    def read(text: str) -> InvoiceReading:
        return read_invoice(text, context.business, today)

    attached = [
        _read(each.invoice or _laid_out(each.text), read(each.text), context.business.currency)
        for each in _with_documents(context)
    ]
    attached = [each for each in attached if each.reading.says_something]
    words = "\n\n".join(own_words(context))
    mail = _read(_laid_out(words), read(words), context.business.currency)
    by_number: dict[str, list[Read]] = {}
    for each in attached:
        numbers = each.reading.numbers
        key = normalised(numbers[0]) if len(numbers) == 1 else ""
        by_number.setdefault(key, []).append(each)
    if len(by_number) > 1 and "" not in by_number and apart:
        return [_merged(readings) for readings in by_number.values()]
    merged = _merged([*attached, mail])
    if merged.reading.says_something or context.mail is None:
        return [merged]
    return [Read(read(readable(context.mail.text)), quoted=True)]


def _with_documents(context: StepContext) -> list[Attachment]:
    """Return the attachments with text, and those that are invoices without any."""
    if context.mail is None:
        return []
    bare = [each for each in context.mail.attachments if each.invoice and not each.text.strip()]
    return [*documents(context), *(replace(each, text="") for each in bare)]


def _laid_out(text: str) -> InvoiceDocument | None:
    """Return the invoice that the lines and columns of a text make, if its sums prove it.

    Mail is full of words of invoices; without proof its sentences are read instead.
    """
    invoice = invoice_in_text(text)
    if invoice is None or invoice.doubts or invoice.gross is None:
        return None
    return invoice if invoice.gross.confidence >= PROVEN else None


def _read(invoice: InvoiceDocument | None, text: InvoiceReading, currency: str) -> Read:
    """Return what a document says, and of its text what that leaves open."""
    if invoice is None:
        return Read(text)
    number, total = told(invoice.number), money_of(invoice, currency)
    reading = InvoiceReading(
        numbers=(number,) if number else text.numbers,
        totals=(total,) if total is not None else text.totals,
        issued=_day(invoice.issued, text.issued),
        due=_day(invoice.due, text.due),
        credit=invoice.credit or text.credit,
    )
    return Read(reading, invoice)


def _day(found: Found[date] | None, text: date | None) -> date | None:
    """Return the day of a document, unless the custom of the region has to say which it is."""
    if found is None or (text is not None and found.confidence <= CUSTOM):
        return text
    return found.value


def told(found: Found[str] | None) -> str:
    """Return a text of a document, "" where the cleaner took out what was personal in it."""
    return "" if found is None or STAND_IN.search(found.value) else readable(found.value)


def money_of(invoice: InvoiceDocument, currency: str) -> Money | None:
    """Return what is left to pay, in the currency *currency* where the document names none."""
    total = invoice.payable or invoice.gross
    if total is None:
        return None
    named = invoice.currency
    code = named.value if named is not None else currency
    if named is not None and named.value == "USD" and named.confidence < SURE:
        code = dollar_of(currency)
    return Money(amount=total.value.quantize(cents(code)), currency=code)


def party_of(read: Read, direction: str, own: str) -> str:
    """Return the other side of an invoice; never *own*, the name of the business."""
    if read.document is None:
        return ""
    receivable = direction == "receivable"
    name = told(read.document.customer if receivable else read.document.supplier)
    return "" if normalised(name) == normalised(own) else name


def direction_of(read: Read, own: str) -> str:
    """Return `receivable` of an invoice that *own* wrote, `payable` of one to it, else ""."""
    if read.document is None:
        return ""
    sides = {"receivable": read.document.supplier, "payable": read.document.customer}
    named = [side for side, name in sides.items() if normalised(told(name)) == normalised(own)]
    return named[0] if len(named) == 1 else ""


def cents(currency: str) -> Decimal:
    """Return the decimals in which amounts are written: two, or three where there are mills."""
    return min(unit(currency), Decimal("0.01"))


def _merged(reads: Sequence[Read]) -> Read:
    """Return all that several texts say of one invoice; the first date that is given counts.

    The document that programs read comes first, then the surest.
    """
    found = [each.document for each in reads if each.document is not None]
    found.sort(key=lambda each: (each.form not in XML, -each.confidence))
    numbers: dict[str, str] = {}
    readings = [each.reading for each in reads]
    for number in (number for reading in readings for number in reading.numbers):
        numbers.setdefault(normalised(number), number)
    reading = InvoiceReading(
        numbers=tuple(numbers.values()),
        totals=tuple(dict.fromkeys(money for each in readings for money in each.totals)),
        issued=next((each.issued for each in readings if each.issued), None),
        due=next((each.due for each in readings if each.due), None),
        credit=any(each.credit for each in readings),
    )
    if found and found[0].form in XML:
        return Read(reading, reduce(agreed, found[1:], found[0]))
    return Read(reading, found[0] if found else None)
