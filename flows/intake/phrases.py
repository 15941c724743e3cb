"""Rows of phrases, looked for in a text at once: only where a phrase can begin.

An expression that is tried at every place of a text costs its length times that of the
text. What a phrase begins with is known, so each place is looked up in a dictionary, and of a
hundred rows the one or two that can begin there are tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product
from typing import Final

SIZE: Final = 4
"""Characters of a phrase's beginning by which it is looked up."""

_PLACE = re.compile(r"\w+|[^\w\s]")
_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"\(\?:|[|)]|\[[^]]*\]|\\.|[^(]", re.DOTALL)
_LISTED = re.compile(r"\[-?[^]\\^-]+\]")
_COUNT = re.compile(r"[?*+]|\{(\d+)(?:,\d*)?\}")


class Phrases:
    """Expressions for whole words of text in small letters, each found where `re` finds it."""

    def __init__(self, patterns: Iterable[str]) -> None:
        """Take *patterns*: characters, sets, classes, groups `(?:…|…)` and their counts.

        Raises:
            ValueError: One is written in another way, or can begin anywhere.
        """
        given = [*patterns]
        self._rows = [re.compile(rf"(?<!\w)(?:{each})(?!\w)").match for each in given]
        at: dict[str, tuple[int, ...]] = {}
        for number, pattern in enumerate(given):
            for opening in beginnings(pattern):
                at[opening] = (*at.get(opening, ()), number)
        # What begins with a beginning begins with that one's beginnings, too.
        self._at = {
            opening: tuple(
                row for size in range(len(opening)) for row in at.get(opening[: size + 1], ())
            )
            for opening in at
        }

    def found(self, text: str, most: int) -> list[list[str]]:
        """Return for each row the first matches in *text*, *most* of them, in order."""
        matches: list[list[str]] = [[] for _ in self._rows]
        ends = [0] * len(self._rows)
        seen = _DIGIT.sub("0", text)
        met: dict[str, tuple[int, ...]] = {}  # words come again and again
        for place in _PLACE.finditer(seen):
            start = place.start()
            opening = seen[start : start + SIZE]
            if (rows := met.get(opening)) is None:
                rows = met[opening] = self._beginning_as(opening)
            for row in rows:
                if start < ends[row]:
                    continue
                match = self._rows[row](text, start)
                if match is not None:
                    matches[row].append(match[0])
                    ends[row] = match.end() if len(matches[row]) < most else len(text)
        return matches

    def _beginning_as(self, opening: str) -> tuple[int, ...]:
        """Return the rows of which a match can begin with *opening*."""
        while opening and opening not in self._at:
            opening = opening[:-1]
        return self._at.get(opening, ())


def beginnings(pattern: str, size: int = SIZE) -> frozenset[str]:
    """Return with what the matches of *pattern* begin: *size* characters, or fewer.

    With fewer, anything may follow. Every digit is shown as 0.

    Raises:
        ValueError: It is not written as `Phrases` wants it, or can begin anywhere.
    """
    found, rest = _either(pattern, size)
    openings = frozenset(text for text, _ in found)
    if rest or not all(_PLACE.match(text) for text in openings):
        raise ValueError(f"it cannot be told with what {pattern!r} begins")
    return openings


_Texts = frozenset[tuple[str, bool]]
"""Beginnings, and whether what follows in the pattern can be added to them."""

_NOTHING: Final[_Texts] = frozenset({("", True)})


def _either(pattern: str, size: int) -> tuple[_Texts, str]:
    """Return the beginnings of the alternatives up to a closing bracket, and the rest."""
    found: set[tuple[str, bool]] = set()
    texts = _NOTHING
    while pattern and not pattern.startswith(")"):
        if pattern.startswith("|"):
            found |= texts
            texts, pattern = _NOTHING, pattern[1:]
            continue
        item, pattern = _item(pattern, size)
        if any(goes_on for _, goes_on in texts):
            texts = _joined(texts, item, size)
    return frozenset(found | texts), pattern


def _item(pattern: str, size: int) -> tuple[_Texts, str]:
    """Return the beginnings of the first item of *pattern* with its count, and the rest."""
    piece = _TOKEN.match(pattern)
    if piece is None:
        raise ValueError(f"{pattern[:20]!r} is not written as phrases are")
    pattern = pattern[piece.end() :]
    if piece[0] == "(?:":
        item, pattern = _either(pattern, size)
        pattern = pattern[1:]
    else:
        item = frozenset(_characters(piece[0]))
    count = _COUNT.match(pattern)
    if count is None:
        return item, pattern
    if count[0] != "?":  # once is enough to tell the beginning
        item = frozenset((text, False) for text, _ in item)
    if count[0] in "?*" or count[1] == "0":
        item |= _NOTHING
    return item, pattern[count.end() :]


def _characters(piece: str) -> Iterable[tuple[str, bool]]:
    if _LISTED.fullmatch(piece):
        return [(_shown(char), True) for char in piece[1:-1]]
    if piece == r"\d":
        return [("0", True)]
    if len(piece) == 1 and piece not in ".^$":
        return [(_shown(piece), True)]
    if piece.startswith("\\") and not piece[1].isalnum():
        return [(piece[1], True)]
    return [("", False)]  # a class of many characters, or a condition


def _joined(texts: _Texts, item: _Texts, size: int) -> _Texts:
    joined = {each for each in texts if not each[1]}
    going_on = [text for text, goes_on in texts if goes_on]
    for before, (after, goes_on) in product(going_on, item):
        text = (before + after)[:size]
        joined.add((text, goes_on and len(text) < size))
    return frozenset(joined)


def _shown(char: str) -> str:
    return "0" if char.isdecimal() else char
