"""What becomes of outputs about which nobody decides in time, and who hears of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.audit import Audit
from flows.errors import JigajobError, TransientError
from flows.intake.trust import waiting
from flows.model import Output
from flows.outbox import Outbox
from flows.outgoing import automatic_marks
from flows.ports import Where
from flows.records import Records
from flows.terms import Deadline
from tests.flows.business import START, TestClock
from tests.flows.outputs import Post, made, put, records_in

DAY = timedelta(days=1)
REJECT = Deadline(at=START + DAY, then="reject")
APPROVE = Deadline(at=START + DAY, then="approve")
ASK = Deadline(at=START + DAY, then="ask", ask="dispatcher")


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    async with records_in(tmp_path) as opened:
        yield opened


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def box(records: Records, clock: TestClock, post: Post) -> Outbox:
    return Outbox(records, [post], clock)


def asked(deadline: Deadline, number: int = 1) -> Output:
    return made(number, deadline=deadline)


async def acts(records: Records, clock: TestClock) -> list[tuple[str, str, tuple[str, ...]]]:
    log = Audit.of(records, clock).log
    return [
        (each.entry.action, each.entry.authority, each.entry.subjects)
        async for each in log.entries()
        if each.entry.action != "output.send"
    ]


async def notices(box: Outbox) -> list[tuple[str, str]]:
    return [
        (str(each.output.body["to"]), str(each.output.body["text"]))
        async for each in box.list()
        if each.output.flow == "jigajob"
    ]


async def test_until_then_nothing_happens(box: Outbox, records: Records, post: Post) -> None:
    await put(records, asked(APPROVE))
    assert await box.deliver() == {}
    assert (await box.show(made().id)).output.state == "waiting"
    assert post.sent == []


async def test_a_deadline_closes_what_nobody_wanted(
    box: Outbox, records: Records, post: Post, clock: TestClock
) -> None:
    await put(records, asked(REJECT))
    clock.passes(days=1)
    assert await box.deliver() == {}
    shown = await box.show(made().id)
    assert (shown.output.state, shown.output.approver) == ("rejected", "owner")
    assert "owner has not decided by 2026-11-02 09:00 UTC" in shown.note
    assert await acts(records, clock) == [
        ("output.reject", "deadline of flow repair/v1", (made().id,))
    ]
    ((role, text),) = await notices(box)
    assert role == "owner"
    assert "does not go out" in text
    assert await box.deliver() == {"sent": 1}  # the notice
    assert made().id not in post.sent


async def test_a_deadline_lets_go_as_what_no_person_has_approved(
    box: Outbox, records: Records, post: Post, clock: TestClock
) -> None:
    """Its mail says that it is automatic; whoever looks finds who let it go."""
    await put(records, asked(APPROVE))
    clock.passes(days=2)
    assert await box.deliver() == {"sent": 1}
    shown = await box.show(made().id)
    assert (shown.output.state, post.approvers) == ("sent", [""])
    assert automatic_marks(replace(shown.output, uses="mail.send"))
    assert (await acts(records, clock))[0][:2] == (
        "output.approve",
        "deadline of flow repair/v1",
    )
    ((role, text),) = await notices(box)
    assert (role, "goes out" in text) == ("owner", True)


async def test_a_deadline_asks_somebody_else_who_has_all_the_time(
    box: Outbox, records: Records, post: Post, clock: TestClock
) -> None:
    await put(records, asked(ASK))
    clock.passes(days=1)
    assert await box.deliver() == {}
    shown = await box.show(made().id)
    assert (shown.output.state, shown.output.approver) == ("waiting", "dispatcher")
    assert shown.output.terms.deadline is None
    assert [role for role, _ in await notices(box)] == ["dispatcher"]
    assert (await acts(records, clock))[0][0] == "output.ask"

    clock.passes(days=400)
    assert await box.deliver() == {"sent": 1}  # the notice alone
    await box.approve(made().id)
    assert await box.deliver() == {"sent": 1}
    assert post.approvers[-1] == "dispatcher"


@pytest.mark.parametrize("deadline", [REJECT, APPROVE, ASK])
async def test_what_a_person_decided_before_no_deadline_changes(
    box: Outbox, records: Records, post: Post, clock: TestClock, deadline: Deadline
) -> None:
    await put(records, asked(deadline, 1), asked(deadline, 2))
    await box.approve(made(1).id)
    await box.reject(made(2).id)
    clock.passes(days=2)
    assert await box.deliver() == {"sent": 1}
    assert post.approvers == ["owner"]
    assert (await box.show(made(2).id)).output.state == "rejected"
    assert await notices(box) == []


@pytest.mark.parametrize(("verb", "deadline"), [("approve", REJECT), ("reject", APPROVE)])
async def test_of_a_person_and_a_deadline_one_decides(
    tmp_path: Path, verb: str, deadline: Deadline
) -> None:
    """At the same moment, many times: never both, and who came too late is told so."""
    clock = TestClock(START + DAY)
    async with records_in(tmp_path) as mine, records_in(tmp_path) as yours:
        post = Post()
        worker, person = Outbox(mine, [post], clock), Outbox(yours, [post], clock)
        outputs = [asked(deadline, number) for number in range(1, 21)]
        await put(mine, *outputs)

        async def decided(output: Output) -> bool:
            try:
                await getattr(person, verb)(output.id)
            except JigajobError:
                return False
            return True

        _, *by_person = await asyncio.gather(worker.deliver(), *map(decided, outputs))
        told = {each.output.trigger async for each in person.list()}
        for output, was_decided in zip(outputs, by_person, strict=True):
            assert was_decided != (output.id in told)
            by_whom = verb if was_decided else deadline.then
            shown = await person.show(output.id)
            assert (shown.output.state == "rejected") == (by_whom == "reject")
        await worker.deliver()
        for output, was_decided in zip(outputs, by_person, strict=True):
            goes = verb == "approve" if was_decided else deadline is APPROVE
            approver = "owner" if was_decided else ""
            given = zip(post.sent, post.approvers, strict=True)
            assert [who for each, who in given if each == output.id] == [approver] * goes


async def test_two_workers_at_once_let_go_once_and_tell_once(tmp_path: Path) -> None:
    clock = TestClock(START + DAY)
    async with records_in(tmp_path) as mine, records_in(tmp_path) as yours:
        post = Post()
        await put(mine, *(asked(APPROVE, number) for number in range(1, 11)))
        boxes = [Outbox(each, [post], clock) for each in (mine, yours)]
        await asyncio.gather(*(box.deliver() for box in boxes))
        await asyncio.gather(*(box.deliver() for box in boxes))
        assert sorted(post.sent) == sorted({*post.sent})
        assert len(await notices(boxes[0])) == 10
        assert {each.output.state async for each in boxes[0].list()} == {"sent"}


async def test_stopped_before_it_wrote_a_deadline_passes_at_the_next_delivery(
    box: Outbox, records: Records, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The decision and the notice of it are one write: there is never one without the other."""
    await put(records, asked(REJECT))
    clock.passes(days=1)
    batch = type(records.store).batch

    async def broken(*_: object, **__: object) -> None:
        raise TransientError("away")

    with monkeypatch.context() as patched, suppress(TransientError):
        patched.setattr(type(records.store), "put", broken)
        patched.setattr(
            type(records.store),
            "batch",
            lambda self, key, writes, **how: (
                broken()
                if any(each.record.kind == "output" for each in writes)
                else batch(self, key, writes, **how)
            ),
        )
        await box.deliver()
    assert (await box.show(made().id)).output.state == "waiting"
    assert await notices(box) == []

    await box.deliver()
    assert (await box.show(made().id)).output.state == "rejected"
    assert len(await notices(box)) == 1


