"""Children in a mail: who they are, and what says so.

Every signal needs a person: a name, a word of kinship or a pronoun close by. A boiler may be
five years old, kid gloves fit nobody, and a bolt of grade 8 goes to no school. What is found
here is taken out whatever a flow keeps.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text import minor_signs as signs
from anonymizer.text.findings import Finding

Span = tuple[int, int]

# Ages of majority that are not 18. The stricter reading of "child" is the safe one.
# Source: https://en.wikipedia.org/wiki/Age_of_majority (Canada by province; Alabama, Nebraska)
_MAJORITY = dict.fromkeys(
    ("CA-BC", "CA-NB", "CA-NL", "CA-NS", "CA-NT", "CA-NU", "CA-YT", "US-AL", "US-NE"), 19
)
_USUAL_MAJORITY = 18
_OLDEST = 115
_NUMBERS = {word: number for number, word in enumerate(signs.NUMBER_WORDS, 1)}
_SENTENCE_END = re.compile(r"[.!?](?=\s)\s|\n\s*\n")
_REACH = 110


def majority(region: str) -> int:
    """Return the age from which a person is no minor, by ISO 3166-2 code."""
    return _MAJORITY.get(region.upper(), _USUAL_MAJORITY)


@dataclass(slots=True)
class Minors:
    """What one text says about children.

    `findings` are what must go (ages, schools, dates of birth; adults' ages too, without
    the mark `minor`), `names` the stretches that name a child, `near` names that stand
    close to talk of a child and are one's unless they are known to be somebody else's.
    `author` says that the writer is a minor.
    """

    findings: list[Finding] = field(default_factory=list)
    names: list[Span] = field(default_factory=list)
    near: list[Span] = field(default_factory=list)
    author: bool = False


def find_minors(text: str, people: list[Span], *, region: str, at: date) -> Minors:
    """Return what *text* says about children.

    *people* are the stretches where names stand, in order; *at* is the day on which ages
    count.
    """
    found = Minors()
    scene = _Scene(text, people, majority(region), at)
    for search in (_kin, _named_ages, _ages, _births, _schools, _around):
        search(scene, found)
    return found


@dataclass(frozen=True, slots=True)
class _Scene:
    text: str
    people: list[Span]
    majority: int
    at: date

    def minor(self, match: regex.Match[str]) -> bool | None:
        """Return whether the age matched is a minor's; None where it is no person's age."""
        number, unit = match["n"], match.groupdict().get("unit") or ""
        if signs.SHORT_UNIT.search(unit):
            return True
        age = _NUMBERS.get(number.casefold())
        years = int(number) if age is None else age
        return None if years > _OLDEST else years < self.majority

    def sentence(self, at: int) -> Span:
        """Return the sentence around *at*, never more than a reach to each side."""
        low, high = max(0, at - _REACH), min(len(self.text), at + _REACH)
        ends = [m.end() for m in _SENTENCE_END.finditer(self.text, low, at)]
        stop = _SENTENCE_END.search(self.text, at, high)
        return (ends[-1] if ends else low), (stop.start() if stop else high)

    def between(self, low: int, high: int) -> list[Span]:
        """Return the names that stand wholly in `[low, high)`."""
        first = bisect_left(self.people, (low, 0))
        last = bisect_left(self.people, (high, 0))
        return [span for span in self.people[first:last] if span[1] <= high]

    def nearest(self, at: int) -> Span | None:
        """Return the name closest before *at* in its sentence, else closest after."""
        low, high = self.sentence(at)
        around = self.between(low, high)
        before = [span for span in around if span[1] <= at]
        after = [span for span in around if at <= span[0]]
        return before[-1] if before else after[0] if after else None

    def follows(self, at: int) -> Span | None:
        """Return the name that starts right after *at*: "our 5-year-old Leo"."""
        for start, end in self.between(at + 1, at + _REACH):
            if start <= at + 2 and not signs.THING.search(self.text, end, end + 16):
                return start, end
        return None

    def somebody(self, at: int) -> bool:
        """Return whether a person and no thing is the nearest subject before *at*."""
        low, _ = self.sentence(at)
        people = [end for _, end in self.between(low, at)]
        people += [m.end() for m in signs.SOMEBODY.finditer(self.text, low, at)]
        things = [m.end() for m in signs.THING.finditer(self.text, low, at)]
        return bool(people) and max(people) > max(things, default=-1)

    def greeted(self, at: int) -> bool:
        """Return whether the name at *at* is the one that the mail is addressed to."""
        return signs.GREETED.search(self.text, max(0, at - 16), at) is not None


def _kin(scene: _Scene, found: Minors) -> None:
    for pattern in (signs.KIN_NAME, signs.NAME_KIN, signs.FORM_NAME, signs.LOWER_KIN):
        for match in pattern.finditer(scene.text):
            if pattern is signs.NAME_KIN and scene.greeted(match.start()):
                continue
            if signs.NOT_A_CHILD.match(scene.text, match.end("names")):
                continue
            _kin_names(scene, found, match)


def _kin_names(scene: _Scene, found: Minors, match: regex.Match[str]) -> None:
    grown = signs.GROWN_KIN.fullmatch(match.groupdict().get("kin") or "") is not None
    names = list(_listed(match))
    ages = [signs.AGE_AFTER_NAME.match(scene.text, end) for _, end in names]
    minors = [scene.minor(age) if age else not grown for age in ages]
    for span, age, minor in zip(names, ages, minors, strict=True):
        if age and minor is not None:
            found.findings.append(_finding(age, "n", "n", "AGE", minor=minor))
        # "Ana (7) and Ben": the one without an age is as young as the other.
        if minor or (age is None and any(minors)):
            found.names.append(span)


def _listed(match: regex.Match[str]) -> Iterator[Span]:
    start, names = match.start("names"), match["names"]
    if names.islower():
        yield match.span("names")
    for name in signs.NAME_IN_LIST.finditer(names):
        yield start + name.start(), start + name.end()


def _named_ages(scene: _Scene, found: Minors) -> None:
    for match in signs.LISTED_AGES.finditer(scene.text):
        minor = scene.minor(match)
        if minor is not None:
            found.findings.append(_finding(match, "n", "m", "AGE", minor=minor))
        if minor:
            found.names.extend(_listed(match))
    for start, end in scene.people:
        match = signs.NAMED_AGE.match(scene.text, end)
        minor = scene.minor(match) if match else None
        if match is None or minor is None:
            continue
        last = "unit" if match["unit"] else "n"
        found.findings.append(_finding(match, "n", last, "AGE", minor=minor))
        if minor:
            found.names.append((start, end))


def _ages(scene: _Scene, found: Minors) -> None:
    for match in signs.AGE.finditer(scene.text):
        named = scene.follows(match.end("all"))
        if named and scene.minor(match):
            found.names.append(named)
        if named or match["noun"] or _alone(scene, match):
            _note_age(scene, found, match, "all", "all")
    for match in signs.SAID_AGE.finditer(scene.text):
        if not signs.THING.search(match["who"]):
            _note_age(scene, found, match, "n", "unit" if match["unit"] else "n")
    for match in signs.BARE_AGE.finditer(scene.text):
        if scene.somebody(match.start()):
            _note_age(scene, found, match, "n", "m" if match["m"] else "n")


def _alone(scene: _Scene, match: regex.Match[str]) -> bool:
    """Return whether an age stands for a person: "our 5-year-old is", "she is 9 years old"."""
    before = scene.text[max(0, match.start() - 24) : match.start()]
    if signs.SOMEBODYS.search(before):
        used = signs.USED_AS_PERSON.match(scene.text, match.end())
        return used is not None and not signs.THING.search(before)
    return scene.somebody(match.start()) and not signs.GOES_ON.match(scene.text, match.end())


def _note_age(
    scene: _Scene, found: Minors, match: regex.Match[str], first: str, last: str
) -> None:
    minor = scene.minor(match)
    if minor is None:
        return
    found.findings.append(_finding(match, first, last, "AGE", minor=minor))
    if not minor:
        return
    groups = match.groupdict()
    who = (groups.get("who") or "").casefold()
    start = match.start(first)
    own = signs.I_AM.search(scene.text, max(0, start - 16), start) is not None
    if who in signs.MYSELF or (own and not who and not groups.get("noun")):
        found.author = True
    elif nearest := scene.nearest(match.start()):
        found.near.append(nearest)


def _births(scene: _Scene, found: Minors) -> None:
    for match in signs.BIRTH.finditer(scene.text):
        born = _year(match["date"], scene.at)
        # Only the year counts: a few months too strict at the border is the safe side.
        if born is None or not 0 <= scene.at.year - born <= scene.majority:
            continue
        found.findings.append(_finding(match, "date", "date", "BIRTH_DATE"))
        if signs.FIRST_PERSON.search(scene.text, max(0, match.start() - 24), match.start()):
            found.author = True
        elif nearest := scene.nearest(match.start()):
            found.near.append(nearest)


def _year(text: str, at: date) -> int | None:
    """Return the year of a date as written, two digits taken as not in the future."""
    whole = re.search(r"(?:19|20)\d\d", text)
    if whole:
        return int(whole.group())
    short = re.search(r"[./-](\d\d)$", text)
    if not short:
        return None
    year = 2000 + int(short[1])
    return year if year <= at.year else year - 100


def _schools(scene: _Scene, found: Minors) -> None:
    for match in signs.GRADE.finditer(scene.text):
        if scene.somebody(match.start()) or scene.nearest(match.start()):
            found.findings.append(_finding(match, 0, 0, "SCHOOL"))
            _note_child(scene, found, match.start())
    for match in signs.CARE.finditer(scene.text):
        found.findings.append(_finding(match, "place", "place", "SCHOOL"))
    # Where a mail speaks of a child at all, a school in it is taken for the child's.
    if not (found.names or signs.PUPIL.search(scene.text) or signs.GRADE.search(scene.text)):
        return
    for match in signs.SCHOOL.finditer(scene.text):
        found.findings.append(_finding(match, 0, 0, "SCHOOL"))
        low, high = scene.sentence(match.start())
        if signs.PUPIL.search(scene.text, low, high):
            _note_child(scene, found, match.start())


def _around(scene: _Scene, found: Minors) -> None:
    for match in signs.AROUND_CHILDREN.finditer(scene.text):
        _note_child(scene, found, match.start())


def _note_child(scene: _Scene, found: Minors, at: int) -> None:
    nearest = scene.nearest(at)
    if nearest and not scene.greeted(nearest[0]):
        found.near.append(nearest)


def _finding(
    match: regex.Match[str],
    first: str | int,
    last: str | int,
    label: str,
    *,
    minor: bool = True,
) -> Finding:
    return Finding(match.start(first), match.end(last), label, "minors", minor=minor)
