"""Reading one folder to its end, from wherever a cursor stands.

Source: https://learn.microsoft.com/graph/delta-query-messages (order is not promised, the
same message may come again, options only on the first call, links followed as they are)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Final

from connectors.outlook.client import Graph, Json, home, part
from connectors.outlook.cursor import Place, digest
from connectors.outlook.trouble import Refused
from flows.errors import TransientError
from flows.ports import MailRef

# PidTagMessageSize; the message resource of v1.0 has no size.
_SIZE: Final = "singleValueExtendedProperties($filter=id eq 'Integer 0x0E08')"
FIELDS: Final = {"$select": "id,receivedDateTime,isDraft,parentFolderId", "$expand": _SIZE}
_MARK_PAGE: Final = 500
_MOST_ROWS: Final = 1_000
_ROUNDS: Final = 20
_RESTARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Visit:
    """Messages of one folder, where to go on, and whether its round goes on there."""

    rows: tuple[Json, ...]
    place: Place
    more: bool


class FolderReader:
    """Reads folders of one mailbox; all that it remembers is in the places it returns."""

    def __init__(self, graph: Graph, address: str, since: date | None) -> None:
        self._graph, self._address = graph, address
        self._since = midnight(since)

    async def visit(self, folder_id: str, place: Place, limit: int) -> Visit:
        """Return at most *limit* messages of a folder that follow *place*.

        A round of delta that Graph no longer knows is begun anew, and shows all again.

        Raises:
            Refused: The folder is gone (`missing`).
            AdministratorError, TransientError: As `Graph.get`.
        """
        for _ in range(_RESTARTS):
            try:
                return await self._visit(folder_id, place, limit)
            except Refused as refused:
                spoilt = refused.missing or refused.status == HTTPStatus.BAD_REQUEST
                if not (refused.resync or (spoilt and place.link and place.stage != "list")):
                    raise
                stage = "mark" if place.stage == "mark" else "delta"
                place = Place.model_validate({"stage": stage})
        raise TransientError("Microsoft Graph asks again and again to start anew")

    async def _visit(self, folder_id: str, place: Place, limit: int) -> Visit:
        base = f"{home(self._address)}/mailFolders/{part(folder_id)}/messages"
        if place.stage == "mark":
            visit = await self._mark(base, place)
            if visit.more:
                return visit
            place = visit.place
        if place.stage == "list":
            visit = await self._list(base, place, limit)
            if visit.more:
                return visit
            place = visit.place
        return await self._delta(base, place, limit)

    async def _mark(self, base: str, place: Place) -> Visit:
        for _ in range(_ROUNDS):
            rows, link, ended = await self._round(base, place.link, _MARK_PAGE)
            until = max([place.until, *map(_received, rows)])
            place = Place(stage="list" if ended else "mark", link=link, until=until)
            if ended:
                return Visit((), place, False)
        return Visit((), place, True)

    async def _list(self, base: str, place: Place, limit: int) -> Visit:
        """Show the next messages by the time of receipt; those of the same time by `seen`.

        Skipping by number would lose one for each that is deleted meanwhile.
        """
        after, seen = place.after, dict.fromkeys(place.seen)
        query = self._listing(after, min(_MOST_ROWS, limit + len(seen)))
        rows: list[Json] = []
        link: str | None = base if place.until else None
        while link and len(rows) < limit:
            page = await self._graph.get(self._address, link, query)
            for row in sorted(page.get("value", ()), key=_received):
                mark, time = digest(row["id"]), _received(row)
                if mark in seen:
                    continue
                if len(rows) == limit or time > place.until:
                    break
                if time > after:
                    seen.clear()
                    after = time
                seen[mark] = None
                if is_mail(row, self._since):
                    rows.append(row)
            last = _received(page["value"][-1]) if page.get("value") else ""
            link = page.get("@odata.nextLink") if last <= place.until else None
            query = {}
        if rows:
            listed = place.model_copy(update={"after": after, "seen": tuple(seen)})
            return Visit(tuple(rows), listed, True)
        return Visit((), Place(stage="delta", link=place.link), False)

    def _listing(self, after: str, rows: int) -> dict[str, str]:
        query = {"$orderby": "receivedDateTime asc", "$top": str(rows), **FIELDS}
        if start := after or self._since:
            query["$filter"] = f"receivedDateTime ge {start}"
        return query

    async def _delta(self, base: str, place: Place, limit: int) -> Visit:
        for _ in range(_ROUNDS):
            page, link, ended = await self._round(base, place.link, limit)
            # The last word on a message counts: it may come and go within one answer.
            latest = {row["id"]: row for row in page}
            new = [row for row in latest.values() if is_mail(row, self._since)]
            new = [row for row in new if digest(row["id"]) not in place.seen]
            if len(new) > limit:
                new = new[:limit]
                seen = (*place.seen, *(digest(row["id"]) for row in new))
                return Visit(tuple(new), place.model_copy(update={"seen": seen}), True)
            place = Place(stage="delta", link=link)
            if new or ended:
                return Visit(tuple(new), place, not ended)
        return Visit((), place, True)

    async def _round(self, base: str, link: str, rows: int) -> tuple[Sequence[Json], str, bool]:
        """Return one page of a round, its following link, and whether the round has ended."""
        query = None if link else FIELDS
        target = link or f"{base}/delta"
        prefer = f"odata.maxpagesize={rows}"
        page = await self._graph.get(self._address, target, query, prefer=prefer)
        ended = "@odata.deltaLink" in page
        following = page.get("@odata.deltaLink") or page.get("@odata.nextLink")
        if not isinstance(following, str) or not following:
            raise TransientError("Microsoft Graph gave a page of delta without a link")
        return page.get("value", ()), following, ended


def is_mail(row: Json, since: str) -> bool:
    """Tell whether a row is a message that came in or went out since then, and no draft."""
    if "@removed" in row or row.get("isDraft"):
        return False
    return not since or not _received(row) or _received(row) >= since


def ref_of(row: Json, folder: str) -> MailRef:
    """Return the reference to the message of a row."""
    day = date.fromisoformat(received[:10]) if (received := _received(row)) else None
    return MailRef(native_id=row["id"], folder=folder, size=_size(row), received_on=day)


def midnight(since: date | None) -> str:
    """Return the start of a day as Graph writes times, "" for no day."""
    return f"{since.isoformat()}T00:00:00Z" if since else ""


def _received(row: Json) -> str:
    return row.get("receivedDateTime") or ""


def _size(row: Json) -> int:
    for each in row.get("singleValueExtendedProperties", ()):
        if str(each.get("value", "")).isdecimal():
            return int(each["value"])
    return 0
