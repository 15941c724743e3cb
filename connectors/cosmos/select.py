"""Queries in the words of Cosmos DB.

Business and scope stand in every query although the call names the partition as well: what
is asked is then right by itself, and uses the index.
"""
# ruff: noqa: S608 (the text of the SQL is all ours, and names are checked by the rules of
# the store; values are parameters)

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, cast

from connectors.cosmos.documents import END, ordered, written
from flows.ports import LISTED_BY, Key, Scalar, Where
from flows.store_rules import bounds

_LOWEST: Final = ""
_HIGHEST: Final = "\x7f"
"""Above all keys and places: these are of ASCII that can be printed."""


@dataclass(slots=True)
class Sql:
    """Terms that must all hold, and the parameters in them."""

    terms: list[str] = field(default_factory=list)
    parameters: list[dict[str, Any]] = field(default_factory=list)

    def value(self, value: str | int) -> str:
        """Return the name of a parameter that holds a value."""
        name = f"@p{len(self.parameters)}"
        self.parameters.append({"name": name, "value": value})
        return name

    def __str__(self) -> str:
        return " AND ".join(self.terms)


@dataclass(frozen=True, slots=True)
class Order:
    """By which field a page is ordered, and after which place it begins."""

    field: str
    descending: bool = False
    after: str = ""

    @property
    def indexed(self) -> bool:
        """Tell whether the service knows the order; else all has to be read and sorted."""
        return self.field == "id" or self.field in LISTED_BY

    @property
    def start(self) -> str:
        """Return the place after which the page begins."""
        return self.after or (_HIGHEST if self.descending else _LOWEST)


def page(
    key: Key, kind: str, where: Iterable[Where], order: Order, *, now: int, most: int
) -> tuple[str, list[dict[str, Any]]]:
    """Return the query for the *most* next records in an order.

    In an order that is not `indexed`, all that are left come, in any order.
    """
    sql, by = _living(key, kind, where, now), _place(order.field)
    way, sign = ("DESC", "<") if order.descending else ("ASC", ">")
    if order.indexed:
        sql.terms.append(f"{by} {sign} {sql.value(order.start)}")
        return f"SELECT TOP {most} * FROM c WHERE {sql} ORDER BY {by} {way}", sql.parameters
    # The value may be that of the last page's last record, whose id came before.
    value = order.start.partition(END)[0]
    sql.terms.append(f"{_key(order.field)} {sign}= {sql.value(value)}")
    return f"SELECT * FROM c WHERE {sql}", sql.parameters


def count(
    key: Key, kind: str, where: Iterable[Where], *, now: int
) -> tuple[str, list[dict[str, Any]]]:
    """Return the query for the number of live records that match."""
    sql = _living(key, kind, where, now)
    # Without it what stands in for deleted records would be counted: it has no fields.
    sql.terms.append(f"{_place('id')} > {sql.value(_LOWEST)}")
    return f"SELECT VALUE COUNT(1) FROM c WHERE {sql}", sql.parameters


def everything(key: Key, most: int) -> tuple[str, list[dict[str, Any]]]:
    """Return the query for some documents of a partition or business, whatever they are."""
    sql = _within(key)
    return f"SELECT TOP {most} c.id, c.s, c.blob FROM c WHERE {sql}", sql.parameters


def blobs(business: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the query for the names of what documents of a business keep outside."""
    sql = _within(Key(business))
    return f"SELECT VALUE c.blob FROM c WHERE {sql} AND IS_DEFINED(c.blob)", sql.parameters


def _within(key: Key) -> Sql:
    sql = Sql()
    sql.terms.append(f"c.b = {sql.value(key.business)}")
    if key.scope:
        sql.terms.append(f"c.s = {sql.value(key.scope)}")
    return sql


def _living(key: Key, kind: str, where: Iterable[Where], now: int) -> Sql:
    sql = _within(key)
    sql.terms.append(f"c.k = {sql.value(kind)}")
    sql.terms.append(f"(NOT IS_DEFINED(c.x) OR c.x > {sql.value(now)})")
    for condition in where:
        sql.terms += _condition(sql, condition)
    return sql


def _condition(sql: Sql, where: Where) -> list[str]:
    name = _key(where.field)
    if where.op == "in":
        wanted = dict.fromkeys(map(written, cast("tuple[Scalar, ...]", where.value)))
        values = ", ".join(map(sql.value, wanted))
        return [f"{name} IN ({values})" if wanted else "false"]
    return [f"{name} {sign} {sql.value(ordered(key))}" for sign, key in bounds(where)]


def _key(name: str) -> str:
    # In brackets a field may have the name of a word of the language.
    return "c.i" if name == "id" else f'c.f["{name}"]'


def _place(name: str) -> str:
    return f'c.o["{name}"]'
