"""The limits that a step sets for what it puts out: how often, how long, and who is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.errors import OperatorError, Throttled, TransientError
from flows.model import Output
from flows.outbox import Outbox
from flows.outbox.retries import Try, after
from flows.records import Records
from flows.terms import Terms
from tests.flows.business import START, TestClock
from tests.flows.outputs import Door, Post, WideDoor, made, outbox, put, records_in

SHORT = timedelta(milliseconds=20)


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    async with records_in(tmp_path) as opened:
        yield opened


class Away(Door):
    """An outlet that nobody reaches."""

    async def deliver(self, output: Output) -> str:
        self.asked.append(output.id)
        raise TransientError("away")


async def _tried_to_the_end(records: Records, output: Output) -> tuple[int, timedelta, str]:
    """Return how often it was tried, for how long, and what is noted when it is given up."""
    clock, door = TestClock(), Away()
    box = Outbox(records, [door], clock)
    await put(records, output)
    while (shown := await box.show(output.id)).next_at is not None:
        clock.time = max(clock.time, shown.next_at)
        await box.deliver()
    assert shown.output.state == "failed"
    return len(door.asked), clock.now() - START, shown.note


async def test_an_output_is_given_up_after_as_many_tries_as_its_step_says(
    records: Records,
) -> None:
    output = made(state="approved", attempts=3)
    tries, lasted, note = await _tried_to_the_end(records, output)
    assert (tries, lasted < timedelta(hours=1)) == (3, True)
    assert "given up: tried 3 times" in note
    assert "jigajob outbox retry" in note


async def test_an_output_is_tried_for_as_long_as_its_step_says_and_once_at_the_end(
    records: Records,
) -> None:
    output = made(state="approved", within=timedelta(days=2))
    tries, lasted, _ = await _tried_to_the_end(records, output)
    assert lasted == timedelta(days=2)
    assert tries > 5


async def test_one_try_is_one_try(records: Records) -> None:
    tries, lasted, _ = await _tried_to_the_end(records, made(state="approved", attempts=1))
    assert (tries, lasted) == (1, timedelta(0))


async def test_a_person_who_tries_again_has_all_the_tries_again(records: Records) -> None:
    output, door = made(state="approved", attempts=1), Away()
    await put(records, output)
    box = outbox(records, door)
    assert await box.deliver() == {"failed": 1}
    await box.retry(output.id)
    assert await box.deliver() == {"failed": 1}
    assert len(door.asked) == 2


@given(
    attempts=st.integers(min_value=0, max_value=100),
    hours=st.none() | st.integers(min_value=1, max_value=400),
    number=st.integers(min_value=1, max_value=120),
    gone=st.integers(min_value=0, max_value=500),
    asks=st.none() | st.floats(min_value=0, max_value=1e6),
)
def test_no_limit_of_a_step_is_ever_passed(
    attempts: int, hours: int | None, number: int, gone: int, asks: float | None
) -> None:
    """Whatever the other side asks for: no try after the last one, none after the time."""
    within = timedelta(hours=hours) if hours is not None else None
    terms = Terms(attempts=attempts, within=within)
    ended = START + timedelta(hours=gone)
    tried = Try("o1", number=number, since=START, ended=ended, terms=terms)
    error = TransientError("away") if asks is None else Throttled("busy", retry_after=asks)
    change = after(error, tried)
    if attempts and number >= attempts:
        assert change.state == "failed"
    if within is not None and gone >= (hours or 0):
        assert change.state == "failed"
    if change.next_at is not None:
        assert change.next_at >= ended
        assert within is None or change.next_at <= START + within


class Asleep(Door):
    """An outlet that gives no answer, and may be found by its name."""

    async def deliver(self, output: Output) -> str:
        self.asked.append(output.id)
        return await asyncio.Event().wait() and ""


class SleepingPost(Post):
    async def deliver(self, output: Output) -> str:
        self.sent.append(output.id)
        return await asyncio.Event().wait() and ""


async def test_what_takes_too_long_is_tried_again_where_twice_is_once(records: Records) -> None:
    """Nothing can be out twice, so no person has to find out whether it is."""
    output = made(state="approved", timeout=SHORT)
    await put(records, output)
    box = outbox(records, Asleep())
    assert await box.deliver() == {"later": 1}
    shown = await box.show(output.id)
    assert (shown.output.state, shown.attempts) == ("approved", 1)
    assert shown.note == "its outlet gave no answer in time"


async def test_a_mail_that_takes_too_long_may_be_out_so_a_person_decides(
    records: Records,
) -> None:
    output = made(state="approved", timeout=SHORT)
    await put(records, output)
    post = SleepingPost()
    box = outbox(records, post)
    assert await box.deliver() == {"unknown": 1}
    assert await box.deliver() == {}
    assert post.sent == [output.id]


async def test_what_has_a_limit_of_its_own_does_not_wait_for_others(records: Records) -> None:
    """An outlet is given many at once only where they have one time to it."""
    limited = made(1, state="approved", timeout=timedelta(minutes=1))
    await put(records, limited, *(made(number, state="approved") for number in (2, 3, 4)))
    door = WideDoor()
    assert await outbox(records, door).deliver() == {"sent": 4}
    assert door.together == [3]


async def test_the_role_that_a_step_names_is_told_what_does_not_go_out(
    records: Records,
) -> None:
    """In one with what it tells of; once; in words that name the output and not the mail."""
    output = made(state="approved", tells="dispatcher", attempts=1)
    quiet = made(2, state="approved")
    await put(records, output, quiet)
    door = Door(TransientError("no such table"), OperatorError("refused"))
    box = outbox(records, door)
    assert await box.deliver() == {"failed": 2}
    (notice,) = [each.output async for each in box.list("approved")]
    assert (notice.uses, notice.flow, notice.trigger) == ("notify", "jigajob", output.id)
    assert notice.body["to"] == "dispatcher"
    assert "no such table" in str(notice.body["text"])
    assert output.id[:10] in str(notice.body["text"])
    assert output.summary not in f"{notice.body} {notice.summary}"

    assert await box.deliver() == {"sent": 1}
    assert [each async for each in box.list("approved")] == []


async def test_a_second_failure_is_told_again(records: Records) -> None:
    output = made(state="approved", tells="owner")
    await put(records, output)
    clock = TestClock()
    box = Outbox(records, [Door(OperatorError("no"), OperatorError("no"))], clock)
    await box.deliver()
    clock.passes(minutes=1)
    await box.retry(output.id)
    await box.deliver()
    notices = [each async for each in box.list() if each.output.flow == "jigajob"]
    assert len(notices) == 2
