"""Work on a store that a seed decides, and what the store must hold after each step of it.

`python -m tests.faults.store_work FOLDER SEED STEPS` does it, on `FOLDER/disk/home/store.db`,
and writes into `FOLDER/outside/told` which step began and which was acknowledged.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from connectors.sqlite import SqliteStore
from flows.ports import Key, Record, Write

BUSINESS: Final = "hudson"
SCOPES: Final = ("intake", "work", "keys")
KINDS: Final = ("mail", "job")
Place = tuple[str, str, str]
"""Scope, kind and id of a record."""
State = dict[Place, tuple[int, str]]
"""The step in which each record was written last, and a digest of what was sealed in it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done to the store; `by` is which of two open stores does it."""

    what: Literal["batch", "purge", "sweep", "reopen"]
    number: int
    scope: str = ""
    writes: tuple[Write, ...] = ()
    lasting: bool = True
    by: int = 0


def steps(seed: int, number: int) -> Iterator[Step]:
    """Yield the steps of a seed: batches, most of all, over few records again and again."""
    chance = random.Random(seed)
    for each in range(number):
        by, drawn = chance.randrange(2), chance.random()
        scope = chance.choice(SCOPES)
        if drawn < 0.02:
            yield Step("purge", each, scope, by=by)
        elif drawn < 0.03:
            yield Step("sweep", each, by=by)
        elif drawn < 0.06:
            yield Step("reopen", each, by=by)
        else:
            writes = tuple(_writes(chance, each))
            yield Step("batch", each, scope, writes, lasting=chance.random() < 0.4, by=by)


def _writes(chance: random.Random, step: int) -> Iterator[Write]:
    if chance.random() < 0.1:  # nothing but what is missing anyhow
        yield Write(op="delete", record=Record(kind="mail", id=f"none{step}"))
        return
    ids = chance.sample(range(40), chance.choice((1, 1, 2, 5, 12)))
    for number in ids:
        kind = chance.choice(KINDS)
        if chance.random() < 0.2:
            yield Write(op="delete", record=Record(kind=kind, id=f"r{number}"))
            continue
        size = chance.choice((0, 40, 700, 3_000, 9_000, 60_000))
        record = Record(
            kind=kind,
            id=f"r{number}",
            fields={"step": step, "state": chance.choice(("waiting", "sent"))},
            sealed=chance.randbytes(size),
        )
        yield Write(op="put", record=record)


def follows(state: State, step: Step) -> State:
    """Return what is there after *step*, where *state* was before."""
    if step.what == "purge":
        return {place: held for place, held in state.items() if place[0] != step.scope}
    after = dict(state)
    for write in step.writes:
        record = write.record
        place = (step.scope, record.kind, record.id)
        if write.op == "delete":
            after.pop(place, None)
        else:
            after[place] = (step.number, digest(record.sealed))
    return after


def digest(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()[:16]


async def work(folder: Path, seed: int, number: int) -> None:
    """Do the steps, and tell outside of each when it begins and when it is acknowledged."""
    path = folder / "disk" / "home" / "store.db"
    stores = [SqliteStore(path), SqliteStore(path)]
    told = os.open(folder / "outside" / "told", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for step in steps(seed, number):
        os.write(told, f"b {step.number}\n".encode())
        key = Key(BUSINESS, step.scope)
        store = stores[step.by]
        match step.what:
            case "batch":
                await store.batch(key, step.writes, lasting=step.lasting)
            case "purge":
                await store.purge(key)
            case "sweep":
                await store.sweep()
            case "reopen":
                await asyncio.gather(*(each.close() for each in stores))
                stores = [SqliteStore(path), SqliteStore(path)]
        os.write(told, f"d {step.number}\n".encode())
    for store in stores:
        await store.close()


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
