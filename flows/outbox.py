"""Outputs on their way out: waiting, approved, sending, sent, failed, unknown, rejected.

    waiting ──approve──> approved ──> sending ──> sent
       └────reject────> rejected         ├──────> failed    somebody must act, then approve
                                         └──────> unknown   a person decides

Every step is a conditional write, so two people cannot both decide, and two workers cannot
both send. An output found in `sending` belongs to a worker that died, or to one at work right
now. Most outlets take the same output twice as once: it is delivered again. An outlet that
sends (`flows.ports.Resuming`) cannot promise that: it is left alone for as long as a living
worker may take, then looked up, and where that does not tell, a person decides.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from flows.errors import (
    DeliveryUnknown,
    JigajobError,
    OperatorError,
    SignInNeeded,
    StaleRecord,
    TransientError,
)
from flows.model import Output, OutputState
from flows.ports import Clock, Gathering, Outlet, Record, Resuming, Scalar, Where, Write
from flows.records import Records

T = TypeVar("T")

LONGEST: Final = timedelta(minutes=10)
"""How long one delivery may take; then its outlet is left, and the output is unknown."""

LEASE: Final = timedelta(minutes=15)
"""How long an output in `sending` is taken to be in a living worker's hands."""

AT_ONCE: Final = 100
"""Outputs that an outlet is given at once: as many as a batch of the store takes."""

_OPEN: Final = ("waiting", "failed", "unknown")
_CONNECT: Final = "connect a mailbox that can send (`smtp` of an IMAP source)"
PERSON: Final = "person"
_BOOKS: Final = "let `books` of the step name a source that `uses: business_central`"
_MISSING: Final = {
    "quote.send": _BOOKS,
    "invoice.open": _BOOKS,
    "reply.send": f"{_CONNECT}, or use reply.draft",
    "mail.send": f"{_CONNECT}, or use mail.draft",
    "mail.mark": "trigger the flow by a mailbox on a server, or leave the step out",
}


@dataclass(frozen=True, slots=True)
class Posted:
    """An output as the outbox holds it: `note` says where it went or what went wrong."""

    output: Output
    note: str
    changed_at: datetime


async def output_record(
    records: Records, output: Output, *, expires_at: datetime | None
) -> Record:
    """Return the record of a new output, not yet stored."""
    note = ""
    if output.state == "failed":
        note = f"{output.body.get('problem', '')}\n  fix: {output.body.get('fix', '')}"
    fields = {
        "flow": output.flow,
        "step": output.step,
        "uses": output.uses,
        "into": output.into,
        "state": output.state,
        "approver": output.approver,
        "trigger": output.trigger,
        "created": output.created_at.isoformat(),
        "changed": output.created_at.isoformat(),
        "note": _storable(note),
    }
    return await records.seal("output", output.id, output, fields, expires_at=expires_at)


