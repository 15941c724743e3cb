r"""Drafts and sent mail put into an account, and marks on its messages: what flows ask for.

Source: RFC 9051; RFC 4315 (APPENDUID); RFC 6154 (`\Drafts`, `\Sent`); RFC 6851 (MOVE).
"""

from __future__ import annotations

import re
from typing import Final, Literal

from imapclient.imapclient import DELETED, DRAFTS, SENT

from connectors.imap.account import Account
from connectors.imap.link import Link
from connectors.imap.place import Native
from connectors.imap.session import FolderMissing, Session
from flows.errors import AdministratorError, OperatorError

_APPENDED: Final = re.compile(rb"\[APPENDUID (\d+) (\d+)\]", re.IGNORECASE)
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]+>")
_SYSTEM_FLAGS: Final = frozenset({r"\Seen", r"\Answered", r"\Flagged", r"\Deleted", r"\Draft"})
_FOLDERS: Final = {
    "drafts": (DRAFTS, ("Drafts",)),
    "sent": (SENT, ("Sent", "Sent Items", "Sent Mail", "Sent Messages")),
}
_KEYWORD: Final = re.compile(r"[!#$&'+,\-./0-9:;<=>?@A-Z\[^_`a-z|}~]+")


class ImapDrafts:
    r"""Appends drafts, or sent mail, and marks or moves messages, on an own connection.

    Args:
        account: Whose mailbox it is, as `ImapMailbox.account`.
        folder: Where drafts go. Where empty: the folder that the server says is for drafts
            (`\Drafts`), else the one named "Drafts".
        holds: `sent` for a folder of sent mail in place of drafts (`\Sent`, else "Sent").

    A draft is also there when it lies among the sent mail: somebody has sent it meanwhile,
    from a mail program. Sent mail has to be among the sent, since a draft is no proof that
    anything went out.
    """

    def __init__(
        self,
        account: Account,
        *,
        folder: str = "",
        holds: Literal["drafts", "sent"] = "drafts",
    ) -> None:
        self._account, self._folder, self._holds = account, folder, holds
        self._link = Link(account)

    async def find(self, message_id: str) -> bool:
        """Tell whether a mail with this Message-ID (`<...>`) is there.

        Raises:
            SignInNeeded, AdministratorError, TransientError: As `append`.
        """
        _check_message_id(message_id)
        return await self._link.run(lambda session: bool(self._found(session, message_id)))

    async def append(self, raw: bytes, message_id: str) -> str:
        """Put *raw* into the folder unless it is there, and return where it lies.

        *message_id* is the Message-ID of *raw*, `<...>`. It is looked for first, so that
        calling again after a crash or a lost answer adds nothing and returns the same. That
        is UIDVALIDITY/UID/FOLDER, or FOLDER alone where the server does not tell.

        Raises:
            AdministratorError: There is no such folder, or it is closed to us.
            SignInNeeded: The account does not let us in.
            TransientError: The server is away; call again.
        """
        _check_message_id(message_id)
        return await self._link.run(lambda session: self._append(session, raw, message_id))

    async def mark(self, native_id: str, *, flag: str = "", move_to: str = "") -> bool:
        r"""Set a flag on a message, move it to a folder, or both, in this order.

        *flag* is a keyword (`jigajob`, `$Forwarded`) or `\Seen`, `\Flagged`, `\Answered`.
        Returns False where the message lies there no more, as after an earlier move; so
        calling again does no harm.

        Raises:
            OperatorError: The flag cannot be set here, or there is no folder *move_to*.
            AdministratorError: The account may not change the folder.
            SignInNeeded, TransientError: As `append`.
        """
        if flag and flag not in _SYSTEM_FLAGS and not _KEYWORD.fullmatch(flag):
            raise OperatorError(
                f"{flag!r} cannot be a flag in an IMAP mailbox",
                fix=r"use letters, digits and $ _ -, or one of \Seen \Flagged \Answered",
            )
        native = Native.parse(native_id)
        if native is None:
            return False
        return await self._link.run(lambda session: self._mark(session, native, flag, move_to))

    async def close(self) -> None:
        """End the connection."""
        await self._link.close()

    # -- in a thread -----------------------------------------------------------------------

    def _where(self, session: Session) -> str:
        """Return the folder to put mail into."""
        if not self._folder:
            self._folder = _folder_for(session, self._holds)
        if not self._folder:
            raise AdministratorError(
                f"{self._account.server} names no folder for {self._holds} mail",
                fix=f"create a folder {_FOLDERS[self._holds][1][0]} in this mailbox",
            )
        return self._folder

    def _found(self, session: Session, message_id: str) -> str:
        there = _found_in(session, self._where(session), message_id)
        if there or self._holds == "sent":
            return there
        sent = _folder_for(session, "sent")
        return _found_in(session, sent, message_id) if sent else ""

    def _append(self, session: Session, raw: bytes, message_id: str) -> str:
        if there := self._found(session, message_id):
            return there
        folder = self._where(session)
        flags = (rb"\Draft", rb"\Seen") if self._holds == "drafts" else (rb"\Seen",)
        said = session.client.append(folder, raw, flags=flags)
        if appended := _APPENDED.search(said or b""):
            return str(Native(int(appended[1]), int(appended[2]), folder))
        return self._found(session, message_id) or folder

    def _mark(self, session: Session, native: Native, flag: str, move_to: str) -> bool:
        try:
            opened = session.select(native.folder)
        except FolderMissing:
            return False
        there = session.uids(opened, native.uid - 1)[:1] == [native.uid]
        if opened.uidvalidity != native.uidvalidity or not there:
            return False
        if flag:
            self._flag(session, native.uid, flag)
        if move_to and move_to != native.folder:
            self._move(session, native.uid, move_to)
        return True

    def _flag(self, session: Session, uid: int, flag: str) -> None:
        session.client.add_flags([uid], [flag], silent=True)
        kept = session.client.get_flags([uid]).get(uid, ())
        if flag.lower().encode() not in (each.lower() for each in kept):
            raise OperatorError(
                f"{self._account.server} keeps no flag {flag!r} in this folder",
                fix=r"use \Flagged, or `move_to` a folder instead",
            )

    def _move(self, session: Session, uid: int, move_to: str) -> None:
        names = [name for _, name in session.folders()]
        if move_to not in names:
            raise OperatorError(
                f"there is no folder {move_to!r} to move mail to",
                fix=f"create it, or use one of {', '.join(map(repr, names[:20]))}",
            )
        if session.client.has_capability("MOVE"):
            session.client.move([uid], move_to)
        elif session.client.has_capability("UIDPLUS"):
            session.client.copy([uid], move_to)
            session.client.add_flags([uid], [DELETED], silent=True)
            session.client.uid_expunge([uid])
        else:
            raise AdministratorError(
                f"{self._account.server} can move no single message (MOVE, UIDPLUS)",
                fix="use `flag` in the flow instead",
            )


def _folder_for(session: Session, holds: Literal["drafts", "sent"]) -> str:
    """Return the folder that the server, or else its name, says is for this; "" for none."""
    folders = session.folders()
    use, names = _FOLDERS[holds]
    special = [name for flags, name in folders if use in flags]
    named = [name for _, name in folders if re.split("[/.]", name)[-1] in names]
    return next(iter(special + named), "")


def _found_in(session: Session, folder: str, message_id: str) -> str:
    opened = session.examine(folder, fresh=True)
    # The server looks for a part of the header; with its brackets, an id is a whole.
    uids = session.client.search(["HEADER", "Message-ID", message_id])
    return str(Native(opened.uidvalidity, min(uids), opened.folder)) if uids else ""


def _check_message_id(message_id: str) -> None:
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError("a Message-ID is <...>, printable ASCII without spaces")
