"""What stands in one file of the mailbox: looked at for a listing, read for a fetch."""

from __future__ import annotations

import os
import stat
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from connectors.folder import mbox
from connectors.folder.identity import (
    SAMPLE_BYTES,
    UNREADABLE,
    FileDigest,
    Kind,
    Native,
    large_mark,
    shown,
)
from connectors.folder.walk import Found, Root, maildir_files
from flows.errors import SkipItem
from flows.ports import MailRef

_CHUNK = 1 << 20
_INDEXES_KEPT = 8
# Within this time of a change a second one may leave size and time stamps as they are.
_RACY_SECONDS = 2.0

Stamp = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """What a file held when it was looked at: one message, or those of an mbox."""

    kind: Kind
    key: str
    folder: str
    size: int
    mark: str = ""
    entries: tuple[mbox.Entry, ...] = ()

    def __len__(self) -> int:
        return len(self.entries) if self.kind == "mbox" else 1

    def ref(self, position: int) -> MailRef:
        """Return the reference of the message at *position*, from 0."""
        mark, size = self.mark, self.size
        if self.kind == "mbox":
            entry = self.entries[position]
            mark, size = f"{entry.digest}.{entry.ordinal}", entry.end - entry.start
        native_id = str(Native(self.kind, self.key, mark))
        return MailRef(native_id=native_id, folder=self.folder, size=size)


class Contents:
    """Looks into files and reads messages; safe to be called from several threads.

    Digests are kept in memory while size, times and inode of a file stay the same; nothing
    is kept between instances.
    """

    def __init__(self, root: Root, max_bytes: int) -> None:
        self._root, self._max = root, max_bytes
        self._marks: dict[str, tuple[Stamp, str]] = {}
        self._indexes: OrderedDict[str, _Index] = OrderedDict()
        self._maildirs: dict[str, dict[str, list[Found]]] = {}
        self._lock = threading.RLock()

    def look(self, found: Found) -> Look | None:
        """Return what the file holds, or None if it is there no more."""
        if found.kind == "directory":
            return Look("directory", found.key, found.folder, 0, UNREADABLE)
        seen = None
        with self._lock:
            for _ in range(3):
                try:
                    with self._open(found) as stream:
                        before = _stamp(stream)
                        seen = self._seen(found, stream, before)
                        if _stamp(stream) == before:
                            break
                except (FileNotFoundError, NotADirectoryError):
                    return None
                except OSError:
                    return Look(found.kind, found.key, found.folder, 0, UNREADABLE)
        return seen

    def read(self, native: Native) -> bytes:
        """Return the message.

        Raises:
            SkipItem: `gone`, `unreadable` or `too_large`.
        """
        try:
            if native.kind == "mbox":
                return self._read_from_mbox(native)
            for place in self._places(native):
                with open_regular(self._root.base / place) as stream:
                    content = self._content(stream, native.mark)
                if content is not None:
                    return content
        except (FileNotFoundError, NotADirectoryError):
            raise _gone() from None
        except OSError:
            raise _unreadable() from None
        raise _unreadable() if native.kind == "directory" else _gone()

    def changed_at(self, native: Native) -> float:
        """Return when the message may last have been written to (seconds since 1970).

        Zero if unknown, and for all but the last message of an mbox.
        """
        known = self._indexes.get(native.path) if native.kind == "mbox" else None
        if known and known.look.entries[-1:] != (known.by_mark.get(native.mark),):
            return 0.0
        try:
            return max((self._root.base / p).lstat().st_mtime for p in self._places(native))
        except (OSError, ValueError):
            return 0.0

    def _seen(self, found: Found, stream: BinaryIO, stamp: Stamp) -> Look:
        size = stamp[0]
        known = self._indexes.get(found.path)
        if known and known.stamp == stamp:
            self._indexes.move_to_end(found.path)
            return known.look
        marked = self._marks.get(found.path)
        if marked and marked[0] == stamp:
            return Look(found.kind, found.key, found.folder, size, marked[1])
        if found.kind == "file" and mbox.is_mbox(stream.read(mbox.LONGEST_SEPARATOR)):
            entries = tuple(mbox.index(stream, size))
            folder = found.folder if len(entries) == 1 else shown(found.key)
            look = Look("mbox", found.key, folder, size, entries=entries)
            self._indexes[found.path] = _Index(stamp if _settled(stamp) else None, look)
            while len(self._indexes) > _INDEXES_KEPT:
                self._indexes.popitem(last=False)
            return look
        mark = mark_of(stream, size, self._max)
        if _settled(stamp):
            self._marks[found.path] = stamp, mark
        return Look(found.kind, found.key, found.folder, size, mark)

    def _open(self, found: Found) -> BinaryIO:
        """Open a file that was found, wherever in its Maildir a reader has moved it."""
        try:
            return open_regular(self._root.base / found.path)
        except FileNotFoundError:
            if found.kind != "maildir":
                raise
        folder, _, unique = found.key.rpartition("/")
        for place in self._names(folder, anew=True).get(unique, ()):
            return open_regular(self._root.base / place.path)
        raise FileNotFoundError

    def _content(self, stream: BinaryIO, mark: str) -> bytes | None:
        size = _stamp(stream)[0]
        if size > self._max:
            if mark_of(stream, size, self._max) == mark:
                raise _too_large()
            return None
        content = stream.read(self._max + 1)
        digest = FileDigest()
        digest.feed(content)
        return content if digest.finish() == mark else None

    def _read_from_mbox(self, native: Native) -> bytes:
        known = self._indexes.get(native.path)
        if known and (message := self._message(native, known)) is not None:
            return message
        with self._lock:
            look = self.look(Found(native.path, native.path, "file", ""))
            known = self._indexes.get(native.path)
        if look is not None and look.mark == UNREADABLE:
            raise _unreadable()
        message = self._message(native, known) if known and look is known.look else None
        if message is None:
            raise _gone()
        return message

    def _message(self, native: Native, known: _Index) -> bytes | None:
        """Return the message if it stands where the index says; what is there is checked."""
        entry = known.by_mark.get(native.mark)
        if entry is None:
            return None
        if entry.end - entry.start > self._max:
            raise _too_large()
        with open_regular(self._root.base / native.path) as stream:
            return mbox.read(stream, entry)

    def _places(self, native: Native) -> Iterator[str]:
        """Yield where the file may lie: flags are part of the names in a Maildir."""
        if native.kind != "maildir":
            yield native.path
            return
        folder, _, unique = native.path.rpartition("/")
        for anew in (False, True):
            for place in self._names(folder, anew=anew).get(unique, ()):
                if anew or (self._root.base / place.path).exists():
                    yield place.path

    def _names(self, folder: str, *, anew: bool) -> dict[str, list[Found]]:
        with self._lock:
            if anew or folder not in self._maildirs:
                names: dict[str, list[Found]] = {}
                for found in maildir_files(self._root, folder):
                    names.setdefault(found.key.rpartition("/")[2], []).append(found)
                self._maildirs[folder] = names
            return self._maildirs[folder]


