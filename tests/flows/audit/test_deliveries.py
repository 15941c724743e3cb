"""What goes out is recorded before it does, once a round, and what does not after it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from flows.audit import AUDIT, Audit, Log
from flows.audit.deliveries import round_of
from flows.audit.entry import Entry
from flows.errors import OperatorError, SignInNeeded
from flows.model import Output
from flows.outbox import Outbox
from flows.records import Records
from tests.contract.outlet import output
from tests.flows.business import TestClock
from tests.flows.outputs import Door, WideDoor, made, put, records_in


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    async with records_in(tmp_path) as made:
        yield made


async def entries(records: Records) -> list[Entry]:
    log = Log(records.in_scope(AUDIT), TestClock())
    return [each.entry async for each in log.entries()]


def box(records: Records, *doors: object) -> Outbox:
    return Outbox(records, doors, TestClock())  # type: ignore[arg-type]


async def test_a_round_is_one_append_before_anything_goes_out(records: Records) -> None:
    """With the ids of all, on whose authority, and sealed to whom."""
    await put(records, *[made(number, state="approved") for number in range(40)])
    seen: list[list[Entry]] = []

    class Looks(WideDoor):
        async def deliver(self, output: Output) -> str:
            seen.append(await entries(records))
            return await super().deliver(output)

    await box(records, Looks()).deliver()
    (entry,) = await entries(records)
    assert seen[0] == [entry]
    assert (entry.actor, entry.action) == ("engine", "output.send")
    assert entry.authority == "flow repair/v1"
    assert len(entry.subjects) == 40
    payload = await Audit.of(records, TestClock()).log.payload(1)
    assert payload is not None
    assert payload.text.count('"to":"owner"') == 40
    assert "Look." not in payload.text  # what it says is kept for less time


async def test_what_is_not_sent_is_told_by_how_it_ended(records: Records) -> None:
    outputs = [made(number, state="approved") for number in range(4)]
    await put(records, *outputs)
    door = Door(None, OperatorError("no"), SignInNeeded("expired", "no"), ValueError("boom"))
    await box(records, door).deliver()
    announced, *rest = await entries(records)
    assert set(announced.subjects) == {each.id for each in outputs}
    told = {subject: each.result for each in rest for subject in each.subjects}
    assert {each.action for each in rest} == {"output.unsent"}
    states = {each.output.id: each.output.state async for each in box(records).list()}
    later = {"approved": "later", "sending": "later"}
    assert told == {
        id_: later.get(state, state) for id_, state in states.items() if state != "sent"
    }
    assert len(told) == 3


async def test_nothing_due_appends_nothing(records: Records) -> None:
    await put(records, made())
    await box(records, Door()).deliver()
    assert await entries(records) == []


async def test_a_stop_in_the_middle_tells_what_was_not_come_to(records: Records) -> None:
    await put(records, *[made(number, state="approved") for number in range(3)])
    begun, go_on = asyncio.Event(), asyncio.Event()

    class Slow(Door):
        async def deliver(self, output: Output) -> str:
            begun.set()
            await go_on.wait()
            return await super().deliver(output)

    task = asyncio.ensure_future(box(records, Slow()).deliver())
    await begun.wait()
    task.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    announced, told = await entries(records)
    assert (len(announced.subjects), told.result, len(told.subjects)) == (3, "stopped", 2)


async def test_decisions_are_recorded_before_they_are_made(records: Records) -> None:
    """By verb; what cannot be decided is none."""
    await put(records, *[made(number) for number in range(3)])
    it = box(records, Door())
    await it.approve(made(0).id)
    await it.reject(made(1).id)
    await it.reject(made(1).id)
    with pytest.raises(OperatorError):
        await it.retry(made(2).id)
    found = [(each.action, each.subjects) for each in await entries(records)]
    assert found == [
        ("output.approve", (made(0).id,)),
        ("output.reject", (made(1).id,)),
    ]


def test_visits_and_payments_have_words_of_their_own() -> None:
    """A payment is also found by what it pays."""
    body = {"transaction": "t1", "shares": [{"invoice": "i1"}, {"invoice": "i2"}]}
    acts = {
        act.action: act
        for act in round_of(
            [
                output("event.add", 1, {"title": "Visit"}),
                output("payment.match", 2, body),
                output("invoice.settle", 3, {"invoice": "i3", "how": "canceled"}),
                output("reply.draft", 4, {"to": "carla@lopez.example"}),
            ]
        )
    }
    assert acts.keys() == {"schedule.change", "payment.mark", "output.send"}
    paid = [each for each in acts["payment.mark"].subjects if each[0] != "o"]
    assert paid == ["t1", "i1", "i2", "i3"]
    assert len(acts["schedule.change"].subjects) == 1