class Outbox:
    """The outputs of one business."""

    def __init__(
        self,
        records: Records,
        outlets: Iterable[Outlet],
        clock: Clock,
        of_source: Mapping[str, Iterable[Outlet]] | None = None,
        into: Mapping[str, Outlet] | None = None,
    ) -> None:
        """Open the outbox; what came from a source goes to its outlets *of_source* first.

        What a step puts *into* a source by its name goes to that outlet, and to no other.
        """
        self._records, self._clock = records, clock
        self._into = into or {}
        every = {"": outlets, **(of_source or {})}
        self._outlets = {
            (source, uses): outlet
            for source, several in every.items()
            for outlet in several
            for uses in outlet.uses
        }

    async def list(self, *states: OutputState) -> AsyncIterator[Posted]:
        """Yield the outputs in these states (none given: in any), oldest first."""
        where = [Where("state", "in", states)] if states else []
        async for record in self._records.each("output", where=where, order="created"):
            yield await self._posted(record)

    async def show(self, output_id: str) -> Posted:
        """Return the output whose id is, or alone begins with, *output_id*.

        Raises:
            OperatorError: There is none, or more than one.
        """
        return await self._posted(await self._find(output_id))

    async def approve(self, output_id: str) -> Posted:
        """Let an output go out with the next delivery, and return it.

        Raises:
            OperatorError: It does not exist, or is past deciding.
        """
        return await self._decide(output_id, "approved")

    async def reject(self, output_id: str) -> Posted:
        """Close an output without sending it, and return it.

        Raises:
            OperatorError: It does not exist, or is past deciding.
        """
        return await self._decide(output_id, "rejected")

    async def deliver(self) -> Counter[str]:
        """Carry out everything approved, and return how many ended in which state.

        What fails for now stays approved and is tried again in the next sweep, and is
        counted as `later`. Cancelled, it first brings the output at hand to its end.
        """
        ended: Counter[str] = Counter()
        # Read to the end first: states change under the query while we deliver.
        where = [Where("state", "in", ("approved", "sending"))]
        due = [record async for record in self._records.each("output", where=where)]
        due.sort(key=lambda record: (str(record.fields["created"]), record.id))
        for start in range(0, len(due), AT_ONCE):
            ended += await self._deliver_some(due[start : start + AT_ONCE])
        return ended

    async def _deliver_some(self, due: Sequence[Record]) -> Counter[str]:
        """Deliver what an outlet takes together, then all others, one after another."""
        ended: Counter[str] = Counter()
        together: dict[str, list[Record]] = {}
        for record in due:
            if not record.fields["into"]:  # a named outlet takes one at a time
                together.setdefault(str(record.fields["uses"]), []).append(record)
        delivered: set[str] = set()
        for uses, records in together.items():
            gathering = self._gathering(uses)
            if gathering is not None and len(records) > 1:
                ended += await _to_its_end(self._deliver_together(gathering, records))
                delivered |= {record.id for record in records}
        for record in due:
            if record.id not in delivered:
                ended[await _to_its_end(self._deliver(record))] += 1
        return ended

    def _gathering(self, uses: str) -> Gathering | None:
        outlet = self._outlets.get(("", uses))
        of_sources = any(source and step == uses for source, step in self._outlets)
        return outlet if isinstance(outlet, Gathering) and not of_sources else None

    async def _deliver_together(
        self, outlet: Gathering, records: Sequence[Record]
    ) -> Counter[str]:
        """Deliver at once, or one after another where anything is in the way of that."""
        try:
            outputs = [await self._output(record) for record in records]
            records = await self._move_all(records, "sending", [""] * len(records))
            async with asyncio.timeout(LONGEST.total_seconds()):
                notes = await outlet.deliver_all(outputs)
            await self._move_all(records, "sent", notes)
            return Counter(sent=len(records))
        except Exception:  # noqa: BLE001 - delivered by itself, each output tells what is wrong
            return Counter([await self._deliver(record) for record in records])

    async def _deliver(self, record: Record) -> str:
        output = await self._output(record)
        outlet, again = self._outlet(output), record.fields["state"] == "sending"
        if again and isinstance(outlet, Resuming) and self._at_work(record):
            return "elsewhere"
        try:
            # Also where it is `sending` already: of two workers that find it, one has it then.
            record = await self._move(record, "sending", "")
            if again and isinstance(outlet, Resuming):
                state, note = await _resume(outlet, output)
            else:
                state, note = await _hand_over(outlet, output)
            await self._move(record, state, note)
        except StaleRecord:  # another worker took it, with the same result
            return "elsewhere"
        return "later" if state in ("approved", "sending") else state

    async def _output(self, record: Record) -> Output:
        output = await self._records.open(record, Output)
        if record.fields.get("decided"):
            output = replace(output, approver=output.approver or PERSON)
        return output

    def _outlet(self, output: Output) -> Outlet | None:
        """Return what takes the output: what it names, else of its source, else of all."""
        if output.into:
            named = self._into.get(output.into)
            return named if named and output.uses in named.uses else None
        general = self._outlets.get(("", output.uses))
        return self._outlets.get((output.source, output.uses), general)

    def _at_work(self, record: Record) -> bool:
        changed = datetime.fromisoformat(str(record.fields["changed"]))
        return self._clock.now() < changed + LEASE

    async def _decide(self, output_id: str, state: OutputState) -> Posted:
        record = await self._find(output_id)
        before = str(record.fields["state"])
        if before == state:  # deciding the same again is no mistake
            return await self._posted(record)
        if before not in _OPEN:
            raise OperatorError(
                f"output {output_id} is {before} and cannot become {state}",
                fix=f"only outputs that are {', '.join(_OPEN)} can be decided",
            )
        if state == "approved":
            self._check_deliverable(await self._records.open(record, Output))
        decided = await self._move(record, state, "", decided=state == "approved")
        return await self._posted(decided)

    def _check_deliverable(self, output: Output) -> None:
        if output.item < 0:
            raise OperatorError(
                f"output {output.id} only reports a step that failed; there is nothing to send",
                fix="mend what it says (`jigajob outbox show`), then reject it to close it",
            )
        if self._outlet(output) is None:
            what, fix = _nothing_takes(output)
            raise OperatorError(what, fix=f"{fix}; or reject it to close it")

    async def _move(
        self, record: Record, state: OutputState, note: str, **fields: Scalar
    ) -> Record:
        moved = self._moved(record, state, note, **fields)
        return await self._records.store.put(self._records.key, moved, etag=record.etag)

    async def _move_all(
        self, records: Sequence[Record], state: OutputState, notes: Sequence[str]
    ) -> Sequence[Record]:
        writes = [
            Write(op="put", record=self._moved(record, state, note), etag=record.etag)
            for record, note in zip(records, notes, strict=True)
        ]
        return await self._records.store.batch(self._records.key, writes)

    def _moved(self, record: Record, state: OutputState, note: str, **fields: Scalar) -> Record:
        fields = {
            **record.fields,
            **fields,
            "state": state,
            "note": _storable(note),
            "changed": self._clock.now().isoformat(),
        }
        return replace(record, fields=fields)

    async def _find(self, start: str) -> Record:
        """Return the one output whose id begins with *start*, as people type ids."""
        if not start:
            raise OperatorError(
                "no id was given", fix="see `jigajob outbox list --all` for the ids"
            )
        found: tuple[Record, ...] = ()
        if start.isascii():  # ids are; a store need not take every other text
            where = [Where("id", "prefix", start)]
            page = await self._records.store.query(
                self._records.key, "output", where=where, limit=2
            )
            found = page.records
        if len(found) != 1:
            number = "several outputs begin" if found else "no output begins"
            raise OperatorError(
                f"{number} with {start!r}", fix="see `jigajob outbox list --all` for the ids"
            )
        return found[0]

    async def _posted(self, record: Record) -> Posted:
        output = await self._records.open(record, Output)
        state: OutputState = record.fields["state"]  # type: ignore[assignment]  # only we write it
        changed_at = datetime.fromisoformat(str(record.fields["changed"]))
        return Posted(replace(output, state=state), str(record.fields["note"]), changed_at)


