"""Reads the invented lines of mail in other languages, and where their names stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_LINES = Path(__file__).with_suffix(".txt")


@dataclass(frozen=True, slots=True)
class ForeignLine:
    """One line, its language, and the stretches that must go; all else stays."""

    language: str
    text: str
    private: tuple[tuple[int, int], ...]


def foreign_lines() -> list[ForeignLine]:
    """Return the lines of `foreign_mails.txt`, comments left out."""
    rows = (row.partition(" ") for row in _LINES.read_text("utf-8").splitlines())
    return [_line(code, marked) for code, _, marked in rows if code != "#"]


def _line(language: str, marked: str) -> ForeignLine:
    text, private = "", []
    for number, piece in enumerate(re.split(r"\[\[|\]\]", marked)):
        if number % 2:
            private.append((len(text), len(text) + len(piece)))
        text += piece
    return ForeignLine(language, text, tuple(private))
