"""The records of starts, and their run.

A start is stored open, by what noticed it; its flow runs afterwards, and what it puts out is
written in one batch with the start's end. Whoever is killed between the two leaves an open
start to the next sweep; of two workers one is quicker, and the other finds nothing to do.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flows.engine import Engine
from flows.errors import RecordExists, StaleRecord
from flows.intake.parties import OwnAddresses
from flows.language.spec import FlowSpec
from flows.manners import Manners
from flows.model import Output
from flows.outbox import output_record
from flows.ports import Clock, Record, Scalar, Where, Write
from flows.records import Records
from flows.retention import expiry
from flows.starts import START, Call, Start, Tick

KIND: Final = "start"
"""The kind of the records of starts."""


class Starts:
    """The starts of one business."""

    def __init__(self, records: Records, engine: Engine, clock: Clock) -> None:
        self.records, self.engine, self.clock = records, engine, clock
        business = engine.business
        own = OwnAddresses(business.domains, business.addresses)
        self._manners = Manners(records, business, own)

    async def writes(self, start: Start, flow: FlowSpec, *, clean: Start) -> list[Write]:
        """Return what belongs into the batch that stores a start: itself, and its failures.

        Conditions are decided on *start*, as it came in; *clean* is what is stored. One whose
        conditions do not hold is stored as ended.

        Raises:
            TransientError, AdministratorError: From the store.
        """
        now = self.clock.now()
        matches = self.engine.matching(start, now=now)
        expires = expiry([flow], now)
        fields: dict[str, Scalar] = {
            "by": _by(clean),
            "flow": clean.flow,
            "version": "",
            "created": now.isoformat(),
            "open": bool(matches.flows),
        }
        record = await self.records.seal(KIND, clean.id, clean, fields, expires_at=expires)
        made = [Write(op="create", record=record)]
        for output in matches.undecided:
            failed = await output_record(self.records, output, expires_at=expires)
            made.append(Write(op="create", record=failed))
        return made

    async def run_open(self) -> int:
        """Run the flows of all open starts, oldest first; return how many outputs are new.

        A start whose flow does not run now waits for it, as long as it is kept.

        Raises:
            TransientError, AdministratorError: From the store; it can be run again.
        """
        names = tuple(flow.id for flow in self.engine.running)
        where = [Where("open", "=", True), Where("flow", "in", names)]
        found = [record async for record in self.records.each(KIND, where=where)]
        found.sort(key=lambda record: (str(record.fields["created"]), record.id))
        return sum([len(await self.run(record)) for record in found])

    async def run(self, record: Record) -> list[Output]:
        """Run the flow of one open start, and return the outputs, which are stored.

        Nothing comes of it where another worker was quicker.

        Raises:
            TransientError, AdministratorError: From the store; it can be run again.
        """
        now = self.clock.now()
        start = await self.records.open(record, START)
        outputs: list[Output] = []
        version = ""
        for flow in self.engine.named([start.flow]):
            ran = self.engine.run(flow, start, now=now)
            outputs, version = list(ran.outputs), ran.version
        outputs, answers = await self._manners.settled(outputs, now)
        ended = replace(record, fields={**record.fields, "open": False, "version": version})
        writes = [Write(op="put", record=ended, etag=record.etag), *answers]
        for output in outputs:
            made = await output_record(self.records, output, expires_at=record.expires_at)
            writes.append(Write(op="create", record=made))
        try:
            await self.records.store.batch(self.records.key, writes)
        except (RecordExists, StaleRecord):
            return []
        return outputs


def _by(start: Start) -> str:
    """Return which kind of trigger it is of."""
    if isinstance(start, Call):
        return "webhook" if start.by else "manual"
    return "schedule" if isinstance(start, Tick) else "output"
