"""When a schedule is due: five fields of cron, in the time zone of the business.

A time that clocks skip in spring is due when they have skipped it, one that they show twice in
autumn the first time alone; what is due every hour, or every few minutes of each, keeps step
with real time.

Source: https://pypi.org/project/cronsim (the rules of Debian's cron)
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

FIELDS: Final = ("minute", "hour", "day of the month", "month", "day of the week")

_FIX: Final = (
    "write minute, hour, day of the month, month and day of the week:"
    ' "0 8 * * mon-fri" is 08:00 from Monday to Friday'
)
_LAST: Final = (59, 23)
_FOLD: Final = timedelta(hours=3)
"""No clock is set by more; a tick of which the clock is set back may lie so far ahead."""

_MOST_BACK: Final = 400


def checked_cron(text: str) -> str:
    """Return *text* if it is a schedule that is due sometime.

    Raises:
        ValueError: It is not; says what to write.
    """
    fields = text.split()
    if len(fields) != len(FIELDS):
        raise ValueError(_FIX)
    try:
        next(CronSim(text, datetime(2024, 1, 1)))  # noqa: DTZ001 - any place will do
    except CronSimError as error:
        named = str(error).removeprefix("Bad ").replace("day-of-", "day of the ")
        raise ValueError(f"its {named} is wrong; {_FIX}") from None
    except StopIteration:
        raise ValueError(f"no calendar has such a day; {_FIX}") from None
    return text


def newest_tick(cron: str, zone: ZoneInfo, after: datetime, now: datetime) -> datetime | None:
    """Return when *cron* in *zone* was due last in `(after, now]`, in UTC, or None."""
    ticks = CronSim(_plain(cron), (now + _FOLD).astimezone(zone), reverse=True)
    for tick in islice(ticks, _MOST_BACK):
        due = tick.astimezone(UTC)  # in one zone Python compares what clocks show
        if due <= now:
            return due if due > after else None
    return None


def _plain(cron: str) -> str:
    """Return *cron* so that stars among set hours follow the clock as set minutes do.

    The library takes a star in the first two fields for "every so often, in real time", which
    only a star for the hour is.
    """
    minute, hour, *days = cron.split()
    if hour == "*":
        return cron
    spelled = [
        re.sub(r"^\*", f"0-{last}", each)
        for each, last in zip((minute, hour), _LAST, strict=True)
    ]
    return " ".join((*spelled, *days))
