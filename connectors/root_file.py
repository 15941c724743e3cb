"""Roots of audit logs in a file beside the store: one line of JSON each, only added to.

Whoever brings back an older store, or cuts the end of a log, leaves this file ahead of it.
Keep copies of it where who can write to the store cannot.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from flows.audit.root import Root, read_root
from flows.errors import AdministratorError


class RootFile:
    """Keeps roots in *path*, made with permissions 0600 by the first one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, root: Root) -> None:
        """Keep a root, on the disk when this returns.

        Raises:
            AdministratorError: The file cannot be written.
        """
        line = f"{root.line()}\n".encode()
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        try:
            descriptor = os.open(self._path, flags, 0o600)
            try:
                # One write: lines of several processes do not get into each other.
                os.write(descriptor, line)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise AdministratorError(
                f"cannot write {self._path} ({error.strerror})",
                fix="let this account write it; it holds the roots of the audit log",
            ) from None

    def roots(self, business: str) -> Iterator[Root]:
        """Yield what was kept of a business, in the order in which it was.

        Lines that are none, such as one cut by a full disk, are passed over.

        Raises:
            AdministratorError: The file is there and cannot be read.
        """
        try:
            with self._path.open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    root = read_root(line)
                    if root is not None and root.business == business:
                        yield root
        except FileNotFoundError:
            return
        except OSError as error:
            raise AdministratorError(
                f"cannot read {self._path} ({error.strerror})", fix="let this account read it"
            ) from None
