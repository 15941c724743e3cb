"""The log of one business in its scope of the store: appended to, read, never changed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import JsonValue

from flows.audit import payload as payloads
from flows.audit.actions import ACTIONS
from flows.audit.entry import (
    KIND,
    MOST_SUBJECTS,
    BadEntry,
    Entry,
    Stored,
    digest,
    entry_id,
    read_entry,
)
from flows.audit.payload import Payload, payload_of
from flows.audit.root import PURPOSE, Anchors, Root, Signer, root_of
from flows.errors import AdministratorError, RecordExists, StaleRecord
from flows.ports import Clock, Record, Where, Write
from flows.records import Records

AUDIT: Final = "audit"
"""Scope of the log."""

PAGE: Final = 500
ANCHOR_ENTRIES: Final = 1_000
ANCHOR_TIME: Final = timedelta(minutes=1)
"""A root is put outside of the store after so many entries or so long, and at the end."""

_BATCH: Final = 100
_TRIES: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something done or about to be done; the fields are those of `Entry`.

    `details` are sealed apart from the entry: all that could tell about a person belongs
    there.
    """

    action: str
    authority: str
    subjects: Sequence[str] = ()
    result: str = ""
    details: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Draft:
    act: Act
    actor: str
    payload: Payload | None

    @property
    def writes(self) -> int:
        return 1 if self.payload is None else 2


class Log:
    """Appends to and reads the log of one business; *records* are of the scope `audit`.

    Any number of tasks and processes may append at once: numbers are taken by `create`, and
    who comes second takes the next one. `close` it, so that the last root is kept in
    *anchors*.
    """

    def __init__(self, records: Records, clock: Clock, anchors: Anchors | None = None) -> None:
        self._records, self._clock, self._anchors = records, clock, anchors
        self._lock = asyncio.Lock()
        self._head: Stored | None = None
        self._signer: tuple[bytes, Signer] | None = None
        self._anchored: tuple[int, datetime] | None = None

    @property
    def business(self) -> str:
        """Return whose log it is."""
        return self._records.key.business

    async def append(
        self, actor: str, acts: Sequence[Act], who: Mapping[str, JsonValue] | None = None
    ) -> tuple[int, ...]:
        """Append an entry for each act, and return their numbers; one batch where they fit.

        An act with more than 100 subjects takes several entries. *who* tells of the actor
        what only the sealed payload may hold.

        Raises:
            ValueError: An action is none of `ACTIONS`.
            TransientError, AdministratorError: From the store or the vault; then nothing
                may be done either that was to be recorded.
        """
        drafts = [
            _Draft(part, actor, _payload(part, who)) for act in acts for part in _parts(act)
        ]
        numbers: list[int] = []
        async with self._lock:
            for some in _batches(drafts):
                made = await self._write(some)
                numbers += [each.entry.sequence for each in made]
                await self._anchor()
        return tuple(numbers)

    async def head(self, action: str = "") -> Stored | None:
        """Return the last entry, or the last with this *action*; None where there is none.

        Raises:
            AdministratorError: What stands last is no entry.
        """
        where = [Where("action", "=", action)] if action else []
        page = await self._records.store.query(
            self._records.key, KIND, where=where, descending=True, limit=1
        )
        return _read(page.records[0]) if page.records else None

    async def root(self) -> Root | None:
        """Return what stands for the whole log as it is now; None where it is empty."""
        head = await self.head()
        return root_of(head) if head else None

    def anchored(self) -> Iterator[Root]:
        """Yield the roots that were kept outside of the store, in the order of that."""
        return self._anchors.roots(self.business) if self._anchors else iter(())

    async def key(self) -> str:
        """Return the public key of which the business has the secret, in hexadecimal."""
        return (await self._key()).key

    async def entries(
        self, *, where: Sequence[Where] = (), descending: bool = False
    ) -> AsyncIterator[Stored]:
        """Yield the entries that match, by number; conditions on `time`, `action` and `id`.

        Raises:
            AdministratorError: One of them is no entry.
        """
        async for record in self._records.each(KIND, where=where, descending=descending):
            yield _read(record)

    async def pages(self) -> AsyncIterator[tuple[list[Record], dict[str, Record]]]:
        """Yield all records of entries by number, with those of their payloads by id."""
        cursor = ""
        while True:
            page = await self._records.store.query(
                self._records.key, KIND, limit=PAGE, cursor=cursor
            )
            if page.records:
                first, last = page.records[0].id, page.records[-1].id
                yield list(page.records), {r.id: r async for r in self.details(first, last)}
            if not (cursor := page.cursor):
                return

    async def details(self, first: str, last: str = "") -> AsyncIterator[Record]:
        """Yield the records of payloads from one id to another, or to the end."""
        where = [Where("id", ">=", first)]
        where += [Where("id", "<=", last)] if last else []
        async for record in self._records.each(payloads.KIND, where=where):
            yield record

    async def stored(self, sequence: int) -> Record | None:
        """Return the record of one entry, or None."""
        return await self._records.get(KIND, entry_id(sequence))

    async def payload(self, sequence: int) -> Payload | None:
        """Return the details of an entry, None where there are none any more.

        Raises:
            AdministratorError: They cannot be opened: altered, moved, or the key is gone.
        """
        record = await self._records.get(payloads.KIND, entry_id(sequence))
        return await self.opened(record) if record else None

    async def opened(self, record: Record) -> Payload:
        """Return what is sealed in the record of a payload; raises as `payload`."""
        return await self._records.open(record, Payload)

    async def erase(self, subjects: Collection[str]) -> int:
        """Remove the payloads of all entries that name one of these; return how many.

        The entries stay, and the chain stays whole. Record an `audit.erase` before.
        """
        wanted, erased = frozenset(subjects), 0
        writes: list[Write] = []
        async for records, details in self.pages():
            for record in records:
                if record.id in details and not wanted.isdisjoint(_read(record).entry.subjects):
                    gone = Record(kind=payloads.KIND, id=record.id)
                    writes.append(Write(op="delete", record=gone))
            for start in range(0, len(writes), _BATCH):
                some = writes[start : start + _BATCH]
                await self._records.store.batch(self._records.key, some)
            erased += len(writes)
            writes = []
        return erased

    async def close(self) -> None:
        """Keep the last root; the log may be used on, and closed again."""
        async with self._lock:
            await self._anchor(now=True)

    async def _write(self, drafts: Sequence[_Draft]) -> list[Stored]:
        signer = await self._key()
        for _ in range(_TRIES):
            head = self._head or await self.head()
            made = self._chained(head, drafts, signer)
            writes = [Write(op="create", record=each.record()) for each in made]
            for stored, draft in zip(made, drafts, strict=True):
                if draft.payload is not None:
                    record = await self._sealed(stored.entry, draft.payload)
                    writes.append(Write(op="create", record=record))
            try:
                await self._records.store.batch(self._records.key, writes)
            except RecordExists:
                self._head = None
                if not await self._is_there(made[-1]):
                    # Somebody was quicker: the next number is another one.
                    await asyncio.sleep(random.uniform(0, 0.02))  # noqa: S311 - no secret
                    continue
            self._head = made[-1]
            return made
        raise StaleRecord("others appended to the audit log again and again meanwhile")

    async def _is_there(self, made: Stored) -> bool:
        """Return whether an entry of ours was stored, and only the answer to that was lost."""
        record = await self.stored(made.entry.sequence)
        return record is not None and _read(record).hash == made.hash

    def _chained(
        self, head: Stored | None, drafts: Sequence[_Draft], signer: Signer
    ) -> list[Stored]:
        made: list[Stored] = []
        now = self._clock.now().astimezone(UTC)
        for draft in drafts:
            before = made[-1] if made else head
            act = draft.act
            entry = Entry(
                business=self.business,
                sequence=before.entry.sequence + 1 if before else 1,
                time=now,
                actor=draft.actor,
                action=act.action,
                authority=act.authority,
                subjects=tuple(act.subjects),
                result=act.result,
                payload=draft.payload.commitment if draft.payload else "",
                **({"previous": before.hash} if before else {}),
            )
            text = entry.text
            made.append(Stored(entry, text, digest(text)))
        made[-1] = signer.sign(made[-1])
        return made

    async def _sealed(self, entry: Entry, payload: Payload) -> Record:
        return await self._records.seal(
            payloads.KIND,
            entry_id(entry.sequence),
            payload,
            {},
            expires_at=entry.time + payloads.KEPT_FOR,
        )

    async def _key(self) -> Signer:
        # Asked for each time: after a shredding no other key than the new one may sign.
        secret = await self._records.secret(PURPOSE)
        if self._signer is None or self._signer[0] != secret:
            self._signer = (secret, Signer(secret))
        return self._signer[1]

    async def _anchor(self, *, now: bool = False) -> None:
        """Keep the root outside of the store where it is time to."""
        if self._anchors is None or self._head is None:
            return
        sequence, time = self._head.entry.sequence, self._clock.now()
        number, last = self._anchored or (0, datetime.min.replace(tzinfo=UTC))
        due = now or sequence >= number + ANCHOR_ENTRIES or time >= last + ANCHOR_TIME
        if due and sequence > number:
            await asyncio.to_thread(self._anchors.add, root_of(self._head))
            self._anchored = (sequence, time)


