"""What sealing costs: `python -m tests.bench.sealing [--mails 2000] [--seed 1]`.

Two measurements, each in one run on one machine:

- Messages into SQLite, of 4 kB with six readable fields, 100 a batch: sealed by the keyring,
  the same unsealed, and as rows of bare sqlite3 with the same settings. The rounds are
  interleaved; what counts are the ratios.
- The share of sealing in the whole path: mail that waits on a real IMAP server is taken in as
  in `tests.bench.backlog`, with cleaning off, so that the share is the largest that it can be.
  The CPU seconds spent inside `Keyring.seal`, `open` and `blind` are counted against those of
  the process. The counting itself is in both.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from connectors.key_file import KeyFileVault
from connectors.sqlite import SqliteStore
from flows.intake.mail_process import MAILS
from flows.ports import Key, Record, Write
from flows.sealing import Keyring
from portal.settings import Settings
from tests.bench.backlog import WORDS, imported, sweep, waiting
from tests.servers.fixtures import PASSWORD

KEY = Key("hudson", "intake")
AT_ONCE, ROUNDS = 100, 9
WAYS = ("sealed", "unsealed", "plain sqlite3")


def messages(number: int, seed: int) -> list[tuple[Record, bytes]]:
    """Return records without a body, and their bodies, as mail is stored."""
    chance, known = random.Random(seed), WORDS.split()
    return [
        (
            Record(
                kind="message",
                id=f"{chance.getrandbits(256):064x}"[:52],
                fields={
                    "source": "office",
                    "thread": f"t{chance.randrange(1000)}",
                    "kind": "business",
                    "received": f"2026-01-{chance.randrange(1, 29):02}T10:00:00+00:00",
                    "flows": "log",
                    "v": 1,
                },
            ),
            " ".join(chance.choices(known, k=720)).encode(),
        )
        for _ in range(number)
    ]


class Bench:
    """One round after the other of the three ways, each into a file of its own."""

    def __init__(self, folder: Path) -> None:
        self.stores = {way: SqliteStore(folder / f"{way}.db") for way in WAYS[:2]}
        self.keyring = Keyring(self.stores["sealed"], KeyFileVault(folder / "keys"))
        self.plain = sqlite3.connect(folder / "plain.db", isolation_level=None)
        for setting in ("journal_mode=WAL", "synchronous=FULL"):
            self.plain.execute(f"PRAGMA {setting}").close()
        self.plain.execute(
            "CREATE TABLE message (id TEXT PRIMARY KEY, source, thread, kind, received, flows,"
            " v, body BLOB)"
        )

    async def sealed(self, batch: Sequence[tuple[Record, bytes]]) -> None:
        seal = self.keyring.seal
        records = [
            replace(r, sealed=await seal(KEY.business, r.kind, r.id, body)) for r, body in batch
        ]
        await self._store("sealed", records)

    async def unsealed(self, batch: Sequence[tuple[Record, bytes]]) -> None:
        await self._store("unsealed", [replace(r, sealed=body) for r, body in batch])

    async def bare(self, batch: Sequence[tuple[Record, bytes]]) -> None:
        self.plain.execute("BEGIN IMMEDIATE")
        self.plain.executemany(
            "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(r.id, *r.fields.values(), body) for r, body in batch],
        )
        self.plain.execute("COMMIT")

    async def _store(self, way: str, records: Sequence[Record]) -> None:
        await self.stores[way].batch(KEY, [Write(op="create", record=r) for r in records])


async def into_sqlite(number: int, seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name))
        ways: dict[str, Callable[[Any], Awaitable[None]]] = {
            "sealed": bench.sealed,
            "unsealed": bench.unsealed,
            "plain sqlite3": bench.bare,
        }
        rates: dict[str, list[float]] = {way: [] for way in ways}
        cpu: dict[str, float] = dict.fromkeys(ways, 0.0)
        for turn in range(ROUNDS):
            batch = messages(number // ROUNDS // AT_ONCE * AT_ONCE, seed + turn)
            for way, work in ways.items():
                began, used = time.perf_counter(), time.process_time()
                for start in range(0, len(batch), AT_ONCE):
                    await work(batch[start : start + AT_ONCE])
                rates[way].append(len(batch) / (time.perf_counter() - began))
                cpu[way] += (time.process_time() - used) / len(batch) / ROUNDS
        for way, found in rates.items():
            ratios = [a / b for a, b in zip(found, rates["plain sqlite3"], strict=True)]
            say(
                f"{way:14} {statistics.median(found):9,.0f} messages/s"
                f"   {statistics.median(ratios):5.2f} of plain sqlite3"
                f"   CPU {cpu[way] * 1e3:6.3f} ms a message"
            )
        ratios = [a / b for a, b in zip(rates["sealed"], rates["unsealed"], strict=True)]
        say(f"sealed against unsealed: {statistics.median(ratios):.2f}")
        for store in bench.stores.values():
            await store.close()
        bench.plain.close()


class Counted:
    """Adds up the CPU seconds spent in the methods of the keyring, and their calls."""

    def __init__(self) -> None:
        self.seconds, self.calls = 0.0, 0
        for name in ("seal", "open", "blind"):
            setattr(Keyring, name, self._counting(getattr(Keyring, name)))

    def _counting(self, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def counting(*arguments: Any) -> Any:
            began = time.thread_time()
            try:
                return await method(*arguments)
            finally:
                self.seconds += time.thread_time() - began
                self.calls += 1

        return counting


def whole_path(number: int, seed: int) -> None:
    os.environ["OFFICE_PASSWORD"] = PASSWORD
    with tempfile.TemporaryDirectory() as name, waiting(Path(name), number, seed) as flows:
        asyncio.run(imported(Settings(home=Path(name) / "imports", flows=flows)))
        counted = Counted()
        began, used = time.perf_counter(), sum(os.times()[:4])
        asyncio.run(sweep(Settings(home=Path(name) / "home", flows=flows)))
        seconds = time.perf_counter() - began
        MAILS.close()  # what parses is a process of its own: its time is ours, once waited for
        cpu = sum(os.times()[:4]) - used
    share = counted.seconds / cpu
    say(
        f"whole path, cleaning off: {number:,} mails in {seconds:.1f} s,"
        f" {cpu / number * 1e3:.2f} ms CPU a mail; {counted.calls / number:.1f} calls of the"
        f" keyring a mail take {counted.seconds / number * 1e3:.3f} ms: {share:.1%}"
        f" of the CPU, {counted.seconds / seconds:.1%} of the time"
    )


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--mails", type=int, default=2000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    asyncio.run(into_sqlite(9 * AT_ONCE * max(1, given.mails // 300), given.seed))
    whole_path(given.mails, given.seed)


if __name__ == "__main__":
    main()
