"""Writing records and their look-up rows, inside one transaction of SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from connectors.sqlite.file import transaction
from flows.errors import RecordExists, RecordMissing, StaleRecord
from flows.ports import Key, Record, Write
from flows.store_rules import encode_fields, sort_key

AT_ONCE = 500
"""Records removed in one transaction: others need not wait long, and the log stays short."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Name(NamedTuple):
    """What no two records share."""

    business: str
    scope: str
    kind: str
    id: str


class _Stored(NamedTuple):
    """What is in the file under a name, expired or not."""

    num: int
    seq: int
    expires_at: int | None
    fields: Mapping[str, str]


def micros(moment: datetime) -> int:
    """Return an aware time as microseconds since 1970, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(micros: int) -> datetime:
    """Return the time in UTC of which `micros` made the number."""
    return _EPOCH + timedelta(microseconds=micros)


def carry_out(
    database: sqlite3.Connection, key: Key, writes: Sequence[Write], now: int
) -> tuple[Record, ...]:
    """Carry out the writes in their order, in the transaction that the caller holds.

    Raises:
        RecordExists, StaleRecord, RecordMissing: As the port says; the caller rolls back.
    """
    (seq,) = database.execute("SELECT seq FROM counter").fetchone()
    results = []
    for write in writes:
        record = write.record
        name = _Name(key.business, key.scope, record.kind, record.id)
        stored = _stored(database, name)
        _check(write, stored, now)
        if write.op == "delete":
            if stored:
                _remove(database, name, stored)
            results.append(record)
            continue
        seq += 1
        _store(database, name, record, stored, seq)
        results.append(replace(record, etag=str(seq), scope=key.scope))
    database.execute("UPDATE counter SET seq = ?", (seq,))
    return tuple(results)


def remove(database: sqlite3.Connection, key: Key) -> int:
    """Remove some records of a partition, or of a business; return how many."""
    with transaction(database):
        if key.scope:
            which = "WHERE business = ? AND scope = ?"
            return _remove_rows(database, which, (key.business, key.scope))
        return _remove_rows(database, "WHERE business = ?", (key.business,))


def remove_expired(database: sqlite3.Connection, now: int) -> int:
    """Remove some records that have expired; return how many."""
    due = "SELECT 1 FROM record WHERE expires_at <= ? LIMIT 1"
    # Looking first: a store in which nothing is due takes no lock.
    if not database.execute(due, (now,)).fetchone():
        return 0
    with transaction(database):
        return _remove_rows(database, "WHERE expires_at <= ?", (now,))


def _remove_rows(
    database: sqlite3.Connection, which: str, values: tuple[str | int, ...]
) -> int:
    columns = "business, scope, kind, id, num, seq, expires_at, fields"
    sql = f"SELECT {columns} FROM record {which} LIMIT {AT_ONCE}"  # noqa: S608 fixed text
    rows = database.execute(sql, values).fetchall()
    for *name, num, seq, expires_at, fields in rows:
        stored = _Stored(num, seq, expires_at, json.loads(fields))
        _remove(database, _Name(*name), stored)
    return len(rows)


def _stored(database: sqlite3.Connection, name: _Name) -> _Stored | None:
    row = database.execute(
        "SELECT num, seq, expires_at, fields FROM record"
        " WHERE business = ? AND scope = ? AND kind = ? AND id = ?",
        name,
    ).fetchone()
    return _Stored(row[0], row[1], row[2], json.loads(row[3])) if row else None


def _check(write: Write, stored: _Stored | None, now: int) -> None:
    live = stored is not None and (stored.expires_at is None or stored.expires_at > now)
    kind = write.record.kind
    if write.op == "create" and live:
        raise RecordExists(
            f"there is a record of kind '{kind}' with this id already",
            fix="read it, or use put to write over it",
        )
    if not write.etag:
        return
    if stored is None or not live:
        raise RecordMissing(
            f"the record of kind '{kind}' is not there any more", fix="create it anew"
        )
    if write.etag != str(stored.seq):
        raise StaleRecord(
            f"the record of kind '{kind}' was changed since it was read",
            fix="read it again and decide again",
        )


def _store(
    database: sqlite3.Connection, name: _Name, record: Record, stored: _Stored | None, seq: int
) -> None:
    expires_at = None if record.expires_at is None else micros(record.expires_at)
    fields = encode_fields(record.fields)
    values = (seq, expires_at, json.dumps(fields, ensure_ascii=False), record.sealed)
    if stored:
        num: int | None = stored.num
        database.execute(
            "UPDATE record SET seq = ?, expires_at = ?, fields = ?, sealed = ? WHERE num = ?",
            (*values, num),
        )
    else:
        num = database.execute(
            "INSERT INTO record (seq, expires_at, fields, sealed, business, scope, kind, id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, *name),
        ).lastrowid
    old = _look_ups(name, stored.fields) if stored else set()
    new = _look_ups(name, fields)
    # Rows that stay as they are need no writing, save where the time of expiry changes.
    same = old & new if stored and stored.expires_at == expires_at else set()
    _unlist(database, name, old - same)
    database.executemany(
        "INSERT INTO look_up (business, scope, kind, id, field, value, num, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(*name, *row, num, expires_at) for row in new - same],
    )


def _look_ups(name: _Name, fields: Mapping[str, str]) -> set[tuple[str, str]]:
    return {*fields.items(), ("id", sort_key(name.id))}


def _remove(database: sqlite3.Connection, name: _Name, stored: _Stored) -> None:
    _unlist(database, name, _look_ups(name, stored.fields))
    database.execute("DELETE FROM record WHERE num = ?", (stored.num,))


def _unlist(database: sqlite3.Connection, name: _Name, rows: set[tuple[str, str]]) -> None:
    database.executemany(
        "DELETE FROM look_up WHERE business = ? AND scope = ? AND kind = ? AND id = ?"
        " AND field = ? AND value = ?",
        [(*name, *row) for row in rows],
    )
