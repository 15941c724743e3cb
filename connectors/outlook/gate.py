"""Four requests at a time in each mailbox, and none while Graph asks for a pause.

Source: https://learn.microsoft.com/graph/throttling-limits (Outlook service limits)
"""

from __future__ import annotations

import asyncio
import random
import time
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from flows.errors import Throttled, TransientError

PLACES: Final = 4
_ATTEMPTS: Final = 5


class Waiting:
    """How many seconds a call may still wait, and how often it may fail."""

    def __init__(self, patience: float, first: float) -> None:
        self._left, self._next, self._attempts = patience, first, _ATTEMPTS

    async def pause(self) -> None:
        """Wait before the next attempt, each time about twice as long.

        Raises:
            TransientError: There were enough.
        """
        self._attempts -= 1
        seconds = self._next * random.uniform(0.5, 1.0)  # noqa: S311  spreads calls, no secret
        if not self._attempts or seconds > self._left:
            raise TransientError("Microsoft Graph is away, or cannot be reached from here")
        self._left -= seconds
        self._next *= 2
        await asyncio.sleep(seconds)

    async def rest(self, seconds: float) -> None:
        """Wait as long as Graph asked for.

        Raises:
            Throttled: That is too long.
        """
        if seconds > self._left:
            raise Throttled("Microsoft Graph asked for a pause", retry_after=seconds)
        self._left -= seconds
        await asyncio.sleep(seconds)


class Gate:
    """The way into one mailbox, shared by all that this event loop does there."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(PLACES)
        self._whole = asyncio.Lock()
        self._until = 0.0

    @asynccontextmanager
    async def place(self, waiting: Waiting) -> AsyncIterator[None]:
        """Hold one of the four places.

        Raises:
            Throttled: Graph asked for a pause that is too long for *waiting*.
        """
        while True:
            await self._rest(waiting)
            async with self._places:
                if self._left() > 0:
                    continue
                yield
                return

    @asynccontextmanager
    async def all_places(self, waiting: Waiting) -> AsyncIterator[None]:
        """Hold all four places: a batch is carried out four requests at a time."""
        async with self._whole:
            await self._rest(waiting)
            held = 0
            try:
                for _ in range(PLACES):
                    await self._places.acquire()
                    held += 1
                yield
            finally:
                for _ in range(held):
                    self._places.release()

    def close_for(self, seconds: float) -> None:
        """Let nobody in for so long; no pause at all would be a call that goes on for ever."""
        seconds = max(seconds, 0.05)
        self._until = max(self._until, time.monotonic() + seconds)

    def _left(self) -> float:
        return self._until - time.monotonic()

    async def _rest(self, waiting: Waiting) -> None:
        while (left := self._left()) > 0:
            await waiting.rest(left)


# A semaphore belongs to one event loop; loops come and go, most of all in tests.
_gates: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Gate]] = (
    weakref.WeakKeyDictionary()
)


def gate_of(url: str, address: str) -> Gate:
    """Return the one gate of a mailbox at the Graph of *url*, in the running event loop."""
    gates = _gates.setdefault(asyncio.get_running_loop(), {})
    return gates.setdefault(f"{url} {address.lower()}", Gate())
