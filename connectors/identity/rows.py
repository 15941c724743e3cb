"""One sealed row of tokens for each account, and the lease that lets one worker renew it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from flows.errors import RecordExists, RecordMissing, StaleRecord
from flows.ports import Clock, Record, Write
from flows.records import Records

LEASE: Final = timedelta(seconds=60)
"""How long a worker may take to renew; after that, it counts as dead."""

_ROW, _LEASE = "tokens", "lease"


@dataclass(frozen=True, slots=True)
class Row:
    """What is kept for one account: MSAL's cache as text; *etag* is empty for a new row."""

    cache: str = field(repr=False)
    etag: str = ""


class Rows:
    """The rows of one business; *records* are of the scope `identity`."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records, self._clock = records, clock

    async def read(self, row_id: str) -> Row | None:
        """Return the row, or None."""
        record = await self._records.get(_ROW, row_id)
        if record is None:
            return None
        return Row((await self._records.open_bytes(record)).decode(), record.etag)

    async def renew(self, row_id: str, cache: str, etag: str) -> None:
        """Write the row anew where it is still the one with *etag*.

        Raises:
            StaleRecord, RecordMissing: It was written or removed by somebody else.
            RecordExists: There was none, and now there is.
        """
        store, key, record = (
            self._records.store,
            self._records.key,
            await self._seal(row_id, cache),
        )
        if etag:
            await store.put(key, record, etag=etag)
        else:
            await store.create(key, record)

    async def replace(self, row_id: str, cache: str, connection: Record) -> None:
        """Write the row whatever was there, and *connection* with it."""
        writes = [Write(op="put", record=await self._seal(row_id, cache))]
        writes.append(Write(op="put", record=connection))
        await self._records.store.batch(self._records.key, writes)

    async def remove(self, row_id: str) -> None:
        """Remove the row."""
        await self._records.store.delete(self._records.key, _ROW, row_id)

    @asynccontextmanager
    async def lease(self, row_id: str) -> AsyncIterator[bool]:
        """Give True to the one who alone may renew the row until the end of the context.

        False while another has the lease. A lease ends by itself after a minute, so that
        nobody waits for a worker that has died.
        """
        store, key = self._records.store, self._records.key
        until = self._clock.now() + LEASE
        try:
            lease = self._records.plain(_LEASE, row_id, {}, expires_at=until)
            held = await store.create(key, lease)
        except RecordExists:
            yield False
            return
        try:
            yield True
        finally:
            with suppress(StaleRecord, RecordMissing):  # it had ended, and may be another's
                await store.delete(key, _LEASE, row_id, etag=held.etag)

    async def _seal(self, row_id: str, cache: str) -> Record:
        return await self._records.seal_bytes(_ROW, row_id, cache.encode(), {})
