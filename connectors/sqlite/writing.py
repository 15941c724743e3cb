"""Writing records and their look-up rows, inside one transaction of SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from connectors.sqlite.file import transaction
from flows.errors import RecordExists, RecordMissing, StaleRecord
from flows.ports import Key, Record, Write
from flows.store_rules import TOLD_FOR, UNREADABLE, encode_fields, micros, sort_key

AT_ONCE = 500
"""Records removed in one transaction: others need not wait long, and the log stays short."""

_TOLD_FOR = TOLD_FOR // timedelta(microseconds=1)


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

    @property
    def buried(self) -> bool:
        """Whether it is a tombstone."""
        return self.expires_at is not None and self.expires_at < 0


def told_from(now: int) -> int:
    """Return what the `expires_at` of a tombstone lies below while `changes` tells of it.

    A tombstone is a row without fields that "expired" at minus the time of the deletion: no
    reader sees it, and what sweeps the expired sweeps it.
    """
    return _TOLD_FOR - now


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
        # A delete takes a number too: where nothing changed SQLite would bring nothing to the
        # disk at the end, also nothing of the earlier batches that waited for this one.
        seq += 1
        if write.op == "delete":
            if stored and not stored.buried:
                _bury(database, name, stored, seq, now)
            results.append(record)
            continue
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
    """Remove some records that have expired, and old tombstones; return how many."""
    due, times = "WHERE expires_at BETWEEN ? AND ?", (told_from(now), now)
    # Looking first: a store in which nothing is due takes no lock.
    if not database.execute(f"SELECT 1 FROM record {due} LIMIT 1", times).fetchone():  # noqa: S608
        return 0
    with transaction(database):
        return _remove_rows(database, due, times)


def _remove_rows(
    database: sqlite3.Connection, which: str, values: tuple[str | int, ...]
) -> int:
    columns = "business, scope, kind, id, num, seq, expires_at, CAST(fields AS BLOB)"
    sql = f"SELECT {columns} FROM record {which} LIMIT {AT_ONCE}"  # noqa: S608 fixed text
    rows = database.execute(sql, values).fetchall()
    for *name, num, seq, expires_at, fields in rows:
        stored = _Stored(num, seq, expires_at, _fields(fields))
        _remove(database, _Name(*name), stored)
    return len(rows)


def _stored(database: sqlite3.Connection, name: _Name) -> _Stored | None:
    row = database.execute(
        "SELECT num, seq, expires_at, CAST(fields AS BLOB) FROM record"
        " WHERE business = ? AND scope = ? AND kind = ? AND id = ?",
        name,
    ).fetchone()
    return _Stored(row[0], row[1], row[2], _fields(row[3])) if row else None


def _fields(encoded: bytes) -> dict[str, str]:
    """Return the sort keys of the fields; where they are damaged, some that nothing has."""
    try:
        return {name: str(key) for name, key in json.loads(encoded).items()}
    except UNREADABLE:
        return {"": ""}


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
    # Below 0 are tombstones; what expired before 1970 is gone either way.
    expires_at = None if record.expires_at is None else max(micros(record.expires_at), 0)
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
    if stored and not _unlist(database, name, old - same):
        same = set()
    database.executemany(
        "INSERT INTO look_up (business, scope, kind, id, field, value, num, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(*name, *row, num, expires_at) for row in new - same],
    )


def _look_ups(name: _Name, fields: Mapping[str, str]) -> set[tuple[str, str]]:
    return {*fields.items(), ("id", sort_key(name.id))}


def _bury(
    database: sqlite3.Connection, name: _Name, stored: _Stored, seq: int, now: int
) -> None:
    _unlist(database, name, _look_ups(name, stored.fields))
    database.execute(
        "UPDATE record SET seq = ?, expires_at = ?, fields = '{}', sealed = x'' WHERE num = ?",
        (seq, -now, stored.num),
    )


def _remove(database: sqlite3.Connection, name: _Name, stored: _Stored) -> None:
    _unlist(database, name, _look_ups(name, stored.fields))
    database.execute("DELETE FROM record WHERE num = ?", (stored.num,))


def _unlist(database: sqlite3.Connection, name: _Name, rows: set[tuple[str, str]]) -> bool:
    """Remove these rows of a record; where it is damaged, all of its rows, and return False."""
    removed = database.executemany(
        "DELETE FROM look_up WHERE business = ? AND scope = ? AND kind = ? AND id = ?"
        " AND field = ? AND value = ?",
        [(*name, *row) for row in rows],
    )
    if not rows or removed.rowcount == len(rows):
        return True
    # It tells no more under what it is looked up: this takes a long look.
    database.execute(
        "DELETE FROM look_up WHERE business = ? AND scope = ? AND kind = ? AND id = ?", name
    )
    return False
