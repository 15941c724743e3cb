"""What becomes of outputs about which nobody has decided in time.

A person and a deadline may decide at the same moment: each writes on the condition that the
other has not, so one of them has decided, and the other comes too late.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from flows.audit import Act, Audit
from flows.errors import RecordExists, RecordMissing, StaleRecord
from flows.model import Output
from flows.outbox.notices import Notices
from flows.outbox.outputs import Outputs
from flows.outbox.record import Change
from flows.ports import Clock, Record
from flows.terms import Deadline

_ACTIONS: Final = {
    "reject": "output.reject",
    "approve": "output.approve",
    "ask": "output.ask",
}


class Deadlines:
    """Decides for a business what its people have not decided in the time that a flow gives."""

    def __init__(self, outputs: Outputs, notices: Notices, clock: Clock, audit: Audit) -> None:
        self._outputs, self._notices = outputs, notices
        self._clock, self._audit = clock, audit

    async def pass_by(self, overdue: Iterable[Record]) -> list[Record]:
        """Decide about outputs past their deadline; return those that may go out now.

        Raises:
            TransientError, AdministratorError: From the store or the audit log.
        """
        let_go: list[Record] = []
        for record in overdue:
            with suppress(StaleRecord, RecordMissing, RecordExists):  # somebody has decided
                decided = await self._decide(record)
                if decided.fields["state"] == "approved":
                    let_go.append(decided)
        return let_go

    async def _decide(self, record: Record) -> Record:
        output, now = await self._outputs.open(record), self._clock.now()
        deadline = output.terms.deadline
        assert deadline is not None  # noqa: S101 - it is past it
        change, told, text = _decision(output, deadline)
        if change.state == "approved":
            change = Change(change.state, change.note, next_at=now, approver=change.approver)
        notice = await self._notices.of(output, told, cause="deadline", text=text, now=now)
        act = Act(
            action=_ACTIONS[deadline.then],
            authority=f"deadline of flow {output.flow}/{output.flow_version}",
            subjects=[output.id],
            details={"approver": output.approver, "asked": deadline.ask},
        )
        async with self._audit.act(act):
            return await self._outputs.change(record, change, now, notice)


def _decision(output: Output, deadline: Deadline) -> tuple[Change, str, str]:
    """Return what becomes of the output, who is told, and in which words."""
    role = output.approver
    late = f"{role} has not decided by {deadline.at:%Y-%m-%d %H:%M} UTC"
    match deadline.then:
        case "approve":
            # No person has approved it, so it goes out as what goes out by itself.
            return (
                Change("approved", f"let go by its deadline: {late}", approver=""),
                role,
                f"{late}, so it goes out.",
            )
        case "ask":
            text = f"{late}, so {deadline.ask} is asked."
            return Change("waiting", text, approver=deadline.ask), deadline.ask, text
        case "reject":
            note = f"closed by its deadline: {late}"
            return (
                Change("rejected", note, approver=role),
                role,
                f"{late}, so it is closed and does not go out.",
            )
