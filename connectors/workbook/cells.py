"""What one cell holds: a day, an amount or a text; exactly, or not at all.

Excel tells dates and numbers from texts, so most cells need no reading. What somebody typed
as text is read as in a bank file, in the order and with the sign that the operator has named.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from flows.cells import Amount, read_amount, read_date, tidy
from flows.language.sources import DateOrder, DecimalSign

Value = str | float | int | bool | date | datetime | time | timedelta | None

_FIRST, _LAST = date(1970, 1, 1), date(2199, 12, 31)
_COMPACT: Final = 8
_DIGITS: Final = 15
"""A number in Excel has so many that mean something; the rest is noise of the sum."""


def text(value: Value) -> str:
    """Return what the cell says, on one line; a whole number without a point."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return _plain(value)
        case datetime():
            midnight = value.time() == time()
            return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
        case date() | time():
            return value.isoformat()
        case _:
            return tidy(str(value))


def day(value: Value, order: DateOrder, since: date) -> date | None:
    """Return the day that the cell names; *since* is day 0 of its workbook."""
    match value:
        case bool():
            return None
        case datetime():
            return _known(value.date())
        case date():
            return _known(value)
        case int() | float():
            return _counted(float(value), order, since)
        case str():
            return read_date(value, order)
        case _:
            return None


def amount(value: Value, decimal: DecimalSign) -> Amount | None:
    """Return the amount that the cell holds, None where it is none."""
    match value:
        case bool():
            return None
        case int() | float():
            number = _plain(float(value))
            if number[-2:-1] == ".":
                number += "0"  # Excel holds 12.50 as 12.5
            return Amount(Decimal(number)) if _is_money(number) else None
        case str():
            return read_amount(value, decimal)
        case _:
            return None


def _plain(number: float) -> str:
    return format(Decimal(f"{number:.{_DIGITS}g}"), "f")


def _is_money(number: str) -> bool:
    return number.lstrip("-").replace(".", "", 1).isdigit() and len(number) <= 2 * _DIGITS


def _known(found: date) -> date | None:
    return found if _FIRST <= found <= _LAST else None


def _counted(number: float, order: DateOrder, since: date) -> date | None:
    """Return the day of a number: days since *since*, or eight digits typed as a number."""
    if not abs(number) < 10**_COMPACT:
        return None
    if number == int(number) and len(str(int(number))) == _COMPACT:
        return read_date(str(int(number)), order)
    try:
        return _known(since + timedelta(days=int(number)))
    except OverflowError:
        return None
