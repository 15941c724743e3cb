"""Who may read the file of the SQLite store, and what is said of one that is broken."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from connectors.sqlite import SqliteStore
from flows.errors import AdministratorError
from flows.ports import Record, Scalar, Write
from tests.connectors.sqlite_worker import KEY
from tests.contract.store_model import every

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


class TestALossOfPower:
    async def test_takes_back_the_last_batches_and_none_before_a_lasting_one(
        self, path: Path, tmp_path: Path
    ) -> None:
        """Wherever the log is cut off, what is left was written first, up to some moment."""
        store = SqliteStore(path)
        log = path.with_name("store.db-wal")
        order: list[str] = []
        sizes: dict[str, int] = {}
        for name in ("a1", "a2", "a3", "cursor", "b1", "b2"):
            write = Write(op="create", record=job(name))
            await store.batch(KEY, [write], lasting=name == "cursor")
            order.append(name)
            sizes[name] = log.stat().st_size
        whole, main = log.read_bytes(), path.read_bytes()
        await store.close()

        for number, cut in enumerate(range(0, len(whole) + 1, 2_000)):
            copy = tmp_path / f"cut-{number}.db"
            copy.write_bytes(main)
            copy.with_name(f"{copy.name}-wal").write_bytes(whole[:cut])
            again = SqliteStore(copy)
            left = [name for name in order if await again.get(KEY, "job", name)]
            await again.close()
            assert left == order[: len(left)]
            assert "cursor" in left or cut < sizes["cursor"]


class TestPermissions:
    @pytest.mark.parametrize("umask", [0, 0o022, 0o077])
    async def test_only_the_owner_can_read_whatever_the_umask(
        self, path: Path, umask: int
    ) -> None:
        before = os.umask(umask)
        try:
            store = SqliteStore(path)
            await store.put(KEY, job("j"))
        finally:
            os.umask(before)
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
        assert modes == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}
        await store.close()

    async def test_a_file_that_others_could_read_is_closed_to_them(self, path: Path) -> None:
        await SqliteStore(path).close()
        path.chmod(0o644)
        await SqliteStore(path).close()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    async def test_a_folder_that_was_there_keeps_its_permissions(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o755)
        await SqliteStore(tmp_path / "store.db").close()
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755

    @pytest.fixture
    def public(self) -> Iterator[Path]:
        # Where another user may enter; pytest's own folders are closed to them.
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            folder.chmod(0o755)
            yield folder

    @pytest.mark.parametrize("what", ["folder", "file", "not ours"])
    def test_what_may_not_be_written_is_explained(self, public: Path, what: str) -> None:
        path = public / "store.db"
        asyncio.run(SqliteStore(path).close())
        user = NOBODY if os.geteuid() == 0 else None
        if what != "not ours":
            for each in (path, public):
                if user:
                    os.chown(each, user, -1)
        if what == "folder":
            path.unlink()
            public.chmod(0o500)
        elif what == "file":
            path.chmod(0o400)
        elif user is None:
            pytest.skip("only root can make files of another user")
        program = (
            "import os, sys; from pathlib import Path\n"
            "from connectors.sqlite import SqliteStore\n"
            "from flows.errors import AdministratorError\n"
            "os.setuid(int(sys.argv[2]))\n"
            "try: SqliteStore(Path(sys.argv[1]))\n"
            "except AdministratorError as error: print(error)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, path, str(user or os.getuid())],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        public.chmod(0o700)
        assert done.stderr == ""
        assert str(path) in done.stdout
        assert "fix: make" in done.stdout
        assert "writable for the user that runs JigAjob" in done.stdout


class TestBrokenFiles:
    @pytest.mark.parametrize("content", [b"Subject: hello\n\n" * 100, os.urandom(8_192), b"x"])
    def test_a_file_that_is_no_database_is_refused_and_left_alone(
        self, tmp_path: Path, content: bytes
    ) -> None:
        path = tmp_path / "mail.eml"
        path.write_bytes(content)
        path.chmod(0o644)
        _refused(path, "not a store", "another file")
        assert path.read_bytes() == content
        assert stat.S_IMODE(path.stat().st_mode) == 0o644
        assert [file.name for file in tmp_path.iterdir()] == ["mail.eml"]

    def test_a_database_of_another_program_is_refused_and_left_alone(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "contacts.db"
        raw(path, "CREATE TABLE record (name)")
        before = path.read_bytes()
        _refused(path, "another program", "another file")
        raw(tmp_path / "marked.db", "PRAGMA application_id=77")
        _refused(tmp_path / "marked.db", "another program", "another file")
        assert path.read_bytes() == before

    def test_a_store_of_a_newer_version_is_refused_and_left_alone(self, path: Path) -> None:
        asyncio.run(SqliteStore(path).close())
        raw(path, "PRAGMA user_version=2")
        before = path.read_bytes()
        _refused(path, "newer JigAjob", "upgrade")
        assert path.read_bytes() == before

    def test_a_folder_in_its_place_is_refused(self, tmp_path: Path) -> None:
        _refused(tmp_path, "not a file", "name a file")

    def test_a_file_where_the_folder_should_be_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "home").write_text("a file")
        _refused(tmp_path / "home" / "store.db", "cannot be used", "folder")

    async def test_a_damaged_file_is_explained_and_not_half_read(self, path: Path) -> None:
        store = SqliteStore(path)
        for n in range(200):
            await store.put(KEY, Record(kind="mail", id=f"{n}", sealed=bytes(3_000)))
        await store.close()
        content = bytearray(path.read_bytes())
        content[8_192:] = os.urandom(len(content) - 8_192)
        path.write_bytes(content)
        with pytest.raises(AdministratorError) as caught:
            await every(SqliteStore(path), KEY, "mail")
        assert "damaged" in str(caught.value)
        assert "backup" in caught.value.fix

    def test_an_empty_file_becomes_a_store(self, path: Path) -> None:
        path.parent.mkdir()
        path.touch()
        asyncio.run(SqliteStore(path).close())
        assert raw(path, "PRAGMA user_version") == [(1,)]


def _refused(path: Path, what: str, fix: str) -> None:
    with pytest.raises(AdministratorError, match=what) as caught:
        SqliteStore(path)
    assert fix in caught.value.fix
    assert str(path) in str(caught.value)
