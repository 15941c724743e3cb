"""What shares a key of `concurrency` goes out one at a time, in the order of its making."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.errors import DeliveryUnknown, OperatorError, TransientError
from flows.model import Output
from flows.outbox import Outbox
from flows.records import Records
from tests.depth import times
from tests.flows.business import TestClock
from tests.flows.outputs import Crash, Door, Post, made, outbox, put, records_in, state_of

LANE = "thread\x1fMaria Lopez"


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    async with records_in(tmp_path) as opened:
        yield opened


def line(count: int = 3, **about: Any) -> list[Output]:
    """Return outputs of one lane, ready to go, each made a minute after the one before."""
    about = {"state": "approved", "lane": LANE, **about}
    return [made(number, **about) for number in range(1, count + 1)]


@pytest.mark.parametrize("door", [Door, Post])
async def test_one_delivery_takes_a_whole_lane_in_order(
    records: Records, door: type[Door]
) -> None:
    outputs, it = line(5), door()
    await put(records, *reversed(outputs))
    assert await outbox(records, it).deliver() == {"sent": 5}
    assert it.asked == [each.id for each in outputs]


async def test_of_one_run_the_place_counts(records: Records) -> None:
    """All that a run puts out has one time; its steps are kept in order all the same."""
    outputs = [made(60 * at + 1, state="approved", lane=LANE, place=9 - at) for at in range(3)]
    await put(records, *outputs)
    door = Door()
    await outbox(records, door).deliver()
    assert door.asked == [each.id for each in reversed(outputs)]


async def test_what_waits_for_a_person_holds_back_those_behind_it(records: Records) -> None:
    """And no others: they go on as if there was no lane. Decided, it lets them go."""
    first = made(1, lane=LANE)
    second, other = made(2, state="approved", lane=LANE), made(3, state="approved", lane="x")
    await put(records, first, second, other, made(4, state="approved"))
    door = Door()
    box = outbox(records, door)

    assert await box.deliver() == {"sent": 2}
    assert (await box.show(second.id)).behind == first.id
    assert [each.behind async for each in box.list()] == ["", first.id, "", ""]

    await box.approve(first.id)
    assert await box.deliver() == {"sent": 2}
    assert door.asked[-2:] == [first.id, second.id]


async def test_a_lane_goes_on_where_the_first_is_closed_or_has_failed(records: Records) -> None:
    first, second, third = line()
    await put(records, first, second, third)
    door = Door(OperatorError("no such table"))
    box = outbox(records, door)
    assert await box.deliver() == {"failed": 1, "sent": 2}

    four, five = made(4, lane=LANE), made(5, state="approved", lane=LANE)
    await put(records, four, five)
    await box.reject(four.id)
    assert await box.deliver() == {"sent": 1}


async def test_what_is_tried_again_later_keeps_its_place(records: Records) -> None:
    clock, door = TestClock(), Door(TransientError("away"))
    box = Outbox(records, [door], clock)
    outputs = line()
    await put(records, *outputs)
    assert await box.deliver() == {"later": 1}
    assert await box.deliver() == {}
    clock.passes(hours=1)
    assert await box.deliver() == {"sent": 3}
    assert door.asked == [outputs[0].id, *(each.id for each in outputs)]


async def test_what_may_be_out_holds_the_lane_until_a_person_has_looked(
    records: Records,
) -> None:
    first, second = line(2, uses="notify")
    await put(records, first, second)
    post = Post(DeliveryUnknown("lost the answer"))
    box = outbox(records, post)
    assert await box.deliver() == {"unknown": 1}
    assert await box.deliver() == {}
    await box.reject(first.id)
    assert await box.deliver() == {"sent": 1}


async def test_a_crash_in_the_middle_of_a_lane_does_not_change_its_order(
    records: Records,
) -> None:
    clock = TestClock()
    outputs = line(4)
    await put(records, *outputs)
    door = Door(None, Crash())
    box = Outbox(records, [door], clock)
    with pytest.raises(Crash):
        await box.deliver()
    clock.passes(hours=1)
    await box.deliver()
    assert list(door.out) == [each.id for each in outputs]


async def test_a_lane_tells_nobody_whose_it_is(records: Records, tmp_path: Path) -> None:
    """Its key may be a customer: all that the store holds of it is a keyed hash."""
    await put(records, *line(2))
    first, second = [record async for record in records.each("output")]
    assert first.fields["lane"] == second.fields["lane"]
    assert "Lopez" not in str(first.fields)
    assert "Lopez" not in (await records.open(first, Output)).terms.lane


async def test_without_lanes_nothing_is_read_for_them(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a delivery costs in Cosmos DB stays as it was for those who do not use them."""
    await put(records, *(made(number, state="approved") for number in range(50, 55)))
    asked: list[Mapping[str, Any]] = []
    query = type(records.store).query

    async def counted(self: Any, *given: Any, **how: Any) -> Any:
        asked.append({each.field: each.value for each in how.get("where", ())})
        return await query(self, *given, **how)

    monkeypatch.setattr(type(records.store), "query", counted)
    await outbox(records, Door()).deliver()
    without = len(asked)
    assert not any("lane" in each for each in asked)

    await put(records, *line(30))
    asked.clear()
    await outbox(records, Door()).deliver()
    assert sum("lane" in each for each in asked) == 1
    assert len(asked) <= without + 30 + 1


