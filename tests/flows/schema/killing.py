"""Kills migrations of one store at random moments: `python -m tests.flows.schema.killing`.

A program of its own, since it forks. Prints one JSON object: how many kills hit a migration
at work, and whether the end is that of an undisturbed one, there and back.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from flows.ports import Key, Write
from flows.records import INTAKE
from flows.schema import Migrator
from portal.settings import Settings
from tests.flows.schema.earlier import BUSINESS, every, held, opened, restored


async def _fill(settings: Settings, number: int) -> None:
    """Put many more outputs of that release into its store."""
    store = opened(settings)
    record = next(each for each in (await every(store)).values() if each.kind == "output")
    for start in range(0, number, 100):
        copies = [replace(record, id=f"o{at:024x}") for at in range(start + 999, start + 1_099)]
        writes = [Write(op="put", record=each) for each in copies]
        await store.batch(Key(BUSINESS, INTAKE), writes, lasting=False)
    await store.close()


async def _migrate(settings: Settings, *, back: bool) -> None:
    store = opened(settings)
    await Migrator(store, BUSINESS).run(lambda _: None, back=back)
    await store.close()


def _killed(settings: Settings, after: float, *, back: bool) -> bool:
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(_migrate(settings, back=back))
        except BaseException:  # noqa: BLE001 - a child must never return into the parent's code
            os._exit(1)
        os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def main(work: Path, seed: int, kills: int) -> None:
    first = restored(work / "first")
    asyncio.run(_fill(first, 2_000))
    undisturbed = _copy(first, work / "undisturbed")
    started = time.monotonic()
    asyncio.run(_migrate(undisturbed, back=False))
    seconds = time.monotonic() - started
    there, before = asyncio.run(held(undisturbed)), asyncio.run(held(first))

    moments, hits, same = random.Random(seed), 0, []
    settings = _copy(first, work / "killed")
    for back in (False, True):
        for _ in range(kills // 2):
            hits += _killed(settings, moments.uniform(0, seconds / 4), back=back)
        asyncio.run(_migrate(settings, back=back))
        expected, found = (before if back else there), asyncio.run(held(settings))
        for each in (expected, found):
            each.pop(("schema", "schema", "schema"), None)
        same.append(found == expected)
    told = {"hits": hits, "seconds": seconds, "records": len(before), "same": same}
    sys.stdout.write(json.dumps(told))


def _copy(first: Settings, folder: Path) -> Settings:
    shutil.copytree(first.home.parent, folder)
    return Settings(home=folder / "home", flows=folder / "flows.yaml")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
