"""Amounts, days and currencies as an invoice prints them.

`flows.steps.amounts` reads money in sentences; here a whole field is one figure, may be
negative, a quantity or of three decimals, and one paper writes all of them alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from flows.currencies import minor_units

CODES: Final = frozenset(
    {
        "USD", "EUR", "GBP", "CAD", "AUD", "NZD", "CHF", "MXN", "JPY", "SEK",
        "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "INR", "BRL", "SGD",
        "HKD", "ARS", "CLP", "COP", "ZAR", "KWD", "BHD", "ISK", "TRY", "KRW",
    }
)  # fmt: skip
SIGNS: Final = {
    "US$": "USD", "CA$": "CAD", "C$": "CAD", "AU$": "AUD", "A$": "AUD", "NZ$": "NZD",
    "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "$": "USD", "EURO": "EUR", "EUROS": "EUR",
    "FR.": "CHF", "SFR.": "CHF",
}  # fmt: skip
MONTHS: Final[Mapping[str, int]] = {
    name: number
    for row in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "januar februar marz april mai juni juli august september oktober november dezember",
        "janner feber maerz apr mai jun jul aug sept okt nov dez",
        "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
        "janv fevr mars avr mai juin juil aout sept oct nov dec",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
        "diciembre",
        "ene feb mar abr may jun jul ago sept oct nov dic",
        "januari februari maart april mei juni juli augustus september oktober november "
        "december",
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
    )
    for number, name in enumerate(row.split(), 1)
}

_MARK: Final = (
    r"(?:US\$|CA\$|C\$|AU\$|A\$|NZ\$|[$€£¥₹]|(?<![A-Z])(?:"
    + "|".join([*sorted(CODES), "EUROS?", r"S?FR\."])
    + r")(?![A-Z]))"
)
_DIGITS: Final = r"\d{1,3}(?:[., '\u2019]\d{3})+(?:[.,]\d{1,4})?|\d+(?:[.,]\d{1,4})?"
_AMOUNT: Final = re.compile(
    rf"(?P<open>\()?\s?(?P<minus>[-\u2212\u2013])?\s?(?P<before>{_MARK})?\s?"
    rf"(?P<minus2>[-\u2212\u2013])?\s?(?P<number>{_DIGITS})(?:[.,][-\u2013])?"
    rf"(?P<minus3>[-\u2212\u2013](?!\d))?\s?(?P<after>{_MARK})?\s?(?P<minus4>[-\u2212])?\s?(?P<close>\))?",
    re.IGNORECASE,
)
_BEFORE: Final = " (-\u2212\u2013$€£¥₹"
_PERCENT: Final = re.compile(r"(\d{1,2}(?:[.,]\d{1,3})?)\s?%")
_NUMERIC: Final = re.compile(
    r"(?<![\d./-])(\d{1,4})([./-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/-]|\.\d)"
)
_WORDS_DAY: Final = re.compile(
    r"(?<!\d)(\d{1,2})(?:\.|st|nd|rd|th|er|\u00ba)?(?:\s|-)+(?:de\s+|of\s+)?([^\W\d_]{3,10})\.?,?(?:\s|-)+"
    r"(?:de\s+|del\s+)?(\d{4})(?!\d)"
)
_WORDS_MONTH: Final = re.compile(
    r"(?<![^\W_])([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount as printed: its value, its currency ("" where none is named), its decimals."""

    value: Decimal
    currency: str
    decimals: int
    start: int
    end: int


def figure(text: str) -> Figure | None:
    """Return the amount that is all of *text*, or None: `1.234,50`, `(12.00)`, `12,-`."""
    match = _AMOUNT.fullmatch(plain(text))
    return _figure(match) if match is not None else None


def last_figure(text: str) -> Figure | None:
    """Return the amount at the end of *text*, apart from what is before it, or None."""
    found: Figure | None = None
    shown = plain(text)
    for match in _AMOUNT.finditer(shown):
        start, end = match.span("number")
        apart = start == 0 or shown[start - 1] in _BEFORE
        if apart and not shown[match.end() :].strip(" *") and end - start < 40:  # noqa: PLR2004
            found = _figure(match)
    return found


