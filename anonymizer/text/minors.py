"""Children in a mail: who they are, and what says so.

The rules are rows in the modules `minor_*`; here they are tried and what they find is weighed.
Every sign needs a person: a name, a word of kinship or a pronoun. A boiler may be five years
old, and a bolt of grade 8 goes to no school. What is found goes whatever a flow keeps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text import (
    minor_ages,
    minor_births,
    minor_health,
    minor_kin,
    minor_school,
    minor_school_abroad,
    minor_sport,
)
from anonymizer.text.findings import Finding
from anonymizer.text.minor_generous import generous_findings, said_of
from anonymizer.text.minor_guards import (
    A_BUILDING,
    BUILDINGS,
    DIGITS,
    GREETED,
    GROWN_BEFORE,
    GROWN_KIN,
    INSTITUTION,
    LIMIT_AFTER,
    LIMIT_BEFORE,
    LOOSE_KIN,
    LOOSE_WHOSE,
    NO_CHILD_AFTER,
    PET,
)
from anonymizer.text.minor_majority import majority
from anonymizer.text.minor_scene import Scene, Span, scene_of, trimmed_name
from anonymizer.text.minor_words import NUMBERS, SHORT_UNIT, Row

__all__ = ["Minors", "find_belongings", "find_minors", "majority"]

_ROWS: tuple[Row, ...] = (
    *minor_kin.ROWS,
    *minor_ages.ROWS,
    *minor_births.ROWS,
    *minor_school.ROWS,
    *minor_school_abroad.ROWS,
    *minor_sport.ROWS,
    *minor_health.ROWS,
)
_FIRST = tuple(row for row in _ROWS if not row.child_near)
_SECOND = tuple(row for row in _ROWS if row.child_near)
_OLDEST = 115
_LABELS = (
    "AGE",
    "BELIEF",
    "BIRTH_DATE",
    "FAMILY",
    "HEALTH",
    "PERSON",
    "PLACE",
    "SCHOOL",
    "TEAM",
)
_ORDINAL_WORDS = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth
"""
_ORDINALS = {word: number for number, word in enumerate(_ORDINAL_WORDS.split(), 1)}
_ORDINALS["sweet sixteen"] = 16


@dataclass(slots=True)
class Minors:
    """What one text says about children.

    `findings` are what must go (ages, schools, dates of birth; adults' ages too, without
    the mark `minor`), `names` the stretches that name a child, `near` names of a child unless
    a header knows them as somebody's, `grown` names of whom an adult age is said. `author`
    says that the writer is a minor.
    """

    findings: list[Finding] = field(default_factory=list)
    names: list[Span] = field(default_factory=list)
    near: list[Span] = field(default_factory=list)
    grown: list[Span] = field(default_factory=list)
    author: bool = False


def find_minors(
    text: str, people: Iterable[Span], *, region: str, at: date
) -> tuple[Minors, Scene]:
    """Return what *text* says about children, and the scene to hand to `find_belongings`.

    *people* are the stretches where names stand, in order; *at* is the day on which ages
    count.
    """
    found = Minors()
    scene = scene_of(text, people, majority(region), at)
    for row in _woken(_FIRST, scene):
        _try(row, scene, found)
    aged = {(f.start, f.end) for f in found.findings if f.minor and f.label == "AGE"}
    scene.children = sorted({*found.names, *found.near, *aged})
    return found, scene


def find_belongings(scene: Scene, children: Iterable[Span], *, author: bool) -> Minors:
    """Return what else is said of the *children*, whose names stand at these stretches.

    School, team, health and more: where a sentence speaks of a child; anywhere, if the
    *author* is one.
    """
    found = Minors()
    scene.children = sorted({*scene.children, *children})
    scene.everywhere = author
    scene.forget()
    if scene.everywhere or scene.mentions():
        for row in _woken(_SECOND, scene):
            _try(row, scene, found)
    more, near = generous_findings(scene)
    found.findings.extend(more)
    found.near.extend(near)
    return found


