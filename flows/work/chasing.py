"""Invoices that are not paid in time, and the flows that are to chase them.

A flow runs once for an invoice. Where it waits twice (14 days, then 30), and both have gone by
before anybody looked, only the longer one is taken: nobody gets two reminders in one day.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from flows.engine import Engine
from flows.errors import RecordExists, StaleRecord
from flows.intake.parties import OwnAddresses
from flows.language.spec import FlowSpec
from flows.manners import Manners
from flows.model import Output, Overdue
from flows.outbox import made_slots, output_writes
from flows.ports import Clock, Where, Write
from flows.records import Records
from flows.retention import expiry, timespan
from flows.work.ageing import Owed, ageing
from flows.work.register import Register
from flows.work.settlement import claim_of

_LEFT: Final = ("waiting", "approved", "sending", "unknown")
"""States of a match that may yet pay an invoice."""

_CLAIM: Final = "chase"
"""Kind of the records that say that a flow ran for an invoice, under whatever version."""


class Chasing:
    """Runs the flows that wait for invoices of one business to be overdue.

    What they send goes out by the mailbox *sender*.
    """

    def __init__(
        self,
        *,
        records: Records,
        register: Register,
        engine: Engine,
        clock: Clock,
        sender: str = "",
    ) -> None:
        self._records, self._register = records, register
        self._engine, self._clock, self._sender = engine, clock, sender
        business = engine.business
        self._zone = ZoneInfo(business.time_zone)
        own = OwnAddresses(business.domains, business.addresses)
        self._manners = Manners(records, business, own)

    @property
    def waits(self) -> bool:
        """Return whether any flow waits for invoices to be overdue."""
        return bool(self._engine.waits)

    async def run(self) -> int:
        """Run them for every invoice that became overdue, and return how many outputs are new.

        An invoice that a proposal would pay, which waits for a person, is left in peace.

        Raises:
            TransientError, AdministratorError: From the store; it can be run again.
        """
        if not self.waits:
            return 0
        now = self._clock.now()
        today = now.astimezone(self._zone).date()
        perhaps_paid = await self._perhaps_paid()
        made = 0
        for owed in ageing(await self._register.open_invoices(), today):
            if owed.invoice.id not in perhaps_paid and not owed.invoice.credit:
                made += await self._chase(owed, now)
        return made

    async def _perhaps_paid(self) -> Collection[str]:
        where = [Where("uses", "=", "payment.match"), Where("state", "in", _LEFT)]
        found: set[str] = set()
        async for record in self._records.each("output", where=where):
            output = await self._records.open(record, Output)
            if output.item >= 0:  # else it only reports a step that failed
                found |= {share.invoice for share in claim_of(output).shares}
        return found

    async def _chase(self, owed: Owed, now: datetime) -> int:
        invoice, days = owed.invoice, owed.days
        if days is None:
            return 0
        past = [wait for wait in self._engine.waits if timespan(wait).days <= days]
        past.sort(key=timespan, reverse=True)
        made, fired, ran = 0, [], set()
        for wait in past:
            item = Overdue(
                id=f"{invoice.id}-{wait}",
                invoice=invoice,
                after=wait,
                days=days,
                source=self._sender,
            )
            matches = self._engine.matching(item, now=now)
            fresh = [
                flow for flow in matches.flows if f"{flow.id}/{wait}" not in invoice.chased
            ]
            made += await self._put(matches.undecided, fresh, now)
            for flow in [each for each in fresh if each.id not in ran]:
                outputs = self._engine.run(flow, item, now=now).outputs
                made += await self._put(outputs, [flow], now)
                ran.add(flow.id)
            fired += [f"{flow.id}/{wait}" for flow in fresh]
        if fired:
            with suppress(StaleRecord):  # a payment came; the next sweep remembers it as well
                await self._register.chased(invoice, fired)
        return made

    async def _put(
        self, outputs: Sequence[Output], flows: Sequence[FlowSpec], now: datetime
    ) -> int:
        """Store the outputs that are new; ids are the same when a crash makes us come again.

        With those of a flow goes its claim, whose id knows no version: of two workers with two
        deployments, one is second with that flow, and makes nothing of it.
        """
        made = {
            slot
            for trigger in {each.trigger for each in outputs}
            for slot in await made_slots(self._records, trigger)
        }
        new = [each for each in outputs if each.slot not in made]
        new, answers = await self._manners.settled(new, now)
        if not new:
            return 0
        expires = expiry(flows, now)
        try:
            claims = [
                Write(
                    op="create",
                    record=self._records.plain(_CLAIM, each, {}, expires_at=expires),
                )
                for each in await self._claims(new, flows)
            ]
            writes = await output_writes(self._records, new, expires_at=expires)
            await self._records.store.batch(self._records.key, [*answers, *claims, *writes])
        except RecordExists:  # another worker made them
            return 0
        return len(new)

    async def _claims(self, outputs: Sequence[Output], flows: Sequence[FlowSpec]) -> list[str]:
        """Return the ids of the claims: one for each flow that ran, and what it ran for."""
        ran = {flow.id for flow in flows}
        claimed = sorted({(each.flow, each.trigger) for each in outputs if each.flow in ran})
        return [await self._records.record_id(_CLAIM, *each) for each in claimed]
