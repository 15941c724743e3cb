"""Filters that ask where the business is: people there write dates and phones their own way.

Each takes the value, then the business (the names under `business`), then its arguments.
Words stay English wherever the business is; order, signs and digits are the region's.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from flows.language.filters import (
    DATE_FORMAT,
    Unfit,
    Value,
    format_date,
    number_of,
    text_of,
    time_of,
)
from flows.language.words import quoted, suggestion
from flows.model import Money
from flows.money import rounded

Business = Mapping[str, Any]

PHONE_FORMS: Final = ("national", "international", "e164")
ADDRESS_FORMS: Final = ("line", "lines")
DATE_FORMS: Final = ("short", "long", "iso", "time")
_LONGEST_PHONE: Final = 80
_LONGEST_ADDRESS: Final = 500
_LONGEST_FORM: Final = 200

# Source: https://cldr.unicode.org/ 47, the pattern `yMd` of each country's first language,
# with two digits for day and month where any pattern of it has them.
_SHORT: Final[Mapping[str, str]] = {
    **dict.fromkeys(("US", "PR", "GU", "VI", "PH"), "%-m/%-d/%Y"),
    **dict.fromkeys(("CA", "SE", "LT", "HU", "CN", "JP", "KR", "TW", "ZA"), "%Y-%m-%d"),
    **dict.fromkeys(("DE", "AT", "CH", "LI", "LU", "PL", "CZ", "NO", "FI", "DK"), "%d.%m.%Y"),
    **dict.fromkeys(("EE", "LV", "SK", "SI", "RO", "TR", "UA"), "%d.%m.%Y"),
    **dict.fromkeys(("NL", "IN"), "%d-%m-%Y"),
}
_MONTH_FIRST: Final = frozenset({"US", "PR", "GU", "VI", "PH", "CA"})
_TWELVE_HOURS: Final = frozenset({"US", "PR", "GU", "VI", "PH", "CA", "AU", "NZ", "IN"})
_STATE_LAST: Final = re.compile(r"[A-Z]{2,3}(?:[ ]+[A-Z0-9]{3,5}(?:[ -]?[A-Z0-9]{3,4})?)?")
"""A line that belongs to the town before it: `NY 12207`, `ON K1A 0B1`, `NSW 2000`."""

_SIGNS: Final[Mapping[str, str]] = {"USD": "$", "CAD": "CA$", "EUR": "€", "GBP": "£"}


@dataclass(frozen=True, slots=True)
class _Numbers:
    """How amounts are written: between thousands, before decimals, and the sign's place."""

    group: str = ","
    decimal: str = "."
    form: str = "{sign}{digits}"


_THIN: Final = "\N{NO-BREAK SPACE}"
# Source: https://cldr.unicode.org/ 47, standard currency format of each country.
_BEHIND: Final = "{digits}" + _THIN + "{sign}"
_BEFORE: Final = "{sign}" + _THIN + "{digits}"
_AMOUNTS: Final[Mapping[str, _Numbers]] = {
    **dict.fromkeys(("DE", "ES", "IT", "PT", "GR", "DK", "SI"), _Numbers(".", ",", _BEHIND)),
    **dict.fromkeys(("FR", "PL", "CZ", "SK", "FI", "SE", "NO"), _Numbers(_THIN, ",", _BEHIND)),
    **dict.fromkeys(("AT", "NL", "BE", "BR"), _Numbers(".", ",", _BEFORE)),
    **dict.fromkeys(("CH", "LI"), _Numbers("\N{RIGHT SINGLE QUOTATION MARK}", ".", _BEFORE)),
}


def _country(business: Business) -> str:
    region = business.get("region")
    return region[:2].upper() if isinstance(region, str) else ""


@lru_cache(maxsize=16)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def business_zone(business: Business) -> tzinfo | None:
    """Return the zone that the names give the business, or None."""
    name = business.get("time_zone")
    return _zone(name) if isinstance(name, str) and name else None


def dated(value: Value, business: Business, form: str = DATE_FORMAT) -> str:
    """Return a date or time in words, or `short`, `long`, `iso`, `time`, or by a pattern."""
    form, zone = text_of(form)[:_LONGEST_FORM], business_zone(business)
    country = _country(business)
    patterns = {
        "short": _SHORT.get(country, "%d/%m/%Y"),
        "long": "%B %-d, %Y" if country in _MONTH_FIRST else "%-d %B %Y",
        "iso": "%Y-%m-%d",
        "time": "%-I:%M %p" if country in _TWELVE_HOURS else "%H:%M",
    }
    return format_date(value, zone, patterns.get(form, form))


def money(value: Value, business: Business, currency: str = "") -> str:
    """Return an amount with its thousands set off, as is usual where the business is."""
    code = text_of(currency).upper()[:3]
    amount = rounded(Money(amount=Decimal(number_of(value)), currency=code)).amount
    how = _AMOUNTS.get(_country(business), _Numbers())
    plain = f"{abs(amount):,f}".replace(",", "\0")
    digits = plain.replace(".", how.decimal).replace("\0", how.group)
    minus = "-" if amount < 0 and plain.strip("0.\0") else ""
    if not code:
        return minus + digits
    if code not in _SIGNS and how.form == "{sign}{digits}":
        return f"{minus}{code} {digits}"
    return minus + how.form.format(sign=_SIGNS.get(code, code), digits=digits)


