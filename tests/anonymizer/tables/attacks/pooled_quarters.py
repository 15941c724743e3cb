"""A pool of invented owners, over quarters, and releases from it by the code that ships."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from anonymizer.tables.grid import Place
from anonymizer.tables.method import Method
from anonymizer.tables.release import Release
from flows.ports import Write
from flows.records import Records
from flows.reports.composing import published_of
from flows.reports.periods import Period
from flows.reports.pool import CONSENT, CONTRIBUTION, Contribution, Mirror
from flows.reports.releasing import Asked, Released, Releasing
from flows.rights.consent import BUSINESS, START, Consent
from portal.settings import Settings
from portal.wiring import open_pool
from tests.anonymizer.tables.attacks.population import ANSWER, BOUND, BUCKETS, REQUESTS

QUARTER = Period("2026-Q3")
GRANTED = QUARTER.start - timedelta(days=30)
AT_ONCE = 50


@dataclass
class Time:
    """A clock that is set by hand."""

    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Quarters:
    """A pool, open, its clock, and what is asked of it."""

    releasing: Releasing
    records: Records
    clock: Time
    recipe: Method
    cap: Decimal

    async def release(self, period: Period, why: str = "") -> Released:
        asked = Asked(
            period=period, method=self.recipe, cap=self.cap, why=why, page=lambda _: "<html>"
        )
        return await self.releasing.release(asked)

    async def counted(
        self, place: Place, number: int, period: Period, consents: tuple[Consent, ...]
    ) -> None:
        """Let so many owners of a place lie in the pool, who said this of their consent."""
        records = []
        for n in range(number):
            tenant = f"{place.industry}/{place.region}/{n}"
            counted = Contribution(
                tenant=tenant,
                owner=f"owner of {tenant}",
                period=period.label,
                industry=place.industry,
                region=place.region,
                test=False,
                values={REQUESTS: BOUND - n % 20, ANSWER: BUCKETS[n % 2]},
                consent=consents[0].hash if consents else "0" * 64,
                made=period.settled + timedelta(days=1),
            )
            record_id = await self.records.record_id(CONTRIBUTION, tenant, period.label)
            fields = {"period": period.label}
            records.append(await self.records.seal(CONTRIBUTION, record_id, counted, fields))
            mirror = Mirror(tenant=tenant, rows=consents)
            record_id = await self.records.record_id(CONSENT, tenant)
            records.append(await self.records.seal(CONSENT, record_id, mirror, {}))
        writes = [Write(op="put", record=record) for record in records]
        await self.records.store.batch(self.records.key, writes)


def read_back(released: Released) -> Release:
    """Return the figures as they stand in the files that everybody gets."""
    return published_of(released.files).release


def said(*states: tuple[str, datetime]) -> tuple[Consent, ...]:
    rows: list[Consent] = []
    for state, time in states:
        row = Consent(
            subject=BUSINESS,
            purpose="aggregates",
            state="granted" if state == "granted" else "withdrawn",
            time=time,
            version="1",
            text="f" * 64,
            channel="cli",
            previous=rows[-1].hash if rows else START,
        )
        rows.append(row)
    return tuple(rows)


AGREED = said(("granted", GRANTED))


@asynccontextmanager
async def quarters(recipe: Method, cap: Decimal) -> AsyncIterator[Quarters]:
    """Give a pool of its own in a new folder, empty, at the start of 2026."""
    with tempfile.TemporaryDirectory() as folder:
        clock, home = Time(), Path(folder)
        settings = Settings(home=home, flows=home / "none")
        async with open_pool(settings, clock) as custody:
            releasing = Releasing(custody.records, custody.audit, clock)
            yield Quarters(releasing, custody.records, clock, recipe, cap)
