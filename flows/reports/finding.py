"""What is wrong with a release, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: in which file, and what with its place."""

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"
