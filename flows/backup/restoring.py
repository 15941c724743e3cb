"""Restoring a backup into a store that holds nothing of its business.

The archive is read twice: once to its end, to know that all of it is there and unaltered, then
again to write it. Before the first record a mark takes the place of the keys, so that nobody
works on half a business; the keys take the place of the mark after the last. A restore that
broke off is done again with the same archive. Each sets a mark of its own and works only while
that stands: of two at once the one that came first ends, so that it writes nothing over what is
done with the business once the other is through.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final, Protocol

from flows.backup.parts import KeyFile, Manifest, names, read_entries, record_of
from flows.errors import (
    OperatorError,
    RecordExists,
    RecordMissing,
    StaleRecord,
    TransientError,
    Unopened,
)
from flows.keys.records import (
    KEY_ID,
    KEY_KIND,
    KEY_SCOPE,
    RESTORING,
    StoredKeys,
    mark,
    read_keys,
)
from flows.ports import Clock, Key, Record, Store, Vault, Write
from flows.streams import open_stream

PIECE: Final = 1_048_576
BATCH_BYTES: Final = 1_500_000
BATCH: Final = 100


class _Source(Protocol):
    """The file of the archive, open."""

    def read(self, size: int, /) -> bytes: ...

    def seek(self, at: int, /) -> object: ...


async def restore(
    business: str,
    store: Store,
    vault: Vault,
    clock: Clock,
    archive: _Source,
    *,
    keys: bytes,
    tell: Callable[[int], None] = lambda _: None,
) -> Manifest:
    """Bring back what an archive holds, with the content of its file of *keys*.

    *tell* is called with the number of entries written so far.

    Raises:
        OperatorError: The store holds something of the business already, the files do not
            belong together, or are of another business. Nothing was written.
        Unopened: The archive was altered or is cut off. Nothing was written.
        AdministratorError: The vault is not the one that wrapped these keys, or the store
            cannot be used.
        TransientError: The store or the vault is away: restoring again goes on. Or another
            restore was begun since, and this one has stopped.
    """
    file = KeyFile.read(keys)
    if file.business != business:
        raise OperatorError(
            "that is a backup of another business", fix="name its flows file with --flows"
        )
    restoring = _Restoring(store, file, archive, clock)
    restoring.key = await vault.unwrap(business, file.archive_key)
    for record in file.keys:
        await vault.unwrap(business, record.sealed)
    manifest = await restoring.checked(hashlib.sha256(keys).hexdigest())
    await restoring.begin()
    await restoring.write(tell)
    await restoring.end()
    return manifest


class _Restoring:
    """One archive on its way into one store."""

    key: bytes
    _mark: Record

    def __init__(self, store: Store, file: KeyFile, archive: _Source, clock: Clock) -> None:
        self._store, self._file, self._archive, self._clock = store, file, archive, clock
        self._business = file.business

    async def checked(self, keys_hash: str) -> Manifest:
        """Return the manifest of an archive that is whole and belongs to these keys."""
        hashed, kinds = hashlib.sha256(), Counter[str]()
        manifest = None
        async for raw, head, _ in self._entries():
            if manifest is not None:
                break
            if "manifest" in head:
                manifest = Manifest(**head["manifest"])
            else:
                hashed.update(raw)
                kinds[head["kind"]] += 1
        else:
            if manifest is not None and (
                manifest.hash,
                manifest.entries,
                manifest.keys,
            ) == (hashed.hexdigest(), kinds.total(), keys_hash):
                return manifest
        raise Unopened(
            "the archive and its file of keys do not belong together",
            fix="take both files of one backup, as they were written",
        )

    async def begin(self) -> None:
        """Set the mark of this restore, in the place of that of one that broke off."""
        begun = mark(RESTORING, self._clock.now(), archive=self._file.archive)
        found = await read_keys(self._store, self._business)
        if found.root is None and not found.generations and await self._is_empty():
            with suppress(RecordExists):
                self._mark = await self._store.create(self._place, begun)
                return
            found = await read_keys(self._store, self._business)
        if found.root is None or not self._is_ours(found):
            raise OperatorError(
                "this store holds records of the business already",
                fix="restore into an empty home: name another one with --home",
            )
        try:
            self._mark = await self._store.put(self._place, begun, etag=found.root.etag)
        except (StaleRecord, RecordMissing):
            raise _another() from None

    async def write(self, tell: Callable[[int], None]) -> None:
        """Write every record, over what an earlier attempt has written."""
        written = 0
        # By scope, since a batch is of one; the order of scopes among each other says nothing.
        held: defaultdict[str, list[Record]] = defaultdict(list)
        now = self._clock.now()
        async for _, head, body in self._entries():
            if "manifest" in head:
                continue
            record = record_of(head, body)
            if _full(held[record.scope], record):
                written += await self._put(held.pop(record.scope))
                tell(written)
            if record.expires_at is None or record.expires_at > now:
                held[record.scope].append(record)
        for some in held.values():
            await self._put(some)

    async def end(self) -> None:
        """Put the keys in the place of the mark: from here on the business is back."""
        # A rotation that was under way starts its pass anew: the feed is another one.
        root, *later = [
            replace(key, fields={**key.fields, "cursor": ""}) if "cursor" in key.fields else key
            for key in sorted(self._file.keys, key=lambda key: key.id != KEY_ID)
        ]
        writes = [
            Write(op="put", record=root, etag=self._mark.etag),
            *(Write(op="put", record=key) for key in later),
        ]
        try:
            await self._store.batch(self._place, writes)
        except (StaleRecord, RecordMissing):
            raise _another() from None

    @property
    def _place(self) -> Key:
        return Key(self._business, KEY_SCOPE)

    async def _entries(self) -> AsyncIterator[tuple[bytes, dict[str, Any], bytes]]:
        self._archive.seek(0)
        bound = names(self._business, self._file.archive)
        async for entry in read_entries(open_stream(self.key, bound, self._pieces())):
            yield entry

    async def _pieces(self) -> AsyncIterator[bytes]:
        while piece := self._archive.read(PIECE):
            yield piece

    async def _is_empty(self) -> bool:
        cursor, before = "", None
        while cursor != before:
            page = await self._store.changes(Key(self._business), cursor=cursor)
            if not all(record.deleted for record in page.records):
                return False
            before, cursor = cursor, page.cursor
        return True

    def _is_ours(self, found: StoredKeys) -> bool:
        return found.state == RESTORING and found.field("archive") == self._file.archive

    async def _put(self, some: list[Record]) -> int:
        if some:
            found = await self._store.get(self._place, KEY_KIND, KEY_ID)
            if found is None or found.etag != self._mark.etag:
                raise _another()
            writes = [
                Write(op="delete" if record.deleted else "put", record=record)
                for record in some
            ]
            # The keys, written last and lasting, bring all of it to the disk.
            await self._store.batch(Key(self._business, some[0].scope), writes, lasting=False)
        return len(some)


def _another() -> TransientError:
    return TransientError(
        "another restore of this business was begun since: this one has stopped",
        fix="let the other one end, then look whether all is there: jigajob status",
    )


def _full(some: list[Record], record: Record) -> bool:
    """Tell whether *record* must go into another batch than *some*."""
    if not some:
        return False
    size = sum(len(each.sealed) for each in some) + len(record.sealed)
    return (
        len(some) == BATCH
        or size > BATCH_BYTES
        or any((each.kind, each.id) == (record.kind, record.id) for each in some)
    )
