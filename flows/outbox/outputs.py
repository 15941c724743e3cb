"""The outputs of one business: found, opened, and changed by whoever was not too late."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from flows.audit import Audit
from flows.audit.deliveries import unsent
from flows.errors import OperatorError, RecordExists, RecordMissing, StaleRecord, Unopened
from flows.model import Output, OutputState
from flows.outbox.record import OUTPUT, Change, found_by, noted, stamp
from flows.outbox.rounds import OpenRounds
from flows.outbox.standing import NOT_SEALED, standing
from flows.ports import Record, Where, Write
from flows.records import Records

PERSON: Final = "person"
"""Approver of what needed nobody's approval, and was let go by a person all the same."""


@dataclass(frozen=True, slots=True)
class Posted:
    """An output as the outbox holds it.

    Attributes:
        output: The output, in its present state.
        note: Where it went, or what went wrong.
        changed_at: When its state last changed.
        attempts: How often it was tried since it was approved last.
        next_at: When it is tried again, or when the lease of its worker ends; None where
            no worker will take it up.
        worker: Who is at it now; empty for nobody.
        behind: The id of the output after which it goes out; empty where it waits for none.
    """

    output: Output
    note: str
    changed_at: datetime
    attempts: int = 0
    next_at: datetime | None = None
    worker: str = ""
    behind: str = ""


