"""Making a backup while everybody goes on working.

The archive follows the changes of the whole business from the beginning until none is left. A
record that is changed after it was read turns up once more, and a deletion is told as well; so
what the archive says last of each record is what the store held at the moment of the last
page. On SQLite that is one moment for all; on Cosmos DB it is one for each partition, within
which batches are whole.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Final, Protocol

from flows.backup.parts import KeyFile, Manifest, manifest_entry, names, record_entry
from flows.keys.records import KEY_BYTES, KEY_SCOPE, held_keys, read_keys
from flows.ports import Clock, Key, Store, Vault
from flows.streams import seal_stream

PAGE: Final = 200


class _Sink(Protocol):
    """Where the archive goes."""

    def write(self, content: bytes, /) -> object: ...


async def back_up(
    business: str,
    store: Store,
    vault: Vault,
    clock: Clock,
    archive: _Sink,
    *,
    audit_root: str = "",
    tell: Callable[[int], None] = lambda _: None,
) -> tuple[Manifest, KeyFile]:
    """Write the archive of all records of the business, and return the keys that open it.

    *archive* gets some kilobytes at a time. *tell* is called with the number of records so
    far. What is purged while this runs may still be in the archive.

    Raises:
        OperatorError: The business has no keys, so nothing to back up.
        AdministratorError, TransientError: From the store or the vault; the archive is not
            whole, and does not open.
    """
    await held_keys(store, business)
    key = secrets.token_bytes(KEY_BYTES)
    made_at = f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"
    empty = KeyFile(
        archive=secrets.token_hex(16),
        business=business,
        made_at=made_at,
        archive_key=await vault.wrap(business, key),
        keys=(),
    )
    written = _Written(store, empty, audit_root, tell)
    async for piece in seal_stream(key, names(business, empty.archive), written.entries()):
        archive.write(piece)
    return written.manifest, written.keys


class _Written:
    """The entries of one archive, and what is known of them at their end."""

    manifest: Manifest
    keys: KeyFile

    def __init__(
        self, store: Store, empty: KeyFile, audit_root: str, tell: Callable[[int], None]
    ) -> None:
        self._store, self._empty, self._tell = store, empty, tell
        self._audit_root = audit_root

    async def entries(self) -> AsyncIterator[bytes]:
        kinds: Counter[str] = Counter()
        hashed = hashlib.sha256()
        business, cursor, before = self._empty.business, "", None
        while cursor != before:
            page = await self._store.changes(Key(business), cursor=cursor, limit=PAGE)
            before, cursor = cursor, page.cursor
            for record in page.records:
                if record.scope != KEY_SCOPE:
                    entry = record_entry(record)
                    hashed.update(entry)
                    kinds[record.kind] += 1
                    yield entry
            self._tell(kinds.total())
        # Read last: a rotation may have added one that is needed by now.
        stored = (await read_keys(self._store, business)).checked()
        self.keys = replace(self._empty, keys=tuple(stored.wrapped.values()))
        self.manifest = Manifest(
            business=business,
            made_at=self._empty.made_at,
            entries=kinds.total(),
            hash=hashed.hexdigest(),
            kinds=dict(sorted(kinds.items())),
            keys=hashlib.sha256(self.keys.as_bytes()).hexdigest(),
            audit_root=self._audit_root,
        )
        yield manifest_entry(self.manifest)
