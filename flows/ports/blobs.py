"""Where bytes are kept that are too many for a record."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class BlobEntry:
    """One blob in a list: its name, how many bytes it has, and when it was written, in UTC."""

    name: str
    size: int
    written_at: datetime


class Blobs(Protocol):
    """Keeps sealed bytes of many businesses by name; each call sees one business only.

    A business is named as in `Key`; a name is 1 to 200 of `A-Z a-z 0-9 . _ -`, not a dot
    first. Names are never personal data, and the bytes are sealed by whoever gives them.

    Raises, on any method: `ValueError` for a name that is not allowed, `TransientError` where
    trying again is the cure, `AdministratorError` where the place cannot be used at all.
    """

    async def put(self, business: str, name: str, data: bytes | AsyncIterable[bytes]) -> None:
        """Store the bytes, over whatever was there; they are there wholly or not at all.

        Where several write one name at once, the bytes of one of them are there whole, and
        the others may have a `TransientError`.
        """

    def get(self, business: str, name: str) -> AsyncIterator[bytes]:
        """Yield the bytes in parts, in order.

        Raises:
            BlobMissing: There is no such blob, or it was removed while it was read.
        """

    async def delete(self, business: str, name: str) -> None:
        """Remove a blob; a missing one is fine."""

    def entries(self, business: str) -> AsyncIterator[BlobEntry]:
        """Yield every blob of a business, in the order of their names."""

    async def purge(self, business: str) -> None:
        """Remove every blob of exactly this business."""

    async def close(self) -> None:
        """Let go of connections; the blobs are not usable afterwards."""
