"""The names at the places of a flow, made once for all flows that are alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from anonymizer.text.fields import KEEP_FIELDS
from flows.language.kinds import Group, Refused, Tree
from flows.language.vocabulary import NO_DATA, Scope, condition_scope, step_scope

FIELDS: Final = tuple(field.name for field in KEEP_FIELDS)


def names_in_conditions(
    kinds: frozenset[str],
    sources: Mapping[str, str],
    starts: Mapping[str, Tree],
    data: Tree = NO_DATA,
) -> Scope:
    """Return the names in a flow's conditions; *data* are those of the tables.

    *starts* is what is known of the flow's inputs, and of the output that triggers it.
    """
    return _with(_conditions(kinds, tuple(sources.items())), starts, data=data)


def names_in_steps(
    kinds: frozenset[str],
    sources: Mapping[str, str],
    starts: Mapping[str, Tree],
    *,
    keep: frozenset[str],
    steps: Mapping[str, Tree],
    data: Tree = NO_DATA,
    inputs: Tree | None = None,
) -> Scope:
    """Return the names in a step after *steps*; *starts* and *data* as in conditions.

    *inputs* are those of the block around it, which hide those of the flow.
    """
    names = _steps(kinds, tuple(sources.items()), keep)
    scope = _with(names, starts, steps=Group(steps), data=data)
    if inputs is None:
        return scope
    hidden = Group({**scope.names.names, "inputs": inputs})
    return replace(scope, names=hidden, optional=scope.optional - {"inputs"})


def _with(scope: Scope, starts: Mapping[str, Tree], **names: Tree) -> Scope:
    known = scope.names.names
    there = {
        name: tree for name, tree in starts.items() if not isinstance(known[name], Refused)
    }
    return Scope(Group({**known, **there, **names}), scope.optional, scope.asked)


@lru_cache(maxsize=64)
def _conditions(kinds: frozenset[str], sources: tuple[tuple[str, str], ...]) -> Scope:
    return condition_scope(kinds, dict(sources), fields=FIELDS)


@lru_cache(maxsize=64)
def _steps(
    kinds: frozenset[str], sources: tuple[tuple[str, str], ...], keep: frozenset[str]
) -> Scope:
    """Return the names in a step of which no other has run; most flows keep alike."""
    return step_scope(kinds, dict(sources), fields=FIELDS, keep=keep, steps={})
