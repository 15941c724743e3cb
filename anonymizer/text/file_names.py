"""File names as words: glued names come apart, and what is taken out is put back in place.

words = spread("MariaLopez_lease.pdf")   # words.text == "Maria Lopez lease"
words.given_back([(0, 11, "<PERSON_1>")])  # "<PERSON_1>_lease.pdf"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_ENDING = re.compile(
    r"\.(?:7z|aac|avi|avif|bmp|csv|docm?|docx|dwg|dxf|eml|gif|gz|hei[cf]|html?|ics|jpe?g|json"
    r"|key|log|m4a|md|mov|mp[34]|mpe?g|msg|numbers|od[pst]|pages|pdf|png|pptx?|psd?|rar|rtf|svg"
    r"|tar|tiff?|tsv|txt|vcf|wav|webp|wm[av]|xls[bmx]?|xml|zip)$",
    re.IGNORECASE,
)
"""Endings that say a type and nothing else; another one is read as part of the name."""

_GLUE = re.compile(
    # Lucas2024 comes apart, W9 and 4B do not; nor do mariaLopez and PDFLopez stay together.
    r"(?<=[^\W\d_]{2})(?=\d)|(?<=\d)(?=[^\W\d_]{3})"
    r"|(?<=[a-zß-öø-ÿāăąćčďđēęěğįıķĺļľłńņňőœŕřśşšţťūůűźżž])"
    r"(?=[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĮİĶĹĻĽŁŃŅŇŐŒŔŘŚŞŠŢŤŪŮŰŹŻŽ])"
    r"|(?<=[A-Z])(?=[A-Z][a-z]{2})"
)
# The time of a photo, 20240504_123456, stays one: apart it looks like a telephone number.
_JOINT = re.compile(
    r"[/\\]|(?<!\d{8})_|_(?!\d{6}(?!\d))|\+|%20|(?<=[^\W\d_])[-.](?=[^\W\d_])|(?<=[^\W\d_])-(?=\d)"
)
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]")
_SMALL = re.compile(r"(?<![^\W_])[a-z]{3,40}(?![^\W\d_])")
_RUN = re.compile(r"[^\W\d_]{6,60}")
_SHORTEST: Final = 3
_MOST_TOKENS: Final = 400


@dataclass(frozen=True, slots=True)
class Spread:
    """A file name as words; `origin[i]` is where character *i* of `text` stands in `name`.

    A space that was put in stands where the character after it does.
    """

    name: str
    text: str
    origin: tuple[int, ...]

    def given_back(self, stretches: Sequence[tuple[int, int, str]]) -> str:
        """Return the file name with stretches `(start, end, stand-in)` of `text` replaced.

        *stretches* are in order and apart. What they do not touch stays as it was given.
        """
        pieces: list[str] = []
        at = 0
        for start, end, stand_in in stretches:
            if start >= end:
                continue
            pieces += (self.name[at : self.origin[start]], stand_in)
            at = self.origin[end - 1] + 1
        return "".join((*pieces, self.name[at:]))


def spread(name: str, known: Iterable[str] = ()) -> Spread:
    """Return *name* as words, without its ending, for recognisers to read.

    Folders part into lines. Words part at `_`, `+`, at `-` and `.` between letters, between
    letters and digits and at a capital inside a word; without capitals they get some.
    *known* are names of people: `marialopez` comes apart where it is made of theirs alone.
    Time is linear in the length.
    """
    ending = _ENDING.search(name)
    stem = name[: ending.start()] if ending else name
    joints = {found.start(): found.end() for found in _JOINT.finditer(stem)}
    cuts = {found.start() for found in _GLUE.finditer(stem)} | _cuts_of(stem, known)
    text: list[str] = []
    origin: list[int] = []
    at = 0
    while at < len(stem):
        if at in cuts and text and text[-1] not in " \n":
            text.append(" ")
            origin.append(at - 1)
        if at in joints:
            # A folder and what is in it are two names, not one of two words.
            text.append("\n" if stem[at] in "/\\" else " ")
            origin.append(at)
            at = joints[at]
            continue
        text.append(stem[at])
        origin.append(at)
        at += 1
    return Spread(name, _capitalised("".join(text)), tuple(origin))


def _capitalised(text: str) -> str:
    """Return *text* with the capitals of a title where no word has one; same length.

    Recognisers know names by their capitals, and file names are often without.
    """
    if _CAPITAL.search(text):
        return text
    return _SMALL.sub(lambda found: found[0].title() if found[0].isascii() else found[0], text)


def _cuts_of(stem: str, known: Iterable[str]) -> set[int]:
    """Return where runs of letters part that are made of known names alone."""
    runs = list(_RUN.finditer(stem))
    if not runs:
        return set()
    tokens = {word.lower() for each in known for word in re.findall(r"[^\W\d_]+", each)}
    tokens = {token for token in tokens if _SHORTEST <= len(token) <= 40}  # noqa: PLR2004
    if not tokens:
        return set()
    longest_first = sorted(tokens, key=lambda token: (-len(token), token))[:_MOST_TOKENS]
    one = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
    cuts: set[int] = set()
    for run in runs:
        places, at = set[int](), run.start()
        while at < run.end() and (found := one.match(stem, at, run.end())):
            places.add(at)
            at = found.end()
        if at == run.end():
            cuts |= places - {run.start()}
    return cuts
