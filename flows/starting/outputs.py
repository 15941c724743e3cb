"""Outputs of flows that reached a state for which other flows wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from flows.errors import RecordExists
from flows.language.trigger_checks import LONGEST_CHAIN
from flows.language.triggers import OutputRef, OutputTrigger
from flows.making import is_notice
from flows.model import CleanMessage, CleanTransaction, Invoice, Output
from flows.outbox import PERSON
from flows.ports import Record, Where, Write
from flows.records import WORK
from flows.starting.lookouts import Lookout, Lookouts
from flows.starting.passing_on import Kept, without
from flows.starting.starts import KIND, Starts
from flows.starts import START, Call, Reached

_OVERLAP: Final = timedelta(hours=1)
"""Looked at again in every sweep: clocks of workers differ, and what is written last may have
been dated first."""

_STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "sent": ("sent",),
    "failed": ("failed",),
    "rejected": ("rejected",),
    "approved": ("approved", "sending", "sent", "unknown"),
    "waiting": (),
}
"""States in which an output is that has reached one; for `waiting`, any."""


class OutputsReached:
    """Notices outputs of one business that reached a state; mail goes out by *sender*."""

    def __init__(self, starts: Starts, lookouts: Lookouts, sender: str) -> None:
        self._starts, self._lookouts, self._sender = starts, lookouts, sender
        self._records = starts.records

    async def notice(self, lookout: Lookout) -> None:
        """Store a start for each output that reached the state since somebody looked last.

        Raises:
            TransientError, AdministratorError: From the store; it can be done again.
        """
        trigger = lookout.trigger
        assert isinstance(trigger, OutputTrigger)  # noqa: S101 - what this is for
        found = await self._changed(lookout, trigger.output)
        ids = {
            await self._records.record_id("reached", lookout.flow.id, each.id, of): each
            for each in found
            for of in (trigger.output.state,)
        }
        known = await self._records.found(KIND, ids)
        for start_id, record in ids.items():
            if start_id not in known:
                await self._begin(start_id, record, lookout, trigger.output)
        seen = max(
            (datetime.fromisoformat(str(each.fields["changed"])) for each in found),
            default=lookout.seen,
        )
        if seen > lookout.seen:
            moved = self._lookouts.moved(lookout, seen)
            await self._records.store.put(self._records.key, moved)

    async def _changed(self, lookout: Lookout, of: OutputRef) -> list[Record]:
        """Return the outputs in question that changed since, oldest change first."""
        since = max(lookout.since, lookout.seen - _OVERLAP)
        where = [
            Where("flow", "=", of.flow),
            Where("step", "=", of.step),
            Where("changed", ">=", since.isoformat()),
        ]
        if states := _STATES[of.state]:
            where.append(Where("state", "in", states))
        found = [record async for record in self._records.each("output", where=where)]
        if of.state == "waiting":
            # What a person let go without having to had not waited.
            found = [each for each in found if each.fields["approver"] not in ("", PERSON)]
        return sorted(found, key=lambda each: (str(each.fields["changed"]), each.id))

    async def _begin(
        self, start_id: str, record: Record, lookout: Lookout, of: OutputRef
    ) -> None:
        output = await self._records.open(record, Output)
        if is_notice(output) or (output.item < 0 and of.state != "failed"):
            return  # it only tells of a step that failed
        kept, depth = await self._came_of(output)
        if depth > LONGEST_CHAIN:
            return
        own = self._starts.engine.keeps([lookout.flow])
        gone = [each for each in kept or () if each[0] not in own]
        body = without(dict(output.body), gone) if kept is not None else {}
        start = Reached(
            id=start_id,
            flow=lookout.flow.id,
            at=datetime.fromisoformat(str(record.fields["changed"])),
            output=output.id,
            of_flow=of.flow,
            of_step=of.step,
            state=of.state,
            uses=output.uses,
            summary=str(without(output.summary, gone)) if kept is not None else "",
            body=body if isinstance(body, dict) else {},
            kept={name: value for name, value in kept or () if name in own},
            depth=depth,
            source=self._sender,
        )
        writes: list[Write] = await self._starts.writes(start, lookout.flow, clean=start)
        try:
            await self._records.store.batch(self._records.key, writes)
        except RecordExists:
            return  # another worker has noticed it

    async def _came_of(self, output: Output) -> tuple[list[Kept] | None, int]:
        """Return what was kept of the item that the output came of, and how deep it lies.

        None where the item is gone: then nobody can tell what in the output is personal.
        """
        trigger = output.trigger
        if record := await self._records.get("message", trigger):
            return [*(await self._records.open(record, CleanMessage)).kept.items()], 1
        if record := await self._records.get("transaction", trigger):
            paid = await self._records.open(record, CleanTransaction)
            return [("customer.name", paid.counterparty)], 1
        if record := await self._records.get(KIND, trigger):
            start = await self._records.open(record, START)
            kept = [*start.kept.items()] if isinstance(start, Call | Reached) else []
            if isinstance(start, Call):
                kept += start.personal
            return kept, start.depth + 1 if isinstance(start, Reached) else 1
        work = self._records.in_scope(WORK)
        if record := await work.get("invoice", trigger.rpartition("-")[0] or trigger):
            owed = await work.open(record, Invoice)
            return [("customer.name", owed.party), ("customer.email", owed.email)], 1
        return None, 1
