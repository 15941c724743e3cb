"""A backup is one moment of a business, opens for nobody alone, and comes back whole."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.key_file import KeyFileVault
from connectors.sqlite import SqliteStore
from flows.backup import KeyFile, Manifest, back_up, making, restore
from flows.errors import AdministratorError, OperatorError, TransientError, Unopened
from flows.ports import Clock, Key, Record, RecordPage, Write
from flows.sealing import Keyring
from tests.flows.keys.processes import BUSINESS, Business, Doomed, Killed

SECRET = b"Maria Alvarez, 14 Elm Street, 555-0142"


@pytest.fixture
async def business(tmp_path: Path) -> AsyncIterator[Business]:
    business = Business(tmp_path / "old")
    for n in range(150):
        await business.writes(0, ("intake", "work")[n % 2], f"m{n}", SECRET + b" %d" % n)
    await business.store.put(
        Key(BUSINESS, "intake"),
        Record(kind="cursor", id="c", fields={"n": 7, "none": None, "yes": True, "text": "é"}),
    )
    yield business
    await business.close()


async def _backed_up(
    business: Business, store: SqliteStore | None = None
) -> tuple[bytes, bytes]:
    archive = io.BytesIO()
    _, keys = await back_up(
        BUSINESS,
        store or business.store,
        KeyFileVault(business.keys),
        business.clock,
        archive,
    )
    return archive.getvalue(), keys.as_bytes()


class Home:
    """Another home, with the wrapping key of the first."""

    def __init__(
        self, business: Business, folder: Path, store: SqliteStore | None = None
    ) -> None:
        self.business, self.path = business, folder / "store.db"
        if not (folder / "keys").exists():
            shutil.copytree(business.keys, folder / "keys")
        self.vault = KeyFileVault(folder / "keys")
        self.store = store or SqliteStore(self.path, clock=business.clock)

    async def restores(self, archive: bytes, keys: bytes, name: str = BUSINESS) -> Manifest:
        file = io.BytesIO(archive)
        return await restore(name, self.store, self.vault, self.business.clock, file, keys=keys)

    async def holds(self) -> dict[tuple[str, str, str], Record]:
        return await _all(self.store)


async def _all(store: SqliteStore) -> dict[tuple[str, str, str], Record]:
    """Every record but for what a store makes up itself."""
    found: dict[tuple[str, str, str], Record] = {}
    cursor, before = "", None
    while cursor != before:
        page: RecordPage = await store.changes(Key(BUSINESS), cursor=cursor)
        before, cursor = cursor, page.cursor
        for record in page.records:
            if not record.deleted:
                found[record.scope, record.kind, record.id] = replace(record, etag="")
    return found


@pytest.fixture
async def home(business: Business, tmp_path: Path) -> AsyncIterator[Home]:
    home = Home(business, tmp_path / "new")
    yield home
    await home.store.close()


async def test_what_comes_back_equals_what_was_there(business: Business, home: Home) -> None:
    manifest = await home.restores(*await _backed_up(business))
    assert await home.holds() == await _all(business.store)
    assert manifest.kinds == {"cursor": 1, "mail": 150}
    keyring = Keyring(home.store, home.vault)
    assert await keyring.blind(BUSINESS, "a", "x") == await business.keyring().blind(
        BUSINESS, "a", "x"
    )
    record = await home.store.get(Key(BUSINESS, "intake"), "mail", "m0")
    assert record is not None
    assert await keyring.open(BUSINESS, "mail", "m0", record.sealed) == SECRET + b" 0"


async def test_neither_file_holds_a_key_or_text_and_neither_opens_alone(
    business: Business, home: Home, tmp_path: Path
) -> None:
    archive, keys = await _backed_up(business)
    for content in (archive, keys):
        for sought in (
            b"Maria",
            b"mail",
            b"intake",
            (business.keys / "wrapping.key").read_bytes(),
        ):
            assert sought not in content
    for record in (await business.key_records()).values():
        assert record.sealed not in archive
    (tmp_path / "empty" / "keys").mkdir(parents=True)
    stranger = Home(business, tmp_path / "empty")
    with pytest.raises(AdministratorError):
        await stranger.restores(archive, keys)
    await stranger.store.close()
    other = await _backed_up(business)
    with pytest.raises(Unopened):
        await home.restores(archive, other[1])
    assert await home.holds() == {}


@pytest.mark.parametrize("spoil", ["cut", "flip", "count", "business"])
async def test_what_was_spoilt_is_refused_before_anything_is_written(
    business: Business, home: Home, spoil: str
) -> None:
    archive, keys = await _backed_up(business)
    if spoil == "cut":
        archive = archive[:-1]
    elif spoil == "flip":
        archive = archive[:5000] + bytes([archive[5000] ^ 1]) + archive[5001:]
    elif spoil == "count":
        shown = json.loads(keys)
        shown["keys"].pop()
        keys = json.dumps(shown, indent=1).encode()
    name = "other" if spoil == "business" else BUSINESS
    with pytest.raises((Unopened, OperatorError)) as caught:
        await home.restores(archive, keys, name)
    assert caught.value.fix
    assert await home.holds() == {}


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"format": 1, "keys": [1]}'])
async def test_what_is_no_file_of_keys_is_said_to_be_none(home: Home, content: bytes) -> None:
    with pytest.raises(OperatorError, match="file of keys"):
        await home.restores(b"", content)


async def test_a_store_that_holds_something_of_the_business_is_left_alone(
    business: Business, home: Home
) -> None:
    archive, keys = await _backed_up(business)
    record = Record(kind="mail", id="mine", sealed=b"x")
    await home.store.put(Key(BUSINESS, "work"), record)
    with pytest.raises(OperatorError, match="already"):
        await home.restores(archive, keys)
    assert set(await home.holds()) == {("work", "mail", "mine")}
    await home.store.delete(Key(BUSINESS, "work"), "mail", "mine")


async def test_a_restore_that_was_killed_opens_for_nobody_and_is_done_again(
    business: Business, tmp_path: Path
) -> None:
    archive, keys = await _backed_up(business)
    for writes in range(5):
        for after in (False, True):
            folder = tmp_path / f"{writes}{after}"
            folder.mkdir()
            doomed = Doomed(
                folder / "store.db", clock=business.clock, writes=writes, after=after
            )
            killed = Home(business, folder, doomed)
            with suppress(Killed):
                await killed.restores(archive, keys)
            await doomed.close()
            again = Home(business, folder)
            begun = await again.store.get(Key(BUSINESS, "keys"), "key", "data")
            if not begun or await _state(again) == "not restored":
                await again.restores(archive, keys)
            assert await again.holds() == await _all(business.store)
            assert await _state(again) == "opens"
            await again.store.close()


class Overtaken(SqliteStore):
    """A store in which somebody begins, or does, the same restore before a write."""

    other: Callable[[], Awaitable[object]]

    def __init__(self, path: Path, *, clock: Clock, writes: int) -> None:
        super().__init__(path, clock=clock)
        self._left = writes

    async def batch(
        self, key: Key, writes: Sequence[Write], *, lasting: bool = True
    ) -> tuple[Record, ...]:
        self._left -= 1
        if self._left == -1:
            await self.other()
        return await super().batch(key, writes, lasting=lasting)


@pytest.mark.parametrize("writes", [1, 2, 3])
async def test_of_two_restores_at_once_the_first_stops_and_says_so(
    business: Business, tmp_path: Path, writes: int
) -> None:
    """Also where the second is through, and something was done with the business since."""
    archive, keys = await _backed_up(business)
    path = tmp_path / "both" / "store.db"
    first = Home(business, path.parent, Overtaken(path, clock=business.clock, writes=writes))
    second = Home(business, path.parent)
    done: list[Record] = []

    async def other() -> None:
        await second.restores(archive, keys)
        for record in [*(await second.holds()).values()]:
            if record.scope != "keys":
                fresh = replace(record, fields={"since": 1}, etag="")
                done.append(await second.store.put(Key(BUSINESS, record.scope), fresh))

    first.store.other = other  # type: ignore[attr-defined]
    with pytest.raises(TransientError, match="another restore of this business") as caught:
        await first.restores(archive, keys)
    assert "let the other one end" in caught.value.fix
    assert await _state(second) == "opens"
    held = await second.holds()
    kept = [held[each.scope, each.kind, each.id].fields == {"since": 1} for each in done]
    # One batch may have been on its way when the other restore began.
    assert kept.count(False) <= 100
    await first.store.close()
    await second.store.close()


async def _state(home: Home) -> str:
    try:
        await Keyring(home.store, home.vault).seal(BUSINESS, "mail", "m", b"new")
    except AdministratorError as error:
        return "not restored" if "restore" in error.fix else str(error)
    return "opens"


class Busy(SqliteStore):
    """A store in which somebody writes between any two pages that are read."""

    def __init__(self, business: Business) -> None:
        super().__init__(business.path, clock=business.clock)
        self._business, self.turn = business, 0

    async def changes(self, key: Key, *, cursor: str = "", limit: int = 100) -> RecordPage:
        page = await super().changes(key, cursor=cursor, limit=limit)
        self.turn += 1
        if self.turn < 30:
            moved = f"m{self.turn}"
            for scope in ("intake", "work"):
                await self._business.writes(0, scope, moved, b"changed %d" % self.turn)
                await self._business.writes(0, scope, f"new{self.turn}", b"new")
        return page


async def test_a_backup_of_a_busy_business_is_what_it_held_at_the_end(
    business: Business, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And both records that are always changed together are of the same turn."""
    monkeypatch.setattr(making, "PAGE", 7)
    busy = Busy(business)
    archive, keys = await _backed_up(business, busy)
    await home.restores(archive, keys)
    assert busy.turn > 30, "it went on until nothing was left to read"
    assert await home.holds() == await _all(business.store)
    await busy.close()


