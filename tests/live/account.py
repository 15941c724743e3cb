"""A real account of Cosmos DB for tests: businesses with names that no other test has.

`COSMOS_ENDPOINT` is its address: `https://NAME.documents.azure.com`, with `/DATABASE/CONTAINER`
where that is not `jigajob/records-test`. The container is made as deploy/README.md says; who
runs the tests signs in with `az login` and has the role that is named there. `COSMOS_KEY` is
the key of an emulator on this machine.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

import pytest

from flows.ports import Key, Record, RecordPage, Store, Where, Write

ENDPOINT = "COSMOS_ENDPOINT"


def endpoint() -> str:
    found = os.environ.get(ENDPOINT, "")
    if not found:
        pytest.skip(f"{ENDPOINT} names no account of Cosmos DB: Azure itself is not asked")
    return found


class OwnBusinesses:
    """A store in which each business has another name, so that tests begin with nothing."""

    def __init__(self, store: Store, prefix: str, used: set[str]) -> None:
        self._store, self._prefix, self._used = store, prefix, used

    def _own(self, key: Key) -> Key:
        if not key.business:
            return key
        self._used.add(self._prefix + key.business)
        return replace(key, business=self._prefix + key.business)

    async def get(self, key: Key, kind: str, record_id: str) -> Record | None:
        return await self._store.get(self._own(key), kind, record_id)

    async def create(self, key: Key, record: Record) -> Record:
        return await self._store.create(self._own(key), record)

    async def put(self, key: Key, record: Record, *, etag: str = "") -> Record:
        return await self._store.put(self._own(key), record, etag=etag)

    async def delete(self, key: Key, kind: str, record_id: str, *, etag: str = "") -> None:
        await self._store.delete(self._own(key), kind, record_id, etag=etag)

    async def batch(
        self, key: Key, writes: Sequence[Write], *, lasting: bool = True
    ) -> tuple[Record, ...]:
        return await self._store.batch(self._own(key), writes, lasting=lasting)

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
        return await self._store.query(
            self._own(key),
            kind,
            where=where,
            order=order,
            descending=descending,
            limit=limit,
            cursor=cursor,
        )

    async def count(self, key: Key, kind: str, *, where: Sequence[Where] = ()) -> int:
        return await self._store.count(self._own(key), kind, where=where)

    async def changes(self, key: Key, *, cursor: str = "", limit: int = 100) -> RecordPage:
        return await self._store.changes(self._own(key), cursor=cursor, limit=limit)

    async def purge(self, key: Key) -> None:
        await self._store.purge(self._own(key))

    async def close(self) -> None:
        await self._store.close()
