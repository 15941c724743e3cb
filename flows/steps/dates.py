"""Dates as people write them in mail; what could be two dates is none.

`date_phrases` decides what is a date at all, dateparser what it means: alone, dateparser
reads "May I ask", "the sat nav" and "gate code 0100" as dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from flows.steps.date_phrases import Phrase, find_phrases
from flows.steps.regions import Region

_NEARLY_A_YEAR: Final = 300
"""Days ahead from which a date without a year was rather meant for the weeks just gone."""


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date found: ISO 8601, or empty where nothing or more than one was meant.

    `words` are the phrases as written, joined by " / ": what a person needs to decide.
    """

    value: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    words: str
    day: date | None  # None: a date was meant, but not which
    weak: bool = False


def read_date(texts: Sequence[str], region: Region, today: date) -> DateReading:
    """Return the one date that *texts* name, seen from *today* in the business's zone.

    Days without a year are the next ones to come. Dates gone by yield to dates to come,
    and "today" to any other, since mail tells a story before it asks. If several remain,
    `value` is empty.
    """
    found = [each for text in texts for each in _read(text, region, today)]
    strong = [each for each in found if not each.weak] or found
    ahead = [each for each in strong if each.day is None or each.day >= today] or strong
    words = " / ".join(dict.fromkeys(each.words for each in ahead[:5]))
    days = {each.day for each in ahead}
    only = next(iter(days)) if len(days) == 1 else None
    return DateReading(only.isoformat() if only else "", words)


def read_days(text: str, region: Region, today: date) -> list[date]:
    """Return every date of *text* that can only be read in one way, in order of place."""
    return [each.day for each in _read(text, region, today) if each.day is not None]


def _read(text: str, region: Region, today: date) -> Iterable[_Found]:
    phrases = find_phrases(text, region.languages)
    previous: Phrase | None = None
    for number, phrase in enumerate(phrases):
        following = phrases[number + 1] if number + 1 < len(phrases) else None
        if phrase.kind == "weekday" and _beside(phrase, following, text):
            previous = phrase
            continue  # "Tuesday, March 10" is one date; the weekday checks it
        if phrase.kind == "weekday" and previous and _beside(phrase, previous, text):
            continue
        found = _meaning(phrase, region, today)
        named = previous if previous and _beside(previous, phrase, text) else None
        if named is not None and found is not None and found.day is not None:
            found = _checked(found, named)
        previous = phrase
        if found is not None:
            yield found


def _beside(weekday: Phrase, other: Phrase | None, text: str) -> bool:
    """Whether a weekday and a date stand together as one phrase."""
    if other is None or other.kind in {"weekday", "relative"} or weekday.kind != "weekday":
        return False
    between = (
        text[weekday.end : other.start]
        if weekday.start < other.start
        else text[other.end : weekday.start]
    )
    return re.fullmatch(r"[\s,.(]{0,3}(?:the|den|dem|el|le|día)?\s?", between) is not None


def _checked(found: _Found, weekday: Phrase) -> _Found:
    assert found.day is not None  # noqa: S101 - the caller asked
    words = f"{weekday.words} {found.words}"
    right = found.day.weekday() == weekday.number
    return _Found(words, found.day if right else None)


def _meaning(phrase: Phrase, region: Region, today: date) -> _Found | None:
    match phrase.kind:
        case "iso":
            return _Found(phrase.words, _day(*phrase.numbers))
        case "numeric":
            return _Found(phrase.words, _numeric(phrase, region, today))
        case "weekday":
            return _Found(phrase.words, _weekday(phrase, today))
        case "ordinal":
            return _Found(phrase.words, _ordinal(phrase.number, today))
        case "month":
            return _named_month(phrase, today)
        case "relative":
            return _relative(phrase, today)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _numeric(phrase: Phrase, region: Region, today: date) -> date | None:
    first, second, year = phrase.numbers
    # Points are written day first everywhere; slashes and hyphens as the region does.
    order = "DMY" if "." in phrase.words else region.date_order
    if not year:
        ahead = [_numeric_year(first, second, today.year + n, order) for n in (0, 1)]
        days = [day for day in ahead if day is not None and day >= today]
        # Without a year, 11/12 could be either order even where one is the custom.
        swapped = first <= 12 and second <= 12 and first != second and "." not in phrase.words  # noqa: PLR2004
        return days[0] if days and not swapped else None
    return _numeric_year(first, second, year, order)


def _numeric_year(first: int, second: int, year: int, order: str) -> date | None:
    month_first, day_first = _day(year, first, second), _day(year, second, first)
    if order == "MDY":
        return month_first or day_first
    if order == "DMY":
        return day_first or month_first
    if month_first and day_first and month_first != day_first:
        return None
    return month_first or day_first


def _weekday(phrase: Phrase, today: date) -> date | None:
    ahead = (phrase.number - today.weekday() - 1) % 7 + 1
    day = today + timedelta(days=ahead)
    # On a Wednesday, "next Friday" is in two days to some and in nine to others.
    same_week = phrase.number > today.weekday()
    return None if phrase.next and same_week else day


def _ordinal(number: int, today: date) -> date | None:
    for months in range(13):
        year, month = divmod(today.month - 1 + months, 12)
        day = _day(today.year + year, month + 1, number)
        if day is not None and day >= today:
            return day
    return None


def _named_month(phrase: Phrase, today: date) -> _Found | None:
    day = _parse(phrase, today)
    if day is None or day.day != phrase.number:
        return None
    dated = any(number > 31 for number in phrase.numbers)  # noqa: PLR2004 - a year was written
    if not dated and (day - today).days > _NEARLY_A_YEAR:
        day = _day(day.year - 1, day.month, day.day) or day
    return _Found(phrase.words, day)


def _relative(phrase: Phrase, today: date) -> _Found | None:
    day = _parse(phrase, today)
    return None if day is None else _Found(phrase.words, day, weak=day == today)


def _parse(phrase: Phrase, today: date) -> date | None:
    import dateparser  # noqa: PLC0415 - 0.2 s, paid only by flows that read dates

    parsed = dateparser.parse(
        phrase.asked or phrase.words,
        languages=[phrase.language],
        settings={
            "PREFER_DATES_FROM": "future",
            "RELATIVE_BASE": datetime(today.year, today.month, today.day, 12),  # noqa: DTZ001 - zone applied by the caller
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
    return parsed.date() if parsed else None
