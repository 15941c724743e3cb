"""What a mail that speaks of a child says more of it, read generously.

The other rows ask who is meant. Here a mail is known to speak of a child; what remains to be
asked is only what the *head noun* is: the thing that is so old, the school that is the site.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain

from anonymizer.text.findings import Finding
from anonymizer.text.minor_births import MONTHS, age_at, latest_birth
from anonymizer.text.minor_generous_places import (
    BUSINESS_AFTER,
    BUSINESS_BEFORE,
    HEALTHS,
    SCHOOLS,
    TEAMS,
)
from anonymizer.text.minor_generous_rows import (
    AFTER_NAME,
    AGES,
    ATTRIBUTES,
    BIRTHS,
    BIRTHS_OF_AN_AGE,
    BIRTHS_OTHERWISE,
    CALLED,
    DIRECTLY_BEFORE,
    EVIDENCE,
    FORMS,
    MINOR_PHONE,
    NO_PERSON,
    NUMBER,
    PETS,
    THINGS_BORN,
    Pattern,
)
from anonymizer.text.minor_given import GIVEN
from anonymizer.text.minor_scene import Scene, Span, trimmed_name
from anonymizer.text.minor_words import CHILD_WAKE, NUMBERS, PERSON_WORD, SHORT_UNIT, THING
from anonymizer.text.stand_ins import fold

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['\u2019]s\s+\w")
_HE_OR_SHE = frozenset({"he", "she", "él", "ella", "il", "elle", "er", "sie", "hes", "shes"})
_THEY = frozenset({"they", "ils", "elles", "ellos", "ellas", "both", "theyre"})
_IT = frozenset({"it", "its", "which", "eso", "ça", "cela", "these", "those"})
_WHO = frozenset({"who", "i", "ich", "qui", "yo", "we", "us"})
_YEAR = re.compile(r"\d{4}")
_LINE_END = re.compile(r"[.,;:!?\n)]")
_REACH = 160
_FAR_FROM_CHILD = 260
_MOST_YEARS = 115


def generous_findings(scene: Scene) -> tuple[list[Finding], list[Span]]:
    """Return what goes of a text that speaks of children, and the names next to it.

    Findings are ages, births, schools, teams and health; they may overlap what other rules
    found. Ages of adults come without the mark `minor`. The names are a child's unless a
    header knows them as somebody's. Both are empty where nothing speaks of a child.
    """
    signs = sorted({*scene.mentions(), *_evidence(scene)})
    if not (signs or scene.everywhere):
        return [], []
    ages = [*_ages(scene), *_after_names(scene)]
    schools = [*_stretches(scene, signs, SCHOOLS, "school", "SCHOOL")]
    findings = [
        *ages,
        *_births(scene, ages),
        *schools,
        *_stretches(scene, signs, TEAMS, "team", "TEAM"),
        *_stretches(scene, signs, HEALTHS, "health", "HEALTH"),
    ]
    said = [f for f in (*ages, *schools) if f.minor]
    findings += _phones(scene, said)
    return findings, [*_names_before(scene, said), *_called(scene, signs)]


def _evidence(scene: Scene) -> Iterator[Span]:
    """Yield the signs of a child that stand where a word of childhood woke the reading."""
    for low, high in scene.zones:
        yield from (m.span() for m in EVIDENCE().finditer(scene.text, low, high))


def _phones(scene: Scene, said: list[Finding]) -> Iterator[Finding]:
    """Yield the telephone that follows a child's age or school as its own."""
    for finding in said:
        match = MINOR_PHONE().match(scene.text, finding.end)
        if match:
            yield Finding(*match.span("phone"), "PHONE", "minors", minor=True)


def _called(scene: Scene, signs: list[Span]) -> Iterator[Span]:
    """Yield names of whom something is said that is said of children only."""
    for pattern in CALLED:
        for match in pattern().finditer(scene.text):
            name = trimmed_name(scene.text, *match.span("name"))
            if name and _close(signs, name[0]) and _kind(scene.text[name[0] : name[1]]) is None:
                yield name


def _names_before(scene: Scene, findings: list[Finding]) -> Iterator[Span]:
    """Yield the names that stand right before an age or a grade."""
    for finding in findings:
        match = DIRECTLY_BEFORE().search(scene.text, max(0, finding.start - 30), finding.start)
        if match and _named(scene, *match.span("name")):
            yield match.span("name")


def _ages(scene: Scene) -> Iterator[Finding]:
    for pattern in (AGES, FORMS, ATTRIBUTES):
        for match in pattern().finditer(scene.text):
            if pattern is AGES and said_of(scene, match.start()) != "person":
                continue
            if pattern is not AGES and _of_a_thing(scene, match):
                continue
            yield from _each_number(scene, match)


def _after_names(scene: Scene) -> Iterator[Finding]:
    """Yield the bare numbers right after names: "Nia 6 and Tyree 4"."""
    for match in AFTER_NAME().finditer(scene.text):
        month = fold(match["name"]) in MONTHS
        if not month and _named(scene, *match.span("name")) == "person":
            yield Finding(*match.span("age"), "AGE", "minors", minor=True)


def _each_number(scene: Scene, match: re.Match[str]) -> Iterator[Finding]:
    whole = match["age"]
    months = SHORT_UNIT.search(whole) is not None
    for found in NUMBER().finditer(whole):
        text = found.group().casefold()
        years = int(text) if text.isdigit() else NUMBERS.get(text, 1)
        if years > _MOST_YEARS:
            return
        start = match.start("age") + found.start()
        end = match.start("age") + found.end()
        minor = months or years < scene.majority
        yield Finding(start, end, "AGE", "minors", minor=minor)
    if months or minor:
        yield Finding(*match.span("age"), "AGE", "minors", minor=True)


