"""From the pool to the finished page: how long it takes, and how much memory.

The pool is a folder as it is in use. Each business tells its consent and gives its counts as a
run does, so the pool's audit log is as long as it would be; then `jigajob report release` runs
as a process of its own.
"""

from __future__ import annotations

import asyncio
import hashlib
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.reports.default_method import GRID
from flows.reports.periods import Period
from flows.reports.pool import Contribution, Pool
from flows.reports.synthetic import invented
from flows.rights.consent import BUSINESS, START, Consent
from tests.flows.reports.releases import pool_at

PROGRAM = (sys.executable, "-c", "from portal.cli import main; main()")


def speed(businesses: int, seed: int, say: Callable[[str], None]) -> None:
    """Fill a pool, release from it, and print what that took."""
    period = Period.of(datetime.now(UTC)).before.before
    with TemporaryDirectory() as name:
        home = Path(name) / "home"
        began = time.monotonic()
        asyncio.run(_fill(home, businesses, period, seed))
        size = sum(each.stat().st_size for each in home.rglob("*") if each.is_file())
        say(
            f"{businesses:,} businesses agreed and gave: {time.monotonic() - began:.0f} s,"
            f" {size / 1e6:.0f} MB"
        )
        _measured(home, ["release", "--period", period.label, "--out", f"{name}/out"], say)
        _measured(home, ["verify", f"{name}/out"], say)
        page = Path(name) / "out" / "index.html"
        say(f"the page has {page.stat().st_size / 1e3:.0f} KB")


def _measured(home: Path, words: list[str], say: Callable[[str], None]) -> None:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(
        [*PROGRAM, "--home", home, "report", *words], check=True, capture_output=True
    )
    took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    # The most that any child has had so far; the release is the first.
    say(f"report {words[0]}: {took:.1f} s, {cpu:.1f} s CPU, {after.ru_maxrss / 1e3:.0f} MB")


async def _fill(home: Path, businesses: int, period: Period, seed: int) -> None:
    granted = Consent(
        subject=BUSINESS,
        purpose="aggregates",
        state="granted",
        time=period.start - timedelta(days=30),
        version="1",
        text=hashlib.sha256(b"what was agreed to").hexdigest(),
        channel="cli",
        previous=START,
    )
    async with pool_at(home, period.settled + timedelta(hours=1)) as custody:
        pool = Pool(custody.records, custody.audit)
        for number, row in enumerate(invented(businesses, GRID, seed=seed)):
            tenant = await pool.tenant(f"business-{number}", number.to_bytes(32, "big"))
            counted = Contribution(
                tenant=tenant,
                owner=await pool.owner(row.owner),
                period=period.label,
                industry=row.place.industry,
                region=row.place.region,
                test=False,
                values=row.values,
                consent=granted.hash,
                made=period.settled,
            )
            await pool.give(counted, (granted,))
