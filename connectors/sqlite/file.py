"""The file under the store: how it is made, opened, wiped, and what its errors mean.

Chosen settings, and why:

- WAL: readers never wait for a writer. `kill -9` loses nothing that was acknowledged.
- synchronous=FULL: a commit is on the disk before it is acknowledged, also when the power
  fails. NORMAL was about twice as fast (4,700 against 2,200 single puts a second on the
  machine where it was measured), but may take back the last commits; an output that was
  marked as sent would then be sent again. NORMAL is set for batches that are done again
  where they are lost, such as the mails of a page whose end, the cursor, is lasting: the log
  is one file, written in order, and its next FULL commit brings all before it to the disk.
- secure_delete=ON: what is deleted is overwritten with zeros in the file. SQLite leaves
  copies, though, in the free space of pages that it has rearranged before (seen in one of
  five runs over 300 records), so `rewrite` is what makes sure.
- temp_store=MEMORY: sorting leaves nothing in the system's folder for temporary files.

Source: https://www.sqlite.org/pragma.html, https://www.sqlite.org/wal.html
"""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from flows.errors import AdministratorError, JigajobError, TransientError
from flows.folders import make_folder

APPLICATION = 0x4A494741
"""Marks the file as ours (`JIGA`), so that another program's database is never touched."""
VERSION = 1

_SMALLEST = 512
"""Bytes of the smallest database of SQLite."""

_SCHEMA = """
CREATE TABLE record (
    num INTEGER PRIMARY KEY,
    business TEXT NOT NULL,
    scope TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    seq INTEGER NOT NULL,      -- of the last write; grows by one a write, never reused
    expires_at INTEGER,        -- microseconds since 1970
    fields TEXT NOT NULL,      -- JSON: name to sort key
    sealed BLOB NOT NULL,
    UNIQUE (business, scope, kind, id)
);
CREATE INDEX record_changes ON record (business, seq, scope);
CREATE INDEX record_expiry ON record (expires_at) WHERE expires_at IS NOT NULL;
-- One row a field, and one for the id: any field can be searched and sorted by.
CREATE TABLE look_up (
    business TEXT NOT NULL,
    kind TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    id TEXT NOT NULL,
    scope TEXT NOT NULL,
    num INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (business, kind, field, value, id, scope)
) WITHOUT ROWID;
CREATE TABLE counter (seq INTEGER NOT NULL);
INSERT INTO counter VALUES (0);
"""

# Closing any descriptor of a file drops this process's locks on it, SQLite's too, so no
# other thread may be at work on the file while it is being made.
# Source: https://www.sqlite.org/howtocorrupt.html section 2.2
_making = threading.Lock()


def connect(path: Path, *, patience: float, reads_only: bool = False) -> sqlite3.Connection:
    """Open the file, made with permissions 0600 in a folder of 0700 where missing.

    *patience* is how many seconds a call waits for a lock. The caller closes it.

    Raises:
        AdministratorError: It cannot be opened, is no store, or is of a newer version.
        TransientError: Others kept it locked for longer than *patience*.
    """
    with explained(path):
        with _making:
            _make(path)
            # The lock of this module orders the threads; SQLite itself is built for them.
            database = sqlite3.connect(
                path, timeout=patience, isolation_level=None, check_same_thread=False
            )
        try:
            _prepare(database, path, patience)
            database.execute(f"PRAGMA query_only={'ON' if reads_only else 'OFF'}")
        except BaseException:
            database.close()
            raise
    return database


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and the file system into ours, which say what to do.

    Raises:
        TransientError: Locked by another process for too long.
        AdministratorError: Anything else.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _explanation(error, path) from error
    except OSError as error:
        raise AdministratorError(
            f"the store {path} cannot be used: {error.strerror}",
            fix="make its folder writable for the user that runs JigAjob",
        ) from error


@contextmanager
def transaction(database: sqlite3.Connection, *, lasting: bool = True) -> Iterator[None]:
    """Hold the write lock from the first statement on; commit, or roll all of it back.

    What is *lasting* is on the disk when the block ends, with all that was committed before.
    """
    database.execute(f"PRAGMA synchronous={'FULL' if lasting else 'NORMAL'}")
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        # A full disk makes SQLite roll back by itself; then there is nothing left to do.
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def wipe(database: sqlite3.Connection, patience: float = 0.1) -> bool:
    """Bring the file up to date and empty its write-ahead log.

    Waits up to *patience* seconds for readers; False where one stayed in the way.
    """
    (usual,) = database.execute("PRAGMA busy_timeout").fetchone()
    database.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")
    try:
        with closing(database.execute("PRAGMA wal_checkpoint(TRUNCATE)")) as found:
            busy, *_ = found.fetchone()
    finally:
        database.execute(f"PRAGMA busy_timeout={usual}")
    return not busy


