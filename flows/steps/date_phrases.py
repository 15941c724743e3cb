"""Where a text speaks of a day: the phrases, their kind, and the numbers in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

Kind = Literal["iso", "numeric", "month", "weekday", "ordinal", "relative"]

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

_ISO: Final = re.compile(r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")
_NUMERIC: Final = re.compile(
    r"(?<![\w./-])(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?![\w/-]|\.\d)"
)
_YEARLESS: Final = re.compile(
    r"(?:\b(?:on|by|before|until|for|le|el|am|bis|vor)\s+(?:the\s+)?)(\d{1,2}([/.])\d{1,2}\.?)"
    r"(?![\w/%\"\u2033]|\.\d|\s?(?:inch|in\b|cm|mm|\"))",
    re.IGNORECASE,
)
_ORDINAL: Final = re.compile(
    r"\b(?:on|by|before|until|from)\s+the\s+((\d{1,2})(?:st|nd|rd|th))\b"
    r"(?=\s*(?:[.,;:!?)\n]|$|at\b|around\b|after\b|before\b|between\b|if\b|please\b|or\b))",
    re.IGNORECASE,
)
_SKIPPED_BEFORE: Final = re.compile(
    r"\b(?:last|every|each|past|since|letzten|letzte|jeden|chaque|cada|desde|seit|depuis)\s+$",
    re.IGNORECASE,
)
_NEXT_BEFORE: Final = re.compile(
    r"\b(?:next|n\u00e4chste[nr]?|pr\u00f3ximo)\s+$", re.IGNORECASE
)
_NEXT_AFTER: Final = re.compile(r"\s+(?:prochain|que viene|pr\u00f3ximo)\b", re.IGNORECASE)
_GONE_AFTER: Final = re.compile(r"\s+(?:dernier|pasado)\b", re.IGNORECASE)
_COUNT: Final = r"\d{1,2}|one|two|three|four|five|six|seven|ten"
# What is asked of dateparser where it does not know the words themselves.
_RELATIVE: Final[tuple[tuple[str, str, str], ...]] = (
    ("en", r"\b(?:the\s+)?(?P<words>day after tomorrow)\b", ""),
    ("en", r"(?<!after )\b(?P<words>tomorrow|today|tonight)\b", ""),
    ("en", rf"\b(?P<words>in (?:{_COUNT}) (?:days?|weeks?))\b", ""),
    ("es", r"\b(?P<words>pasado ma\u00f1ana)\b", "en 2 d\u00edas"),
    ("es", r"(?<!la )(?<!pasado )(?<!esta )(?<!buena )\b(?P<words>ma\u00f1ana|hoy)\b", ""),
    ("es", r"\b(?P<words>en \d{1,2} (?:d\u00edas?|semanas?))\b", ""),
    ("fr", r"\b(?P<words>apr\u00e8s-demain)\b", ""),
    ("fr", r"(?<!apr\u00e8s-)(?<!apr\u00e8s )\b(?P<words>demain|aujourd['\u2019]hui)\b", ""),
    ("fr", r"\b(?P<words>dans \d{1,2} (?:jours?|semaines?))\b", ""),
    ("de", r"(?-i:\b(?P<words>\u00fcbermorgen|\u00dcbermorgen)\b)", ""),
    # Capitals make it the noun: "guten Morgen", "am Morgen".
    ("de", r"(?-i:(?<!guten )(?<!heute )\b(?P<words>morgen|heute)\b)", ""),
    ("de", r"\b(?P<words>in \d{1,2} (?:Tagen|Wochen))\b", ""),
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch `[start, end)` of a text that names a day.

    `number` is the day of the month, or the weekday counted from Monday as 0. `numbers`
    are all of them in the order written; a year not written is 0. `asked` is what to ask
    dateparser instead of the words. `next` marks "next Friday".
    """

    kind: Kind
    start: int
    end: int
    words: str
    language: str = ""
    number: int = 0
    numbers: tuple[int, int, int] = (0, 0, 0)
    asked: str = ""
    next: bool = False


def find_phrases(text: str, languages: Sequence[str]) -> list[Phrase]:
    """Return the phrases of *text* in order of place; none overlaps another."""
    found = [*_by_numbers(text)]
    for language in languages:
        found += _by_month(text, language)
        found += _by_weekday(text, language)
    found += _by_relation(text)
    # The longer of two that overlap says more: "10 March" within "10 March 2026".
    found.sort(key=lambda phrase: (phrase.start - phrase.end, phrase.start))
    taken: list[Phrase] = []
    for phrase in found:
        if all(phrase.end <= other.start or other.end <= phrase.start for other in taken):
            taken.append(phrase)
        if len(taken) > _MOST:
            break
    return sorted(taken, key=lambda phrase: phrase.start)


