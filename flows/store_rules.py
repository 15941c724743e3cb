"""What every store refuses, how it compares values, and what its cursors look like.

The rules are those of the port, written once, so that a store that runs on one machine and
one that runs in a cloud refuse the same calls and answer the same queries.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from flows.errors import AdministratorError, RecordTooLarge
from flows.ports import Key, Record, Scalar, Where, Write

MAX_BYTES = 2_000_000
"""Of the fields as JSON and the ciphertext together."""
MAX_WRITES = 100
MAX_LIMIT = 1_000
MAX_ID = 255
INTEGERS = 2**53
"""Integers stay below this in size: beyond it JSON readers round (RFC 8259, section 6)."""
TOLD_FOR: Final = timedelta(days=30)
"""For so long `Store.changes` tells of a deletion."""

_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_KIND = re.compile(r"[a-z][a-z0-9_.-]{0,62}")
_UNFIT = re.compile(r"[/\\?#\x00-\x1f\x7f\ud800-\udfff]")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OPS = frozenset({"=", "!=", "<", "<=", ">", ">=", "in", "prefix"})

NULL, BOOL, INT, TEXT = "-", "b", "i", "s"
"""First character of a sort key; their order is the order of values of different types."""


def check_key(key: Key, *, whole: bool = False) -> None:
    """Refuse a partition that cannot be named; *whole* allows all scopes of a business.

    Raises:
        ValueError: Business or scope is empty or holds a character that ids may not.
    """
    _check_id("business", key.business)
    if key.scope or not whole:
        _check_id("scope", key.scope)


def check_name(kind: str, record_id: str) -> None:
    """Refuse a kind or an id that no store accepts.

    Raises:
        ValueError: Says which of the two and what is allowed; never the value.
    """
    check_kind(kind)
    _check_id("record id", record_id)


def check_kind(kind: str) -> None:
    """Refuse a kind that is not a short word.

    Raises:
        ValueError: It has other characters than a-z, 0-9 and `_.-`, or is too long.
    """
    if not _KIND.fullmatch(kind):
        raise ValueError("a kind is 1 to 63 of a-z, 0-9 and _.-, starting with a letter")


def check_writes(writes: Sequence[Write]) -> None:
    """Refuse a batch of the wrong length or with a record or operation that is not allowed.

    Raises:
        ValueError: No writes, more than 100, an unknown operation, an etag on a create.
        RecordTooLarge: One of the records is over 2,000,000 bytes.
    """
    if not 1 <= len(writes) <= MAX_WRITES:
        raise ValueError(f"a batch takes 1 to {MAX_WRITES} writes, not {len(writes)}")
    for write in writes:
        if write.op not in {"create", "put", "delete"}:
            raise ValueError("an operation is create, put or delete")
        if write.op == "create" and write.etag:
            raise ValueError("a create takes no etag: there is nothing yet to compare with")
        if write.op == "delete":
            check_name(write.record.kind, write.record.id)
        else:
            check_record(write.record)


def check_record(record: Record) -> None:
    """Refuse a record that not every store can hold.

    Raises:
        ValueError: Kind, id, a field's name or value, or the time of expiry is not allowed.
        RecordTooLarge: Fields and ciphertext are over 2,000,000 bytes together.
    """
    check_name(record.kind, record.id)
    for name, value in record.fields.items():
        _check_field(name)
        if name == "id":
            raise ValueError("a field named 'id' would hide the id of the record")
        check_scalar(value)
    if record.expires_at is not None and record.expires_at.tzinfo is None:
        raise ValueError("expires_at needs a time zone")
    size = len(json.dumps(dict(record.fields), ensure_ascii=False).encode()) + len(
        record.sealed
    )
    if size > MAX_BYTES:
        raise RecordTooLarge(
            f"a record of kind '{record.kind}' has {size:,} bytes; {MAX_BYTES:,} are allowed",
            fix="store less of it, or split it into several records",
        )


def check_scalar(value: object) -> None:
    """Refuse a value that is not text, a whole number, true, false or null.

    Raises:
        ValueError: Floats (money is stored as text), integers of 2**53 and above, text with
            NUL or half of a surrogate pair, anything nested.
    """
    match value:
        case None | bool():
            return
        case int() if abs(value) < INTEGERS:
            return
        case int():
            raise ValueError("an integer in a field is below 2**53 in size")
        case str() if not _UNSTORABLE.search(value):
            return
        case str():
            raise ValueError("text in a field holds no NUL and no lone surrogate")
        case _:
            raise ValueError("a field is text, an integer, true, false or null")


def check_query(
    key: Key, kind: str, where: Sequence[Where], order: str = "id", limit: int = 1
) -> None:
    """Refuse a query or count that not every store can answer.

    Raises:
        ValueError: Key, kind, a condition, the order field or the limit is not allowed.
    """
    check_key(key, whole=True)
    check_kind(kind)
    _check_field(order)
    check_limit(limit)
    for condition in where:
        _check_condition(condition)


def check_limit(limit: int) -> None:
    """Refuse a page of no records or of more than 1,000.

    Raises:
        ValueError: The limit is outside of 1 to 1,000.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise ValueError(f"a page has 1 to {MAX_LIMIT:,} records, not {limit}")


