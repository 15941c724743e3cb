"""What a sweep does for the figures of trades: count settled days, and give to the pool.

Nothing at all where the business has not agreed: one read tells. Whatever is done can be
killed anywhere and done again: a tally moves on with the days that are in it, in one write
that fails where the business has said no meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, time
from typing import Final

from flows.audit import Act, Audit
from flows.errors import AdministratorError, JigajobError, RecordExists, StaleRecord
from flows.language.spec import Business
from flows.ports import Clock, Record, Write
from flows.records import Records
from flows.reports.counting import counted, invoiced, paid
from flows.reports.default_method import place_of
from flows.reports.periods import SETTLING, Period
from flows.reports.pool import Contribution, Pool
from flows.reports.tally import Tally, values_of
from flows.rights.consent import Consent, granted, grants
from flows.rights.ledger import Consents, Kept
from flows.work.register import Register

TALLY: Final = "tally"
"""Kind of the records, in the scope of consents; the id is the quarter."""

OpenPool = Callable[[], AbstractAsyncContextManager[Pool]]


class Contributing:
    """Counts for one business, and gives what it counted to the pool that *open_pool* opens.

    *records* are those of the scope of intake.
    """

    def __init__(
        self,
        *,
        records: Records,
        register: Register,
        business: Business,
        clock: Clock,
        audit: Audit,
        open_pool: OpenPool,
    ) -> None:
        self._records, self._register, self._business = records, register, business
        self._clock, self._audit, self._open_pool = clock, audit.engine, open_pool
        self._consents = Consents(records, clock)
        self._rights = self._consents.records

    async def wanted(self) -> bool:
        """Return whether there may be something to do; where nobody was asked, there is not."""
        kept = await self._consents.read("aggregates")
        return granted(kept.rows) is not None or not kept.all_told

    async def run(self) -> None:
        """Count what has settled, give what is due, and tell the pool what it does not know.

        Raises:
            TransientError, AdministratorError: From the store or the pool; what was counted
                stays, and the rest is done by a later sweep.
        """
        kept = await self._consents.read("aggregates")
        tallies: dict[str, Tally] = {}
        try:
            if granted(kept.rows):
                kept, tallies = await self._count(kept)
        except (StaleRecord, RecordExists):
            return  # another process counts, or consent has just changed: by the next sweep
        due = [each for each in tallies.values() if self._is_due(each)]
        if due or not kept.all_told:
            try:
                async with self._open_pool() as pool:
                    await self._settle(pool, kept, due)
            except JigajobError:
                now = await self._consents.read("aggregates")
                if now.rows == kept.rows:
                    raise
                # The business has said something else meanwhile: by the next sweep.

    async def _settle(self, pool: Pool, kept: Kept, due: list[Tally]) -> None:
        kept = await told(pool, self._consents, kept, self._business.id)
        for tally in due:
            kept = await self._give(pool, kept, tally)

    def _is_due(self, tally: Tally) -> bool:
        period = Period(tally.period)
        in_time = period.settled <= self._clock.now() <= period.cut_off
        return in_time and tally.until == period.end and not tally.given

    async def _count(self, kept: Kept) -> tuple[Kept, dict[str, Tally]]:
        """Bring the tallies up to what has settled, and return them by quarter."""
        since, now = grants(kept.rows)[0].time, self._clock.now()
        settled = datetime.combine((now - SETTLING).astimezone(UTC).date(), time(), UTC)
        found = {
            record.id: (record, tally)
            async for record, tally in self._rights.opened(TALLY, Tally)
        }
        tallies = {label: tally for label, (_, tally) in found.items()}
        current = Period.of(now)
        for period in (current.before, current):
            record, tally = found.get(period.label, (None, None))
            begin = max(since, period.start)
            if tally is not None and tally.since != begin:
                tally = None  # of an earlier consent
            start, end = tally.until if tally else begin, min(settled, period.end)
            if start < end and now <= period.cut_off:
                more = await counted(self._records, period, start, end)
                tally = tally.with_more(more) if tally else more
                kept = await self._keep(kept, record, tally)
                tallies[period.label] = tally
        return kept, tallies

    async def _keep(self, kept: Kept, before: Record | None, tally: Tally) -> Kept:
        """Write a tally, and return what was said with its record as it is then."""
        expires = Period(tally.period).cut_off
        record = await self._rights.seal(TALLY, tally.period, tally, {}, expires_at=expires)
        write = Write(op="create", record=record)
        if before is not None:
            write = Write(op="put", record=record, etag=before.etag)
        stored = await self._rights.store.batch(self._rights.key, [kept.guard, write])
        return Kept(kept.said, stored[0])

    async def _give(self, pool: Pool, kept: Kept, tally: Tally) -> Kept:
        row = granted(kept.rows)
        assert row is not None  # noqa: S101 - it was counted by it
        period = Period(tally.period)
        contribution = await self._contribution(pool, row, tally)
        act = Act(
            action="report.contribute",
            authority=f"consent {row.hash}",
            subjects=[period.label],
        )
        async with self._audit.act(act):
            await pool.give(contribution, kept.rows)
        # Killed before this, it is given once more, and is there once all the same.
        empty = Tally(period=tally.period, since=tally.since, until=tally.until, given=True)
        before = await self._rights.get(TALLY, tally.period)
        return await self._keep(kept, before, empty)

    async def _contribution(self, pool: Pool, row: Consent, tally: Tally) -> Contribution:
        invoices = await self._register.invoices()
        place = place_of(self._business.industry, self._business.region)
        return Contribution(
            tenant=await tenant_of(pool, self._consents, self._business.id),
            owner=await pool.owner(self._business.owner or self._business.id),
            period=tally.period,
            industry=place.industry,
            region=place.region,
            test=self._business.test,
            values=values_of(
                tally,
                invoiced=await invoiced(self._records, invoices),
                paid=paid(invoices, tally.since, Period(tally.period).end),
            ),
            consent=row.hash,
            made=self._clock.now(),
        )


async def tenant_of(pool: Pool, consents: Consents, business: str) -> str:
    """Return under which keyed hash the pool knows the business."""
    return await pool.tenant(business, await consents.records.secret("pool/tenant"))


async def told(pool: Pool, consents: Consents, kept: Kept, business: str) -> Kept:
    """Let the pool have all rows of *kept*, remember that it has, and return them so.

    Raises:
        AdministratorError: Another pool was told of a yes and of no later no: there, the
            business would still count. Or as `Pool.tell`.
        TransientError, StaleRecord: As `Pool.tell`.
    """
    tenant = await tenant_of(pool, consents, business)
    if kept.agreed_elsewhere(tenant):
        raise AdministratorError(
            "another pool of counts than this one was told of the yes, and may have counts",
            fix="set JIGAJOB_POOL as it was then, and take the yes back there first (jigajob"
            " consent withdraw); if that pool is gone for good: jigajob consent withdraw"
            " --pool-lost",
        )
    await pool.tell(tenant, kept.rows)
    return await consents.all_told(kept, tenant)
