"""Outputs on their way out: waiting, approved, sending, sent, failed, unknown, rejected.

    waiting ──approve──> approved ──> sending ──> sent
       └────reject────> rejected         ├──────> failed    somebody must act, then approve
                                         └──────> unknown   a person decides

Every step is a conditional write, so two people cannot both decide. An output found in
`sending` belongs to a worker that died, or to one at work right now: it is delivered again,
since an outlet takes the same output twice as once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from flows.errors import (
    DeliveryUnknown,
    JigajobError,
    OperatorError,
    StaleRecord,
    TransientError,
)
from flows.model import Output, OutputState
from flows.ports import Clock, Outlet, Record, Where
from flows.records import Records

_OPEN: Final = ("waiting", "failed", "unknown")


@dataclass(frozen=True, slots=True)
class Posted:
    """An output as the outbox holds it: `note` says where it went or what went wrong."""

    output: Output
    note: str
    changed_at: datetime


async def output_record(
    records: Records, output: Output, *, expires_at: datetime | None
) -> Record:
    """Return the record of a new output, not yet stored."""
    note = ""
    if output.state == "failed":
        note = f"{output.body.get('problem', '')}\n  fix: {output.body.get('fix', '')}"
    fields = {
        "flow": output.flow,
        "step": output.step,
        "uses": output.uses,
        "state": output.state,
        "approver": output.approver,
        "trigger": output.trigger,
        "created": output.created_at.isoformat(),
        "changed": output.created_at.isoformat(),
        "note": _storable(note),
    }
    return await records.seal("output", output.id, output, fields, expires_at=expires_at)


class Outbox:
    """The outputs of one business."""

    def __init__(self, records: Records, outlets: Iterable[Outlet], clock: Clock) -> None:
        self._records, self._clock = records, clock
        self._outlets = {uses: outlet for outlet in outlets for uses in outlet.uses}

    async def list(self, *states: OutputState) -> AsyncIterator[Posted]:
        """Yield the outputs in these states (none given: in any), oldest first."""
        where = [Where("state", "in", states)] if states else []
        async for record in self._records.each("output", where=where, order="created"):
            yield await self._posted(record)

    async def show(self, output_id: str) -> Posted:
        """Return the output whose id is, or alone begins with, *output_id*.

        Raises:
            OperatorError: There is none, or more than one.
        """
        return await self._posted(await self._find(output_id))

    async def approve(self, output_id: str) -> Posted:
        """Let an output go out with the next delivery, and return it.

        Raises:
            OperatorError: It does not exist, or is past deciding.
        """
        return await self._decide(output_id, "approved")

    async def reject(self, output_id: str) -> Posted:
        """Close an output without sending it, and return it.

        Raises:
            OperatorError: It does not exist, or is past deciding.
        """
        return await self._decide(output_id, "rejected")

    async def deliver(self) -> Counter[str]:
        """Carry out everything approved, and return how many ended in which state.

        What fails for now stays approved and is tried again in the next sweep, and is
        counted as `later`.
        """
        ended: Counter[str] = Counter()
        # Read to the end first: states change under the query while we deliver.
        where = [Where("state", "in", ("approved", "sending"))]
        due = [record async for record in self._records.each("output", where=where)]
        due.sort(key=lambda record: (str(record.fields["created"]), record.id))
        for record in due:
            ended[await self._deliver(record)] += 1
        return ended

    async def _deliver(self, record: Record) -> str:
        output = await self._records.open(record, Output)
        try:
            if record.fields["state"] == "approved":
                record = await self._move(record, "sending", "")
            state, note = await _hand_over(self._outlets.get(output.uses), output)
            await self._move(record, state, note)
        except StaleRecord:  # another worker took it, with the same result
            return "elsewhere"
        return "later" if state == "approved" else state

    async def _decide(self, output_id: str, state: OutputState) -> Posted:
        record = await self._find(output_id)
        before = str(record.fields["state"])
        if before == state:  # deciding the same again is no mistake
            return await self._posted(record)
        if before not in _OPEN:
            raise OperatorError(
                f"output {output_id} is {before} and cannot become {state}",
                fix=f"only outputs that are {', '.join(_OPEN)} can be decided",
            )
        output = await self._records.open(record, Output)
        if state == "approved" and output.uses not in self._outlets:
            raise OperatorError(
                f"output {output_id} only reports a step that failed; there is nothing to send",
                fix="mend what it says (`jigajob outbox show`), then reject it to close it",
            )
        return await self._posted(await self._move(record, state, ""))

    async def _move(self, record: Record, state: OutputState, note: str) -> Record:
        fields = {
            **record.fields,
            "state": state,
            "note": _storable(note),
            "changed": self._clock.now().isoformat(),
        }
        moved = replace(record, fields=fields)
        return await self._records.store.put(self._records.key, moved, etag=record.etag)

    async def _find(self, start: str) -> Record:
        """Return the one output whose id begins with *start*, as people type ids."""
        if not start:
            raise OperatorError("no id was given", fix="see `jigajob outbox list` for the ids")
        found: tuple[Record, ...] = ()
        if start.isascii():  # ids are; a store need not take every other text
            where = [Where("id", "prefix", start)]
            page = await self._records.store.query(
                self._records.key, "output", where=where, limit=2
            )
            found = page.records
        if len(found) != 1:
            number = "several outputs begin" if found else "no output begins"
            raise OperatorError(
                f"{number} with {start!r}", fix="see `jigajob outbox list` for the ids"
            )
        return found[0]

    async def _posted(self, record: Record) -> Posted:
        output = await self._records.open(record, Output)
        state: OutputState = record.fields["state"]  # type: ignore[assignment]  # only we write it
        changed_at = datetime.fromisoformat(str(record.fields["changed"]))
        return Posted(replace(output, state=state), str(record.fields["note"]), changed_at)


def _storable(note: str) -> str:
    """Return *note* without halves of characters, which paths on a disk may hold."""
    return note.encode("utf-8", "backslashreplace").decode()


async def _hand_over(outlet: Outlet | None, output: Output) -> tuple[OutputState, str]:
    if outlet is None:
        return "failed", f"nothing takes outputs of {output.uses!r}\n  fix: connect an outlet"
    try:
        return "sent", await outlet.deliver(output)
    except TransientError as error:
        return "approved", str(error)
    except DeliveryUnknown as error:
        return "unknown", str(error)
    except JigajobError as error:
        return "failed", str(error)
    except Exception as error:  # noqa: BLE001 - one output must not hold up all others for good
        what = f"its outlet stopped on an unforeseen {type(error).__name__}"
        return "unknown", f"{what}\n  fix: see whether it went out; approve it if not"
