"""Processes on one outbox, some of them killed: `python -m tests.flows.outbox_rig`.

A program of its own, since it forks. What is sent is written down in a file of its own, one
line each. Prints one JSON object: how often the most was sent, how the outputs ended, how many
are called sent that are not out, and how many workers were killed at work.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from flows.errors import DeliveryUnknown, TransientError
from flows.model import Output
from flows.outbox import Outbox, Posted
from tests.flows.business import START, TestClock
from tests.flows.outputs import made, put, records_in

OUTPUTS = 100


class Post:
    """Sends into a file: what is in it is out. It fails now and then before."""

    uses = frozenset({"mail.send"})

    def __init__(self, place: Path, chance: random.Random) -> None:
        self._place, self._chance = place, chance

    async def deliver(self, output: Output) -> str:
        await asyncio.sleep(self._chance.uniform(0, 0.01))
        if self._chance.random() < 0.2:
            raise TransientError("away")
        with self._place.open("a") as lines:
            lines.write(f"{output.id}\n")
        await asyncio.sleep(self._chance.uniform(0, 0.01))
        return "out"

    async def resume(self, output: Output) -> str:
        if output.id in _sent(self._place):
            return "found"
        raise DeliveryUnknown("stopped while it sent")


def _sent(place: Path) -> Counter[str]:
    return Counter(place.read_text().split()) if place.exists() else Counter()


async def _work(folder: Path, clock: TestClock, seed: str) -> None:
    async with records_in(folder) as records:
        post = Post(folder / "sent", random.Random(seed))
        await Outbox(records, [post], clock).deliver()


async def _begin(folder: Path) -> None:
    async with records_in(folder) as records:
        outputs = (made(at, state="approved", uses="mail.send") for at in range(OUTPUTS))
        await put(records, *outputs)


async def _look(folder: Path) -> list[Posted]:
    async with records_in(folder) as records:
        return [each async for each in Outbox(records, [], TestClock()).list()]


def _round(folder: Path, clock: TestClock, seed: str, workers: int, *, kill: bool) -> int:
    """Let processes work at the same time; return how many of them were killed at work."""
    children = []
    for number in range(workers):
        child = os.fork()
        if child == 0:
            try:
                asyncio.run(_work(folder, clock, f"{seed}/{number}"))
            except BaseException:  # noqa: BLE001 - a child must never return into the parent's code
                os._exit(1)
            os._exit(0)
        children.append(child)
    for child in children[: workers // 2 if kill else 0]:
        time.sleep(random.uniform(0.02, 0.3) / workers)
        os.kill(child, signal.SIGKILL)
    return sum(os.WIFSIGNALED(os.waitpid(child, 0)[1]) for child in children)


def main(folder: Path, seed: int, workers: int) -> None:
    random.seed(seed)
    asyncio.run(_begin(folder))
    clock, kills = TestClock(START), 0
    for number in range(60):
        kills += _round(folder, clock, f"{seed}/{number}", workers, kill=number < 10)
        clock.time += timedelta(minutes=40)
        found = asyncio.run(_look(folder))
        if not any(each.next_at for each in found):
            break
    sent = _sent(folder / "sent")
    told = {
        "most": max(sent.values()),
        "states": Counter(each.output.state for each in found),
        "not_out": sum(
            each.output.state == "sent" and not sent[each.output.id] for each in found
        ),
        "kills": kills,
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
