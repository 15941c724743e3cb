"""What the SQLite store leaves on the disk of what was deleted: nothing."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.sqlite import SqliteStore
from flows.errors import TransientError
from flows.ports import Key, Record, Scalar, Write
from tests.connectors.sqlite_worker import KEY
from tests.contract.store_model import StoppedClock

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


class TestWiping:
    @pytest.mark.parametrize("seed", [3, 4])
    async def test_purged_bytes_are_in_no_file(self, path: Path, seed: int) -> None:
        """Seed 3 is one with which SQLite's own wiping leaves a copy behind."""
        store = SqliteStore(path)
        chance = random.Random(seed)
        stays, goes = Key("hudson", "work"), Key("gone", "keys")
        for n in range(300):
            for key, mark in ((stays, b"STAYS-"), (goes, b"GONE!-")):
                body = mark * chance.choice([4, 20, 500, 1_500])
                record = Record(
                    kind="mail", id=f"{n}", fields={"v": f"{mark!r}{n}"}, sealed=body
                )
                await store.put(key, record)
            if n % 5 == 0:
                await store.put(goes, Record(kind="mail", id=f"{n // 2}", sealed=b"GONE!-" * 9))
                await store.delete(goes, "mail", f"{n // 3}")
        assert await _bytes_of(path.parent, b"GONE!-")
        await store.purge(Key("gone"))
        assert await _bytes_of(path.parent, b"GONE!-") == {}
        assert await _bytes_of(path.parent, b"STAYS-")
        await store.close()

    async def test_deleted_and_overwritten_bytes_are_gone_after_closing(
        self, path: Path
    ) -> None:
        store = SqliteStore(path)
        for n in range(50):
            await store.put(KEY, Record(kind="mail", id=f"{n}", sealed=b"GONE!-" * 300))
        for n in range(50):
            if n % 2:
                await store.delete(KEY, "mail", f"{n}")
            else:
                await store.put(KEY, Record(kind="mail", id=f"{n}", sealed=b"new"))
        await store.close()
        assert [file.name for file in path.parent.iterdir()] == ["store.db"]
        assert b"GONE!-" not in path.read_bytes()

    async def test_a_purge_says_when_a_reader_keeps_old_bytes(self, path: Path) -> None:
        store = SqliteStore(path, patience=0.2)
        await store.put(KEY, Record(kind="mail", id="m", sealed=b"GONE!-" * 300))
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM record").fetchall()
            with pytest.raises(TransientError, match="do it again"):
                await store.purge(KEY)
            assert await store.count(KEY, "mail") == 0
            reader.execute("COMMIT")
        await store.purge(KEY)
        assert await _bytes_of(path.parent, b"GONE!-") == {}
        await store.close()

    async def test_the_expired_are_deleted_for_real_when_opened_and_every_so_often(
        self, path: Path
    ) -> None:
        clock = StoppedClock(datetime(2026, 3, 1, tzinfo=UTC))
        store = SqliteStore(path, clock=clock)

        async def put(record_id: str) -> None:
            until = clock.at + timedelta(minutes=1)
            body = b"GONE!-" * 300
            await store.put(
                KEY,
                Record(
                    kind="mail", id=record_id, fields={"v": 1}, sealed=body, expires_at=until
                ),
            )

        await put("a")
        clock.at += timedelta(hours=1)
        await store.put(KEY, job("another"))
        ids = "SELECT id FROM record UNION SELECT id FROM look_up"
        assert raw(path, ids) == [("another",)]
        assert await _bytes_of(path.parent, b"GONE!-") == {}
        await put("b")
        clock.at += timedelta(minutes=2)
        assert raw(path, ids) == [("another",), ("b",)]
        assert await store.sweep() == 1
        await put("c")
        await store.close()
        clock.at += timedelta(days=1)
        store = SqliteStore(path, clock=clock)
        assert raw(path, ids) == [("another",)]
        await store.close()

    async def test_a_sweep_takes_all_that_has_expired_and_nothing_else(
        self, path: Path
    ) -> None:
        clock = StoppedClock(datetime(2026, 3, 1, tzinfo=UTC))
        store = SqliteStore(path, clock=clock)
        for start in range(0, 1_200, 100):
            await store.batch(
                Key(f"b{start}", "work"),
                [
                    Write(
                        op="put",
                        record=Record(
                            kind="mail", id=f"{n}", expires_at=clock.at + timedelta(minutes=n)
                        ),
                    )
                    for n in range(1, 101)
                ],
            )
        clock.at += timedelta(minutes=99)
        assert await store.sweep() == 1_188
        assert raw(path, "SELECT DISTINCT id FROM record") == [("100",)]
        await store.close()


async def _bytes_of(folder: Path, sought: bytes) -> dict[str, int]:
    # By another process: closing a file here would drop the locks that the store has on it.
    program = (
        "import sys; from pathlib import Path\n"
        "for f in Path(sys.argv[1]).iterdir(): print(f.name,"
        " f.read_bytes().count(sys.argv[2].encode()))"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, folder, sought.decode(), stdout=subprocess.PIPE
    )
    out, _ = await process.communicate()
    found = dict(line.split() for line in out.decode().splitlines())
    return {name: int(count) for name, count in found.items() if int(count)}
