"""The filters of conditions and templates: few, total, and no dearer than their input.

Each takes the value first. Time is shown in the business's zone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from jinja2 import Undefined

from flows.language.rows import Rows

Value = Any
"""What names hold and operations make: text, numbers, dates, lists, mappings, undefined."""

MAX_TEXT: Final = 16_000_000
"""Characters that one operation may make; mail of any accepted size stays below."""

_DIGITS: Final = 60
_LONGEST_SLUG: Final = 1_000

BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "indent": (0, 40),
    "round": (0, 9),
    "truncate": (1, MAX_TEXT),
}
"""Least and most that a filter's first argument counts for; what is beyond counts as these."""

DATE_FORMAT: Final = "%A, %-d %B %Y"

_DATE_PARTS: Final[Mapping[str, Callable[[datetime], str]]] = {
    "%a": lambda at: f"{at:%a}",
    "%A": lambda at: f"{at:%A}",
    "%b": lambda at: f"{at:%b}",
    "%B": lambda at: f"{at:%B}",
    "%d": lambda at: f"{at.day:02}",
    "%-d": lambda at: str(at.day),
    "%m": lambda at: f"{at.month:02}",
    "%-m": lambda at: str(at.month),
    "%y": lambda at: f"{at.year % 100:02}",
    "%Y": lambda at: f"{at.year:04}",
    "%H": lambda at: f"{at.hour:02}",
    "%I": lambda at: f"{(at.hour - 1) % 12 + 1:02}",
    "%-I": lambda at: str((at.hour - 1) % 12 + 1),
    "%M": lambda at: f"{at.minute:02}",
    "%p": lambda at: "AM" if at.hour < 12 else "PM",  # noqa: PLR2004 - noon
    "%Z": lambda at: at.tzname() or "",
    "%%": lambda _: "%",
}


class Unfit(Exception):
    """A value does not fit the operation; holds words of ours, never the value."""


def text_of(value: Value) -> str:
    """Return *value* as it is written into a text.

    Nothing for null, plain digits for numbers, ISO 8601 for times, commas between the items
    of a list.
    """
    if isinstance(present(value), str):
        return str(value)
    for kind, written in _WRITTEN:
        if isinstance(value, kind):
            return written(value)
    raise Unfit("a group of names cannot be written as text; name one value in it")


_WRITTEN: Final[tuple[tuple[type, Callable[[Value], str]], ...]] = (
    (type(None), lambda _: ""),
    (bool, lambda flag: "true" if flag else "false"),
    (Decimal, lambda number: f"{number_of(number):f}"),
    (float, lambda number: f"{number_of(number):f}"),
    (int, lambda number: str(number_of(number))),
    (date, lambda day: str(day.isoformat())),  # a datetime is a date too
    (list, lambda items: ", ".join(text_of(each) for each in items)),
    (tuple, lambda items: ", ".join(text_of(each) for each in items)),
)


def present(value: Value) -> Value:
    """Return *value* unless it is undefined; then Jinja's error says which name is missing."""
    if isinstance(value, Undefined):
        str(value)
    return value


def number_of(value: Value) -> Decimal | int:
    """Return *value* as an exact number; text is read as digits with a decimal point."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise Unfit("a number is needed here")
    if isinstance(value, int):
        number: Decimal | int = value
    else:
        number = _decimal(str(value).strip())
    if not -(10**30) < number < 10**30:
        raise Unfit("a number is too large")
    return number


def _decimal(digits: str) -> Decimal:
    if len(digits) > _DIGITS:
        raise Unfit("a number is needed here")
    try:
        number = Decimal(digits)
    except InvalidOperation:
        raise Unfit("a number is needed here") from None
    if not number.is_finite():
        raise Unfit("a number is needed here")
    # Written out, 1E-999999 would be a million zeros.
    return Decimal(0) if number.adjusted() < -_DIGITS else number


def time_of(value: Value, zone: tzinfo | None) -> datetime:
    """Return a date or time, or ISO 8601 text, as a time in *zone*."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise Unfit("a date is needed here") from None
    if isinstance(value, datetime):
        return value.astimezone(zone) if zone and value.tzinfo else value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day, no instant
    raise Unfit("a date is needed here")


def format_date(value: Value, zone: tzinfo | None, form: str = DATE_FORMAT) -> str:
    """Return a date or time in words, `Monday, 23 November 2026` unless *form* says else."""
    at = time_of(value, zone)

    def part(found: re.Match[str]) -> str:
        written = _DATE_PARTS.get(found[0])
        if written is None:
            raise Unfit(f"a date is written with {', '.join(_DATE_PARTS)}")
        return written(at)

    return re.sub(r"%(-?[a-zA-Z]|.|$)", part, form)


