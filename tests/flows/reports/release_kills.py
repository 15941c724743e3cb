"""A release that is killed (SIGKILL) before or after each of its writes, then asked again.

`python -m tests.flows.reports.release_kills HOME WORK` takes a home with a pool of which
nothing was released, and prints a JSON object for each place of a kill. A program of its own,
since it forks.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from connectors.sqlite import SqliteStore
from flows.ports import Key, Record, Write
from flows.reports.budget_ledger import ACTION, FILE, Ledger
from flows.reports.verifying import verify_release
from tests.flows.reports.pooled import AFTER
from tests.flows.reports.releases import asked, page, pool_at, released

WHEN: Final = ("before", "after")


def _killed_at(home: Path, number: int, when: str) -> bool:
    """Release in a child that dies at its write of this number; False where it had fewer."""
    child = os.fork()
    if child == 0:
        try:
            _dies_at(number, when)
            asyncio.run(released(home, AFTER, asked(page=lambda all_: page(all_) + "first")))
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _dies_at(number: int, when: str) -> None:
    written, real = 0, SqliteStore.batch

    async def batch(
        store: SqliteStore, key: Key, writes: Sequence[Write], *, lasting: bool = True
    ) -> tuple[Record, ...]:
        nonlocal written
        written += 1
        if (written, when) == (number, "before"):
            os.kill(os.getpid(), signal.SIGKILL)
        found = await real(store, key, writes, lasting=lasting)
        if (written, when) == (number, "after"):
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    SqliteStore.batch = batch  # type: ignore[method-assign] - this process ends with it


async def _found(home: Path) -> dict[str, Any]:
    """What is kept after the kill, and what comes of asking again, twice."""
    async with pool_at(home, AFTER) as pool:
        ledger = Ledger(pool.records, pool.audit)
        kept = await ledger.all()
        files = [record async for record in pool.records.in_scope("releases").each(FILE)]
        before = [dict(await ledger.files(each)) for each in kept]
    again = [await released(home, AFTER, asked()) for _ in range(2)]
    async with pool_at(home, AFTER) as pool:
        rows = await Ledger(pool.records, pool.audit).all()
        actions = [each.entry.action async for each in pool.audit.log.entries()]
    first = before[0] if before else dict(again[0].files)
    return {
        "kept": len(kept),
        "files": len(files),
        "same": all(dict(each.files) == first for each in again),
        "whole": not verify_release(again[0].files).findings,
        "rows": len(rows),
        "named": actions.count(ACTION),
    }


def main(home: Path, work: Path) -> None:
    """Kill at one write after the other, until there is none left to be killed at."""
    for number in range(1, 100):
        for when in WHEN:
            copy = Path(shutil.copytree(home, work / f"{number}-{when}"))
            if not _killed_at(copy, number, when):
                return
            found = asyncio.run(_found(copy))
            print(json.dumps({"write": number, "when": when, **found}))  # noqa: T201
    raise AssertionError("a release has fewer writes than this")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
