"""Power failures at random moments of a sweep, and what the next sweep makes of it."""

from __future__ import annotations

import asyncio
import csv
import json
import random
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from flows.errors import JigajobError
from flows.intake.arrivals import Arrivals
from flows.model import CleanMessage
from portal.wiring import App
from tests.faults.disk import Disk, scratch
from tests.faults.path_work import START, Letters, opened, sweep
from tests.faults.recording import Event, record

LATER = START + timedelta(hours=1)
"""When the machine starts again: what was being sent is in no living worker's hands then."""


@dataclass(slots=True)
class PathFound:
    """What a campaign came to; all but `images`, `again` and `unknown` must be 0.

    `lost` and `doubled` are letters, outputs, notices and rows after the next sweep, `ahead`
    letters that the cursor passed without a record of them, `sent_twice` letters about which
    went out more than one mail, `broken` homes that could not be opened, `again` sweeps with
    something left to do, `unknown` outputs that are put before a person.
    """

    ZERO: ClassVar = ("lost", "doubled", "ahead", "sent_twice", "broken")

    images: int = 0
    lost: int = 0
    doubled: int = 0
    ahead: int = 0
    sent_twice: int = 0
    broken: int = 0
    again: int = 0
    unknown: int = 0
    where: list[str] = field(default_factory=list)


def campaign(
    work: Path, shim: Path, seed: int, letters: int, images: int, *, honest: bool = True
) -> PathFound:
    """Record one sweep; let the power fail at *images* moments of it, and sweep once more."""
    under = work / f"path{seed}"
    events = record("tests.faults.path_work", [str(letters)], under, shim)
    disk, chance, found = Disk(under / "disk", honest=honest), random.Random(seed), PathFound()
    at, image = 0, scratch(work)
    for moment in sorted(chance.randrange(len(events) + 1) for _ in range(images)):
        for event in events[at:moment]:
            disk.happens(event)
        at = moment
        disk.loses_power(image / "disk", chance)
        sent = image / "sent"
        sent.write_bytes(_outside(events[:moment]))
        asyncio.run(judge(image, letters, found, f"seed {seed}, moment {moment}"))
        shutil.rmtree(image)
        image.mkdir()
    shutil.rmtree(image)
    shutil.rmtree(under)
    return found


def _outside(events: Iterable[Event]) -> bytes:
    return b"".join(
        e.data for e in events if e.what == "w" and e.path.endswith("/outside/sent")
    )


async def judge(image: Path, letters: int, found: PathFound, where: str) -> None:
    """Sweep the home `image/disk/home` to its end, and add to *found* what is wrong with it.

    `image/sent` is what went out so far.
    """
    found.images += 1
    home, sent = image / "disk" / "home", image / "sent"
    before = sent.read_bytes()
    try:
        async with opened(home, sent, letters, LATER) as app:
            found.ahead += await _ahead(app)
            await sweep(app)
            there = await _counted(app)
    except JigajobError as error:
        found.broken += 1
        found.where.append(f"{where}: {error}")
        return
    unknown = there.pop("unknown")
    there["sent"] = [*sent.read_text().splitlines(), *unknown]
    there["notices"] = _notices(home)
    there["rows"] = _rows(home)
    wanted = {f"{number:03}" for number in range(letters)}
    for name, counted in there.items():
        count = Counter(counted)
        lost = len(wanted - count.keys())
        doubled = 0 if name == "sent" else count.total() - len(count)
        found.lost, found.doubled = found.lost + lost, found.doubled + doubled
        if lost or doubled:
            found.where.append(f"{where}: {name}: {lost} lost, {doubled} doubled")
    mails = Counter(sent.read_text().splitlines())
    found.sent_twice += sum(number > 1 for number in mails.values())
    found.unknown += len(unknown)
    found.again += sent.read_bytes() != before


async def _ahead(app: App) -> int:
    """Return how many letters the cursor has passed of which nothing is recorded."""
    record_ = await app.records.get("cursor", "office")
    if record_ is None:
        return 0
    cursor = (await app.records.open(record_, dict[str, str]))["cursor"]
    arrivals = Arrivals(app.records, "office")
    return sum(
        [
            await arrivals.find(ref.native_id) is None
            async for ref in Letters(int(cursor)).census()
        ]
    )


async def _counted(app: App) -> dict[str, list[str]]:
    """Return the letter behind each message, job and output; `unknown`: of those outputs."""
    jobs = [_letter(job.title) for job in await app.register.jobs()]
    there: dict[str, list[str]] = {"messages": [], "jobs": jobs, "unknown": []}
    async for stored in app.records.each("message"):
        there["messages"].append(
            _letter((await app.records.open(stored, CleanMessage)).subject)
        )
    async for posted in app.outbox.list():
        output = posted.output
        text = json.dumps(dict(output.body))
        there.setdefault(output.uses, []).append(_letter(text))
        if output.state == "unknown":
            there["unknown"].append(_letter(text))
    return there


def _letter(text: str) -> str:
    return text.partition("letter-")[2][:3]


def _notices(home: Path) -> list[str]:
    told = []
    for line in (home / "notices.log").read_bytes().splitlines():
        try:
            told.append(_letter(json.loads(line)["text"]))
        except ValueError:
            continue  # torn by the failure; its notice has to be there whole once more
    return told


def _rows(home: Path) -> list[str]:
    listed = []
    with (home / "rows" / "seen.csv").open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            number = _letter(row["subject"])
            if (
                f"in flat {int(number or -1)}. Please" in (row["text"] or "")
                and row["output_id"]
            ):
                listed.append(number)
    return listed
