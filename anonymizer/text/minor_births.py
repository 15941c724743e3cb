"""Dates of birth: how they are written, and whether who was born then is still a minor."""

from __future__ import annotations

from datetime import date

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.minor_words import (
    CHILD_WAKE,
    CHILD_WORD,
    NAMES,
    NAMES_1,
    POSSESSED,
    PRONOUN,
    Row,
    row,
)

_MONTH_ROWS = (
    "january february march april may june july august september october november december",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "ene feb mar abr may jun jul ago sept oct nov dic",
)
MONTHS = {month: number for row_ in _MONTH_ROWS for number, month in enumerate(row_.split(), 1)}
_MONTH = "(?:" + "|".join(sorted(MONTHS, key=lambda month: (-len(month), month))) + r")\b\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|º|\.)?"
DATE = (
    rf"(?:\d{{4}}[./-]\d{{1,2}}[./-]\d{{1,2}}"
    rf"|\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?(?:\d{{4}}|\d{{2}})(?!\d)"
    rf"|{_MONTH}\s{_DAY},?\s(?:of\s)?'?\d{{2,4}}(?!:)\b|{_DAY}[\s-](?:of |de "
    rf"|d')?{_MONTH}(?:[ -]|,\s|\sde\s|\sdel\s|\sof\s)\d{{4}}"
    rf"|{_MONTH},?\s(?:of\s|de\s)?(?:19|20)\d\d|(?:19|20)\d\d)(?!\d)"
)
"""A day, month or year of birth as it is written in a mail or a form."""

SOON = (
    rf"(?:{_MONTH}\s{_DAY}(?!\d)|{_DAY}\s(?:of |de )?{_MONTH}"
    rf"|\d{{1,2}}/\d{{1,2}}(?!\d)|{_MONTH}(?!\s?,?\s?\d)|the\s{_DAY}"
    r"|(?:next |this |last )?(?:mon|tues|wednes|thurs|fri|satur"
    r"|sun)day(?:\sat\s\d{1,2}(?::\d\d)?\s?[ap]m)?"
    r"|(?:last|this|next) (?:week|month|year|spring|summer|fall|winter)"
    r"|yesterday|today|tomorrow)"
)
"""A day without a year: a birthday, or a birth not long ago."""

_LABEL = (
    r"(?:\bd\.?\s?o\.?\s?b\.?|\b(?:date of birth|birth ?dates?|fecha de nacimiento"
    r"|f\. ?nac\.?|date de naissance|Geburtsdatum|geb\.|data de nascimento|geb\b))"
)
_WAKE = (
    "dob born birth birthdate birthdates birthday"
    " bday nacimiento naissance geburtsdatum"
    " geb geboren nascimento née né nacida nacido nac"
)

