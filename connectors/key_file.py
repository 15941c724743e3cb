"""Custody of keys by one file, for an installation without Key Vault.

The file holds 32 random bytes. From them one wrapping key a business is derived, so that a
wrapped data key opens for the business that it was made for and for no other.

Source: https://www.rfc-editor.org/rfc/rfc5649 (AES key wrap with padding),
https://www.rfc-editor.org/rfc/rfc5869 (HKDF)
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap_with_padding,
    aes_key_wrap_with_padding,
)

from flows.errors import AdministratorError
from flows.folders import make_folder, sync_folder

KEY_BYTES = 32
NAME = "wrapping.key"


class KeyFileVault:
    """Wraps data keys with the key in *folder*/wrapping.key, which the first wrap makes.

    The file is read on each call, so a key that was removed is gone at once. Back it up
    apart from the store: without it everything sealed stays sealed for ever.

    A key that `renew` has replaced stays beside it as `wrapping.key.1`, `wrapping.key.2` …:
    other businesses and backups may still need it, and only a person knows.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / NAME

    async def wrap(self, business: str, data_key: bytes) -> bytes:
        """Return *data_key* (32 bytes) wrapped; only this vault can unwrap it.

        Raises:
            ValueError: The key is not of 32 bytes.
            AdministratorError: The key file cannot be made or read, or others can read it.
        """
        if len(data_key) != KEY_BYTES:
            raise ValueError(f"a data key has {KEY_BYTES} bytes, not {len(data_key)}")
        with self._explained():
            if not self._file.exists():
                self._make()
            return aes_key_wrap_with_padding(_key_of(_read(self._file), business), data_key)

    async def unwrap(self, business: str, wrapped: bytes) -> bytes:
        """Return the data key.

        Raises:
            AdministratorError: The key file is gone, unreadable, readable by others, or is
                not the one with which this key was wrapped for this business.
        """
        with self._explained():
            # A key that does not fit is always noticed: the wrapping holds a check of itself.
            for file in (self._file, *self._older()):
                with suppress(InvalidUnwrap):
                    return aes_key_unwrap_with_padding(_key_of(_read(file), business), wrapped)
        raise AdministratorError(
            f"{self._file} is not the key with which this business's data was sealed",
            fix="restore the key file that belongs to this store from its backup",
        )

    async def is_newest(self, business: str, wrapped: bytes) -> bool:
        """Return whether the key in `wrapping.key` wrapped this.

        Raises:
            AdministratorError: As `unwrap`, but for a key that does not fit.
        """
        with self._explained(), suppress(InvalidUnwrap):
            aes_key_unwrap_with_padding(_key_of(_read(self._file), business), wrapped)
            return True
        return False

    async def renew(self) -> None:
        """Put a new key in `wrapping.key`, and the one that was there beside it.

        At no moment is there none: whoever unwraps meanwhile finds both.

        Raises:
            AdministratorError: The folder cannot be written, or there is no key to replace.
        """
        with self._explained(), self._alone():
            _read(self._file)
            number = 1 + max((int(old.suffix[1:]) for old in self._older()), default=0)
            with self._draft() as draft:
                os.link(self._file, self._folder / f"{NAME}.{number}")
                sync_folder(self._folder)
                draft.rename(self._file)

    async def close(self) -> None:
        """Do nothing: no file stays open."""

    def _older(self) -> list[Path]:
        """Return the files of keys that were replaced, the last first."""
        old = (path for path in self._folder.glob(f"{NAME}.*") if path.suffix[1:].isdecimal())
        return sorted(old, key=lambda path: -int(path.suffix[1:]))

    def _make(self) -> None:
        make_folder(self._folder)
        # A link fails where the name is taken; renaming would replace a winner's key.
        with self._draft() as draft, suppress(FileExistsError):
            os.link(draft, self._file)

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        """Give a new key under another name, to be given its own: whole or not at all."""
        draft = self._folder / f".{NAME}.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            yield draft
        finally:
            draft.unlink(missing_ok=True)
        # A new name is on the disk only once its folder is.
        sync_folder(self._folder)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from replacing the key at the same time: one would be lost."""
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise AdministratorError(
                f"the key file {self._file} is missing", fix="restore it from its backup"
            ) from error
        except OSError as error:
            raise AdministratorError(
                f"the key file {self._file} cannot be used: {error.strerror}",
                fix="keep it on a local disk, in a folder of the user that runs JigAjob",
            ) from error


def _read(path: Path) -> bytes:
    """Return the key in a file that its owner alone can read."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        found = os.fstat(descriptor)
        content = os.read(descriptor, KEY_BYTES + 1) if stat.S_ISREG(found.st_mode) else b""
    finally:
        os.close(descriptor)
    if found.st_mode & 0o077:
        raise AdministratorError(
            f"others on this machine can read {path}", fix=f"chmod 600 {path}"
        )
    if len(content) != KEY_BYTES:
        raise AdministratorError(
            f"{path} is not a key: it does not have exactly {KEY_BYTES} bytes",
            fix="restore it from its backup; do not make a new one, which opens nothing",
        )
    return content


def _key_of(installation: bytes, business: str) -> bytes:
    info = b"jigajob/1/wrap/" + business.encode()
    return HKDF(SHA256(), length=KEY_BYTES, salt=None, info=info).derive(installation)
