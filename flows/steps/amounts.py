"""Amounts of money as people write them, read by price-parser."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Final

from flows.model import Money
from flows.money import plain
from flows.steps.regions import dollar_of

_CODES: Final = (
    r"USD|EUR|GBP|CAD|AUD|NZD|CHF|MXN|JPY|SEK|NOK|DKK"
    r"|PLN|CZK|HUF|INR|BRL|SGD|HKD|ARS|CLP|COP|ZAR"
)
_SIGN: Final = r"US\$|CA\$|C\$|AU\$|A\$|NZ\$|[$€£¥₹]"
_MARK_BEFORE: Final = rf"(?:{_SIGN}|\b(?:{_CODES})|\bFr\.)"
_MARK_AFTER: Final = rf"(?:{_SIGN}|(?:{_CODES}|euros?|dollars?)\b)"
# 1 234,56 | 1,234.56 | 1'234.50 | 1234.56 | 480 | 480.- : a number as a whole, not the middle
# of a longer one, of a date, of a percentage, or of an identifier.
_WHOLE: Final = (
    r"(?:\d{1,3}(?:[.,' \u2019]\d{3}){1,3}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?)"
    r"(?![\w/%:]|[.,'-]\d)"
)
_NUMBER: Final = rf"(?<![\w.,/#-])(?<!\d:){_WHOLE}"
_MARKED: Final = re.compile(
    rf"(?P<before>{_MARK_BEFORE})\s{{0,2}}[-\u2212]?\s?(?P<number>{_WHOLE})"
    rf"|(?P<number2>{_NUMBER})(?:\.-|,-|,\u2013)?\s{{0,2}}(?P<after>{_MARK_AFTER})",
    re.IGNORECASE,
)
_BARE: Final = re.compile(_NUMBER)
_MOST: Final = 2000
"""Amounts read from one text; a price list of more says nothing to a step."""
_CENTS: Final = re.compile(r"[.,]\d{2}$")
_SYMBOLS: Final = {
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "US$": "USD",
    "CA$": "CAD",
    "C$": "CAD",
    "AU$": "AUD",
    "A$": "AUD",
    "NZ$": "NZD",
    "EURO": "EUR",
    "EUROS": "EUR",
    "FR.": "CHF",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """An amount as found: the money, where it starts and ends, whether a currency was named."""

    money: Money
    start: int
    end: int
    marked: bool
    cents: bool


def parse_amount(text: str) -> Decimal | None:
    """Return the number that *text* writes, or None where it is none or could be two.

    `1.234` and `1,234` are thousands (money has two decimals, not three), `1.234,56` and
    `1,234.56` are the same amount. The value is not negative.
    """
    from price_parser.parser import parse_number  # noqa: PLC0415 - loaded only where used

    plain = text.strip().replace("\u2019", "").replace("'", "")
    try:
        value = parse_number(plain)
    except (InvalidOperation, ValueError):
        return None
    return abs(value).quantize(Decimal("0.01")) if value is not None else None


def currency_of(mark: str, default: str) -> str:
    """Return the ISO 4217 code of a symbol, code or word; *default* decides what `$` is."""
    plain = mark.strip().upper()
    if plain in {"$", "DOLLAR", "DOLLARS"}:
        return dollar_of(default)
    return _SYMBOLS.get(plain, plain)


def read_amounts(text: str, default: str, *, bare: bool = False) -> list[Reading]:
    """Return the amounts in *text*, in order of place.

    With *bare*, numbers without a currency count too, in the currency *default*; a label
    before them has to say that they are money.
    """
    found: list[Reading] = []
    for match in islice(_MARKED.finditer(text), _MOST):
        number = match["number"] or match["number2"]
        value = parse_amount(number)
        if value is None:
            continue
        money = Money(
            amount=value, currency=currency_of(match["before"] or match["after"], default)
        )
        cents = bool(_CENTS.search(number))
        found.append(Reading(money, match.start(), match.end(), marked=True, cents=cents))
    if bare:
        found += list(_bare_amounts(text, default, found))
    return sorted(found, key=lambda reading: reading.start)


def _bare_amounts(text: str, default: str, taken: list[Reading]) -> Iterable[Reading]:
    starts = [reading.start for reading in taken]  # in order, none overlapping
    for match in islice(_BARE.finditer(text), _MOST):
        before = bisect_right(starts, match.start()) - 1
        if before >= 0 and match.start() < taken[before].end:
            continue
        value = parse_amount(match[0])
        if value is not None:
            money = Money(amount=value, currency=default)
            cents = bool(_CENTS.search(match[0]))
            yield Reading(money, match.start(), match.end(), marked=False, cents=cents)


def format_money(money: Money) -> str:
    """Return `480.00 USD`, `1000 JPY`; see `flows.money.plain`."""
    return plain(money)