def phone(value: Value, business: Business, form: str = "national") -> str:
    """Return a phone number `national`, `international` or `e164`; what is none, as it is."""
    import phonenumbers  # noqa: PLC0415 - loaded only where used

    written, form = " ".join(text_of(value).split()), text_of(form)
    if form not in PHONE_FORMS:
        raise Unfit(f"a phone is written {', '.join(PHONE_FORMS)}")
    try:
        number = phonenumbers.parse(written[:_LONGEST_PHONE], _country(business) or None)
        known = len(written) <= _LONGEST_PHONE and phonenumbers.is_possible_number(number)
    except phonenumbers.NumberParseException:
        known = False
    if known:
        forms = phonenumbers.PhoneNumberFormat
        kinds = {"national": forms.NATIONAL, "international": forms.INTERNATIONAL}
        return str(phonenumbers.format_number(number, kinds.get(form, forms.E164)))
    if form == "e164" and written:
        raise Unfit("a phone number is needed here")  # a machine reads it
    return written


def address(value: Value, business: Business, form: str = "line") -> str:
    """Return an address in one `line`, or in `lines`, as envelopes have it."""
    text, form = text_of(value), text_of(form)
    if form not in ADDRESS_FORMS:
        raise Unfit(f"an address is written {', '.join(ADDRESS_FORMS)}")
    if len(text) > _LONGEST_ADDRESS:
        raise Unfit("an address is longer than one can be")
    parts = [" ".join(part.split()) for part in re.split(r"[,\r\n]+", text)]
    parts = [part for part in parts if part]
    if form == "line":
        return ", ".join(parts)
    last_two = 2
    if len(parts) > last_two and _STATE_LAST.fullmatch(parts[-1]):
        parts[-last_two:] = [", ".join(parts[-last_two:])]
    return "\n".join(parts)


_STEP: Final = re.compile(r"(-?)([1-9][0-9]{0,4})([hdwmy])")
_MOST_DAYS: Final = 2_000
_WORKING: Final = 5


def plus(value: Value, business: Business, span: str) -> datetime | date:
    """Return a date or time moved by `3d`, or back by `-2w`: h, d, w, m (months), y."""
    found = _STEP.fullmatch(text_of(span).strip())
    if found is None:
        raise Unfit("a span of time is written as 3d, -2w, 1m")
    count, unit = int(found[1] + found[2]), found[3]
    start = _moment(value, business)
    try:
        return _moved(start, count, unit)
    except (ValueError, OverflowError):
        raise Unfit("a date is out of range") from None


def business_days(value: Value, business: Business, days: int = 1) -> datetime | date:
    """Return the date so many working days on, or back: Monday to Friday, no holidays known."""
    count = int(number_of(days))
    if abs(count) > _MOST_DAYS:
        raise Unfit(f"business_days counts to {_MOST_DAYS:,}")
    at, way = _moment(value, business), 1 if count > 0 else -1
    try:
        while count:
            at = _moved(at, way, "d")
            count -= way if at.weekday() < _WORKING else 0
    except (ValueError, OverflowError):
        raise Unfit("a date is out of range") from None
    return at


def _moment(value: Value, business: Business) -> datetime | date:
    """Return a day as a day, and a time as one in the business's zone."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    return time_of(value, business_zone(business))


def _moved(at: datetime | date, count: int, unit: str) -> datetime | date:
    if unit == "h":
        if not isinstance(at, datetime):
            at = datetime(at.year, at.month, at.day)  # noqa: DTZ001 - a day, no instant
        if at.tzinfo is None:
            return at + timedelta(hours=count)
        # Hours are counted on the clock of the world, days and months on that of the wall.
        return (at.astimezone(UTC) + timedelta(hours=count)).astimezone(at.tzinfo)
    if unit in "dw":
        return at + timedelta(days=count * (7 if unit == "w" else 1))
    months = at.year * 12 + at.month - 1 + count * (12 if unit == "y" else 1)
    year, month = months // 12, months % 12 + 1
    return at.replace(year=year, month=month, day=min(at.day, monthrange(year, month)[1]))


REGIONAL: Final[Mapping[str, Callable[..., Any]]] = {
    "address": address,
    "business_days": business_days,
    "date": dated,
    "money": money,
    "phone": phone,
    "plus": plus,
}
"""By name. The sandbox gives each the business."""


def argument_fault(name: str, argument: object) -> tuple[str, str] | None:
    """Return what is wrong with the first argument of a filter, where it is written out."""
    if not isinstance(argument, str):
        return None
    forms = {"phone": PHONE_FORMS, "address": ADDRESS_FORMS, "date": DATE_FORMS}.get(name)
    if forms and argument not in forms and not (name == "date" and "%" in argument):
        return f"{quoted(argument)} is not a form of {name}", suggestion(argument, forms)
    if name == "plus" and not _STEP.fullmatch(argument.strip()):
        fix = "write a whole number and h, d, w, m or y: plus('3d'), plus('-2w')"
        return f"{quoted(argument)} is not a span of time", fix
    return None
