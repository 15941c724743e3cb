"""How well a cleaner does on labelled mails: what it leaves, and what it takes too much.

A mark is *gone* when none of its letters and digits is left. Leak is the share of marked
letters and digits that are left; over-masking the share of unmarked words that are touched.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from anonymizer.text.gold import Kind, LabelledMail
from anonymizer.text.request import Cleaned, Removal, Request

BATCH = 64
"""Mails cleaned together."""

_WORD = re.compile(r"\w+")
_MUST_GO = frozenset({"minor", "out", "apart"})

What = Literal["left", "taken"]


class CleansRequests(Protocol):
    """A cleaner, as far as scoring knows one."""

    def clean(self, requests: Sequence[Request]) -> list[Cleaned]:
        """Return the requests cleaned, in their order."""


@dataclass(slots=True)
class Tally:
    """Marks of one kind and label: how many, how many wholly right, and their characters."""

    marks: int = 0
    right: int = 0
    characters: int = 0
    right_characters: int = 0

    def add(self, other: Tally) -> None:
        """Count *other* in."""
        self.marks += other.marks
        self.right += other.right
        self.characters += other.characters
        self.right_characters += other.right_characters

    @property
    def share(self) -> float:
        """Return the share of marks that are wholly right, 0 to 1; 1 where there is none."""
        return self.right / self.marks if self.marks else 1.0

    @property
    def leak(self) -> float:
        """Return the share of characters that are not right, 0 to 1; 0 where there is none."""
        return 1 - self.right_characters / self.characters if self.characters else 0.0


@dataclass(frozen=True, slots=True)
class Miss:
    """A stretch where the cleaner was wrong: *left* what must go, or *taken* what must stay.

    `kind` is that of the mark, "" where there is none (then all words that one removal took
    are one miss); `label` the mark's label or field, or what the removal was called. Holds
    no text.
    """

    mail: str
    where: str
    part: str
    start: int
    end: int
    what: What
    kind: Kind | Literal[""]
    label: str


@dataclass(slots=True)
class Figures:
    """What came of some mails; `tallies` by kind of mark and label."""

    mails: int = 0
    words: int = 0
    touched: int = 0
    tallies: dict[tuple[Kind, str], Tally] = field(default_factory=dict)

    def of(self, *kinds: Kind, label: str | None = None) -> Tally:
        """Return the tally of all marks of these kinds, or of those with one label."""
        total = Tally()
        for (kind, name), tally in self.tallies.items():
            if kind in kinds and label in {None, name}:
                total.add(tally)
        return total

    @property
    def leak(self) -> float:
        """Return the share of characters that must go and are left, 0 to 1."""
        return self.of("minor", "out").leak

    @property
    def over(self) -> float:
        """Return the share of unmarked words that were touched, 0 to 1."""
        return self.touched / self.words if self.words else 0.0

    def labels(self) -> dict[str, Tally]:
        """Return what must go by label, in alphabetical order."""
        names = sorted({name for kind, name in self.tallies if kind in {"minor", "out"}})
        return {name: self.of("minor", "out", label=name) for name in names}

    def add(self, other: Figures) -> None:
        """Count *other* in."""
        self.mails += other.mails
        self.words += other.words
        self.touched += other.touched
        for key, tally in other.tallies.items():
            self.tallies.setdefault(key, Tally()).add(tally)


@dataclass(frozen=True, slots=True)
class Score:
    """Figures of each set by its name, of each language, and every miss in order."""

    groups: Mapping[str, Figures]
    languages: Mapping[str, Figures]
    misses: tuple[Miss, ...]

    @property
    def total(self) -> Figures:
        """Return the figures of all sets together."""
        total = Figures()
        for figures in self.groups.values():
            total.add(figures)
        return total


def score(mails: Iterable[LabelledMail], cleaner: CleansRequests) -> Score:
    """Clean *mails* and return how right that was."""
    given = list(mails)
    groups: dict[str, Figures] = defaultdict(Figures)
    languages: dict[str, Figures] = defaultdict(Figures)
    misses: list[Miss] = []
    for first in range(0, len(given), BATCH):
        batch = given[first : first + BATCH]
        for mail, cleaned in zip(
            batch, cleaner.clean([mail.request for mail in batch]), strict=True
        ):
            figures, wrong = _figures(mail, cleaned.removals)
            groups[mail.group].add(figures)
            languages[mail.language].add(figures)
            misses += wrong
    return Score(dict(sorted(groups.items())), dict(sorted(languages.items())), tuple(misses))


def _figures(mail: LabelledMail, removals: Sequence[Removal]) -> tuple[Figures, list[Miss]]:
    figures, misses = Figures(mails=1), list[Miss]()
    for part in mail.request.parts:
        found = _Stretches([(r.start, r.end, r.label) for r in removals if r.part == part.name])
        marks = [mark for mark in mail.marks if mark.part == part.name]
        about = (mail.id, mail.where, part.name)
        for mark in marks:
            places = [i for i in range(mark.start, mark.end) if part.text[i].isalnum()]
            gone = sum(found.at(i) is not None for i in places)
            right = gone if mark.kind in _MUST_GO else len(places) - gone
            whole = right == len(places)
            if mark.kind == "free":
                continue
            tally = Tally(1, int(whole), len(places), right)
            figures.tallies.setdefault((mark.kind, mark.name), Tally()).add(tally)
            if not whole:
                what: What = "left" if mark.kind in _MUST_GO else "taken"
                label = mark.name or mark.kind
                misses.append(Miss(*about, mark.start, mark.end, what, mark.kind, label))
        marked = _Stretches([(mark.start, mark.end, mark.kind) for mark in marks])
        wrong: dict[tuple[int, int, str], tuple[int, int]] = {}
        for start, end, by in _unmarked(part.text, marked, found):
            figures.words += 1
            if by is not None:
                figures.touched += 1
                wrong[by] = (wrong.get(by, (start, end))[0], end)
        misses += [
            Miss(*about, start, end, "taken", "", by[2]) for by, (start, end) in wrong.items()
        ]
    return figures, misses


def _unmarked(
    text: str, marked: _Stretches, found: _Stretches
) -> Iterator[tuple[int, int, tuple[int, int, str] | None]]:
    """Yield each word outside of marks, and the removal by which it was touched, if any."""
    for word in _WORD.finditer(text):
        start, end = word.span()
        if marked.over(start, end) is None:
            yield start, end, found.over(start, end)


class _Stretches:
    """Stretches of one text with a word each, asked by place; later ones may not overlap."""

    def __init__(self, stretches: Iterable[tuple[int, int, str]]) -> None:
        self._all = sorted(stretches)
        self._starts = [start for start, _, _ in self._all]

    def at(self, place: int) -> tuple[int, int, str] | None:
        """Return the stretch at *place*, or None."""
        return self.over(place, place + 1)

    def over(self, start: int, end: int) -> tuple[int, int, str] | None:
        """Return the last stretch that shares a character with [start, end), or None."""
        before = bisect_right(self._starts, end - 1)
        if before and self._all[before - 1][1] > start:
            return self._all[before - 1]
        return None
