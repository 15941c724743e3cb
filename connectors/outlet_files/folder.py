"""Outlet of `file.write`: text files in a folder that other people and programs use, too.

A file has its name only once it is whole, and only where nothing had that name: it is written
under another one and then linked, which the disk refuses where something is there. Which
outputs are in stands in a list of our own in the folder. No link of the folder's is followed,
so nobody who may write there can lead us elsewhere.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from connectors.outlet_files.private import disk_trouble, open_private, stem_of, write_all
from flows.errors import AdministratorError, OperatorError
from flows.folders import make_folder
from flows.model import Output
from flows.safe_names import NAME_SUFFIXES, folder_fault, is_safe

WRITTEN: Final = ".jigajob.written"
"""The list of the outputs that are in the folder, one id a line."""

_FILE_MODE: Final = 0o660
_FOLDER_MODE: Final = 0o770
_MOST: Final = 4_000_000
_NO_LINKS: Final = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


class FolderFiles:
    """Writes files below *folder*; *name* is that of the outlet in flows.yaml.

    What people do to a file afterwards is theirs: it is not written again. Several processes
    may write.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self._name, self._folder = name, folder

    @property
    def uses(self) -> frozenset[str]:
        """Return the step whose outputs it takes."""
        return frozenset({"file.write"})

    def receiver(self, output: Output) -> str:
        """Return who is told: those who see the folder."""
        del output
        return f"{self._name}: a folder"

    async def deliver(self, output: Output) -> str:
        """Write the file, and return its path.

        Raises:
            OperatorError: Its name or folder is none, or another file has that name.
            AdministratorError: The disk refused, or knows no links.
        """
        return await asyncio.to_thread(self._write, output)

    def _write(self, output: Output) -> str:
        folder, name = str(output.body.get("folder") or ""), str(output.body.get("name") or "")
        if (
            folder_fault(folder)
            or not is_safe(name)
            or not name.lower().endswith(NAME_SUFFIXES)
        ):
            raise OperatorError(
                f"output {output.id} has no name that a file can have",
                fix="reject it, and mend `folder` and `name` of the step",
            )
        text = str(output.body.get("text") or "").encode("utf-8", "replace")[:_MOST]
        part = f".{stem_of(output.id)}.part"
        with disk_trouble(self._folder):
            make_folder(self._folder)
            with _list(self._folder) as written:
                if output.id not in _ids(written):
                    with self._below(folder) as place:
                        self._put(place, name, text, part)
                    _note(written, output.id)
                with suppress(FileNotFoundError, NotADirectoryError):
                    (self._folder / folder / part).unlink()
        return str(self._folder / folder / name)

    @contextmanager
    def _below(self, folder: str) -> Iterator[int]:
        """Open *folder* below ours, making it, step by step and through no link."""
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
        place = os.open(self._folder, flags)
        try:
            for each in filter(None, folder.split("/")):
                with suppress(FileExistsError):
                    os.mkdir(each, _FOLDER_MODE, dir_fd=place)
                try:
                    inner = os.open(each, flags | os.O_NOFOLLOW, dir_fd=place)
                except OSError as error:
                    if error.errno in {errno.ELOOP, errno.ENOTDIR}:
                        raise OperatorError(
                            f"a part of the folder in {self._name} is a link or a file",
                            fix="take it away, or choose another `folder`",
                        ) from None
                    raise
                os.close(place)
                place = inner
            yield place
        finally:
            os.close(place)

    def _put(self, place: int, name: str, text: bytes, part: str) -> None:
        """Write the file into the folder *place*, unless a crash came right after that."""
        if _links(place, part) > 1:
            return
        with suppress(FileNotFoundError):
            os.unlink(part, dir_fd=place)
        if any(_alike(each) == _alike(name) for each in os.listdir(place)):
            raise self._taken()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(part, flags, _FILE_MODE, dir_fd=place)
        try:
            write_all(handle, text)
            os.fsync(handle)
        finally:
            os.close(handle)
        try:
            os.link(part, name, src_dir_fd=place, dst_dir_fd=place, follow_symlinks=False)
        except FileExistsError:
            os.unlink(part, dir_fd=place)
            raise self._taken() from None
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            raise AdministratorError(
                f"the disk of the folder {self._name} knows no links",
                fix="let the outlet's `path` lie on a disk that does, and copy from there",
            ) from None
        os.fsync(place)

    def _taken(self) -> OperatorError:
        return OperatorError(
            f"the folder {self._name} has another file of that name, which stays as it is",
            fix="put what tells files apart into `name` of the step, such as a job's number",
        )


@contextmanager
def _list(folder: Path) -> Iterator[int]:
    """Open the list of what is in, for us alone: whoever comes second waits."""
    with open_private(folder / WRITTEN, os.O_RDWR | os.O_CREAT | os.O_APPEND) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)  # let go when the descriptor is closed
        yield handle


def _ids(written: int) -> frozenset[str]:
    """Return the ids in the list; what a crash has torn at its end is cut off."""
    os.lseek(written, 0, os.SEEK_SET)
    with os.fdopen(os.dup(written), "rb") as file:
        content = file.read()
    whole = content.rfind(b"\n") + 1
    if content[whole:]:
        os.ftruncate(written, whole)
    return frozenset(content[:whole].decode("utf-8", "replace").split("\n"))


def _note(written: int, output_id: str) -> None:
    write_all(written, f"{output_id}\n".encode())
    os.fsync(written)


def _links(place: int, part: str) -> int:
    try:
        found = os.stat(part, dir_fd=place, follow_symlinks=False)
    except FileNotFoundError:
        return 0
    return found.st_nlink if stat.S_ISREG(found.st_mode) else 0


def _alike(name: str) -> str:
    """Return what two names have in common that some systems take for one."""
    return unicodedata.normalize("NFC", name).casefold()