async def test_who_can_write_to_the_store_alone_brings_no_deadline_forward(
    box: Outbox, records: Records, post: Post, clock: TestClock
) -> None:
    """The sealed one counts; it is put back, and passes when it was to."""
    await put(records, asked(APPROVE))
    (record,) = [each async for each in records.each("output")]
    early = {**record.fields, "next": START.isoformat(timespec="microseconds")}
    await records.store.put(records.key, replace(record, fields=early))
    assert await box.deliver() == {}
    assert post.sent == []
    clock.passes(days=1)
    assert await box.deliver() == {"sent": 1}


async def test_what_is_doubted_waits_for_a_person_however_long(
    box: Outbox, records: Records, post: Post, clock: TestClock
) -> None:
    """A sender who is not who it says, a second automatic answer: no deadline lets that go."""
    doubted = waiting(asked(APPROVE), ["the sender was not confirmed"])
    closed = waiting(asked(REJECT, 2), ["the sender was not confirmed"])
    await put(records, doubted, closed)
    clock.passes(days=300)
    await box.deliver()
    assert (await box.show(doubted.id)).output.state == "waiting"
    assert (await box.show(closed.id)).output.state == "rejected"
    assert doubted.id not in post.sent


async def test_what_waits_costs_no_question_of_its_own(records: Records) -> None:
    """Deadlines are found by the one look at what is due."""
    await put(records, asked(REJECT), made(2))
    where = [Where("next", "<=", "2026-11-03")]
    assert [each.id async for each in records.each("output", where=where)] == [made(1).id]


async def test_a_lane_goes_on_once_its_first_is_past_its_deadline(
    box: Outbox, records: Records, post: Post, clock: TestClock
) -> None:
    await put(records, made(1, deadline=APPROVE, lane="x"))
    await put(records, made(2, state="approved", lane="x"))
    assert await box.deliver() == {}
    clock.passes(days=1)
    assert await box.deliver() == {"sent": 2}
    assert post.sent == [made(1).id, made(2).id]


async def test_people_see_until_when_they_may_decide(box: Outbox, records: Records) -> None:
    await put(records, asked(ASK))
    shown = await box.show(made().id)
    assert shown.output.terms.deadline == ASK
    assert shown.next_at is None
