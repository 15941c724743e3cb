"""The Store port in memory: what it holds is gone with it, and no byte reaches a disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Final, NamedTuple

from flows import store_rules as rules
from flows.errors import RecordExists, RecordMissing, StaleRecord
from flows.ports import Clock, Key, Record, RecordPage, Where, Write
from flows.store_rules import encode_fields, micros, moment

_OPERATORS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "=": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


class _Name(NamedTuple):
    business: str
    scope: str
    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class _Held:
    """A record, its fields as sort keys, its number in the order of writes; or a tombstone."""

    record: Record
    keys: Mapping[str, str]
    number: int
    told_until: int = 0

    def live(self, now: int) -> bool:
        """Return whether a reader sees it."""
        expires = self.record.expires_at
        return not self.told_until and (expires is None or micros(expires) > now)

    def told(self, now: int) -> bool:
        """Return whether `changes` tells of it."""
        return self.told_until > now or self.live(now)


@dataclass(slots=True, eq=False)
class Memory:
    """What several stores in one process share."""

    held: dict[_Name, _Held] = field(default_factory=dict)
    number: int = 0


class MemoryStore:
    """Keeps records in *memory*, its own where none is given; for one event loop.

    Every read looks at all that is there of a kind: it is for a mailbox's worth of records,
    not for years of them.
    """

    def __init__(self, *, clock: Clock | None = None, memory: Memory | None = None) -> None:
        self._memory, self._clock = memory or Memory(), clock

    async def get(self, key: Key, kind: str, record_id: str) -> Record | None:
        """Return the record, or None where it is missing or expired."""
        rules.check_key(key)
        rules.check_name(kind, record_id)
        held = self._memory.held.get(_Name(key.business, key.scope, kind, record_id))
        return held.record if held and held.live(self._now()) else None

    async def create(self, key: Key, record: Record) -> Record:
        """Store a new record and return it with its etag; see the port."""
        return (await self.batch(key, [Write(op="create", record=record)]))[0]

    async def put(self, key: Key, record: Record, *, etag: str = "") -> Record:
        """Store the whole record and return it with a new etag; see the port."""
        return (await self.batch(key, [Write(op="put", record=record, etag=etag)]))[0]

    async def delete(self, key: Key, kind: str, record_id: str, *, etag: str = "") -> None:
        """Remove the record; see the port."""
        record = Record(kind=kind, id=record_id)
        await self.batch(key, [Write(op="delete", record=record, etag=etag)])

    async def batch(
        self, key: Key, writes: Sequence[Write], *, lasting: bool = True
    ) -> tuple[Record, ...]:
        """Carry out 1 to 100 writes in one partition: all of them or none; see the port."""
        del lasting  # nothing lasts here
        rules.check_key(key)
        rules.check_writes(writes)
        now, number = self._now(), self._memory.number
        fresh: dict[_Name, _Held] = {}
        results: list[Record] = []
        for write in writes:
            name = _Name(key.business, key.scope, write.record.kind, write.record.id)
            before = fresh.get(name) or self._memory.held.get(name)
            live = before if before and before.live(now) else None
            _check(write, live)
            number += 1
            if write.op == "delete":
                if live:
                    gone = Record(kind=name.kind, id=name.id, scope=key.scope, deleted=True)
                    gone = replace(gone, etag=str(number))
                    fresh[name] = _Held(gone, {}, number, now + _micros_told())
                results.append(write.record)
                continue
            stored = _stored(write.record, key.scope, str(number))
            fresh[name] = _Held(stored, encode_fields(stored.fields), number)
            results.append(stored)
        self._memory.held.update(fresh)
        self._memory.number = number
        await asyncio.sleep(0)  # as other stores do, give others a turn
        return tuple(results)

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

        Raises:
            ValueError: A condition or the cursor is not allowed, or of another query.
        """
        rules.check_query(key, kind, where, order, limit)
        mark = ("query", key.business, key.scope, kind, order, descending)
        found = [
            ((_key(held, order), held.record.id, held.record.scope), held.record)
            for held in self._matching(key, kind, where)
            if order == "id" or order in held.keys
        ]
        found.sort(key=lambda each: each[0], reverse=descending)
        if cursor:
            after = tuple(map(str, rules.read_cursor(mark, cursor, (str,) * 3)))
            beyond = lt if descending else gt
            found = [each for each in found if beyond(each[0], after)]
        page = found[:limit]
        more = len(found) > limit
        return RecordPage(
            tuple(record for _, record in page),
            rules.write_cursor(mark, page[-1][0]) if more else "",
        )

    async def count(self, key: Key, kind: str, *, where: Sequence[Where] = ()) -> int:
        """Count the live records of a kind that match."""
        rules.check_query(key, kind, where)
        return sum(1 for _ in self._matching(key, kind, where))

    async def changes(self, key: Key, *, cursor: str = "", limit: int = 100) -> RecordPage:
        """Return records written since *cursor*, oldest change first; see the port.

        Raises:
            ValueError: The cursor is damaged or of another partition.
        """
        rules.check_key(key, whole=True)
        rules.check_limit(limit)
        mark = ("changes", key.business, key.scope)
        since = int(rules.read_cursor(mark, cursor, (int,))[0]) if cursor else 0
        now = self._now()
        told = sorted(
            (
                held
                for name, held in self._memory.held.items()
                if _within(name, key) and held.number > since and held.told(now)
            ),
            key=lambda held: held.number,
        )[:limit]
        last = told[-1].number if told else since
        return RecordPage(
            tuple(held.record for held in told), rules.write_cursor(mark, (last,))
        )

    async def purge(self, key: Key) -> None:
        """Remove every record of exactly this partition (scope empty: of the business)."""
        rules.check_key(key, whole=True)
        held = self._memory.held
        for name in [name for name in held if _within(name, key)]:
            del held[name]

    async def close(self) -> None:
        """Let go of nothing: what is shared stays with whoever shares it."""

    def _matching(self, key: Key, kind: str, where: Sequence[Where]) -> Iterator[_Held]:
        now = self._now()
        for name, held in self._memory.held.items():
            if (
                name.kind == kind
                and _within(name, key)
                and held.live(now)
                and _fits(held, where)
            ):
                yield held

    def _now(self) -> int:
        return micros(self._clock.now() if self._clock else datetime.now(UTC))


