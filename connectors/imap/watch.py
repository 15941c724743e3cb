"""Hints that a folder has changed: IDLE where the server has it, asking where not.

Source: RFC 2177.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Final

from connectors.imap.account import Account
from connectors.imap.link import Link
from connectors.imap.session import Session
from flows.errors import JigajobError

_RENEW: Final = 60.0
"""Seconds in one IDLE: well below the half hour of RFC 2177, for routers that forget."""

_ASK: Final = 5.0
"""Seconds between questions to a server without IDLE, or to one that is away."""


class Watch:
    """Watches one folder on a connection of its own; no thread waits meanwhile."""

    def __init__(self, account: Account, folder: str) -> None:
        self._folder = folder
        self._link = Link(account)
        self._lock = asyncio.Lock()
        self._known: tuple[int, int, int] | None = None
        self._closed = asyncio.Event()

    async def changed(self, seconds: float) -> bool:
        """Return True once mail came or went, False after *seconds* or when closed."""
        end = time.monotonic() + seconds
        pause = 0.1
        self._closed.clear()
        async with self._lock:
            while not self._closed.is_set():
                try:
                    if await self._link.run(self._look):
                        return True
                    wait = _RENEW
                except JigajobError:
                    wait = _ASK  # away: page() will say so, to whoever must act
                left = end - time.monotonic()
                if left <= 0:
                    return False
                if await self._sign(min(wait, left)):
                    # What woke us was perhaps no news, or a server that hangs up each time.
                    await self._sleep(min(pause, left))
                    pause = min(pause * 2, _ASK)
        return False

    async def close(self) -> None:
        """End the connection, and a wait that is under way."""
        self._closed.set()
        await self._link.close()

    def _look(self, session: Session) -> bool:
        """Tell whether the folder has changed since the last look; if not, start to IDLE."""
        kept = session.opened is not None
        found = kept and session.news()
        opened = session.examine(self._folder, fresh=found)
        before = self._known
        self._known = (
            (opened.uidvalidity, opened.uidnext, opened.exists) if found or not kept else before
        )
        # What came while there was no connection shows in these numbers.
        found = found or (not kept and before not in (None, self._known))
        if not found:
            session.idle()
        return found

    async def _sign(self, seconds: float) -> bool:
        """Wait until the server says something; False after *seconds* or when closed."""
        session = self._link.session
        if session is None or not session.idling:
            await self._sleep(min(seconds, _ASK))
            return False
        said = asyncio.Event()
        loop = asyncio.get_running_loop()
        socket = session.client.socket().fileno()
        loop.add_reader(socket, said.set)
        waits = [asyncio.ensure_future(event.wait()) for event in (said, self._closed)]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            loop.remove_reader(socket)
            for each in waits:
                each.cancel()
        return said.is_set()

    async def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closed.wait(), seconds)
