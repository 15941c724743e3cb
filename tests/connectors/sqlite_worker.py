"""A process of its own at work on a store: `python -m tests.connectors.sqlite_worker`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from connectors.sqlite import SqliteStore
from flows.errors import StaleRecord
from flows.ports import Key, Record, Write

KEY = Key("hudson", "work")
SIZE = 7


async def write_batches(path: Path, run: str) -> None:
    """Write batches of SIZE records until killed; print the number of each one stored."""
    store = SqliteStore(path)
    for number in range(1_000_000):
        fields = {"run": run, "batch": number}
        await store.batch(
            KEY,
            [
                Write(
                    op="create",
                    record=Record(
                        kind="mail",
                        id=f"{run}-{number}-{n}",
                        fields=fields,
                        sealed=bytes(2_000),
                    ),
                )
                for n in range(SIZE)
            ],
        )
        print(number, flush=True)  # noqa: T201 the acknowledgement


async def add(path: Path, times: int) -> None:
    """Add one to the counter, by compare and set."""
    store = SqliteStore(path, patience=60)
    for _ in range(times):
        while True:
            record = await store.get(KEY, "counter", "c")
            n = int(record.fields["n"] or 0) if record else 0
            new = Record(kind="counter", id="c", fields={"n": n + 1})
            try:
                await store.put(KEY, new, etag=record.etag if record else "")
                break
            except StaleRecord:
                continue
    await store.close()


if __name__ == "__main__":
    work, path, argument = sys.argv[1:]
    if work == "batches":
        asyncio.run(write_batches(Path(path), argument))
    else:
        asyncio.run(add(Path(path), int(argument)))
