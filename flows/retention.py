"""How long a record is kept: as long as the longest-keeping flow that uses it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from flows.language.spec import FlowSpec

UNASKED: Final = "180d"
"""For business mail that no flow has asked for: long enough for a season's flows to be tried
on, as `plan` and `suggest` do."""

LONGEST: Final = timedelta(days=365 * 1_000)
"""A longer time is cut to this: calendars end, and nobody counts the days after it."""

_DAYS: Final = {"d": 1, "w": 7, "m": 30, "y": 365}


def timespan(duration: str) -> timedelta:
    """Return `12h`, `180d`, `6w`, `3m` (of 30 days) or `7y` (of 365 days) as a timedelta."""
    number, unit = int(duration[:-1]), duration[-1]
    if unit == "h":
        return timedelta(hours=number)
    return min(timedelta(days=number * _DAYS[unit]), LONGEST)


def expiry(flows: Iterable[FlowSpec], now: datetime) -> datetime:
    """Return when a record that *flows* use, stored *now*, is to be gone."""
    return now + max((timespan(flow.retention) for flow in flows), default=timespan(UNASKED))
