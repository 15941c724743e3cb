"""How fast the SQLite store is: `python -m tests.bench.store [records]`.

Prints a table: single calls at first, then pages and counts over many records.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from connectors.key_file import KeyFileVault
from connectors.sqlite import SqliteStore
from flows.ports import Key, Record, Where, Write
from flows.sealing import Keyring

KEY = Key("hudson", "work")
BODY = 3_000
CHANCE = random.Random(1)


def mail(number: int) -> Record:
    """Make a record as a cleaned mail is stored."""
    return Record(
        kind="mail",
        id=f"{CHANCE.getrandbits(256):064x}"[:52],
        fields={
            "state": CHANCE.choice(["stored"] * 9 + ["waiting"]),
            "source": CHANCE.choice(["office", "billing"]),
            "thread": f"t{number % 10_000}",
            "received_at": f"2026-{CHANCE.randrange(1, 13):02}-{CHANCE.randrange(1, 29):02}",
            "flow": CHANCE.choice(["repair", "quote", "invoice"]),
            "attempts": CHANCE.randrange(3),
        },
        sealed=CHANCE.randbytes(BODY),
    )


async def timed(
    name: str, work: Callable[[], Awaitable[object]], times: int, of: int = 1
) -> None:
    """Print the rate and the median and 99th percentile of one call, and its CPU time."""
    took = []
    cpu, began = time.process_time(), time.perf_counter()
    for _ in range(times):
        start = time.perf_counter()
        await work()
        took.append(time.perf_counter() - start)
    rate = times * of / (time.perf_counter() - began)
    cpu = (time.process_time() - cpu) / times
    p99 = sorted(took)[int(times * 0.99)]
    print(  # noqa: T201 the bench's output
        f"{name:58} {rate:10,.0f}/s   p50 {statistics.median(took) * 1e3:8.2f} ms"
        f"   p99 {p99 * 1e3:8.2f} ms   CPU {cpu * 1e3:7.2f} ms"
    )


async def single_calls(store: SqliteStore, keyring: Keyring) -> None:
    """Measure the calls that a run makes for each mail."""
    ids: list[str] = []

    async def put() -> None:
        ids.append((await store.put(KEY, mail(len(ids)))).id)

    async def batch(size: int) -> None:
        await store.batch(KEY, [Write(op="create", record=mail(n)) for n in range(size)])

    async def get() -> None:
        assert await store.get(KEY, "mail", CHANCE.choice(ids))

    sealed = await keyring.seal("hudson", "mail", "m", b"The boiler is cold again. " * 120)
    await timed("put, 3 KB", put, 500)
    await timed("batch of 5 (a mail, its outputs, the ledger)", lambda: batch(5), 300)
    await timed("batch of 100, per record", lambda: batch(100), 10, of=100)
    await timed("get", get, 5_000)
    body = b"The boiler is cold again. " * 120
    await timed("seal, 3 KB", lambda: keyring.seal("hudson", "mail", "m", body), 2_000)
    await timed("open, 3 KB", lambda: keyring.open("hudson", "mail", "m", sealed), 2_000)
    await timed("blind", lambda: keyring.blind("hudson", "message", "a@b.example"), 2_000)


async def many_records(store: SqliteStore, records: int) -> None:
    """Measure pages and counts where a business has very many records."""
    for start in range(await store.count(KEY, "mail"), records, 100):
        await store.batch(
            KEY, [Write(op="create", record=mail(n)) for n in range(start, start + 100)]
        )
    stored, waiting = Where("state", "=", "stored"), Where("state", "=", "waiting")
    office, thread = Where("source", "=", "office"), Where("thread", "=", "t77")
    late = Where("received_at", "<", "2026-06-01")
    asked: dict[str, tuple[list[Where], str]] = {
        "page of 20 by id": ([], "id"),
        "page of 20, state = stored (90 %), by id": ([stored], "id"),
        "page of 20, state = waiting (10 %), by received_at": ([waiting], "received_at"),
        "page of 20, thread = t77 (10 records), by received_at": ([thread], "received_at"),
        "page of 20, two equal (45 %), by received_at": ([stored, office], "received_at"),
        "page of 20, state = waiting and a range, by flow": ([waiting, late], "flow"),
    }
    for name, (where, order) in asked.items():

        async def page(where: list[Where] = where, order: str = order) -> None:
            await store.query(KEY, "mail", where=where, order=order, descending=True, limit=20)

        await timed(name, page, 20)
    for name, where in {
        "count all": [],
        "count state = stored (90 %)": [stored],
        "count two equal (45 %)": [stored, office],
        "count one equal and a range (4 %)": [waiting, late],
        "count a thread": [thread],
    }.items():

        async def count(where: list[Where] = where) -> None:
            await store.count(KEY, "mail", where=where)

        await timed(name, count, 5)
    await timed("put, 3 KB, among them", lambda: store.put(KEY, mail(1)), 300)
    await timed("all in pages of 500, per record", lambda: everything(store), 1, of=records)


async def everything(store: SqliteStore) -> None:
    """Follow a query by a field that is not the id from end to end."""
    cursor = ""
    while True:
        page = await store.query(KEY, "mail", order="received_at", limit=500, cursor=cursor)
        cursor = page.cursor
        if not cursor:
            return


async def main(records: int) -> None:
    """Measure a store in a temporary folder."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "store.db"
        store = SqliteStore(path)
        await single_calls(store, Keyring(store, KeyFileVault(Path(name) / "keys")))
        print(f"among {records:,} records")  # noqa: T201 the bench's output
        await many_records(store, records)
        await timed("purge of a small scope, with the file written anew",
                    lambda: store.purge(Key("hudson", "keys")), 1)  # fmt: skip
        print(f"the file has {path.stat().st_size / 1e6:,.0f} MB")  # noqa: T201 as above
        await timed("purge of all, per record", lambda: store.purge(KEY), 1, of=records)
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
