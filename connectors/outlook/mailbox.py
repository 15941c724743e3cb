"""A mailbox of Microsoft 365: its pages, its messages, its own count, and marks in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import date, timedelta
from typing import Final
from urllib.parse import quote, urlencode

from connectors.outlook.batch import batch
from connectors.outlook.client import Graph, home, part
from connectors.outlook.cursor import Cursor, Place
from connectors.outlook.folders import Folders, FolderTree, listed_folders
from connectors.outlook.sync import FIELDS, FolderReader, Visit, is_mail, midnight, ref_of
from connectors.outlook.trouble import Refused
from flows.errors import OperatorError, SkipItem
from flows.poked import Poked
from flows.ports import DayCount, MailPage, MailRef

_MOST: Final = 1_000
_ONE_DAY: Final = timedelta(days=1)


class OutlookMailbox(Poked):
    """The mail of *address*, own or shared, in *folders*: names, paths, or `*` for all.

    A folder is followed by its id, so renaming or moving it changes nothing. With *since*,
    mail received before that day (UTC) does not exist here. Drafts are left out. Messages
    over *max_bytes* are skipped.
    """

    def __init__(
        self,
        graph: Graph,
        address: str,
        *,
        folders: Sequence[str] = ("Inbox",),
        since: date | None = None,
        max_bytes: int = 26_214_400,
    ) -> None:
        self._graph, self._address, self._since = graph, address, since
        self._names, self._max_bytes = tuple(folders), max_bytes
        self._tree = FolderTree(graph, address, self._names)
        self._reader = FolderReader(graph, address, since)
        self._known: dict[str, str] = {}
        super().__init__()
        self._given, self._behind = "", False

    async def page(self, cursor: str, limit: int) -> MailPage:
        """Return at most *limit* (1 to 1,000) messages after *cursor*; "" is the start.

        Folder by folder, oldest first in the first sync, then as Graph tells of them. A page
        without messages may be followed by another. A cursor of another mailbox or another
        `since` starts a full listing. Where an earlier sweep stopped within a round of the
        folders, that round is ended and a whole one follows, for what came meanwhile.

        Raises:
            AdministratorError: A folder of flows.yaml is missing; told once the mail of all
                others has been shown. Or the mailbox is closed to us.
            TransientError: Graph is away or asks for a pause.
        """
        if not 1 <= limit <= _MOST:
            raise ValueError("a page holds 1 to 1,000 messages")
        start = self._start(cursor)
        folders = await self._tree.refresh()
        chosen = folders.choose(self._names, {**self._known, **start.names})
        self._known |= chosen.by_name
        refs: tuple[MailRef, ...] = ()
        places = {each: start.places.get(each, Place()) for each in chosen.ids}
        round_of = [each for each in start.left if each in places] or list(chosen.ids)
        whole = len(round_of) == len(chosen.ids)
        while round_of:
            folder_id = round_of[0]
            visit = await self._visit(folder_id, places[folder_id], limit)
            places[folder_id] = visit.place
            if not visit.more:
                round_of.pop(0)
            refs = tuple(ref_of(row, folders.path(folder_id)) for row in visit.rows)
            if refs or visit.more:
                break
        if whole and not (refs or round_of):
            chosen.check(self._address)
        update = {"left": tuple(round_of), "names": dict(chosen.by_name), "places": places}
        following = start.model_copy(update=update).text()
        more = bool(round_of or chosen.missing or self._behind)
        self._given, self._behind = following, self._behind and bool(round_of)
        return MailPage(refs=refs, cursor=following, more=more)

    async def fetch(self, ref: MailRef) -> bytes:
        """Return the message as RFC 5322 bytes, wherever in the mailbox it lies now.

        Raises:
            SkipItem: `gone` or `too_large`.
            AdministratorError, TransientError: As `page`.
        """
        path = f"{home(self._address)}/messages/{part(ref.native_id)}/$value"
        try:
            answer = await self._graph.call(
                "GET", self._address, path, max_bytes=self._max_bytes
            )
        except Refused as refused:
            if not refused.missing:
                raise
            raise SkipItem("gone", "the message was deleted from the mailbox") from None
        if not answer.whole:
            raise SkipItem(
                "too_large",
                f"the message is over {self._max_bytes} bytes",
                fix="read it in Outlook",
            )
        return answer.content

    async def census(self) -> AsyncIterator[MailRef]:
        """Yield every message that the folders hold now, listed without delta.

        Raises:
            AdministratorError, TransientError: As `page`.
        """
        folders, ids = await self._listed()
        for folder_id in ids:
            async for ref in self._listing(folders, folder_id, _received(self._since)):
                yield ref

    async def day_counts(self, days: Collection[date]) -> list[DayCount]:
        """Return what Graph counts (`$count`) in each folder, drafts left out; days are UTC's.

        Folders to which nothing came since the first of *days* are asked no further.

        Raises:
            AdministratorError, TransientError: As `page`.
        """
        days = sorted(day for day in days if self._since is None or day >= self._since)
        folders, ids = await self._listed()
        whole = await self._counted([(each, _received(self._since)) for each in ids])
        busy: Sequence[str] = ()
        if days:
            recent = await self._counted([(each, _received(days[0])) for each in ids])
            busy = [each for each, number in zip(ids, recent, strict=True) if number]
        asked = [(each, day) for each in busy for day in days]
        numbers = await self._counted(
            [(each, _received(day, day + _ONE_DAY)) for each, day in asked]
        )
        return [
            *(
                DayCount(folder=folders.path(each), day=None, number=number)
                for each, number in zip(ids, whole, strict=True)
            ),
            *(
                DayCount(folder=folders.path(each), day=day, number=number)
                for (each, day), number in zip(asked, numbers, strict=True)
                if number
            ),
        ]

    async def of_day(self, folder: str, day: date) -> AsyncIterator[MailRef]:
        """Yield the messages of *folder*, a path, that Graph finds for this day of UTC.

        Raises:
            AdministratorError, TransientError: As `page`.
        """
        folders, ids = await self._listed()
        for folder_id in ids:
            if folders.path(folder_id) == folder:
                received = _received(day, day + _ONE_DAY)
                async for ref in self._listing(folders, folder_id, received):
                    yield ref

    async def mark(self, native_id: str, *, category: str = "", move_to: str = "") -> None:
        """Add *category* to those of a message, and move it to the folder *move_to*.

        Doing it again changes nothing.

        Raises:
            SkipItem: `gone`: the message is no more.
            OperatorError: There is no folder of that name.
            AdministratorError, TransientError: As `page`.
        """
        path = f"{home(self._address)}/messages/{part(native_id)}"
        try:
            query = {"$select": "categories,parentFolderId"}
            message = await self._graph.get(self._address, path, query)
            categories = message.get("categories", [])
            if category and category not in categories:
                await self._change("PATCH", path, {"categories": [*categories, category]})
            if move_to:
                target = await self._target(move_to)
                if message.get("parentFolderId") != target:
                    await self._change("POST", f"{path}/move", {"destinationId": target})
        except Refused as refused:
            if not refused.missing:
                raise
            raise SkipItem("gone", "the message was deleted from the mailbox") from None

    async def close(self) -> None:
        """Let go of the connections; whoever still uses the same `Graph` opens new ones."""
        await self._graph.close()

    def _start(self, cursor: str) -> Cursor:
        start = Cursor.read(cursor, address=self._address, since=self._since)
        if cursor != self._given:
            self._behind = bool(start.left)
        self._given = ""  # whoever comes after an error begins another sweep
        return start

    async def _visit(self, folder_id: str, place: Place, limit: int) -> Visit:
        try:
            return await self._reader.visit(folder_id, place, limit)
        except Refused as refused:
            if not refused.missing:
                raise
            return Visit((), Place(), False)  # deleted just now: the next page knows

    async def _listed(self) -> tuple[Folders, tuple[str, ...]]:
        folders = await listed_folders(self._graph, self._address, self._names)
        chosen = folders.choose(self._names, self._known)
        chosen.check(self._address)
        return folders, chosen.ids

    async def _listing(
        self, folders: Folders, folder_id: str, received: str
    ) -> AsyncIterator[MailRef]:
        path = f"{home(self._address)}/mailFolders/{part(folder_id)}/messages"
        query = {"$top": "1000", **FIELDS}
        if received:
            query["$filter"] = received
        async for row in self._graph.listed(self._address, path, query):
            if is_mail(row, midnight(self._since)):
                yield ref_of(row, folders.path(folder_id))

    async def _counted(self, asked: Sequence[tuple[str, str]]) -> list[int]:
        """Return Graph's count for each folder and $filter; 0 where the folder is gone."""
        query = {"$select": "id", "$top": "1", "$count": "true"}
        base = f"{home(self._address)}/mailFolders"
        paths = []
        for folder_id, received in asked:
            filters = " and ".join(filter(None, (received, "isDraft eq false")))
            options = urlencode({**query, "$filter": filters}, quote_via=quote, safe="$")
            paths.append(f"{base}/{part(folder_id)}/messages?{options}")
        pages = await batch(self._graph, self._address, paths)
        return [int(page["@odata.count"]) if page else 0 for page in pages]

    async def _target(self, name: str) -> str:
        folders = await listed_folders(self._graph, self._address, (name,))
        chosen = folders.choose((name,), {})
        if len(chosen.ids) != 1 or chosen.missing:
            raise OperatorError(
                f"the mailbox {self._address} has no folder '{name}' to move mail to",
                fix="create it in Outlook, or correct the step in flows.yaml",
            )
        return chosen.ids[0]

    async def _change(self, method: str, path: str, body: dict[str, object]) -> None:
        await self._graph.call(
            method,
            self._address,
            path,
            json=body,
            did="change mail",
            permission="Mail.ReadWrite",
        )


def _received(since: date | None, before: date | None = None) -> str:
    """Return the $filter for mail received from one day on and before another."""
    bounds = (("ge", midnight(since)), ("lt", midnight(before)))
    return " and ".join(f"receivedDateTime {op} {time}" for op, time in bounds if time)
