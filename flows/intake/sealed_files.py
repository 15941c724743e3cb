"""Attachments that were not read, sealed beside their mail for the owner alone.

A file is cut into records below the size that stores take. They are written before the mail
that speaks of them, so that no mail promises a file that is not there; what an interrupted
run leaves behind is written over by the next, or expires like the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from flows.ports import Record
from flows.records import Records

KIND: Final = "attachment"
CHUNK: Final = 1_900_000
"""Bytes of a file in one record; stores take 2,000,000 with the fields."""


class SealedFiles:
    """The sealed attachments of one business."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def put(
        self, message: str, files: Mapping[int, bytes], *, expires_at: datetime
    ) -> None:
        """Store *files*, by their place among the attachments of the mail with id *message*.

        Storing them again changes nothing but the time at which they expire.
        """
        for number, content in files.items():
            count = -(-len(content) // CHUNK)
            for chunk in range(count):
                record = await self._records.seal_bytes(
                    KIND,
                    await self._id(message, number, chunk),
                    content[chunk * CHUNK : (chunk + 1) * CHUNK],
                    {"message": message, "number": number, "chunk": chunk, "chunks": count},
                    expires_at=expires_at,
                )
                await self._records.store.put(self._records.key, record)

    async def prolong(
        self, message: str, numbers: Iterable[int], *, expires_at: datetime
    ) -> None:
        """Let files that are stored expire at another time."""
        for number in numbers:
            for record in await self._chunks(message, number):
                await self._records.store.put(
                    self._records.key, replace(record, expires_at=expires_at), etag=record.etag
                )

    async def get(self, message: str, number: int) -> bytes | None:
        """Return the attachment at place *number* (from 0), or None where none is kept.

        Raises:
            AdministratorError: A record was sealed with another key, or was moved.
        """
        records = await self._chunks(message, number)
        if not records:
            return None
        return b"".join([await self._records.open_bytes(record) for record in records])

    async def _chunks(self, message: str, number: int) -> list[Record]:
        """Return the records of a file in order; none where one of them is missing."""
        records: list[Record] = []
        count = 1
        while len(records) < count:
            record_id = await self._id(message, number, len(records))
            record = await self._records.get(KIND, record_id)
            if record is None:
                return []
            count = int(record.fields["chunks"] or 0)
            records.append(record)
        return records

    async def _id(self, message: str, number: int, chunk: int) -> str:
        return await self._records.record_id(KIND, message, str(number), str(chunk))