def _within(name: _Name, key: Key) -> bool:
    return name.business == key.business and key.scope in ("", name.scope)


def _key(held: _Held, by: str) -> str:
    return rules.sort_key(held.record.id) if by == "id" else held.keys[by]


def _fits(held: _Held, where: Iterable[Where]) -> bool:
    return all(
        (each.field == "id" or each.field in held.keys) and _holds(_key(held, each.field), each)
        for each in where
    )


def _holds(key: str, where: Where) -> bool:
    if isinstance(where.value, tuple):
        return key in {rules.sort_key(each) for each in where.value}
    return all(_OPERATORS[operator](key, bound) for operator, bound in rules.bounds(where))


def _check(write: Write, live: _Held | None) -> None:
    kind = write.record.kind
    if write.op == "create" and live:
        raise RecordExists(
            f"there is a record of kind '{kind}' with this id already",
            fix="read it, or use put to write over it",
        )
    if write.etag and live is None:
        raise RecordMissing(
            f"the record of kind '{kind}' is not there any more", fix="create it anew"
        )
    if write.etag and live and write.etag != live.record.etag:
        raise StaleRecord(
            f"the record of kind '{kind}' was changed since it was read",
            fix="read it again and decide again",
        )


def _stored(record: Record, scope: str, etag: str) -> Record:
    expires = record.expires_at and moment(micros(record.expires_at))
    fields = dict(record.fields)  # what the caller does to its own changes nothing here
    return replace(record, fields=fields, etag=etag, scope=scope, expires_at=expires)


def _micros_told() -> int:
    return micros(moment(0) + rules.TOLD_FOR)
