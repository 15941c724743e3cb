"""One signed-in connection, as calls that block: folders read-only, lists, sizes, bodies.

Folders are opened with EXAMINE and bodies read with BODY.PEEK, so that no flag is ever
touched. Not for use by two threads at once.

Of RFC 7162, HIGHESTMODSEQ is used alone: while it stays the same, nothing in the folder has
changed. QRESYNC would also tell which UIDs are gone (VANISHED). Nothing here asks for that:
new mail is what lies above the last UID, whatever else vanished; `fetch` finds out by itself
that a message is gone; and the census, which counts what is gone, is to share no state with
the pages that it checks. It would bring replies that `imaplib` does not know, in exchange.

Source: RFC 9051; RFC 7162 (CONDSTORE, QRESYNC).
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from imapclient import IMAPClient

from flows.errors import AdministratorError, SkipItem, TransientError

_AT_ONCE: Final = 100
"""UIDs in one command: lines over a thousand bytes are refused by some (RFC 7162, 4)."""

_SEARCHED: Final = 50_000
"""UIDs that one search may return: imaplib reads no line over a million bytes."""

_PASSING: Final = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\b", re.IGNORECASE)
_NEWS: Final = (b"EXISTS", b"EXPUNGE")


class FolderMissing(AdministratorError):
    """The server has no folder of that name."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the server said when the folder was opened; 0 where it did not say."""

    folder: str
    uidvalidity: int
    exists: int
    uidnext: int
    modseq: int


def unreadable(server: str) -> SkipItem:
    """Return the error for a message that is there and cannot be had."""
    return SkipItem(
        "unreadable",
        f"{server} lists this message and cannot hand it out",
        fix="look at it with a mail program; the server may need repair",
    )