def _storable(note: str) -> str:
    """Return *note* without halves of characters, which paths on a disk may hold."""
    return note.encode("utf-8", "backslashreplace").decode()


async def _to_its_end(delivery: Coroutine[Any, Any, T]) -> T:
    """Return how the delivery ended; a clean stop in the middle leaves nothing in `sending`."""
    task = asyncio.ensure_future(delivery)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        with suppress(Exception):
            await task  # cancelled once more, it ends at once
        raise


def _nothing_takes(output: Output) -> tuple[str, str]:
    if output.into:
        what = f"no source {output.into!r} takes outputs of {output.uses!r} now"
        return what, f"bring {output.into} back under `sources`"
    where = f" from {output.source}" if output.source else ""
    what = f"nothing takes outputs of {output.uses!r}{where}"
    return what, _MISSING.get(output.uses, "connect an outlet")


async def _hand_over(outlet: Outlet | None, output: Output) -> tuple[OutputState, str]:
    if outlet is None:
        what, fix = _nothing_takes(output)
        return "failed", f"{what}\n  fix: {fix}"
    try:
        async with asyncio.timeout(LONGEST.total_seconds()):
            return "sent", await outlet.deliver(output)
    except TransientError as error:
        return "approved", str(error)
    except DeliveryUnknown as error:
        return "unknown", str(error)
    except JigajobError as error:
        return "failed", str(error)
    except Exception as error:  # noqa: BLE001 - one output must not hold up all others for good
        return "unknown", _unforeseen(error)


async def _resume(outlet: Resuming, output: Output) -> tuple[OutputState, str]:
    """Look the output up; nothing but a person brings it back to `approved`."""
    try:
        async with asyncio.timeout(LONGEST.total_seconds()):
            return "sent", await outlet.resume(output)
    except (TransientError, SignInNeeded) as error:  # the owner is told of the sign-in itself
        return "sending", str(error)
    except JigajobError as error:
        return "unknown", str(error)
    except Exception as error:  # noqa: BLE001 - as above
        return "unknown", _unforeseen(error)


def _unforeseen(error: Exception) -> str:
    what = f"its outlet stopped on an unforeseen {type(error).__name__}"
    if isinstance(error, TimeoutError):
        what = f"its outlet gave no answer in {LONGEST.total_seconds() / 60:.0f} minutes"
    return f"{what}\n  fix: see whether it went out; approve it if not"
