"""The records of outputs: what the store shows of each, and how that changes.

    state      as `flows.model.OutputState`
    attempts   how often it was tried since it was approved last
    since      when the first of these tries was
    next       from when on a worker may take it up; only where one may. Of what waits: until
               when it may be decided, where its flow says so
    worker     who has it at the moment, until `next`
    note       where it went, or what went wrong
    lane       keyed hash of what it goes out in one line with, and its `place` among what its
               run made; only where its flow says `concurrency`

Only that has a `next` which a worker has to look at, so that one look at that field alone finds
all that is due, however many others there are. What is approved and in a round
(`flows.outbox.rounds`) is shown to people as `sending`.

What is readable finds outputs; what is sealed decides about them (`flows.outbox.standing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from flows.errors import RecordExists
from flows.model import Output, OutputState, Slot
from flows.ports import Record, Scalar, Where, Write
from flows.records import Records

OUTPUT: Final = "output"
"""Kind of these records."""

AT_ONCE: Final = 60
"""Outputs in one batch: as many as leave room for the mail and all else that belongs to it."""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of an output: its state, what is noted, and when a worker may take it.

    *decided* is whether a person lets it go now; *approver* who has to approve it from now on,
    or has, where a deadline says so (None: as before); *superseded_by* the output in its place.
    """

    state: OutputState
    note: str = ""
    next_at: datetime | None = None
    worker: str = ""
    attempts: int = 0
    since: datetime | None = None
    decided: bool = False
    approver: str | None = None
    superseded_by: str = ""


def stamp(moment: datetime) -> str:
    """Return a time in UTC as text that sorts as times do."""
    return moment.isoformat(timespec="microseconds")


async def output_record(
    records: Records, output: Output, *, expires_at: datetime | None
) -> Record:
    """Return the record of a new output, not yet stored.

    The key of its lane, which may name somebody, becomes a keyed hash.
    """
    if output.terms.lane:
        lane = await records.record_id("lane", output.terms.lane)
        output = replace(output, agreed=replace(output.terms, lane=lane))
    note = ""
    if output.state == "failed":
        note = f"{output.body.get('problem', '')}\n  fix: {output.body.get('fix', '')}"
    fields: dict[str, Scalar] = {
        **found_by(output),
        "changed": output.created_at.isoformat(),
        "note": _storable(note),
        "attempts": 0,
    }
    if output.state == "approved":
        fields["next"] = stamp(output.created_at)
    elif output.state == "waiting" and output.terms.deadline:
        fields["next"] = stamp(output.terms.deadline.at)
    return await records.seal(OUTPUT, output.id, output, fields, expires_at=expires_at)


async def output_writes(
    records: Records, outputs: Sequence[Output], *, expires_at: datetime | None
) -> list[Write]:
    """Return the writes of new outputs, for one batch with what they came of.

    A batch takes so many writes and no more. What does not fit is stored before it, the first
    outputs first, so that a lane keeps its order. Done again after a crash, what is there
    already stays as it is.
    """
    early, rest = outputs[:-AT_ONCE], outputs[-AT_ONCE:]
    for output in early:
        await put_out(records, output, expires_at=expires_at)
    made = [await output_record(records, each, expires_at=expires_at) for each in rest]
    return [Write(op="create", record=record) for record in made]


async def put_out(records: Records, output: Output, *, expires_at: datetime | None) -> bool:
    """Store an output by itself, once; return whether it is new.

    None keeps it for good.
    """
    record = await output_record(records, output, expires_at=expires_at)
    try:
        await records.store.create(records.key, record)
    except RecordExists:
        return False
    return True


async def made_slots(records: Records, trigger: str) -> set[Slot]:
    """Return what was made of one item before, under whatever version, in whatever state."""
    where = [Where("trigger", "=", trigger)]
    return {
        (await records.open(record, Output)).slot
        async for record in records.each(OUTPUT, where=where)
    }


def found_by(output: Output) -> dict[str, Scalar]:
    """Return the fields by which an output is found: they say again what is sealed in it."""
    terms = output.terms
    lane: dict[str, Scalar] = {"lane": terms.lane, "place": terms.place} if terms.lane else {}
    return {
        "flow": output.flow,
        "step": output.step,
        "uses": output.uses,
        "into": output.into,
        "state": output.state,
        "approver": output.approver,
        "trigger": output.trigger,
        "created": output.created_at.isoformat(),
        **lane,
    }


def noted(record: Record, change: Change, now: datetime) -> Record:
    """Return the record with the change in what is readable."""
    fields: dict[str, Scalar] = {
        **record.fields,
        "state": change.state,
        "note": _storable(change.note),
        "changed": now.isoformat(),
        "attempts": change.attempts,
    }
    passing = {
        "next": change.next_at and stamp(change.next_at),
        "since": change.since and stamp(change.since),
        "worker": change.worker,
    }
    for name, value in passing.items():
        fields.pop(name, None)
        if value:
            fields[name] = value
    return replace(record, fields=fields)


def _storable(note: str) -> str:
    """Return *note* without halves of characters, which paths on a disk may hold."""
    return note.encode("utf-8", "backslashreplace").decode()
