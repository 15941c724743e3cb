"""How fast the audit log is: `python -m tests.bench.audit [entries]`, on SQLite.

Entries of three kinds: appended one by one, as commands do; in appends of fifty with details,
as lists and rounds do; and of a hundred without. Verifying runs in a process of its own, so
that its peak of memory is its own.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from connectors.key_file import KeyFileVault
from connectors.root_file import RootFile
from connectors.sqlite import SqliteStore
from flows.audit import AUDIT, Act, Audit, Log, Person
from flows.audit.verify import verify
from flows.records import Records
from flows.sealing import Keyring
from portal.auditing import Wanted, shown
from portal.wiring import SystemClock

SINGLE = 2_000
SAMPLE = "m" + "3a7k" * 6


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Audit]:
    """Give the audit log in a folder."""
    store = SqliteStore(folder / "jigajob.db")
    records = Records(store, Keyring(store, KeyFileVault(folder / "keys")), "hudson", AUDIT)
    log = Log(records, SystemClock(), RootFile(folder / "audit.roots"))
    yield Audit(log, records, Person("ann"))
    await log.close()
    await store.close()


def act(number: int, *, details: bool = True) -> Act:
    """Make an act as a delivery is recorded."""
    said = {"output": f"o{number}", "to": f"customer{number}@lopez.example", "uses": "reply"}
    return Act(
        action="output.send" if number % 3 else "record.read",
        authority="flow repair-request/c66ac3b2b648, approved",
        subjects=[f"{SAMPLE}{number:07d}"],
        details={"outputs": [said]} if details else {},
    )


async def append(folder: Path, entries: int) -> None:
    """Append so many entries, and print the rate of each kind."""
    async with opened(folder) as audit:
        number = 0
        # Each kind a third, but those that cost an append each, which are fewer.
        single = min(SINGLE, entries // 3)
        rest = (entries - single) // 2
        for name, size, kind, count in (
            ("one by one, with details", 1, audit, single),
            ("fifty an append, with details", 50, audit, rest),
            ("a hundred an append, without", 100, audit.engine, entries - single - rest),
        ):
            began, first = time.perf_counter(), number
            while number < first + count:
                some = range(number, min(number + size, first + count))
                await kind.note(*[act(each, details=kind is audit) for each in some])
                number = some.stop
            took = time.perf_counter() - began
            say(f"append {count:>9,} {name:32} {count / took:8,.0f}/s   {took:7.1f} s")
        say(f"the file has {(folder / 'jigajob.db').stat().st_size / 1e6:,.0f} MB")


async def verified(folder: Path) -> None:
    """Verify the log, and print how long that took and the peak of memory."""
    async with opened(folder) as audit:
        log = audit.log
        key = await log.key()
        before = peak()
        began = time.perf_counter()
        found = await verify(log, now=datetime.now(UTC), key=key, anchored=log.anchored())
        took = time.perf_counter() - began
        assert not found.findings
        say(
            f"verify {found.entries:,} entries, {found.signatures:,} signatures,"
            f" {found.kept:,} details, {found.roots:,} roots: {took:.1f} s,"
            f" {found.entries / took:,.0f}/s; peak {peak():,.0f} MB ({before:,.0f} before)"
        )
        for name, wanted in {
            "the last 100": Wanted(last=100),
            "the last 100 of an action": Wanted(actions=frozenset({"record.read"}), last=100),
            "all of one subject": Wanted(subject=f"{SAMPLE}{1:07d}"),
        }.items():
            began = time.perf_counter()
            entries = await shown(log, wanted, lambda _: None)
            say(f"list {name}: {len(entries)} in {time.perf_counter() - began:.2f} s")


def peak() -> float:
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def say(line: str) -> None:
    """Print a line of the bench's output."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(entries: int) -> None:
    """Measure a log of so many entries in a temporary folder."""
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(append(Path(name), entries))
        subprocess.run([sys.executable, "-m", __spec__.name, "verify", name], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["verify"]:
        asyncio.run(verified(Path(sys.argv[2])))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
