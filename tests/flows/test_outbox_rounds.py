"""Rounds of deliveries: one record tells of all, and keeps every promise of a mark on each."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from flows.errors import JigajobError, OperatorError, StaleRecord, TransientError
from flows.model import Output
from flows.outbox import Outbox
from flows.outbox.rounds import OpenRounds, Rounds
from flows.records import Records
from tests.depth import times
from tests.flows.business import TestClock
from tests.flows.outputs import Crash, Door, WideDoor, made, outbox, put, records_in, state_of


class Slow(Door):
    """A door at which the first stands until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def deliver(self, output: Output) -> str:
        self.begun.set()
        await self.go_on.wait()
        return await super().deliver(output)


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    async with records_in(tmp_path) as opened:
        yield opened


async def left_open(records: Records) -> set[str]:
    return (await OpenRounds(records).read()).named


async def test_what_is_about_to_go_out_is_closed_by_nobody(records: Records) -> None:
    """It is shown as `sending`, with the worker, until the round is over."""
    outputs = [made(number, state="approved") for number in (1, 2)]
    await put(records, *outputs)
    door = Slow()
    box = outbox(records, door)
    delivery = asyncio.create_task(box.deliver())
    await door.begun.wait()

    for each in outputs:
        posted = await box.show(each.id)
        assert (posted.output.state, bool(posted.worker)) == ("sending", True)
        for decide in (box.cancel, box.reject, box.retry, box.approve):
            with pytest.raises(OperatorError, match=each.id):
                await decide(each.id)
    assert [each.output.id async for each in box.list("sending")] == [o.id for o in outputs]
    assert [each async for each in box.list("approved")] == []

    door.go_on.set()
    assert dict(await delivery) == {"sent": 2}
    assert await left_open(records) == set()


@pytest.mark.parametrize("seed", range(times(12)))
async def test_of_a_decision_and_a_round_that_begin_at_once_one_comes_second(
    tmp_path: Path, seed: int
) -> None:
    """What is closed is not out, and what is out is not closed, however they meet."""
    chance = random.Random(seed)
    async with records_in(tmp_path) as mine, records_in(tmp_path) as yours:
        outputs = [made(number, state="approved") for number in range(6)]
        await put(mine, *outputs)
        door = Door() if seed % 2 else WideDoor()
        clerk, closed = outbox(yours, door), set()

        async def decide() -> None:
            for each in chance.sample(outputs, 4):
                await asyncio.sleep(chance.uniform(0, 0.01))
                with suppress(OperatorError, StaleRecord):
                    await clerk.cancel(each.id)
                    closed.add(each.id)

        await asyncio.gather(outbox(mine, door).deliver(), decide())

        assert not closed & {*door.out}
        for each in outputs:
            state = await state_of(clerk, each)
            assert state == ("rejected" if each.id in closed else "sent")
        assert await left_open(mine) == set()


async def test_what_a_killed_worker_had_is_delivered_at_once(records: Records) -> None:
    """All of its round, whatever it came to; then nothing tells of it any more."""
    outputs = [made(number, state="approved") for number in range(4)]
    await put(records, *outputs)
    await OpenRounds(records).write(Rounds({"1-a/b": [each.id for each in outputs]}))
    door = WideDoor()
    box = outbox(records, door)
    assert {each.output.state async for each in box.list()} == {"sending"}

    assert dict(await box.deliver()) == {"sent": 4}
    assert door.together == []  # one by one: any of them may have stopped the other
    assert await left_open(records) == set()


async def test_a_round_that_came_to_its_end_unseen_holds_nothing_up(records: Records) -> None:
    """The worker died between its last output and the end of its round."""
    await put(records, made(1, state="approved"))
    box = outbox(records, Door(TransientError("away")))
    assert dict(await box.deliver()) == {"later": 1}
    standing = await OpenRounds(records).read()
    await OpenRounds(records).write(Rounds({"1-a/b": [made(1).id]}, standing.etag))
    with pytest.raises(OperatorError, match="carried out"):
        await box.cancel(made(1).id)

    assert dict(await box.deliver()) == {}
    assert await left_open(records) == set()
    assert (await box.cancel(made(1).id)).output.state == "rejected"


async def test_a_clean_stop_leaves_no_round_open(records: Records) -> None:
    """What is at hand comes to its end, and all behind it is free again."""
    outputs = [made(number, state="approved") for number in (1, 2, 3)]
    await put(records, *outputs)
    door = Slow()
    box = outbox(records, door)
    delivery = asyncio.create_task(box.deliver())
    await door.begun.wait()
    delivery.cancel()
    await asyncio.sleep(0.01)
    door.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await delivery

    assert [await state_of(box, each) for each in outputs] == ["sent", "approved", "approved"]
    assert await left_open(records) == set()


async def test_what_stops_eight_workers_is_found_out_of_a_hundred(tmp_path: Path) -> None:
    """The one that kills whoever hands it over is given up, and all others go out."""
    poison, clock = made(7).id, TestClock()

    class Trap(Door):
        async def deliver(self, output: Output) -> str:
            if output.id == poison:
                raise Crash
            return await super().deliver(output)

    async with records_in(tmp_path) as records:
        await put(records, *(made(number, state="approved") for number in range(100)))
        boxes = [Outbox(records, [Trap()], clock) for _ in range(8)]
        for number in range(60):
            with suppress(Crash, JigajobError):
                await boxes[number % 8].deliver()
            clock.passes(hours=6)
        posted = [each async for each in boxes[0].list()]
        assert [each.output.id for each in posted if each.output.state != "sent"] == [poison]
        assert await state_of(boxes[0], made(7)) == "failed"
        assert "stopped each time" in (await boxes[0].show(poison)).note
        assert await left_open(records) == set()


async def test_an_outlet_takes_a_hundred_for_two_writes_beside_their_ends(
    records: Records,
) -> None:
    """Not for one more each, which would be the dearest part of a delivery."""
    await put(records, *(made(number, state="approved") for number in range(100)))
    begun = (await records.store.changes(records.key, limit=1_000)).cursor
    versions: list[str] = []
    door, batch = Door(), records.store.batch

    async def counted(*args: object, **more: object) -> object:
        stored = await batch(*args, **more)  # type: ignore[arg-type]
        versions.extend(each.kind for each in stored)
        return stored

    records.store.batch = counted  # type: ignore[method-assign,assignment]
    assert dict(await outbox(records, door).deliver()) == {"sent": 100}
    assert versions.count("round") == 2
    changed = (await records.store.changes(records.key, cursor=begun, limit=1_000)).records
    assert {each.fields.get("state") for each in changed if each.kind == "output"} == {"sent"}
