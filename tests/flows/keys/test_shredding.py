"""A business that was shredded is unreadable for everybody, within the time that is stated."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.errors import AdministratorError
from flows.keys.shredding import shred
from flows.ports import Key, Record
from flows.sealing import CACHED_FOR
from tests.flows.keys.processes import BUSINESS, Business

ROOT = Path(__file__).parents[3]
WORKER = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from connectors.key_file import KeyFileVault
from connectors.sqlite import SqliteStore
from flows.errors import AdministratorError
from flows.ports import Key, Record
from flows.sealing import Keyring
from tests.contract.store_model import StoppedClock

async def main(folder):
    clock = StoppedClock(datetime(2026, 3, 1, tzinfo=UTC))
    store = SqliteStore(folder / "store.db", clock=clock)
    keyring = Keyring(store, KeyFileVault(folder / "keys"), clock=clock)
    record = await store.get(Key("hudson", "intake"), "mail", "m0")
    for line in sys.stdin:
        clock.at = datetime.fromisoformat(line.strip())
        told = []
        for work in (
            lambda: keyring.open("hudson", "mail", "m0", record.sealed),
            lambda: keyring.seal("hudson", "mail", "m1", b"new mail"),
            lambda: keyring.blind("hudson", "address", "a@hudson.example"),
        ):
            try:
                await work()
                told.append("done")
            except AdministratorError as error:
                told.append("destroyed" if "destroyed" in str(error) else "other")
        print(*told, flush=True)

asyncio.run(main(Path(sys.argv[1])))
"""


@pytest.fixture
async def business(tmp_path: Path) -> AsyncIterator[Business]:
    business = Business(tmp_path)
    for n in range(20):
        await business.writes(0, "intake", f"m{n}", b"Maria, 14 Elm Street" * n)
        await business.writes(0, "work", f"j{n}", b"Maria, 14 Elm Street" * n)
    yield business
    await business.close()


async def test_another_process_reads_on_for_five_minutes_at_most(
    business: Business, tmp_path: Path
) -> None:
    """And makes no new key afterwards: its work fails, and says why."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", WORKER, tmp_path),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )

    async def says(at: datetime) -> str:
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{at.isoformat()}\n".encode())
        return (await process.stdout.readline()).decode().strip()

    try:
        assert await says(business.clock.at) == "done done done"
        await shred(business.store, BUSINESS, business.clock)
        last = business.clock.at + CACHED_FOR
        assert await says(last - timedelta(seconds=1)) == "done done done"
        assert await says(last) == "destroyed destroyed destroyed"
        assert await says(last + timedelta(days=30)) == "destroyed destroyed destroyed"
        assert set(await business.key_records()) == {"data"}, "the mark alone"
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


async def test_a_process_that_asks_for_the_keys_is_refused_at_once(business: Business) -> None:
    record = await business.store.get(Key(BUSINESS, "intake"), "mail", "m0")
    assert record is not None
    await shred(business.store, BUSINESS, business.clock)
    with pytest.raises(AdministratorError, match="destroyed at 2026-03-01 00:00:00 UTC"):
        await business.keyring().open(BUSINESS, "mail", "m0", record.sealed)
    with pytest.raises(AdministratorError, match="destroyed"):
        await business.keyring().seal(BUSINESS, "mail", "m0", b"new")
    with pytest.raises(AdministratorError, match="destroyed"):
        await business.rotates()


async def test_no_wrapped_key_and_no_record_is_left_in_the_file_or_its_log(
    business: Business, tmp_path: Path
) -> None:
    await business.rotates()
    sought = [record.sealed for record in (await business.key_records()).values()]
    for scope, record_id in business.has:
        record = await business.store.get(Key(BUSINESS, scope), "mail", record_id)
        assert record is not None
        sought.append(record.sealed)
    assert len(sought) == 43
    assert await _found_in(tmp_path, sought) == 43, "the search itself works"
    assert await shred(business.store, BUSINESS, business.clock) == 40
    assert await _found_in(tmp_path, sought) == 0


async def test_other_businesses_and_the_chain_of_the_audit_stay(business: Business) -> None:
    other = Key("other", "intake")
    sealed = await business.workers[0].seal("other", "mail", "m", b"theirs")
    await business.store.put(other, Record(kind="mail", id="m", sealed=sealed))
    entry = Record(kind="entry", id="1", fields={"n": 1})
    await business.store.put(Key(BUSINESS, "audit"), entry)
    await shred(business.store, BUSINESS, business.clock)
    assert await business.keyring().open("other", "mail", "m", sealed) == b"theirs"
    assert await business.store.get(Key(BUSINESS, "audit"), "entry", "1")
    assert await business.store.count(Key(BUSINESS), "mail") == 0


async def test_shredding_again_removes_what_was_written_under_cached_keys(
    business: Business,
) -> None:
    await shred(business.store, BUSINESS, business.clock)
    await business.writes(0, "intake", "late", b"from a worker that has the key still")
    assert await shred(business.store, BUSINESS, business.clock) == 1
    assert await business.store.count(Key(BUSINESS), "mail") == 0


async def test_a_rotation_that_begins_at_that_moment_leaves_no_key(business: Business) -> None:
    for _ in range(5):
        await asyncio.gather(
            business.rotates(),
            shred(business.store, BUSINESS, business.clock),
            return_exceptions=True,
        )
    (left,) = (await business.key_records()).values()
    assert not left.sealed


async def test_lost_keys_are_missed_and_not_made_anew_over_sealed_records(
    business: Business,
) -> None:
    """Somebody removed the keys alone, without the mark that shredding leaves."""
    await business.store.purge(Key(BUSINESS, "keys"))
    with pytest.raises(AdministratorError, match="not in the store"):
        await business.keyring().seal(BUSINESS, "mail", "m", b"new")
    assert await business.key_records() == {}


async def _found_in(folder: Path, sought: list[bytes]) -> int:
    # By another process: closing a file here would drop the locks that the store has on it.
    program = (
        "import sys; from pathlib import Path\n"
        "files = [f.read_bytes() for f in Path(sys.argv[1]).glob('store.db*')]\n"
        "sought = [bytes.fromhex(line) for line in sys.stdin.read().split()]\n"
        "print(sum(any(one in file for file in files) for one in sought))"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    out, _ = await process.communicate("\n".join(one.hex() for one in sought).encode())
    return int(out)
