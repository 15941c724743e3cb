"""The store's contract: businesses that share a store see nothing of each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.errors import RecordMissing, StaleRecord
from flows.ports import Key, Record, Store, Where, Write
from tests.contract.store_model import every
from tests.depth import times

FRESH = count()
KINDS = ("job", "mail")
Place = tuple[str, str, str]
"""Scope, kind and id."""


def businesses(number: int) -> list[str]:
    """Return twenty names that careless code takes for each other; others for each number."""
    name = f"hud{number}son"
    return [
        name,
        *(name + end for end in ("s", "-work", "_", "%", "*", " ", ".", "|", "'--", '"', "0")),
        name.upper(),
        name.replace("u", "_", 1),
        f"%{name}",
        f"{name}\u00e9",
        f"{name}e\u0301",  # the same to the eye
        f"{name}\u200b",
        f"{name}{'x' * 120}a",  # some stores compare only the beginning
        f"{name}{'x' * 120}b",
    ]


SCOPES = ("work", "wor", "k", "-work")
"""Some, written behind a name, make the name of another business."""


@dataclass(frozen=True, slots=True)
class Act:
    """One call, by the business with this number among the twenty."""

    who: int
    what: Literal["put", "create", "delete", "batch", "purge", "purge all"]
    scope: str
    kind: str
    ids: tuple[str, ...]
    value: int


ACTS = st.builds(
    Act,
    who=st.integers(0, 19),
    what=st.sampled_from(
        ["put"] * 3 + ["create", "delete", "batch", "batch", "purge", "purge all"]
    ),
    scope=st.sampled_from(SCOPES),
    kind=st.sampled_from(KINDS),
    ids=st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True).map(tuple),
    value=st.integers(0, 2),
)


@dataclass(slots=True)
class Held:
    """What one business has now, and every place that it ever wrote or deleted."""

    now: dict[Place, tuple[int, bytes]] = field(default_factory=dict)
    ever: set[Place] = field(default_factory=set)


def _record(act: Act, record_id: str, business: str) -> Record:
    fields = {"v": act.value, "owner": act.who}
    return Record(kind=act.kind, id=record_id, fields=fields, sealed=business.encode())


async def _carry_out(store: Store, business: str, act: Act, held: Held) -> None:
    key = Key(business, act.scope)
    places = [(act.scope, act.kind, each) for each in act.ids]
    first = places[0]
    match act.what:
        case "purge":
            await store.purge(key)
            held.now = {at: held.now[at] for at in held.now if at[0] != act.scope}
            return
        case "purge all":
            await store.purge(Key(business))
            held.now = {}
            return
        case "delete":
            await store.delete(key, act.kind, first[2])
            held.now.pop(first, None)
            held.ever.add(first)  # also where it found nothing it may be told
            return
        case "create" if first in held.now:
            return
        case "create":
            await store.create(key, _record(act, first[2], business))
            places = [first]
        case "put":
            await store.put(key, _record(act, first[2], business))
            places = [first]
        case _:
            writes = [Write(op="put", record=_record(act, each, business)) for each in act.ids]
            await store.batch(key, writes)
    held.ever |= {*places}
    held.now |= dict.fromkeys(places, (act.value, business.encode()))


def _seen(records: Sequence[Record]) -> dict[Place, tuple[object, bytes]]:
    return {(r.scope, r.kind, r.id): (r.fields["v"], r.sealed) for r in records}


async def _changes(store: Store, key: Key) -> list[Record]:
    records: list[Record] = []
    cursor = ""
    while page := await store.changes(key, cursor=cursor, limit=1_000):
        records += page.records
        cursor = page.cursor
        if not page.records:
            break
    return records


async def _check(store: Store, business: str, held: Held) -> None:
    for scope in ("", *SCOPES):
        key = Key(business, scope)
        mine = {at: what for at, what in held.now.items() if scope in {"", at[0]}}
        if not scope or mine:
            await _check_reads(store, key, mine)
    fed = await _changes(store, Key(business))
    live = [record for record in fed if not record.deleted]
    assert _seen(live) == held.now
    assert {(r.scope, r.kind, r.id) for r in fed} <= held.ever
    for (scope, kind, record_id), (value, sealed) in held.now.items():
        read = await store.get(Key(business, scope), kind, record_id)
        assert read is not None
        assert (read.fields["v"], read.sealed) == (value, sealed)


async def _check_reads(
    store: Store, key: Key, mine: Mapping[Place, tuple[object, bytes]]
) -> None:
    for kind in KINDS:
        wanted = {at: what for at, what in mine.items() if at[1] == kind}
        assert _seen(await every(store, key, kind)) == wanted
        assert await store.count(key, kind) == len(wanted)
        ones = [Where("v", "=", 1)]
        found = _seen(await every(store, key, kind, where=ones, order="owner"))
        assert found == {at: what for at, what in wanted.items() if what[0] == 1}


class Isolation:
    @settings(
        max_examples=times(8),
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
            HealthCheck.differing_executors,  # each store runs it in a class of its own
        ],
    )
    @given(acts=st.lists(ACTS, min_size=20, max_size=60))
    async def test_none_of_twenty_businesses_ever_sees_another(
        self, store: Store, acts: list[Act]
    ) -> None:
        """Whatever they do in turn, each finds what it has, all of it, and nothing else."""
        names = businesses(next(FRESH))
        held = {name: Held() for name in names}
        for act in acts:
            await _carry_out(store, names[act.who], act, held[names[act.who]])
        for name in names:
            await _check(store, name, held[name])

    async def test_a_purge_removes_one_business_of_twenty(self, store: Store) -> None:
        names = businesses(next(FRESH))
        for name in names:
            await store.put(Key(name, "work"), Record(kind="job", id="a", fields={"v": 1}))
        while names:
            await store.purge(Key(names.pop()))
            for name in names:
                assert await store.count(Key(name), "job") == 1

    async def test_a_cursor_of_one_business_is_refused_for_every_other(
        self, store: Store
    ) -> None:
        names = businesses(next(FRESH))
        for name in names:
            for number in range(3):
                record = Record(kind="job", id=f"j{number}", fields={"v": number})
                await store.put(Key(name, "work"), record)
        for scope in ("", "work"):
            asked = await store.query(Key(names[0], scope), "job", limit=1)
            fed = await store.changes(Key(names[0], scope), limit=1)
            for name in names[1:]:
                with pytest.raises(ValueError, match="cursor"):
                    await store.query(Key(name, scope), "job", cursor=asked.cursor)
                with pytest.raises(ValueError, match="cursor"):
                    await store.changes(Key(name, scope), cursor=fed.cursor)

    async def test_an_etag_of_one_business_changes_nothing_of_another(
        self, store: Store
    ) -> None:
        names = businesses(next(FRESH))
        first = [await store.put(Key(n, "work"), Record(kind="job", id="j")) for n in names]
        for name, own in zip(names[1:], first[1:], strict=True):
            key = Key(name, "work")
            if own.etag == first[0].etag:  # they may be alike by chance; then it is its own
                continue
            with pytest.raises((StaleRecord, RecordMissing)):
                await store.put(
                    key, Record(kind="job", id="j", fields={"v": 1}), etag=first[0].etag
                )
            with pytest.raises((StaleRecord, RecordMissing)):
                await store.delete(key, "job", "j", etag=first[0].etag)
            assert await store.get(key, "job", "j") == own
