"""The stable names of the problems that `jigajob validate` finds, for editors and scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CODES: Final[Mapping[str, str]] = {
    "always": "a condition that is the same for every item",
    "books": "a step that writes to books which are none, or with nobody's approval",
    "business": "a country or time zone that does not exist",
    "conflict": "two flows that do the same to one message",
    "data": "a table of data that is missing, or does not say what it should",
    "duplicate": "an id, a name or a key that is taken already",
    "field": "a field that cannot be kept or made coarser",
    "include": "a file that is missing, or cannot be included",
    "invalid": "something else that does not fit",
    "key": "a key that does not exist, or that is missing",
    "mailbox": "a step that its mailbox cannot carry out",
    "maybe-empty": "a value that a filter needs and that may be empty",
    "name": "a name that does not exist, or not at this place",
    "never": "a condition that no item fulfils",
    "outlet": "an outlet that does not exist, takes something else, or lets nobody in",
    "own-network": "an address that outlets call only where an administrator allows it",
    "recogniser": "an own recogniser that does not do what its tests say",
    "schedule": "a schedule that is none",
    "secret": "a secret that stands in the file, or a reference that is none",
    "source": "a source that does not exist, or gives something else",
    "step": "a kind of step that does not exist, or not for this trigger",
    "syntax": "a condition or template that cannot be read",
    "template": "a template file that is missing or cannot be used",
    "trigger": "a trigger by an output that there is not, or inputs that nobody gives",
    "type": "a value of another kind than is due",
    "unused": "something kept or read that nothing uses",
    "value": "a value that is none of those that are possible",
    "yaml": "text that is not YAML, or more of YAML than the language has",
}
"""Each code with what it stands for. A code is never given another meaning."""

WARNINGS: Final = frozenset({"always", "conflict", "maybe-empty", "own-network", "unused"})
"""Codes of what lets a file run."""
