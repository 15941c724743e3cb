"""A table at Microsoft 365: its movements, and the rows that it gains."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import quote

from connectors.workbook.appending import cells_of, fitted
from connectors.workbook.cells import text
from connectors.workbook.entries import Reader, in_order, whole
from connectors.workbook.listing import Listings, check_limit, ended
from connectors.workbook.session import Graph, Item, OnlineBook, Session
from connectors.workbook.table import MOST_ROWS, Row, Table, places
from flows.errors import AdministratorError, TransientError
from flows.language.sources import WorkbookSource
from flows.model import Output
from flows.ports import TransactionItem, TransactionPage
from flows.workbooks import SINCE_1900, SINCE_1904

_ROWS: Final = 1_000
"""Rows asked for at once; five million cells are the most that Excel gives in one answer.

Source: https://learn.microsoft.com/graph/api/table-list-rows
"""

_NEW_YEAR: Final = date(2000, 1, 1)


class WorkbookOnline:
    """The movements in a table of a workbook in a OneDrive or a SharePoint site.

    Whether anything has changed is asked for with one call; if so, the table is read whole.
    The cursor after the last page holds the tag of the content and how it was read. Without
    `columns` there are no movements, and nothing is asked.

    Args:
        graph: Makes the calls, with the tokens of whoever signed in.
        spec: The source as flows.yaml describes it.
        name: The source's name under `sources`.
        currency: ISO 4217, meant where a row names none.
    """

    def __init__(
        self, graph: Graph, spec: WorkbookSource, *, name: str, currency: str = "USD"
    ) -> None:
        self._spec, self._book = spec, OnlineBook(graph, spec)
        self._reader = Reader(spec, name, currency)
        self._listings = Listings()

    async def page(self, cursor: str, limit: int) -> TransactionPage:
        """Return at most *limit* rows; see `flows.ports.TransactionSource.page`.

        Raises:
            OperatorError: There is no such workbook, table or column.
            SignInNeeded: Whoever signed in may not read it, or has to sign in again.
            TransientError: It is locked, or Graph is away or asks for a pause.
            ValueError: The limit is not 1 to 1,000.
        """
        check_limit(limit)
        if self._spec.columns is None:
            return TransactionPage(items=(), cursor=cursor, more=False)
        if known := self._listings.resume(cursor, limit):
            return known
        item = await self._book.find()
        here = ended(item.version, self._spec)
        if cursor == here:
            return TransactionPage(items=(), cursor=cursor, more=False)
        # The tag is older than the rows: what changes while they are read is read again.
        return self._listings.begin(await self._items(item), limit, ended=here)

    async def census(self) -> AsyncIterator[str]:
        """Yield the native id of every row, read anew.

        Raises:
            OperatorError, SignInNeeded, TransientError: As for `page`.
        """
        if self._spec.columns is not None:
            for item in await self._items(await self._book.find()):
                yield item.native_id

    async def close(self) -> None:
        """Forget all listings; no session stays open between calls."""
        self._listings.forget()

    async def _items(self, item: Item) -> tuple[TransactionItem, ...]:
        async with self._book.session(item, changes=False) as session:
            columns = await _columns(session, self._spec.table)
            since = await _since(session)
            rows = await _rows(session, self._spec.table)
        name = f"{(self._spec.file or '').strip('/')}/{self._spec.table}"
        if len(rows) > MOST_ROWS:
            return (whole(name, "too_large", self._book.where),)
        return in_order(self._reader.items(Table(name, columns, rows, since=since)))


class WorkbookOnlineRows:
    """Appends rows to that table. The key column tells which outputs are in.

    Only two at once could not see each other, so an output whose delivery broke off is left
    alone for as long as a living worker may be at it (`flows.ports.Resuming`).
    """

    def __init__(self, graph: Graph, spec: WorkbookSource) -> None:
        self._spec, self._book = spec, OnlineBook(graph, spec)

    @property
    def uses(self) -> frozenset[str]:
        """Return the step whose outputs it takes."""
        return frozenset({"row.append"})

    def receiver(self, output: Output) -> str:
        """Return who is told: those who open the workbook."""
        return f"{output.into}: a workbook in Microsoft 365"

    async def deliver(self, output: Output) -> str:
        """Append the row, unless it is in, and return the place of the workbook.

        Raises:
            OperatorError: There is no such workbook, table or column, or a filter is on.
            SignInNeeded: Whoever signed in may not write to it, or has to sign in again.
            TransientError: Not now, or the answer was lost; again is safe.
        """
        spec, where = self._spec, self._book.where
        async with self._book.session(await self._book.find(), changes=True) as session:
            columns = await _columns(session, spec.table)
            row = fitted(cells_of(output), output.id, spec, columns, where)
            at = places(columns, [spec.key], where)[spec.key]
            if output.id not in await _keys(session, spec.table, columns[at]):
                typed = _typed(row, len(columns), at)
                await session.call(
                    "POST",
                    f"{_path(spec.table)}/rows/add",
                    json={"index": None, "values": [typed]},
                    repeatable=False,
                )
        return where

    async def resume(self, output: Output) -> str:
        """Do the same again: the workbook shows what is done."""
        return await self.deliver(output)


def _typed(row: Mapping[int, str | float], width: int, key: int) -> list[str | float | None]:
    """Return what to type into each cell; None leaves one as it is.

    With an apostrophe before it, Excel takes text for text; the key is never anything else.
    """
    typed: list[str | float | None] = []
    for place in range(width):
        value = row.get(place)
        if isinstance(value, str) and place != key:
            value = f"'{value}" if value else None
        typed.append(value)
    return typed


async def _columns(session: Session, table: str) -> tuple[str, ...]:
    found = await session.call("GET", f"{_path(table)}/columns", {"$select": "name,index"})
    listed = sorted(_values(found), key=lambda each: int(each.get("index") or 0))
    return tuple(str(each.get("name") or "") for each in listed)


async def _keys(session: Session, table: str, key: str) -> set[str]:
    column = f"{_path(table)}/columns/{quote(key, safe='')}"
    found = await session.call("GET", column, {"$select": "values"})
    return {text(cell) for row in found.get("values") or () for cell in row}


async def _rows(session: Session, table: str) -> list[Row]:
    """Return all rows, some at a time; one more than the most is enough to know."""
    rows: list[Row] = []
    while len(rows) <= MOST_ROWS:
        asked = {"$top": str(_ROWS), "$skip": str(len(rows))}
        page = _values(await session.call("GET", f"{_path(table)}/rows", asked))
        rows += [_cells(each) for each in page]
        if len(page) < _ROWS:
            break
    return rows


async def _since(session: Session) -> date:
    """Return day 0 of the workbook. Cells hold numbers only, so it is asked for a day.

    Raises:
        AdministratorError: It counts in neither way that Excel has.
    """
    asked = {"year": _NEW_YEAR.year, "month": _NEW_YEAR.month, "day": _NEW_YEAR.day}
    told = (await session.call("POST", "/functions/date", json=asked)).get("value")
    for since in (SINCE_1900, SINCE_1904):
        if told == (_NEW_YEAR - since).days:
            return since
    raise AdministratorError(
        "the workbook counts its days in a way that is not known here",
        fix="write dates as text, year first, and report it",
    )


def _path(table: str) -> str:
    return f"/tables/{quote(table, safe='')}"


def _values(found: dict[str, Any]) -> Sequence[dict[str, Any]]:
    value = found.get("value")
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise TransientError("Microsoft Graph gave an answer that is not as documented")
    return value


def _cells(row: dict[str, Any]) -> Row:
    values = row.get("values")
    if not isinstance(values, list) or not values or not isinstance(values[0], list):
        raise TransientError("Microsoft Graph gave an answer that is not as documented")
    return values[0]
