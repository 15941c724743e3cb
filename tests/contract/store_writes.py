"""The store's contract: single writes, batches and races."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from flows.errors import RecordExists, RecordMissing, RecordTooLarge, StaleRecord
from flows.ports import Key, Record, Store, Where, Write

LIMIT = 2_000_000


def job(record_id: str, **fields: str | int | bool | None) -> Record:
    return Record(kind="job", id=record_id, fields=fields)


class SingleWrites:
    async def test_what_was_created_is_read_back_whole(self, store: Store, key: Key) -> None:
        until = datetime(2031, 5, 6, 7, 8, 9, 123_456, tzinfo=timezone(timedelta(hours=-5)))
        record = Record(
            kind="job",
            id="j1",
            fields={"state": "open", "tries": 0, "urgent": True, "due": None},
            sealed=bytes(range(256)),
            expires_at=until,
        )
        created = await store.create(key, record)
        read = await store.get(key, "job", "j1")
        assert read == created
        assert read is not None
        assert read.etag
        assert read.scope == key.scope
        assert (read.kind, read.id, read.sealed) == ("job", "j1", bytes(range(256)))
        assert dict(read.fields) == dict(record.fields)
        assert type(read.fields["tries"]) is int
        assert read.fields["urgent"] is True
        assert read.expires_at == until
        assert read.expires_at.utcoffset() == timedelta()

    async def test_what_is_missing_reads_as_none(self, store: Store, key: Key) -> None:
        await store.create(key, job("j1"))
        assert await store.get(key, "job", "j2") is None
        assert await store.get(key, "invoice", "j1") is None
        assert await store.get(Key(key.business, "elsewhere"), "job", "j1") is None
        assert await store.get(Key("nobody", key.scope), "job", "j1") is None

    async def test_create_refuses_a_taken_id_and_changes_nothing(
        self, store: Store, key: Key
    ) -> None:
        first = await store.create(key, job("j1", state="open"))
        with pytest.raises(RecordExists):
            await store.create(key, job("j1", state="done"))
        assert await store.get(key, "job", "j1") == first

    async def test_ids_are_unique_per_kind_scope_and_business_only(
        self, store: Store, key: Key
    ) -> None:
        other = Key(key.business, "elsewhere")
        await store.create(key, job("x", n=1))
        await store.create(key, Record(kind="invoice", id="x", fields={"n": 2}))
        await store.create(other, job("x", n=3))
        await store.create(Key("nobody", key.scope), job("x", n=4))
        found = await store.get(other, "job", "x")
        assert found is not None
        assert found.fields["n"] == 3

    async def test_put_writes_over_the_whole_record(self, store: Store, key: Key) -> None:
        until = datetime(2031, 1, 1, tzinfo=UTC)
        old = Record(
            kind="job", id="j1", fields={"a": 1, "b": 2}, sealed=b"x", expires_at=until
        )
        first = await store.put(key, old)
        second = await store.put(key, job("j1", b=3))
        assert second.etag != first.etag
        read = await store.get(key, "job", "j1")
        assert read == second
        assert read is not None
        assert (dict(read.fields), read.sealed, read.expires_at) == ({"b": 3}, b"", None)
        assert await store.count(key, "job", where=[Where("a", "=", 1)]) == 0
        assert await store.count(key, "job", where=[Where("b", "=", 2)]) == 0
        assert await store.count(key, "job", where=[Where("b", "=", 3)]) == 1

    async def test_put_with_an_etag_writes_that_version_only(
        self, store: Store, key: Key
    ) -> None:
        first = await store.create(key, job("j1", n=1))
        second = await store.put(key, job("j1", n=2), etag=first.etag)
        with pytest.raises(StaleRecord):
            await store.put(key, job("j1", n=3), etag=first.etag)
        assert await store.get(key, "job", "j1") == second

    async def test_a_conditional_put_never_creates(self, store: Store, key: Key) -> None:
        gone = await store.create(key, job("j1"))
        await store.delete(key, "job", "j1")
        with pytest.raises(RecordMissing):
            await store.put(key, job("j1"), etag=gone.etag)
        assert await store.get(key, "job", "j1") is None

    async def test_an_etag_of_an_earlier_life_of_the_id_is_stale(
        self, store: Store, key: Key
    ) -> None:
        first = await store.create(key, job("j1", n=1))
        await store.delete(key, "job", "j1")
        await store.create(key, job("j1", n=1))
        with pytest.raises(StaleRecord):
            await store.put(key, job("j1", n=2), etag=first.etag)

    async def test_the_etag_and_scope_inside_a_given_record_are_ignored(
        self, store: Store, key: Key
    ) -> None:
        record = Record(kind="job", id="j1", etag="made-up", scope="elsewhere")
        stored = await store.put(key, record)
        assert stored.etag != "made-up"
        assert stored.scope == key.scope

    async def test_delete_is_idempotent_without_an_etag(self, store: Store, key: Key) -> None:
        await store.create(key, job("j1", state="open"))
        await store.delete(key, "job", "j1")
        await store.delete(key, "job", "j1")
        assert await store.get(key, "job", "j1") is None
        assert await store.count(key, "job") == 0
        assert await store.count(key, "job", where=[Where("state", "=", "open")]) == 0

    async def test_delete_with_an_etag_removes_that_version_only(
        self, store: Store, key: Key
    ) -> None:
        first = await store.create(key, job("j1", n=1))
        second = await store.put(key, job("j1", n=2))
        with pytest.raises(StaleRecord):
            await store.delete(key, "job", "j1", etag=first.etag)
        await store.delete(key, "job", "j1", etag=second.etag)
        with pytest.raises(RecordMissing):
            await store.delete(key, "job", "j1", etag=second.etag)


class Batches:
    @pytest.mark.parametrize("lasting", [True, False])
    async def test_whether_lasting_or_not_a_batch_is_there_at_once_and_whole(
        self, store: Store, key: Key, lasting: bool
    ) -> None:
        writes = [Write(op="create", record=job(f"j{number}")) for number in range(3)]
        stored = await store.batch(key, writes, lasting=lasting)
        assert [await store.get(key, "job", f"j{number}") for number in range(3)] == [*stored]
        with pytest.raises(RecordExists):
            await store.batch(
                key, [Write(op="put", record=job("new")), writes[0]], lasting=lasting
            )
        assert await store.get(key, "job", "new") is None

    async def test_a_batch_returns_its_records_in_order(self, store: Store, key: Key) -> None:
        old = await store.create(key, job("old", n=0))
        kept = await store.create(key, job("kept", n=0))
        gone = job("gone")
        results = await store.batch(
            key,
            [
                Write(op="put", record=job("kept", n=1), etag=kept.etag),
                Write(op="delete", record=job("old"), etag=old.etag),
                Write(op="delete", record=gone),
                Write(op="create", record=job("new", n=2)),
                Write(op="create", record=Record(kind="invoice", id="new")),
            ],
        )
        assert [(r.kind, r.id) for r in results] == [
            ("job", "kept"),
            ("job", "old"),
            ("job", "gone"),
            ("job", "new"),
            ("invoice", "new"),
        ]
        assert results[2] == gone
        assert await store.get(key, "job", "kept") == results[0]
        assert await store.get(key, "job", "old") is None
        assert await store.get(key, "job", "new") == results[3]

    async def test_writes_of_a_batch_see_those_before_them(
        self, store: Store, key: Key
    ) -> None:
        await store.batch(
            key,
            [
                Write(op="create", record=job("j1", n=1)),
                Write(op="put", record=job("j1", n=2)),
                Write(op="create", record=job("j2")),
                Write(op="delete", record=job("j2")),
            ],
        )
        (only,) = (await store.query(key, "job")).records
        assert only.fields["n"] == 2
        with pytest.raises(RecordExists):
            await store.batch(key, [Write(op="create", record=job("new"))] * 2)
        assert await store.get(key, "job", "new") is None

    async def test_a_batch_takes_1_to_100_writes(self, store: Store, key: Key) -> None:
        writes = [Write(op="create", record=job(f"j{n}")) for n in range(101)]
        with pytest.raises(ValueError, match="1 to 100"):
            await store.batch(key, [])
        with pytest.raises(ValueError, match="1 to 100"):
            await store.batch(key, writes)
        assert await store.count(key, "job") == 0
        assert len(await store.batch(key, writes[:100])) == 100
        assert await store.count(key, "job") == 100

    @pytest.mark.parametrize("at", [0, 1, 2])
    @pytest.mark.parametrize(
        ("bad", "error"),
        [
            (Write(op="create", record=job("taken")), RecordExists),
            (Write(op="put", record=job("taken"), etag="stale"), StaleRecord),
            (Write(op="put", record=job("missing"), etag="any"), RecordMissing),
            (Write(op="delete", record=job("taken"), etag="stale"), StaleRecord),
            (Write(op="delete", record=job("missing"), etag="any"), RecordMissing),
            (
                Write(op="put", record=Record(kind="job", id="big", sealed=bytes(LIMIT))),
                RecordTooLarge,
            ),
            (Write(op="put", record=job("a/b")), ValueError),
            (Write(op="create", record=job("x"), etag="any"), ValueError),
        ],
    )
    async def test_a_batch_with_one_bad_write_writes_nothing(
        self, store: Store, key: Key, bad: Write, error: type[Exception], at: int
    ) -> None:
        await store.create(key, job("taken", n=1))
        before = await store.changes(key)
        good = [
            Write(op="put", record=job("taken", n=2)),
            Write(op="create", record=job("new")),
        ]
        # A stale etag must be wrong whatever was written before it in the batch.
        with pytest.raises(error):
            await store.batch(key, [*good[:at], bad, *good[at:]])
        taken = await store.get(key, "job", "taken")
        assert taken is not None
        assert taken.fields["n"] == 1
        assert await store.count(key, "job") == 1
        assert await store.changes(key, cursor=before.cursor) == type(before)((), before.cursor)


class Races:
    async def test_of_eight_racing_creates_one_wins(
        self, open_another: Callable[[], Store], key: Key
    ) -> None:
        stores = [open_another() for _ in range(8)]
        for round_ in range(5):
            results = await asyncio.gather(
                *(s.create(key, job(f"r{round_}", by=n)) for n, s in enumerate(stores)),
                return_exceptions=True,
            )
            (winner,) = [r for r in results if isinstance(r, Record)]
            assert sum(isinstance(r, RecordExists) for r in results) == 7
            for store in stores:
                assert await store.get(key, "job", f"r{round_}") == winner

    async def test_eight_racing_writers_lose_no_increment(
        self, open_another: Callable[[], Store], key: Key
    ) -> None:
        stores = [open_another() for _ in range(8)]
        await stores[0].create(key, job("counter", n=0))

        async def add(store: Store) -> None:
            for _ in range(15):
                while True:
                    read = await store.get(key, "job", "counter")
                    assert read is not None
                    n = read.fields["n"]
                    assert isinstance(n, int)
                    try:
                        await store.put(key, job("counter", n=n + 1), etag=read.etag)
                        break
                    except StaleRecord:
                        await asyncio.sleep(0)

        await asyncio.gather(*map(add, stores))
        read = await stores[0].get(key, "job", "counter")
        assert read is not None
        assert read.fields["n"] == 8 * 15

    async def test_a_batch_is_seen_whole_or_not_at_all(
        self, open_another: Callable[[], Store], key: Key
    ) -> None:
        writer, reader = open_another(), open_another()
        sizes = set()

        async def read() -> None:
            while not done.is_set():
                sizes.add(await reader.count(key, "job"))
                await asyncio.sleep(0)

        done = asyncio.Event()
        reading = asyncio.create_task(read())
        for n in range(10):
            writes = [Write(op="create", record=job(f"{n}-{m}")) for m in range(20)]
            await writer.batch(key, writes)
        done.set()
        await reading
        assert {size % 20 for size in sizes} == {0}
