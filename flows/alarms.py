"""Tells a person of the business when a source has gone silent or lets us in no more.

An alarm is an output of `notify` like any other: it goes out once, whoever finds the cause
first and however often it is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from flows.audit import Act, Audit
from flows.connections import SIGN_IN
from flows.errors import AdministratorError, JigajobError, SignInNeeded
from flows.outbox import put_out
from flows.own_outputs import FLOW, KEPT_FOR, own_output
from flows.ports import Clock, Where
from flows.records import Records

WINDOW: Final = timedelta(days=90)
LEAST_DAYS: Final = 5
"""Days with mail that it takes to know what is usual."""

SLACK: Final = 2
"""A silence is told when it is this many times the longest usual one, and a day."""


class Alarms:
    """The alarms of one business."""

    def __init__(self, records: Records, clock: Clock, audit: Audit | None = None) -> None:
        """Open them; *audit* records which source let us in no more."""
        self._records, self._clock = records, clock
        self._audit = audit or Audit.of(records, clock)

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
                refused = isinstance(error, SignInNeeded)
                act = Act(
                    action="sign_in.refuse", authority="source", subjects=[source], result=cause
                )
                day = f"{cause}/{self._today()}"
                raised += await self._put(source, day, text, *([act] if refused else []))
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

    async def _put(self, source: str, cause: str, text: str, *acts: Act) -> int:
        output = own_output(
            "notify",
            "alarm",
            (FLOW, source, cause),
            trigger=source,
            body={"to": "owner", "text": text},
            summary=f"Tell the owner about the source {source}",
            now=self._clock.now(),
        )
        if acts and await self._records.get("output", output.id) is None:
            await self._audit.note(*acts)
        expires = output.created_at + KEPT_FOR
        return int(await put_out(self._records, output, expires_at=expires))

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
