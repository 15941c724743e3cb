"""Workers on one outbox, whatever happens: nothing is sent twice, and all comes to an end.

Outlets fail at random in every way that they may. What an outlet that sends was given is
counted where no worker can reach it; the clocks of workers are moved on together.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from flows.errors import (
    AdministratorError,
    DeliveryUnknown,
    OperatorError,
    SignInNeeded,
    StaleRecord,
    Throttled,
    TransientError,
)
from flows.model import Output
from flows.outbox import Outbox, Posted
from flows.outbox.retries import CEILING, FOR, TRIES
from tests.depth import times
from tests.flows.business import TestClock
from tests.flows.outputs import Crash, made, put, records_in

ROOT = Path(__file__).resolve().parents[2]
ENDS = {"sent", "failed", "unknown"}
OUTPUTS = 30
TROUBLES: tuple[Exception, ...] = (
    TransientError("away"),
    TransientError("away"),
    Throttled("busy", retry_after=120),
    StaleRecord("changed"),
    AdministratorError("disk full"),
    SignInNeeded("expired", "sign in"),
    OperatorError("no such table"),
)
LOST: tuple[BaseException, ...] = (
    DeliveryUnknown("lost the answer"),
    ValueError("boom"),
    Crash(),
)
"""What may happen when the mail is out already."""


class Line:
    """An outlet that sends, and fails before or after that as *chance* has it.

    It keeps whom it was given for how often; it can tell what is out, now and then.
    """

    uses = frozenset({"mail.send"})

    def __init__(self, chance: random.Random, sent: Counter[str]) -> None:
        self._chance, self._sent = chance, sent

    async def deliver(self, output: Output) -> str:
        await asyncio.sleep(self._chance.uniform(0, 0.002))
        if self._chance.random() < 0.5:
            raise self._chance.choice(TROUBLES)
        self._sent[output.id] += 1
        await asyncio.sleep(0)
        if self._chance.random() < 0.3:
            raise self._chance.choice(LOST)
        return "out"

    async def resume(self, output: Output) -> str:
        await asyncio.sleep(0)
        if self._chance.random() < 0.3:
            raise self._chance.choice((TransientError("away"), SignInNeeded("expired", "x")))
        if self._sent[output.id] and self._chance.random() < 0.7:
            return "found"
        raise DeliveryUnknown("stopped while it sent")


class Table:
    """An outlet that takes the same output twice as once, and fails as *chance* has it."""

    uses = frozenset({"row.append"})

    def __init__(self, chance: random.Random, rows: dict[str, int]) -> None:
        self._chance, self._rows = chance, rows

    async def deliver(self, output: Output) -> str:
        await asyncio.sleep(self._chance.uniform(0, 0.002))
        if self._chance.random() < 0.4:
            raise self._chance.choice(TROUBLES)
        self._rows.setdefault(output.id, len(self._rows))
        if self._chance.random() < 0.05:
            raise Crash
        return "in the table"


async def _rounds(
    folder: Path, workers: int, chance: random.Random, sent: Counter[str], rows: dict[str, int]
) -> list[Posted]:
    """Let workers go on until all has ended, each time after some hours."""
    clock = TestClock()
    async with records_in(folder) as records:
        outputs = [
            made(number, state="approved", uses=("mail.send", "row.append")[number % 2])
            for number in range(OUTPUTS)
        ]
        await put(records, *outputs)
        boxes = [
            Outbox(records, [Line(chance, sent), Table(chance, rows)], clock)
            for _ in range(workers)
        ]
        for _ in range(400):
            runs = (_outlived(box) for box in boxes)
            await asyncio.gather(*runs)
            found = [each async for each in boxes[0].list()]
            if all(each.output.state in ENDS for each in found):
                return found
            waits = [each.next_at for each in found if each.next_at]
            clock.time = max(clock.time, min(waits))
    raise AssertionError("it came to no end")


async def _outlived(box: Outbox) -> None:
    try:
        await box.deliver()
    except Crash:  # the worker is gone, and another comes at its next round
        return


@pytest.mark.parametrize("workers", [1, 2, 8])
@pytest.mark.parametrize("seed", range(times(2)))
async def test_whatever_fails_nothing_is_sent_twice_and_all_ends(
    tmp_path: Path, seed: int, workers: int
) -> None:
    """By any number of workers: what is out is out once, and what is called sent is out."""
    random.seed(seed)
    chance, sent, rows = random.Random(f"{seed}/{workers}"), Counter[str](), dict[str, int]()
    found = await _rounds(tmp_path, workers, chance, sent, rows)

    assert max(sent.values()) == 1
    assert len({each.output.state for each in found}) > 1
    for each in found:
        mailed = each.output.uses == "mail.send"
        out = sent[each.output.id] if mailed else each.output.id in rows
        if each.output.state == "sent":
            assert out
        if each.output.state == "failed" and mailed:
            assert not out
        assert each.note
        assert (each.next_at, each.worker) == (None, "")


async def test_an_output_that_never_gets_through_is_given_up_in_time(tmp_path: Path) -> None:
    """By eight workers as by one: between the least and the most that is stated."""
    clock = TestClock()

    class Away:
        uses = frozenset({"notify"})

        async def deliver(self, output: Output) -> str:
            raise TransientError("away")

    async with records_in(tmp_path) as records:
        await put(records, made(state="approved"))
        begun = clock.now()
        boxes = [Outbox(records, [Away()], clock) for _ in range(8)]
        while (next_at := (await boxes[0].show(made().id)).next_at) is not None:
            clock.time = max(clock.time, next_at)
            await asyncio.gather(*(box.deliver() for box in boxes))
        posted = await boxes[0].show(made().id)
    assert posted.output.state == "failed"
    assert posted.attempts >= TRIES
    assert FOR <= clock.now() - begun <= FOR + CEILING


@pytest.mark.slow
@pytest.mark.parametrize("workers", [2, 8])
def test_processes_on_one_outbox_send_nothing_twice(tmp_path: Path, workers: int) -> None:
    """Killed, too: what one has on a lease no other sends, and all comes to an end."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.outbox_rig", str(tmp_path), "7", str(workers)],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["most"] == 1
    assert set(found["states"]) <= ENDS
    assert found["not_out"] == 0
    assert found["states"]["sent"] > 0
    assert found["kills"] >= 2
