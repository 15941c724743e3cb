"""Logs to verify: a chain that is whole, and a store of it that anybody may change."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from connectors.key_file import KeyFileVault
from connectors.root_file import RootFile
from connectors.sqlite import SqliteStore
from flows.audit import AUDIT, Act, Audit, Log, Person
from flows.audit.verify import Verdict, verify
from flows.records import Records
from flows.sealing import Keyring
from tests.flows.business import TestClock

WHO = "Ann Oakfield"
TO = "carla@lopez.example"


@dataclass
class Opened:
    """A log in a folder, and what one can do with it and to it."""

    folder: Path
    store: SqliteStore
    records: Records
    log: Log
    audit: Audit
    clock: TestClock

    @property
    def roots(self) -> RootFile:
        return RootFile(self.folder / "audit.roots")

    async def verdict(self, **kept: str) -> Verdict:
        return await verify(
            self.log,
            now=self.clock.now(),
            key=await self.log.key(),
            anchored=self.roots.roots("hudson"),
            kept={int(name[1:]): hash_ for name, hash_ in kept.items()},
        )

    async def said(self, **kept: str) -> list[tuple[int, str]]:
        """Return number and rule of each finding."""
        return [(each.sequence, each.rule) for each in (await self.verdict(**kept)).findings]


def act(number: int = 1, **fields: object) -> Act:
    given = {
        "action": "record.read",
        "authority": "command show",
        "subjects": [f"m{number}"],
        "details": {"to": TO},
    }
    return Act(**{**given, **fields})  # type: ignore[arg-type]


@asynccontextmanager
async def opened(folder: Path, clock: TestClock | None = None) -> AsyncIterator[Opened]:
    clock = clock or TestClock()
    store = SqliteStore(folder / "jigajob.db", clock=clock)
    keyring = Keyring(store, KeyFileVault(folder / "keys"), clock=clock)
    records = Records(store, keyring, "hudson", AUDIT)
    log = Log(records, clock, RootFile(folder / "audit.roots"))
    try:
        yield Opened(folder, store, records, log, Audit(log, records, Person(WHO)), clock)
    finally:
        await log.close()
        await store.close()


async def written(folder: Path, sizes: Sequence[int]) -> None:
    """Write a log of appends of so many entries each, a minute apart."""
    folder.mkdir(parents=True, exist_ok=True)
    async with opened(folder) as it:
        number = 0
        for size in sizes:
            await it.audit.note(*[act(number + each) for each in range(1, size + 1)])
            number += size
            it.clock.passes(minutes=1)


def copied(folder: Path, to: Path) -> Path:
    shutil.copytree(folder, to, dirs_exist_ok=True)
    return to


KEPT = timedelta(days=400)