class Outputs:
    """The records of the outputs of one business.

    *audit* is told of what looked as if it might go out, and was not sealed so.
    """

    def __init__(self, records: Records, audit: Audit) -> None:
        self._records, self._audit, self._rounds = records, audit, OpenRounds(records)

    async def each(self, *states: OutputState) -> AsyncIterator[Posted]:
        """Yield the outputs in these states (none given: in any), oldest first.

        One that does not open is told of by what is readable, and keeps nobody from the others.
        """
        rounds = await self._rounds.read()
        kept = {*states, "approved"} if "sending" in states else {*states}
        where = [Where("state", "in", tuple(sorted(kept)))] if states else []
        async for record in self._records.each(OUTPUT, where=where, order="created"):
            shown = rounds.shown(record)
            if states and shown.fields.get("state") not in states:
                continue
            try:
                yield await self.posted(shown)
            except Unopened as error:
                yield _unopened(shown, error)

    async def due(self, now: datetime) -> list[Record]:
        """Return what a worker may take up now, and what waits past its deadline; oldest first.

        What is not sealed as approved goes back to where it stands, and what does not open is
        failed: neither goes out, and neither holds up the others.
        """
        # Read to the end first: states change under the query while we deliver.
        where = [Where("next", "<=", stamp(now))]
        found = [
            record async for record in self._records.each(OUTPUT, where=where, order="next")
        ]
        due: list[Record] = []
        held: dict[str, str] = {}
        for record in found:
            try:
                righted, output = await self._righted(record)
                until = output.terms.deadline.at if output.terms.deadline else None
                is_late = output.state == "waiting" and until is not None and until <= now
                if is_late or output.state in ("approved", "sending"):
                    due.append(righted)
                    continue
                held[record.id] = output.state
                until = until if output.state == "waiting" else None
                change = Change(output.state, NOT_SEALED, next_at=until)
                changed = await self._changed(record, change, now)
            except Unopened as error:
                held[record.id] = "failed"
                changed = noted(record, Change("failed", str(error)), now)
            with suppress(StaleRecord, RecordMissing):  # somebody is at it: by the next look
                await self._records.store.put(self._records.key, changed, etag=record.etag)
        await self._audit.note(*unsent(held))
        return sorted(due, key=lambda record: (str(record.fields["created"]), record.id))

    async def find(self, start: str) -> Record:
        """Return the one output whose id begins with *start*, as people type ids and see it.

        Raises:
            OperatorError: There is none, or more than one.
        """
        if not start:
            raise OperatorError(
                "no id was given", fix="see `jigajob outbox list --all` for the ids"
            )
        found: tuple[Record, ...] = ()
        if start.isascii():  # ids are; a store need not take every other text
            where = [Where("id", "prefix", start)]
            page = await self._records.store.query(
                self._records.key, OUTPUT, where=where, limit=2
            )
            found = page.records
        if len(found) != 1:
            number = "several outputs begin" if found else "no output begins"
            raise OperatorError(
                f"{number} with {start!r}", fix="see `jigajob outbox list --all` for the ids"
            )
        righted, _ = await self._righted(found[0])
        return (await self._rounds.read()).shown(righted)

    async def open(self, record: Record) -> Output:
        """Return the output in its present state, as an outlet is given it."""
        _, output = await self._righted(record)
        return output

    async def posted(self, record: Record) -> Posted:
        """Return the output with what the outbox knows of it."""
        return _posted(record, await self.open(record))

    async def change(
        self, record: Record, change: Change, now: datetime, *also: Write
    ) -> Record:
        """Write the change, and *also* in one with it; return the record as it is then.

        Raises:
            StaleRecord, RecordMissing: Somebody else was at it since it was read.
        """
        changed = await self._changed(record, change, now)
        if not also:
            return await self._records.store.put(self._records.key, changed, etag=record.etag)
        writes = [Write(op="put", record=changed, etag=record.etag), *also]
        return (await self._records.store.batch(self._records.key, writes))[0]

    async def decide(self, record: Record, change: Change, now: datetime) -> Record:
        """Write what a person decided; see `change`. Not of what is about to go out.

        Raises:
            StaleRecord, RecordMissing: As `change`, or a worker takes it up just now.
        """
        if "next" not in record.fields:
            return await self.change(record, change, now)  # in no round
        write = Write(
            op="put", record=await self._changed(record, change, now), etag=record.etag
        )
        while True:
            rounds = await self._rounds.read()
            if record.id in rounds.named:
                raise StaleRecord(f"output {record.id} is being carried out")
            try:
                both = [write, await self._rounds.write_of(rounds)]
                return (await self._records.store.batch(self._records.key, both))[0]
            except (RecordExists, StaleRecord):
                if (await self._rounds.read()).etag == rounds.etag:
                    raise  # it was the output

    async def change_all(
        self, changes: Sequence[tuple[Record, Change]], now: datetime
    ) -> Sequence[Record]:
        """Write up to 100 changes, all or none; see `change`."""
        writes = [
            Write(
                op="put",
                record=await self._changed(record, change, now),
                etag=record.etag,
            )
            for record, change in changes
        ]
        return await self._records.store.batch(self._records.key, writes)

    async def of_trigger(self, trigger: str) -> list[tuple[Record, Output]]:
        """Return the outputs that came of one item, under whatever version, oldest first.

        Raises:
            AdministratorError: One of them does not open, so that nobody knows what it is.
        """
        where = [Where("trigger", "=", trigger)]
        found = [
            await self._righted(record)
            async for record in self._records.each(OUTPUT, where=where)
        ]
        return sorted(found, key=lambda each: (each[1].created_at, each[0].id))

    async def superseding(self, record: Record, by: str, now: datetime) -> Write:
        """Return the write that closes an output which is not out, as another took its place.

        It fails if anybody was at the output since it was read.
        """
        change = Change("rejected", f"superseded by {by}", superseded_by=by)
        changed = await self._changed(record, change, now)
        return Write(op="put", record=changed, etag=record.etag)

    async def _righted(self, record: Record) -> tuple[Record, Output]:
        """Return the record with the fields that fit what is sealed, and the output."""
        output = await self._records.open(record, Output)
        shown: OutputState = record.fields.get("state")  # type: ignore[assignment]  # or any
        output = replace(output, state=standing(output.state, shown))
        return replace(record, fields={**record.fields, **found_by(output)}), output

    async def _changed(self, record: Record, change: Change, now: datetime) -> Record:
        """Return the record with the change in what is readable and in what is sealed."""
        output = await self._records.open(record, Output)
        approver = output.approver or (PERSON if change.decided else "")
        if change.approver is not None:
            approver = change.approver
        is_decided = change.approver is not None or change.state != "waiting"
        if is_decided and output.terms.deadline:
            output = replace(output, agreed=replace(output.terms, deadline=None))
        output = replace(
            output,
            state=change.state,
            approver=approver,
            superseded_by=change.superseded_by,
        )
        fields = {**noted(record, change, now).fields, **found_by(output)}
        sealed = await self._records.seal(
            OUTPUT, record.id, output, fields, expires_at=record.expires_at
        )
        return replace(record, fields=sealed.fields, sealed=sealed.sealed)


def _posted(record: Record, output: Output) -> Posted:
    fields = record.fields
    next_at = fields.get("next") if output.state in ("approved", "sending") else None
    return Posted(
        output,
        str(fields.get("note") or ""),
        datetime.fromisoformat(str(fields.get("changed") or output.created_at)),
        attempts=int(fields.get("attempts") or 0),
        next_at=datetime.fromisoformat(str(next_at)) if next_at else None,
        worker=str(fields.get("worker") or ""),
    )


def _unopened(record: Record, error: Unopened) -> Posted:
    fields = record.fields
    output = Output(
        id=record.id,
        flow=str(fields.get("flow") or ""),
        flow_version="",
        trigger=str(fields.get("trigger") or ""),
        step=str(fields.get("step") or ""),
        uses=str(fields.get("uses") or ""),
        approver=str(fields.get("approver") or ""),
        state="failed",
        body={"problem": error.what, "fix": error.fix},
        summary="Cannot be opened: altered, or its key is missing",
        created_at=datetime.fromisoformat(str(fields["created"])),
    )
    return _posted(replace(record, fields={**fields, "note": str(error)}), output)
