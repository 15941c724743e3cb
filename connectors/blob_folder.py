"""Blobs in a folder, for an installation on one machine."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from flows.blob_rules import business_folder, check_blob
from flows.errors import AdministratorError, BlobMissing
from flows.ports import BlobEntry

PART: Final = 1_048_576
_DRAFT: Final = ".draft-"
"""Begins the name of what is being written; no blob has a name with a dot first."""


class FolderBlobs:
    """Keeps blobs as files under *folder*, one folder a business; only the owner reads them.

    A blob is on the disk when `put` returns: it is written under another name, and takes its
    own when it is whole. Folder and files are made with permissions 0700 and 0600.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, business: str, name: str, data: bytes | AsyncIterable[bytes]) -> None:
        """Store the bytes, over whatever was there; they are there wholly or not at all."""
        path = self._path(business, name)
        with self._explained():
            _make_folder(path.parent)
            draft = path.with_name(f"{_DRAFT}{secrets.token_hex(8)}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    async for part in _parts(data):
                        await asyncio.to_thread(file.write, part)
                    await asyncio.to_thread(_to_disk, file.fileno())
                draft.replace(path)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
            await asyncio.to_thread(_sync_folder, path.parent)

    async def get(self, business: str, name: str) -> AsyncIterator[bytes]:
        """Yield the bytes in parts, in order.

        Raises:
            BlobMissing: There is no such blob.
        """
        path = self._path(business, name)
        with self._explained():
            try:
                file = path.open("rb")
            except FileNotFoundError:
                raise BlobMissing("there is no such blob in this business") from None
            with file:
                while part := await asyncio.to_thread(file.read, PART):
                    yield part

    async def delete(self, business: str, name: str) -> None:
        """Remove a blob; a missing one is fine."""
        path = self._path(business, name)
        with self._explained(), suppress(FileNotFoundError):
            path.unlink()
            _sync_folder(path.parent)

    async def entries(self, business: str) -> AsyncIterator[BlobEntry]:
        """Yield every blob of a business, in the order of their names."""
        folder = self._folder / business_folder(business)
        with self._explained():
            paths = sorted(folder.iterdir()) if folder.exists() else []
            for path in paths:
                # Another process may remove it between the list and the look.
                with suppress(FileNotFoundError):
                    found = path.stat()
                    if not path.name.startswith("."):
                        written = datetime.fromtimestamp(found.st_mtime, UTC)
                        yield BlobEntry(path.name, found.st_size, written)

    async def purge(self, business: str) -> None:
        """Remove every blob of exactly this business, and what was left half written."""
        folder = self._folder / business_folder(business)
        with self._explained():
            if folder.exists():
                await asyncio.to_thread(shutil.rmtree, folder)
                _sync_folder(self._folder)

    async def close(self) -> None:
        """Nothing is held open."""

    def _path(self, business: str, name: str) -> Path:
        check_blob(name)
        return self._folder / business_folder(business) / name

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise AdministratorError(
                f"the folder of blobs {self._folder} cannot be used: {error.strerror}",
                fix="make it writable for the user that runs JigAjob, and see that the disk"
                " has space",
            ) from None


async def _parts(data: bytes | AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    if isinstance(data, bytes):
        yield data
        return
    async for part in data:
        yield part


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(folder.parent)


def _to_disk(descriptor: int) -> None:
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    # A new name is on the disk only once its folder is.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
