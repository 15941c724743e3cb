"""Words of a text as the numbers that a BERT vocabulary gives their pieces.

Source: https://github.com/google-research/bert#tokenization (uncased WordPiece). Written here
because the library of that name brings a client of a model hub with it, and because mail
repeats its words: each is cut once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import regex  # type: ignore[import-untyped]  # it ships no types

START: Final = 101
"""Number of what stands before a text."""

END: Final = 102
"""Number of what stands after a text."""

UNKNOWN: Final = 100
_LONGEST: Final = 40
_MOST_WORDS: Final = 40_000
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}\s]")
_ACCENT = regex.compile(r"\p{Mn}+")


class WordPieces:
    """Cuts words into pieces of the vocabulary in *path*: one a line, in order."""

    def __init__(self, path: Path) -> None:
        lines = path.read_text("utf-8").split("\n")
        self._numbers = {piece: number for number, piece in enumerate(lines) if piece}
        self.of = lru_cache(_MOST_WORDS)(self._of)
        """Return the numbers of the pieces of one word."""

    def _of(self, word: str) -> tuple[int, ...]:
        plain = _ACCENT.sub("", unicodedata.normalize("NFD", word.lower()))
        if not 0 < len(plain) <= _LONGEST:
            return (UNKNOWN,)
        numbers: list[int] = []
        start = 0
        while start < len(plain):
            end = len(plain)
            mark = "##" if start else ""
            while end > start and mark + plain[start:end] not in self._numbers:
                end -= 1
            if end == start:
                return (UNKNOWN,)
            numbers.append(self._numbers[mark + plain[start:end]])
            start = end
        return tuple(numbers)


def word_stretches(
    text: str, start: int = 0, end: int | None = None
) -> Iterator[tuple[int, int]]:
    """Yield where words, numbers and marks stand in *text* from *start* to *end*, in order."""
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        yield match.span()
