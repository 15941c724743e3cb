"""The Store port on one SQLite file, for one machine and as many processes as it has.

Reading is done where it is asked for, writing in one thread of the store's own: a read by
its key takes some 0.02 ms and going through a thread would add 0.15 ms, whereas a write waits
for the disk and for other processes, and must not hold up the event loop meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from connectors.sqlite import select
from connectors.sqlite.file import connect, explained, rewrite, transaction, wipe
from connectors.sqlite.writing import carry_out, remove, remove_expired, told_from
from flows import store_rules as rules
from flows.errors import AdministratorError, StoreError, TransientError
from flows.ports import Clock, Key, Record, RecordPage, Where, Write
from flows.store_rules import micros, moment

_Result = TypeVar("_Result")
_Row = tuple[str, str, str, int, int | None, bytes, bytes, str]

SWEEP_EVERY = timedelta(minutes=10)
PAGE_BYTES = 16_000_000
"""A page ends early, with a cursor, rather than hold more ciphertext than this."""


class SqliteStore:
    """Keeps records in the SQLite file *path*, made where missing with permissions 0600.

    Any number of tasks, threads and processes may have the same file open. Writes of all of
    them take turns; one that waits for longer than *patience* seconds raises
    `TransientError`. Expired records are hidden at once; they, and tombstones of 30 days, are
    removed when a store is opened and, while it writes, every ten minutes. What is deleted is
    overwritten with zeros, and old copies in the write-ahead log go with that and with
    `close`; `purge` and `sweep` also write the file anew, after which no byte of what was
    deleted is left in it, save the id in a tombstone.

    Raises:
        AdministratorError: The file cannot be opened, is of another program, is damaged, or
            was written by a newer version.
        TransientError: Other processes kept it locked for longer than *patience*.
    """

    def __init__(
        self, path: Path, *, clock: Clock | None = None, patience: float = 10.0
    ) -> None:
        self._path = path
        self._patience = patience
        self._clock = clock
        self._process = os.getpid()
        self._closed = False
        self._one_reader = threading.Lock()
        self._writer = connect(path, patience=patience)
        try:
            self._reader = connect(path, patience=patience, reads_only=True)
        except BaseException:
            self._writer.close()
            raise
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        # A busy store is swept by whoever is at work on it.
        with suppress(TransientError), explained(path):
            self._sweep()
        self._swept_at = self._now()

    async def get(self, key: Key, kind: str, record_id: str) -> Record | None:
        """Return the record, or None where it is missing or expired."""
        rules.check_key(key)
        rules.check_name(kind, record_id)
        with self._reading() as database:
            row = database.execute(
                f"SELECT {select.COLUMNS}, '' FROM record r"  # noqa: S608 fixed columns
                " WHERE business = ? AND scope = ? AND kind = ? AND id = ?"
                " AND (expires_at IS NULL OR expires_at > ?)",
                (key.business, key.scope, kind, record_id, micros(self._now())),
            ).fetchone()
        return _record(row) if row else None

    async def create(self, key: Key, record: Record) -> Record:
        """Store a new record and return it with its etag; see the port."""
        (stored,) = await self.batch(key, [Write(op="create", record=record)])
        return stored

    async def put(self, key: Key, record: Record, *, etag: str = "") -> Record:
        """Store the whole record and return it with a new etag; see the port."""
        (stored,) = await self.batch(key, [Write(op="put", record=record, etag=etag)])
        return stored

    async def delete(self, key: Key, kind: str, record_id: str, *, etag: str = "") -> None:
        """Remove the record; see the port."""
        record = Record(kind=kind, id=record_id)
        await self.batch(key, [Write(op="delete", record=record, etag=etag)])

    async def batch(
        self, key: Key, writes: Sequence[Write], *, lasting: bool = True
    ) -> tuple[Record, ...]:
        """Carry out 1 to 100 writes in one partition, in their order: all of them or none.

        What is not *lasting* is not waited for on the disk; see the port.
        """
        rules.check_key(key)
        rules.check_writes(writes)
        return await self._in_thread(partial(self._batch, key, tuple(writes), lasting=lasting))

    async def query(
        self,
        key: Key,
        kind: str,
        *,
        where: Sequence[Where] = (),
        order: str = "id",
        descending: bool = False,
        limit: int = 100,
        cursor: str = "",
    ) -> RecordPage:
        """Return one page of records of a kind; see the port.

        A page may be shorter than *limit* and still have a cursor, when its records are big.

        Raises:
            ValueError: A condition or the cursor is not allowed, or of another query.
        """
        rules.check_query(key, kind, where, order, limit)
        mark = ("query", key.business, key.scope, kind, order, descending)
        start = None
        if cursor:
            start = select.Position(*map(str, rules.read_cursor(mark, cursor, (str,) * 3)))
        asked = select.Question(
            key=key,
            kind=kind,
            fields=select.by_field(where),
            now=micros(self._now()),
            order=order,
            descending=descending,
            start=start,
        )
        with self._reading() as database:
            sql, values = select.selecting(database, asked)
            records, last = _page(database, f"{sql} LIMIT ?", [*values, limit + 1], limit)
        if last is None:
            return RecordPage(records, "")
        return RecordPage(records, rules.write_cursor(mark, (last[-1], last[1], last[2])))

    async def count(self, key: Key, kind: str, *, where: Sequence[Where] = ()) -> int:
        """Count the live records of a kind that match."""
        rules.check_query(key, kind, where)
        fields = select.by_field(where)
        order = next(iter(fields), "id")
        asked = select.Question(
            key=key, kind=kind, fields=fields, now=micros(self._now()), order=order
        )
        with self._reading() as database:
            return select.count(database, asked)

    async def changes(self, key: Key, *, cursor: str = "", limit: int = 100) -> RecordPage:
        """Return records written since *cursor*, oldest change first; see the port.

        Raises:
            ValueError: The cursor is damaged or of another partition.
            AdministratorError: The cursor is from a later time than the file.
        """
        rules.check_key(key, whole=True)
        rules.check_limit(limit)
        mark = ("changes", key.business, key.scope)
        since = int(rules.read_cursor(mark, cursor, (int,))[0]) if cursor else 0
        sql = (
            f"SELECT {select.COLUMNS}, '' FROM record r"  # noqa: S608 fixed columns
            " WHERE r.business = ? AND r.seq > ? AND (? = '' OR r.scope = ?)"
            " AND (r.expires_at IS NULL OR r.expires_at > ? OR r.expires_at < ?)"
            " ORDER BY r.seq LIMIT ?"
        )
        now = micros(self._now())
        values = (key.business, since, key.scope, key.scope, now, told_from(now), limit)
        with self._reading() as database:
            # One writer at a time numbers and commits, so no number turns up late.
            if since > database.execute("SELECT seq FROM counter").fetchone()[0]:
                raise AdministratorError(
                    f"the store {self._path} is older than what was read from it before",
                    fix="it was restored from a backup: let its readers start anew",
                )
            records, _ = _page(database, sql, values, limit)
        last = int(records[-1].etag) if records else since
        return RecordPage(records, rules.write_cursor(mark, (last,)))

    async def purge(self, key: Key) -> None:
        """Remove every record of exactly this partition, and its bytes from the disk.

        The file is written anew, which takes seconds for hundreds of megabytes.

        Raises:
            TransientError: The records are gone, but a reader kept the write-ahead log from
                being emptied of their bytes; purging again does the rest.
        """
        rules.check_key(key, whole=True)
        await self._in_thread(partial(self._purge, key))

    async def sweep(self) -> int:
        """Delete what has expired; return how many records that were.

        The file is written anew, as after a purge, so that nothing is left of whatever was
        deleted or written over before. Meant for once a day.

        Raises:
            TransientError: As for `purge`.
        """
        return await self._in_thread(self._sweep_and_rewrite)

    async def close(self) -> None:
        """Wait for writes under way, empty the write-ahead log and let go of the file."""
        if self._closed:
            return
        await self._in_thread(self._close)
        self._thread.shutdown(wait=False)

    def _batch(self, key: Key, writes: Sequence[Write], *, lasting: bool) -> tuple[Record, ...]:
        now = self._now()
        with transaction(self._writer, lasting=lasting):
            stored = carry_out(self._writer, key, writes, micros(now))
        if not timedelta() <= now - self._swept_at < SWEEP_EVERY:
            self._swept_at = now
            # The batch is in: what keeps the sweep from its work is met again by the next.
            with suppress(sqlite3.Error):
                self._sweep()
        return stored

    def _purge(self, key: Key) -> None:
        while remove(self._writer, key):
            pass
        self._rewrite()

    def _sweep_and_rewrite(self) -> int:
        removed = self._sweep()
        self._rewrite()
        return removed

    def _rewrite(self) -> None:
        if not rewrite(self._writer, self._patience):
            raise TransientError(
                "the records are removed, but a reader keeps old bytes in the write-ahead log",
                fix="do it again when nothing else reads",
            )

    def _sweep(self) -> int:
        removed = 0
        while swept := remove_expired(self._writer, micros(self._now())):
            removed += swept
        wipe(self._writer)
        return removed

    def _close(self) -> None:
        self._closed = True
        with self._one_reader:
            self._reader.close()
        try:
            wipe(self._writer)
        finally:
            self._writer.close()

    async def _in_thread(self, work: Callable[[], _Result]) -> _Result:
        self._check_open()

        def explained_work() -> _Result:
            with explained(self._path):
                return work()

        return await asyncio.get_running_loop().run_in_executor(self._thread, explained_work)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._one_reader, explained(self._path):
            self._check_open()
            yield self._reader

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError("this store was closed", fix="open another one on the same file")
        if self._process != os.getpid():
            raise StoreError(
                "this store was opened before the process was forked",
                fix="open a store in the new process",
            )

    def _now(self) -> datetime:
        return self._clock.now() if self._clock else datetime.now(UTC)


def _page(
    database: sqlite3.Connection, sql: str, values: Sequence[str | int], limit: int
) -> tuple[tuple[Record, ...], _Row | None]:
    """Return at most *limit* records, and the last of them where more follow."""
    records: list[Record] = []
    last: _Row | None = None
    size = 0
    with closing(database.execute(sql, values)) as rows:
        for row in rows:
            if len(records) == limit or size > PAGE_BYTES:
                return tuple(records), last
            records.append(_record(row))
            last = row
            size += len(row[6])
    return tuple(records), None


def _record(row: _Row) -> Record:
    kind, record_id, scope, seq, expires_at, fields, sealed, _ = row
    deleted = expires_at is not None and expires_at < 0
    return Record(
        kind=kind,
        id=record_id,
        fields=rules.decode_fields(kind, record_id, fields),
        sealed=sealed,
        expires_at=None if expires_at is None or deleted else moment(expires_at),
        etag=str(seq),
        scope=scope,
        deleted=deleted,
    )
