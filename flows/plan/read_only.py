"""A store that is read and never written: what works on it can change and send nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from flows.errors import StoreError
from flows.ports import Key, Record, RecordPage, Store, Where, Write


class ReadOnly:
    """Shows what another store holds, and refuses every write."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, key: Key, kind: str, record_id: str) -> Record | None:
        """Return the record, or None where it is missing or expired."""
        return await self._store.get(key, kind, record_id)

    async def query(
        self,
        key: Key,
        kind: str,
        *,
        where: Sequence[Where] = (),
        order: str = "id",
        descending: bool = False,
        limit: int = 100,
        cursor: str = "",
    ) -> RecordPage:
        """Return one page of records of a kind; see the port."""
        return await self._store.query(
            key,
            kind,
            where=where,
            order=order,
            descending=descending,
            limit=limit,
            cursor=cursor,
        )

    async def count(self, key: Key, kind: str, *, where: Sequence[Where] = ()) -> int:
        """Count the live records of a kind that match."""
        return await self._store.count(key, kind, where=where)

    async def changes(self, key: Key, *, cursor: str = "", limit: int = 100) -> RecordPage:
        """Return records written since *cursor*; see the port."""
        return await self._store.changes(key, cursor=cursor, limit=limit)

    async def create(self, key: Key, record: Record) -> Record:
        """Refuse.

        Raises:
            StoreError: Always.
        """
        _refuse()

    async def put(self, key: Key, record: Record, *, etag: str = "") -> Record:
        """Refuse; raises as `create`."""
        _refuse()

    async def delete(self, key: Key, kind: str, record_id: str, *, etag: str = "") -> None:
        """Refuse; raises as `create`."""
        _refuse()

    async def batch(
        self, key: Key, writes: Sequence[Write], *, lasting: bool = True
    ) -> tuple[Record, ...]:
        """Refuse; raises as `create`."""
        _refuse()

    async def purge(self, key: Key) -> None:
        """Refuse; raises as `create`."""
        _refuse()

    async def close(self) -> None:
        """Leave the store open: whoever opened it closes it."""


def _refuse() -> NoReturn:
    raise StoreError("a plan only reads", fix="report it with `jigajob --version`")