async def test_a_backup_in_the_middle_of_a_rotation_goes_on_rotating(
    business: Business, home: Home
) -> None:
    await business.rotates()
    await business.writes(0, "work", "late", b"under the old key")
    await home.restores(*await _backed_up(business))
    business.clock.at += timedelta(hours=2)
    rotating = business.rotating(home.store)
    assert (await rotating.rotate()).done
    record = await home.store.get(Key(BUSINESS, "work"), "mail", "late")
    assert record is not None
    keyring = Keyring(home.store, home.vault, clock=business.clock)
    assert await keyring.open(BUSINESS, "mail", "late", record.sealed) == b"under the old key"


async def test_what_expired_since_is_not_brought_back(business: Business, home: Home) -> None:
    archive, keys = await _backed_up(business)
    business.clock.at += timedelta(days=401)
    await home.restores(archive, keys)
    assert {kind for _, kind, _ in await home.holds()} == {"cursor", "key"}


async def test_a_business_without_records_has_nothing_to_back_up(
    business: Business, home: Home
) -> None:
    with pytest.raises(OperatorError, match="no records"):
        await _backed_up(business, home.store)


async def test_a_record_of_the_largest_size_comes_back(business: Business, home: Home) -> None:
    big = Record(kind="mail", id="big", sealed=bytes(1_999_000))
    await business.store.put(Key(BUSINESS, "work"), big)
    await home.restores(*await _backed_up(business))
    assert (await home.holds())["work", "mail", "big"].sealed == big.sealed


def test_the_file_of_keys_reads_as_it_was_written() -> None:
    key = Record(kind="key", id="data", fields={"current": 1}, sealed=b"wrapped")
    file = KeyFile("a" * 32, "hudson", "2026-03-01T00:00:00Z", b"wrapped too", (key,))
    assert KeyFile.read(file.as_bytes()) == file
    assert "wrapped too" not in repr(file)
