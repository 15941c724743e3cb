"""The outbox of one business: what is in it, what people decide, what workers carry out."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import replace

from flows.audit import Audit
from flows.model import OutputState
from flows.outbox.decisions import Decisions
from flows.outbox.delivery import Delivery
from flows.outbox.order import Order
from flows.outbox.outlets import Outlets
from flows.outbox.outputs import Outputs, Posted
from flows.ports import Clock, Outlet
from flows.records import Records


class Outbox:
    """The outputs of one business."""

    def __init__(
        self,
        records: Records,
        outlets: Iterable[Outlet],
        clock: Clock,
        of_source: Mapping[str, Iterable[Outlet]] | None = None,
        into: Mapping[str, Iterable[Outlet]] | None = None,
        *,
        audit: Audit | None = None,
    ) -> None:
        """Open the outbox; what came from a source goes to its outlets *of_source* first.

        What a step puts *into* a source or outlet by its name goes there, and nowhere else.
        *audit* records who decides; the engine does, where it is not given.
        """
        audit = audit or Audit.of(records, clock)
        takes = Outlets(outlets, of_source or {}, into or {})
        self._records, self._outlets, self._clock, self._audit = records, takes, clock, audit
        self._outputs, self._order = Outputs(records, audit.engine), Order(records)
        self._decisions = Decisions(self._outputs, takes, clock, audit)

    async def list(self, *states: OutputState) -> AsyncIterator[Posted]:
        """Yield the outputs in these states (none given: in any), oldest first."""
        async for posted in self._outputs.each(*states):
            yield await self._placed(posted)

    async def show(self, output_id: str) -> Posted:
        """Return the output whose id is, or alone begins with, *output_id*.

        Raises:
            OperatorError: There is none, or more than one.
        """
        posted = await self._outputs.posted(await self._outputs.find(output_id))
        return await self._placed(posted)

    async def _placed(self, posted: Posted) -> Posted:
        return replace(posted, behind=await self._order.before(posted.output))

    async def approve(self, output_id: str) -> Posted:
        """Let an output go out with the next delivery, and return it.

        Raises:
            OperatorError: It does not exist, is past deciding, or nothing takes it.
            StaleRecord: Somebody else decided at the same moment.
        """
        return await self._decisions.approve(output_id)

    async def reject(self, output_id: str) -> Posted:
        """Close an output that waits for a person without sending it, and return it.

        Raises:
            OperatorError, StaleRecord: As `approve`.
        """
        return await self._decisions.reject(output_id)

    async def cancel(self, output_id: str) -> Posted:
        """Close an output that is not out yet, approved or not, and return it as rejected.

        Raises:
            OperatorError: It does not exist, is out, or a worker is at it.
            StaleRecord: As `approve`.
        """
        return await self._decisions.cancel(output_id)

    async def retry(self, output_id: str) -> Posted:
        """Have an output tried with the next delivery that failed, or waits for its next try.

        Its tries are counted anew. That it was approved by a person, or by nobody, stays.

        Raises:
            OperatorError: It does not exist, nobody has approved it, it may be out, a worker
                is at it, or nothing takes it.
            StaleRecord: As `approve`.
        """
        return await self._decisions.retry(output_id)

    async def hasten(self) -> int:
        """Have every approved output that waits for its next try tried with the next delivery.

        For when what was in the way is mended. Returns how many.
        """
        return await self._decisions.hasten()

    async def deliver(self) -> Counter[str]:
        """Carry out what is approved and due, and return how many ended in which state.

        What fails for now stays approved and is tried again by a later delivery, and is
        counted as `later`. Cancelled, it first brings the output at hand to its end.
        """
        worker = Delivery(self._records, self._outlets, self._clock, self._audit.engine)
        return await worker.run()