def mentions(value: Value, *words: str) -> bool:
    """Return whether the text holds one of *words* as whole words; case is ignored."""
    text = text_of(value).casefold()
    for word in words:
        wanted = text_of(word).casefold().strip()
        at = text.find(wanted) if wanted else -1
        while at >= 0:
            end = at + len(wanted)
            before = text[at - 1] if at else " "
            after = text[end] if end < len(text) else " "
            if not _joins(before, wanted[0]) and not _joins(wanted[-1], after):
                return True
            at = text.find(wanted, at + 1)
    return False


def _joins(left: str, right: str) -> bool:
    return (left.isalnum() or left == "_") and (right.isalnum() or right == "_")


def _bounded(name: str, number: Value) -> int:
    low, high = BOUNDS[name]
    return min(high, max(low, int(number_of(number))))


def replace(value: Value, old: str, new: str) -> str:
    """Return the text with each *old* replaced by *new*."""
    text, old, new = text_of(value), text_of(old), text_of(new)
    if not old:
        raise Unfit("replace needs the text that is to be replaced")
    if len(text) + text.count(old) * max(0, len(new) - len(old)) > MAX_TEXT:
        raise Unfit("the text becomes too long")
    return text.replace(old, new)


def default(value: Value, instead: Value = "") -> Value:
    """Return *value*, or *instead* where it is missing, null or empty."""
    missing = isinstance(value, Undefined) or value is None or value == ""
    return instead if missing else value


def truncate(value: Value, length: int = 80) -> str:
    """Return the text cut to *length* characters at most, the last one then being `…`."""
    text, most = text_of(value), _bounded("truncate", length)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def indent(value: Value, width: int = 2) -> str:
    """Return the text with each line but the first moved right by *width* (0 to 40)."""
    pad = " " * _bounded("indent", width)
    lines = text_of(value).split("\n")
    if len(lines) * len(pad) > MAX_TEXT:
        raise Unfit("the text becomes too long")
    return ("\n" + pad).join(lines)


def join(value: Value, between: str = ", ") -> str:
    """Return the items of a list as one text."""
    parts, between = [text_of(each) for each in _items(value)], text_of(between)
    if sum(map(len, parts)) + len(between) * len(parts) > MAX_TEXT:
        raise Unfit("the text becomes too long")
    return between.join(parts)


def length(value: Value) -> int:
    """Return the number of characters of a text, or of items of a list."""
    return len(value if isinstance(value, str) else _items(value))


def first(value: Value) -> Value:
    """Return the first item, or an empty text where there is none."""
    return next(iter(_items(value)), "")


def last(value: Value) -> Value:
    """Return the last item, or an empty text where there is none."""
    return next(reversed(_items(value)), "")


def round_number(value: Value, digits: int = 0) -> Decimal:
    """Return the number rounded to *digits* (0 to 9) decimals, halves away from zero."""
    places = _bounded("round", digits)
    return Decimal(number_of(value)).quantize(Decimal(1).scaleb(-places), "ROUND_HALF_UP")


def slug(value: Value) -> str:
    """Return the text as a name for files and links: `burst-pipe-at-no-7`."""
    plain = unicodedata.normalize("NFKD", text_of(value)[:_LONGEST_SLUG]).encode(
        "ascii", "ignore"
    )
    return re.sub(r"[^a-z0-9]+", "-", plain.decode().lower()).strip("-")[:63].strip("-")


def _items(value: Value) -> Sequence[Any]:
    if isinstance(value, Rows):
        return value.rows
    if not isinstance(value, list | tuple):
        raise Unfit("a list is needed here")
    return value


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "abs": lambda value: abs(number_of(value)),
    "capitalize": lambda value: text_of(value).capitalize(),
    "default": default,
    "first": first,
    "indent": indent,
    "int": lambda value: int(number_of(value)),
    "join": join,
    "last": last,
    "length": length,
    "lower": lambda value: text_of(value).lower(),
    "mentions": mentions,
    "number": number_of,
    "replace": replace,
    "round": round_number,
    "slug": slug,
    "title": lambda value: text_of(value).title(),
    "trim": lambda value: text_of(value).strip(),
    "truncate": truncate,
    "upper": lambda value: text_of(value).upper(),
}
"""By name; those that ask where the business is stand in `flows.language.regional`."""


def _affix(value: Value, wanted: Value, *, start: bool) -> bool:
    text, affix = text_of(value), text_of(wanted)
    return text.startswith(affix) if start else text.endswith(affix)


METHODS: Final[Mapping[str, Callable[..., Any]]] = {
    "endswith": lambda value, wanted: _affix(value, wanted, start=False),
    "lower": FILTERS["lower"],
    "startswith": lambda value, wanted: _affix(value, wanted, start=True),
    "strip": FILTERS["trim"],
    "title": FILTERS["title"],
    "upper": FILTERS["upper"],
}
"""What may be called on a text, `mail.subject.lower()`; nothing else may be called."""

TESTS: Final = frozenset({"defined", "undefined", "none", "string", "number", "odd", "even"})
