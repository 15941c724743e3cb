"""The changes of the schema, in order, each with its way back.

A migration changes what is readable of a record. What is sealed needs none: fields of nouns
are only ever added, with a default.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from flows.ports import Record, Scalar
from flows.schema.version import FIRST, marked, version_of

Fields = dict[str, Scalar]


@dataclass(frozen=True, slots=True)
class Migration:
    """One step, from the schema before it to *version*: how fields of a *kind* change.

    *forward* and *backward* change the fields that they are given.
    """

    version: int
    kind: str
    forward: Callable[[Fields], None]
    backward: Callable[[Fields], None]


def moved(record: Record, to: int) -> Record:
    """Return the record as schema *to* has it, step by step; the same where it is there."""
    fields, version = dict(record.fields), version_of(record)
    while version < to:
        version += 1
        for step in _steps(version, record.kind):
            step.forward(fields)
    while version > to:
        for step in reversed(_steps(version, record.kind)):
            step.backward(fields)
        version -= 1
    return replace(record, fields=marked(fields, to))


def _steps(version: int, kind: str) -> list[Migration]:
    return [each for each in MIGRATIONS if each.version == version and each.kind == kind]


_LEASE: Final = timedelta(minutes=15)
"""How long release 0.1.0 took an output in `sending` to be in a living worker's hands."""

_TRIES: Final = ("attempts", "since", "next", "worker")


def _count_tries(fields: Fields) -> None:
    """Tell of an output when it is due, which 0.1.0 knew by its state alone."""
    changed = datetime.fromisoformat(str(fields["changed"]))
    fields["attempts"] = 0
    if fields["state"] == "sending":
        fields["worker"] = "0.1.0"
        changed += _LEASE
    if fields["state"] in ("approved", "sending"):
        fields["next"] = changed.isoformat(timespec="microseconds")


def _forget_tries(fields: Fields) -> None:
    for name in _TRIES:
        fields.pop(name, None)


MIGRATIONS: Final = (Migration(FIRST + 1, "output", _count_tries, _forget_tries),)
"""In the order in which they are carried out."""
