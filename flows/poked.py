"""Hints by somebody else: a source that is told when something may be new in it."""

from __future__ import annotations

import asyncio


class Poked:
    """Keeps the promise of `flows.ports.Hints` for a source that notifications tell of."""

    def __init__(self) -> None:
        self._told = asyncio.Event()

    async def changed(self, seconds: float) -> bool:
        """Return True once `poke` was called, False after *seconds* without it."""
        try:
            async with asyncio.timeout(seconds):
                await self._told.wait()
        except TimeoutError:
            return False
        self._told.clear()
        return True

    def poke(self) -> None:
        """Say that something may be new; for whoever receives notifications."""
        self._told.set()
