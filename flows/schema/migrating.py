"""Brings every record of a business to another schema, from wherever it was stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from flows.errors import OperatorError, RecordMissing, StaleRecord
from flows.ports import Key, Record, Store, Write
from flows.schema.migrations import moved
from flows.schema.standing import APART, Standing, Standings
from flows.schema.version import SCHEMA, newer, version_of
from flows.store_rules import MAX_WRITES

_BYTES: Final = 1_000_000
"""Of sealed content in one batch; a store may take no more than twice that at once."""

Progress = Callable[[int], None]
"""Told after each batch how many records were brought over so far."""


class Migrator:
    """Migrates one business; nothing else may write to it meanwhile.

    It reads the changes of the store from the first one on. What it writes comes again at
    their end, where it is known by its schema; so it has seen everything, also what another
    wrote at the same time, when no change is left. It may be killed anywhere.
    """

    def __init__(self, store: Store, business: str) -> None:
        self._store, self._business = store, business
        self._standings = Standings(store, business)

    async def run(self, progress: Progress, *, back: bool = False) -> Standing:
        """Bring the business to the schema of this release, or *back* to the one before.

        Raises:
            AdministratorError: A newer release has been at it.
            OperatorError: There is nothing to migrate, or no way back.
            TransientError: From the store, or another migration is at work; run it again.
        """
        standing = await self._begin(SCHEMA - 1 if back else SCHEMA)
        while standing.under_way:
            page = await self._store.changes(
                Key(self._business), cursor=standing.cursor, limit=MAX_WRITES
            )
            count = await self._move(page.records, standing.to)
            standing = replace(standing, cursor=page.cursor, moved=standing.moved + count)
            if count:
                # Only then: each note is a change, too, and would be followed by another.
                standing = await self._standings.write(standing)
                progress(standing.moved)
            if not page.records:
                ended = replace(standing, version=standing.to, cursor="")
                await self._standings.write(ended)
                return ended
        return standing

    async def moves(self, *, back: bool = False) -> bool:
        """Tell whether `run` would find records to bring to another schema."""
        standing = await self._standings.read()
        if standing is None or max(standing.version, standing.to) > SCHEMA:
            return False
        return standing.under_way or standing.version != (SCHEMA - 1 if back else SCHEMA)

    async def _begin(self, to: int) -> Standing:
        standing = await self._standings.read()
        if standing is None:
            raise OperatorError(
                f"nothing is stored of {self._business} yet", fix="there is nothing to migrate"
            )
        if max(standing.version, standing.to) > SCHEMA:
            raise newer(f"the store of {self._business}", max(standing.version, standing.to))
        if max(standing.version, standing.to) < to < SCHEMA:
            raise OperatorError(
                f"the store of {self._business} is at schema {standing.version} already",
                fix="only the release that brought it there can go back further",
            )
        if standing.to == to:  # it is there, or on its way
            return standing
        # Turned round on the way, it starts anew: what is where it belongs is passed over.
        before = standing.to if standing.version == to else standing.version
        return await self._standings.write(Standing(before, to, etag=standing.etag))

    async def _move(self, records: Sequence[Record], to: int) -> int:
        """Write those that are not there yet, as many of a scope at once as may be."""
        count = 0
        batches: dict[str, list[Write]] = {}
        for record in records:
            if record.deleted or record.scope in APART or version_of(record) == to:
                continue
            write = Write(op="put", record=moved(record, to), etag=record.etag)
            batch = batches.setdefault(record.scope, [])
            if batch and sum(len(each.record.sealed) for each in (*batch, write)) > _BYTES:
                await self._write(record.scope, batch, to)
                batch.clear()
            batch.append(write)
            count += 1
        for scope, batch in batches.items():
            await self._write(scope, batch, to)
        return count

    async def _write(self, scope: str, batch: Sequence[Write], to: int) -> None:
        key = Key(self._business, scope)
        try:
            await self._store.batch(key, batch)
        except (StaleRecord, RecordMissing):  # one of them was changed or removed meanwhile
            for write in batch:
                found = await self._store.get(key, write.record.kind, write.record.id)
                if found is not None and version_of(found) != to:
                    await self._store.put(key, moved(found, to), etag=found.etag)
