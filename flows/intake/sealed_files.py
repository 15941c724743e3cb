"""Attachments that were not read, sealed beside their mail for the owner alone.

A file is sealed as a stream (`flows/streams.py`) under a key of its own, one chunk a record.
The record of the file holds that key, sealed like any other, so that a new data key is not
one more reason to read and write the file. It is written after the chunks and before the mail
that speaks of it: no mail promises a file that is not there. What an interrupted run leaves
behind expires like the rest.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from flows.errors import Unopened
from flows.ports import Record
from flows.records import Records
from flows.streams import HEADER_BYTES, KEY_BYTES, Chunks, new_header

KIND: Final = "attachment"
PART: Final = "attachment_part"
CHUNK: Final = 1_048_576
"""Bytes of a file in one record; stores take 2,000,000 with the fields."""

_STREAM: Final = b"\x02"
"""Begins each part: it is not a value that the keyring has sealed."""


@dataclass(frozen=True, slots=True)
class _File:
    """What the record of a file says of its parts."""

    id: str
    number: int
    chunks: Chunks


class SealedFiles:
    """The sealed attachments of one business."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def put(
        self, message: str, files: Mapping[int, bytes], *, expires_at: datetime
    ) -> None:
        """Store *files*, by their place among the attachments of the mail with id *message*.

        Storing them again replaces them; the parts of before are read no more, and expire.
        """
        for number, content in files.items():
            file_id, key, header = (
                secrets.token_hex(16),
                secrets.token_bytes(32),
                new_header(CHUNK),
            )
            chunks = self._chunks(key, file_id, header)
            starts = range(0, max(len(content), 1), CHUNK)
            for part, start in enumerate(starts):
                piece = content[start : start + CHUNK]
                sealed = chunks.seal(piece, last=start == starts[-1])
                record = Record(
                    kind=PART,
                    id=await self._records.record_id(PART, file_id, str(part)),
                    sealed=_STREAM + sealed,
                    expires_at=expires_at,
                )
                await self._records.store.put(self._records.key, record)
            record = await self._records.seal_bytes(
                KIND,
                await self._id(message, number),
                key + header + file_id.encode(),
                {"message": message, "number": number, "parts": len(starts)},
                expires_at=expires_at,
            )
            await self._records.store.put(self._records.key, record)

    async def prolong(
        self, message: str, numbers: Iterable[int], *, expires_at: datetime
    ) -> None:
        """Let files that are stored expire at another time."""
        for number in numbers:
            async for record in self._stored(message, number):
                await self._records.store.put(
                    self._records.key, replace(record, expires_at=expires_at), etag=record.etag
                )

    async def get(self, message: str, number: int) -> AsyncIterator[bytes] | None:
        """Return the attachment at place *number* (from 0) in pieces, or None.

        One piece at a time is in memory. That the file is whole is known at its end.

        Raises:
            Unopened: While it is read: a record was altered, moved or is missing.
        """
        record = await self._records.get(KIND, await self._id(message, number))
        if record is None:
            return None
        return (
            self._earlier(message, number) if "chunk" in record.fields else self._read(record)
        )

    async def _read(self, record: Record) -> AsyncIterator[bytes]:
        file = await self._file(record)
        for part in range(file.number):
            found = await self._part(file, part)
            if found is None:
                raise Unopened(
                    "a part of a sealed attachment is missing",
                    fix="restore the store from a backup that is older",
                )
            yield file.chunks.open(
                found.sealed.removeprefix(_STREAM), last=part == file.number - 1
            )

    async def _earlier(self, message: str, number: int) -> AsyncIterator[bytes]:
        """Yield a file that the release before these has stored: each part a sealed value."""
        async for record in self._stored(message, number):
            yield await self._records.open_bytes(record)

    async def _stored(self, message: str, number: int) -> AsyncIterator[Record]:
        """Yield the record of a file and those of its parts, in order."""
        record = await self._records.get(KIND, await self._id(message, number))
        if record is None:
            return
        yield record
        if "chunk" in record.fields:
            for part in range(1, int(record.fields["chunks"] or 0)):
                found = await self._records.get(KIND, await self._id(message, number, part))
                if found:
                    yield found
            return
        file = await self._file(record)
        for part in range(file.number):
            if found := await self._part(file, part):
                yield found

    async def _file(self, record: Record) -> _File:
        opened = await self._records.open_bytes(record)
        key, rest = opened[:KEY_BYTES], opened[KEY_BYTES:]
        file_id = rest[HEADER_BYTES:].decode()
        chunks = self._chunks(key, file_id, rest[:HEADER_BYTES])
        return _File(file_id, int(record.fields["parts"] or 0), chunks)

    def _chunks(self, key: bytes, file_id: str, header: bytes) -> Chunks:
        return Chunks(key, (self._records.key.business, KIND, file_id), header)

    async def _part(self, file: _File, part: int) -> Record | None:
        record_id = await self._records.record_id(PART, file.id, str(part))
        return await self._records.get(PART, record_id)

    async def _id(self, message: str, number: int, chunk: int = 0) -> str:
        return await self._records.record_id(KIND, message, str(number), str(chunk))
