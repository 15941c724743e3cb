"""Dates and amounts as banks and bookkeepers write them: read exactly, or not at all.

Nothing is guessed: the operator has said in which order dates are written and which sign
is the decimal one, and what does not fit is refused, to be looked at by a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flows.currencies import CURRENCIES
from flows.language.sources import DateOrder, DecimalSign

_LONGEST = 60
MOST_DIGITS = 15
"""Digits before the decimal sign of the largest amount that is believed."""
_FIRST_YEAR, _LAST_YEAR = 1970, 2199

_MONTH_NAMES = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
# A time of day after the date is left out: the day is the one that the bank names.
_TIME = re.compile(
    r"[T ]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?( ?(Z|UTC|[+-]\d{2}:?\d{2}))?$",
    re.ASCII,
)
_NUMERIC = re.compile(r"(\d{1,4})([-/. ])(\d{1,2})\2(\d{1,4})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[-/. ]+([A-Za-z]+)[-/., ]+(\d{4}|\d{2})", re.ASCII)
_NAMED_FIRST = re.compile(r"([A-Za-z]+)[. ]+(\d{1,2}),? +(\d{4})", re.ASCII)
_COMPACT = re.compile(r"\d{8}", re.ASCII)


def read_date(text: str, order: DateOrder) -> date | None:
    """Return the date, or None if it is none in this order.

    A year of four digits in front and months by name are plain in any order. Two-digit
    years are 1970 to 2069.
    """
    text = _TIME.sub("", " ".join(text[:_LONGEST].split()).rstrip(".,"))
    if match := _NUMERIC.fullmatch(text):
        return _from_numbers((match[1], match[3], match[4]), order)
    if match := _NAMED.fullmatch(text):
        return _day(match[3], str(_MONTH_NAMES.get(match[2].lower(), 0)), match[1])
    if match := _NAMED_FIRST.fullmatch(text):
        return _day(match[3], str(_MONTH_NAMES.get(match[1].lower(), 0)), match[2])
    if _COMPACT.fullmatch(text):
        if order == "year-first":
            return _day(text[:4], text[4:6], text[6:])
        return _from_numbers((text[:2], text[2:4], text[4:]), order)
    return None


def _from_numbers(numbers: tuple[str, str, str], order: DateOrder) -> date | None:
    first, second, third = numbers
    year_digits = 4
    if len(first) == year_digits:
        return _day(first, second, third)
    if order == "year-first":
        return None
    month, day = (first, second) if order == "month-first" else (second, first)
    return _day(third, month, day)


def _day(year: str, month: str, day: str) -> date | None:
    if len(year) not in {2, 4}:
        return None
    number = int(year)
    if len(year) == 2:  # noqa: PLR2004  (digits)
        number += 2000 if number < 70 else 1900  # noqa: PLR2004  (as POSIX strptime, from 1970)
    try:
        found = date(number, int(month), int(day))
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


@dataclass(frozen=True, slots=True)
class Amount:
    """A signed amount, and the currency if the cell names one."""

    value: Decimal
    currency: str = ""


_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2019": "'"})
_SIGNS = {"$": "", "US$": "USD", "€": "EUR", "£": "GBP", "¥": ""}
# One of: -5, +5, 5-, (5), 5 CR, 5 DR; the currency may stand inside or outside the sign.
_SIGNED = re.compile(
    r"""(?P<open>\()?[ ]?
        (?P<c1>[A-Z]{3}|US\$|[$€£¥])?[ ]?(?P<lead>[-+])?[ ]?(?P<c2>[A-Z]{3}|US\$|[$€£¥])?[ ]?
        (?P<number>\d(?:[\d.,' ]*[\d.,])?|[.,]\d+)[ ]?
        (?P<trail>[-+])?[ ]?(?P<side>CR|DR)?[ ]?(?P<c3>[A-Z]{3}|[$€£¥])?[ ]?
        (?P<close>\))?""",
    re.ASCII | re.VERBOSE,
)
_NUMBER = {
    ".": re.compile(
        r"(?:\d+|\d{1,3}(?:(,|'|[ ])\d{3})(?:\1\d{3})*|\d{1,2}(?:,\d\d)+,\d{3})?(?:\.\d*)?",
        re.ASCII,
    ),
    ",": re.compile(
        r"(?:\d+|\d{1,3}(?:(\.|'|[ ])\d{3})(?:\1\d{3})*)?(?:,\d*)?",
        re.ASCII,
    ),
}


def read_amount(text: str, decimal: DecimalSign) -> Amount | None:
    """Return the amount, or None if the text is none or could be read in two ways.

    Accepts a minus before or behind, brackets and DR for negative ones, CR for positive,
    one currency sign or ISO 4217 code, and thousands set off by the other sign, by an
    apostrophe or by a space. More than one mark of sign is refused.
    """
    if len(text) > _LONGEST:
        return None
    match = _SIGNED.fullmatch(" ".join(text.translate(_MINUS).split()))
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    signs = [s for s in (match["open"], match["lead"], match["trail"], match["side"]) if s]
    currencies = [c for c in (match["c1"], match["c2"], match["c3"]) if c]
    number = match["number"]
    if len(signs) > 1 or len(currencies) > 1 or not _NUMBER[decimal].fullmatch(number):
        return None
    value = Decimal(
        re.sub(r"[^\d.]", "", number.replace(".", "").replace(",", "."))
        if decimal == ","
        else re.sub(r"[^\d.]", "", number)
    )
    if value.adjusted() >= MOST_DIGITS:
        return None
    negative = bool(signs) and signs[0] in {"(", "-", "DR"}
    currency = _SIGNS.get(currencies[0], currencies[0]) if currencies else ""
    if currency and currency not in CURRENCIES:
        return None
    return Amount(-value if negative and value else value, currency)


_DIRECTIONS = {
    "crdt credit credits crédit crédito credito c cr haben h gutschrift bij in abono +": 1,
    "dbit debit debits débit débito debito d dr db soll s belastung af out cargo -": -1,
}
_SIGN_OF = {word: sign for words, sign in _DIRECTIONS.items() for word in words.split()}


def read_direction(text: str) -> int:
    """Return 1 for a word that says money came in, -1 for one that it went out, else 0."""
    return _SIGN_OF.get(text.strip().casefold(), 0)


def read_ofx_date(text: str) -> date | None:
    """Return the day that an OFX time stamp names, `YYYYMMDD` and more, in its own zone."""
    return read_date(text[:8], "year-first") if _COMPACT.fullmatch(text[:8]) else None


def read_ofx_amount(text: str) -> Decimal | None:
    """Return an OFX amount; its decimal sign may be either, so `1,234` is refused.

    Source: OFX 2.2, 3.2.9.2: a comma or a period marks decimals, nothing marks thousands.
    """
    text = text.strip()
    comma, dot = text.rfind(","), text.rfind(".")
    ambiguous = dot == -1 and re.search(r"\d,\d{3}$", text, re.ASCII)
    amount = None if ambiguous else read_amount(text, "," if comma > dot else ".")
    return amount.value if amount and not amount.currency else None


def named_currency(text: str) -> str:
    """Return the currency that the name of a column ends with: `Betrag (€)`, `Amount USD`."""
    last = text.replace("(", " ").replace(")", " ").replace("[", " ").replace("]", " ").split()
    if len(last) < 2:  # noqa: PLR2004 - a name and a currency
        return ""
    code = _SIGNS.get(last[-1], last[-1])
    return code if code in CURRENCIES else ""


def read_currency(text: str) -> str | None:
    """Return the ISO 4217 code, or None if the text is none."""
    code = text.strip().upper()
    return code if code in CURRENCIES else None


def tidy(text: str) -> str:
    """Return text in one line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


_ACCOUNT_NUMBER = re.compile(r"[A-Za-z]{0,4}\d(?:[ -]?\d){4,}", re.ASCII)


def masked_number(number: str) -> str:
    """Return an account number of which only the last four characters are left."""
    bare = re.sub(r"[^0-9A-Za-z]", "", number)
    return f"****{bare[-4:]}" if bare else ""


def masked_name(name: str) -> str:
    """Return the operator's name of an account, with a number in it masked."""
    return _ACCOUNT_NUMBER.sub(lambda match: masked_number(match[0]), name)
