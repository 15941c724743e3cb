"""The clock: flows whose schedule is due."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flows.errors import RecordExists, RecordMissing, StaleRecord
from flows.language.cron import newest_tick
from flows.language.triggers import ScheduleTrigger
from flows.ports import Write
from flows.starting.lookouts import Lookout, Lookouts
from flows.starting.starts import Starts
from flows.starts import Tick


class Ticks:
    """Notices what is due by the clock of one business; mail goes out by *sender*."""

    def __init__(self, starts: Starts, lookouts: Lookouts, sender: str) -> None:
        self._starts, self._lookouts, self._sender = starts, lookouts, sender
        self._zone = ZoneInfo(starts.engine.business.time_zone)

    async def notice(self, lookout: Lookout) -> None:
        """Store a start for the newest moment that came since somebody looked last, if any.

        Raises:
            TransientError, AdministratorError: From the store; it can be done again.
        """
        trigger = lookout.trigger
        assert isinstance(trigger, ScheduleTrigger)  # noqa: S101 - what ticks are for
        now = self._starts.clock.now()
        at = newest_tick(trigger.schedule, self._zone, lookout.seen, now)
        if at is None:
            return
        records = self._starts.records
        tick = Tick(
            id=await records.record_id("tick", lookout.flow.id, at.isoformat()),
            flow=lookout.flow.id,
            cron=trigger.schedule,
            at=at,
            source=self._sender,
        )
        moved = Write(
            op="put", record=self._lookouts.moved(lookout, at), etag=lookout.record.etag
        )
        begun = await self._starts.writes(tick, lookout.flow, clean=tick)
        try:
            await records.store.batch(records.key, [moved, *begun])
        except RecordExists:  # another schedule of the flow names the same moment
            await records.store.batch(records.key, [replaced(moved)])
        except (StaleRecord, RecordMissing):
            return  # another worker has noticed it


def replaced(write: Write) -> Write:
    """Return the write for whatever version is there."""
    return Write(op=write.op, record=write.record)
