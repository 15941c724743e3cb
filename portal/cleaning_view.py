"""What the cleaner does to one mail, line by line, ready to be shown side by side.

Holds the mail as it came in: it is shown to the person who gave the file, and never stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.request import Cleaned, Part, Request
from anonymizer.text.rules import BUSINESS_NUMBERS

Kind = Literal["plain", "goes", "stays"]
Group = Literal["child", "name", "contact", "secret", "identity", "private", "other"]

GROUPS: Final[Mapping[str, Group]] = MappingProxyType(
    {
        **dict.fromkeys(("CHILD", "SCHOOL", "TEAM"), "child"),
        **dict.fromkeys(("PERSON", "AGE", "BIRTH_DATE", "PROFILE"), "name"),
        **dict.fromkeys(("PHONE", "EMAIL", "ADDRESS", "PLACE", "LINK"), "contact"),
        **dict.fromkeys(("CREDENTIAL", "CARD", "IBAN", "BANK_ACCOUNT"), "secret"),
        **dict.fromkeys(("SSN", "NATIONAL_ID", "PASSPORT", "DRIVER_LICENCE"), "identity"),
        **dict.fromkeys(("VEHICLE", "IP", "DEVICE"), "identity"),
        **dict.fromkeys(("HEALTH", "BELIEF", "FAMILY", "MONEY_TROUBLE"), "private"),
    }
)
"""Labels that are shown in one colour; an operator's own ones are `other`."""

FIRM: Final = "a firm that the business works with"
NUMBER: Final = "a number of the business's papers"

_LONGEST = 40
_PAPER = regex.compile(
    r"\b(?:" + "|".join(sorted(BUSINESS_NUMBERS, key=len, reverse=True)) + r")\b"
    r"(?:\s{0,2}(?:number|no\.?|nr\.?|id|#|:))*\s{0,2}\K(?=[\w-]{0,20}\d)[\w/-]{2,30}",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one line: the text as given, and what is stored in its place.

    `stored` is empty on further lines of what goes as a whole. `label` and `reason` are
    empty where nothing was found.
    """

    given: str
    stored: str
    kind: Kind = "plain"
    label: str = ""
    reason: str = ""

    @property
    def group(self) -> Group:
        """Return the group of labels, which picks the colour."""
        return GROUPS.get(self.label, "other")


@dataclass(frozen=True, slots=True)
class Section:
    """One text of the mail: its title, and its lines, each of pieces."""

    title: str
    lines: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """What goes under one stand-in: how often, and why."""

    label: str
    stand_in: str
    reason: str
    times: int

    @property
    def group(self) -> Group:
        """Return the group of labels, which picks the colour."""
        return GROUPS.get(self.label, "other")


@dataclass(frozen=True, slots=True)
class Left:
    """What was looked at and stays: the value, how often, and why."""

    value: str
    reason: str
    times: int


@dataclass(frozen=True, slots=True)
class CleanView:
    """One mail before and after; `about` are verdict and kind, `notes` what was left unread."""

    name: str
    about: str
    sections: tuple[Section, ...]
    gone: tuple[Gone, ...]
    left: tuple[Left, ...]
    notes: tuple[str, ...] = ()

    def labels(self) -> list[tuple[str, Group, int]]:
        """Return label, group and number of what goes, the most first."""
        counted: dict[str, int] = {}
        for row in self.gone:
            counted[row.label] = counted.get(row.label, 0) + row.times
        ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
        return [(label, GROUPS.get(label, "other"), times) for label, times in ordered]


def clean_view(
    request: Request,
    cleaned: Cleaned,
    *,
    name: str,
    about: str,
    titles: Mapping[str, str],
    notes: Sequence[str] = (),
) -> CleanView:
    """Return the view of *request* and what became of it.

    *titles* name parts for a person; parts without one, and empty ones, are not shown.
    """
    shown = [part for part in request.parts if part.name in titles and part.text.strip()]
    sections, left = [], dict[tuple[str, str], int]()
    for part in shown:
        pieces = list(_pieces(part, request, cleaned))
        sections.append(Section(titles[part.name], _lines(pieces)))
        for piece in pieces:
            if piece.kind == "stays":
                key = (" ".join(piece.given.split()), piece.reason)
                left[key] = left.get(key, 0) + 1
    gone: dict[tuple[str, str, str], int] = {}
    parts = {part.name for part in shown}
    for removal in cleaned.removals:
        if removal.part in parts:
            what = (removal.label, removal.stand_in, removal.reason)
            gone[what] = gone.get(what, 0) + 1
    return CleanView(
        name=name,
        about=about,
        sections=tuple(sections),
        gone=tuple(Gone(*what, times) for what, times in gone.items()),
        left=tuple(Left(*what, times) for what, times in left.items()),
        notes=tuple(notes),
    )


def _pieces(part: Part, request: Request, cleaned: Cleaned) -> Iterator[Piece]:
    """Yield the whole text of a part, in order."""
    marks: list[tuple[int, int, Piece]] = []
    for gone in cleaned.removals:
        if gone.part == part.name:
            given = part.text[gone.start : gone.end]
            piece = Piece(given, gone.stand_in, "goes", gone.label, gone.reason)
            marks.append((gone.start, gone.end, piece))
    for stay in cleaned.stays:
        if stay.part == part.name:
            given = part.text[stay.start : stay.end]
            piece = Piece(given, given, "stays", stay.label, stay.reason)
            marks.append((stay.start, stay.end, piece))
    taken = sorted((start, end) for start, end, _ in marks)
    for start, end, reason in _protected(part.text, request):
        if all(end <= low or high <= start for low, high in taken):
            taken.append((start, end))
            given = part.text[start:end]
            marks.append((start, end, Piece(given, given, "stays", "", reason)))
    at = 0
    for start, end, piece in sorted(marks, key=lambda mark: mark[0]):
        yield Piece(part.text[at:start], part.text[at:start])
        yield piece
        at = end
    yield Piece(part.text[at:], part.text[at:])


def _protected(text: str, request: Request) -> Iterator[tuple[int, int, str]]:
    """Yield what looks personal to some and is business: firms' names, numbers of papers."""
    for firm in filter(None, request.organisations):
        if len(firm) > 1:
            pattern = rf"(?<!\w){regex.escape(firm)}(?!\w)"
            for found in regex.finditer(pattern, text, regex.IGNORECASE):
                yield *found.span(), FIRM
    for found in _PAPER.finditer(text):
        yield *found.span(), NUMBER


def _lines(pieces: Iterable[Piece]) -> tuple[tuple[Piece, ...], ...]:
    """Return the pieces cut into lines; what goes over a line's end is stored in its first."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        plain = piece.kind != "goes"
        for number, given in enumerate(piece.given.split("\n")):
            if number:
                lines.append([])
            stored = given if plain else (piece.stored if not number else "")
            if given or stored:
                lines[-1].append(Piece(given, stored, piece.kind, piece.label, piece.reason))
    while lines and not lines[-1]:
        lines.pop()
    return tuple(tuple(line) for line in lines)


def short(value: str) -> str:
    """Return a value so that it fits a table."""
    return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
