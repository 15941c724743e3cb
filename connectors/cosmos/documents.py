"""A record as a document of Cosmos DB, and back.

    id    kind and record id; a hash where the id has characters that an address should not have
    b s   business and scope: the partition key
    k i   kind and record id, the latter as a *key*
    f     the fields, each as a key
    o     the *places* by id and by those fields in the order of which records are listed
          (`flows.ports.LISTED_BY`); a tombstone has neither this nor fields
    x     when it expires, in microseconds since 1970; `ttl` the same in whole seconds from now
    z     what is sealed, in base64; where it is long, `blob` names where it lies outside
    w     who wrote it: an id of this write and of those before it, newest first
    d     true for what was deleted: a tombstone, which expires when everybody has heard of it

A key is the sort key of a value, in ASCII, on the order of which all agree: what conditions
compare. A place is a key, the id and the scope, written so that the order of the texts is the
order of the contract: by value, then id, then scope. One index on one place therefore answers
a query in its order, and a page begins right after the place where the last one ended,
whatever came or went meanwhile. Ids are long, so only fields that need it have a place.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple

from flows.ports import LISTED_BY, Key, Record, Scalar
from flows.store_rules import (
    TOLD_FOR,
    UNREADABLE,
    damaged,
    micros,
    moment,
    sort_key,
    value_of,
)

Document = dict[str, Any]

LONGEST_TTL: Final = 2**31 - 1
END: Final = "!"
"""Ends a part of a place; sorts below everything that a part is made of."""

_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9._@+=:-]+")
_WRITTEN: Final = re.compile("[\x00-\x22\x7e-\U0010ffff]")
_READ: Final = re.compile(r'"([0-9a-f]{2})|~([0-9a-f]{6})')
_VERSION: Final = re.compile(r"(-?\d*)\|([^|]*)\|([^|]*)\|(.+)", re.DOTALL)
_TOLD_FOR: Final = TOLD_FOR // timedelta(microseconds=1)
_LAST_ESCAPED: Final = ord('"')
_ANCESTORS: Final = 16
_WRITE_ID: Final = 12


class Version(NamedTuple):
    """What an etag of this store tells: all that a conditional write must know beforehand.

    Attributes:
        expires: When this version expires, or None.
        blob: Where its sealed part lies outside, or "".
        writes: The ids of the writes that led to it, newest first.
        tag: The etag of Cosmos DB.
    """

    expires: int | None
    blob: str
    writes: str
    tag: str

    def __str__(self) -> str:
        expires = "" if self.expires is None else self.expires
        return f"{expires}|{self.blob}|{self.writes}|{self.tag}"

    def expired(self, now: int) -> bool:
        """Tell whether this version has expired."""
        return self.expires is not None and self.expires <= now

    @classmethod
    def read(cls, etag: str) -> Version | None:
        """Return what an etag tells, None where it is none of this store."""
        found = _VERSION.fullmatch(etag)
        if not found:
            return None
        expires, blob, writes, tag = found.groups()
        return cls(int(expires) if expires.strip("-") else None, blob, writes, tag)


def new_write() -> str:
    """Return an id for one write or batch, that no other has."""
    return secrets.token_urlsafe(_WRITE_ID * 3 // 4)


def history(write: str, number: int, before: str = "") -> str:
    """Return the ids of the writes that led to a version, from those of the version before."""
    return " ".join([f"{write}{number}", *before.split()][:_ANCESTORS])


def came_of(write: str, document: Document) -> bool:
    """Tell whether a write is one of those that led to a document."""
    return any(one[:_WRITE_ID] == write for one in str(document.get("w", "")).split())


def document_id(kind: str, record_id: str) -> str:
    """Return the id of the document of a record.

    Source: learn.microsoft.com, "Azure Cosmos DB service quotas": at most 1,023 bytes, and
    for all libraries to agree only ASCII letters, digits and a few marks.
    """
    if _PLAIN_ID.fullmatch(record_id):
        return f"{kind}~{record_id}"
    return f"{kind}~~{hashlib.sha256(record_id.encode()).hexdigest()}"


def ordered(text: str) -> str:
    """Return *text* as ASCII without control characters and `END`, in the same order."""
    return _WRITTEN.sub(_write, text)


def written(value: Scalar) -> str:
    """Return the key of a value: text in ASCII, in the order of the values."""
    return ordered(sort_key(value))


def place_of(document: Document, name: str) -> str:
    """Return where a document of a record stands in the order of a field that it has."""
    places: Mapping[str, str] = document["o"]
    return places.get(name) or f"{document['f'][name]}{END}{places['id']}"


def dead(document: Document, now: int) -> bool:
    """Tell whether a document is a tombstone or has expired."""
    return bool(document.get("d")) or expired(document, now)


def expired(document: Document, now: int) -> bool:
    """Tell whether a document is there for nobody any more, not even for the feed."""
    return bool(document.get("x", now + 1) <= now)


def version_of(document: Document) -> Version:
    """Return the version of a document as it was read."""
    return Version(
        document.get("x"), document.get("blob", ""), document.get("w", ""), document["_etag"]
    )


def write_document(key: Key, record: Record, *, writes: str, blob: str, now: int) -> Document:
    """Return the document of a record; its sealed part is left out where *blob* names one."""
    document = _named(key, record, writes)
    keys = {name: written(value) for name, value in record.fields.items()}
    by_id = f"{ordered(record.id)}{END}{ordered(key.scope)}"
    listed = {name: f"{keys[name]}{END}{by_id}" for name in keys if name in LISTED_BY}
    document |= {"f": keys, "o": {"id": by_id, **listed}}
    if record.expires_at is not None:
        document |= _ending(micros(record.expires_at), now)
    if blob:
        document["blob"] = blob
    elif record.sealed:
        document["z"] = base64.b64encode(record.sealed).decode()
    return document


def write_tombstone(key: Key, record: Record, *, writes: str, now: int) -> Document:
    """Return what stands in for a deleted record until everybody has heard of it."""
    return _named(key, record, writes) | {"d": True} | _ending(now + _TOLD_FOR, now)


def read_document(document: Document, sealed: bytes | None = None) -> Record:
    """Return the record of a document; *sealed* where that lies outside.

    Raises:
        AdministratorError: It is none, so that the store is damaged; names the record.
    """
    try:
        return _record(document, sealed)
    except UNREADABLE:
        raise damaged(str(document.get("k")), str(document.get("i"))) from None


def _record(document: Document, sealed: bytes | None) -> Record:
    deleted = bool(document.get("d"))
    expires = moment(document["x"]) if "x" in document and not deleted else None
    if sealed is None:
        sealed = base64.b64decode(document.get("z", ""))
    return Record(
        kind=document["k"],
        id=str(_value(document["i"])),
        fields={name: _value(key) for name, key in document.get("f", {}).items()},
        sealed=sealed,
        expires_at=expires,
        etag=str(version_of(document)),
        scope=document["s"],
        deleted=deleted,
    )


def _ending(expires: int, now: int) -> Document:
    seconds = -((now - expires) // 1_000_000)
    return {"x": expires, "ttl": min(max(seconds, 1), LONGEST_TTL)}


def _named(key: Key, record: Record, writes: str) -> Document:
    return {
        "id": document_id(record.kind, record.id),
        "b": key.business,
        "s": key.scope,
        "k": record.kind,
        "i": written(record.id),
        "w": writes,
    }


def _value(key: str) -> Scalar:
    return value_of(_READ.sub(_read, key))


def _write(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f'"{code:02x}' if code <= _LAST_ESCAPED else f"~{code:06x}"


def _read(found: re.Match[str]) -> str:
    return chr(int(found[1] or found[2], 16))
