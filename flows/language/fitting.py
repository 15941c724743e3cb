"""What filters, operators and comparisons need and give, by kind.

Each answer holds for every item: what only some values get wrong is left to the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import Final

from flows.language.kinds import ANY, DATE, FLAG, NUMBER, TEXT, Group, Holds, Items, Leaf, Tree
from flows.language.words import quoted

Unfitting = tuple[str, str]
"""What is wrong, and what to do."""

KIND_WORDS: Final[Mapping[str, str]] = {
    "text": "text",
    "number": "a number",
    "date": "a date",
    "flag": "true or false",
}
_HELD: Final[Mapping[Holds, str]] = {
    "day": "a day",
    "date": "a date in text (2026-03-14)",
    "time": "a time in text (15:30)",
    "number": "a number in text (480.00)",
    "amount": "an amount with its currency (480.00 USD)",
    "phone": "a phone number",
    "address": "an address",
    "email": "a mail address",
    "name": "a name",
    "prose": "text as people write it",
}
NUMERIC: Final = frozenset({"abs", "int", "money", "number", "round"})
LISTS: Final = frozenset({"first", "join", "last"})
DATES: Final = frozenset({"business_days", "date", "plus"})
"""Filters that work on numbers, on lists, and on dates; all others work on text."""

READING: Final = DATES | NUMERIC
"""Filters that fail on an empty text."""

_SAME_FORM: Final = frozenset({"", "name", "prose"})
"""What may spell the same as a text of any other form."""

_ALWAYS: Final[Mapping[str, Leaf]] = {
    **dict.fromkeys(("abs", "int", "length", "number", "round"), NUMBER),
    **dict.fromkeys(("business_days", "plus"), DATE),
    "mentions": FLAG,
    "phone": Leaf("text", holds="phone"),
}
"""What a filter gives, whatever it is given."""

EQUAL: Final = frozenset({"eq", "ne"})
_MEMBER: Final = frozenset({"in", "notin"})


def told(tree: Tree) -> str:
    """Return in words what *tree* is."""
    if isinstance(tree, Items):
        return "a list"
    if isinstance(tree, Leaf):
        return _HELD.get(tree.holds) or KIND_WORDS.get(tree.kind, "a value")
    return "a group of names"


def filtered(name: str, given: Tree, arguments: Sequence[Tree]) -> Tree:
    """Return what the filter *name* makes of *given*."""
    if name in {"first", "last"}:
        return given.item if isinstance(given, Items) else ANY
    if name == "default":
        return either(given, arguments[0] if arguments else TEXT)
    if name in _ALWAYS:
        return _ALWAYS[name]
    if name in {"lower", "upper", "title", "capitalize", "trim"} and isinstance(given, Leaf):
        return Leaf("text", holds=given.holds if given.kind == "text" else "")
    return TEXT


def unfiltered(name: str, label: str, given: Tree) -> Unfitting | None:
    """Return why the filter *name* can never work on *given*, or None where it may."""
    if given is ANY:
        return None
    if name in LISTS:
        if isinstance(given, Items):
            return None
        fix = "use it on a list, such as mail.attachments"
        return f"{quoted(label)} is {told(given)}, and `{name}` needs a list", fix
    if name == "length":
        fits = isinstance(given, Items) or (isinstance(given, Leaf) and given.kind == "text")
        wanted, fix = "text or a list", "remove it"
    elif name in NUMERIC:
        fits = isinstance(given, Leaf) and _is_number(given)
        wanted, fix = "a number", _as_number(label, given)
    elif name in DATES:
        fits = isinstance(given, Leaf) and _is_date(given)
        wanted, fix = "a date", _as_date(given)
    else:
        fits = not is_group(given)
        wanted, fix = "one value", "name one value in it"
    return (
        None
        if fits
        else (f"{quoted(label)} is {told(given)}, and `{name}` needs {wanted}", fix)
    )


def is_group(tree: Tree) -> bool:
    """Return whether *tree* cannot be written as text."""
    return isinstance(tree, Group) or (isinstance(tree, Items) and is_group(tree.item))


def _is_number(leaf: Leaf) -> bool:
    return leaf.kind == "number" or (
        leaf.kind == "text" and leaf.holds in {"", "number"} and not leaf.choices
    )


def _is_date(leaf: Leaf) -> bool:
    return leaf.kind == "date" or (
        leaf.kind == "text" and leaf.holds in {"", "date"} and not leaf.choices
    )


def _as_number(label: str, given: Tree) -> str:
    if isinstance(given, Leaf) and given.holds == "amount":
        return f"write {label} alone: it is written out already"
    if isinstance(given, Leaf) and given.kind == "text":
        return "read it first: invoice.record gives amounts as numbers, `extract` as text"
    return "use it on a number"


def _as_date(given: Tree) -> str:
    if isinstance(given, Leaf) and given.kind == "text" and not given.choices:
        return "read it first: an `extract` step with a field of type date"
    return "use it on a date, such as mail.received_at"


def either(left: Tree, right: Tree) -> Tree:
    """Return what a value is that is one of two."""
    if left == right:
        return left
    if isinstance(left, Leaf) and isinstance(right, Leaf) and left.kind == right.kind:
        choices = (*left.choices, *right.choices) if left.choices and right.choices else ()
        return Leaf(left.kind, tuple(dict.fromkeys(choices)))
    return ANY


def calculated(operator: str, left: Tree, right: Tree) -> Tree:
    """Return what an operator of arithmetic gives."""
    kinds = {each.kind if isinstance(each, Leaf) else "any" for each in (left, right)}
    if kinds == {"number"}:
        return NUMBER
    return TEXT if operator == "+" and kinds == {"text"} else ANY


def uncalculated(operator: str, label: str, given: Tree, other: Tree) -> Unfitting | None:
    """Return why *given* can never be calculated with, or None where it may."""
    if not isinstance(given, Leaf) or given.kind in {"any", "number"}:
        return None
    kind = other.kind if isinstance(other, Leaf) else "any"
    if given.kind == "date" and operator == "-" and kind in {"date", "any"}:
        return None
    if given.kind == "text" and operator == "+" and kind in {"text", "any"}:
        return None
    fix = f"write {label} | number" if given.holds == "number" else "calculate with numbers"
    if given.kind == "text" and operator == "+":
        fix = "join text with ~"
    return f"{quoted(label)} is {told(given)}, and cannot be calculated with", fix


def uncompared(
    operator: str, label: str, given: Tree, other_label: str, other: Tree
) -> Unfitting | None:
    """Return why two values can never be compared or equal, or None where they may."""
    if operator in _MEMBER:
        return _no_member(operator, label, given, other_label, other)
    if not isinstance(given, Leaf) or not isinstance(other, Leaf) or ANY in {given, other}:
        return None
    return _unalike(operator, (label, given), (other_label, other))


def _unalike(
    operator: str, left: tuple[str, Leaf], right: tuple[str, Leaf]
) -> Unfitting | None:
    (label, given), (_, other) = left, right
    what = f"{quoted(label)} is {told(given)}, and is compared with {told(other)}"
    if given.kind != other.kind:
        texts = [name for name, each in (left, right) if _digits(each)]
        fix = f"write {texts[0]} | number" if texts else "compare values of one kind"
        return what, fix
    if given.kind == "date" and (given.holds == "day") != (other.holds == "day"):
        fix = f"write both as days: {label} | date('%Y-%m-%d')"
        return what, fix
    if given.kind == "text" and operator in EQUAL and _never_same(given, other):
        return f"{what}: never the same", "compare values of one kind"
    return None


def _never_same(given: Leaf, other: Leaf) -> bool:
    if given.choices and other.choices:
        return not {*given.choices} & {*other.choices}
    return given.holds != other.holds and not {given.holds, other.holds} & _SAME_FORM


def _no_member(
    operator: str, label: str, given: Tree, other_label: str, other: Tree
) -> Unfitting | None:
    if isinstance(other, Items):
        return uncompared("eq", label, given, f"an item of {other_label}", other.item)
    if not isinstance(other, Leaf) or other is ANY:
        return None
    word = "in" if operator == "in" else "not in"
    if other.kind != "text":
        what = f"{quoted(other_label)} is {told(other)}, and nothing is `in` it"
        return what, "use `in` on a list or on text"
    if isinstance(given, Leaf) and given.kind not in {"text", "any"}:
        what = f"{quoted(label)} is {told(given)}, and `{word}` text needs text"
        return what, "compare values of one kind"
    return None


def _digits(tree: Tree) -> bool:
    return isinstance(tree, Leaf) and tree.kind == "text" and tree.holds in {"", "number"}


def unwritten(leaf: Leaf, operator: str, label: str, constant: str) -> Unfitting | None:
    """Return why a text of this form never compares as meant with *constant*, or None."""
    if not constant or leaf.kind != "text":
        return None
    if leaf.holds in {"number", "amount"} and operator not in EQUAL | _MEMBER:
        what = f"{quoted(label)} is text, and is compared letter by letter"
        fix = f"write {label} | default(0) | number, and the number without quotes"
        if leaf.holds == "amount":
            fix = "compare a number: an amount has its currency with it, 480.00 USD"
        return what, fix
    read = READERS.get(leaf.holds)
    if read is None or _reads(read, constant):
        return None
    if leaf.holds == "number":
        return None  # `480.00` and `480` are both numbers, and written differently
    what = f"{quoted(label)} is {told(leaf)}, never {quoted(constant)}"
    return what, "write it in that form"


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except (ValueError, InvalidOperation):
        return False
    return True


READERS: Final[Mapping[Holds, Callable[[str], object]]] = {
    "date": datetime.fromisoformat,
    "time": time.fromisoformat,
    "number": Decimal,
}
"""Forms of text that can be tried on a constant."""


def constant(value: object) -> Tree:
    """Return what a constant of an expression is."""
    if isinstance(value, bool):
        return FLAG
    if isinstance(value, str):
        return Leaf("text", (value,))
    return NUMBER if isinstance(value, int | float) else ANY
