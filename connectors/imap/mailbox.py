"""The mailbox: pages over folders, messages, the count that checks them, and hints."""

from __future__ import annotations

import bisect
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Final

from connectors.imap.account import Account, Security
from connectors.imap.ahead import Ahead
from connectors.imap.link import ConnectionLost, Link
from connectors.imap.place import FolderPlace, Native, Place
from connectors.imap.session import FolderMissing, Opened, Session, unreadable
from connectors.imap.watch import Watch
from flows.errors import SkipItem, TransientError
from flows.ports import DayCount, MailPage, MailRef, Tokens

_CENSUS_BATCH: Final = 500
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Listed:
    """The UIDs above *after* that a folder held when this sweep came to it."""

    opened: Opened
    after: int
    uids: list[int]

    def rest(self, uid: int) -> list[int]:
        return self.uids[bisect.bisect_right(self.uids, uid) :]


class ImapMailbox:
    r"""Some folders of an account on an IMAP server, read without touching a flag.

    Messages come folder by folder in the order of *folders*, in each by ascending UID, which
    is the order of arrival. At the end of a sweep the cursor is kept, and the next one shows
    what came since; `\Seen` plays no part. A folder with another UIDVALIDITY is another
    folder and is shown from its start. A folder that is missing is reported after the
    others have been shown.

    `native_id` is UIDVALIDITY, UID and folder; a message that is moved has another one then.
    Bytes come as the server sends them: with CRLF, whatever it keeps on its disk.

    One connection is kept for reading and one for `changed`; `close` ends both. May be used
    by several tasks of one event loop.

    Args:
        host: The server, port *port*; *security* says how the connection is encrypted, with
            *context* or the system's trusted authorities.
        address: Who signs in: with *tokens* if given, else with what *password* returns.
        folders: Names as people see them (not in modified UTF-7), such as `INBOX`, `A/B`.
        since: Mail that the server received before this day is not shown.
        max_bytes: Larger messages are listed and cannot be fetched.
    """

    def __init__(
        self,
        host: str,
        port: int,
        address: str,
        *,
        tokens: Tokens | None = None,
        password: Callable[[], str] | None = None,
        folders: Sequence[str] = ("INBOX",),
        since: date | None = None,
        security: Security = "tls",
        context: ssl.SSLContext | None = None,
        max_bytes: int = 26_214_400,
    ) -> None:
        self.account = Account(
            host=host,
            port=port,
            address=address,
            tokens=tokens,
            password=password,
            security=security,
            context=context,
        )
        # INBOX alone is spelled in any case (RFC 9051, 5.1).
        names = ("INBOX" if name.upper() == "INBOX" else name for name in folders)
        self._folders = tuple(dict.fromkeys(names))
        if not self._folders:
            raise ValueError("a mailbox needs a folder")
        self._since, self._max = since, max_bytes
        self._link = Link(self.account)
        self._watch = Watch(self.account, self._folders[0])
        self._listed: dict[str, _Listed] = {}
        self._ahead = Ahead()

    async def page(self, cursor: str, limit: int) -> MailPage:
        """Return at most *limit* messages after *cursor*; see `flows.ports.Mailbox.page`.

        Raises:
            SignInNeeded: The account does not let us in.
            AdministratorError: A folder is missing or closed to us.
            TransientError: The server is away.
            ValueError: The limit is not 1 to 1,000.
        """
        if not 1 <= limit <= 1_000:  # noqa: PLR2004  (the port's own bounds)
            raise ValueError("limit is 1 to 1,000")
        page = await self._link.run(lambda session: self._page(session, cursor, limit))
        natives = ((Native.parse(ref.native_id), ref.size) for ref in page.refs)
        self._ahead.expect((n, size) for n, size in natives if n and size <= self._max)
        return page

    async def fetch(self, ref: MailRef) -> bytes:
        """Return the message as the server sends it; its flags stay as they are.

        The messages after it in the page are fetched along with it, some megabytes at most.

        Raises:
            SkipItem: `gone`, `too_large` or `unreadable`.
            SignInNeeded, AdministratorError, TransientError: As `page`.
        """
        native = Native.parse(ref.native_id)
        if native is None:
            raise SkipItem("gone", "this mailbox never gave out that reference")
        raw = None
        if ref.size <= self._max:
            raw = self._ahead.take(native)
            if raw is None:
                raw = await self._read(native)
        if raw is None or len(raw) > self._max:
            raise SkipItem(
                "too_large",
                f"the message has over {self._max:,} bytes",
                fix="raise the limit of this source, or leave it to a person",
            )
        return raw

    async def census(self) -> AsyncIterator[MailRef]:
        """Yield every message that is there now, by a connection and a search of its own.

        Raises:
            SignInNeeded, AdministratorError, TransientError: As `page`.
        """
        async with _own_link(self.account) as link:
            for folder in self._folders:
                async for ref in self._listing(link, folder, self._since, None):
                    yield ref

    async def day_counts(self, days: Collection[date]) -> list[DayCount]:
        """Return what the server counts: by STATUS as a whole, by SEARCH for each of *days*.

        Days are those of the server's own zone, as in INTERNALDATE.

        Raises:
            SignInNeeded, AdministratorError, TransientError: As `page`.
        """
        days = sorted(day for day in days if self._since is None or day >= self._since)
        async with _own_link(self.account) as link:
            of_folders = [
                await link.run(partial(_count, folder=folder, days=days, since=self._since))
                for folder in self._folders
            ]
        return [count for counts in of_folders for count in counts]

    async def of_day(self, folder: str, day: date) -> AsyncIterator[MailRef]:
        """Yield the messages of *folder* that a search for this day finds.

        Raises:
            SignInNeeded, AdministratorError, TransientError: As `page`.
        """
        async with _own_link(self.account) as link:
            async for ref in self._listing(link, folder, day, day + _ONE_DAY):
                yield ref

    async def changed(self, seconds: float) -> bool:
        """Return True once mail came or went in the first folder, by IDLE or by asking.

        False after *seconds*, in which the server may also have been away. May be cancelled.
        """
        return await self._watch.changed(seconds)

    async def close(self) -> None:
        """End both connections; calls that wait end with TransientError or False."""
        self._listed.clear()
        self._ahead.expect(())
        await self._watch.close()
        await self._link.close()

    async def _read(self, native: Native) -> bytes:
        """Return a message, also where the server hangs up over one that it cannot read.

        Dovecot does that: without this, such a message would hold up all that follow. The
        connection must break under it again and again, and only under it.
        """
        for _ in range(2):
            try:
                return await self._link.run(partial(self._fetch, native=native))
            except ConnectionLost:
                await self._link.run(lambda session: _still_there(session, native))
        raise unreadable(self.account.server)

    def _page(self, session: Session, cursor: str, limit: int) -> MailPage:
        place = Place.read(cursor, self._since)
        if place is None:
            place = Place(self._since)
            self._listed.clear()
        refs: list[MailRef] = []
        more = False
        missing: FolderMissing | None = None
        for folder in self._folders:
            try:
                more = self._show(session, folder, place, refs, limit)
            except FolderMissing as error:
                missing = error
            if more:
                break
        if not more:
            self._listed.clear()
            if missing is not None and not refs:
                raise missing
        return MailPage(
            refs=tuple(refs), cursor=place.cursor(), more=more or missing is not None
        )

    def _show(
        self, session: Session, folder: str, place: Place, refs: list[MailRef], limit: int
    ) -> bool:
        """Add messages of a folder to *refs*, and tell whether it holds more than fit."""
        listed, at = self._reached(session, folder, place.folders.get(folder))
        rest = listed.rest(at.uid)
        taken = rest[: limit - len(refs)]
        try:
            refs += _refs(session, listed.opened, taken) if taken else ()
        except _MadeAnew:
            del self._listed[folder]
            return self._show(session, folder, place, refs, limit)
        done = len(taken) == len(rest)
        place.folders[folder] = replace(
            at,
            uid=taken[-1] if taken else at.uid,
            modseq=listed.opened.modseq if done else at.modseq,
        )
        return not done

    def _reached(
        self, session: Session, folder: str, at: FolderPlace | None
    ) -> tuple[_Listed, FolderPlace]:
        """Return what this sweep has to show of a folder, and how far it has been shown."""
        at = at or FolderPlace()
        listed = self._listed.get(folder)
        if listed and listed.opened.uidvalidity == at.uidvalidity and listed.after <= at.uid:
            return listed, at
        opened = session.examine(folder, fresh=True)
        if opened.uidvalidity != at.uidvalidity:
            at = FolderPlace(opened.uidvalidity)
        quiet = at.modseq and opened.modseq == at.modseq
        if quiet or (opened.uidnext and opened.uidnext <= at.uid + 1):
            listed = _Listed(opened, at.uid, [])
        else:
            listed = _Listed(opened, at.uid, session.uids(opened, at.uid, self._since))
        self._listed[folder] = listed
        return listed, at

    @staticmethod
    async def _listing(
        link: Link, folder: str, since: date | None, before: date | None
    ) -> AsyncIterator[MailRef]:
        def search(session: Session) -> tuple[Opened, list[int]]:
            opened = session.examine(folder)
            return opened, session.uids(opened, 0, since, before)

        opened, found = await link.run(search)
        for start in range(0, len(found), _CENSUS_BATCH):
            uids = found[start : start + _CENSUS_BATCH]
            for ref in await link.run(partial(_refs, opened=opened, uids=uids)):
                yield ref

    def _fetch(self, session: Session, native: Native) -> bytes:
        batch = self._ahead.batch(native)
        with _folder_there():
            if len(batch) > 1:
                uids = [each.uid for each in batch]
                found = session.bodies(native.folder, native.uidvalidity, uids)
                self._ahead.fill({each: found[each.uid] for each in batch if each.uid in found})
                if (raw := self._ahead.take(native)) is not None:
                    return raw
            return session.body(native.folder, native.uidvalidity, native.uid)


