"""What an invoice says of itself: number, total, dates; in English, Spanish, French, German."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flows.language.spec import Business
from flows.model import Money
from flows.steps.amounts import read_amounts
from flows.steps.dates import read_date
from flows.steps.references import read_references
from flows.steps.regions import region_of

_TOTAL: Final = re.compile(
    r"(?<![\w-])(?:"
    r"(?:total\s+)?(?:amount|balance|sum)\s+(?:due|payable|owed|owing)|total\s+(?:amount\s+)?due"
    r"|total\s+payable|grand\s+total|invoice\s+(?:total|amount)|total\s+(?:invoice\s+)?amount"
    r"|amount\s+to\s+pay|please\s+pay"
    r"|importe\s+total|total\s+a\s+pagar|total\s+factura|importe\s+a\s+pagar|saldo\s+(?:pendiente|a\s+pagar)"
    r"|montant\s+(?:total|d[u\u00fb])(?:\s+ttc)?|total\s+ttc|net\s+[\u00e0a]\s+payer|solde\s+d[u\u00fb]|total\s+[\u00e0a]\s+payer"
    r"|gesamtbetrag|rechnungsbetrag|gesamtsumme|zahlbetrag|endbetrag|bruttobetrag|endsumme"
    r"|zu\s+zahlen(?:der\s+betrag)?|f\u00e4lliger\s+betrag|summe\s+brutto|gesamt(?:\s+brutto)?"
    r"|total"
    r")(?![\w-])",
    re.IGNORECASE,
)
# A total of something else, or of a part.
_NOT_BEFORE: Final = re.compile(
    r"(?:sub|zwischen|previous|prior|last|net|tax|vat|discount|before|excl(?:uding|\.)?|hours?"
    r"|year[- ]to[- ]date|ytd|order|estimated?|quoted?|netto|sin|hors|number\s+of|items?)"
    r"[\s:-]{0,3}$",
    re.IGNORECASE,
)
_NOT_AFTER: Final = re.compile(
    r"\s*(?:\(?(?:before|excl|without|net\b|netto|ht\b|hors|sin\s|hours?|items?|qty|quantity|tax\b"
    r"|taxes\b|vat\b|iva\b|tva\b|mwst|ust\b|discounts?|savings?|saved|paid|payments?|credits?|parts\b"
    r"|labou?r\b|materials?\b|shipping|descuentos?|impuestos?|base\b|horas|heures|stunden|pages?))",
    re.IGNORECASE,
)
# What may stand between a label and its amount: marks, a currency, "incl. tax", a date.
_FILLER: Final = re.compile(r"[^\d$€£¥₹]{0,60}$")
_DUE: Final = re.compile(
    r"(?<!\w)(?:(?:payment\s+)?due\s+(?:date|on|by)|due(?=\s*:|\s+(?:[A-Z][a-z]{2,8}\.?\s)?\d)|payment\s+due|pay(?:able)?\s+(?:\S{1,16}\s+)?by|payable\s+on"
    r"|(?:amount|balance|total)\s+due\s+(?:on|by)"
    r"|fecha\s+de\s+vencimiento|vencimiento|vence(?:\s+el)?|pagar\s+antes\s+del"
    r"|date\s+d['\u2019]\u00e9ch\u00e9ance|\u00e9ch\u00e9ance|\u00e0\s+payer\s+avant\s+le"
    r"|f\u00e4lligkeitsdatum|f\u00e4llig(?:\s+(?:am|bis))?|zahlbar\s+bis(?:\s+zum)?|zahlungsziel)(?!\w)",
    re.IGNORECASE,
)
_ISSUED: Final = re.compile(
    r"(?<!\w)(?:invoice\s+date|date\s+of\s+(?:issue|invoice)|issue\s+date|issued(?:\s+on)?|dated"
    r"|fecha\s+de\s+(?:la\s+)?(?:factura|emisi\u00f3n)|date\s+de\s+(?:la\s+)?facture|date\s+d['\u2019]\u00e9mission"
    r"|rechnungsdatum|ausstellungsdatum|(?<!due\s)(?:date|fecha|datum)(?=\s*:|\s+\d))(?!\w)",
    re.IGNORECASE,
)
_TERMS: Final = re.compile(r"\bnet\s?(\d{1,3})\b(?!\s*[.,]\d)(?:\s?days)?", re.IGNORECASE)
_AT_ONCE: Final = re.compile(
    r"\b(?:due|payable|payment)\s+(?:up)?on\s+receipt\b|\bdue\s+immediately\b"
    r"|\bsofort\s+(?:zahlbar|f\u00e4llig)\b|\b[\u00e0a]\s+r\u00e9ception\b|\bpago\s+inmediato\b",
    re.IGNORECASE,
)
_CREDIT: Final = re.compile(
    r"\b(?:credit\s+(?:note|memo)|gutschrift|stornorechnung|nota\s+de\s+cr\u00e9dito"
    r"|factura\s+rectificativa|avoir\s+n|note\s+de\s+cr\u00e9dit)",
    re.IGNORECASE,
)
_FOR: Final = r"[\s,:(]{0,3}(?:for|of|over|por|de|pour|von|\u00fcber)?[\s:(]{0,3}$"
_NAMES_INVOICE: Final = re.compile(r"inv|bill|fac|rechnung|\bR[EG]\b", re.IGNORECASE)
_NEAR: Final = 80
"""Characters before a label or an amount that can change what it means."""
_INVOICE_WORDS: Final = r"inv|bill|fac|rechnung|re[-#_/ ]?\d|rg"


@dataclass(frozen=True, slots=True)
class InvoiceReading:
    """Every candidate found; one of each means that the text is clear.

    `credit` says that the text speaks of a credit note, which is owed the other way round.
    """

    numbers: tuple[str, ...] = ()
    totals: tuple[Money, ...] = ()
    issued: date | None = None
    due: date | None = None
    credit: bool = False

    @property
    def says_something(self) -> bool:
        """Return whether the text looks like an invoice, or like a part of one."""
        return bool(self.numbers or self.totals)


def read_invoice(text: str, business: Business, today: date | None = None) -> InvoiceReading:
    """Return what *text* says an invoice's number, total and dates are.

    A total needs a label that says so; subtotals, taxes and sums of hours do not count, nor
    does a column of labels apart from its column of figures. Dates are read only if *today*
    is given, and only where a label says what they are.
    """
    totals = tuple(dict.fromkeys(_totals(text, business.currency)))
    numbers = tuple(read_references(text, words=_INVOICE_WORDS))
    credit = _CREDIT.search(text) is not None
    if today is None:
        return InvoiceReading(numbers=numbers, totals=totals, credit=credit)
    issued = _labelled_date(_ISSUED, text, business, today)
    due = _labelled_date(_DUE, text, business, today)
    terms = _TERMS.search(text)
    if due is None and issued is not None and terms is not None:
        due = issued + timedelta(days=int(terms[1]))
    if due is None and _AT_ONCE.search(text) is not None:
        due = issued
    return InvoiceReading(numbers=numbers, totals=totals, issued=issued, due=due, credit=credit)


def _totals(text: str, currency: str) -> Iterable[Money]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for number, line in enumerate(lines):
        following = lines[number + 1 : number + 3]
        for label in _TOTAL.finditer(line):
            if _NOT_BEFORE.search(
                line[max(0, label.start() - _NEAR) : label.start()]
            ) or _NOT_AFTER.match(line, label.end()):
                continue
            yield from _beside(line[label.end() :], following, currency)
            break  # "Total amount due: total $480" names one amount, once
        else:
            yield from _after_number(line, currency)


def _after_number(line: str, currency: str) -> Iterable[Money]:
    """The amount in "invoice INV-1042 for $480.00"."""
    if not _NAMES_INVOICE.search(line):
        return
    for amount in read_amounts(line, currency):
        before = line[max(0, amount.start - _NEAR) : amount.start]
        numbers = read_references(before, words=_INVOICE_WORDS)
        if numbers and re.search(re.escape(numbers[-1]) + _FOR, before, re.IGNORECASE):
            yield amount.money


def _beside(rest: str, following: list[str], currency: str) -> Iterable[Money]:
    """The amounts that a label speaks of: on its line, or alone on the next."""
    amounts = read_amounts(rest, currency, bare=True)
    marked = [each for each in amounts if each.marked] or [
        each for each in amounts if each.cents
    ]
    if marked:
        # "Amount due by March 14: $480.00 ($400.00 + $80.00)": all of them, so they disagree.
        yield from (each.money for each in marked)
        return
    if amounts:
        first = amounts[0]
        alone = not rest[first.end :].strip(" .,;*)-")  # "Total: 1 item" is no money
        if len(amounts) == 1 and alone and _FILLER.fullmatch(rest[: first.start]):
            yield first.money
        return
    if len(rest.strip(" :.-()")) > 24 or not following:  # noqa: PLR2004 - a sentence, not a label
        return
    figure = _alone(following[0], currency)
    if figure is not None and not (len(following) > 1 and _alone(following[1], currency)):
        yield figure


def _alone(line: str, currency: str) -> Money | None:
    amounts = read_amounts(line, currency, bare=True)
    if len(amounts) != 1 or not (amounts[0].marked or amounts[0].cents):
        return None
    left = line[: amounts[0].start] + line[amounts[0].end :]
    return None if left.strip(" .-") else amounts[0].money


def _labelled_date(
    label: re.Pattern[str], text: str, business: Business, today: date
) -> date | None:
    region = region_of(business.region)
    found: set[str] = set()
    for match in label.finditer(text):
        rest = text[match.end() : match.end() + 60].lstrip(" :\t\n-")
        line = rest.partition("\n")[0]
        stop = re.search(
            r"[;|]|\s{3,}|\b(?:due|f\u00e4llig|vence|\u00e9ch\u00e9ance)\b", line, re.IGNORECASE
        )
        reading = read_date([line[: stop.start()] if stop else line], region, today)
        if reading.words:
            found.add(reading.value)
    return date.fromisoformat(found.pop()) if len(found) == 1 and "" not in found else None
