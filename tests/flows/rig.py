"""Runs sweeps over a copy of a home in child processes, kills them, and reads what is left.

Run as a program of its own (`python -m tests.flows.rig`), since it forks: the model is loaded
once, and each child starts in an instant.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from anonymizer.text.cleaner import Cleaner
from anonymizer.text.request import Part, Request
from flows.model import CleanMessage, CleanTransaction, Output
from flows.records import json_of
from portal.settings import Settings
from portal.wiring import open_app

NOUNS = {"message": CleanMessage, "transaction": CleanTransaction, "output": Output}
NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
TRIES = {"attempts", "since"}
"""How often an output was tried is what a kill, or another worker, may change."""
A_HOME = 25
"""Kills of one home; then it may come to its end."""


class StoppedClock:
    """A clock that stands still, so that two runs can be compared to the byte."""

    def now(self) -> datetime:
        return NOW


async def sweep(settings: Settings, cleaner: Cleaner) -> None:
    """Run one sweep without Prefect: what is under test is the store's doing."""
    async with open_app(settings, StoppedClock()) as app:
        await app.sweep(cleaner).run(lambda _, piece: piece, lambda *_: None)


async def what_is_there(settings: Settings) -> dict[str, object]:
    """Return everything that a home holds, in a form that can be compared."""
    found: dict[str, object] = {}
    async with open_app(settings, StoppedClock()) as app:
        for kind, noun in NOUNS.items():
            async for record in app.records.each(kind):
                opened = json_of(await app.records.open(record, noun))
                fields = {
                    name: str(value).replace(str(settings.home), "HOME")
                    for name, value in record.fields.items()
                    if name not in TRIES
                }
                found[f"{kind} {record.id}"] = [fields, opened]
        async for record in app.records.each("arrival"):
            found[f"arrival {record.id}"] = dict(record.fields)
        for ledger in [ledger async for ledger in app.ledgers()]:
            found[f"ledger {ledger.source}"] = ledger.as_json()
        for invoice in await app.register.open_invoices():
            found[f"invoice {invoice.id}"] = json_of(invoice)
    for path in sorted(settings.home.rglob("*")):
        if path.is_file() and path.parent != settings.home and "keys" not in path.parts:
            lines = sorted(path.read_bytes().splitlines())
            found[str(path.relative_to(settings.home))] = hashlib.sha256(
                b"\n".join(lines)
            ).hexdigest()
    notices = settings.home / "notices.log"
    if notices.exists():
        found["notices"] = sorted(notices.read_text().splitlines())
    return found


def killed_sweep(settings: Settings, cleaner: Cleaner, after: float) -> bool:
    """Run a sweep in a child and kill it *after* seconds; return whether it still ran."""
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(sweep(settings, cleaner))
        except BaseException:  # noqa: BLE001 - a child must never return into the parent's code
            os._exit(1)
        os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def warm_cleaner() -> Cleaner:
    """Return a cleaner that has done its first work, for children to inherit."""
    cleaner = Cleaner()
    cleaner.clean([Request(parts=(Part(name="text", text="Warm up, Mr Oakfield."),))])
    return cleaner


def template(home: Path, flows: Path) -> Settings:
    """Make a home with a data key, so that ids are the same in every copy of it."""
    settings = Settings(home=home, flows=flows)
    child = os.fork()
    if child == 0:
        asyncio.run(_make_key(settings))
        os._exit(0)
    os.waitpid(child, 0)
    return settings


def main(work: Path, flows: Path, seed: int, kills: int) -> None:
    """Print one JSON object: what came of as many kills that hit.

    `lost` is there in the undisturbed home alone, `doubled` in a killed one alone, and
    `partial` is of another content.
    """
    cleaner = warm_cleaner()
    first = template(work / "template", flows)

    # Twice: killed runs inherit what was compiled and read in the first, as does the second,
    # so that its time is the one in which moments to kill them are to be sought.
    seconds = 0.0
    for name in ("first", "undisturbed"):
        undisturbed = Settings(home=work / name, flows=flows)
        shutil.copytree(first.home, undisturbed.home)
        started = time.monotonic()
        asyncio.run(sweep(undisturbed, cleaner))
        seconds = time.monotonic() - started
    expected = asyncio.run(what_is_there(undisturbed))

    moments = random.Random(seed)
    hits, lost, doubled, partial = 0, list[str](), list[str](), list[str]()
    for number in count():
        if hits >= kills:
            break
        settings = Settings(home=work / f"killed{number}", flows=flows)
        shutil.copytree(first.home, settings.home)
        for _ in range(A_HOME):
            hits += killed_sweep(
                settings, cleaner, moments.uniform(0.02, 2.5 * seconds / A_HOME)
            )
            if hits >= kills:
                break
        asyncio.run(sweep(settings, cleaner))
        found = asyncio.run(what_is_there(settings))
        lost += sorted(expected.keys() - found.keys())
        doubled += sorted(found.keys() - expected.keys())
        both = expected.keys() & found.keys()
        partial += sorted(key for key in both if expected[key] != found[key])
        shutil.rmtree(settings.home)
    result = {"hits": hits, "seconds": seconds, "records": len(expected)}
    counts = {"lost": lost, "doubled": doubled, "partial": partial}
    sys.stdout.write(json.dumps({**result, **counts}))


async def _make_key(settings: Settings) -> None:
    async with open_app(settings, StoppedClock()) as app:
        await app.records.record_id("arrival", "any")


if __name__ == "__main__":
    work_, flows_, seed_, kills_ = sys.argv[1:]
    main(Path(work_), Path(flows_), int(seed_), int(kills_))
