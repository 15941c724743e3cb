"""Outputs on their way out: who may decide what, and that nothing goes out twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.outlet_files import NoticeLog
from flows.errors import (
    AdministratorError,
    DeliveryUnknown,
    JigajobError,
    OperatorError,
    StaleRecord,
    TransientError,
)
from flows.model import Output, OutputState
from flows.outbox import Outbox
from flows.records import Records
from portal.wiring import open_app
from tests.flows.business import START, Business
from tests.flows.outputs import Crash, Door, WideDoor, made, outbox, put, records_in, state_of


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    async with records_in(tmp_path) as opened:
        yield opened


async def brought_to(state: OutputState, records: Records) -> Output:
    """Bring an output into *state* by what really leads there."""
    output = made(state="failed" if state == "failed" else "waiting")
    await put(records, output)
    ways: dict[OutputState, tuple[BaseException | None, ...]] = {
        "sent": (None,),
        "unknown": (DeliveryUnknown("lost the answer"),),
        "sending": (Crash(),),
    }
    box = outbox(records, Door(*ways.get(state, ())))
    if state == "rejected":
        await box.reject(output.id)
    elif state not in {"waiting", "failed"}:
        await box.approve(output.id)
    if state in ways:
        try:
            await box.deliver()
        except Crash:
            assert state == "sending"
    assert await state_of(box, output) == state
    return output


LEGAL: dict[tuple[OutputState, str], str] = {
    ("waiting", "approve"): "approved",
    ("waiting", "reject"): "rejected",
    ("waiting", "cancel"): "rejected",
    ("approved", "approve"): "approved",
    ("approved", "cancel"): "rejected",
    ("approved", "retry"): "approved",
    ("failed", "approve"): "approved",
    ("failed", "reject"): "rejected",
    ("failed", "cancel"): "rejected",
    ("failed", "retry"): "approved",
    ("unknown", "approve"): "approved",
    ("unknown", "reject"): "rejected",
    ("unknown", "cancel"): "rejected",
    ("rejected", "reject"): "rejected",
    ("rejected", "cancel"): "rejected",
}
STATES: tuple[OutputState, ...] = (
    *("waiting", "approved", "sending", "sent"),
    *("failed", "unknown", "rejected"),
)


@pytest.mark.parametrize("verb", ["approve", "reject", "cancel", "retry"])
@pytest.mark.parametrize("state", STATES)
async def test_what_can_be_decided_in_each_state(
    records: Records, state: OutputState, verb: str
) -> None:
    """What is out, or being carried out, cannot be; the same decision again is no mistake."""
    output = await brought_to(state, records)
    box = outbox(records, Door())
    decide = getattr(box, verb)

    if (state, verb) in LEGAL:
        assert (await decide(output.id)).output.state == LEGAL[state, verb]
    else:
        with pytest.raises(OperatorError, match=output.id) as stopped:
            await decide(output.id)
        assert stopped.value.fix
    assert await state_of(box, output) == LEGAL.get((state, verb), state)


@pytest.mark.parametrize(
    ("trouble", "state", "counted"),
    [
        (None, "sent", "sent"),
        (TransientError("busy", fix="wait"), "approved", "later"),
        (OperatorError("no such address", fix="mend it"), "failed", "failed"),
        (AdministratorError("disk full", fix="make room"), "approved", "later"),
        (DeliveryUnknown("lost the answer", fix="look"), "unknown", "unknown"),
        (ValueError("Maria Lopez, 518-555-0143"), "unknown", "unknown"),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_how_a_delivery_ends(
    records: Records, trouble: Exception | None, state: str, counted: str
) -> None:
    """The class of the error decides; the note says why, and quotes nothing unforeseen."""
    output = made(state="approved")
    await put(records, output)
    box = outbox(records, Door(trouble))

    counts = await box.deliver()
    posted = await box.show(output.id)

    assert dict(counts) == {counted: 1}
    assert posted.output.state == state
    expected = str(trouble) if isinstance(trouble, JigajobError) else ""
    assert expected in posted.note
    assert posted.note
    assert "Lopez" not in posted.note


async def test_one_that_cannot_go_out_holds_up_no_other(records: Records) -> None:
    """Whatever happens to one output, the ones behind it go out, oldest first."""
    outputs = [made(number, state="approved") for number in (3, 1, 4, 2)]
    await put(records, *outputs, made(5, state="approved", uses="fax.send"))
    door = Door(ValueError("boom"), None, OperatorError("no"), None)
    box = outbox(records, door)

    counts = await box.deliver()

    assert door.asked == sorted(output.id for output in outputs)
    assert dict(counts) == {"unknown": 1, "sent": 2, "failed": 2}
    assert "fax.send" in (await box.show(made(5).id)).note


async def test_a_crash_after_the_delivery_makes_no_second_one(business: Business) -> None:
    """Found in `sending`, it is handed over again, and the outlet knows it."""
    output = made(state="approved")
    home = business.settings.home
    async with open_app(business.settings, business.clock) as app:
        await put(app.records, output)
        notices = NoticeLog(home / "notices.log")

        class GoesDown:
            uses = frozenset({"notify"})

            async def deliver(self, output: Output) -> str:
                await notices.deliver(output)
                raise Crash

        with pytest.raises(Crash):
            await Outbox(app.records, [GoesDown()], business.clock).deliver()
        assert await state_of(app.outbox, output) == "sending"

    async with open_app(business.settings, business.clock) as app:
        counts = await app.outbox.deliver()
        again = await app.outbox.deliver()
        assert await state_of(app.outbox, output) == "sent"

    lines = (home / "notices.log").read_text().splitlines()
    assert (dict(counts), dict(again)) == ({"sent": 1}, {})
    assert [json.loads(line)["id"] for line in lines] == [output.id]


async def test_an_outlet_that_takes_many_at_once_is_given_them_so(records: Records) -> None:
    """A hundred at a time, oldest first; each is told where it went."""
    outputs = [made(number, state="approved") for number in range(45)]
    outputs += [made(100 + number, state="approved") for number in range(60)]
    await put(records, *outputs, made(999, state="approved", uses="fax.send"))
    door = WideDoor()
    box = outbox(records, door)

    counts = await box.deliver()

    assert dict(counts) == {"sent": 105, "failed": 1}
    assert len(door.together) == 2
    assert sum(door.together) == len(door.asked) == len(door.out) == 105
    posted = [each async for each in box.list("sent")]
    assert {each.note for each in posted} == {f"place of {each}" for each in door.out}


async def test_where_not_all_can_go_at_once_each_tells_its_own(records: Records) -> None:
    """One that cannot go out holds up no other, and nothing is left in `sending`."""
    outputs = [made(number, state="approved") for number in range(5)]
    await put(records, *outputs)
    trouble = OperatorError("no such table", fix="mend it")
    door = WideDoor(None, None, trouble, None, None, trouble)
    box = outbox(records, door)

    counts = await box.deliver()

    assert dict(counts) == {"sent": 4, "failed": 1}
    assert await state_of(box, outputs[2]) == "failed"
    assert "no such table" in (await box.show(outputs[2].id)).note
    assert set(door.out) == {each.id for each in outputs} - {outputs[2].id}


async def test_a_crash_among_many_at_once_loses_none(records: Records) -> None:
    """Found in `sending`, all of them are handed over again, and the outlet knows them."""
    outputs = [made(number, state="approved") for number in range(4)]
    await put(records, *outputs)
    door = WideDoor(None, None, Crash())
    with pytest.raises(Crash):
        await outbox(records, door).deliver()

    assert dict(await outbox(records, door).deliver()) == {"sent": 4}
    assert set(door.out) == {each.id for each in outputs}


async def test_two_workers_deliver_many_at_once_as_one(tmp_path: Path) -> None:
    """Both see all of it due; each is counted as sent by one of them."""
    async with records_in(tmp_path) as mine, records_in(tmp_path) as yours:
        outputs = [made(number, state="approved") for number in range(20)]
        await put(mine, *outputs)
        door = WideDoor()

        counts = await asyncio.gather(
            outbox(mine, door).deliver(), outbox(yours, door).deliver()
        )

        assert sum(count["sent"] for count in counts) == 20
        assert set(door.out) == {output.id for output in outputs}


async def test_of_two_people_one_decides(tmp_path: Path) -> None:
    """Approved and rejected in one moment: one of the two is told that it came too late."""
    async with records_in(tmp_path) as mine, records_in(tmp_path) as yours:
        for number in range(10):
            await put(mine, made(number))
            here, there = outbox(mine, Door()), outbox(yours, Door())

            ends = await asyncio.gather(
                here.approve(made(number).id),
                there.reject(made(number).id),
                return_exceptions=True,
            )

            lost = [end for end in ends if isinstance(end, BaseException)]
            won = [end for end in ends if not isinstance(end, BaseException)]
            assert [type(end) for end in lost] in ([StaleRecord], [OperatorError])
            assert await state_of(here, made(number)) == won[0].output.state


async def test_two_workers_deliver_each_output_once(tmp_path: Path) -> None:
    """Both see all of it due; what is out is out once, and each is counted by one of them."""
    async with records_in(tmp_path) as mine, records_in(tmp_path) as yours:
        outputs = [made(number, state="approved") for number in range(20)]
        await put(mine, *outputs)
        door = Door()

        counts = await asyncio.gather(
            outbox(mine, door).deliver(), outbox(yours, door).deliver()
        )

        assert sum(count["sent"] for count in counts) == 20
        assert set(door.out) == {output.id for output in outputs}


async def test_outputs_are_listed_by_state_oldest_first(records: Records) -> None:
    """As they came, whatever their ids."""
    late, early = replace(made(1), created_at=START.replace(year=2027)), made(2)
    await put(records, late, early, made(3, state="approved"))
    box = outbox(records, Door())

    waiting = [posted.output.id async for posted in box.list("waiting")]
    every = [posted.output.id async for posted in box.list()]

    assert waiting == [early.id, late.id]
    assert set(every) == {late.id, early.id, made(3).id}


async def test_an_id_is_known_by_its_beginning(records: Records) -> None:
    """Where that is enough; else it is told, and nothing is decided."""
    await put(records, made(10), made(11), made(20))
    box = outbox(records, Door())

    assert (await box.show(made(20).id[:-1])).output.id == made(20).id
    for wrong, says in ((made(1).id[:-2], "several"), ("x", "no output"), ("", "no id")):
        with pytest.raises(OperatorError, match=says):
            await box.approve(wrong)
    assert [posted.output.state async for posted in box.list()] == ["waiting"] * 3


async def test_the_report_of_a_failed_step_can_only_be_closed(records: Records) -> None:
    """There is nothing to send; the note says what to mend."""
    output = replace(made(state="failed"), item=-1)
    await put(records, output)
    box = outbox(records, Door())

    with pytest.raises(OperatorError, match="nothing to send"):
        await box.approve(output.id)
    assert (await box.show(output.id)).note == "it broke\n  fix: mend it"
    assert (await box.reject(output.id)).output.state == "rejected"


async def test_a_note_with_half_a_character_is_kept(records: Records) -> None:
    """A path on a disk may hold any bytes; where it went is still told."""
    await put(records, made(state="approved"))
    box = outbox(records, Door(OperatorError("cannot write /home/\udcff", fix="move")))

    assert dict(await box.deliver()) == {"failed": 1}
    assert "\\udcff" in (await box.show(made().id)).note