@contextlib.asynccontextmanager
async def _own_link(account: Account) -> AsyncIterator[Link]:
    link = Link(account)
    try:
        yield link
    finally:
        await link.close()


def _count(
    session: Session, folder: str, days: Sequence[date], since: date | None
) -> list[DayCount]:
    whole = 0 if since else session.count(folder)
    opened = session.examine(folder, fresh=True)
    if since:
        whole = len(session.uids(opened, since=since))
    counts = [DayCount(folder=folder, day=None, number=whole)]
    if days and session.uids(opened, since=days[0]):
        numbers = {day: len(session.uids(opened, 0, day, day + _ONE_DAY)) for day in days}
        counts += [
            DayCount(folder=folder, day=day, number=number)
            for day, number in numbers.items()
            if number
        ]
    return counts


@contextlib.contextmanager
def _folder_there() -> Iterator[None]:
    try:
        yield
    except FolderMissing:
        raise SkipItem("gone", "the folder of this message is no longer there") from None


def _still_there(session: Session, native: Native) -> None:
    with _folder_there():
        session.check(native.folder, native.uidvalidity, native.uid)


class _MadeAnew(TransientError):
    """The folder was deleted and created while it was being read."""


def _refs(session: Session, opened: Opened, uids: Sequence[int]) -> list[MailRef]:
    if session.examine(opened.folder).uidvalidity != opened.uidvalidity:
        raise _MadeAnew("a folder was made anew while it was being read")
    return [
        MailRef(
            native_id=str(Native(opened.uidvalidity, uid, opened.folder)),
            folder=opened.folder,
            size=size,
            received_on=day,
        )
        for uid, (size, day) in session.outlines(uids).items()
    ]
