"""Deploys, replays, decides and delivers at random, in processes that are killed.

A program of its own, since it forks: `python -m tests.flows.replay_rig FOLDER SEED ROUNDS`. It
prints one JSON object: what went out more than once, and how much went out at all.
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
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from flows.audit import Audit, Person
from flows.deployments import Deployments
from flows.engine import Engine
from flows.errors import DeliveryUnknown, JigajobError, TransientError
from flows.intake.message_records import message_record
from flows.language.load import load_bundle, load_whole
from flows.model import CleanMessage, Output
from flows.outbox import Outbox
from flows.records import Records
from flows.replaying import Replay, Wish
from flows.work.books import Books
from tests.flows.business import FLOWS, START, TestClock
from tests.flows.outputs import records_in

ITEMS = 3
VERSIONS = 4
STEPS = """\
    steps:
      - {{id: job, uses: job.open, with: {{title: "As {0} has it"}}}}
      - {{id: {1}, uses: notify, with: {{to: owner, text: "Version {0}."}}, approve: owner}}
      - {{id: after, uses: notify, with: {{to: owner, text: "Then {0}."}}}}
"""
SAME_WORK = {"told": "tell"}
"""A step that is called otherwise in some versions: what it did, it is not to do again."""


class Post:
    """Sends into a file: what is in it is out. It fails now and then before."""

    uses = frozenset({"notify", "job.open"})

    def __init__(self, place: Path, chance: random.Random) -> None:
        self._place, self._chance = place, chance

    async def deliver(self, output: Output) -> str:
        await asyncio.sleep(self._chance.uniform(0, 0.003))
        if self._chance.random() < 0.2:
            raise TransientError("away")
        step = SAME_WORK.get(output.step, output.step)
        with self._place.open("a") as lines:
            lines.write(f"{output.id} {output.trigger}/{output.flow}/{step}/{output.item}\n")
        await asyncio.sleep(self._chance.uniform(0, 0.003))
        return "out"

    async def resume(self, output: Output) -> str:
        if any(line.startswith(output.id) for line in _lines(self._place)):
            return "found"
        raise DeliveryUnknown("stopped while it sent")


def _lines(place: Path) -> list[str]:
    return place.read_text().splitlines() if place.exists() else []


def flows(folder: Path, number: int) -> Path:
    """Write a version of the flows, and return where."""
    path = folder / f"version{number}" / "flows.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = FLOWS[: FLOWS.index("    steps:")]
    path.write_text(head + STEPS.format(number, "told" if number % 2 else "tell"))
    return path


class Worker:
    """One process on the business: does a few things at random."""

    def __init__(self, folder: Path, records: Records, clock: TestClock, seed: str) -> None:
        self._folder, self._records, self._clock = folder, records, clock
        self._chance = random.Random(seed)
        post = Post(folder / "sent", self._chance)
        self._box = Outbox(records, [post], clock)
        self._deployments = Deployments(records)
        own = records.in_scope("audit")
        self._audit = Audit(Audit.of(records, clock).log, own, Person("ann"))

    async def work(self) -> None:
        acts = [self._apply, self._roll_back, self._replay, self._replay, self._decide]
        for _ in range(4):
            with suppress(JigajobError):  # somebody else was quicker
                await self._chance.choice(acts)()
            if self._chance.random() < 0.5:
                await self._box.deliver()

    async def _apply(self) -> None:
        loaded = load_whole(flows(self._folder, self._chance.randrange(VERSIONS)))
        await self._deploy(loaded, 0)

    async def _roll_back(self) -> None:
        number = self._chance.randint(1, await self._deployments.number())
        bundle = await self._deployments.bundle(number)
        await self._deploy(load_bundle(bundle, "deployment"), number)

    async def _deploy(self, loaded, restores: int) -> None:
        over = await self._deployments.number()
        now = self._clock.now()
        await self._deployments.deploy(loaded, self._audit, now, over=over, restores=restores)

    async def _replay(self) -> None:
        deployment = await self._deployments.current()
        assert deployment is not None
        loaded = load_bundle(deployment.bundle, "deployment")
        engine = Engine(loaded.file, loaded.templates)
        replay = Replay(self._records, engine, loaded.file, self._clock, self._audit)
        step = self._chance.choice(["", "job", "after"])
        wish = Wish(flow="repair", step=step)
        for number in self._chance.sample(range(ITEMS), 2):
            await replay.run("message", f"m{number}", wish, Books())

    async def _decide(self) -> None:
        waiting = [each.output.id async for each in self._box.list("waiting", "failed")]
        if waiting:
            chosen = self._chance.choice(waiting)
            verb = self._chance.choice([self._box.approve, self._box.approve, self._box.reject])
            await verb(chosen)


async def _begin(folder: Path) -> None:
    """Lay items into the store as if they had come while nothing was done about them yet."""
    async with records_in(folder) as records:
        worker = Worker(folder, records, TestClock(START), "begin")
        await worker._deploy(load_whole(flows(folder, 0)), 0)
        for number in range(ITEMS):
            clean = CleanMessage(
                id=f"m{number}", source="office", folder="", thread=f"t{number}",
                received_at=START, sent_at=START, kind="service_request", automatic="",
                subject="The boiler is cold", text="Cold.", new_text="Cold.", doubts=(),
            )  # fmt: skip
            record = await message_record(
                records, clean, ran={"repair": "v"}, copy=None,
                expires_at=START + timedelta(days=900),
            )  # fmt: skip
            await records.store.create(records.key, record)


def _forked(folder: Path, clock: TestClock, seed: str) -> int:
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(_work(folder, clock, seed))
        except BaseException:  # noqa: BLE001 - a child must never return into the parent's code
            os._exit(1)
        os._exit(0)
    return child


async def _work(folder: Path, clock: TestClock, seed: str) -> None:
    async with records_in(folder) as records:
        await Worker(folder, records, clock, seed).work()


async def _end(folder: Path, clock: TestClock) -> Counter[str]:
    async with records_in(folder) as records:
        worker = Worker(folder, records, clock, "end")
        for _ in range(4):
            async for each in worker._box.list("waiting"):
                await worker._box.approve(each.output.id)
            await worker._box.deliver()
            clock.time += timedelta(hours=12)
        return Counter([each.output.state async for each in worker._box.list()])


def main(folder: Path, seed: int, rounds: int) -> None:
    chance = random.Random(seed)
    asyncio.run(_begin(folder))
    clock, kills, ended_well = TestClock(START), 0, 0
    for number in range(rounds):
        children = [_forked(folder, clock, f"{seed}/{number}/{each}") for each in range(2)]
        time.sleep(chance.uniform(0.02, 0.5))
        if chance.random() < 0.7:
            os.kill(children[0], signal.SIGKILL)
        for child in children:
            status = os.waitpid(child, 0)[1]
            kills += os.WIFSIGNALED(status)
            ended_well += status == 0
        clock.time += timedelta(minutes=40)
    states = asyncio.run(_end(folder, clock))
    sent = Counter(line.split(" ")[1] for line in _lines(folder / "sent"))
    told = {
        "twice": sorted(slot for slot, times in sent.items() if times > 1),
        "sent": len(sent),
        "states": states,
        "kills": kills,
        "ended_well": ended_well,
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
