"""What one flow passes on to another: its output, without the personal fields of its own.

What a flow keeps it keeps for its own work. Of the values that the first flow kept, the second
sees those that it keeps itself; in place of all others stands what the cleaner would have put
there: `<CUSTOMER_NAME>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pydantic import JsonValue

Kept = tuple[str, str]
"""A field and its value: ("customer.name", "Ada Byrne")."""

_DIGITS: Final = 7
"""A phone number has so many at least; fewer are a number like any other."""

_TAIL: Final = 9
"""Digits at the end of a phone number that are the same however it is written."""

_WORD: Final = 2
_BETWEEN: Final = r"[\s,.;]+"


def without(value: JsonValue, gone: Sequence[Kept]) -> JsonValue:
    """Return *value* with stand-ins for the values in *gone*, however they are spaced."""
    found = [(re.compile(pattern, re.IGNORECASE), to) for pattern, to in _patterns(gone)]
    return _replaced(value, found) if found else value


def _replaced(value: JsonValue, found: Sequence[tuple[re.Pattern[str], str]]) -> JsonValue:
    if isinstance(value, str):
        for pattern, stand_in in found:
            value = pattern.sub(stand_in, value)
        return value
    if isinstance(value, Mapping):
        return {key: _replaced(each, found) for key, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, found) for each in value]
    return value


def _patterns(gone: Iterable[Kept]) -> list[tuple[str, str]]:
    """Return patterns with their stand-ins, whole values before parts of them."""
    whole: dict[str, str] = {}
    parts: dict[str, str] = {}
    for name, value in gone:
        stand_in = f"<{re.sub('[^A-Z0-9]+', '_', name.upper())}>"
        words = [re.escape(word) for word in re.split(_BETWEEN, value) if word]
        if not words:
            continue
        whole[_BETWEEN.join(words)] = stand_in
        digits = re.sub(r"\D", "", value)
        if name.endswith(".phone") and len(digits) >= _DIGITS:
            tail = r"[\s().-]*".join(digits[-_TAIL:])
            whole[r"\+?[\d\s().-]{0,12}" + tail] = stand_in
        if name.endswith(".name"):
            parts |= dict.fromkeys((w for w in words if len(w) >= _WORD), stand_in)
    ordered = sorted(whole.items(), key=lambda each: -len(each[0]))
    return [(rf"(?<!\w){pattern}(?!\w)", to) for pattern, to in (*ordered, *parts.items())]
