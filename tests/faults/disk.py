"""A disk that forgets what it was not made to keep, as a failure of power leaves it.

The strictest reading of POSIX that SQLite builds on: what was written since a file was last
synced may be there, or not, or in parts, in any order; parts are sectors of 512 or 4,096
bytes, each whole and leaving its neighbours alone. A name is there for sure once its folder
was synced; until then, of what was done to the names of a folder, the last may be missing.

Source: https://www.sqlite.org/atomiccommit.html section 2 and
https://www.sqlite.org/psow.html
"""

from __future__ import annotations

import random
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from tests.faults.recording import Event

SECTORS: Final = (512, 4096, 1 << 30)
"""What is kept or lost as one: sectors, or each call as a whole."""


ROOM: Final = 200_000_000


@dataclass(slots=True)
class _File:
    """What is on the disk for sure; writes (offset, data) and cuts (size, None) since."""

    sure: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        for offset, data in self.since:
            _apply(self.sure, offset, data)
        self.since.clear()


@dataclass(slots=True)
class _Folder:
    """Names that are on the disk for sure, and what was done to them since (None: removed)."""

    sure: dict[str, _File | _Folder] = field(default_factory=dict)
    since: list[dict[str, _File | _Folder | None]] = field(default_factory=list)

    def now(self, done: int | None = None) -> dict[str, _File | _Folder]:
        names = dict(self.sure)
        for change in self.since[:done]:
            for name, thing in change.items():
                if thing is None:
                    names.pop(name, None)
                else:
                    names[name] = thing
        return names

    def sync(self) -> None:
        self.sure = self.now()
        self.since.clear()


@dataclass(frozen=True, slots=True)
class Mood:
    """How a disk fails: how often a piece is kept, of which size, and whether files grow.

    `grown`: a file has its new length although the data at its end is missing.
    """

    keeps: float
    sector: int
    grown: bool

    @staticmethod
    def of(chance: random.Random) -> Mood:
        """Return the mood of one failure."""
        keeps = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        return Mood(keeps, chance.choice(SECTORS), chance.random() < 0.5)


def scratch(work: Path) -> Path:
    """Return a folder for what a disk leaves: in memory where there is room, else *work*."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
    return Path(tempfile.mkdtemp(prefix="images-", dir=memory if roomy else work))


class Disk:
    """The folder *root* as it is after the events so far; *honest* disks heed a sync."""

    def __init__(self, root: Path, *, honest: bool = True) -> None:
        self._root, self._honest = PurePosixPath(root.resolve()), honest
        self._top = _Folder()
        self._files: dict[int, _File] = {}

    def happens(self, event: Event) -> None:
        """Follow one event; what lies outside of the folder is no business of this disk."""
        path = PurePosixPath(event.path)
        if not path.is_relative_to(self._root):
            return
        match event.what:
            case "c":
                self._files[event.inode] = file = _File()
                self._names(path, file)
            case "w":
                self._files[event.inode].since.append((event.offset, event.data))
            case "t":
                self._files[event.inode].since.append((event.offset, None))
            case "s":
                if self._honest:
                    self._files[event.inode].sync()
            case "d":
                if self._honest:
                    self._folder(path).sync()
            case _:
                self._renames(event.what, path, PurePosixPath(event.data.decode()))

    def _renames(self, what: str, path: PurePosixPath, other: PurePosixPath) -> None:
        match what:
            case "m":
                self._names(path, _Folder())
            case "u":
                self._names(path, None)
            case _:
                assert path.parent == other.parent, "nothing of ours moves between folders"
                thing = self._folder(path.parent).now()[path.name]
                change: dict[str, _File | _Folder | None] = {other.name: thing}
                if what == "r":
                    change[path.name] = None
                self._folder(path.parent).since.append(change)

    def _names(self, path: PurePosixPath, thing: _File | _Folder | None) -> None:
        self._folder(path.parent).since.append({path.name: thing})

    def _folder(self, path: PurePosixPath) -> _Folder:
        folder = self._top
        for part in path.relative_to(self._root).parts:
            found = folder.now()[part]
            assert isinstance(found, _Folder)
            folder = found
        return folder

    def keeps_power(self, into: Path) -> None:
        """Write the folder as programs see it now."""
        _write(self._top, into, Mood(1.0, SECTORS[-1], grown=True), random.Random(0))

    def loses_power(self, into: Path, chance: random.Random) -> None:
        """Write what a machine finds that starts again after the power failed now."""
        _write(self._top, into, Mood.of(chance), chance)


def _write(folder: _Folder, into: Path, mood: Mood, chance: random.Random) -> None:
    into.mkdir(mode=0o700, parents=True)
    last = len(folder.since) if mood.keeps == 1 else chance.randint(0, len(folder.since))
    for name, thing in folder.now(0 if mood.keeps == 0 else last).items():
        if isinstance(thing, _Folder):
            _write(thing, into / name, mood, chance)
        elif name.endswith("-shm"):
            # Written through memory, of which nothing is promised: SQLite must not care.
            (into / name).write_bytes(chance.randbytes(chance.choice((0, 32_768))))
        else:
            (into / name).write_bytes(_left(thing, mood, chance))
            (into / name).chmod(0o600)


def _left(file: _File, mood: Mood, chance: random.Random) -> bytes:
    left = bytearray(file.sure)
    for offset, data in file.since:
        if data is None:
            if chance.random() < mood.keeps:
                _apply(left, offset, None)
            continue
        start = offset
        while start < offset + len(data):
            end = min((start // mood.sector + 1) * mood.sector, offset + len(data))
            if chance.random() < mood.keeps:
                _apply(left, start, data[start - offset : end - offset])
            elif mood.grown and end > len(left):
                _apply(left, end, None)
            start = end
    return bytes(left)


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
    content.extend(bytes(max(0, offset - len(content))))
    if data is not None:
        content[offset : offset + len(data)] = data
