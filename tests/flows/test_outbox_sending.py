"""Mail on its way out: sent once, looked up after a crash, and to the right outlet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.errors import (
    AdministratorError,
    DeliveryUnknown,
    OperatorError,
    SignInNeeded,
    TransientError,
)
from flows.model import Output
from flows.outbox import Outbox
from flows.records import Records
from tests.flows.business import Business, TestClock, mail
from tests.flows.outputs import Crash, Door, Post, made, outbox, put, records_in, state_of


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    async with records_in(tmp_path) as opened:
        yield opened


async def left_sending(records: Records, clock: TestClock, post: Post) -> Output:
    """Let the machine go down right after *post* has sent."""
    output = made(state="approved")
    await put(records, output)
    with pytest.raises(Crash):
        await Outbox(records, [post], clock).deliver()
    return output


@pytest.mark.parametrize(
    ("finds", "state", "counted"),
    [
        (True, "sent", "sent"),
        (False, "unknown", "unknown"),
        (TransientError("the mailbox is away"), "sending", "later"),
        (SignInNeeded("expired", "sign in again", fix="do"), "sending", "later"),
        (AdministratorError("no such folder", fix="do"), "unknown", "unknown"),
        (ValueError("Maria Lopez"), "unknown", "unknown"),
    ],
)
async def test_what_may_be_out_is_looked_up_and_never_sent_again(
    records: Records, finds: bool | Exception, state: str, counted: str
) -> None:
    """Found in `sending` by an outlet that cannot take the same twice as once."""
    clock, post = TestClock(), Post(Crash(), finds=finds)
    output = await left_sending(records, clock, post)
    box = Outbox(records, [post], clock)

    clock.passes(minutes=14)
    assert dict(await box.deliver()) == {}  # it may be at work right now
    assert post.looked_up == []
    clock.passes(minutes=2)
    assert dict(await box.deliver()) == {counted: 1}

    posted = await box.show(output.id)
    assert posted.output.state == state
    assert "Lopez" not in posted.note
    assert (post.sent, post.looked_up) == ([output.id], [output.id])


async def test_a_person_who_approves_what_is_unknown_has_it_sent_again(
    records: Records,
) -> None:
    """Somebody has looked; it goes out once more, and as approved by a person."""
    clock, post = TestClock(), Post(DeliveryUnknown("lost the answer"))
    output = made(state="approved")
    await put(records, output)
    box = Outbox(records, [post], clock)
    assert dict(await box.deliver()) == {"unknown": 1}
    assert dict(await box.deliver()) == {}

    await box.approve(output.id)

    assert dict(await box.deliver()) == {"sent": 1}
    assert (len(post.sent), post.looked_up) == (2, [])
    assert post.approvers == ["", "person"]


async def test_an_outlet_is_told_who_approved(records: Records) -> None:
    """Nobody has, for what needs no approval."""
    post = Post()
    waiting = made(1)
    await put(records, waiting, made(2, state="approved"))
    box = outbox(records, post)
    await box.approve(waiting.id)
    await box.deliver()
    assert post.approvers == ["owner", ""]


async def test_of_two_workers_one_takes_up_what_a_third_left(tmp_path: Path) -> None:
    """Both find it past its time; one of them looks it up."""
    async with records_in(tmp_path) as mine, records_in(tmp_path) as yours:
        clock, post = TestClock(), Post(Crash(), finds=True)
        await left_sending(mine, clock, post)
        clock.passes(minutes=16)
        here, there = Outbox(mine, [post], clock), Outbox(yours, [post], clock)

        counts = await asyncio.gather(here.deliver(), there.deliver())

        assert sum(count["sent"] for count in counts) == 1
        assert (len(post.looked_up), len(post.sent)) == (1, 1)


async def test_two_workers_send_each_output_once(tmp_path: Path) -> None:
    """Whoever marks it as `sending` first sends it; the other leaves it alone."""
    async with records_in(tmp_path) as mine, records_in(tmp_path) as yours:
        outputs = [made(number, state="approved") for number in range(20)]
        await put(mine, *outputs)
        post = Post()

        await asyncio.gather(outbox(mine, post).deliver(), outbox(yours, post).deliver())

        assert sorted(post.sent) == sorted(output.id for output in outputs)
        assert post.looked_up == []


async def test_an_outlet_that_never_ends_is_left(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its output may go out yet, so a person decides."""

    class Asleep(Post):
        async def deliver(self, output: Output) -> str:
            return await asyncio.Event().wait() and ""

    monkeypatch.setattr("flows.outbox.delivery.LONGEST", timedelta(milliseconds=20))
    output = made(state="approved")
    await put(records, output)
    box = outbox(records, Asleep())
    assert dict(await box.deliver()) == {"unknown": 1}
    assert "no answer" in (await box.show(output.id)).note


