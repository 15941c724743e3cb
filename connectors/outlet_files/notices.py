"""Outlet of `notify`: a log of notices, one JSON object a line."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from connectors.outlet_files.private import append_private, disk_trouble, locked, open_private
from flows.model import Output

_TORN: Final = ".torn"


class NoticeLog:
    """Appends notices to the file *path*: `at`, `id`, `flow`, `to`, `text`.

    Whatever a notice says, it stays on its line and cannot steer a terminal. Several
    processes may write.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: set[str] = set()
        self._read = 0  # bytes of the file whose ids are in _seen
        self._inode = 0

    @property
    def uses(self) -> frozenset[str]:
        """Return the step whose outputs it takes."""
        return frozenset({"notify"})

    async def deliver(self, output: Output) -> str:
        """Append the notice, and return the path of the log.

        Raises:
            AdministratorError: The disk refused.
        """
        (path,) = await self.deliver_all([output])
        return path

    async def deliver_all(self, outputs: Sequence[Output]) -> Sequence[str]:
        """Append the notices, and return the path of the log for each.

        Raises:
            AdministratorError: The disk refused.
        """
        await asyncio.to_thread(self._append, outputs)
        return [str(self._path)] * len(outputs)

    def _append(self, outputs: Sequence[Output]) -> None:
        with disk_trouble(self._path.parent), locked(self._path):
            self._catch_up()
            new = {each.id: _line(each) for each in outputs if each.id not in self._seen}
            if not new:
                return
            lines = b"".join(new.values())
            append_private(self._path, lines, size=self._read)
            self._seen.update(new)
            self._read += len(lines)

    def _catch_up(self) -> None:
        """Read what others wrote since, and mend what a crash tore."""
        flags = os.O_RDWR | os.O_CREAT
        with open_private(self._path, flags) as handle:
            state = os.fstat(handle)
            if state.st_ino != self._inode or state.st_size < self._read:
                self._seen, self._read, self._inode = set(), 0, state.st_ino
            with os.fdopen(os.dup(handle), "rb") as file:
                file.seek(self._read)
                new = file.read()
            whole = new.rfind(b"\n") + 1
            if new[whole:]:
                torn = self._path.with_name(self._path.name + _TORN)
                size = torn.stat().st_size if torn.exists() else 0
                append_private(torn, new[whole:] + b"\n", size=size)
                os.ftruncate(handle, self._read + whole)
                os.fsync(handle)
        self._seen.update(filter(None, map(_id_of, new[:whole].splitlines())))
        self._read += whole


def _id_of(line: bytes) -> str:
    try:
        notice = json.loads(line)
    except ValueError:
        return ""  # a line that a person wrote into the log
    return str(notice.get("id", "")) if isinstance(notice, dict) else ""


def _line(output: Output) -> bytes:
    notice = {
        "at": output.created_at.isoformat(),
        "id": output.id,
        "flow": output.flow,
        "to": output.body.get("to", ""),
        "text": output.body.get("text", ""),
    }
    written = json.dumps(notice, ensure_ascii=False)
    # Line ends that JSON lets pass, direction tricks, escape sequences: all by number.
    shown = (char if char.isprintable() else json.dumps(char)[1:-1] for char in written)
    return ("".join(shown) + "\n").encode()
