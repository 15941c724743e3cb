"""Custody of keys by one file, for an installation without Key Vault.

The file holds 32 random bytes. From them one wrapping key a business is derived, so that a
wrapped data key opens for the business that it was made for and for no other.

Source: https://www.rfc-editor.org/rfc/rfc5649 (AES key wrap with padding),
https://www.rfc-editor.org/rfc/rfc5869 (HKDF)
"""

from __future__ import annotations

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

KEY_BYTES = 32
NAME = "wrapping.key"


class KeyFileVault:
    """Wraps data keys with the key in *folder*/wrapping.key, which the first wrap makes.

    The file is read on each call, so a key that was removed is gone at once. Back it up
    apart from the store: without it everything sealed stays sealed for ever.
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
            return aes_key_wrap_with_padding(_key_of(self._read(), business), data_key)

    async def unwrap(self, business: str, wrapped: bytes) -> bytes:
        """Return the data key.

        Raises:
            AdministratorError: The key file is gone, unreadable, readable by others, or is
                not the one with which this key was wrapped for this business.
        """
        with self._explained():
            key = _key_of(self._read(), business)
        try:
            return aes_key_unwrap_with_padding(key, wrapped)
        except InvalidUnwrap as error:
            raise AdministratorError(
                f"{self._file} is not the key with which this business's data was sealed",
                fix="restore the key file that belongs to this store from its backup",
            ) from error

    def _read(self) -> bytes:
        descriptor = os.open(self._file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            found = os.fstat(descriptor)
            content = os.read(descriptor, KEY_BYTES + 1) if stat.S_ISREG(found.st_mode) else b""
        finally:
            os.close(descriptor)
        if found.st_mode & 0o077:
            raise AdministratorError(
                f"others on this machine can read {self._file}", fix=f"chmod 600 {self._file}"
            )
        if len(content) != KEY_BYTES:
            raise AdministratorError(
                f"{self._file} is not a key: it does not have exactly {KEY_BYTES} bytes",
                fix="restore it from its backup; do not make a new one, which opens nothing",
            )
        return content

    def _make(self) -> None:
        """Make the key under another name, then give it its own: whole or not at all."""
        if not self._folder.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._folder / f".{NAME}.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            # A link fails where the name is taken; renaming would replace a winner's key.
            with suppress(FileExistsError):
                os.link(draft, self._file)
        finally:
            draft.unlink()
        _sync_folder(self._folder)

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


def _key_of(installation: bytes, business: str) -> bytes:
    info = b"jigajob/1/wrap/" + business.encode()
    return HKDF(SHA256(), length=KEY_BYTES, salt=None, info=info).derive(installation)


def _sync_folder(folder: Path) -> None:
    # A new name is on the disk only once its folder is.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
