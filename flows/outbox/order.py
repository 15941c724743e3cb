"""Which outputs wait for others: in one lane each goes out after those made before it.

What holds back those behind it is whatever may still go out, or may have: it waits for a
person, is approved, at hand, or unknown. What was sent, was rejected or failed for good does
not; a person who has that tried again has it go out late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from flows.model import Output, OutputState
from flows.outbox.record import OUTPUT, found_by
from flows.ports import Record, Where
from flows.records import Records

HOLDING: Final[tuple[OutputState, ...]] = ("approved", "sending", "unknown", "waiting")
OVER: Final = frozenset({"sent", "failed"})
"""In which of these a delivery has ended lets the next one of its lane go."""

_AT_ONCE: Final = 100


class Order:
    """The lanes of one business. Where no output has one, nothing is read."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def ahead(self, outputs: Iterable[Record]) -> dict[str, str]:
        """Return what goes out right before each that is in a lane and not its first, by id."""
        asked = {each.id: each.fields["lane"] for each in outputs if each.fields.get("lane")}
        lanes = sorted({str(lane) for lane in asked.values()})
        ahead: dict[str, str] = {}
        for start in range(0, len(lanes), _AT_ONCE):
            last: dict[str, str] = {}
            for record in await self._line(lanes[start : start + _AT_ONCE]):
                lane = str(record.fields["lane"])
                if lane in last and record.id in asked:
                    ahead[record.id] = last[lane]
                last[lane] = record.id
        return ahead

    async def before(self, output: Output) -> str:
        """Return the id of what an approved output waits for; "" where there is none."""
        if output.state != "approved":
            return ""
        record = Record(kind=OUTPUT, id=output.id, fields=found_by(output))
        return (await self.ahead([record])).get(output.id, "")

    async def _line(self, lanes: Sequence[str]) -> list[Record]:
        where = [Where("lane", "in", tuple(lanes)), Where("state", "in", HOLDING)]
        found = [record async for record in self._records.each(OUTPUT, where=where)]
        return sorted(found, key=_place)


def _place(record: Record) -> tuple[str, str, str, int, str]:
    """Return where a record stands in its lane: when it was made, then by its run."""
    fields = record.fields
    made, trigger, flow = (str(fields[name]) for name in ("created", "trigger", "flow"))
    return made, trigger, flow, int(fields.get("place") or 0), record.id
