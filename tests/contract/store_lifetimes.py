"""The store's contract: changes, expiry and purging."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from flows.errors import RecordMissing
from flows.ports import Key, Record, RecordPage, Scalar, Store, Where, Write
from tests.contract.store_model import StoppedClock, every


def job(record_id: str, **fields: Scalar) -> Record:
    return Record(kind="job", id=record_id, fields=fields)


async def fill(store: Store, key: Key, records: list[Record]) -> None:
    for start in range(0, len(records), 100):
        part = records[start : start + 100]
        await store.batch(key, [Write(op="put", record=record) for record in part])


class Feeds:
    async def test_changes_come_oldest_first_in_their_latest_version(
        self, store: Store, key: Key
    ) -> None:
        for n in range(3):
            await store.put(key, job(f"j{n}", v=1))
        last = await store.put(key, job("j0", v=2))
        await store.put(key, Record(kind="invoice", id="i"))
        page = await store.changes(key)
        assert [r.id for r in page.records] == ["j1", "j2", "j0", "i"]
        assert page.records[2] == last

    async def test_following_the_cursor_shows_each_change_until_there_are_none(
        self, store: Store, key: Key
    ) -> None:
        await fill(store, key, [job(f"{n:02}") for n in range(25)])
        cursor, seen = "", []
        for _ in range(4):
            page = await store.changes(key, cursor=cursor, limit=10)
            seen += [record.id for record in page.records]
            cursor = page.cursor
        assert seen == [f"{n:02}" for n in range(25)]
        assert await store.changes(key, cursor=cursor) == RecordPage((), cursor)
        await store.put(key, job("03", v=1))
        page = await store.changes(key, cursor=cursor)
        assert [r.id for r in page.records] == ["03"]
        assert page.cursor != cursor

    async def test_a_cursor_is_never_empty_and_can_be_replayed(
        self, store: Store, key: Key
    ) -> None:
        start = await store.changes(key)
        assert start.records == ()
        assert start.cursor
        assert await store.changes(key, cursor=start.cursor) == start
        await fill(store, key, [job("a"), job("b")])
        once = await store.changes(key, cursor=start.cursor)
        assert [r.id for r in once.records] == ["a", "b"]
        assert await store.changes(key, cursor=start.cursor) == once

    async def test_what_is_deleted_or_purged_leaves_the_feed_and_hides_nothing_new(
        self, store: Store, key: Key
    ) -> None:
        await fill(store, key, [job("a"), job("b")])
        cursor = (await store.changes(key)).cursor
        await store.delete(key, "job", "b")
        await store.purge(key)
        await store.put(key, job("b", v=1))
        assert [r.id for r in (await store.changes(key, cursor=cursor)).records] == ["b"]
        assert [r.id for r in (await store.changes(key)).records] == ["b"]

    async def test_changes_of_a_business_are_in_order_within_each_partition(
        self, store: Store
    ) -> None:
        for n in range(20):
            await store.put(Key("hudson", f"s{n % 3}"), job(f"{n:02}"))
            await store.put(Key("other", "s0"), job(f"{n:02}"))
        found: list[Record] = []
        cursor = ""
        while page := await store.changes(Key("hudson"), cursor=cursor, limit=3):
            found += page.records
            cursor = page.cursor
            if not page.records:
                break
        assert len(found) == 20
        for scope in ("s0", "s1", "s2"):
            ids = [record.id for record in found if record.scope == scope]
            assert all(a < b for a, b in pairwise(ids))


class Deletions:
    async def test_a_deletion_is_told_without_what_the_record_held(
        self, store: Store, key: Key
    ) -> None:
        full = Record(kind="job", id="a", fields={"v": 1}, sealed=b"x" * 100)
        stored = await store.create(key, full)
        await fill(store, key, [job("b")])
        cursor = (await store.changes(key)).cursor
        await store.delete(key, "job", "a", etag=stored.etag)
        await store.put(key, job("c"))
        for whole in (key, Key(key.business)):
            told = (await store.changes(whole)).records
            assert [(r.id, r.deleted) for r in told] == [
                ("b", False), ("a", True), ("c", False),
            ]  # fmt: skip
        gone, _ = (await store.changes(key, cursor=cursor)).records
        assert (gone.kind, gone.id, gone.scope) == ("job", "a", key.scope)
        assert (dict(gone.fields), gone.sealed, gone.expires_at) == ({}, b"", None)

    async def test_a_deletion_in_a_batch_is_told_with_the_rest_of_it(
        self, store: Store, key: Key
    ) -> None:
        await fill(store, key, [job("a"), job("b")])
        cursor = (await store.changes(key)).cursor
        gone, new = Write(op="delete", record=job("a")), Write(op="create", record=job("n"))
        await store.batch(key, [gone, new])
        told = (await store.changes(key, cursor=cursor)).records
        assert [(r.id, r.deleted) for r in told] == [("a", True), ("n", False)]

    async def test_what_is_created_again_is_told_as_there(self, store: Store, key: Key) -> None:
        await store.create(key, job("a", v=1))
        await store.delete(key, "job", "a")
        again = await store.create(key, job("a", v=2))
        assert (await store.changes(key)).records == (again,)
        assert await store.get(key, "job", "a") == again

    async def test_a_deleted_record_is_seen_by_no_other_reader(
        self, store: Store, key: Key
    ) -> None:
        until = datetime(2031, 1, 1, tzinfo=UTC)
        record = Record(kind="job", id="a", fields={"v": 1}, expires_at=until)
        stored = await store.create(key, record)
        await store.delete(key, "job", "a")
        await store.delete(key, "job", "never-there")
        for name in ("a", "never-there"):
            assert await store.get(key, "job", name) is None
        assert await store.count(key, "job") == 0
        assert await store.count(key, "job", where=[Where("v", "!=", 2)]) == 0
        assert await every(store, Key(key.business), "job", order="v") == []
        assert await every(store, key, "job") == []
        with pytest.raises(RecordMissing):
            await store.put(key, job("a"), etag=stored.etag)

    async def test_a_deletion_is_told_for_thirty_days(
        self, store: Store, key: Key, clock: StoppedClock
    ) -> None:
        start = await store.changes(key)
        await store.create(key, job("a"))
        await store.delete(key, "job", "a")
        clock.at += timedelta(days=30) - timedelta(microseconds=1)
        (told,) = (await store.changes(key, cursor=start.cursor)).records
        assert told.deleted
        clock.at += timedelta(microseconds=1)
        assert (await store.changes(key, cursor=start.cursor)).records == ()

    async def test_expiry_and_purging_are_no_deletions(
        self, store: Store, key: Key, clock: StoppedClock
    ) -> None:
        until = clock.now() + timedelta(minutes=1)
        await store.put(key, Record(kind="job", id="a", expires_at=until))
        await store.put(key, job("b"))
        await store.delete(key, "job", "b")
        clock.at = until
        assert [r.id for r in (await store.changes(key)).records] == ["b"]
        await store.purge(key)
        assert (await store.changes(key)).records == ()


class Expiry:
    async def test_an_expired_record_is_gone_for_every_reader(
        self, store: Store, key: Key, clock: StoppedClock
    ) -> None:
        until = clock.now() + timedelta(minutes=1)
        await store.put(key, Record(kind="job", id="j", fields={"v": 1}, expires_at=until))
        await store.put(key, job("stays", v=1))
        clock.at = until - timedelta(microseconds=1)
        assert await store.get(key, "job", "j") is not None
        clock.at = until
        assert await store.get(key, "job", "j") is None
        for where in ((), [Where("v", "=", 1)], [Where("v", ">", 0), Where("id", "!=", "x")]):
            assert await store.count(key, "job", where=where) == 1
            for order in ("id", "v"):
                found = await every(store, key, "job", where=where, order=order)
                assert [r.id for r in found] == ["stays"]
        assert [r.id for r in (await store.changes(key)).records] == ["stays"]

    async def test_the_id_of_an_expired_record_is_free(
        self, store: Store, key: Key, clock: StoppedClock
    ) -> None:
        until = clock.now() + timedelta(minutes=1)
        old = await store.put(
            key, Record(kind="job", id="j", fields={"v": 1}, expires_at=until)
        )
        clock.at = until
        with pytest.raises(RecordMissing):
            await store.put(key, job("j"), etag=old.etag)
        with pytest.raises(RecordMissing):
            await store.delete(key, "job", "j", etag=old.etag)
        new = await store.create(key, job("j", w=1))
        assert await store.get(key, "job", "j") == new
        assert await store.count(key, "job", where=[Where("v", "=", 1)]) == 0
        assert await store.count(key, "job", where=[Where("w", "=", 1)]) == 1

    async def test_a_put_moves_the_time_of_expiry(
        self, store: Store, key: Key, clock: StoppedClock
    ) -> None:
        start = clock.now()
        v = [Where("v", "=", 1)]
        # Later, never, sooner, each time asked between the old time and the new one.
        for minutes, at, want in (
            (1, 0, 1),
            (60, 2, 1),
            (None, 61, 1),
            (120, 119, 1),
            (90, 91, 0),
        ):
            until = None if minutes is None else start + timedelta(minutes=minutes)
            clock.at = start
            await store.put(key, Record(kind="job", id="j", fields={"v": 1}, expires_at=until))
            clock.at = start + timedelta(minutes=at)
            assert await store.count(key, "job", where=v) == want
            assert len((await store.query(key, "job", order="v")).records) == want


class Purging:
    async def test_a_purge_removes_exactly_one_partition(self, store: Store) -> None:
        scopes = ["work", "wor", "work2", "Work", "work%", "_ork", "keys"]
        for business in ("hudson", "hudson2", "hudso"):
            for scope in scopes:
                await fill(store, Key(business, scope), [job(f"{n}", v=1) for n in range(3)])
        await store.purge(Key("hudson", "work"))
        for business in ("hudson", "hudson2", "hudso"):
            for scope in scopes:
                want = 0 if (business, scope) == ("hudson", "work") else 3
                assert await store.count(Key(business, scope), "job") == want
                assert (
                    await store.count(Key(business, scope), "job", where=[Where("v", "=", 1)])
                    == want
                )

    async def test_a_purge_without_a_scope_removes_exactly_one_business(
        self, store: Store
    ) -> None:
        names = ["hudson", "hudson2", "hudso", "Hudson", "hudson%", "_udson"]
        for name in names:
            for scope in ("work", "keys"):
                await store.put(Key(name, scope), job("j", v=1))
        await store.purge(Key("hudson"))
        for name in names:
            assert await store.count(Key(name), "job") == (0 if name == "hudson" else 2)

    async def test_purging_again_or_nothing_is_fine_and_ids_are_free(
        self, store: Store, key: Key
    ) -> None:
        await store.purge(key)
        await fill(store, key, [job(f"{n}") for n in range(1_100)])
        await store.purge(key)
        await store.purge(key)
        assert await store.count(key, "job") == 0
        await store.create(key, job("0"))
