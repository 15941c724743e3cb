"""What a name stands for: a value of some kind, a list, a group of names, or nothing here.

Steps say in these words what they return, `flows.language.vocabulary` what an item has;
the validator reads both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from pydantic import JsonValue

LeafKind = Literal["text", "number", "date", "flag", "any"]

Holds = Literal[
    "", "day", "date", "time", "number", "amount", "phone", "address", "email", "name", "prose"
]
"""What is known of a text; empty where nothing is. `date` (2026-03-14) and `number` (480.00)
are read by the filters of that name; `amount` has a currency (480.00 USD); `prose` is as people
wrote it. Of a date, `day` says that it has no time."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value; `choices` are all that a text can be, where that is known.

    `holds` says more. A text without choices may be empty, whatever it holds.
    """

    kind: LeafKind
    choices: tuple[str, ...] = ()
    holds: Holds = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list of things that are all alike."""

    item: Tree


@dataclass(frozen=True, slots=True)
class Keyed(Items):
    """A table: a list of rows, of which one is found by its key; *keys* are all there are."""

    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Refused:
    """A name that exists, but not here: why, and what to do."""

    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class Group:
    """Names under a name."""

    names: Mapping[str, Tree]


@dataclass(frozen=True, slots=True)
class Wants:
    """Says of a step's option, in its annotation, what its text must hold."""

    holds: Holds


Tree = Leaf | Items | Refused | Group

Returned = Mapping[str, Leaf]
"""What a step returns when it runs, by name."""

TEXT: Final = Leaf("text")
PROSE: Final = Leaf("text", holds="prose")
NAME: Final = Leaf("text", holds="name")
ANY: Final = Leaf("any")
NUMBER: Final = Leaf("number")
DATE: Final = Leaf("date")
DAY: Final = Leaf("date", holds="day")
FLAG: Final = Leaf("flag")
DATE_TEXT: Final = Leaf("text", holds="date")
NUMBER_TEXT: Final = Leaf("text", holds="number")
AMOUNT_TEXT: Final = Leaf("text", holds="amount")


def one_of(*choices: str) -> Leaf:
    """Return a text that is one of *choices*."""
    return Leaf("text", choices)


def skippable(leaf: Leaf) -> Leaf:
    """Return what *leaf* may be where its step may not have run."""
    choices = leaf.choices and tuple(dict.fromkeys((*leaf.choices, "")))
    return replace(leaf, choices=choices)


def nothing(returned: Returned) -> dict[str, JsonValue]:
    """Return the values of a step that did not run: empty texts, 0 and false."""
    none: Mapping[LeafKind, JsonValue] = {"number": 0, "flag": False}
    return {name: none.get(leaf.kind, "") for name, leaf in returned.items()}
