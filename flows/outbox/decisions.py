"""What people decide of outputs: to let them go out, to close them, to try them again.

            waiting    approved   sending    failed     unknown
    approve approved   approved   -          approved   approved
    reject  rejected   -          -          rejected   rejected
    cancel  rejected   rejected   (1)        rejected   rejected
    retry   -          approved   (1)        approved   -

(1) Where it is only looked up from time to time; not while a worker is at it.

Deciding the same again is no mistake. What is approved once more is tried at once.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Final

from flows.audit import Act, Audit
from flows.errors import OperatorError, StaleRecord
from flows.model import OutputState
from flows.outbox.outlets import Outlets
from flows.outbox.outputs import Outputs, Posted
from flows.outbox.record import Change
from flows.ports import Clock, Record

_OPEN: Final = ("waiting", "failed", "unknown")
_WHY_NOT: Final = {
    "waiting": "approve it, or reject it",
    "approved": "`jigajob outbox cancel` closes it, `… retry` has it tried at once",
    "sending": "`jigajob outbox show` tells what became of it",
    "sent": "it is out, and nothing takes it back",
    "unknown": "see whether it went out; approve it to send it again, reject it if it did",
    "rejected": "it is closed; a new mail makes a new one",
}


class Decisions:
    """The decisions of people about the outputs of one business."""

    def __init__(self, outputs: Outputs, outlets: Outlets, clock: Clock, audit: Audit) -> None:
        self._outputs, self._outlets, self._clock = outputs, outlets, clock
        self._audit = audit

    async def approve(self, output_id: str) -> Posted:
        """Let an output go out with the next delivery; see `Outbox.approve`."""
        record = await self._outputs.find(output_id)
        self._check(record, "approved", (*_OPEN, "approved"))
        await self._check_deliverable(record)
        return await self._change("approve", record, "approved", decided=True)

    async def reject(self, output_id: str) -> Posted:
        """Close an output without sending it; see `Outbox.reject`."""
        return await self._close("reject", output_id, _OPEN)

    async def cancel(self, output_id: str) -> Posted:
        """Close an output that is not out, approved or not; see `Outbox.cancel`."""
        return await self._close("cancel", output_id, (*_OPEN, "approved", "sending"))

    async def retry(self, output_id: str) -> Posted:
        """Have an output tried with the next delivery; see `Outbox.retry`."""
        record = await self._outputs.find(output_id)
        self._check(record, "tried again", ("approved", "sending", "failed"))
        await self._check_deliverable(record)
        state: OutputState = "sending" if record.fields["state"] == "sending" else "approved"
        return await self._change("retry", record, state)

    async def hasten(self) -> int:
        """Have all tried again at once that wait for a next try; see `Outbox.hasten`."""
        now, hastened = self._clock.now(), 0
        async for posted in self._outputs.each("approved"):
            if posted.next_at and posted.next_at > now:
                with suppress(OperatorError, StaleRecord):  # it has an end meanwhile
                    await self.retry(posted.output.id)
                    hastened += 1
        return hastened

    async def _close(self, verb: str, output_id: str, states: Collection[str]) -> Posted:
        record = await self._outputs.find(output_id)
        if record.fields["state"] == "rejected":
            return await self._outputs.posted(record)
        self._check(record, "rejected", states)
        return await self._change(verb, record, "rejected")

    async def _change(
        self, verb: str, record: Record, state: OutputState, *, decided: bool = False
    ) -> Posted:
        now = self._clock.now()
        next_at = None if state == "rejected" else now
        change = Change(state, next_at=next_at, decided=decided)
        act = Act(action=f"output.{verb}", authority="decision", subjects=[record.id])
        async with self._audit.act(act):
            changed = await self._outputs.decide(record, change, now)
        return await self._outputs.posted(changed)

    def _check(self, record: Record, wanted: str, states: Collection[str]) -> None:
        state = str(record.fields["state"])
        if state not in states:
            raise OperatorError(
                f"output {record.id} is {state} and cannot become {wanted}",
                fix=_WHY_NOT[state],
            )
        if record.fields.get("worker"):
            raise OperatorError(
                f"output {record.id} is being carried out, or was when JigAjob was stopped",
                fix="the next run brings it to its end; see `jigajob outbox show` then",
            )

    async def _check_deliverable(self, record: Record) -> None:
        output = await self._outputs.open(record)
        if output.item < 0:
            raise OperatorError(
                f"output {output.id} only reports a step that failed; there is nothing to send",
                fix="mend what it says (`jigajob outbox show`), then reject it to close it",
            )
        try:
            self._outlets.of(output)
        except OperatorError as error:
            raise OperatorError(
                error.what, fix=f"{error.fix}; or reject it to close it"
            ) from None
