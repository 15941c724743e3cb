"""A pool that has enough in it for a release, and what asks it for one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from anonymizer.tables.grid import Grid
from anonymizer.tables.method import Count, Histogram, Method, Sum
from flows.ports import Write
from flows.records import Records
from flows.reports.periods import Period
from flows.reports.pool import CONSENT, CONTRIBUTION, Mirror
from flows.reports.published import Published
from flows.reports.releasing import Asked, Released, Releasing
from portal.settings import Settings
from portal.wiring import Custody, open_pool
from tests.flows.reports.pooled import AGREED, PERIOD, contribution

CAP = Decimal(2)
SMALL = Method(
    grid=Grid(
        {"plumbing_hvac": "Plumbing", "electrical": "Electrical work"},
        {"northeast": "Northeast", "south": "South"},
    ),
    measures=(
        Count(name="businesses", title="Businesses", epsilon=Decimal("0.2")),
        Sum(
            name="requests", title="Requests", unit="requests", bound=50, epsilon=Decimal("0.2")
        ),
        Histogram(
            name="answer_time",
            title="Time to answer",
            unit="minutes",
            edges=(0, 60, 240, 1440),
            epsilon=Decimal("0.1"),
        ),
    ),
)
"""Four cells, and as dear as the default method."""


class At:
    """A clock that stands where it is put."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def now(self) -> datetime:
        return self.time


def page(releases: Sequence[Published]) -> str:
    """As little of a page as tells which releases it was given."""
    told = [f"{each.period} {each.spent} {each.restated}" for each in releases]
    return "<!doctype html><title>page</title>" + "<br>".join(told) + "\n"


def asked(period: Period = PERIOD, **other: Any) -> Asked:
    return Asked(**{"period": period, "method": SMALL, "cap": CAP, "page": page, **other})


@asynccontextmanager
async def pool_at(home: Path, time: datetime, **settings: Any) -> AsyncIterator[Custody]:
    """The pool of a home, at a time."""
    where = Settings(home=home, flows=home / "flows.yaml", **settings)
    async with open_pool(where, At(time)) as pool:
        yield pool


def releasing(pool: Custody) -> Releasing:
    return Releasing(pool.records, pool.audit, pool.clock)


async def released(home: Path, time: datetime, wanted: Asked) -> Released:
    """What `jigajob report release` does, but for the folder."""
    async with pool_at(home, time) as pool:
        return await releasing(pool).release(wanted)


async def fill(
    pool: Records, number: int = 400, period: Period = PERIOD, industry: str = "plumbing_hvac"
) -> None:
    """Let so many businesses of two regions lie in the pool, who all agreed."""
    writes: list[Write] = []
    for each in range(number):
        counted = replace(
            contribution(
                f"{industry}-{each}", {"requests": each % 61, "answer_time": each * 4}
            ),
            industry=industry,
            region="northeast" if each % 3 else "south",
            period=period.label,
            made=period.settled,
        )
        mirror = Mirror(tenant=counted.tenant, rows=AGREED)
        for kind, noun, fields, parts in (
            (CONTRIBUTION, counted, {"period": period.label}, (counted.tenant, period.label)),
            (CONSENT, mirror, {}, (counted.tenant,)),
        ):
            record_id = await pool.record_id(kind, *parts)
            record = await pool.seal(kind, record_id, noun, fields)
            writes.append(Write(op="put", record=record))
    for start in range(0, len(writes), 100):
        await pool.store.batch(pool.key, writes[start : start + 100])
