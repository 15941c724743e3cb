"""How a query runs: rows, their order, pages, and the way on from one page to the next.

Sources: "Pagination in Azure Cosmos DB for NoSQL" (a page may hold fewer than asked for, even
none, and yet have a continuation; an aggregate may come in parts, one on each page; 4 MB at
most), "Query plan" as the SDK reads it. Without ORDER BY no order is promised, and among equal
rows none either: here both are scrambled, by the hash of an internal id.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.servers.cosmos import charges, sql
from tests.servers.cosmos.container import Container, Item
from tests.servers.cosmos.expressions import COUNTED
from tests.servers.cosmos.indexing import check_order, indexed
from tests.servers.cosmos.values import UNDEFINED, rank
from tests.servers.cosmos.wire import Answer, Json, Refusal, Untaught

USUAL_PAGE = 100
LARGEST_PAGE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    """Which page is wanted; *share* is how much of it there is to be, where not all."""

    size: int
    continuation: str
    share: float | None


@dataclass(slots=True)
class _Row:
    keys: list[tuple[int, Any]]
    item: Item

    @property
    def place(self) -> list[Any]:
        """What tells equal rows apart."""
        rid = self.item.body["_rid"]
        return [self.item.place, zlib.crc32(rid.encode()), rid]


def parameters_of(body: Any) -> tuple[str, Json]:
    """Return the text and the parameters of a query.

    Raises:
        Refusal: 400.
    """
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        raise Refusal(400, "The query payload is invalid.", charge=0)
    given = body.get("parameters") or []
    return body["query"], {one["name"]: one.get("value", UNDEFINED) for one in given}


def answer(container: Container, items: Iterable[Item], body: Any, page: Page) -> Answer:
    """Return one page of a query over *items*."""
    text, parameters = parameters_of(body)
    query = sql.read(text)
    mark = zlib.crc32(json.dumps(body, sort_keys=True).encode())
    position, taken = _resumed(page.continuation, mark)
    passed_by: list[int] = []
    rows = _rows(container, query, items, parameters, passed_by)
    if position is not None:
        rows = [row for row in rows if _after(row, position, query)]
    elif query.offset is not None:
        rows = rows[sql.number(query.offset, parameters) :]
    most = sql.number(query.top or query.limit, parameters)
    if most is not None:
        rows = rows[: max(0, most - taken)]
    shown = _cut(rows, page, whole=query.counts)
    way_on = ""
    if len(shown) < len(rows):
        reached = _position(shown[-1]) if shown else position
        way_on = _continuation(reached, taken + len(shown), mark)
    told = _shown(query, parameters, shown) if shown or not way_on else []
    headers = {"x-ms-continuation": way_on} if way_on else {}
    headers["x-ms-item-count"] = str(len(told))
    sizes = [] if query.counts else [row.item.size for row in shown]
    charge = charges.query(sizes, passed_by, alternatives=query.alternatives)
    tell = {"_rid": container.rid, "Documents": told, "_count": len(told)}
    return Answer(200, tell, charge, headers, items=len(told))


def plan(body: Any) -> Json:
    """Return how a client is to run a query over several physical partitions."""
    text, parameters = parameters_of(body)
    query = sql.read(text)
    info = {
        "distinctType": "None",
        "top": sql.number(query.top, parameters),
        "offset": sql.number(query.offset, parameters),
        "limit": sql.number(query.limit, parameters),
        "orderBy": ["Descending" if one.descending else "Ascending" for one in query.order],
        "orderByExpressions": [_path(query, one.by.path or ()) for one in query.order],
        "groupByExpressions": [],
        "groupByAliases": [],
        "aggregates": ["Count"] if query.counts else [],
        "groupByAliasToAggregateType": {},
        "rewrittenQuery": _rewritten(query, parameters),
        "hasSelectValue": query.value,
        "hasNonStreamingOrderBy": False,
    }
    everywhere = {"min": "", "max": "FF", "isMinInclusive": True, "isMaxInclusive": False}
    return {
        "partitionedQueryExecutionInfoVersion": 2,
        "queryInfo": info,
        "queryRanges": [everywhere],
    }


def _rows(
    container: Container,
    query: sql.Query,
    items: Iterable[Item],
    parameters: Json,
    passed_by: list[int],
) -> list[_Row]:
    policy = container.settings["indexingPolicy"]
    lacking = check_order(policy, query.order) if query.order else True
    found = []
    scanned = not all(indexed(policy, path) for path in query.paths)
    for item in items:
        if query.where is not None and query.where.of(item.body, parameters) is not True:
            if scanned:
                passed_by.append(item.size)
            continue
        values = [one.by.of(item.body, parameters) for one in query.order]
        if lacking or all(value is not UNDEFINED for value in values):
            found.append(_Row([rank(value) for value in values], item))
    found.sort(key=lambda row: row.place)
    for at in reversed(range(len(query.order))):
        found.sort(key=lambda row: row.keys[at], reverse=query.order[at].descending)
    return found


def _cut(rows: list[_Row], page: Page, *, whole: bool) -> list[_Row]:
    if page.share is not None:
        size = page.size if page.size > 0 and not whole else len(rows)
        return rows[: int(min(size, len(rows)) * page.share)]
    if whole:
        return rows
    size, volume = page.size if page.size > 0 else USUAL_PAGE, 0
    for at, row in enumerate(rows[:size]):
        volume += row.item.size
        if volume > LARGEST_PAGE and at:
            return rows[:at]
    return rows[:size]


def _shown(query: sql.Query, parameters: Json, rows: list[_Row]) -> list[Any]:
    if not query.counts:
        worked = (query.shown(row.item.body, parameters) for row in rows)
        return [value for value in worked if value is not UNDEFINED]
    expression = query.items[0][1]
    worked = (expression.of(row.item.body, parameters) for row in rows)
    count = sum(value is not UNDEFINED for value in worked)
    return [expression.of({}, parameters | {COUNTED: count})]


def _position(row: _Row) -> list[Any]:
    return [row.keys, row.place]


def _after(row: _Row, position: list[Any], query: sql.Query) -> bool:
    keys, place = position
    for own, other, one in zip(row.keys, keys, query.order, strict=True):
        if own != tuple(other):
            return (own > tuple(other)) is not one.descending
    return row.place > place


def _continuation(position: list[Any] | None, taken: int, mark: int) -> str:
    said = json.dumps([position, taken, mark])
    return base64.b64encode(said.encode()).decode()


def _resumed(continuation: str, mark: int) -> tuple[list[Any] | None, int]:
    if not continuation:
        return None, 0
    try:
        position, taken, of = json.loads(base64.b64decode(continuation, validate=True))
    except ValueError:
        of = None
    if of != mark:
        raise Refusal(400, "Invalid continuation token for this query.", charge=0)
    return position, taken


def _rewritten(query: sql.Query, parameters: Json) -> str:
    if query.simple:
        return ""
    where = f"({query.texts['where']})" if "where" in query.texts else "true"
    source = query.texts["from"]
    if query.counts:
        return f'SELECT VALUE [{{"item": {query.texts["items"]}}}] {source} WHERE {where}'
    most = sql.number(query.top or query.limit, parameters)
    top = "" if most is None else f"TOP {most + (sql.number(query.offset, parameters) or 0)} "
    if not query.order:
        value = "VALUE " if query.value else ""
        return f"SELECT {top}{value}{query.texts['items']} {source} WHERE {where}"
    if query.items and not query.value:
        raise Untaught("a projection ordered across partitions")
    by = ", ".join(f'{{"item": {_path(query, one.by.path or ())}}}' for one in query.order)
    payload = query.texts["items"] if query.value else query.alias
    return (
        f"SELECT {top}{query.alias}._rid, [{by}] AS orderByItems, {payload} AS payload {source}"
        f" WHERE {where} AND ({{documentdb-formattableorderbyquery-filter}})"
        f" {query.texts['order']}"
    )


def _path(query: sql.Query, path: tuple[str | int, ...]) -> str:
    return query.alias + "".join(f"[{json.dumps(step)}]" for step in path)
