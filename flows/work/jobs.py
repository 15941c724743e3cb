"""Jobs as they were opened."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from flows.errors import RecordExists
from flows.model import Output
from flows.records import Records

_FIELDS: Final = (
    *("title", "site", "customer", "phone", "email", "wanted", "notes", "priority"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as it was opened; unknown parts are empty."""

    id: str
    reference: str
    title: str
    site: str = ""
    customer: str = ""
    phone: str = ""
    email: str = ""
    wanted: str = ""
    notes: str = ""
    priority: str = "normal"


class Jobs:
    """The jobs of one business, sealed in the store."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def all(self) -> list[Job]:
        """Return all jobs, oldest first."""
        return [job async for _, job in self._records.opened("job", Job, order="recorded")]

    async def open(self, output: Output) -> str:
        """Record the job of an output of `job.open`, once, and return its reference."""
        text = {name: str(output.body.get(name) or "") for name in _FIELDS}
        record_id = await self._records.record_id("job", output.id)
        job = Job(id=record_id, reference=str(output.body.get("job") or record_id[:12]), **text)
        fields = {"state": "new", "recorded": output.created_at.isoformat()}
        record = await self._records.seal(
            "job", record_id, job, {**fields, "flow": output.flow}
        )
        with suppress(RecordExists):  # delivered before
            await self._records.store.create(self._records.key, record)
        return job.reference
