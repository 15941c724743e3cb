"""The pool: what the businesses that agreed have counted, for releases and nothing else.

Per business it holds one record of its consent rows, and one for each quarter of what it
counted. Who is who stands in neither: businesses and owners are keyed hashes that only the
pool can make.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from flows.audit import Act, Audit
from flows.errors import AdministratorError, RecordExists, StaleRecord
from flows.ports import Record, Where, Write
from flows.records import Records
from flows.reports.periods import Period
from flows.rights.consent import Consent, checked, grants

POOL: Final = "aggregates.pool"
"""The business under whose id the pool is kept; no flows file can have it, for its dot."""

SCOPE: Final = "pool"
"""Scope of what must commit together: consents and contributions."""

CONSENT: Final = "consent"
CONTRIBUTION: Final = "contribution"
"""Kinds of these records; a contribution has its `period` readable."""

KEPT_FOR: Final = timedelta(days=400)
"""So long after its cut-off a contribution is kept, for a release that has to be restated."""

_QUARTERS: Final = 8
"""More than any contribution lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one business counted in one quarter; only ever sealed.

    Attributes:
        tenant: Keyed hash of the business.
        owner: Keyed hash of its owner, the same for all businesses of one.
        period: Label of the quarter.
        industry: Code of the public grid.
        region: Code of the public grid.
        test: The flows file says that it is none but a test.
        values: Whole numbers by name of measure; a measure of which there is nothing is not
            among them.
        consent: Hash of the row by which it counts.
        made: When it was counted, in UTC.
    """

    tenant: str
    owner: str
    period: str
    industry: str
    region: str
    test: bool
    values: Mapping[str, int]
    consent: str
    made: datetime

    def __repr__(self) -> str:
        """Return nothing of a business: a traceback must not tell."""
        return "Contribution(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """The consent rows of one business as the pool has them, oldest first."""

    tenant: str
    rows: tuple[Consent, ...]


async def contributions(pool: Records, period: Period) -> AsyncIterator[Contribution]:
    """Yield what lies in the pool of a quarter, in an order that tells nothing.

    Raises:
        TransientError, AdministratorError: From the store.
    """
    where = [Where("period", "=", period.label)]
    async for _, found in pool.opened(CONTRIBUTION, Contribution, where=where):
        yield found


async def mirrors(pool: Records) -> dict[str, Mirror]:
    """Return the consent rows of every business by its keyed hash.

    Raises:
        TransientError, AdministratorError: From the store, or rows were changed.
    """
    found: dict[str, Mirror] = {}
    async for _, mirror in pool.opened(CONSENT, Mirror):
        checked(mirror.rows)
        found[mirror.tenant] = mirror
    return found


class Pool:
    """What a business does in the pool: tells its consent, and gives and takes back counts.

    *records* are those of the pool, *audit* writes into the pool's log.
    """

    def __init__(self, records: Records, audit: Audit) -> None:
        self._records, self._audit = records, audit.engine

    async def tenant(self, business: str, secret: bytes) -> str:
        """Return the keyed hash of a business; *secret* tells it from others of the same id."""
        return await self._records.record_id("tenant", business, secret.hex())

    async def owner(self, owner: str) -> str:
        """Return the keyed hash of an owner."""
        return await self._records.record_id("owner", owner)

    async def tell(self, tenant: str, rows: Sequence[Consent]) -> Record:
        """Let the pool have these rows, and return their record in it.

        Where the last one says no, everything that the business ever gave goes with the same
        write. Done again, it changes nothing.

        Raises:
            AdministratorError: The pool knows of a later no, which these rows lack.
            StaleRecord: Another process of the business is at it.
        """
        record_id = await self._records.record_id(CONSENT, tenant)
        before = await self._records.get(CONSENT, record_id)
        known = (await self._records.open(before, Mirror)).rows if before else ()
        if before is not None and known == _nameless(rows):
            return before
        last = rows[-1]
        if known != _nameless(rows)[: len(known)] and last.state == "granted":
            raise AdministratorError(
                "the pool of counts has other rows of this business's consent than its own"
                " store, which may be an older copy",
                fix="say it once more: jigajob consent withdraw aggregates, and if you still"
                " agree, jigajob consent grant aggregates",
            )
        action = "consent.grant" if last.state == "granted" else "consent.withdraw"
        act = Act(
            action=action, authority=f"consent by {last.channel}", subjects=[tenant, last.hash]
        )
        mirror = Mirror(tenant=tenant, rows=_nameless(rows))
        record = await self._records.seal(CONSENT, record_id, mirror, {})
        writes = [_over(before, record)]
        if last.state == "withdrawn":
            writes += [
                Write(op="delete", record=each) for each in await self._given(tenant, last)
            ]
        async with self._audit.act(act):
            return (await self._batch(writes))[0]

    async def give(self, counted: Contribution, rows: Sequence[Consent]) -> None:
        """Put what a business counted into the pool; done again, it is there once.

        Raises:
            AdministratorError: Its consent does not stand; or as `tell`.
            StaleRecord: Another process of the business is at it.
        """
        mirror = await self.tell(counted.tenant, rows)
        if counted.consent not in {row.hash for row in grants(rows)}:
            raise AdministratorError("counts without a consent that stands are not pooled")
        period = Period(counted.period)
        record = await self._records.seal(
            CONTRIBUTION,
            await self._contribution_id(counted.tenant, period),
            counted,
            {"period": period.label},
            expires_at=period.cut_off + KEPT_FOR,
        )
        # Fails where the business has said no in between.
        guard = Write(op="put", record=mirror, etag=mirror.etag)
        act = Act(
            action="report.contribute",
            authority=f"consent {counted.consent}",
            subjects=[counted.tenant, period.label],
        )
        async with self._audit.act(act):
            await self._batch([guard, Write(op="put", record=record)])

    async def _batch(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        try:
            return await self._records.store.batch(self._records.key, writes)
        except RecordExists:
            raise StaleRecord("another process tells the pool of the same consent") from None

    async def _given(self, tenant: str, last: Consent) -> list[Record]:
        """Return by kind and id all that the business may have given before that row."""
        period, found = Period.of(last.time), list[Record]()
        for _ in range(_QUARTERS):
            record_id = await self._contribution_id(tenant, period)
            found.append(Record(kind=CONTRIBUTION, id=record_id))
            period = period.before
        return found

    async def _contribution_id(self, tenant: str, period: Period) -> str:
        return await self._records.record_id(CONTRIBUTION, tenant, period.label)


def _nameless(rows: Sequence[Consent]) -> tuple[Consent, ...]:
    """Return the rows without who said them, which nobody but the business has to know."""
    return tuple(replace(row, who="") for row in rows)


def _over(before: Record | None, record: Record) -> Write:
    if before is None:
        return Write(op="create", record=record)
    return Write(op="put", record=record, etag=before.etag)
