"""Trouble on demand: scripted, or by chance with a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Literal, get_args

Kind = Literal[
    "408",  # timed out, no effect
    "408_after",  # timed out, yet the effect took place
    "412",  # somebody else wrote the item just before a conditional write
    "429",
    "449",  # conflicting writes of others: retry with
    "503",
    "503_after",  # unavailable, yet the effect took place
    "cut_before",  # connection cut, no effect
    "cut_after",  # effect, but the answer is lost
    "slow",  # half a second
    "short_page",  # queries and feeds: a page with fewer items than there were
    "empty_page",  # queries and feeds: a page with none, and a way on
]
Operation = Literal[
    "account",
    "database",
    "container",
    "ranges",
    "read",
    "create",
    "upsert",
    "replace",
    "patch",
    "delete",
    "batch",
    "query",
    "plan",
    "feed",
]
ON_ITEMS: tuple[Operation, ...] = get_args(Operation)[4:]
PAGED = frozenset({"query", "feed"})
CONDITIONAL = frozenset({"upsert", "replace", "delete", "batch"})
AFTER = frozenset({"408_after", "503_after", "cut_after"})
EVERYDAY: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind != "412")


@dataclass(slots=True)
class Fault:
    """What happens to one request."""

    kind: Kind
    retry_after_ms: int = 10


@dataclass(slots=True)
class _Script:
    operations: frozenset[str]
    fault: Fault
    times: int
    skip: int


class Faults:
    """Decides for each request whether something goes wrong. Scripts come before chance."""

    def __init__(self) -> None:
        self._scripts: list[_Script] = []
        self._dice = random.Random(0)
        self._rate = 0.0
        self._kinds: tuple[Kind, ...] = ()
        self._operations: frozenset[str] = frozenset()
        self._retry_after_ms = 0
        self._lock = Lock()
        self.injected: dict[str, int] = {}
        """How many there were of each kind."""

    def fail_next(
        self,
        kind: Kind,
        *operations: Operation,
        times: int = 1,
        skip: int = 0,
        retry_after_ms: int = 10,
    ) -> None:
        """Let the next *times* requests of these operations (none: any on items) go wrong.

        The first *skip* of them are left alone.
        """
        if kind not in get_args(Kind) or not set(operations) <= set(get_args(Operation)):
            raise ValueError(f"no such fault: {kind} {operations}")
        script = _Script(
            frozenset(operations or ON_ITEMS), Fault(kind, retry_after_ms), times, skip
        )
        with self._lock:
            self._scripts.append(script)

    def random(
        self,
        *,
        rate: float,
        kinds: Sequence[Kind] = EVERYDAY,
        seed: int = 0,
        operations: Sequence[Operation] = ON_ITEMS,
        retry_after_ms: int = 1,
    ) -> None:
        """Let requests go wrong with probability *rate*, in a way drawn from *kinds*."""
        with self._lock:
            self._rate, self._kinds, self._retry_after_ms = rate, tuple(kinds), retry_after_ms
            self._operations = frozenset(operations)
            self._dice = random.Random(seed)

    def calm(self) -> None:
        """Forget all scripts and leave nothing to chance."""
        with self._lock:
            self._scripts.clear()
            self._rate = 0.0

    def pick(self, operation: str, *, conditional: bool) -> Fault | None:
        """Return what goes wrong with this request, if anything."""
        with self._lock:
            fault = self._scripted(operation, conditional) or self._drawn(
                operation, conditional
            )
            if fault:
                self.injected[fault.kind] = self.injected.get(fault.kind, 0) + 1
            return fault

    def share(self) -> float:
        """Return how much of a short page is left, from nothing to nearly all of it."""
        with self._lock:
            return self._dice.random()

    def _scripted(self, operation: str, conditional: bool) -> Fault | None:
        for script in self._scripts:
            if operation not in script.operations:
                continue
            if not _fits(script.fault.kind, operation, conditional):
                continue
            if script.skip:
                script.skip -= 1
                continue
            script.times -= 1
            if script.times <= 0:
                self._scripts.remove(script)
            return script.fault
        return None

    def _drawn(self, operation: str, conditional: bool) -> Fault | None:
        if not self._rate or operation not in self._operations:
            return None
        if self._dice.random() >= self._rate:
            return None
        fitting = [kind for kind in self._kinds if _fits(kind, operation, conditional)]
        return Fault(self._dice.choice(fitting), self._retry_after_ms) if fitting else None


def _fits(kind: Kind, operation: str, conditional: bool) -> bool:
    if kind == "412":
        return conditional
    if kind == "449":  # between writes only
        return operation not in PAGED | {"read", "plan"}
    return operation in PAGED if kind.endswith("_page") else True
