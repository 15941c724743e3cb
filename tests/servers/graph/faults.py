"""Trouble on demand: scripted, or by chance with a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Literal, get_args

Kind = Literal[
    "401",  # the token died between two calls
    "413",
    "429",
    "500",
    "502",
    "503",
    "504",
    "504_after",  # the gateway gave up, yet the effect took place
    "cut_before",  # connection cut, no effect
    "cut_after",  # effect, but the answer is lost
    "cut_midway",  # effect, and half of the answer
    "slow",  # half a second
    "gone_resync",  # delta only: 410 resyncRequired with Location
    "gone_state",  # delta only: 410 syncStateNotFound with Location
    "sync_state_40x",  # delta only: 404 syncStateNotFound without Location
    "repeat_page",  # delta only: the page also holds what the page before held
    "shuffle_page",  # delta only: the page in another order
    "empty_page",  # delta only: no entries, and a nextLink to the same place
]
DELTA_ONLY = frozenset(
    kind
    for kind in get_args(Kind)
    if kind.endswith("_page") or "gone" in kind or "sync" in kind
)
EVERYDAY: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind != "413")


@dataclass(slots=True)
class Fault:
    """What happens to one request."""

    kind: Kind
    retry_after: int = 1
    """Whole seconds, as HTTP has it."""


@dataclass(slots=True)
class _Script:
    pattern: re.Pattern[str]
    method: str
    fault: Fault
    times: int
    skip: int


class Faults:
    """Decides for each request whether something goes wrong. Scripts come before chance."""

    def __init__(self, seed: int = 0) -> None:
        self._scripts: list[_Script] = []
        self._dice = random.Random(seed)
        self._rate = 0.0
        self._kinds: tuple[Kind, ...] = ()
        self._retry_after = 0
        self._lock = Lock()

    def fail_next(
        self,
        pattern: str,
        kind: Kind,
        *,
        times: int = 1,
        method: str = "",
        retry_after: int = 1,
        skip: int = 0,
    ) -> None:
        """Let the next *times* requests go wrong whose path (with query) matches *pattern*.

        The first *skip* matching requests are left alone. Requests inside a batch count too.
        """
        if kind not in get_args(Kind):
            raise ValueError(f"no such kind of fault: {kind}")
        fault = Fault(kind, retry_after)
        with self._lock:
            self._scripts.append(
                _Script(re.compile(pattern), method.upper(), fault, times, skip)
            )

    def random(
        self,
        *,
        rate: float,
        kinds: Sequence[Kind] = EVERYDAY,
        seed: int = 0,
        retry_after: int = 0,
    ) -> None:
        """Let each request go wrong with probability *rate*, in a way drawn from *kinds*."""
        with self._lock:
            self._rate, self._kinds, self._retry_after = rate, tuple(kinds), retry_after
            self._dice = random.Random(seed)

    def calm(self) -> None:
        """Forget all scripts and leave nothing to chance."""
        with self._lock:
            self._scripts.clear()
            self._rate = 0.0

    def pick(self, method: str, target: str) -> Fault | None:
        """Return what goes wrong with this request, if anything."""
        with self._lock:
            fault = self._scripted(method, target) or self._drawn()
        return fault if fault and _fits(fault.kind, target) else None

    def _scripted(self, method: str, target: str) -> Fault | None:
        for script in self._scripts:
            if script.method not in {"", method} or not script.pattern.search(target):
                continue
            if not _fits(script.fault.kind, target):
                continue
            if script.skip:
                script.skip -= 1
                continue
            script.times -= 1
            if script.times <= 0:
                self._scripts.remove(script)
            return script.fault
        return None

    def _drawn(self) -> Fault | None:
        if not self._rate or self._dice.random() >= self._rate:
            return None
        return Fault(self._dice.choice(self._kinds), self._retry_after)


def _fits(kind: Kind, target: str) -> bool:
    """Return whether this can happen to such a request: resyncs need a token to be lost."""
    if kind not in DELTA_ONLY:
        return True
    return "/delta" in target.lower() and (kind.endswith("_page") or "token=" in target)
