"""The words to which somebody agrees: files that ship with JigAjob, `PURPOSE-VERSION.txt`.

A text that was shown once is never changed: another wording is another version, and the
versions before stay, so that every row can be held against what it was said to.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Text:
    """One version of a text."""

    version: str
    words: str

    @property
    def hash(self) -> str:
        """Return SHA-256 of the words in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.words.encode()).hexdigest()


def texts_of(purpose: str) -> tuple[Text, ...]:
    """Return every version of the text for *purpose*, oldest first."""
    numbered = {int(path.stem.rpartition("-")[2]): path for path in _paths(purpose)}
    return tuple(
        Text(str(number), path.read_text(encoding="utf-8"))
        for number, path in sorted(numbered.items())
    )


def text_of(purpose: str) -> Text:
    """Return the newest version, which is shown to whoever is asked now."""
    return texts_of(purpose)[-1]


def _paths(purpose: str) -> list[Path]:
    return [path for path in _FOLDER.glob(f"{purpose}-*.txt") if path.is_file()]
