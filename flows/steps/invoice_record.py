"""What `invoice.record` puts down of each invoice in a mail, and who has to look at it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from pydantic import JsonValue

from flows.intake.invoices.reading import MASK, InvoiceDocument, Place, masked
from flows.model import Money
from flows.steps.amounts import currency_of, format_money, read_amounts
from flows.steps.clean_text import documents, one_line, own_words, readable
from flows.steps.contract import Draft, StepContext
from flows.steps.invoice_reading import Read, cents, direction_of, invoices, party_of
from flows.steps.invoice_text import InvoiceReading
from flows.steps.references import normalised, read_references

if TYPE_CHECKING:
    from flows.steps.invoice import Options

Direction = Literal["payable", "receivable"]
_DIRECTIONS: Final[dict[str, Direction]] = {
    "supplier_invoice": "payable",
    "customer_invoice": "receivable",
}


_ODD: Final = re.compile(r"[^\w /.,:#&()+-]|^[=+@-]")
_OTHER_WAY: Final = {"payable": "receivable", "receivable": "payable"}
_CREDIT: Final = "it speaks of a credit note; recorded, it is owed the other way"
_JOB_WORDS: Final = r"job|j-|work|auftrag"
_QUOTE_WORDS: Final = r"quot|quo|est|presupuesto|devis|angebot"
_AMOUNTS: Final = {"net": "net", "tax": "tax", "total": "gross", "paid": "paid"}
"""Amounts that a document tells, by their names in the output."""


def recorded(context: StepContext, options: Options) -> list[Draft]:
    """Return one record for each invoice in the mail; at least one."""
    drafts: list[Draft] = []
    apart = not (options.number or options.amount)
    for read in invoices(context, apart=apart):
        body, summary, approver = _record(context, options, read)
        item = _item(str(body["number"])) if drafts else 0
        drafts.append(Draft(body=body, summary=summary, item=item, approver=approver))
    return drafts


def _item(number: str) -> int:
    """A place for each further invoice of a mail that does not hang on how many there are."""
    return int.from_bytes(hashlib.sha256(normalised(number).encode()).digest()[:4], "big") + 1


def _record(
    context: StepContext, options: Options, read: Read
) -> tuple[dict[str, JsonValue], str, str]:
    """The body of the output, its summary, and who has to look at it."""
    reasons: list[str] = []
    number = _number(options, read.reading, reasons)
    money = _money(context, options, read.reading, reasons)
    direction = _direction(context, options, read, reasons)
    if read.reading.credit:
        reasons.append(_CREDIT)
    if read.quoted:
        reasons.append("it stands in quoted text, so it may be an older invoice")
    reasons += read.doubts()
    amount = str(money.amount.quantize(cents(money.currency))) if money else ""
    owed_by: str = _OTHER_WAY.get(direction, "") if read.reading.credit else direction
    body: dict[str, JsonValue] = {
        "direction": owed_by,
        "credit": read.reading.credit,
        "number": number,
        "amount": amount,
        "currency": money.currency if money else "",
        "issued": _date(options.issued, read.reading.issued),
        "due": _date(options.due, read.reading.due),
        "party": _party(context, options, read, direction),
        "email": one_line(options.email or context.kept.get("customer.email", ""), 254),
        "job": one_line(options.job, 60) or _named(context, _JOB_WORDS),
        "quote": one_line(options.quote, 60) or _named(context, _QUOTE_WORDS),
        "status": "unsure" if reasons else "read",
        "reasons": [*reasons],
        "numbers_found": list(read.reading.numbers[:10]),
        "amounts_found": [format_money(each) for each in read.reading.totals[:10]],
        **_details(context, read),
    }
    if reasons:
        return body, f"Invoice to check: {'; '.join(reasons)}", "owner"
    total = f"{amount} {body['currency']}"
    account = str(body["iban"])
    to = f", to {account if MASK in account else masked(account)}" if account else ""
    return body, f"Record {direction} invoice {number}, {total}{to}", ""


def _party(context: StepContext, options: Options, read: Read, direction: str) -> str:
    """Return the other side: as given, as the document names it, or as the flow keeps it."""
    named = party_of(read, direction, context.business.name)
    kept = context.kept.get("supplier.name", "")
    return one_line(options.party or named or kept, 200)


def _details(context: StepContext, read: Read) -> dict[str, JsonValue]:
    """Return what only a document tells, and where it tells what; "" for what it does not."""
    invoice = read.document
    if invoice is None:
        form: str = "text"
        amounts = dict.fromkeys(_AMOUNTS, "")
        places: dict[str, JsonValue] = {}
    else:
        form = invoice.form
        found = {name: getattr(invoice, field) for name, field in _AMOUNTS.items()}
        amounts = {name: str(each.value) if each else "" for name, each in found.items()}
        shown = {"number": invoice.number, "amount": invoice.payable or invoice.gross}
        places = {
            name: _place(each.place)
            for name, each in (shown | found).items()
            if each is not None
        }
    return {
        **amounts,
        "iban": _account(context, invoice),
        "confidence": round(read.confidence, 2),
        "read_from": form,
        "places": places,
    }


def _account(context: StepContext, invoice: InvoiceDocument | None) -> str:
    """Return the account to pay to: whole where the flow keeps it, else its two ends."""
    if invoice is None or not invoice.accounts:
        return ""
    shown = invoice.accounts[0].value
    kept = context.kept.get("supplier.account", "")
    return kept if masked(kept) == shown else shown


def _place(place: Place) -> str:
    """Return in words where a value stands, for a person who looks it up."""
    if place.path:
        return " ".join(filter(None, (place.file, place.path)))
    if place.box is not None:
        left, top, _, _ = place.box
        return f"page {place.page}, {left:.0f} points from the left, {top:.0f} from the top"
    return f"from character {place.span[0]} on" if place.span else ""


def _named(context: StepContext, words: str) -> str:
    """The one job or quote that the mail or its documents name; nothing if there are two."""
    texts = [*own_words(context), *(document.text for document in documents(context))]
    found = read_references("\n\n".join(texts), words=words)
    return found[0] if len(found) == 1 else ""


def _number(options: Options, reading: InvoiceReading, reasons: list[str]) -> str:
    number = one_line(options.number or _only(reading.numbers), 60)
    if _ODD.search(number):
        reasons.append("its number holds signs that no number has")
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


def _direction(context: StepContext, options: Options, read: Read, reasons: list[str]) -> str:
    if options.direction in {"payable", "receivable"}:
        return options.direction
    by_kind = _DIRECTIONS.get(context.mail.kind, "") if context.mail else ""
    said = direction_of(read, context.business.name)
    if said == "receivable" and by_kind != said:  # only own mail is a customer's invoice
        reasons.append("it is in the business's own name, but the mail is not its own")
        return said
    direction = said or by_kind
    if not direction:
        reasons.append("it is not clear who has to pay it")
    return direction


def _date(given: str, read: date | None) -> str:
    if given:
        try:
            return date.fromisoformat(given.strip()).isoformat()
        except ValueError:
            return ""  # an unclear date is none; the number and the total decide
    return read.isoformat() if read else ""
