"""Words out of flows.yaml as Markdown: nothing in them is markup, nothing is an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

_ADDRESS: Final = re.compile(r"[^\s@'\"<>(),;:]+@[^\s@'\"<>(),;:]+")
_MARKUP: Final = re.compile(r"([\\`*_\[\]<>|~&])")
_UNITS: Final[Mapping[str, str]] = {
    "s": "second",
    "h": "hour",
    "d": "day",
    "w": "week",
    "y": "year",
}


def free(text: str) -> str:
    """Return text for people on one line, with what would be markup escaped."""
    return _MARKUP.sub(r"\\\1", " ".join(_without_addresses(text).split()))


def code(text: str) -> str:
    """Return text in code style, on one line."""
    text = " ".join(_without_addresses(text).split())
    ticks = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    blank = " " if "`" in text else ""
    return f"{ticks}{blank}{text}{blank}{ticks}"


def code_list(texts: Iterable[str]) -> str:
    """Return texts in code style, with commas between them."""
    return ", ".join(map(code, texts))


def lasting(span: str, *, m: str) -> str:
    """Return `2d` as 2 days; *m* is what that letter stands for there, month or minute."""
    number, unit = int(span[:-1]), {**_UNITS, "m": m}[span[-1]]
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub("(an address)", text)
