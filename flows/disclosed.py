"""Which of the fields that a flow keeps an output tells whoever gets it: names, no values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import JsonValue

from flows.model import CleanMessage, CleanTransaction, Overdue
from flows.starts import Call, Reached
from flows.triggering import Raw

_NAMES: Final = ".name"
_FEWEST_DIGITS: Final = 5


def disclosed(
    body: JsonValue | Mapping[str, JsonValue], kept: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the names of the kept fields whose values are somewhere in *body*, sorted.

    A text counts however it is written: in capitals, over several lines, a number with other
    marks between its digits, a person's name by one of its parts. So a field may be told of
    whose value stands there by chance; none is left out that stands there.
    """
    texts = list(_texts(body))
    words = " ".join(_folded(text) for text in texts)
    digits = "\n".join(re.sub(r"\D", "", text) for text in texts)
    return tuple(
        sorted(name for name, value in kept.items() if _stands(name, value, words, digits))
    )


def kept_of(item: CleanMessage | CleanTransaction | Raw) -> Mapping[str, str]:
    """Return the personal fields that flows have kept of an item, by name."""
    if isinstance(item, CleanMessage | Reached):
        return item.kept
    if isinstance(item, Call):
        return {**dict(item.personal), **item.kept}
    if isinstance(item, Overdue):
        return {"customer.name": item.invoice.party, "customer.email": item.invoice.email}
    return {}


def _stands(name: str, value: str, words: str, digits: str) -> bool:
    wanted = _folded(value)
    if not wanted:
        return False
    if wanted in words:
        return True
    figures = re.sub(r"\D", "", value)
    # The same phone number with and without its country differ in front.
    if len(figures) >= _FEWEST_DIGITS and figures[-10:] in digits and not _has_words(value):
        return True
    parts = wanted.split() if name.endswith(_NAMES) else ()
    return any(
        re.search(rf"(?<!\w){re.escape(part)}(?!\w)", words) for part in parts if len(part) > 1
    )


def _has_words(value: str) -> bool:
    return any(char.isalpha() for char in value)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _texts(value: JsonValue | Mapping[str, JsonValue]) -> Iterator[str]:
    """Yield every text in *value*; its depth is bounded where it was made."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
