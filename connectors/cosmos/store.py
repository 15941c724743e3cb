"""The Store port on Azure Cosmos DB.

Source: https://learn.microsoft.com/azure/cosmos-db/nosql/
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from typing import Any, Final

from connectors.cosmos import select
from connectors.cosmos.account import CosmosAccount
from connectors.cosmos.bodies import Bodies
from connectors.cosmos.charges import Charges
from connectors.cosmos.documents import (
    Document,
    dead,
    document_id,
    expired,
    place_of,
    read_document,
)
from connectors.cosmos.feed import moved, next_page
from connectors.cosmos.trouble import Refused
from connectors.cosmos.writing import Writing
from flows import store_rules as rules
from flows.errors import BlobMissing, JigajobError
from flows.ports import Blobs, Clock, Key, Record, RecordPage, Where, Write

PAGE_BYTES: Final = 16_000_000
"""A page ends early, with a cursor, rather than hold more ciphertext than this."""
_AT_ONCE: Final = 8
_PURGED: Final = 100
_EMPTY_PAGES: Final = 20
"""A service may have looked at so much, and found so little, that it answers with nothing."""


class CosmosStore:
    """Keeps records in one container of Cosmos DB, and long bodies in *blobs*.

    The account and the blobs are closed with the store. Business and scope are the partition
    key, so no request reaches another business. `charges` tells what each operation has cost.

    Raises, at the first call:
        AdministratorError: The container is missing or not as deploy/ makes it, or we are
            not let in.
    """

    def __init__(
        self, account: CosmosAccount, blobs: Blobs, *, clock: Clock | None = None
    ) -> None:
        self._account, self._blobs, self._clock = account, blobs, clock
        self._calls, self._bodies = account.calls, Bodies(blobs)

    @property
    def charges(self) -> Charges:
        """Return what was spent since the store was made, by operation."""
        return self._calls.charges

    async def get(self, key: Key, kind: str, record_id: str) -> Record | None:
        """Return the record, or None where it is missing or expired."""
        rules.check_key(key)
        rules.check_name(kind, record_id)
        found = await self._fetch(key, document_id(kind, record_id))
        return await self._opened(key, found) if found else None

    async def create(self, key: Key, record: Record) -> Record:
        """Store a new record and return it with its etag; see the port."""
        return (await self._write("create", key, [Write(op="create", record=record)]))[0]

    async def put(self, key: Key, record: Record, *, etag: str = "") -> Record:
        """Store the whole record and return it with a new etag; see the port."""
        return (await self._write("put", key, [Write(op="put", record=record, etag=etag)]))[0]

    async def delete(self, key: Key, kind: str, record_id: str, *, etag: str = "") -> None:
        """Remove the record; see the port."""
        record = Record(kind=kind, id=record_id)
        await self._write("delete", key, [Write(op="delete", record=record, etag=etag)])

    async def batch(
        self, key: Key, writes: Sequence[Write], *, lasting: bool = True
    ) -> tuple[Record, ...]:
        """Carry out 1 to 100 writes in one partition, in their order: all of them or none.

        Every batch is *lasting* here. See the port.
        """
        return await self._write("batch", key, writes)

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
        """Return one page of records of a kind; see the port.

        A page may be shorter than *limit* and still have a cursor, when its records are big.
        In the order of a field that is not among `LISTED_BY`, each page reads all that match.

        Raises:
            ValueError: A condition or the cursor is not allowed, or of another query.
        """
        rules.check_query(key, kind, where, order, limit)
        mark = ("query", key.business, key.scope, kind, order, descending)
        after = str(rules.read_cursor(mark, cursor, (str,))[0]) if cursor else ""
        asked = select.Order(order, descending=descending, after=after)
        sql, values = select.page(key, kind, where, asked, now=self._micros(), most=limit + 1)
        found = await self._asked("query", key, sql, values)
        found = _in_order(found, asked)
        page = _as_long_as_allowed(found[:limit])
        more = (place_of(page[-1], order),) if len(page) < len(found) else None
        cursor = rules.write_cursor(mark, more) if more else ""
        return RecordPage(await self._opened_all(key, page), cursor)

    async def count(self, key: Key, kind: str, *, where: Sequence[Where] = ()) -> int:
        """Count the live records of a kind that match."""
        rules.check_query(key, kind, where)
        sql, values = select.count(key, kind, where, now=self._micros())
        return sum(await self._asked("count", key, sql, values))

    async def changes(self, key: Key, *, cursor: str = "", limit: int = 100) -> RecordPage:
        """Return records written since *cursor*, oldest change first; see the port.

        Raises:
            ValueError: The cursor is damaged or of another partition.
        """
        rules.check_key(key, whole=True)
        rules.check_limit(limit)
        mark = ("changes", key.business, key.scope)
        place = str(rules.read_cursor(mark, cursor, (str,))[0]) if cursor else ""
        container = await self._account.container()
        for _ in range(_EMPTY_PAGES):
            found, after = await next_page(container, self._calls, key, place, limit)
            if not found and not moved(place, after):
                return RecordPage((), cursor or rules.write_cursor(mark, (after,)))
            place = after
            now = self._micros()
            told = [one for one in found if not expired(one, now)]
            if records := await self._opened_all(key, told):
                return RecordPage(records, rules.write_cursor(mark, (after,)))
            if found:
                cursor = rules.write_cursor(mark, (after,))
        return RecordPage((), rules.write_cursor(mark, (place,)))

    async def purge(self, key: Key) -> None:
        """Remove every record of exactly this partition, and its bodies; see the port."""
        rules.check_key(key, whole=True)
        sql, values = select.everything(key, _PURGED)
        while found := await self._asked("purge", key, sql, values):
            for scope, documents in groupby(
                sorted(found, key=lambda one: one["s"]), key=lambda one: one["s"]
            ):
                await self._purge(Key(key.business, scope), list(documents))
        if key.scope:
            # What no record names is of no scope, and may be of this one.
            await self.sweep(key.business)
        else:
            await self._bodies.purge(key.business)

    async def sweep(self, business: str) -> int:
        """Remove bodies that no record names any more; return how many.

        Done by itself once a day by a process that writes bodies, and by a purge. Left over
        are those of records that were written over or deleted without their etag, have
        expired, or were never written because the process died.
        """
        old = await self._bodies.old(business, self._now())
        if not old:
            return 0
        sql, values = select.blobs(business)
        named = set(await self._asked("sweep", Key(business), sql, values))
        left = [name for name in old if name not in named]
        await self._bodies.drop(business, left)
        return len(left)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._account.close()
        await self._blobs.close()

    async def _write(
        self, operation: str, key: Key, writes: Sequence[Write]
    ) -> tuple[Record, ...]:
        rules.check_key(key)
        rules.check_writes(writes)
        writing = Writing(
            key,
            await self._account.container(),
            self._calls,
            self._bodies,
            partial(self._fetch, key),
            self._micros(),
        )
        stored = await writing.carry_out(operation, writes)
        if self._bodies.sweep_is_due(key.business, self._now()):
            # The write is in: what keeps the sweep from its work is met again tomorrow.
            with suppress(JigajobError):
                await self.sweep(key.business)
        return stored

    async def _fetch(self, key: Key, document: str) -> Document | None:
        container = await self._account.container()
        partition = [key.business, key.scope]
        try:
            return await self._calls.run(
                "get",
                lambda: container.read_item(
                    document, partition_key=partition, response_hook=self._calls.hook("get")
                ),
            )
        except Refused:
            return None

    async def _asked(
        self, operation: str, key: Key, sql: str, values: list[dict[str, Any]]
    ) -> list[Any]:
        """Return all that a query finds."""
        container = await self._account.container()
        partition = [key.business, key.scope] if key.scope else [key.business]

        async def ask() -> list[Any]:
            found = container.query_items(
                sql,
                parameters=values,
                partition_key=partition,
                response_hook=self._calls.hook(operation),
            )
            return [one async for one in found]

        return await self._calls.run(operation, ask)

    async def _opened(self, key: Key, document: Document | None) -> Record | None:
        """Return the record of a document with its body, None where it is gone."""
        while document is not None and not dead(document, self._micros()):
            if "blob" not in document:
                return read_document(document)
            try:
                body = await self._bodies.fetch(key.business, document["blob"])
            except BlobMissing:
                # Written over or deleted since it was read: there is another version by now.
                before = document["_etag"]
                document = await self._fetch(Key(key.business, document["s"]), document["id"])
                if document and document["_etag"] == before:
                    raise
                continue
            return read_document(document, body)
        return None

    async def _opened_all(self, key: Key, documents: Iterable[Document]) -> tuple[Record, ...]:
        places = asyncio.Semaphore(_AT_ONCE)

        async def opened(document: Document) -> Record | None:
            if "blob" not in document:
                return read_document(document)
            async with places:
                return await self._opened(key, document)

        found = await asyncio.gather(*map(opened, documents))
        return tuple(record for record in found if record is not None)

    async def _purge(self, key: Key, documents: list[Document]) -> None:
        container = await self._account.container()
        partition = [key.business, key.scope]

        async def delete_all() -> None:
            await container.execute_item_batch(
                [("delete", (one["id"],)) for one in documents],
                partition_key=partition,
                response_hook=self._calls.hook("purge"),
            )

        async def delete(document: str) -> None:
            await container.delete_item(
                document, partition_key=partition, response_hook=self._calls.hook("purge")
            )

        try:
            await self._calls.run("purge", delete_all)
        except Refused:
            # One of them is gone already, so the batch did nothing: one by one then.
            for one in documents:
                try:
                    await self._calls.run("purge", partial(delete, one["id"]))
                except Refused:
                    continue
        names = [one["blob"] for one in documents if "blob" in one]
        await self._bodies.drop(key.business, names)

    def _micros(self) -> int:
        return rules.micros(self._now())

    def _now(self) -> datetime:
        return self._clock.now() if self._clock else datetime.now(UTC)


def _in_order(documents: Iterable[Document], order: select.Order) -> list[Document]:
    """Return those documents that come after where the page begins, in their order."""
    # A business may lie on several machines, each of which answers in its own order.
    placed = {place_of(one, order.field): one for one in documents}
    places = sorted(placed, reverse=order.descending)
    if order.descending:
        return [placed[place] for place in places if place < order.start]
    return [placed[place] for place in places if place > order.start]


def _as_long_as_allowed(documents: list[Document]) -> list[Document]:
    """Return the first documents: one more than fits into `PAGE_BYTES`, or all."""
    total = 0
    for number, document in enumerate(documents):
        if total > PAGE_BYTES:
            return documents[:number]
        total += len(document.get("z", "")) * 3 // 4
    return documents
