"""Values of Cosmos SQL: JSON and `undefined`, how they compare, and how they are ordered.

Sources: "Equality and comparison operators in Azure Cosmos DB for NoSQL" (across types, and
for order also between arrays and between objects: undefined), "Logical operators" (AND, OR and
NOT know three values), "ORDER BY" (null is lowest; by type otherwise).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any


class _Undefined:
    def __repr__(self) -> str:
        return "undefined"

    def __bool__(self) -> bool:
        raise TypeError("undefined is neither true nor false")


UNDEFINED: Any = _Undefined()

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_RANKS = ("undefined", "null", "boolean", "number", "string", "array", "object")


def kind(value: Any) -> str:
    """The JSON type of a value."""
    if value is UNDEFINED:
        return "undefined"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def compare(sign: str, left: Any, right: Any) -> Any:
    """True, false or undefined."""
    one = kind(left)
    if one != kind(right) or one == "undefined":
        return UNDEFINED
    if sign == "=":
        return left == right
    if one in {"array", "object"}:
        return UNDEFINED
    if sign in {"!=", "<>"}:
        return left != right
    if one == "null":
        return sign in {"<=", ">="}
    return _ORDER[sign](left, right)


def both(left: Any, right: Any) -> Any:
    """AND."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else UNDEFINED


def either(left: Any, right: Any) -> Any:
    """OR."""
    if left is True or right is True:
        return True
    return False if left is False and right is False else UNDEFINED


def negated(value: Any) -> Any:
    """NOT."""
    return not value if isinstance(value, bool) else UNDEFINED


def among(value: Any, options: list[Any]) -> Any:
    """IN: an OR of equalities."""
    found: Any = False
    for option in options:
        found = either(found, compare("=", value, option))
    return found


def rank(value: Any) -> tuple[int, Any]:
    """What to sort by; strings by code point, as UTF-8 has them."""
    place = _RANKS.index(kind(value))
    return (place, value) if isinstance(value, str | int | float | bool) else (place, 0)


def member(value: Any, name: Any) -> Any:
    """A property of an object, or an element of an array."""
    if isinstance(value, dict) and isinstance(name, str):
        return value.get(name, UNDEFINED)
    inside = isinstance(value, list) and isinstance(name, int) and 0 <= name < len(value)
    return value[name] if inside else UNDEFINED


def _starts(text: Any, prefix: Any, folded: Any = False) -> Any:
    if not isinstance(text, str) or not isinstance(prefix, str):
        return UNDEFINED
    return text.lower().startswith(prefix.lower()) if folded else text.startswith(prefix)


def _contains(text: Any, part: Any, folded: Any = False) -> Any:
    if not isinstance(text, str) or not isinstance(part, str):
        return UNDEFINED
    return part.lower() in text.lower() if folded else part in text


def _holds(array: Any, value: Any) -> Any:
    if not isinstance(array, list):
        return UNDEFINED
    return any(compare("=", one, value) is True for one in array)


def _length(text: Any) -> Any:
    return len(text) if isinstance(text, str) else UNDEFINED


def _is(wanted: str) -> Callable[[Any], bool]:
    return lambda value: kind(value) == wanted


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "IS_DEFINED": lambda value: value is not UNDEFINED,
    "IS_NULL": _is("null"),
    "IS_BOOL": _is("boolean"),
    "IS_NUMBER": _is("number"),
    "IS_STRING": _is("string"),
    "IS_ARRAY": _is("array"),
    "IS_OBJECT": _is("object"),
    "STARTSWITH": _starts,
    "CONTAINS": _contains,
    "ARRAY_CONTAINS": _holds,
    "LENGTH": _length,
}
AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG"})
