"""How far the triggers have looked that nobody tells of anything: the clock and outputs.

Each has a small record of kind `lookout`: `since` is when it was first seen, `seen` how far it
has looked. One that is taken out, or whose flow is switched off, is forgotten; when it comes
back it starts from then, and makes up for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flows.errors import RecordExists
from flows.language.spec import FlowSpec
from flows.language.triggers import OutputTrigger, ScheduleTrigger
from flows.outbox.record import stamp
from flows.ports import Record
from flows.starting.starts import Starts

_KIND: Final = "lookout"

Looking = ScheduleTrigger | OutputTrigger


@dataclass(frozen=True, slots=True)
class Lookout:
    """A trigger of a flow, and the record of how far it has looked."""

    flow: FlowSpec
    trigger: Looking
    record: Record

    @property
    def since(self) -> datetime:
        """Return when it was first seen."""
        return datetime.fromisoformat(str(self.record.fields["since"]))

    @property
    def seen(self) -> datetime:
        """Return how far it has looked."""
        return datetime.fromisoformat(str(self.record.fields["seen"]))


class Lookouts:
    """The lookouts of one business."""

    def __init__(self, starts: Starts) -> None:
        self._starts, self._records = starts, starts.records

    @property
    def wanted(self) -> bool:
        """Return whether any flow has such a trigger."""
        return any(True for _ in self._triggers())

    async def settle(self) -> None:
        """Begin with those that are new, and forget those that are gone.

        Raises:
            TransientError, AdministratorError: From the store.
        """
        wanted = {await self._id(*each) for each in self._triggers()}
        there = {record.id async for record in self._records.each(_KIND)}
        now = stamp(self._starts.clock.now())
        for new in sorted(wanted - there):
            record = self._records.plain(_KIND, new, {"since": now, "seen": now})
            with suppress(RecordExists):  # another worker has seen it
                await self._records.store.create(self._records.key, record)
        for gone in there - wanted:
            await self._records.store.delete(self._records.key, _KIND, gone)

    async def all(self) -> list[Lookout]:
        """Return those that have begun, in the order of the file.

        Raises:
            TransientError, AdministratorError: From the store.
        """
        there = {record.id: record async for record in self._records.each(_KIND)}
        found = [(each, there.get(await self._id(*each))) for each in self._triggers()]
        return [Lookout(*each, record) for each, record in found if record is not None]

    def moved(self, lookout: Lookout, seen: datetime) -> Record:
        """Return its record as it is when it has looked until *seen*; not yet stored."""
        fields = {"since": stamp(lookout.since), "seen": stamp(seen)}
        return self._records.plain(_KIND, lookout.record.id, fields)

    def _triggers(self) -> Iterator[tuple[FlowSpec, Looking]]:
        for flow in self._starts.engine.running:
            for trigger in flow.triggers:
                if isinstance(trigger, Looking):
                    yield flow, trigger

    async def _id(self, flow: FlowSpec, trigger: Looking) -> str:
        if isinstance(trigger, ScheduleTrigger):
            zone = self._starts.engine.business.time_zone
            return await self._records.record_id(_KIND, flow.id, trigger.schedule, zone)
        of = trigger.output
        return await self._records.record_id(_KIND, flow.id, of.flow, of.step, of.state)
