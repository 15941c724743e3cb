"""Tells a person of the business when a source has gone silent or lets us in no more.

An alarm is an output of `notify` like any other: it goes out once, whoever finds the cause
first and however often it is found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from flows.connections import SIGN_IN
from flows.errors import AdministratorError, JigajobError, RecordExists
from flows.model import Output
from flows.outbox import output_record
from flows.ports import Clock, Where
from flows.records import Records
from flows.retention import UNASKED, timespan

FLOW: Final = "jigajob"
"""In place of a flow's id: no flow can have it as a source, and it names us to the reader."""

WINDOW: Final = timedelta(days=90)
LEAST_DAYS: Final = 5
"""Days with mail that it takes to know what is usual."""

SLACK: Final = 2
"""A silence is told when it is this many times the longest usual one, and a day."""


class Alarms:
    """The alarms of one business."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records, self._clock = records, clock

    async def raise_for(self, troubles: Mapping[str, JigajobError]) -> int:
        """Put out a notice for each source that somebody has to see to; return how many.

        Each kind of trouble of a source is told once a day. What heals by itself is not told.
        """
        raised = 0
        for source, error in troubles.items():
            if isinstance(error, AdministratorError):
                cause = getattr(error, "why", type(error).__name__)
                text = f"JigAjob cannot read {source}: {error.what}."
                fix = error.fix.replace(SIGN_IN, f"jigajob connect {source}")
                text += f" What to do: {fix}." if fix else ""
                raised += await self._put(source, f"{cause}/{self._today()}", text)
        return raised

    async def watch_silence(self, sources: Mapping[str, bool]) -> int:
        """Put out a notice for each source that is silent for longer than usual.

        *sources* are names, each with whether it was read without trouble just now.
        """
        raised = 0
        for source, read in sources.items():
            days = await self._days(source)
            allowed = usual_silence(days)
            if not read or allowed is None:
                continue
            silent = self._today() - days[-1]
            if silent > allowed:
                text = (
                    f"{source} has brought nothing for {silent.days} days; usually something"
                    f" comes within {allowed.days}. Look whether mail reaches the mailbox, and"
                    " whether a rule moves it elsewhere."
                )
                raised += await self._put(source, f"silent since {days[-1]}", text)
        return raised

    async def _days(self, source: str) -> list[date]:
        """Return the days on which mail came, oldest first, each once."""
        first = (self._today() - WINDOW).isoformat()
        where = [Where("source", "=", source), Where("day", ">=", first)]
        found = {
            str(record.fields["day"])
            async for record in self._records.each("arrival", where=where)
        }
        return [day for day in map(date.fromisoformat, sorted(found)) if day <= self._today()]

    async def _put(self, source: str, cause: str, text: str) -> int:
        now = self._clock.now()
        output = Output(
            id=_alarm_id(source, cause),
            flow=FLOW,
            flow_version="",
            trigger=source,
            step="alarm",
            uses="notify",
            state="approved",
            body={"to": "owner", "text": text},
            summary=f"Tell the owner about the source {source}",
            created_at=now,
        )
        expires = _expires(now)
        record = await output_record(self._records, output, expires_at=expires)
        try:
            await self._records.store.create(self._records.key, record)
        except RecordExists:
            return 0  # told before
        return 1

    def _today(self) -> date:
        return self._clock.now().date()


def usual_silence(days: list[date]) -> timedelta | None:
    """Return how long a silence may last that follows these days with mail, oldest first.

    Twice the longest pause that there was, and a day: weekends and holidays of the past are
    in it. None where there were too few days to tell.
    """
    if len(days) < LEAST_DAYS:
        return None
    pauses = [later - earlier for earlier, later in pairwise(days)]
    return SLACK * max(pauses) + timedelta(days=1)


def _alarm_id(source: str, cause: str) -> str:
    seed = "\x1f".join((FLOW, source, cause))
    return "o" + hashlib.sha256(seed.encode()).hexdigest()[:24]


def _expires(now: datetime) -> datetime:
    return now + timespan(UNASKED)
