"""What fails is tried again later and later, and ends where somebody has to act."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.audit import Audit
from flows.errors import (
    AdministratorError,
    DeliveryUnknown,
    OperatorError,
    SignInNeeded,
    Throttled,
    TransientError,
)
from flows.outbox import Outbox
from flows.outbox.outputs import Outputs
from flows.outbox.record import Change
from flows.outbox.retries import CEILING, FIRST, FOR, LONGEST_PAUSE, SLOWLY, TRIES, Try, after
from flows.records import Records
from tests.depth import times
from tests.flows.business import START, TestClock
from tests.flows.outputs import Crash, Door, Post, made, put, records_in

AWAY = TransientError("the printer is away", fix="turn it on")


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    async with records_in(tmp_path) as opened:
        yield opened


def ended(error: Exception, number: int = 1, **more: datetime | bool) -> Change:
    """Return what becomes of an output whose try *number* fails now."""
    tried = Try("o1", number, since=START, ended=START)
    for name, value in more.items():
        tried = Try(**{**{f: getattr(tried, f) for f in tried.__slots__}, name: value})
    return after(error, tried)


@pytest.mark.parametrize("seed", range(times(5)))
@pytest.mark.parametrize("number", [1, 2, 5, 9, 10, 40, 2_000])
def test_a_pause_is_random_below_a_limit_that_doubles(number: int, seed: int) -> None:
    """From nothing up to a minute, two, four … and never over six hours."""
    random.seed(seed)
    change = ended(AWAY, number)
    assert change.next_at is not None
    pause = change.next_at - START
    assert timedelta() <= pause <= min(FIRST * 2 ** min(number - 1, 30), CEILING)
    assert (change.state, change.attempts) == ("approved", number)


def test_pauses_are_spread_over_all_of_their_range() -> None:
    """So workers that failed together do not come back together."""
    random.seed(20261129)
    pauses = [((ended(AWAY, 7).next_at or START) - START) / FIRST for _ in range(400)]
    quarters = [
        sum(start <= each < start + 16 for each in pauses) for start in range(0, 64, 16)
    ]
    assert min(quarters) > 70


@pytest.mark.parametrize(
    ("asked", "least"), [(0.0, 0.0), (90.0, 90.0), (-5.0, 0.0), (1e9, 86_400.0)]
)
def test_a_pause_that_is_asked_for_is_kept(asked: float, least: float) -> None:
    """And a little more, at random; but nobody stops us for longer than a day."""
    for _ in range(50):
        change = ended(Throttled("busy", retry_after=asked))
        assert change.next_at is not None
        pause = (change.next_at - START).total_seconds()
        assert least <= pause <= least + FIRST.total_seconds()
        assert pause <= (LONGEST_PAUSE + FIRST).total_seconds()


@pytest.mark.parametrize(
    "error", [AdministratorError("disk full"), SignInNeeded("expired", "sign in")]
)
def test_what_somebody_has_to_mend_is_tried_slowly(error: AdministratorError) -> None:
    """No server is hammered, and once it is mended the output goes out by itself."""
    for number in (1, 2, 50):
        change = ended(error, number)
        assert change.next_at is not None
        assert SLOWLY / 2 <= change.next_at - START <= SLOWLY


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (OperatorError("no such table"), "failed"),
        (DeliveryUnknown("lost the answer"), "unknown"),
        (ValueError("Maria Lopez"), "unknown"),
    ],
)
def test_what_no_waiting_cures_is_not_tried_again(error: Exception, state: str) -> None:
    change = ended(error)
    assert (change.state, change.next_at) == (state, None)
    assert "Lopez" not in change.note


@pytest.mark.parametrize("error", [AWAY, AdministratorError("disk full", fix="make room")])
def test_what_fails_for_too_long_stops_and_tells_what_to_do(error: Exception) -> None:
    """What happened, how often it was tried, since when, and what to do; not before."""
    late = START + FOR
    assert ended(error, TRIES - 1, ended=late).next_at is not None
    assert ended(error, TRIES, ended=late - timedelta(seconds=1)).next_at is not None
    change = ended(error, TRIES, ended=late)
    assert (change.state, change.next_at) == ("failed", None)
    for told in (
        *str(error).split("\n  fix: "),
        "12 times",
        "2026-11-01 09:00 UTC",
        "retry o1",
    ):
        assert told in change.note


def test_what_cannot_be_looked_up_for_too_long_is_unknown() -> None:
    """It may be out, so it is not called failed, and `retry` does not send it."""
    change = ended(AWAY, TRIES, ended=START + FOR, looking_up=True)
    assert (change.state, change.next_at) == ("unknown", None)
    assert "approve o1" in change.note


async def test_only_what_is_due_is_tried(records: Records) -> None:
    """What failed for now waits for its time, over any number of deliveries."""
    clock, door = TestClock(), Door(AWAY, AWAY)
    await put(records, made(state="approved"))
    box = Outbox(records, [door], clock)
    assert dict(await box.deliver()) == {"later": 1}
    for _ in range(2):
        posted = await box.show(made().id)
        assert posted.next_at is not None
        clock.time = posted.next_at - timedelta(microseconds=1)
        tried = len(door.asked)
        assert dict(await box.deliver()) == {}
        assert (len(door.asked), posted.attempts) == (tried, tried)
        clock.time = posted.next_at
        await box.deliver()
    posted = await box.show(made().id)
    assert (posted.output.state, posted.attempts, posted.next_at) == ("sent", 3, None)


async def test_an_outlet_that_is_away_for_days_ends_in_a_reason(records: Records) -> None:
    """Within some days and some dozens of tries; afterwards a person has it tried again."""
    random.seed(7)
    clock, door = TestClock(), Door(*[AWAY] * 1_000)
    await put(records, made(state="approved"))
    box = Outbox(records, [door], clock)
    while (next_at := (await box.show(made().id)).next_at) is not None:
        clock.time = max(clock.time, next_at)
        await box.deliver()
    posted = await box.show(made().id)
    assert posted.output.state == "failed"
    assert FOR <= clock.time - START <= FOR + CEILING
    assert TRIES <= len(door.asked) == posted.attempts <= 100
    assert f"{posted.attempts} times since 2026-11-01" in posted.note

    door._then.clear()
    again = await box.retry(made().id)
    assert (again.output.state, again.attempts, again.next_at) == ("approved", 0, clock.time)
    assert dict(await box.deliver()) == {"sent": 1}


async def test_what_keeps_coming_back_can_be_cancelled_or_tried_now(records: Records) -> None:
    clock, door = TestClock(), Door(AWAY, AWAY)
    await put(records, made(1, state="approved"), made(2, state="approved"))
    box = Outbox(records, [door], clock)
    assert dict(await box.deliver()) == {"later": 2}
    with pytest.raises(OperatorError) as stopped:
        await box.reject(made(1).id)
    assert "cancel" in stopped.value.fix

    assert (await box.cancel(made(1).id)).output.state == "rejected"
    await box.retry(made(2).id)

    assert dict(await box.deliver()) == {"sent": 1}
    assert set(door.out) == {made(2).id}


async def test_trying_again_makes_no_persons_approval_of_it(records: Records) -> None:
    """What goes out by itself says so to other machines, also after its third try."""
    post = Post(OperatorError("no"), OperatorError("no"))
    await put(records, made(1, state="approved"), made(2, state="approved"))
    box = Outbox(records, [post], TestClock())
    await box.deliver()
    await box.retry(made(1).id)
    await box.approve(made(2).id)
    await box.deliver()
    assert post.approvers == ["", "", "", "person"]


async def test_what_is_only_looked_up_can_be_closed(records: Records) -> None:
    """The mailbox is away; until it is back no worker is at the output."""
    clock, post = TestClock(), Post(Crash(), finds=AWAY)
    await put(records, made(state="approved"))
    box = Outbox(records, [post], clock)
    with pytest.raises(Crash):
        await box.deliver()
    with pytest.raises(OperatorError, match="carried out"):
        await box.cancel(made().id)
    clock.passes(minutes=16)
    assert dict(await box.deliver()) == {"later": 1}
    assert (await box.retry(made().id)).output.state == "sending"
    assert dict(await box.deliver()) == {"later": 1}
    assert (await box.cancel(made().id)).output.state == "rejected"
    assert (len(post.sent), len(post.looked_up)) == (1, 2)


async def test_a_worker_is_named_while_it_is_at_it(records: Records) -> None:
    """Who has it, and until when; nobody after a crash for longer than that."""
    clock = TestClock()
    await put(records, made(state="approved"))
    box = Outbox(records, [Post(Crash())], clock)
    with pytest.raises(Crash):
        await box.deliver()
    posted = await box.show(made().id)
    assert posted.worker.split("-")[0].isdigit()
    assert posted.next_at == START + timedelta(minutes=15)


async def test_what_stops_the_program_each_time_is_left_in_the_end(records: Records) -> None:
    """An output that takes the machine down must not do so for ever."""
    clock, door = TestClock(), Door(*[Crash()] * 20)
    await put(records, made(1, state="approved"), made(2, state="approved"))
    box = Outbox(records, [door], clock)
    for _ in range(20):
        with pytest.raises(Crash):
            await box.deliver()
        clock.passes(hours=6)
    assert dict(await box.deliver()) == {"sent": 1}

    posted = await box.show(made(1).id)
    assert posted.output.state == "failed"
    assert "stopped each time" in posted.note
    assert (await box.show(made(2).id)).output.state == "sent"


async def test_a_long_list_of_delayed_outputs_costs_nothing(records: Records) -> None:
    """Only what is due is read: neither what waits for its time, nor what is done."""
    outputs, read = Outputs(records, Audit.of(records, TestClock())), []
    await put(records, *(made(number, state="approved") for number in range(60)))
    for number, record in enumerate(await outputs.due(START)):
        later = Change("approved", next_at=START + timedelta(hours=1))
        await outputs.change(record, later if number % 2 else Change("sent"), START)
    await put(records, made(99, state="approved"))

    query = records.store.query

    async def counted(*args: object, **more: object) -> object:
        page = await query(*args, **more)  # type: ignore[arg-type]
        read.extend(page.records)
        return page

    records.store.query = counted  # type: ignore[method-assign]
    box = Outbox(records, [Door()], TestClock())
    assert dict(await box.deliver()) == {"sent": 1}
    assert len(read) == 1