class Session:
    """A connection that is signed in; `end` or `cut` lets go of it."""

    def __init__(self, client: IMAPClient, server: str, *, modseqs: bool = False) -> None:
        """Make a session of *client*; *modseqs* where CONDSTORE is enabled on it."""
        self.client, self._server, self._modseqs = client, server, modseqs
        client.normalise_times = False  # SEARCH knows days as the server's own zone has them
        self.opened: Opened | None = None
        self.idling = False

    # -- folders ---------------------------------------------------------------------------

    def examine(self, folder: str, *, fresh: bool = False) -> Opened:
        """Open a folder read-only; with *fresh*, anew, so that what came since is seen.

        STATUS would be the lighter way to ask, but may be stale for the folder that is open.

        Raises:
            FolderMissing: There is none of this name.
            AdministratorError: It cannot be opened by this account.
        """
        if self.opened is None or fresh or self.opened.folder != folder:
            self.opened = None
            self.opened = self._open(folder, readonly=True)
        return self.opened

    def select(self, folder: str) -> Opened:
        """Open a folder for changes; as `examine`, always anew."""
        self.opened = None
        try:
            return self._open(folder, readonly=False)
        except imaplib.IMAP4.readonly:
            raise AdministratorError(
                f"{self._server}: this account may not change the folder {folder!r}",
                fix="grant it the right, or take the step out of the flow",
            ) from None

    def folders(self) -> list[tuple[tuple[bytes, ...], str]]:
        """Return flags and name of every folder that can hold mail, sorted by name."""
        listed = self.client.list_folders()
        mail = [(flags, name) for flags, _, name in listed if rb"\Noselect" not in flags]
        return sorted(mail, key=lambda each: each[1])

    def _open(self, folder: str, *, readonly: bool) -> Opened:
        try:
            said = self.client.select_folder(folder, readonly=readonly)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            self.client.noop()
            raise self._cannot_open(folder, str(error)) from None
        if not said.get(b"UIDVALIDITY"):
            raise AdministratorError(
                f"{self._server} gives the messages of {folder!r} no lasting ids",
                fix="read this folder in another way; nothing can be told apart in it",
            )
        return Opened(
            folder,
            uidvalidity=said[b"UIDVALIDITY"],
            exists=said.get(b"EXISTS", 0),
            uidnext=said.get(b"UIDNEXT", 0),
            # A server that does not offer CONDSTORE promises nothing about this number.
            modseq=said.get(b"HIGHESTMODSEQ", 0) if self._modseqs else 0,
        )

    def _cannot_open(self, folder: str, said: str) -> Exception:
        if _PASSING.search(said):
            return TransientError(f"{self._server} cannot open the folder {folder!r} now")
        names = [name for _, name in self.folders()]
        if folder in names:
            return AdministratorError(
                f"{self._server} does not let this account open the folder {folder!r}",
                fix="grant it the right to read, or take the folder out of flows.yaml",
            )
        there = ", ".join(map(repr, names[:20])) + (", ..." if names[20:] else "")
        return FolderMissing(
            f"{self._server} has no folder {folder!r}",
            fix=f"correct `folders` in flows.yaml; there are {there or 'none'}",
        )

    # -- messages of the open folder -------------------------------------------------------

    def uids(
        self,
        opened: Opened,
        after: int = 0,
        since: date | None = None,
        before: date | None = None,
    ) -> list[int]:
        """Return the UIDs above *after* in the open folder, ascending.

        Only those received from the day *since* on and *before* that day, as the server has
        its days.
        """
        days: list[str | date] = ["SINCE", since] if since else []
        days += ["BEFORE", before] if before else []
        found: set[int] = set()
        for uids in _windows(opened, after):
            # The sequence set is no quoted string: it holds no character that needs it.
            found.update(self.client.search(["UID", uids, *days]))
        # `n:*` names the last message whatever its UID (RFC 9051, 9: seq-range).
        return sorted(uid for uid in found if uid > after)

    def outlines(self, uids: Sequence[int]) -> dict[int, tuple[int, date | None]]:
        """Return size and day of receipt of each message that is still there, in order."""
        outlines: dict[int, tuple[int, date | None]] = {}
        for some in _chunks(uids):
            answer = self._fetch(some, "RFC822.SIZE", "INTERNALDATE")
            for uid in some:
                said = answer.get(uid, {})
                if b"RFC822.SIZE" in said:
                    received = said.get(b"INTERNALDATE")
                    outlines[uid] = int(said[b"RFC822.SIZE"]), received and received.date()
        return outlines

    def count(self, folder: str) -> int:
        """Return how many messages the server says a folder holds, which is not open here.

        Raises:
            FolderMissing, AdministratorError: As `examine`.
        """
        try:
            return int(self.client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"])
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise self._cannot_open(folder, str(error)) from None

    def bodies(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> dict[int, bytes]:
        """Return the messages that can be had at once; of the others nothing is said."""
        bodies: dict[int, bytes] = {}
        if self.examine(folder).uidvalidity == uidvalidity:
            for some in _chunks(uids):
                with contextlib.suppress(_No):
                    bodies |= _texts(self._try_fetch(some, "BODY.PEEK[]"))
        return bodies

    def body(self, folder: str, uidvalidity: int, uid: int) -> bytes:
        """Return one message, looked for in the folder as it is now.

        Raises:
            SkipItem: It is `gone`, or the server cannot read it (`unreadable`).
        """
        self._reopen(folder, uidvalidity)
        try:
            texts = _texts(self._try_fetch([uid], "BODY.PEEK[]"))
        except _No as no:
            if no.passing:
                raise TransientError(f"{self._server} cannot hand out a message now") from None
            texts = {}
        if uid in texts:
            return texts[uid]
        self.check(folder, uidvalidity, uid)
        raise unreadable(self._server)

    def check(self, folder: str, uidvalidity: int, uid: int) -> None:
        """Raise `SkipItem` (`gone`) unless the folder holds the message now."""
        if uid not in self.uids(self._reopen(folder, uidvalidity), uid - 1):
            raise SkipItem("gone", "the message was moved or deleted since it was listed")

    def _reopen(self, folder: str, uidvalidity: int) -> Opened:
        opened = self.examine(folder, fresh=True)
        if opened.uidvalidity != uidvalidity:
            raise SkipItem("gone", "the folder was made anew since this message was listed")
        return opened

    def _fetch(self, uids: Sequence[int], *items: str) -> dict[int, Any]:
        try:
            return self._try_fetch(uids, *items)
        except _No:
            # Said also when one of them was deleted a moment ago: look again.
            if self.opened is not None:
                self.examine(self.opened.folder, fresh=True)
        try:
            return self._try_fetch(uids, *items)
        except _No:
            raise TransientError(
                f"{self._server} cannot tell about some messages now"
            ) from None

    def _try_fetch(self, uids: Sequence[int], *items: str) -> dict[int, Any]:
        try:
            answer: dict[int, Any] = self.client.fetch(list(uids), list(items))
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise _No(passing=_PASSING.search(str(error)) is not None) from None
        return answer

    # -- news ------------------------------------------------------------------------------

    def news(self) -> bool:
        """Tell whether messages came or went in the open folder since it was last asked."""
        told: list[Any] = []
        if self.idling:
            self.idling = False
            told += self.client.idle_check(timeout=0)
            told += self.client.idle_done()[1]
        told += self.client.noop()[1]
        return any(
            len(one) > 1 and (one[1] in _NEWS or one[0] == b"VANISHED")
            for one in told
            if isinstance(one, tuple)
        )

    def idle(self) -> bool:
        """Let the server tell news by itself from now on; False where it cannot."""
        if not self.client.has_capability("IDLE"):
            return False
        self.client.idle()
        self.idling = True
        return True

    # -- end -------------------------------------------------------------------------------

    def end(self) -> None:
        """Sign out as far as the server answers, and close the connection."""
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            if not self.idling:
                self.client.socket().settimeout(2)
                self.client.logout()
        self.cut()

    def cut(self) -> None:
        """Close the connection at once, also under a call that waits in another thread."""
        with contextlib.suppress(OSError):
            self.client.socket().shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            self.client.shutdown()


class _No(Exception):
    """The server said NO to a FETCH."""

    def __init__(self, *, passing: bool) -> None:
        super().__init__()
        self.passing = passing


def _texts(answer: dict[int, Any]) -> dict[int, bytes]:
    return {uid: one[b"BODY[]"] for uid, one in answer.items() if b"BODY[]" in one}


def _chunks(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (uids[start : start + _AT_ONCE] for start in range(0, len(uids), _AT_ONCE))


def _windows(opened: Opened, after: int) -> Iterator[str]:
    if opened.exists <= _SEARCHED or not opened.uidnext:
        yield f"{after + 1}:*"
        return
    for first in range(after + 1, opened.uidnext, _SEARCHED):
        yield f"{first}:{min(first + _SEARCHED, opened.uidnext) - 1}"