async def test_a_clean_stop_ends_what_is_at_hand_and_begins_nothing_more(
    records: Records,
) -> None:
    """Else each stop of the program would leave a mail for a person to look up."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    class Slow(Post):
        async def deliver(self, output: Output) -> str:
            begun.set()
            await go_on.wait()
            return await super().deliver(output)

    outputs = [made(number, state="approved") for number in (1, 2)]
    await put(records, *outputs)
    post = Slow()
    box = outbox(records, post)
    delivery = asyncio.create_task(box.deliver())
    await begun.wait()
    delivery.cancel()
    await asyncio.sleep(0.01)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await delivery

    assert [await state_of(box, each) for each in outputs] == ["sent", "approved"]
    assert post.sent == [outputs[0].id]


async def test_what_came_from_a_mailbox_goes_to_its_own_outlet(records: Records) -> None:
    """Where it has one for the step; all else goes to the outlet of all."""
    general, office = Door(), Door()
    ours = replace(made(1, state="approved"), source="office")
    theirs = replace(made(2, state="approved"), source="books")
    await put(records, ours, theirs, made(3, state="approved"))
    box = Outbox(records, [general], TestClock(), {"office": [office], "books": []})

    assert dict(await box.deliver()) == {"sent": 3}

    assert (set(office.out), set(general.out)) == ({ours.id}, {theirs.id, made(3).id})


async def test_a_reply_knows_its_mailbox_and_the_mail_that_it_answers(
    business: Business,
) -> None:
    """By the mailbox's own id, which is sealed: it may be a path that names people."""
    business.gets(mail(), "mail/Maria Lopez.eml")
    await business.sweeps()

    async with business.open() as app:
        [ref] = (await app.mailboxes["office"].page("", 10)).refs
        [answer] = [each.output async for each in app.outbox.list("waiting")]
        record = await app.records.get("output", answer.id)

    assert (answer.source, answer.approver) == ("office", "owner")
    assert answer.body["reply_to_native"] == ref.native_id
    assert record is not None
    assert "Lopez" not in str(record.fields)


@pytest.mark.parametrize(
    ("uses", "way"),
    [("reply.send", "reply.draft"), ("mail.send", "mail.draft"), ("mail.mark", "leave the")],
)
async def test_what_a_source_cannot_do_is_told_with_what_it_can(
    records: Records, uses: str, way: str
) -> None:
    """A folder of files sends nothing; approving it again is no way out."""
    output = replace(made(1, state="approved", uses=uses), source="files")
    await put(records, output)
    office = Door()
    office.uses = frozenset({uses})
    box = Outbox(records, [Door()], TestClock(), {"office": [office]})

    assert dict(await box.deliver()) == {"failed": 1}

    note = (await box.show(output.id)).note
    assert "files" in note
    assert way in note
    with pytest.raises(OperatorError, match=r"reject it to close it") as stopped:
        await box.approve(output.id)
    assert way in stopped.value.fix
