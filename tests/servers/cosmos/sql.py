"""Queries of Cosmos SQL over one container: SELECT, FROM, WHERE, ORDER BY, TOP, OFFSET LIMIT.

What Azure takes and this does not (JOIN, GROUP BY, DISTINCT, LIKE, subqueries, arithmetic) is
`Untaught`; what Azure refuses is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tests.servers.cosmos.expressions import Expression, Reader, wrong
from tests.servers.cosmos.values import UNDEFINED, kind
from tests.servers.cosmos.wire import Json, Refusal

LONGEST = 512 * 1024
"""Source: "Azure Cosmos DB service quotas": the text of a query is 512 KB at most."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """One path to order by."""

    by: Expression
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it was read. Numbers may be parameters, so they are expressions."""

    text: str
    texts: dict[str, str]
    alias: str
    paths: frozenset[tuple[str | int, ...]]
    alternatives: int
    value: bool
    items: tuple[tuple[str, Expression], ...]
    where: Expression | None
    order: tuple[Sorting, ...]
    top: Expression | None
    offset: Expression | None
    limit: Expression | None

    @property
    def counts(self) -> bool:
        """Whether it asks for one number over all."""
        return any(one.aggregate for _, one in self.items)

    @property
    def simple(self) -> bool:
        """Whether a gateway serves it across partitions without a plan."""
        whole = self.top is None and self.offset is None
        return whole and not self.order and not self.counts

    def shown(self, document: Json, parameters: Json) -> Any:
        """Return what the query tells of a document; undefined: nothing at all."""
        if self.value:
            return self.items[0][1].of(document, parameters)
        if not self.items:
            return document
        worked = {name: one.of(document, parameters) for name, one in self.items}
        return {name: value for name, value in worked.items() if value is not UNDEFINED}


@lru_cache(maxsize=1000)
def read(text: str) -> Query:
    """Read a query.

    Raises:
        Refusal: 400.
        Untaught: Azure takes it.
    """
    if len(text.encode()) > LONGEST:
        raise Refusal(400, "The SQL query text exceeded the maximum limit.", charge=0)
    query = _query(text, Reader(text))
    _check(query)
    return query


def _query(text: str, reader: Reader) -> Query:
    reader.expect("SELECT")
    reader.alias = _alias(reader)
    texts: dict[str, str] = {}
    top = reader.single() if reader.take("TOP") else None
    value = reader.take("VALUE")
    start = reader.at
    items = () if not value and reader.take("*") else tuple(_items(reader))
    texts["items"], start = reader.since(start), reader.at
    reader.expect("FROM")
    reader.next("word")
    if reader.take("AS") or reader.kind() == "word":
        reader.next("word")
    texts["from"] = reader.since(start)
    reader.paths.clear()
    where = None
    if reader.take("WHERE"):
        start = reader.at
        where = reader.expression()
        texts["where"] = reader.since(start)
    paths = frozenset(reader.paths)
    start = reader.at
    order = tuple(_order(reader)) if reader.take("ORDER", "BY") else ()
    texts["order"] = reader.since(start)
    offset = limit = None
    if reader.take("OFFSET"):
        offset = reader.single()
        reader.expect("LIMIT")
        limit = reader.single()
    if reader.kind() != "end":
        reader.next("nothing that could stand here")
    return Query(
        text=text,
        texts=texts,
        alias=reader.alias,
        paths=paths,
        alternatives=reader.alternatives,
        value=value,
        items=items,
        where=where,
        order=order,
        top=top,
        offset=offset,
        limit=limit,
    )


def number(one: Expression | None, parameters: Json) -> int | None:
    """Return what TOP, OFFSET or LIMIT says."""
    if one is None:
        return None
    given = one.of({}, parameters)
    if kind(given) != "number" or given != int(given) or given < 0:
        raise Refusal(400, "TOP, OFFSET and LIMIT take a number that is not negative.")
    return int(given)


def _alias(reader: Reader) -> str:
    """Return the name that stands for a document: `c` in FROM c, `c` in FROM records c."""
    at = next((n for n, token in enumerate(reader.tokens) if token == ("reserved", "FROM")), -1)
    if at < 0:
        raise wrong("FROM is missing")
    words = [said for kind_, said in reader.tokens[at + 1 : at + 4] if kind_ == "word"]
    following = reader.tokens[at + 2] if at + 2 < len(reader.tokens) else ("end", "")
    if not words:
        raise wrong("incorrect syntax near FROM")
    if following[0] == "word":
        return following[1]
    return words[1] if following == ("reserved", "AS") and len(words) > 1 else words[0]


def _items(reader: Reader) -> list[tuple[str, Expression]]:
    found: list[tuple[str, Expression]] = []
    while True:
        one = reader.expression()
        name = ""
        if reader.take("AS") or reader.kind() == "word":
            name = reader.next("word")
        elif one.path:
            name = str(one.path[-1])
        found.append((name or f"${len(found) + 1}", one))
        if not reader.take(","):
            return found


def _order(reader: Reader) -> list[Sorting]:
    found: list[Sorting] = []
    while True:
        by = reader.expression()
        descending = reader.take("DESC")
        if not descending:
            reader.take("ASC")
        found.append(Sorting(by, descending))
        if not reader.take(","):
            return found


def _check(query: Query) -> None:
    if query.value and len(query.items) != 1:
        raise wrong("VALUE takes one expression")
    if any(not sorting.by.path for sorting in query.order):
        raise Refusal(
            400, "Unsupported ORDER BY clause: only paths can be sorted by.", charge=0
        )
    if query.top is not None and query.offset is not None:
        raise Refusal(400, "TOP cannot be used with OFFSET LIMIT.", charge=0)
    if query.counts and (query.order or not query.value):
        raise Refusal(400, "This use of an aggregate is not supported.", charge=0)
