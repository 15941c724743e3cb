"""The end of a business: its keys destroyed, its records removed.

A mark takes the place of the keys and stays for ever: it forbids that keys are made again, so
that a worker which is still running stops instead of beginning anew.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Final

from flows.errors import RecordExists, StaleRecord
from flows.keys.records import KEY_SCOPE, SHREDDED, mark, read_keys, without
from flows.ports import Clock, Key, Store, Write

KEPT_SCOPES: Final = frozenset({KEY_SCOPE, "audit"})
"""What is not removed: the mark, and the chain of the audit, whose payloads no longer open."""

_ANY_SCOPE: Final = "intake"


async def shred(
    store: Store, business: str, clock: Clock, *, kept: Collection[str] = KEPT_SCOPES
) -> int:
    """Destroy the keys of the business, then remove its records; return how many.

    Nothing of it opens from now on in a process that asks for the keys, and in no process
    after `flows.sealing.CACHED_FOR`. Doing it again removes what such a process has written
    since. On SQLite no byte of what is removed is left in the file or its log.

    Raises:
        TransientError: The keys are destroyed; doing it again does the rest.
    """
    await _destroy(store, business, clock)
    removed, scopes = 0, {_ANY_SCOPE}  # one purge at least: it wipes the keys from the disk
    cursor, before = "", None
    while cursor != before:
        page = await store.changes(Key(business), cursor=cursor, limit=1_000)
        before, cursor = cursor, page.cursor
        scopes |= {record.scope for record in page.records}
        removed += sum(
            record.scope not in kept and not record.deleted for record in page.records
        )
    for scope in sorted(scopes - {*kept}):
        await store.purge(Key(business, scope))
    return removed


async def _destroy(store: Store, business: str, clock: Clock) -> None:
    while True:
        keys = await read_keys(store, business)
        if keys.state == SHREDDED:
            return
        # Only over the keys that were read: a rotation may add one at this moment.
        marked = mark(SHREDDED, clock.now())
        if keys.root:
            write = Write(op="put", record=marked, etag=keys.root.etag)
        else:
            write = Write(op="create", record=marked)
        writes = [write, *without(keys, list(keys.generations))]
        with suppress(StaleRecord, RecordExists):
            await store.batch(Key(business, KEY_SCOPE), writes)
