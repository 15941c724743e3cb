"""What is too long for a document, kept outside it.

A body is written before the document that names it, under a name that no other has, so a
document never names what is not there. What is left over where a process died between the
two, or a document was written over unread, nobody names: it is swept a day later.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from flows.errors import JigajobError
from flows.ports import Blobs

INSIDE: Final = 64 * 1024
"""So many sealed bytes stay in a document: a write of 64 KB costs 23 units, of 1 MB 625."""
REQUEST: Final = 900_000
"""So many bytes one request may have. Source: azure-cosmos, README: 1.2 MB for a batch."""
_OLD: Final = timedelta(days=1)


def too_long(sealed: Sequence[bytes]) -> set[int]:
    """Return which bodies of one request go outside: long ones, then the longest left."""
    outside = {number for number, body in enumerate(sealed) if len(body) > INSIDE}
    inside = sorted(
        (number for number in range(len(sealed)) if number not in outside),
        key=lambda number: len(sealed[number]),
    )
    total = sum(len(sealed[number]) for number in inside)
    while inside and total * 4 // 3 > REQUEST:
        longest = inside.pop()
        outside.add(longest)
        total -= len(sealed[longest])
    return outside


class Bodies:
    """The bodies of one store, in *blobs*."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._swept: dict[str, datetime | None] = {}

    async def keep(self, business: str, sealed: bytes) -> str:
        """Store a body and return its name."""
        self._swept.setdefault(business, None)
        name = secrets.token_hex(16)
        await self._blobs.put(business, name, sealed)
        return name

    async def fetch(self, business: str, name: str) -> bytes:
        """Return a body.

        Raises:
            BlobMissing: It was removed: its document was written over or deleted meanwhile.
        """
        return b"".join([part async for part in self._blobs.get(business, name)])

    async def drop(self, business: str, names: Iterable[str]) -> None:
        """Remove bodies that no document names any more; what cannot be is left over."""
        for name in names:
            with suppress(JigajobError):
                await self._blobs.delete(business, name)

    def sweep_is_due(self, business: str, now: datetime) -> bool:
        """Tell whether bodies were kept here, and not looked through within a day."""
        swept = self._swept.get(business, now)
        return swept is None or not timedelta() <= now - swept < _OLD

    async def old(self, business: str, now: datetime) -> list[str]:
        """Return the names of all bodies that are older than a write can be under way."""
        self._swept[business] = now
        return [
            entry.name
            async for entry in self._blobs.entries(business)
            if entry.written_at < now - _OLD
        ]

    async def purge(self, business: str) -> None:
        """Remove every body of a business."""
        await self._blobs.purge(business)
