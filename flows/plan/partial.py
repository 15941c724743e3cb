"""Operations on values of which not all is known; what depends on a gap stays a `Blank`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from jinja2 import Undefined

from flows.plan.gaps import Gapped
from flows.plan.stored import TEXT, Blank

Value = Any
"""A known value, a `Gapped`, a `Blank`, or a list or mapping that holds some of these."""

FLAG: Final = Blank("flag")
ANY: Final = Blank("any")


def _each(value: Value, change: Callable[[str], str]) -> Value:
    return (value.each(change) if isinstance(value, Gapped) else None) or TEXT


def _asked(value: Value, ask: Callable[[Gapped], bool | None]) -> Value:
    found = ask(value) if isinstance(value, Gapped) else None
    return FLAG if found is None else found


CHANGES: Final[Mapping[str, Callable[[Value, list[str]], Value]]] = {
    "lower": lambda value, _: _each(value, str.lower),
    "upper": lambda value, _: _each(value, str.upper),
    "title": lambda *_: TEXT,
    "capitalize": lambda *_: TEXT,
    "trim": lambda value, _: value.trimmed() if isinstance(value, Gapped) else TEXT,
    "strip": lambda value, _: value.trimmed() if isinstance(value, Gapped) else TEXT,
    "default": lambda value, _: (
        value if isinstance(value, Gapped) and value.empty is False else TEXT
    ),
    "mentions": lambda value, words: _asked(value, lambda text: text.mentions(words)),
    "startswith": lambda value, given: _asked(value, lambda text: text.starts(*given)),
    "endswith": lambda value, given: _asked(value, lambda text: text.ends(*given)),
}
"""What filters and methods make of a text of which not all is known; none of them fails."""


def equal(left: Value, right: Value) -> Value:
    """Return whether two values are equal, `FLAG` where either may be."""
    if kind(left) == "any" or kind(right) == "any":
        return ANY
    for text, other in ((left, right), (right, left)):
        if isinstance(text, Gapped) and isinstance(other, str) and not text.may_be(other):
            return False
    for blank, other in ((left, right), (right, left)):
        if kind(blank) == "text" and not isinstance(blank, str) and kind(other) == "other":
            return False  # text is equal to text alone
    return FLAG


def inside(left: Value, right: Value) -> Value:
    """Return whether *left* is in *right*, `FLAG` where either may be."""
    if isinstance(right, list | tuple):
        return _among([equal(left, each) for each in right])
    if kind(left) != "text" or kind(right) not in ("text", "texts"):
        return ANY
    if isinstance(right, Gapped) and isinstance(left, str):
        return right.holds(left) or FLAG
    return FLAG


def _among(equals: list[Value]) -> Value:
    if any(each is True for each in equals):
        return True
    if all(each is False for each in equals):
        return False
    return ANY if ANY in equals else FLAG


def told(found: Value, *, negated: bool) -> Value:
    """Return what was found, or its opposite."""
    return not found if negated and isinstance(found, bool) else found


def kind(value: Value) -> str:
    """Return what kind a value is of, known or not; `other` is all but text."""
    if isinstance(value, str | Gapped):
        return "text"
    if isinstance(value, Blank):
        return value.kind
    return "other"


def written(value: Value) -> bool:
    """Return whether a value is known and can be written as text."""
    return not isinstance(value, Blank | dict | Undefined) and solid(value)


def solid(value: Value) -> bool:
    """Return whether all of a value is known."""
    if isinstance(value, dict):
        return all(map(solid, value.values()))
    if isinstance(value, list | tuple):
        return all(map(solid, value))
    return not isinstance(value, Gapped | Blank)
