"""A pool in a folder, and what lies in it by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from flows.records import Records
from flows.reports.periods import Period
from flows.reports.pool import CONSENT, CONTRIBUTION, Contribution, Mirror
from flows.rights.consent import BUSINESS, START, Consent, State

PERIOD = Period("2026-Q3")
GRANTED = PERIOD.start - timedelta(days=30)
MADE = PERIOD.settled + timedelta(days=1)
AFTER = PERIOD.cut_off + timedelta(days=1)


def chain(*said: tuple[State, datetime]) -> tuple[Consent, ...]:
    """Return rows that say this, in a chain."""
    rows: list[Consent] = []
    for state, time in said:
        row = Consent(
            subject=BUSINESS,
            purpose="aggregates",
            state=state,
            time=time,
            version="1",
            text="f" * 64,
            channel="cli",
            previous=rows[-1].hash if rows else START,
        )
        rows.append(row)
    return tuple(rows)


AGREED = chain(("granted", GRANTED))


def contribution(tenant: str, values: Mapping[str, int] | None = None) -> Contribution:
    """Return what a plumber of New York counted, who agreed in time."""
    return Contribution(
        tenant=tenant,
        owner=f"owner of {tenant}",
        period=PERIOD.label,
        industry="plumbing_hvac",
        region="northeast",
        test=False,
        values=values if values is not None else {"requests": 12},
        consent=AGREED[0].hash,
        made=MADE,
    )


async def put(
    pool: Records, counted: Contribution, rows: tuple[Consent, ...] | None = AGREED
) -> None:
    """Let a contribution and the consent rows of its business lie in the pool."""
    fields = {"period": counted.period}
    record_id = await pool.record_id(CONTRIBUTION, counted.tenant, counted.period)
    record = await pool.seal(CONTRIBUTION, record_id, counted, fields)
    await pool.store.put(pool.key, record)
    if rows is not None:
        mirror = Mirror(tenant=counted.tenant, rows=rows)
        record_id = await pool.record_id(CONSENT, counted.tenant)
        await pool.store.put(pool.key, await pool.seal(CONSENT, record_id, mirror, {}))
