"""The owner teaches: this mail was business, that one was private.

Nothing of a mail is kept but a lesson. The mail itself is read from where it lies, once for
its features and, when it turns out to be business, once more by the next sweep.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from flows.audit import Act, Audit
from flows.errors import OperatorError, SkipItem
from flows.intake.arrivals import Arrivals, Pointer
from flows.intake.parse import parse
from flows.intake.parties import OwnAddresses
from flows.intake.personal_lessons import Lesson, Said, lesson_of
from flows.model import Message
from flows.ports import Clock, Mailbox, MailRef, Record, Where, Write
from flows.records import Records

MOST_WRITES: Final = 100
"""Writes that a store takes at once; a mail with more of them is left to expire."""

UNDECIDED: Final = frozenset({"waiting", "failed", "unknown", "rejected"})
"""States of outputs that go with a mail; what went out stays, for it was done."""


@dataclass(frozen=True, slots=True)
class Passed:
    """One mail that was taken for personal: its id, and where a person finds it."""

    id: str
    source: str
    day: str
    pointer: Pointer


@dataclass(frozen=True, slots=True)
class Taught:
    """A lesson as it is recorded, and what becomes of the mail itself."""

    id: str
    lesson: Lesson
    then: str


class Teacher:
    """Teaches one business."""

    def __init__(
        self,
        records: Records,
        mailboxes: Mapping[str, Mailbox],
        *,
        own: OwnAddresses,
        clock: Clock,
        audit: Audit | None = None,
    ) -> None:
        self._audit = audit or Audit.of(records, clock)
        self._records, self._mailboxes = records, mailboxes
        self._own, self._clock = own, clock

    async def passed(self) -> AsyncIterator[Passed]:
        """Yield the mail that was counted as personal and not stored, the latest first."""
        where = [Where("state", "=", "skipped"), Where("reason", "=", "personal")]
        async for record, pointer in self._records.opened(
            "arrival", Pointer, where=where, order="day", descending=True
        ):
            fields = record.fields
            yield Passed(record.id, str(fields["source"]), str(fields["day"]), pointer)

    async def lessons(self) -> AsyncIterator[tuple[str, Lesson]]:
        """Yield each lesson with its id, the oldest first."""
        async for record, lesson in self._records.opened("lesson", Lesson, order="taught"):
            yield record.id, lesson

    async def teach(self, start: str, said: Said) -> Taught:
        """Record what *said* tells of the mail whose id begins with *start*.

        The id is that of a mail passed over, or of a stored one. What was passed over and is
        business is read again by the next sweep; what is stored and is private is removed,
        with the outputs of it that have not gone out.

        Raises:
            OperatorError: No mail has such an id, or several; it lies there no more.
            TransientError, AdministratorError: From the source or the store.
        """
        arrival = await self._arrival(start)
        message = await self._read(arrival)
        now = self._clock.now()
        lesson = await lesson_of(self._records, message, self._own, said, now)
        lesson_id = await self._records.record_id("lesson", message.id)
        fields = {"said": said, "taught": now.isoformat()}
        record = await self._records.seal("lesson", lesson_id, lesson, fields)
        writes, then = await self._moves(arrival, message, said)
        async with self._audit.act(*_acts(arrival, lesson_id, said, writes)):
            await self._records.store.batch(
                self._records.key, [Write(op="put", record=record), *writes]
            )
        return Taught(lesson_id, lesson, then)

    async def forget(self, start: str) -> str:
        """Remove the lesson whose id begins with *start*, and return its id.

        Raises:
            OperatorError: There is none, or more than one.
        """
        found = await self._beginning("lesson", "id", start)
        if len(found) != 1:
            raise _not_one("lesson", start, len(found), "jigajob teach --list")
        act = Act(action="lesson.forget", authority="command teach", subjects=[found[0].id])
        async with self._audit.act(act):
            await self._records.store.delete(self._records.key, "lesson", found[0].id)
        return found[0].id

    async def _arrival(self, start: str) -> Record:
        found = await self._beginning("arrival", "id", start)
        found += await self._beginning("arrival", "message", start)
        if len({str(each.fields["message"]) or each.id for each in found}) != 1:
            raise _not_one("mail", start, len(found), "jigajob teach --passed")
        arrival = found[0]
        if arrival.fields["reason"] not in ("", "personal"):
            raise OperatorError(
                f"this mail is {arrival.fields['state']} as {arrival.fields['reason']}",
                fix="only mail that is stored, or skipped as personal, can be taught",
            )
        return arrival

    async def _beginning(self, kind: str, field: str, start: str) -> list[Record]:
        if not start or not start.isascii():  # ids are; a store need not take every other text
            return []
        page = await self._records.store.query(
            self._records.key, kind, where=[Where(field, "prefix", start)], limit=10
        )
        return list(page.records)

    async def _read(self, arrival: Record) -> Message:
        source = str(arrival.fields["source"])
        mailbox = self._mailboxes.get(source)
        if mailbox is None:
            raise OperatorError(
                "this is no mail of a mailbox in the flows file",
                fix="give the id of a mail, from `jigajob teach --passed`",
            )
        pointer = await self._records.open(arrival, Pointer)
        ref = MailRef(native_id=pointer.native_id, folder=pointer.folder, size=0)
        try:
            raw = await mailbox.fetch(ref)
            message = parse(raw, source=source, folder=ref.folder, own=self._own)
        except SkipItem as skip:
            raise OperatorError(
                f"the mail cannot be read any more ({skip.reason})",
                fix="put it back where it was, or teach with another mail of this kind",
            ) from None
        return replace(
            message,
            id=await self._records.record_id("message", message.id),
            thread=await self._records.record_id("thread", message.thread),
        )

    async def _moves(
        self, arrival: Record, message: Message, said: Said
    ) -> tuple[list[Write], str]:
        """Return what else is to be written, and what that means, in words."""
        stored = arrival.fields["state"] == "stored"
        if said == "business":
            if stored:
                return [], "it is stored already"
            # Without its arrival it is new to the sweep, and without the cursor the source
            # shows it again, whichever way the source has of telling what is new.
            source = str(arrival.fields["source"])
            gone = [arrival, Record(kind="cursor", id=source)]
            writes = [Write(op="delete", record=each) for each in gone]
            return writes, "the next run reads it again, and stores it"
        if not stored:
            return [], "it stays out"
        return await self._removal(message), "it is removed from what is stored"

    async def _removal(self, message: Message) -> list[Write]:
        writes = []
        where = [Where("message", "=", message.id)]
        async for arrival in self._records.each("arrival", where=where):
            pointer = await self._records.open(arrival, Pointer)
            day = datetime.fromisoformat(str(arrival.fields["day"])).replace(tzinfo=UTC)
            arrivals = Arrivals(self._records, str(arrival.fields["source"]))
            skipped = await arrivals.record(pointer, "skipped", "personal", day=day)
            writes.append(Write(op="put", record=skipped))
        writes.append(Write(op="delete", record=Record(kind="message", id=message.id)))
        sealed = [each async for each in self._records.each("attachment", where=where)]
        writes += [Write(op="delete", record=each) for each in sealed]
        made = [Where("trigger", "=", message.id)]
        outputs = [each async for each in self._records.each("output", where=made)]
        undecided = [each for each in outputs if each.fields["state"] in UNDECIDED]
        writes += [Write(op="delete", record=each) for each in undecided]
        if len(writes) >= MOST_WRITES:
            raise OperatorError(
                "too much was made of this mail to remove it at once",
                fix="reject what waits of it: jigajob outbox reject; the rest expires",
            )
        return writes


def _acts(arrival: Record, lesson: str, said: Said, writes: Sequence[Write]) -> list[Act]:
    """Return what a lesson does: it is taught, and what is private is removed."""
    taught = Act(
        action="lesson.teach",
        authority="command teach",
        subjects=[lesson, arrival.id],
        details={"said": said},
    )
    gone = [each.record.id for each in writes if each.op == "delete"]
    if said == "business" or not gone:
        return [taught]
    erased = Act(action="record.erase", authority="command teach", subjects=gone)
    return [taught, erased]


def _not_one(what: str, start: str, number: int, command: str) -> OperatorError:
    several = "several ids begin" if number else f"no {what} has an id that begins"
    return OperatorError(f"{several} with {start!r}", fix=f"`{command}` shows the ids")
