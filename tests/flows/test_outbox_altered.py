"""What goes out is what was approved, whatever the store is made to say in the clear."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows.audit import Audit
from flows.errors import OperatorError, TransientError
from flows.model import OutputState
from flows.outbox import PERSON
from flows.outbox.standing import standing
from flows.ports import Record, Scalar
from flows.records import Records
from tests.flows.business import START, TestClock
from tests.flows.outputs import Door, Post, made, outbox, put, records_in, state_of

DUE = {"state": "approved", "next": START.isoformat(timespec="microseconds")}


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    async with records_in(tmp_path) as opened:
        yield opened


async def altered(records: Records, number: int = 1, **fields: Scalar) -> None:
    """Write over readable fields, as whoever has the database but not the keys can."""
    record = await _record(records, number)
    changed = replace(record, fields={**record.fields, **fields})
    await records.store.put(records.key, changed)


async def _record(records: Records, number: int = 1) -> Record:
    record = await records.get("output", made(number).id)
    assert record is not None
    return record


@pytest.mark.parametrize("state", ["approved", "sending"])
async def test_what_nobody_approved_does_not_go_out(records: Records, state: str) -> None:
    """It waits again, with a note, and the audit log tells; all others go out meanwhile."""
    await put(records, made(), made(2, state="approved"))
    await altered(records, **{**DUE, "state": state})
    door = Post()
    door.uses = Door.uses
    box = outbox(records, door)
    assert dict(await box.deliver()) == {"sent": 1}
    assert (door.asked, door.looked_up) == ([made(2).id], [])
    posted = await box.show(made().id)
    assert posted.output.state == ("waiting" if state == "approved" else "unknown")
    assert posted.next_at is None
    assert "nobody is known to have approved this" in posted.note
    entries = [each.entry async for each in Audit.of(records, TestClock()).log.entries()]
    assert ("output.unsent", (made().id,)) in [(e.action, e.subjects) for e in entries]
    assert dict(await box.deliver()) == {}
    await box.approve(made().id)
    assert dict(await box.deliver()) == {"sent": 1}


@pytest.mark.parametrize("end", ["reject", "cancel"])
async def test_what_was_closed_stays_closed(records: Records, end: str) -> None:
    await put(records, made())
    box = outbox(records, door := Door())
    if end == "cancel":
        await box.approve(made().id)
    await getattr(box, end)(made().id)
    await altered(records, **DUE)
    assert dict(await box.deliver()) == {}
    assert door.asked == []
    assert await state_of(box, made()) == "rejected"


@pytest.mark.parametrize("state", ["approved", "sending"])
async def test_what_is_sent_is_not_sent_again(records: Records, state: str) -> None:
    await put(records, made(state="approved"))
    box = outbox(records, door := Door())
    await box.deliver()
    await altered(records, **{**DUE, "state": state})
    assert dict(await box.deliver()) == {}
    assert door.asked == [made().id]
    with pytest.raises(OperatorError, match="is sent and cannot"):
        await box.retry(made().id)


async def test_what_may_be_out_is_looked_up_and_not_sent(records: Records) -> None:
    """Also where it is made to look as if nobody had begun to send it."""
    await put(records, made(state="approved", uses="mail.send"))
    post = Post(TransientError("away"), finds=True)
    post.uses = frozenset({"mail.send"})
    box = outbox(records, post)
    await box.deliver()
    record = await _record(records)
    sending = replace(await records.open(record, type(made())), state="sending")
    sealed = await records.seal("output", record.id, sending, record.fields)
    await records.store.put(records.key, sealed)
    await altered(records, **DUE)
    assert dict(await box.deliver()) == {"sent": 1}
    assert (len(post.sent), post.looked_up) == (1, [made().id])


async def test_a_failure_that_nobody_approved_is_not_tried_again(records: Records) -> None:
    await put(records, made())
    await altered(records, state="failed")
    with pytest.raises(OperatorError, match="is waiting and cannot"):
        await outbox(records, Door()).retry(made().id)


async def test_that_a_person_let_it_go_is_sealed(records: Records) -> None:
    """A mail that nobody had to approve says that a machine sent it, unless a person did."""
    await put(records, made(state="failed", uses="mail.send"), made(2, state="approved"))
    post = Post()
    post.uses = frozenset({"mail.send", "notify"})
    box = outbox(records, post)
    await altered(records, 2, decided=True, approver="owner")
    await box.approve(made().id)
    assert dict(await box.deliver()) == {"sent": 2}
    assert sorted(post.approvers) == ["", PERSON]


async def test_fields_that_say_something_else_do_not_lead_elsewhere(records: Records) -> None:
    """What a step put out goes to what takes that step, and the record is found by it again."""
    await put(records, *(made(number, state="approved") for number in (1, 2)))
    for number in (1, 2):
        await altered(records, number, uses="row.append", into="elsewhere", flow="another")
    box = outbox(records, door := Door())
    assert dict(await box.deliver()) == {"sent": 2}
    assert len(door.out) == 2
    fields = (await _record(records)).fields
    assert (fields["uses"], fields["into"], fields["flow"]) == ("notify", "", "repair")


async def test_one_that_does_not_open_holds_up_no_other(records: Records) -> None:
    """It is failed, with a note that says what to do; it can be listed beside the others."""
    await put(records, *(made(number, state="approved") for number in (1, 2)))
    record = await _record(records)
    moved = replace(record, sealed=(await _record(records, 2)).sealed)
    await records.store.put(records.key, moved)
    box = outbox(records, door := Door())
    assert dict(await box.deliver()) == {"sent": 1}
    assert door.asked == [made(2).id]
    fields = (await _record(records)).fields
    assert fields["state"] == "failed"
    assert "moved here" in str(fields["note"])
    assert "next" not in fields
    first, second = [each async for each in box.list()]
    assert (first.output.id, first.output.state) == (made().id, "failed")
    assert second.output.state == "sent"


MAY_GO: tuple[OutputState, ...] = ("approved", "sending")
STATES: tuple[OutputState, ...] = (*MAY_GO, "waiting", "sent", "failed", "unknown", "rejected")


@pytest.mark.parametrize("sealed", STATES)
def test_what_is_readable_lets_nothing_go_that_is_not_sealed_so(sealed: OutputState) -> None:
    for readable in STATES:
        assert standing(sealed, readable) not in MAY_GO or sealed in MAY_GO
    assert standing(sealed, sealed) == sealed
