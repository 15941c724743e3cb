"""Several workers on one mailbox: what is there afterwards is what one would have left."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.intake.arrivals import Arrivals, Pointer
from flows.model import ArrivalState
from flows.ports import MailRef
from tests.flows.business import Business, mail

ROOT = Path(__file__).resolve().parents[2]
SEED = 20261129
WORKERS = (2, 8, 2)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_and_eight_workers_leave_what_one_leaves(tmp_path: Path) -> None:
    """Processes that sweep one home at once: records, outputs, files and ledger are equal."""
    command = [sys.executable, "-m", "tests.flows.workers_rig", str(tmp_path), str(SEED)]
    done = subprocess.run(
        [*command, *map(str, WORKERS)],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    rounds = [{"workers": number, "well": number, "differs": []} for number in WORKERS]
    assert found["rounds"] == rounds, done.stderr[-2000:]
    assert found["records"] > 100


async def test_no_worker_calls_a_mail_a_duplicate_that_another_has_just_stored(
    business: Business,
) -> None:
    """It has seen that the mail is new, and reads it only when the other is done."""
    business.gets(mail())
    begun, go_on = asyncio.Event(), asyncio.Event()
    async with business.open() as late:
        sweep = late.sweep(business.cleaner)
        mailbox = sweep.mail["office"].mailbox
        fetch = mailbox.fetch

        async def slowly(ref: MailRef) -> bytes:
            begun.set()
            await go_on.wait()
            return await fetch(ref)

        mailbox.fetch = slowly  # type: ignore[method-assign]
        page = asyncio.create_task(sweep.mail_page("office"))
        await begun.wait()
        await business.sweeps()
        go_on.set()
        assert (await page).counts.new == 0
    ledger = await business.ledger()
    assert (ledger["stored"], ledger["skipped"], ledger["unaccounted"]) == (1, {}, 0)


@pytest.mark.parametrize(
    ("before", "reason", "written"),
    [
        (None, "", True),
        ("stored", "", False),
        ("skipped", "personal", False),
        ("quarantined", "unreadable", True),
        ("quarantined", "malformed", False),
    ],
)
async def test_an_end_for_good_is_written_over_by_none(
    business: Business, before: ArrivalState | None, reason: str, *, written: bool
) -> None:
    """Whoever comes late adds nothing; what may mend can still come to an end."""
    pointer, day = Pointer(native_id="1.eml", folder="."), datetime(2026, 11, 1, tzinfo=UTC)
    async with business.open() as app:
        arrivals = Arrivals(app.records, "office")
        if before is not None:
            was = await arrivals.record(pointer, before, reason, day=day)
            await app.records.store.put(app.records.key, was)
        late = await arrivals.record(pointer, "skipped", "duplicate", day=day)
        assert await arrivals.settle(late) is written
        found = await arrivals.find("1.eml")
    assert found is not None
    assert (found.fields["reason"] == "duplicate") is written
