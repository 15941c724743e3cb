"""So many requests at a time at one service, and none while it asks for a pause."""

from __future__ import annotations

import asyncio
import math
import random
import time
import weakref
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from flows.errors import Throttled, TransientError

_ATTEMPTS: Final = 5
_LONGEST_PAUSE: Final = 24 * 3600.0


class Waiting:
    """How many seconds a call to *service* may still wait, and how often it may fail."""

    def __init__(self, service: str, patience: float, first: float) -> None:
        self._service = service
        self._left, self._next, self._attempts = patience, first, _ATTEMPTS

    async def pause(self) -> None:
        """Wait before the next attempt, each time about twice as long.

        Raises:
            TransientError: There were enough.
        """
        self._attempts -= 1
        seconds = self._next * random.uniform(0.5, 1.0)  # noqa: S311  spreads calls, no secret
        if not self._attempts or seconds > self._left:
            raise TransientError(f"{self._service} is away, or cannot be reached from here")
        self._left -= seconds
        self._next *= 2
        await asyncio.sleep(seconds)

    async def rest(self, seconds: float) -> None:
        """Wait as long as the service asked for.

        Raises:
            Throttled: That is too long.
        """
        if seconds > self._left:
            raise Throttled(f"{self._service} asked for a pause", retry_after=seconds)
        self._left -= seconds
        await asyncio.sleep(seconds)


class Gate:
    """The way into one account, shared by all that this event loop does there."""

    def __init__(self, places: int) -> None:
        self._number, self._places = places, asyncio.Semaphore(places)
        self._whole = asyncio.Lock()
        self._until = 0.0

    @asynccontextmanager
    async def place(self, waiting: Waiting) -> AsyncIterator[None]:
        """Hold one of the places.

        Raises:
            Throttled: The service asked for a pause that is too long for *waiting*.
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
        """Hold every place, for a call that is carried out as many at a time."""
        async with self._whole:
            await self._rest(waiting)
            held = 0
            try:
                for _ in range(self._number):
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


def gate_of(url: str, account: str, places: int) -> Gate:
    """Return the one gate of an account at the service of *url*, in the running event loop."""
    gates = _gates.setdefault(asyncio.get_running_loop(), {})
    return gates.setdefault(f"{url} {account.lower()}", Gate(places))


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds that `Retry-After` asks for, None where it says nothing usable.

    Source: RFC 9110 section 10.2.3 (seconds or a date); Microsoft also sends fractions.
    """
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            then = parsedate_to_datetime(text)
        except (TypeError, ValueError):
            return None
        then = then if then.tzinfo else then.replace(tzinfo=UTC)
        seconds = (then - (now or datetime.now(UTC))).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_PAUSE) if not math.isnan(seconds) else None
