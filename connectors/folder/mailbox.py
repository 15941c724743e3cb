"""The mailbox: pages over a listing, messages, and the count that checks the listing."""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from connectors.folder.census import count
from connectors.folder.contents import Contents, Look
from connectors.folder.identity import Native
from connectors.folder.walk import Root, find
from flows.errors import SkipItem
from flows.ports import MailPage, MailRef

_SWEEPS_KEPT = 4
_CENSUS_BATCH = 500


class FolderMailbox:
    """A mailbox that is a directory, a Maildir, an mbox file, or all of these nested.

    A directory tells no changes, so every sweep lists all of it: a cursor is good in the
    instance that gave it, for its last four sweeps, and any other starts a new listing.
    Messages come in the order of their paths, those of an mbox in the order of the file.
    `folder` of a message is its directory relative to *path*, "." for *path* itself; for an
    mbox of several messages it is the path of the mbox, or its name where *path* is the
    mbox. A file that begins with a `From ` line and holds one message belongs to its
    directory.

    A message that changes between listing and fetch is `gone`, for what was listed is not
    there any more; what stands there now has another native id and comes with the next
    sweep. Whoever writes files in place may be caught half-way: a file changed less than
    *settle* seconds ago is not read before that time is over. Programs that write to a
    hidden name and rename are never caught.

    Args:
        path: A directory or a file. Symbolic links below it are not followed.
        max_bytes: Larger messages are listed and cannot be fetched.
        settle: Seconds for which a file must have been left alone.
    """

    def __init__(self, path: Path, *, max_bytes: int = 26_214_400, settle: float = 1.0) -> None:
        self._path, self._max, self._settle = path, max_bytes, settle
        self._sweeps: OrderedDict[str, _Sweep] = OrderedDict()
        self._known: tuple[Root, Contents] | None = None
        self._lock = threading.Lock()

    async def page(self, cursor: str, limit: int) -> MailPage:
        """Return at most *limit* messages after *cursor*; see `flows.ports.Mailbox.page`.

        Raises:
            AdministratorError: The path is missing or closed to us.
            ValueError: The limit is not 1 to 1,000.
        """
        if not 1 <= limit <= 1_000:  # noqa: PLR2004  (the port's own bounds)
            raise ValueError("limit is 1 to 1,000")
        return await asyncio.to_thread(self._page, cursor, limit)

    async def fetch(self, ref: MailRef) -> bytes:
        """Return the bytes of a message; from an mbox, as they were before they were quoted.

        Raises:
            SkipItem: `gone`, `unreadable` or `too_large`.
            AdministratorError: The whole mailbox is missing or closed to us.
        """
        native = Native.parse(ref.native_id)
        if native is None:
            raise SkipItem("gone", "this mailbox never gave out that reference")
        wait = await asyncio.to_thread(self._unsettled, native)
        if wait:
            await asyncio.sleep(wait)
        return await asyncio.to_thread(self._read, native)

    async def census(self) -> AsyncIterator[MailRef]:
        """Yield every message that is here now, by a walk and a count of its own.

        Raises:
            AdministratorError: The path is missing or closed to us.
        """
        counted = count(self._path, self._max)
        while batch := await asyncio.to_thread(_some, counted):
            for ref in batch:
                yield ref

    async def close(self) -> None:
        """Forget all listings; no file stays open between calls."""
        self._sweeps.clear()

    def _unsettled(self, native: Native) -> float:
        contents = self._known[1] if self._known else self._contents(Root.at(self._path))
        age = time.time() - contents.changed_at(native)
        return self._settle - age if 0 <= age < self._settle else 0.0

    def _read(self, native: Native) -> bytes:
        contents = self._known[1] if self._known else self._contents(Root.at(self._path))
        try:
            return contents.read(native)
        except SkipItem:
            # One message gone, or the whole disk? Only the first is about this message.
            if self._contents(Root.at(self._path)) is contents:
                raise
        return self._contents(Root.at(self._path)).read(native)

    def _contents(self, root: Root) -> Contents:
        if self._known is None or self._known[0] != root:
            self._known = root, Contents(root, self._max)
        return self._known[1]

    def _page(self, cursor: str, limit: int) -> MailPage:
        with self._lock:
            root = Root.at(self._path)
            contents = self._contents(root)
            sweep, file, message = self._position(cursor, root)
            refs: list[MailRef] = []
            while file < len(sweep.files):
                look, message = sweep.look(contents, file, message)
                if look is not None and len(refs) == limit:
                    place = {"sweep": sweep.token, "file": file, "message": message}
                    return MailPage(refs=tuple(refs), cursor=json.dumps(place), more=True)
                if look is not None:
                    sweep.counted = file, look
                    taken = range(message, min(len(look), message + limit - len(refs)))
                    refs += (look.ref(position) for position in taken)
                    message = taken.stop
                if look is None or message == len(look):
                    file, message = file + 1, 0
            return MailPage(refs=tuple(refs), cursor="", more=False)

    def _position(self, cursor: str, root: Root) -> tuple[_Sweep, int, int]:
        """Return where a cursor points to; the start of a new listing if it is not ours."""
        try:
            asked = json.loads(cursor)
            sweep = self._sweeps[str(asked["sweep"])]
            file, message = int(asked["file"]), int(asked["message"])
        except (ValueError, KeyError, TypeError):
            pass
        else:
            if sweep.root == root and file >= 0 and message >= 0:
                return sweep, file, message
        sweep = _Sweep(root)
        self._sweeps[sweep.token] = sweep
        while len(self._sweeps) > _SWEEPS_KEPT:
            self._sweeps.popitem(last=False)
        return sweep, 0, 0


def _some(refs: Iterator[MailRef]) -> list[MailRef]:
    return list(itertools.islice(refs, _CENSUS_BATCH))


class _Sweep:
    """One listing: the files that were there when it began, looked into one by one."""

    def __init__(self, root: Root) -> None:
        self.token, self.root = secrets.token_hex(8), root
        self.files = find(root)
        self.counted: tuple[int, Look] | None = None

    def look(self, contents: Contents, file: int, message: int) -> tuple[Look | None, int]:
        """Return what the file holds and where in it to go on; None to pass it over.

        Within one mbox the messages are counted in one and the same look, so that what
        others add and remove meanwhile moves nothing past the cursor.
        """
        if message and self.counted and self.counted[0] == file:
            return self.counted[1], message
        found = self.files[file]
        look = contents.look(found)
        before = self.files[file - 1] if file else None
        if look and before and before.key == found.key and found.kind == "maildir":
            earlier = contents.look(before)
            if earlier is not None and earlier.mark == look.mark:
                return None, 0  # seen in new/ and, as a reader moved it, in cur/ again
        return look, 0
