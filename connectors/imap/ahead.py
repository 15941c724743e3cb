"""Messages of the page in hand, fetched some at a time before they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from connectors.imap.place import Native

_BATCH_BYTES: Final = 8 * 1024 * 1024


class Ahead:
    """Knows which messages follow, and holds what was fetched of them: some megabytes.

    Each message is fetched ahead once; asked for again, it is fetched by itself.
    """

    def __init__(self) -> None:
        self._waiting: dict[Native, int] = {}
        self._ready: dict[Native, bytes] = {}

    def expect(self, refs: Iterable[tuple[Native, int]]) -> None:
        """Expect these messages, of these sizes, to be asked for in this order."""
        self._waiting, self._ready = dict(refs), {}

    def take(self, native: Native) -> bytes | None:
        """Return a message that lies ready, and let go of it."""
        return self._ready.pop(native, None)

    def batch(self, native: Native) -> list[Native]:
        """Return this message and those after it in its folder to be fetched with it."""
        batch: list[Native] = []
        size = 0
        for each, bytes_ in self._waiting.items() if native in self._waiting else ():
            if not batch and each != native:
                continue
            size += bytes_
            other = (each.folder, each.uidvalidity) != (native.folder, native.uidvalidity)
            if other or (batch and size > _BATCH_BYTES):
                break
            batch.append(each)
        for each in batch:
            del self._waiting[each]
        return batch or [native]

    def fill(self, found: Mapping[Native, bytes]) -> None:
        """Hold these and nothing else."""
        self._ready = dict(found)
