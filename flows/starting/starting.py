"""One look at all that starts flows besides mail and money, and the run of what it finds."""

from __future__ import annotations

from flows.engine import Engine
from flows.language.triggers import ManualTrigger, ScheduleTrigger, WebhookTrigger
from flows.ports import Clock
from flows.records import Records
from flows.starting.lookouts import Lookouts
from flows.starting.outputs import OutputsReached
from flows.starting.starts import Starts
from flows.starting.ticks import Ticks


class Starting:
    """The starts of one business, as a sweep sees to them; mail goes out by *sender*."""

    def __init__(self, records: Records, engine: Engine, clock: Clock, *, sender: str) -> None:
        self._starts = Starts(records, engine, clock)
        self._lookouts = Lookouts(self._starts)
        self._ticks = Ticks(self._starts, self._lookouts, sender)
        self._outputs = OutputsReached(self._starts, self._lookouts, sender)
        self.wanted = self._lookouts.wanted or any(
            isinstance(trigger, WebhookTrigger | ManualTrigger)
            for flow in engine.running
            for trigger in flow.triggers
        )

    async def begin(self) -> None:
        """Take note of triggers that are new: they count from now, not from before.

        Raises:
            TransientError, AdministratorError: From the store.
        """
        await self._lookouts.settle()

    async def run(self) -> int:
        """Run what is due, called for or reached, and return how many outputs are new.

        Raises:
            TransientError, AdministratorError: From the store; it can be run again.
        """
        for lookout in await self._lookouts.all():
            if isinstance(lookout.trigger, ScheduleTrigger):
                await self._ticks.notice(lookout)
            else:
                await self._outputs.notice(lookout)
        return await self._starts.run_open()