class _Index:
    """The messages of an mbox; *stamp* None: written to just now, to be looked at again."""

    def __init__(self, stamp: Stamp | None, look: Look) -> None:
        self.stamp, self.look = stamp, look
        self.by_mark = {f"{e.digest}.{e.ordinal}": e for e in look.entries}


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file, and nothing else, for reading; the caller closes it.

    A link, pipe or directory that has taken the file's place counts as the file missing.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags)
    except OSError:
        if path.is_symlink():
            raise FileNotFoundError from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileNotFoundError
    return os.fdopen(descriptor, "rb")


def mark_of(stream: BinaryIO, size: int, max_bytes: int) -> str:
    """Return the mark of a file that holds one message."""
    stream.seek(0)
    if size > max_bytes:
        head = stream.read(SAMPLE_BYTES)
        stream.seek(max(0, size - SAMPLE_BYTES))
        return large_mark(size, head, stream.read(SAMPLE_BYTES))
    digest = FileDigest()
    while piece := stream.read(_CHUNK):
        digest.feed(piece)
    return digest.finish()


def _stamp(stream: BinaryIO) -> Stamp:
    now = os.fstat(stream.fileno())
    return now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino


def _settled(stamp: Stamp) -> bool:
    return time.time() - stamp[2] / 1e9 > _RACY_SECONDS


def _gone() -> SkipItem:
    return SkipItem(
        "gone",
        "a message was removed or changed after it was listed",
        fix="nothing to do: what stands there now is listed by the next run",
    )


def _unreadable() -> SkipItem:
    return SkipItem(
        "unreadable",
        "a file or directory in the mail folder cannot be read",
        fix="let this user read it; the next run then lists what it holds",
    )


def _too_large() -> SkipItem:
    return SkipItem(
        "too_large",
        "a message is larger than is read",
        fix="raise the limit if such mail matters, or leave it",
    )
