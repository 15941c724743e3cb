"""Keys changed for new ones while everybody goes on working.

A rotation of the data key starts with a new generation, under which all is sealed from then
on; processes that hold the old keys learn of it within five minutes, or when they meet a
value that it sealed. Then every record is sealed anew, by following the changes of the whole
business from the beginning: what somebody else changes meanwhile turns up again. The old
generations are destroyed once a pass over everything has found nothing under them that began
`SETTLED_AFTER` after the start. Where it stands is in the fields of the root, so it goes on
after a crash.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from flows.errors import RecordMissing, StaleRecord, Unopened
from flows.keys.records import (
    KEY_SCOPE,
    READY,
    ROTATING,
    StoredKeys,
    held_keys,
    key_record,
    without,
    wrapped_anew,
)
from flows.ports import Clock, Key, Record, Scalar, Store, Vault, Write
from flows.sealing import CACHED_FOR, Keyring, key_id

SETTLED_AFTER: Final = 12 * CACHED_FOR
"""From then on nothing is written any more that was sealed with an old key.

Caches have run out after the first twelfth. The rest is for what was sealed before and is
written late, and for clocks that differ.
"""
PAGE: Final = 500
BATCH_BYTES: Final = 1_500_000
"""Ciphertext in one batch: Cosmos DB takes 2 MB a batch."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """How far a rotation of the data key has come.

    Attributes:
        done: The old keys are destroyed.
        resealed: Records that this call has sealed anew.
        unopened: Records that do not open, with any key; they are left as they are.
        earliest: When the old keys can be destroyed at the earliest.
    """

    done: bool
    resealed: int
    unopened: int
    earliest: datetime


class Rotating:
    """Rotates the keys of one business."""

    def __init__(
        self, store: Store, vault: Vault, keyring: Keyring, business: str, clock: Clock
    ) -> None:
        self._store, self._vault, self._keyring = store, vault, keyring
        self._business, self._clock = business, clock
        self._resealed = 0

    async def rotate(self, tell: Callable[[int], None] = lambda _: None) -> Rotation:
        """Start a rotation of the data key, or go on with the one that is under way.

        *tell* is called with the number of records sealed anew, page by page. Call it again
        after `earliest` where it is not done.

        Raises:
            StaleRecord: Another process rotates the same keys.
            OperatorError: The business has no keys yet.
            AdministratorError: The keys were shredded, or are not all restored.
        """
        self._resealed = 0
        keys = await held_keys(self._store, self._business)
        if keys.state != ROTATING:
            keys = await self._begin(keys)
        # What is sealed from here on is sealed with the new key.
        self._keyring.forget(self._business)
        earliest = began_at(keys) + SETTLED_AFTER
        while True:
            keys = await self._pass(keys, tell)
            unopened = int(keys.field("unopened") or 0)
            late = datetime.fromisoformat(str(keys.field("pass_from"))) >= earliest
            if done := late and not keys.field("found"):
                await self._end(keys)
            if done or self._clock.now() < earliest:
                return Rotation(done, self._resealed, unopened, earliest)
            keys = await self._note(keys, cursor="", **self._fresh_pass())

    async def rewrap(self) -> int:
        """Wrap every key of the business with the newest wrapping key; return how many were.

        A newer wrapping key is made first, where that is the vault's to make and no earlier
        call has left keys behind. The business needs no older one afterwards.

        Raises:
            StaleRecord: Another process changes the same keys.
            OperatorError, AdministratorError: As `rotate`.
        """
        keys = await held_keys(self._store, self._business)
        wrapped = keys.wrapped.values()
        if all([await self._is_newest(record) for record in wrapped]):
            await self._vault.renew()
        writes = []
        for record in wrapped:
            if not await self._is_newest(record):
                secret = await self._vault.unwrap(self._business, record.sealed)
                anew = await self._vault.wrap(self._business, secret)
                writes.append(
                    Write(op="put", record=replace(record, sealed=anew), etag=record.etag)
                )
        if writes:
            await self._store.batch(self._place, writes)
        return len(writes)

    @property
    def _place(self) -> Key:
        return Key(self._business, KEY_SCOPE)

    async def _is_newest(self, record: Record) -> bool:
        return await self._vault.is_newest(self._business, record.sealed)

    async def _begin(self, keys: StoredKeys) -> StoredKeys:
        number = max(keys.wrapped) + 1
        ids = [
            key_id(await self._vault.unwrap(self._business, record.sealed))
            for record in keys.wrapped.values()
        ]
        while True:
            wrapped = await wrapped_anew(self._vault, self._business)
            # Four bytes name a key: once in four thousand million times they are taken.
            if key_id(await self._vault.unwrap(self._business, wrapped)) not in ids:
                break
        fields: dict[str, Scalar] = {
            "state": ROTATING,
            "current": number,
            "since": self._clock.now().isoformat(),
            "cursor": "",
            **self._fresh_pass(),
        }
        return await self._change(
            keys, fields, [Write(op="create", record=key_record(number, wrapped))]
        )

    def _fresh_pass(self) -> dict[str, Scalar]:
        return {"pass_from": self._clock.now().isoformat(), "found": 0, "unopened": 0}

    async def _pass(self, keys: StoredKeys, tell: Callable[[int], None]) -> StoredKeys:
        """Go from the cursor in *keys* to the end of the changes."""
        cursor = str(keys.field("cursor") or "")
        while True:
            page = await self._store.changes(Key(self._business), cursor=cursor, limit=PAGE)
            if not page.records and page.cursor == cursor:
                return keys
            cursor = page.cursor
            records = [each for each in page.records if each.scope != KEY_SCOPE]
            if not records:
                continue  # noting this would itself be a change, and so on for ever
            found, unopened = await self._reseal(records)
            keys = await self._note(
                keys,
                cursor=cursor,
                found=int(keys.field("found") or 0) + found,
                unopened=int(keys.field("unopened") or 0) + unopened,
            )
            tell(self._resealed)

    async def _reseal(self, records: Iterable[Record]) -> tuple[int, int]:
        """Return how many of *records* were under old keys, and how many do not open."""
        due: dict[str, list[Write]] = defaultdict(list)
        unopened = 0
        for record in records:
            try:
                sealed = record.sealed and await self._keyring.reseal(
                    self._business, record.kind, record.id, record.sealed
                )
            except Unopened:
                unopened += 1
                continue
            if sealed:
                anew = replace(record, sealed=sealed)
                due[record.scope].append(Write(op="put", record=anew, etag=record.etag))
        for scope, writes in due.items():
            for some in _batches(writes):
                await self._put(Key(self._business, scope), some)
        return sum(map(len, due.values())), unopened

    async def _put(self, place: Key, writes: Sequence[Write]) -> None:
        try:
            await self._store.batch(place, writes)
        except (StaleRecord, RecordMissing):
            if len(writes) == 1:
                return  # somebody has changed it since: it turns up again, or is gone
            for write in writes:
                await self._put(place, [write])
        else:
            self._resealed += len(writes)

    async def _end(self, keys: StoredKeys) -> None:
        old = [number for number in keys.generations if number != keys.current]
        fields: dict[str, Scalar] = {
            "state": READY,
            "current": keys.current,
            "since": keys.field("since"),
        }
        root = replace(_root(keys), fields=fields)
        await self._store.batch(
            self._place,
            [Write(op="put", record=root, etag=root.etag), *without(keys, old)],
        )

    async def _note(self, keys: StoredKeys, **fields: Scalar) -> StoredKeys:
        return await self._change(keys, {**_root(keys).fields, **fields}, [])

    async def _change(
        self, keys: StoredKeys, fields: dict[str, Scalar], more: Sequence[Write]
    ) -> StoredKeys:
        root = replace(_root(keys), fields=fields)
        stored, *made = await self._store.batch(
            self._place, [Write(op="put", record=root, etag=root.etag), *more]
        )
        added = {max(keys.wrapped) + 1 + at: record for at, record in enumerate(made)}
        return StoredKeys(stored, {**keys.generations, **added})


def began_at(keys: StoredKeys) -> datetime:
    """Return when the rotation that is under way began."""
    return datetime.fromisoformat(str(keys.field("since")))


def _root(keys: StoredKeys) -> Record:
    if keys.root is None:
        raise AssertionError("keys without a root are not rotated")
    return keys.root


def _batches(writes: Sequence[Write]) -> Iterator[list[Write]]:
    """Yield the writes in lists that every store takes at once."""
    some: list[Write] = []
    size = 0
    for write in writes:
        length = len(write.record.sealed)
        if some and (len(some) == 100 or size + length > BATCH_BYTES):  # noqa: PLR2004
            yield some
            some, size = [], 0
        some.append(write)
        size += length
    if some:
        yield some
