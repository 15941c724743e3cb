"""A machine on which the app of a business runs, and which goes down in the middle of it.

A process that is killed stops at some point of its code. What this can leave behind is told
by the calls that change or ask something outside of it: the store, the mailbox, the outlets.
So the machine counts these and goes down at one of them: before it, after it, or, where it is
a call over the network, while it is under way. Then the app is closed and opened anew over the
same home, as after a restart. (Real kills of a real process: `tests/flows/test_crash.py`.)
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import math
import random
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from anonymizer.text.cleaner import Cleaner
from flows.errors import JigajobError
from flows.sweep import SweepDone
from portal.settings import Settings
from portal.wiring import App, open_app
from tests.flows.business import TestClock
from tests.flows.outputs import Crash

STORE = frozenset({"get", "put", "create", "delete", "batch", "query"})
NETWORK = frozenset({"page", "fetch", "deliver", "resume", "call"})

FIRST_PAUSE = 0.005
"""Seconds after a failure of Graph: as many tries as for customers, in less time."""


class Machine:
    """Runs sweeps over one home, each in an app of its own; `crashes` counts those cut short.

    `left_over` are calls that were under way when it went down, which a thread may go on with.
    """

    def __init__(self, settings: Settings, clock: TestClock, chance: random.Random) -> None:
        self._settings, self._clock, self._chance = settings, clock, chance
        self.crashes = 0
        self.left_over: list[asyncio.Future[Any]] = []
        self._steps = 0

    async def sweeps(self, cleaner: Cleaner, *, within: int = 0) -> SweepDone | None:
        """Sweep once; with *within*, go down at one of as many calls, and return None.

        Raises:
            AssertionError: Something came out of the sweep that no user may see.
        """
        # Small numbers as often as large ones: many sweeps have little to do.
        drawn = self._chance.uniform(0, math.log(within)) if within else 0.0
        self._steps = round(math.exp(drawn)) if within else 0
        try:
            async with open_app(self._settings, self._clock) as app:
                self._watch(app)
                return await app.sweep(cleaner).run(lambda _, piece: piece, lambda *_: None)
        except Crash:
            self.crashes += 1
            return None
        except JigajobError:
            return None

    async def asks(self, question: Callable[[App], Awaitable[Any]]) -> Any:
        """Return the answer of the business, which is open meanwhile."""
        async with open_app(self._settings, self._clock) as app:
            return await question(app)

    async def settles(self) -> None:
        """Wait for what was left over, and for threads that go on alone."""
        await asyncio.gather(*self.left_over, return_exceptions=True)
        self.left_over.clear()
        await asyncio.sleep(0.02)

    def _watch(self, app: App) -> None:
        # A copy, since sign-ins keep what is theirs in the same store: a lease that outlives
        # its worker ends by a clock that stands still here.
        app.records.store = self._watched(copy.copy(app.records.store), STORE)
        graphs = app.accounts._graphs.values()
        for each in (
            *app.mailboxes.values(),
            *app.outbox._outlets._every.values(),
            *graphs,
        ):
            self._watched(each, NETWORK)
        for graph in graphs:
            graph.first_pause = FIRST_PAUSE

    def _watched(self, what: Any, names: frozenset[str]) -> Any:
        for name in names:
            if inner := getattr(what, name, None):
                setattr(what, name, partial(self._call, name, inner))
        return what

    async def _call(
        self, name: str, inner: Callable[..., Awaitable[Any]], *given: Any, **named: Any
    ) -> Any:
        self._steps -= 1
        if self._steps:
            return await inner(*given, **named)
        how = self._chance.choice(("before", "after", "under way"))
        if how == "before":
            raise Crash
        if how == "under way" and name in NETWORK:
            begun = asyncio.ensure_future(inner(*given, **named))
            await asyncio.sleep(self._chance.random() / 30)
            begun.cancel()
            self.left_over.append(begun)
            raise Crash
        with contextlib.suppress(Exception):
            await inner(*given, **named)
        raise Crash
