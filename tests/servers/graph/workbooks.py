"""The operations on workbooks: where one lies, sessions, columns and rows of tables.

Sources: https://learn.microsoft.com/graph/workbook-best-practice,
https://learn.microsoft.com/graph/workbook-error-codes, and the page of each operation below
https://learn.microsoft.com/graph/api/resources/workbook
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import date
from typing import Any

from tests.servers.graph.books import Book, Books, BookTable, Session
from tests.servers.graph.odata import selected, whole_number
from tests.servers.graph.routes import Route
from tests.servers.graph.wire import Answer, Call, Json, Refusal

_OWN = frozenset({"Files.Read", "Files.ReadWrite"})
_ALL = frozenset(
    {"Files.Read.All", "Files.ReadWrite.All", "Sites.Read.All", "Sites.ReadWrite.All"}
)
_SITES = frozenset({"Sites.Read.All", "Sites.ReadWrite.All"})
_ITEM = ("id", "name", "cTag", "eTag", "size", "parentReference")
_WORKBOOK = "drives/{drive}/items/{item}/workbook"
_TABLE = f"{_WORKBOOK}/tables/{{table}}"

Work = Callable[[Call, Book, list[BookTable], Session | None], Answer]


class Workbooks:
    """Answers for all workbooks; one request at a time at each."""

    def __init__(self, books: Books, *, latency: Callable[[], float]) -> None:
        self._books, self._latency = books, latency

    def routes(self) -> list[Route]:
        """Return the operations; paths below `root:` and of sites are one step each."""
        return [
            Route("GET", "users/{user}/drive/root:/{path}", self.item),
            Route("GET", "sites/{site}/drive/root:/{path}", self.item),
            Route("GET", "sites/{host}/{path}", self.site),
            Route("POST", f"{_WORKBOOK}/createSession", self.open, takes="CreateSession"),
            Route("POST", f"{_WORKBOOK}/closeSession", self.close),
            Route("POST", f"{_WORKBOOK}/functions/date", self._at(_day), takes="DayFunction"),
            Route("GET", f"{_TABLE}/columns", self._at(_columns)),
            Route("GET", f"{_TABLE}/columns/{{column}}", self._at(_column)),
            Route("GET", f"{_TABLE}/rows", self._at(_rows)),
            Route("POST", f"{_TABLE}/rows/add", self._at(_add, writes=True), takes="AddRows"),
        ]

    def site(self, call: Call) -> Answer:
        _allow(call, _SITES)
        path = f"{call.places['host'].rstrip(':')}/{call.places['path']}".lower()
        if not any(book.site == path for book in self._books.all):
            raise _missing("itemNotFound", "Requested site could not be found")
        return Answer(200, {"id": _site_id(path), "name": path.rpartition("/")[2]}, "Site")

    def item(self, call: Call) -> Answer:
        owner, site = call.places.get("user", "").lower(), call.places.get("site", "")
        if owner:
            _allow(call, _OWN | _ALL if owner == call.caller.user.lower() else _ALL)
        else:
            _allow(call, _ALL)
        wanted = selected(call.query.get("$select", ""), frozenset(_ITEM), "driveItem")
        for book in self._books.all:
            here = _site_id(book.site) == site if book.site else book.owner == owner
            if here and book.path.lower() == call.places["path"].lower():
                shown = _item(book)
                kept = {k: v for k, v in shown.items() if wanted is None or k in wanted}
                return Answer(200, kept, "DriveItem")
        raise _missing("itemNotFound", "The resource could not be found.")

    async def open(self, call: Call) -> Answer:
        def work(call: Call, book: Book, *_: Any) -> Answer:
            persists = bool(call.json.get("persistChanges", False))
            if persists and book.locked:
                raise _locked("invalidSessionAccessConflict")
            session = self._books.open(book, persists=persists)
            body = {"id": session.id, "persistChanges": persists}
            return Answer(201, body, "SessionInfo")

        return await self._alone(call, work, sessions=False)

    async def close(self, call: Call) -> Answer:
        def work(_: Call, book: Book, _tables: Any, session: Session | None) -> Answer:
            if session is not None:
                del book.sessions[session.id]
            return Answer(204)

        return await self._alone(call, work)

    def _at(self, work: Work, *, writes: bool = False) -> Callable[[Call], Awaitable[Answer]]:
        def operation(call: Call) -> Awaitable[Answer]:
            return self._alone(call, work, writes=writes)

        return operation

    async def _alone(
        self, call: Call, work: Work, *, writes: bool = False, sessions: bool = True
    ) -> Answer:
        """Do *work* at the workbook of the path, unless another request is at it."""
        book = self._book(call)
        if book.present:
            book.crowded += 1
            raise Refusal(
                429,
                "tooManyRequests",
                "The app or user has been throttled.",
                {"retry-after": "1"},
                inner="tooManyRequestsUncategorized",
            )
        book.present += 1
        try:
            await asyncio.sleep(self._latency())
            session = self._session(call, book) if sessions else None
            if writes and book.locked:
                raise _locked("accessConflict")
            answer = work(call, book, session.tables if session else book.tables, session)
            if writes and (session is None or session.persists):
                book.touch()
            return answer
        finally:
            book.present -= 1

    def _book(self, call: Call) -> Book:
        for book in self._books.all:
            if (book.drive, book.id) == (call.places["drive"], call.places["item"]):
                own = not book.site and book.owner == call.caller.user.lower()
                _allow(call, _OWN | _ALL if own else _ALL)
                return book
        raise _missing("resourceNotFound", "The resource could not be found.")

    def _session(self, call: Call, book: Book) -> Session | None:
        session_id = call.headers.get("workbook-session-id")
        if session_id is None:
            book.sessionless += 1
            return None
        session = self._books.session(book, session_id)
        if session is None:
            raise Refusal(
                404,
                "InvalidSession",
                "The session specified in the request does not exist or is invalid.",
                inner="invalidSessionReCreatable",
            )
        return session


def joined(steps: list[str]) -> list[str]:
    """Return the steps of a path with what stands behind a colon as one of them."""
    at = next((place for place, step in enumerate(steps) if step.endswith(":")), None)
    return steps if at is None else [*steps[: at + 1], "/".join(steps[at + 1 :])]


def _columns(call: Call, _: Book, tables: list[BookTable], __: Any) -> Answer:
    table = _table(call, tables)
    known = frozenset({"id", "name", "index", "values"})
    wanted = selected(call.query.get("$select", ""), known, "workbookTableColumn")
    every = [_shown(table, at, wanted) for at in range(len(table.columns))]
    return Answer(200, {"value": _paged(call, every)}, "TableColumns")


def _column(call: Call, _: Book, tables: list[BookTable], __: Any) -> Answer:
    table = _table(call, tables)
    known = frozenset({"id", "name", "index", "values"})
    wanted = selected(call.query.get("$select", ""), known, "workbookTableColumn")
    asked = call.places["column"].lower()
    for at, name in enumerate(table.columns):
        if asked in {name.lower(), str(at + 1)}:
            return Answer(200, _shown(table, at, wanted), "TableColumn")
    raise _missing("itemNotFound", "The requested resource doesn't exist.")


def _shown(table: BookTable, at: int, wanted: Collection[str] | None) -> Json:
    name = table.columns[at]
    values = [[name], *([row[at]] for row in table.rows)]
    shown = {"id": str(at + 1), "name": name, "index": at, "values": values}
    return {k: v for k, v in shown.items() if wanted is None or k in wanted}


def _rows(call: Call, _: Book, tables: list[BookTable], __: Any) -> Answer:
    rows = enumerate(_table(call, tables).rows)
    every = [{"index": at, "values": [list(row)]} for at, row in rows]
    return Answer(200, {"value": _paged(call, every)}, "TableRows")


def _add(call: Call, book: Book, tables: list[BookTable], _: Any) -> Answer:
    table = _table(call, tables)
    rows, index = call.json["values"], call.json.get("index")
    if not rows or any(len(row) != len(table.columns) for row in rows):
        raise _invalid("The number of rows or columns in the input array doesn't match.")
    if index is not None and not 0 <= index <= len(table.rows):
        raise _invalid("The index is outside the table.")
    at = len(table.rows) if index is None else index
    typed = [[book.type_in(value) for value in row] for row in rows]
    table.rows[at:at] = typed
    return Answer(201, {"index": at, "values": typed}, "TableRow")


def _day(call: Call, book: Book, *_: Any) -> Answer:
    asked = call.json
    day = date(asked["year"], asked["month"], asked["day"])
    return Answer(200, {"error": None, "value": book.serial(day)}, "FunctionResult")


def _table(call: Call, tables: list[BookTable]) -> BookTable:
    asked = call.places["table"].lower()
    for at, table in enumerate(tables):
        if asked in {table.name.lower(), str(at + 1)}:
            return table
    raise _missing("itemNotFound", "The requested resource doesn't exist.")


def _paged(call: Call, every: list[Json]) -> list[Json]:
    skip = whole_number(call.query, "$skip", 0, 10**6)
    top = whole_number(call.query, "$top", len(every) or 1, 10**6)
    return every[skip : skip + top]


def _item(book: Book) -> Json:
    return {
        "id": book.id,
        "name": book.path.rpartition("/")[2],
        "cTag": book.tag,
        "eTag": book.tag.replace("c:", ""),
        "size": 9000 + sum(len(table.rows) for table in book.tables),
        "parentReference": {"driveId": book.drive, "driveType": "business"},
    }


def _site_id(path: str) -> str:
    return f"{path.partition('/')[0]},{abs(hash(path)):x},{len(path)}"


def _allow(call: Call, enough: Collection[str]) -> None:
    """Refuse whoever may not; an application by itself may never.

    Source: https://learn.microsoft.com/graph/api/table-list-rows (permissions)
    """
    if not call.caller.user or not call.caller.scopes & set(enough):
        raise Refusal(
            403,
            "accessDenied",
            "The caller doesn't have permission to perform the action.",
            inner="forbiddenUncategorized",
        )


def _missing(code: str, message: str) -> Refusal:
    return Refusal(404, code, message)


def _invalid(message: str) -> Refusal:
    return Refusal(400, "InvalidArgument", message, inner="invalidArgument")


def _locked(inner: str) -> Refusal:
    message = "The current state conflicts with what the request expects."
    return Refusal(409, "conflict", message, inner=inner)