class Watched:
    """An outlet that fails as chance has it, and keeps in which order it was given what."""

    def __init__(self, uses: str, chance: random.Random, log: list[tuple[str, str]]) -> None:
        self.uses, self._chance, self._log = frozenset({uses}), chance, log

    async def deliver(self, output: Output) -> str:
        await asyncio.sleep(self._chance.uniform(0, 0.003))
        luck = self._chance.random()
        if luck < 0.2:
            raise TransientError("away")
        if luck < 0.25:
            raise OperatorError("refused")
        self._log.append(("begin", output.id))
        await asyncio.sleep(self._chance.uniform(0, 0.003))
        self._log.append(("end", output.id))
        if luck < 0.35:
            raise Crash
        return "out"


class WatchedPost(Watched):
    """One that sends: given twice, it would go out twice."""

    async def resume(self, output: Output) -> str:
        await asyncio.sleep(0)
        if ("end", output.id) in self._log:
            return "found"
        raise DeliveryUnknown("nobody knows")


async def _outlived(box: Outbox) -> None:
    try:
        await box.deliver()
    except Crash:  # the worker is gone, and another comes at its next round
        return


async def _worked_off(
    folder: Path, outputs: Sequence[Output], workers: int, chance: random.Random
) -> list[tuple[str, str]]:
    clock, log = TestClock(), list[tuple[str, str]]()
    async with records_in(folder) as records:
        await put(records, *outputs)
        doors = [
            Watched("row.append", chance, log),
            WatchedPost("mail.send", chance, log),
        ]
        boxes = [Outbox(records, doors, clock) for _ in range(workers)]
        for _ in range(300):
            await asyncio.gather(*map(_outlived, boxes))
            found = [each async for each in boxes[0].list()]
            for each in found:
                if each.output.state == "unknown" and chance.random() < 0.5:
                    await boxes[0].reject(each.output.id)
            if all(each.output.state in {"sent", "failed", "rejected"} for each in found):
                return log
            clock.passes(minutes=chance.choice((1, 20, 400)))
    raise AssertionError("it came to no end")


@pytest.mark.parametrize("workers", [1, 2, 6])
@pytest.mark.parametrize("seed", range(times(2)))
async def test_any_number_of_workers_keep_every_lane(
    tmp_path: Path, seed: int, workers: int
) -> None:
    """Through crashes and failures: what was made second is begun when the first is done."""
    random.seed(seed)
    chance = random.Random(f"{seed}/{workers}")
    outputs = [
        made(
            number,
            state="approved",
            uses=chance.choice(("row.append", "mail.send")),
            lane=chance.choice(("a", "b", "c", "")),
        )
        for number in range(1, 41)
    ]
    log = await _worked_off(tmp_path, outputs, workers, chance)

    lanes = {each.id: each.terms.lane for each in outputs}
    begun, ended = defaultdict[str, list[str]](list), set[str]()
    for word, output_id in log:
        lane = begun[lanes[output_id]]
        if word == "end":
            ended.add(output_id)
        elif output_id not in lane:  # twice is once, for what may go out twice
            assert not lanes[output_id] or set(lane) <= ended
            lane.append(output_id)
    for lane, ids in begun.items():
        assert not lane or ids == sorted(ids)
    assert sum(map(len, begun.values())) > len(outputs) / 2


async def test_two_workers_at_once_hand_a_lane_over(tmp_path: Path) -> None:
    """The second one neither overtakes the first nor sends what that has in hand."""
    async with records_in(tmp_path) as mine, records_in(tmp_path) as yours:
        begun, go_on = asyncio.Event(), asyncio.Event()

        class Slow(Post):
            async def deliver(self, output: Output) -> str:
                begun.set()
                await go_on.wait()
                return await super().deliver(output)

        outputs, slow, quick = line(3), Slow(), Post()
        await put(mine, *outputs)
        first = asyncio.ensure_future(outbox(mine, slow).deliver())
        await begun.wait()
        assert sum((await outbox(yours, quick).deliver()).values()) <= 1
        assert quick.sent == []
        go_on.set()
        assert await first == {"sent": 3}
        assert slow.sent == [each.id for each in outputs]
        assert await state_of(outbox(mine), outputs[2]) == "sent"


async def test_a_lane_of_hundreds_comes_to_its_end(records: Records) -> None:
    outputs = [
        made(number, state="approved", lane=LANE, place=number) for number in range(1, 241)
    ]
    await put(records, *outputs)
    door = Door()
    assert await outbox(records, door).deliver() == {"sent": 240}
    assert len(door.asked) == 240
    assert timedelta(0) < outputs[2].created_at - outputs[1].created_at