def _of_a_thing(scene: Scene, match: re.Match[str]) -> bool:
    """Return whether the age stands before a thing, or in a line about one."""
    after = scene.text[match.end() : match.end() + 30]
    line_end = _LINE_END.search(after)
    following = [
        m.group() for m in _WORD.finditer(after[: line_end.start()] if line_end else after)
    ]
    if any(_thing(word) for word in following[:3]):
        return True
    low, _ = scene.sentence(match.start())
    before = scene.text[max(low, match.start() - 60) : match.start()]
    for word in reversed(_WORD.findall(before)):
        kind = "thing" if fold(word) in _IT else _kind(word)
        if kind:
            return kind == "thing"
    return False


def said_of(scene: Scene, at: int) -> str | None:
    """Return "person" or "thing": of which the words that end at *at* speak; None: unknown."""
    low, _ = scene.sentence(max(0, at - 1))
    low = max(low, at - _REACH)
    found = list(_WORD.finditer(scene.text, low, at))
    if not found:
        return _before_pronoun(scene, at, many=True)
    for word in reversed(found):
        token = fold(word.group())
        if token in _HE_OR_SHE or token in _THEY:
            return _before_pronoun(scene, word.start(), many=token in _THEY)
        if token in _WHO:
            return "person"
        if token in _IT:
            return "thing"
        if word.end() < at and _POSSESSIVE.match(scene.text, word.end()):
            continue
        kind = _kind(word.group()) or _named(scene, word.start(), word.end())
        if kind:
            return kind
    return None


def _before_pronoun(scene: Scene, at: int, *, many: bool) -> str | None:
    """Return what a pronoun stands for; he and she are people unless a pet is nearest."""
    found = list(_WORD.finditer(scene.text, max(0, at - _REACH), at))
    for word in reversed(found):
        if fold(word.group()) in PETS:
            return "thing"
        kind = _kind(word.group()) or _named(scene, word.start(), word.end())
        if kind == "person" or (kind and many):
            return kind
    return None if many else "person"


def _kind(word: str) -> str | None:
    token = fold(word)
    if token in CHILD_WAKE or token in {"ones", "preschoolers", "graders", "nurslings"}:
        return None if token in NO_PERSON else "person"
    if token in PETS or _thing(word):
        return "thing"
    return "person" if _person().fullmatch(word) else None


@cache
def _thing_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"{THING}s?|systems?|equipment|spa|pool|crew|job|site|sign"
        r"|cabinets?|knobs?|deadbolts?|granite|backflow|fixtures?|garderie"
        r"|guardería|crèche|kita|daycare|preschool|school|chaufferie|panneau|instalación|gates?"
        r"|breaker|mower|lift|chauffe-eau|ballon|termo|calentador|lámpara",
        re.IGNORECASE,
    )


@cache
def _thing(word: str) -> bool:
    return _thing_pattern().fullmatch(word) is not None


@cache
def _person() -> re.Pattern[str]:
    return re.compile(PERSON_WORD, re.IGNORECASE)


def _named(scene: Scene, start: int, end: int) -> str | None:
    """Return "person" where the word is a name by its capital and more than that."""
    if not scene.text[start].isupper():
        return None
    for spans in (scene.people, scene.children):
        place = bisect_right(spans, (start, len(scene.text)))
        if place and spans[place - 1][0] <= start and end <= spans[place - 1][1]:
            return "person"
    token = fold(scene.text[start:end])
    return "person" if token in GIVEN and token not in scene.small else None


def _births(scene: Scene, ages: list[Finding]) -> Iterator[Finding]:
    for match in chain(BIRTHS().finditer(scene.text), BIRTHS_OTHERWISE().finditer(scene.text)):
        if "born" in match.group().casefold() and THINGS_BORN().search(
            scene.text, max(0, match.start() - 60), match.start()
        ):
            continue
        for name in ("birth", "birth2"):
            text = match[name]
            if not text:
                continue
            day = latest_birth(text, scene.at)
            young = day is not None and age_at(day, scene.at) < scene.majority
            if young or (day is None and not _YEAR.search(text)):
                yield Finding(*match.span(name), "BIRTH_DATE", "minors", minor=True)
    for age in ages:
        match_ = BIRTHS_OF_AN_AGE().match(scene.text, age.end) if age.minor else None
        if match_:
            yield Finding(*match_.span("birth"), "BIRTH_DATE", "minors", minor=True)


def _stretches(
    scene: Scene, signs: list[Span], patterns: Iterable[Pattern], group: str, label: str
) -> Iterator[Finding]:
    """Yield what *patterns* find close to a sign of a child, save the business's sites."""
    for pattern in patterns:
        for match in pattern().finditer(scene.text):
            start, end = match.span(group)
            low, high = scene.sentence(start)
            if label != "HEALTH" and (
                BUSINESS_BEFORE().search(scene.text, max(low, start - 60), start)
                or BUSINESS_AFTER().match(scene.text, end, min(high + 1, end + 40))
            ):
                continue
            if scene.everywhere or _close(signs, start):
                yield Finding(start, end, label, "minors", minor=True)


def _close(signs: list[Span], at: int) -> bool:
    """Return whether a sign of a child stands within some sentences of *at*."""
    place = bisect_right(signs, (at - _FAR_FROM_CHILD, 0))
    return place < len(signs) and signs[place][0] <= at + _FAR_FROM_CHILD
