"""Notices about outputs: what people of the business are told when one does not go its way.

They name the output, its flow and its step, and nothing that came by mail.
"""

from __future__ import annotations

from datetime import datetime

from flows.model import Output
from flows.outbox.record import output_record
from flows.own_outputs import FLOW, KEPT_FOR, own_output
from flows.ports import Write
from flows.records import Records


class Notices:
    """Writes notices, each in one batch with what it tells of."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def of(
        self, output: Output, role: str, *, cause: str, text: str, now: datetime
    ) -> Write:
        """Return the write of a notice to *role* that *text* is so of the output."""
        begin = output.id[:10]
        said = (
            f"Output {begin} of flow {output.flow!r}, step {output.step!r}: {text}"
            f" `jigajob outbox show {begin}` shows it."
        )
        notice = own_output(
            "notify",
            "outbox",
            (FLOW, output.id, cause, now.isoformat()),
            trigger=output.id,
            body={"to": role, "text": said},
            summary=f"Tell {role} about output {begin}",
            now=now,
        )
        record = await output_record(self._records, notice, expires_at=now + KEPT_FOR)
        return Write(op="create", record=record)