def plain(text: str) -> str:
    """Return *text* in compatibility form, on one line, with plain blanks.

    Length may change: offsets in it are none of the original.
    """
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _figure(match: re.Match[str]) -> Figure | None:
    number = match["number"]
    value, decimals = _value(number)
    if bool(match["open"]) != bool(match["close"]) or len(number) > 20:  # noqa: PLR2004
        return None
    minus = any(match[name] for name in ("open", "minus", "minus2", "minus3", "minus4"))
    mark = (match["before"] or match["after"] or "").upper()
    return Figure(
        value=-value if minus else value,
        currency=SIGNS.get(mark, mark),
        decimals=decimals,
        start=match.start("number"),
        end=match.end("number"),
    )


def _value(number: str) -> tuple[Decimal, int]:
    """Return the value, and how many decimals are written.

    Three digits behind a single mark are thousands, since money has two.
    """
    bare = re.sub(r"[ '\u2019]", "", number)
    marks = re.findall(r"[.,]", bare)
    tail = len(bare) - max(bare.rfind("."), bare.rfind(",")) - 1
    decimal = bool(marks) and (tail != 3 or len(set(marks)) > 1)  # noqa: PLR2004 - thousands
    if decimal and marks.count(marks[-1]) > 1:
        decimal = False
    if decimal and bare.startswith("0"):
        decimal = True
    figures = re.sub(r"[.,]", "", bare)
    if not decimal:
        return Decimal(figures), 0
    return Decimal(f"{figures[:-tail]}.{figures[-tail:]}"), tail


def percent(text: str) -> Decimal | None:
    """Return the rate in percent that *text* names, or None."""
    match = _PERCENT.search(plain(text))
    return Decimal(match[1].replace(",", ".")) if match else None


def unit(currency: str) -> Decimal:
    """Return the smallest amount of a currency: 0.01, 1 of yen, 0.001 of Kuwaiti dinars."""
    return Decimal(1).scaleb(-minor_units(currency))


def exact(amount: Decimal, currency: str) -> Decimal:
    """Return *amount* with the decimals of its currency, more only if it has them."""
    places = minor_units(currency)
    exponent = amount.normalize().as_tuple().exponent
    written = -exponent if isinstance(exponent, int) else places
    return amount.quantize(Decimal(1).scaleb(-max(places, written)))


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a text; None where it could be two. `decided`: no custom had to help."""

    value: date | None
    decided: bool
    start: int
    end: int


def days(text: str, order: str) -> Iterator[Day]:
    """Yield the days in *text*, in order of place; *order* is `DMY`, `MDY` or ""."""
    found: list[Day] = []
    for match in _NUMERIC.finditer(text):
        day, decided = _numeric(match, order)
        found.append(Day(day, decided, *match.span()))
    for pattern, (day_at, month_at) in ((_WORDS_DAY, (1, 2)), (_WORDS_MONTH, (2, 1))):
        for match in pattern.finditer(text):
            month = MONTHS.get(fold(match[month_at]), 0)
            written = _day(int(match[3]), month, int(match[day_at]))
            if written is not None:
                found.append(Day(written, True, *match.span()))
    yield from sorted(found, key=lambda each: each.start)


def _numeric(match: re.Match[str], order: str) -> tuple[date | None, bool]:
    first, mark, second, third = int(match[1]), match[2], int(match[3]), int(match[4])
    if len(match[1]) == 4:  # noqa: PLR2004 - ISO 8601
        return _day(first, second, third), True
    year = third + 2000 if len(match[4]) == 2 else third  # noqa: PLR2004 - of our century
    day_first, month_first = _day(year, second, first), _day(year, first, second)
    if mark == "." or not (day_first and month_first) or day_first == month_first:
        return (day_first if mark == "." else day_first or month_first), True
    return ({"DMY": day_first, "MDY": month_first}.get(order)), False


def order_in(texts: Iterable[str]) -> str:
    """Return the order that days of *texts* can only be written in, "" if none or both."""
    seen: set[str] = set()
    for text in texts:
        for match in _NUMERIC.finditer(text):
            first, second = int(match[1]), int(match[3])
            if match[2] == "." or len(match[1]) == 4:  # noqa: PLR2004 - a year
                continue
            if 12 < first <= 31 and second <= 12:  # noqa: PLR2004 - months
                seen.add("DMY")
            elif 12 < second <= 31 and first <= 12:  # noqa: PLR2004 - months
                seen.add("MDY")
    return seen.pop() if len(seen) == 1 else ""


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1990 <= year <= 2100 else None  # noqa: PLR2004
    except ValueError:
        return None


def fold(text: str) -> str:
    """Return *text* in small letters without accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))
