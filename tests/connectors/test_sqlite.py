"""The file under the SQLite store: crashes, processes, permissions, wiping, broken files."""

from __future__ import annotations

import asyncio
import pickle
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from connectors.sqlite import SqliteStore
from flows.errors import AdministratorError, StoreError, TransientError
from flows.ports import Key, Record, Scalar, Where, Write
from tests.connectors.sqlite_worker import KEY, SIZE
from tests.contract.store_model import answer, every

ROOT = Path(__file__).parents[2]
WORKER = [sys.executable, "-m", "tests.connectors.sqlite_worker"]
NOBODY = 65_534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "store.db"


def job(record_id: str, **fields: Scalar) -> Record:
    return Record(kind="job", id=record_id, fields=fields)


def raw(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        return database.execute(sql).fetchall()


def test_kill_9_loses_no_acknowledged_batch_and_leaves_none_in_part(path: Path) -> None:
    chance = random.Random(20)
    acknowledged: dict[str, int] = {}
    for round_ in range(10):
        run = f"r{round_}"
        with subprocess.Popen(
            [*WORKER, "batches", path, run], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as worker:
            assert worker.stdout
            # Killed at no particular moment of some later batch.
            for _ in range(chance.randrange(1, 30)):
                last = int(worker.stdout.readline())
            asyncio.run(asyncio.sleep(chance.random() / 100))
            worker.kill()
            rest = worker.stdout.read().splitlines()
        acknowledged[run] = int(rest[-1]) if rest else last
    found: dict[tuple[Scalar, Scalar], int] = {}
    for record in asyncio.run(_all(path)):
        place = record.fields["run"], record.fields["batch"]
        found[place] = found.get(place, 0) + 1
    assert set(found.values()) == {SIZE}
    for run, last in acknowledged.items():
        batches = sorted(number for name, number in found if name == run)
        # One batch may have been stored whose acknowledgement was killed on its way.
        assert batches in (list(range(last + 1)), list(range(last + 2)))
    assert raw(path, "PRAGMA integrity_check") == [("ok",)]


async def _all(path: Path) -> list[Record]:
    store = SqliteStore(path)
    try:
        return await every(store, KEY, "mail")
    finally:
        await store.close()


async def test_three_processes_lose_no_increment(path: Path) -> None:
    store = SqliteStore(path)
    await store.put(KEY, Record(kind="counter", id="c", fields={"n": 0}))
    workers = [
        await asyncio.create_subprocess_exec(*WORKER, "add", str(path), "100", cwd=ROOT)
        for _ in range(3)
    ]
    seen, cursor = [], ""
    while any(worker.returncode is None for worker in workers):
        page = await store.changes(KEY, cursor=cursor)
        cursor = page.cursor
        seen += [record.fields["n"] for record in page.records]
        await asyncio.sleep(0.01)
    assert [await worker.wait() for worker in workers] == [0, 0, 0]
    seen += [record.fields["n"] for record in (await store.changes(KEY, cursor=cursor)).records]
    record = await store.get(KEY, "counter", "c")
    await store.close()
    assert record is not None
    assert record.fields["n"] == 300
    assert seen[-1] == 300
    assert seen == sorted(set(seen), key=lambda n: n or 0), "versions only ever move on"


async def test_processes_that_make_the_store_at_once_agree_on_one(path: Path) -> None:
    workers = [
        await asyncio.create_subprocess_exec(*WORKER, "add", str(path), "0", cwd=ROOT)
        for _ in range(4)
    ]
    assert [await worker.wait() for worker in workers] == [0] * 4
    assert raw(path, "SELECT count(*) FROM counter") == [(1,)]


class TestTroubleAtWork:
    async def test_a_full_disk_is_explained_and_nothing_is_half_written(
        self, path: Path
    ) -> None:
        store = SqliteStore(path)
        await store.put(KEY, job("before"))
        # SQLite reports the end of its allowance as it reports the end of the disk.
        pages = store._writer.execute("PRAGMA page_count").fetchone()[0]
        store._writer.execute(f"PRAGMA max_page_count={pages + 50}")
        writes = [
            Write(op="put", record=Record(kind="mail", id=f"{n}", sealed=bytes(50_000)))
            for n in range(20)
        ]
        with pytest.raises(AdministratorError, match="disk is full") as caught:
            await store.batch(KEY, writes)
        assert "free space" in caught.value.fix
        assert await store.count(KEY, "mail") == 0
        await store.put(KEY, job("after"))
        store._writer.execute("PRAGMA max_page_count=1000000")
        await store.batch(KEY, writes)
        assert [r.id for r in await every(store, KEY, "job")] == ["after", "before"]
        await store.close()

    async def test_a_disk_that_refuses_to_write_is_explained(self, path: Path) -> None:
        program = (
            "import asyncio, resource, signal, sys; from pathlib import Path\n"
            "from connectors.sqlite import SqliteStore\n"
            "from flows.errors import AdministratorError\n"
            "from flows.ports import Key, Record\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "async def main():\n"
            "    store = SqliteStore(Path(sys.argv[1]))\n"
            "    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
            "    big = Record(kind='k', id='i', sealed=bytes(10**6))\n"
            "    try: await store.put(Key('b', 's'), big)\n"
            "    except AdministratorError as error: print(error)\n"
            "    print(await store.count(Key('b', 's'), 'k'))\n"
            "asyncio.run(main())\n"
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, path, cwd=ROOT, stdout=subprocess.PIPE
        )
        out, _ = await process.communicate()
        assert "the disk" in out.decode()
        assert "fix: " in out.decode()
        assert out.decode().splitlines()[-1] == "0"

    async def test_a_lock_held_for_too_long_is_a_reason_to_try_again(self, path: Path) -> None:
        store = SqliteStore(path, patience=0.2)
        await store.put(KEY, job("j", v=1))
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(TransientError, match="locked"):
                await store.put(KEY, job("j", v=2))
            read = await store.get(KEY, "job", "j")
            assert read is not None
            assert read.fields["v"] == 1
            another = SqliteStore(path, patience=0.2)
            assert await another.count(KEY, "job") == 1
            other.execute("COMMIT")
        await store.put(KEY, job("j", v=3))
        await another.close()
        await store.close()

    async def test_a_waiting_write_does_not_hold_up_the_event_loop(self, path: Path) -> None:
        store = SqliteStore(path)
        await store.put(KEY, job("j"))
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            writing = asyncio.create_task(store.put(KEY, job("j", v=2)))
            for _ in range(20):
                await asyncio.sleep(0.01)
                assert await store.get(KEY, "job", "j") is not None
            assert not writing.done()
            other.execute("COMMIT")
        assert (await writing).fields["v"] == 2
        await store.close()

    async def test_a_closed_store_says_so(self, path: Path) -> None:
        store = SqliteStore(path)
        await store.close()
        for call in (store.get(KEY, "job", "j"), store.put(KEY, job("j")), store.purge(KEY)):
            with pytest.raises(StoreError, match="closed"):
                await call

    async def test_a_feed_read_beyond_a_restored_backup_is_noticed(self, path: Path) -> None:
        store = SqliteStore(path)
        await store.put(KEY, job("a"))
        await store.close()
        backup = path.read_bytes()
        store = SqliteStore(path)
        await store.put(KEY, job("b"))
        cursor = (await store.changes(KEY)).cursor
        await store.close()
        path.write_bytes(backup)
        store = SqliteStore(path)
        with pytest.raises(AdministratorError, match="older than what was read"):
            await store.changes(KEY, cursor=cursor)
        await store.close()

    async def test_errors_survive_pickling(self, path: Path, tmp_path: Path) -> None:
        with pytest.raises(AdministratorError) as caught:
            SqliteStore(tmp_path)
        copy = pickle.loads(pickle.dumps(caught.value))
        assert str(copy) == str(caught.value)


class TestManyRecords:
    async def test_every_way_to_answer_gives_the_same_answer(self, path: Path) -> None:
        """With thousands of records the store walks, looks up or sorts, as it finds best."""
        store = SqliteStore(path)
        chance = random.Random(9)
        records = [
            Record(
                kind="job",
                id=f"{chance.getrandbits(40):010x}",
                scope=f"s{n % 2}",
                fields={
                    "state": chance.choice(["sent"] * 9 + ["waiting"]),
                    "rare": n % 900,
                    "due": f"2026-{chance.randrange(1, 13):02}",
                    **({"tries": chance.randrange(5)} if n % 3 else {}),
                },
            )
            for n in range(3_000)
        ]
        for scope in ("s0", "s1"):
            own = [record for record in records if record.scope == scope]
            for start in range(0, len(own), 100):
                part = own[start : start + 100]
                await store.batch(
                    Key("b", scope), [Write(op="put", record=record) for record in part]
                )
        wheres = [
            [],
            [Where("state", "=", "sent")],
            [Where("state", "!=", "waiting")],
            [Where("state", "=", "sent"), Where("tries", ">=", 1)],
            [Where("state", "in", ("sent", "waiting")), Where("tries", "<", 4)],
            [Where("rare", "=", 7), Where("state", "=", "sent")],
            [Where("due", ">=", "2026-03"), Where("due", "<", "2026-11")],
            [Where("due", ">=", "2026-03"), Where("state", "=", "sent")],
            [Where("due", "prefix", "2026-1"), Where("id", ">", "5")],
            [Where("tries", ">", 0), Where("state", "!=", "x"), Where("due", "!=", "2026-01")],
            [Where("tries", "in", (1, 2)), Where("tries", "!=", 2), Where("id", "<", "a")],
        ]
        for where in wheres:
            for scope in ("", "s1"):
                mine = [record for record in records if scope in {"", record.scope}]
                count = await store.count(Key("b", scope), "job", where=where)
                assert count == len(answer(mine, where, "id", descending=False))
                for order in ("id", "due", "tries"):
                    for descending in (False, True):
                        found = await every(
                            store,
                            Key("b", scope),
                            "job",
                            where=where,
                            order=order,
                            descending=descending,
                            limit=700,
                        )
                        want = answer(mine, where, order, descending=descending)
                        assert [record.id for record in found] == want
        await store.close()

    async def test_a_page_of_big_records_ends_early_and_loses_none(self, path: Path) -> None:
        store = SqliteStore(path)
        for n in range(12):
            await store.put(KEY, Record(kind="mail", id=f"{n:02}", sealed=bytes(1_900_000)))
        page = await store.query(KEY, "mail")
        assert 1 < len(page.records) < 12
        assert page.cursor
        assert len(await every(store, KEY, "mail")) == 12
        feed = await store.changes(KEY)
        assert len(feed.records) < 12
        rest = await store.changes(KEY, cursor=feed.cursor)
        assert len(feed.records) + len(rest.records) == 12
        await store.close()