def _read(record: Record) -> Stored:
    try:
        return read_entry(record)
    except BadEntry as error:
        raise AdministratorError(
            f"entry {record.id.lstrip('0')} of the audit log cannot be read: {error}",
            fix="`jigajob audit verify` tells what was changed; restore a backup of the store",
        ) from None


def _parts(act: Act) -> Iterator[Act]:
    """Yield the act in pieces that an entry can hold."""
    if act.action not in ACTIONS:
        raise ValueError("an action of the audit log is one of flows.audit.ACTIONS")
    subjects = tuple(act.subjects)
    yield replace(act, subjects=subjects[:MOST_SUBJECTS])
    for start in range(MOST_SUBJECTS, len(subjects), MOST_SUBJECTS):
        yield replace(act, subjects=subjects[start : start + MOST_SUBJECTS], details={})


def _payload(act: Act, who: Mapping[str, JsonValue] | None) -> Payload | None:
    details = {**act.details, **({"who": dict(who)} if who else {})}
    return payload_of(details) if details else None


def _batches(drafts: Sequence[_Draft]) -> Iterator[list[_Draft]]:
    """Yield the drafts in lists that one batch of a store can take."""
    some: list[_Draft] = []
    writes = 0
    for draft in drafts:
        if writes + draft.writes > _BATCH:
            yield some
            some, writes = [], 0
        some.append(draft)
        writes += draft.writes
    if some:
        yield some