_MOST: Final = 100


def _by_numbers(text: str) -> Iterable[Phrase]:
    for match in _ISO.finditer(text):
        year, month, day = (int(group) for group in match.groups())
        yield Phrase("iso", *match.span(), match[0], numbers=(year, month, day))
    for match in _NUMERIC.finditer(text):
        year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)  # noqa: PLR2004 - "26"
        numbers = (int(match[1]), int(match[3]), year)
        yield Phrase("numeric", *match.span(), match[0], numbers=numbers)
    for match in _YEARLESS.finditer(text):
        first, second = (int(part) for part in match[1].rstrip(".").split(match[2])[:2])
        yield Phrase("numeric", *match.span(1), match[1], numbers=(first, second, 0))
    for match in _ORDINAL.finditer(text):
        yield Phrase("ordinal", *match.span(1), match[1], number=int(match[2]))


def _by_month(text: str, language: str) -> Iterable[Phrase]:
    for match in _month_pattern(language).finditer(text):
        groups = match.groupdict()
        month = groups["month"] or groups.get("month2") or ""
        if language == "en" and month in {"may", "march", "mar"}:
            continue  # "you may 2 times": the months have capitals
        day = int(groups["day"] or groups.get("day2") or 0)
        year = int(groups["year"] or groups.get("year2") or 0)
        asked = f"{day} {month} {year or ''}".strip()
        yield Phrase(
            "month",
            *match.span(),
            match[0].strip(" ,."),
            language=language,
            number=day,
            numbers=(day, 0, year),
            asked=asked,
        )


def _by_weekday(text: str, language: str) -> Iterable[Phrase]:
    pattern, numbers = _weekday_pattern(language)
    for match in pattern.finditer(text):
        before, after = text[max(0, match.start() - 16) : match.start()], match.end()
        if _SKIPPED_BEFORE.search(before) or _GONE_AFTER.match(text, after):
            continue
        said_before, said_after = _NEXT_BEFORE.search(before), _NEXT_AFTER.match(text, after)
        words = (said_before[0] if said_before else "") + match[0]
        yield Phrase(
            "weekday",
            *match.span(),
            words + (said_after[0] if said_after else ""),
            language=language,
            number=numbers[match[0].lower()],
            next=bool(said_before or said_after),
        )


def _by_relation(text: str) -> Iterable[Phrase]:
    for language, pattern, asked in _RELATIVE:
        for match in re.finditer(pattern, text, re.IGNORECASE):
            words = match["words"]
            wanted = asked or ("today" if words.lower() == "tonight" else words)
            yield Phrase("relative", *match.span("words"), words, language, asked=wanted)


@cache
def _names(language: str, key: str) -> tuple[str, ...]:
    """The names of a month or weekday in a language, as dateparser knows them."""
    from dateparser.languages.loader import default_loader  # noqa: PLC0415 - see dates.py

    info = default_loader.get_locale(language).info
    return tuple(name.lower() for name in info[key])


@cache
def _weekday_pattern(language: str) -> tuple[re.Pattern[str], dict[str, int]]:
    # Full names only: "sat", "sun", "mon", "mar" are words of their own.
    numbers = {
        name: number
        for number, day in enumerate(_DAYS)
        for name in _names(language, day)
        if name == max(_names(language, day), key=len)
    }
    return re.compile(rf"\b(?:{'|'.join(numbers)})\b", re.IGNORECASE), numbers


@cache
def _month_pattern(language: str) -> re.Pattern[str]:
    names = {name for month in _MONTHS for name in _names(language, month) if len(name) > 2}  # noqa: PLR2004
    month = "|".join(sorted((re.escape(name) for name in names), key=len, reverse=True))
    year = r"(?:,?\s+(?:de\s+|del\s+)?(?P<{0}>(?:19|20)\d\d)(?!\d))?"
    day = r"(?P<{0}>[12]\d|3[01]|0?[1-9])"
    day_first = (
        rf"(?<![\w.,:/$€£#-]){day.format('day')}(?:st|nd|rd|th|er|\.|[ºo])?\s{{0,2}}"
        rf"(?:of\s+|de\s+|d')?(?P<month>{month})\b\.?{year.format('year')}"
    )
    if language != "en":
        return re.compile(day_first, re.IGNORECASE)
    month_first = (
        rf"\b(?P<month2>{month})\b\.?\s+(?:the\s+)?{day.format('day2')}(?:st|nd|rd|th)?"
        rf"(?!\w|[:.,]\d|\s?%){year.format('year2')}"
    )
    return re.compile(f"{day_first}|{month_first}", re.IGNORECASE)
