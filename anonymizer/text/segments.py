"""Cuts a mail's text into what was newly written, what is quoted, and the signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a mail's text: `[start, end)` in characters, and where it comes from."""

    kind: Literal["new", "quoted", "signature"]
    start: int
    end: int