ROWS: tuple[Row, ...] = (
    row(
        "name and date of birth",
        _WAKE + " b d",
        rf"(?<![\w-]){NAMES_1}(?:'s?)?,?\s?[,(:-]{{0,2}}\s?(?:(?:is|was|were|has|a"
        rf"|minor|age \d+|my|his|her|our|son|daughter|baby|who"
        rf"|child)\s?,?\s?){{0,3}}"
        rf"(?:{_LABEL}|\b(?:birthday|b-?day|born(?: on| in)?|b\.|nacid[oa](?: el"
        rf"| en)?|née? le|née? en|geboren(?: am)?))(?:\s?[:=-]\s?|\sis\s|\son\s"
        rf"|\sin\s|\s)?\s{{0,2}}(?P<birth>{DATE})",
    ),
    row(
        "date of birth",
        _WAKE,
        rf"{_LABEL}(?:\s(?:of|de|du|des|del|de la|de l')\s?(?:the |la "
        rf"|el )?[\w']{{3,14}}(?:\s\w{{3,14}})?)?"
        rf"(?:\s{{0,3}}(?:is|was|on|in|:|=|-|\(|el|le|am|es|est"
        rf"|ist))*\s{{0,3}}(?P<birth>{DATE})",
    ),
    row(
        "somebody's birth",
        _WAKE,
        rf"\b(?:{PRONOUN}"
        rf"|{POSSESSED}\s(?:\w+\s){{0,2}}(?P<kin>{CHILD_WORD})(?:,?\s{NAMES_1},?)?"
        rf"|(?P<me>i))(?:'s|\s(?:is|was|were|who|,))*\s(?:b-?day|birthday"
        rf"|birth ?date|born|b\.)(?:\s(?:is|on|in|:))*\s?(?P<birth>{DATE})|\b(?:his"
        rf"|her|their)\s(?:b-?day|birthday|birth ?date)(?:\s(?:is|on|in|was"
        rf"|:))*\s?(?P<birth>{DATE})",
    ),
    row(
        "list of births",
        "birth births dob dobs",
        rf"\b(?:births?|dobs?"
        rf"|d\.o\.b\.)\b\)?[^\n]{{0,24}}?:?\s{{1,4}}{NAMES_1}[,:]?\s\(?(?P<birth>{DATE}"
        rf")\)?(?:(?:\s?[;,&]|\sand"
        rf"|\s?\n[ \t>*-]*)\s{{0,2}}{NAMES_1}[,:]?\s\(?(?P<birth>{DATE})\)?){{0,6}}",
    ),
    row(
        "due date",
        "due",
        rf"\b(?:i'm|i am|she's|she is|wife is|baby is|daughter is|(?:my"
        rf"|the) due date is)\s(?:due\s)?(?:on\s|in\s"
        rf"|around\s)?(?P<BIRTH_DATE>{SOON})(?<=due.{{1,40}})",
    ),
    row(
        "born of late",
        "born arrived",
        rf"(?:(?<![\w-]){NAMES}"
        rf"|\b{POSSESSED}\s(?:\w+\s){{0,2}}(?P<kin>{CHILD_WORD})(?:,?\s{NAMES_1},?)?"
        rf"|{PRONOUN})\s(?:was|were|just)?\s?born\s(?:on\s|in\s|at\s)?"
        rf"(?P<BIRTH_DATE>{SOON})(?!\s{{0,2}},?\s?\d{{4}})",
    ),
    row(
        "baby arrived",
        "lbs lb oz pounds ounces kg grams",
        rf"{NAMES_1}\s(?:arrived|was born|is here|joined us"
        rf"|came)(?:\s(?:on\s)?(?P<BIRTH_DATE>{SOON}))?[^.!?\n]{{0,30}}?"
        r"(?P<HEALTH>\d{1,2}\s?(?:lbs?"
        r"|pounds?),?\s(?:and\s)?\d{1,2}(?:\.\d)?\s?(?:oz|ounces?))",
    ),
    row(
        "a child's birthday",
        "birthday bday",
        rf"(?:(?<![\w-]){NAMES_1}'s?|\b(?:my|our|his|her"
        rf"|their)\s(?:\w+\s)?(?P<kin>{CHILD_WORD})'s)\s(?:b-?day"
        rf"|birthday)(?: party)?\s(?:is|was|falls)\s(?:on\s"
        rf"|in\s)?(?P<BIRTH_DATE>{SOON})(?!\s?,?\s?\d{{4}})",
    ),
    row(
        "turns so many then",
        CHILD_WAKE | {"turns", "turn", "turning", "he", "she"},
        rf"\bturn(?:s|ed|ing)?\s(?:\d{{1,2}}|\w{{3,9}})\s(?:on\s|in\s)(?P<BIRTH_DATE>{SOON})",
        child_near=True,
    ),
    row(
        "nació, né, geboren",
        "nació nacio né née naquit geboren",
        rf"(?:(?<![\w-]){NAMES}"
        rf"|\b{POSSESSED}\s(?:\w+\s)?(?P<kin>{CHILD_WORD})(?:\s{NAMES_1})?"
        rf"|{PRONOUN})\s(?:nació|est née?|naquit|wurde|ist)"
        rf"\s(?:el|en|le|am|im|geboren)?\s?(?P<birth>{DATE})",
    ),
)

_WHOLE = regex.compile(r"(?P<y>\d{4})[./-](?P<m>\d{1,2})[./-](?P<d>\d{1,2})")
_NUMERIC = regex.compile(
    r"(?P<a>\d{1,2})\s?[./-]\s?(?P<b>\d{1,2})\s?[./-]\s?(?P<y>\d{4}|\d{2})"
)
_YEAR = regex.compile(r"(?:19|20)\d\d|'\d\d|\d\d$")
_WORD = regex.compile(r"\p{L}{3,}")
_DAY_IN = regex.compile(r"(?<!\d)\d{1,2}(?!\d)")


def latest_birth(text: str, at: date) -> date | None:
    """Return the latest day that *text* can mean, None where it is no day before *at*.

    A month or year alone counts as its last day, and of two readings of 3/4/2015 the later
    one: whoever may be a minor is one. Two digits of a year are taken as not in the future.
    """
    whole = _WHOLE.match(text)
    if whole:
        days = [_day(int(whole["y"]), int(whole["m"]), int(whole["d"]))]
    elif numeric := _NUMERIC.match(text):
        year = _full_year(numeric["y"], at)
        one, two = int(numeric["a"]), int(numeric["b"])
        days = [_day(year, one, two), _day(year, two, one)]
    else:
        days = [_worded(text, at)]
    known = [day for day in days if day is not None and day <= at]
    return max(known, default=None)


def _worded(text: str, at: date) -> date | None:
    found = list(_YEAR.finditer(text))
    if not found:
        return None
    year = _full_year(found[-1].group().lstrip("'"), at)
    month = next(
        (
            MONTHS[w.group().casefold()]
            for w in _WORD.finditer(text)
            if w.group().casefold() in MONTHS
        ),
        0,
    )
    if not month:
        return min(date(year, 12, 31), at)
    day = _DAY_IN.search(text[: found[-1].start()])
    if day:
        return _day(year, month, int(day.group()))
    last = _day(year, month, 28)
    return min(last, at) if last and (year, month) <= (at.year, at.month) else last


def _full_year(digits: str, at: date) -> int:
    if len(digits) > 2:  # noqa: PLR2004 - all four are written
        return int(digits)
    year = 2000 + int(digits)
    return year if year <= at.year else year - 100


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def age_at(born: date, at: date) -> int:
    """Return the completed years of life on the day *at*."""
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))