def _by_word(rows: tuple[Row, ...]) -> dict[str, list[int]]:
    """Return by waking word the places of the rows that it wakes."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        for word in row.wake or ("",):
            places.setdefault(word, []).append(place)
    return places


_PLACES = {len(rows): _by_word(rows) for rows in (_FIRST, _SECOND)}


def _woken(rows: tuple[Row, ...], scene: Scene) -> list[Row]:
    """Return the rows that a word of the text wakes, in their order."""
    places = _PLACES[len(rows)]
    woken = {place for word in ("", *scene.wakes) for place in places.get(word, ())}
    return [rows[place] for place in sorted(woken)]


def _try(row: Row, scene: Scene, found: Minors) -> None:
    windows = scene.about_children if row.child_near else scene.windows
    for low, high in windows(row.wake):
        for match in row.pattern.finditer(scene.text, low, high):
            if row.child_near and not scene.child_near(match.start(), match.end()):
                continue
            _weigh(row, scene, found, match)


def _weigh(row: Row, scene: Scene, found: Minors, match: regex.Match[str]) -> None:
    groups = row.pattern.groupindex
    ages = _ages(scene, match, groups)
    if ages is None or _a_limit(match, ages) or _about_a_thing(scene, match, groups):
        return
    alone = row.child_near and ages and not _anybody(match, groups) and "names" not in groups
    if alone and said_of(scene, match.start()) == "thing":
        return
    births = _births(scene, match, groups)
    if births is None:
        return
    told = sorted(ages + births)
    names = _names(row, scene, match, groups)
    if "names" in groups and match.spans("names") and not names and not _anybody(match, groups):
        return
    minor = any(young for _, young in told) or not told
    if not told and _not_a_child(row, scene, match, groups, names):
        return
    if _a_building(row, scene, match, groups):
        return
    for label, stretches in (("AGE", ages), ("BIRTH_DATE", births)):
        for (start, end), young in stretches:
            found.findings.append(Finding(start, end, label, "minors", minor=young))
    for label in _LABELS:
        if label in groups and minor:
            for start, end in match.spans(label):
                if end > start:
                    found.findings.append(Finding(start, end, label, "minors", minor=True))
    _note_names(row, found, names, told, minor=minor)
    _note_others(scene, found, match, groups, minor=minor, stated=bool(told))


def _ages(
    scene: Scene, match: regex.Match[str], groups: dict[str, int]
) -> list[tuple[Span, bool]] | None:
    """Return (stretch, is a minor's) of each age; None where one is no person's age."""
    ages: list[tuple[Span, bool]] = []
    if "ordinal" in groups and match["ordinal"]:
        years = _number(match["ordinal"])
        return [(match.span("age"), years < scene.majority)]
    if "n" not in groups:
        return ages
    wholes = match.spans("age") or match.spans("n")
    for start, end in match.spans("n"):
        years = _number(match.string[start:end])
        if years > _OLDEST:
            return None
        whole = next(((a, b) for a, b in wholes if a <= start and end <= b), (start, end))
        short = SHORT_UNIT.search(match.string, end, whole[1]) is not None
        ages.append((whole, short or years < scene.majority))
    return ages


def _a_limit(match: regex.Match[str], ages: list[tuple[Span, bool]]) -> bool:
    """Return whether an age is one that a rule or a form sets: "under 3", "10 or younger"."""
    return any(
        LIMIT_AFTER.match(match.string, end)
        or LIMIT_BEFORE.search(match.string, max(0, start - 20), start)
        for (start, end), _ in ages
    )


def _number(text: str) -> int:
    digits = DIGITS.search(text)
    if digits:
        return int(digits.group())
    word = text.casefold().strip("- ")
    return NUMBERS.get(word, _ORDINALS.get(word, _OLDEST + 1))


def _about_a_thing(scene: Scene, match: regex.Match[str], groups: dict[str, int]) -> bool:
    """Return whether a pronoun may stand for a thing: "the pump, which ... they are 8"."""
    if "pronoun" not in groups or not match["pronoun"]:
        return False
    word = match["pronoun"].casefold()
    low, _ = scene.sentence(match.start())
    if PET.search(scene.text, max(0, low - 60), match.start("pronoun")):
        return True
    if word in {"who", "he", "she", "him", "her", "his", "él", "ella", "ele", "ela"}:
        return False
    return not scene.child_near(match.start(), match.start("pronoun"))


def _births(
    scene: Scene, match: regex.Match[str], groups: dict[str, int]
) -> list[tuple[Span, bool]] | None:
    """Return (stretch, is a minor's) of each date of birth; None where one is no such date."""
    births: list[tuple[Span, bool]] = []
    for start, end in match.spans("birth") if "birth" in groups else ():
        day = minor_births.latest_birth(match.string[start:end], scene.at)
        if day is None:
            return None
        young = minor_births.age_at(day, scene.at) < scene.majority
        births.append(((start, end), young))
    return births


def _told(match: regex.Match[str], groups: dict[str, int]) -> bool:
    """Return whether a word of kinship or a school says that the name is a child's."""
    return any(name in groups and match[name] for name in ("kin", "SCHOOL"))


def _anybody(match: regex.Match[str], groups: dict[str, int]) -> bool:
    return any(name in groups and match[name] for name in ("kin", "pronoun", "me"))


def _names(
    row: Row, scene: Scene, match: regex.Match[str], groups: dict[str, int]
) -> list[Span]:
    if "names" not in groups:
        return []
    spans = []
    for start, end in match.spans("names"):
        name = trimmed_name(scene.text, start, end, sure=row.sure)
        if name is None or not scene.plausible(*name):
            continue
        if not row.sure and not _told(match, groups) and not scene.known(*name):
            continue
        if GREETED.search(scene.text, max(0, name[0] - 16), name[0]):
            continue
        if PET.search(scene.text, max(0, name[0] - 24), name[0]):
            continue
        if INSTITUTION.search(scene.text, max(0, name[0] - 24), name[0]):
            continue
        spans.append(name)
    return spans


def _not_a_child(
    row: Row, scene: Scene, match: regex.Match[str], groups: dict[str, int], names: list[Span]
) -> bool:
    if any(NO_CHILD_AFTER.match(scene.text, end) for _, end in names[-1:]):
        return True
    if "kin" not in groups or not match["kin"]:
        return False
    kin = match["kin"]
    if GROWN_BEFORE.search(scene.text, max(0, match.start("kin") - 24), match.start("kin")):
        return True
    told = any(label in groups and match[label] for label in _LABELS)
    if GROWN_KIN.fullmatch(kin) and not row.child_near and not told:
        own = regex.search(
            r"(?:little|baby|kid|our|my)\s(?:\w+\s)?$",
            scene.text[max(0, match.start("kin") - 24) : match.start("kin")],
            regex.I,
        )
        return own is None or (
            kin.casefold().rstrip("s") in {"brother", "sister", "sibling", "bro"}
            and "little" not in own.group().casefold()
            and "baby" not in own.group().casefold()
        )
    loose = LOOSE_KIN.fullmatch(kin) and LOOSE_WHOSE.match(match.group())
    return bool(loose) and row.sure


def _a_building(
    row: Row, scene: Scene, match: regex.Match[str], groups: dict[str, int]
) -> bool:
    """Return whether "at the middle school" is only where somebody works."""
    if row.child_near or "SCHOOL" not in groups or not match["SCHOOL"]:
        return False
    start = match.start("SCHOOL")
    if not BUILDINGS.fullmatch(scene.text, start, match.end("SCHOOL")):
        return False
    if "kin" in groups and match["kin"]:
        return False
    return A_BUILDING.search(scene.text, max(0, start - 5), start) is not None


def _note_names(
    row: Row, found: Minors, names: list[Span], ages: list[tuple[Span, bool]], *, minor: bool
) -> None:
    """Give each name the age that follows it; a name without one is as young as the others."""
    for at, (start, end) in enumerate(names):
        later = names[at + 1][0] if at + 1 < len(names) else None
        own = [
            young
            for span, young in ages
            if span[0] >= end and (later is None or span[0] < later)
        ]
        if len(own) != 1 and len(ages) == len(names):
            own = [ages[at][1]]
        young = own[0] if len(own) == 1 else minor
        if young:
            (found.names if row.sure else found.near).append((start, end))
        else:
            found.grown.append((start, end))


def _note_others(
    scene: Scene,
    found: Minors,
    match: regex.Match[str],
    groups: dict[str, int],
    *,
    minor: bool,
    stated: bool,
) -> None:
    if "me" in groups and match["me"]:
        found.author = found.author or minor
    if "pronoun" in groups and match["pronoun"]:
        name = scene.antecedent(match.start("pronoun"))
        if name and minor:
            found.near.append(name)
        elif name and stated:
            found.grown.append(name)
