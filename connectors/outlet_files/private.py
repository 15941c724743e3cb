"""Files of work that only their owner may read, and that are never half written."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from flows.errors import AdministratorError
from flows.folders import make_folder, sync_folder

_FILE_MODE: Final = 0o600
# Windows' device names and dots are left out too: a folder may be synchronised there.
_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
_WAYS: Final = {
    errno.ENOSPC: "make room on the disk, then deliver again",
    errno.EDQUOT: "make room in the quota, then deliver again",
    errno.EACCES: "give the user that runs JigAjob the right to write there",
    errno.EPERM: "give the user that runs JigAjob the right to write there",
    errno.EROFS: "mount the disk for writing, or set another folder",
}


def stem_of(name: str) -> str:
    """Return a file name, without extension, for what is called *name*.

    Letters, digits, `-` and `_` stay; any other name, and so any path, becomes its hash.
    Different names have different stems, also where files are told apart without case.
    """
    if _PLAIN.fullmatch(name) and name == name.lower():
        return name
    return "x" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:40]


@contextmanager
def disk_trouble(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into the error for whoever runs the machine.

    Raises:
        AdministratorError: Instead of any OSError in the block.
    """
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise AdministratorError(
            f"cannot write to {path}: {reason}",
            fix=_WAYS.get(error.errno or 0, "check the folder and its disk"),
        ) from error


def write_private(path: Path, data: bytes) -> None:
    """Put *data* into the file *path*, over what was there: the whole, or nothing of it.

    Raises:
        AdministratorError: The disk refused.
    """
    with disk_trouble(path.parent):
        make_folder(path.parent)
        # One name for every attempt: what a crash leaves behind, the next attempt takes up.
        draft = path.with_name(f".{path.name}.part")
        with _held(draft) as handle:
            os.ftruncate(handle, 0)
            write_all(handle, data)
            os.fsync(handle)
            draft.replace(path)
        sync_folder(path.parent)


@contextmanager
def _held(draft: Path) -> Iterator[int]:
    """Open *draft* and keep others from writing to it until it has its final name."""
    while True:
        with open_private(draft, os.O_WRONLY | os.O_CREAT) as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            # Whoever had it before may have moved it to its final name while we waited.
            if draft.exists() and draft.stat().st_ino == os.fstat(handle).st_ino:
                yield handle
                return


@contextmanager
def open_private(path: Path, flags: int) -> Iterator[int]:
    """Open a file for its owner alone, never through a symbolic link; yields its descriptor."""
    handle = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, _FILE_MODE)
    try:
        yield handle
    finally:
        os.close(handle)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep every other process and thread out of the block that holds the lock of *path*.

    Waits until the lock is free. The lock is a file beside it, since *path* is replaced.
    """
    make_folder(path.parent)
    lock = path.with_name(f".{path.name}.lock")
    with open_private(lock, os.O_RDWR | os.O_CREAT) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)  # let go when the descriptor is closed
        yield


def append_private(path: Path, data: bytes, *, size: int) -> None:
    """Add *data* to the file of *size* bytes, all of it or nothing.

    A crash in the middle leaves a part at the end, which the caller mends when it next has
    the lock. What the disk refuses half-way is taken back here.
    """
    with open_private(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND) as handle:
        try:
            write_all(handle, data)
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, size)
            raise
    if size == 0:
        sync_folder(path.parent)


def write_all(handle: int, data: bytes) -> None:
    """Write every byte; one call may take fewer."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
