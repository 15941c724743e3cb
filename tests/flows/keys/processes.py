"""A business whose records many processes write, some of which are killed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.key_file import KeyFileVault
from connectors.sqlite import SqliteStore
from flows.keys.records import KEY_KIND, KEY_SCOPE
from flows.keys.rotation import SETTLED_AFTER, Rotating
from flows.ports import Key, Record, Write
from flows.sealing import Keyring
from tests.contract.store_model import StoppedClock

BUSINESS = "hudson"
SCOPES = ("intake", "work")


class Killed(BaseException):
    """What happens to a process: nothing in it runs on."""


class Doomed(SqliteStore):
    """The store as a process sees it that is killed at one of its writes."""

    def __init__(self, path: Path, *, clock: StoppedClock, writes: int, after: bool) -> None:
        """Let *writes* pass; the next one is carried out only if *after*."""
        super().__init__(path, clock=clock)
        self._left, self._after = writes, after

    async def batch(
        self, key: Key, writes: Sequence[Write], *, lasting: bool = True
    ) -> tuple[Record, ...]:
        if self._left == 0 and not self._after:
            raise Killed
        stored = await super().batch(key, writes, lasting=lasting)
        if self._left == 0:
            raise Killed
        self._left -= 1
        return stored


class Business:
    """What it has, as its users would say, and the processes that work for it."""

    def __init__(self, folder: Path, *, workers: int = 3) -> None:
        self.clock = StoppedClock(datetime(2026, 3, 1, tzinfo=UTC))
        self.path, self.keys = folder / "store.db", folder / "keys"
        self.store = SqliteStore(self.path, clock=self.clock)
        self.workers = [self.keyring() for _ in range(workers)]
        self.has: dict[tuple[str, str], bytes] = {}
        self.late: list[tuple[datetime, str, str, bytes, bytes]] = []

    def keyring(self) -> Keyring:
        return Keyring(self.store, KeyFileVault(self.keys), clock=self.clock)

    async def close(self) -> None:
        await self.store.close()

    async def writes(self, worker: int, scope: str, record_id: str, value: bytes) -> None:
        sealed = await self.workers[worker].seal(BUSINESS, "mail", record_id, value)
        await self._puts(scope, record_id, value, sealed)

    async def seals(self, worker: int, scope: str, record_id: str, value: bytes) -> None:
        """Seal now and write later: a mail waits for the rest of its page."""
        sealed = await self.workers[worker].seal(BUSINESS, "mail", record_id, value)
        self.late.append((self.clock.at, scope, record_id, value, sealed))

    async def flushes(self) -> None:
        for _, scope, record_id, value, sealed in self.late:
            await self._puts(scope, record_id, value, sealed)
        self.late.clear()

    async def touches(self, scope: str, record_id: str) -> None:
        """Write a record again with what is sealed in it left as it was."""
        if record := await self.store.get(Key(BUSINESS, scope), "mail", record_id):
            again = Record(kind="mail", id=record_id, fields={"n": 2}, sealed=record.sealed)
            await self.store.put(Key(BUSINESS, scope), again, etag=record.etag)

    async def deletes(self, scope: str, record_id: str) -> None:
        await self.store.delete(Key(BUSINESS, scope), "mail", record_id)
        self.has.pop((scope, record_id), None)

    async def waits(self, minutes: int) -> None:
        until = self.clock.at + timedelta(minutes=minutes)
        if any(at + SETTLED_AFTER <= until for at, *_ in self.late):
            await self.flushes()
        self.clock.at = until

    def rotating(self, store: SqliteStore) -> Rotating:
        vault = KeyFileVault(self.keys)
        keyring = Keyring(store, vault, clock=self.clock)
        return Rotating(store, vault, keyring, BUSINESS, self.clock)

    async def rotates(self, *, killed_at: int = 10**9, after: bool = False) -> bool:
        """Rotate in a process of its own, that may be killed; return whether it is done."""
        store = Doomed(self.path, clock=self.clock, writes=killed_at, after=after)
        try:
            return (await self.rotating(store).rotate()).done
        except Killed:
            return False
        finally:
            await store.close()

    async def rewraps(self, *, killed_at: int = 10**9, after: bool = False) -> None:
        store = Doomed(self.path, clock=self.clock, writes=killed_at, after=after)
        try:
            await self.rotating(store).rewrap()
        except Killed:
            pass
        finally:
            await store.close()

    async def opens(self, keyring: Keyring) -> dict[tuple[str, str], bytes]:
        """What is in the store, opened."""
        found = {}
        for scope in SCOPES:
            page = await self.store.query(Key(BUSINESS, scope), "mail", limit=1_000)
            for record in page.records:
                found[scope, record.id] = await keyring.open(
                    BUSINESS, "mail", record.id, record.sealed
                )
        return found

    async def key_records(self) -> dict[str, Record]:
        page = await self.store.query(Key(BUSINESS, KEY_SCOPE), KEY_KIND)
        return {record.id: record for record in page.records}

    async def key_ids(self) -> set[bytes]:
        """The keys that sealed what is in the store."""
        found = set()
        for scope in SCOPES:
            page = await self.store.query(Key(BUSINESS, scope), "mail", limit=1_000)
            found |= {record.sealed[1:5] for record in page.records}
        return found

    async def _puts(self, scope: str, record_id: str, value: bytes, sealed: bytes) -> None:
        expires = self.clock.at + timedelta(days=400)
        record = Record(
            kind="mail", id=record_id, fields={"n": 1}, sealed=sealed, expires_at=expires
        )
        await self.store.put(Key(BUSINESS, scope), record)
        self.has[scope, record_id] = value