def sort_key(value: Scalar) -> str:
    """Return the value as text that sorts, by code point, as values are ordered.

    Null, then false, true, then integers by size, then text by code point. Two values have
    the same sort key only if they are of the same type and equal: 1 is not true.
    """
    match value:
        case None:
            return NULL
        case bool():
            return f"{BOOL}{int(value)}"
        case int():
            return f"{INT}{value + INTEGERS:017d}"
        case str():
            return f"{TEXT}{value}"


def micros(moment: datetime) -> int:
    """Return an aware time as microseconds since 1970, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(micros: int) -> datetime:
    """Return the time in UTC of which `micros` made the number."""
    return _EPOCH + timedelta(microseconds=micros)


def encode_fields(fields: Mapping[str, Scalar]) -> dict[str, str]:
    """Return the fields with each value as its sort key."""
    return {name: sort_key(value) for name, value in fields.items()}


def decode_fields(kind: str, record_id: str, encoded: str | bytes) -> dict[str, Scalar]:
    """Return the fields of which `encode_fields` made this JSON.

    Raises:
        AdministratorError: It is none, so that the store is damaged; names the record.
    """
    try:
        return {name: value_of(key) for name, key in json.loads(encoded).items()}
    except UNREADABLE:
        raise damaged(kind, record_id) from None


UNREADABLE: Final = (ValueError, TypeError, LookupError, AttributeError)
"""What comes of reading the fields of a record that is damaged."""


def damaged(kind: str, record_id: str) -> AdministratorError:
    """Return the error for a record of which the readable part cannot be read."""
    return AdministratorError(
        f"{kind} {record_id} is damaged in the store: its fields cannot be read",
        fix="restore a backup of store and keys into another home: jigajob restore",
    )


def value_of(key: str) -> Scalar:
    """Return the value of which `sort_key` made *key*."""
    match key[0]:
        case "-":
            return None
        case "b":
            return key == f"{BOOL}1"
        case "i":
            return int(key[1:]) - INTEGERS
        case _:
            return key[1:]


def bounds(where: Where) -> tuple[tuple[str, str], ...]:
    """Return what a condition asks of a sort key: comparisons that must all hold.

    Each is an operator (`=`, `!=`, `<`, `<=`, `>`, `>=`) and a sort key. Comparing and
    `prefix` match values of the same type only; `!=` matches any other value of any type.
    `in` is not among them: it asks for one of several sort keys.
    """
    key = sort_key(cast("Scalar", where.value))
    match where.op:
        case "<" | "<=":
            return ((">=", key[0]), (where.op, key))
        case ">" | ">=":
            return ((where.op, key), ("<", after(key[0])))
        case "prefix":
            return ((">=", key), ("<", after(key)))
        case _:
            return ((where.op, key),)


def after(prefix: str) -> str:
    """Return the smallest text that sorts after everything that starts with *prefix*."""
    stem = prefix.rstrip("\U0010ffff")
    last = ord(stem[-1]) + 1
    return stem[:-1] + chr(0xE000 if last == 0xD800 else last)  # noqa: PLR2004 surrogates


def write_cursor(query: Sequence[str | bool], position: Sequence[str | int]) -> str:
    """Return an opaque cursor that is good for this query only."""
    text = json.dumps([_mark(query), *position], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(
    query: Sequence[str | bool], cursor: str, types: Sequence[type[str | int]]
) -> tuple[str | int, ...]:
    """Return the position in a cursor that `write_cursor` made for the same query.

    Raises:
        ValueError: The cursor is damaged, or belongs to another query.
    """
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("the cursor is damaged: start again without one") from error
    if not isinstance(found, list) or [type(part) for part in found[1:]] != list(types):
        raise ValueError("the cursor is damaged: start again without one")
    if found[0] != _mark(query):
        raise ValueError("the cursor belongs to another query: start again without one")
    return tuple(found[1:])


def _mark(query: Sequence[str | bool]) -> str:
    return hashlib.sha256(json.dumps(list(query)).encode()).hexdigest()[:12]


def _check_field(name: str) -> None:
    if not _FIELD.fullmatch(name):
        raise ValueError("a field's name is 1 to 64 of A-Z, a-z, 0-9 and _, no digit first")


def _check_id(what: str, value: str) -> None:
    if not 1 <= len(value) <= MAX_ID or _UNFIT.search(value):
        raise ValueError(
            f"a {what} is 1 to {MAX_ID} characters without / \\ ? # and control characters"
        )


def _check_condition(where: Where) -> None:
    _check_field(where.field)
    if where.op not in _OPS:
        raise ValueError("a condition is one of = != < <= > >= in prefix")
    if where.op == "in":
        if not isinstance(where.value, tuple):
            raise ValueError("'in' takes a tuple of values")
        for value in where.value:
            check_scalar(value)
        return
    check_scalar(where.value)
    if where.op == "prefix" and not isinstance(where.value, str):
        raise ValueError("'prefix' takes text")
    sortable = isinstance(where.value, str | int) and not isinstance(where.value, bool)
    if where.op not in {"=", "!="} and not sortable:
        raise ValueError(f"'{where.op}' takes text or an integer")