def rewrite(database: sqlite3.Connection, patience: float) -> bool:
    """Write the file anew from what is live in it, so that nothing else is left anywhere.

    Takes as much free space as the file has, for a moment. False as for `wipe`.
    """
    # In memory a copy of a big store would not fit; the temporary file has no name, and
    # nothing in it that the store does not have.
    database.execute("PRAGMA temp_store=FILE")
    try:
        database.execute("VACUUM")
    finally:
        database.execute("PRAGMA temp_store=MEMORY")
    return wipe(database, patience)


def _make(path: Path) -> None:
    make_folder(path.parent)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise AdministratorError(
            f"the store {path} is not a file", fix="name a file that may be made there"
        )
    if 0 < found.st_size < _SMALLEST:
        # SQLite takes so short a file for an empty one and would write over it.
        raise _unusable(path, sqlite3.SQLITE_NOTADB)
    if not os.access(path, os.R_OK | os.W_OK):
        # SQLite would open it for reading and say so at the first write only.
        raise _unusable(path, sqlite3.SQLITE_READONLY)


def _prepare(database: sqlite3.Connection, path: Path, patience: float) -> None:
    _check_owner(database, path)
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    _use_wal(database, path, patience)
    for setting in ("synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY"):
        database.execute(f"PRAGMA {setting}").close()
    database.execute("PRAGMA cache_size=-16000")
    if database.execute("PRAGMA user_version").fetchone()[0] == VERSION:
        return
    with transaction(database):
        if database.execute("PRAGMA user_version").fetchone()[0] == VERSION:
            return
        for statement in _SCHEMA.split(";\n"):
            database.execute(statement)
        database.execute(f"PRAGMA application_id={APPLICATION}")
        database.execute(f"PRAGMA user_version={VERSION}")


def _check_owner(database: sqlite3.Connection, path: Path) -> None:
    # One statement, so that no half-made store of another process is ever judged.
    application, version, tables = database.execute(
        "SELECT (SELECT application_id FROM pragma_application_id),"
        " (SELECT user_version FROM pragma_user_version),"
        " (SELECT count(*) FROM sqlite_master)"
    ).fetchone()
    if application == APPLICATION and version > VERSION:
        raise AdministratorError(
            f"the store {path} was written by a newer JigAjob"
            f" (version {version} of its layout; this one knows {VERSION})",
            fix="upgrade JigAjob, or restore the store from a backup made before the upgrade",
        )
    if application != APPLICATION and (application or version or tables):
        raise AdministratorError(
            f"{path} is a database of another program", fix="name another file for the store"
        )


def _use_wal(database: sqlite3.Connection, path: Path, patience: float) -> None:
    # The change to WAL does not wait for locks by itself when two processes make it at once.
    until = time.monotonic() + patience
    while True:
        try:
            (mode,) = database.execute("PRAGMA journal_mode=WAL").fetchone()
        except sqlite3.OperationalError as error:
            if not _is_locked(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
            continue
        if mode != "wal":
            raise AdministratorError(
                f"the store {path} lies on a file system without shared memory",
                fix="put it on a local disk, not on a network share",
            )
        return


def _is_locked(error: sqlite3.Error) -> bool:
    return _code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _code(error: sqlite3.Error) -> int:
    # The low byte is the kind of error, the rest its finer cause.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


_MEANINGS = {
    sqlite3.SQLITE_FULL: ("the disk is full", "free space on it; nothing was half written"),
    sqlite3.SQLITE_IOERR: (
        "the disk refused to read or write",
        "check its free space, its quota and its health",
    ),
    sqlite3.SQLITE_NOTADB: (
        "the file is not a store",
        "name another file, or restore this one from a backup",
    ),
    sqlite3.SQLITE_CORRUPT: ("the file is damaged", "restore it from a backup"),
    sqlite3.SQLITE_READONLY: (
        "the file or its folder is read-only",
        "make both writable for the user that runs JigAjob",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the file cannot be opened",
        "make it and its folder readable and writable for the user that runs JigAjob",
    ),
}


def _explanation(error: sqlite3.Error, path: Path) -> JigajobError:
    if _is_locked(error):
        return TransientError(
            f"the store {path} was locked by another process for too long",
            fix="try again; if it stays locked, stop the process that holds it",
        )
    if "malformed JSON" in str(error):  # in what is readable of a record
        return _unusable(path, sqlite3.SQLITE_CORRUPT)
    if _code(error) in _MEANINGS:
        return _unusable(path, _code(error))
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return AdministratorError(
        f"the store {path} cannot be used: SQLite says {name}", fix="report this as a fault"
    )


def _unusable(path: Path, code: int) -> AdministratorError:
    what, fix = _MEANINGS[code]
    return AdministratorError(f"the store {path} cannot be used: {what}", fix=fix)
