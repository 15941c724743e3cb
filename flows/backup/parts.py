"""What a backup is made of: the entries of the archive, its manifest, and the file of keys.

The archive is a stream (`flows/streams.py`) of entries, each a length (4 bytes), a JSON object
and as many bytes as that says. An entry is a record as it was when it was read; a later entry
for the same record takes its place. The last entry is the manifest. The key of the stream is
new for each backup; it lies wrapped, beside the wrapped keys of the business, in the other
file, which is JSON.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from flows.errors import OperatorError
from flows.ports import Record, Scalar

FORMAT: Final = 1
_LENGTH: Final = struct.Struct(">I")
_LONGEST: Final = 4_000_000
"""Bytes of an entry's JSON or body at the most: stores take records of 2,000,000."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds, said by itself at its end.

    Attributes:
        entries: How many entries come before, and `hash` their SHA-256.
        kinds: How many of them there are of each kind; a record that was changed while the
            backup was made counts more than once.
        keys: SHA-256 of the other file, which belongs to this archive alone.
        audit_root: Root of the audit when the backup was made; empty where there is none.
    """

    business: str
    made_at: str
    entries: int
    hash: str
    kinds: Mapping[str, int]
    keys: str
    audit_root: str = ""
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The keys that belong to one archive, all wrapped."""

    archive: str
    business: str
    made_at: str
    archive_key: bytes = field(repr=False)
    keys: tuple[Record, ...] = field(repr=False)

    def as_bytes(self) -> bytes:
        """Return the content of the file."""
        shown = {
            "format": FORMAT,
            "what": "wrapped keys of a backup of JigAjob; keep them apart from the archive",
            "archive": self.archive,
            "business": self.business,
            "made_at": self.made_at,
            "archive_key": base64.b64encode(self.archive_key).decode(),
            "keys": [
                {
                    "id": key.id,
                    "fields": dict(key.fields),
                    "wrapped": base64.b64encode(key.sealed).decode(),
                }
                for key in self.keys
            ],
        }
        return json.dumps(shown, indent=1).encode()

    @classmethod
    def read(cls, content: bytes) -> KeyFile:
        """Return the keys in a file that `as_bytes` made.

        Raises:
            OperatorError: It is not such a file.
        """
        try:
            found = json.loads(content)
            return cls(
                archive=str(found["archive"]),
                business=str(found["business"]),
                made_at=str(found["made_at"]),
                archive_key=base64.b64decode(found["archive_key"], validate=True),
                keys=tuple(
                    Record(
                        kind="key",
                        id=str(key["id"]),
                        fields=key["fields"],
                        sealed=base64.b64decode(key["wrapped"], validate=True),
                    )
                    for key in found["keys"]
                ),
            )
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise OperatorError(
                "that is not the file of keys of a backup",
                fix="give the file that was written beside the archive",
            ) from error


def names(business: str, archive: str) -> tuple[str, str, str]:
    """Return what the stream of an archive is bound to."""
    return business, "backup", archive


def record_entry(record: Record) -> bytes:
    """Return the entry of a record."""
    head: dict[str, Scalar | dict[str, Scalar]] = {
        "scope": record.scope,
        "kind": record.kind,
        "id": record.id,
    }
    if record.deleted:
        head["deleted"] = True
    else:
        head["fields"] = dict(record.fields)
        if record.expires_at:
            head["expires_at"] = record.expires_at.isoformat()
    return _entry(head, record.sealed)


def manifest_entry(manifest: Manifest) -> bytes:
    """Return the entry that ends an archive."""
    return _entry({"manifest": asdict(manifest)}, b"")


def record_of(head: Mapping[str, Any], body: bytes) -> Record:
    """Return the record of an entry."""
    expires_at = head.get("expires_at")
    return Record(
        scope=head["scope"],
        kind=head["kind"],
        id=head["id"],
        fields=head.get("fields", {}),
        sealed=body,
        expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
        deleted=head.get("deleted", False),
    )


async def read_entries(
    content: AsyncIterable[bytes],
) -> AsyncIterator[tuple[bytes, dict[str, Any], bytes]]:
    """Yield each entry as its bytes, its JSON and its body, one at a time in memory."""
    held = bytearray()
    async for piece in content:
        held += piece
        while (whole := _whole(held)) is not None:
            raw, head, body = whole
            del held[: len(raw)]
            yield raw, head, body
    if held:
        raise _unreadable()


def _entry(head: Mapping[str, object], body: bytes) -> bytes:
    text = json.dumps({**head, "size": len(body)}, ensure_ascii=False).encode()
    return _LENGTH.pack(len(text)) + text + body


def _whole(held: bytearray) -> tuple[bytes, dict[str, Any], bytes] | None:
    """Return the first entry, or None where not all of it is there yet."""
    if len(held) < _LENGTH.size:
        return None
    start = _LENGTH.size + _LENGTH.unpack_from(held)[0]
    if start > _LONGEST:
        raise _unreadable()
    if len(held) < start:
        return None
    head = json.loads(held[_LENGTH.size : start])
    if not 0 <= head["size"] <= _LONGEST:
        raise _unreadable()
    end = start + head["size"]
    if len(held) < end:
        return None
    return bytes(held[:end]), head, bytes(held[start:end])


def _unreadable() -> OperatorError:
    return OperatorError(
        "the archive is not in a format that this version of JigAjob knows",
        fix="restore it with the version that made it, or a newer one",
    )
