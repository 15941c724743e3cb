"""Finds out what a request wants, and has it done."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.servers.cosmos import batch, feed, queries
from tests.servers.cosmos.account import Account, on_ranges
from tests.servers.cosmos.container import LARGEST, Container, Item, Values
from tests.servers.cosmos.items import Change, carry_out, touch
from tests.servers.cosmos.wire import Answer, Asked, Refusal, Untaught

_POINT = {"GET": "read", "PUT": "replace", "DELETE": "delete", "PATCH": "patch"}
_DEFAULT_FEED = 100


@dataclass(slots=True)
class Order:
    """What a request is to be, worked out before anything is done.

    `do` takes how much of a page there is to be (None: all of it). `others` are the items it
    writes on condition.
    """

    operation: str
    do: Callable[[float | None], Answer]
    container: Container | None = None
    values: Values = ()
    others: list[str] = field(default_factory=list)
    steps: tuple[str, ...] = ()

    def meddle(self) -> None:
        """Write as somebody else what this request writes on condition."""
        if self.container is not None:
            for item_id in self.others[:1]:
                touch(self.container, self.values, item_id)


class Desk:
    """Takes requests that were let in."""

    def __init__(self, account: Account, url: Callable[[], str]) -> None:
        self._account, self._url = account, url

    def order(self, asked: Asked) -> Order:
        """Return what *asked* is to be.

        Raises:
            Refusal: It makes no sense, or speaks of what there is not.
            Untaught: It does on Azure.
        """
        parts = asked.parts
        if not parts:
            return Order("account", lambda _: Answer(200, self._account.told(self._url())))
        shape = parts[::2]
        if shape == ("dbs",):
            return Order("database", lambda _: self._account.on_databases(asked))
        if shape == ("dbs", "colls"):
            return Order("container", lambda _: self._account.on_containers(asked))
        if len(parts) < 5 or shape[:2] != ("dbs", "colls"):
            raise Untaught("/".join(shape))
        container = self._account.container(parts[1], parts[3])
        meant = asked.header("x-ms-cosmos-intended-collection-rid")
        if meant not in {"", container.rid}:
            raise Refusal(400, "The container was made anew.", substatus=1024)
        if shape == ("dbs", "colls", "pkranges") and len(parts) == 5:
            return Order("ranges", lambda _: on_ranges(container, asked), container)
        if shape != ("dbs", "colls", "docs"):
            raise Untaught("/".join(shape))
        _check_session(container, asked)
        if len(parts) == 6:
            return _on_item(container, asked)
        return _on_items(container, asked)


def _on_item(container: Container, asked: Asked) -> Order:
    operation = _POINT.get(asked.method, "")
    if operation in {"", "patch"}:
        raise Untaught(asked.method)
    body = asked.json() if operation == "replace" else None
    return _one(container, asked, operation, body, asked.parts[5])


def _on_items(container: Container, asked: Asked) -> Order:
    if asked.method == "GET":
        if not asked.header("a-im"):
            raise Untaught("a read feed of items")
        return _feed(container, asked)
    if asked.method != "POST":
        raise Untaught(asked.method)
    if asked.flag("x-ms-cosmos-is-query-plan-request"):
        return Order("plan", lambda _: Answer(200, queries.plan(asked.json())), container)
    if asked.flag("x-ms-documentdb-isquery"):
        return _query(container, asked)
    if asked.flag("x-ms-cosmos-is-batch-request"):
        return _batch(container, asked)
    operation = "upsert" if asked.flag("x-ms-documentdb-is-upsert") else "create"
    return _one(container, asked, operation, asked.json(), "")


def _one(container: Container, asked: Asked, operation: str, body: Any, item_id: str) -> Order:
    values = container.key_of(asked.header("x-ms-documentdb-partitionkey"))
    if len(asked.body) > LARGEST:
        raise Refusal(413, "Request size is too large.")
    change = Change(
        operation=operation,
        item_id=item_id,
        body=body,
        match=asked.header("if-match"),
        none_match=asked.header("if-none-match"),
        quiet=asked.header("prefer") == "return=minimal",
    )

    def do(_: float | None) -> Answer:
        if operation != "read":
            container.step()
        return carry_out(container, values, change)

    named = item_id or (body.get("id", "") if isinstance(body, dict) else "")
    others = [named] if change.match and operation != "create" else []
    return Order(operation, do, container, values, others, (operation,))


def _batch(container: Container, asked: Asked) -> Order:
    if not asked.flag("x-ms-cosmos-batch-atomic"):
        raise Untaught("a batch that is not atomic")
    values = container.key_of(asked.header("x-ms-documentdb-partitionkey"))
    changes = batch.changes_of(asked.json(), len(asked.body))
    others = [_target(one) for one in changes if one.match and one.operation != "create"]
    steps = tuple(change.operation for change in changes)
    return Order(
        "batch",
        lambda _: batch.run(container, values, changes),
        container,
        values,
        others,
        steps,
    )


def _target(change: Change) -> str:
    inside = change.body.get("id", "") if isinstance(change.body, dict) else ""
    return change.item_id or inside


def _query(container: Container, asked: Asked) -> Order:
    values, wanted = _scope(container, asked)
    size = _page_size(asked, queries.USUAL_PAGE)

    def do(share: float | None) -> Answer:
        body = asked.json()
        if wanted is None:
            _check_across(asked, body)
        page = queries.Page(size, asked.header("x-ms-continuation"), share)
        items = container.scan("", "FF") if wanted is None else wanted()
        return queries.answer(container, items, body, page)

    return Order("query", do, container, values)


def _check_across(asked: Asked, body: Any) -> None:
    """Let a query over all partitions pass that a gateway answers without the client."""
    if not asked.flag("x-ms-documentdb-query-enablecrosspartition"):
        raise Refusal(
            400,
            "Cross partition query is required but disabled. Please set"
            " x-ms-documentdb-query-enablecrosspartition to true, specify"
            " x-ms-documentdb-partitionkey, or revise your query to avoid this exception.",
        )
    if not queries.sql.read(queries.parameters_of(body)[0]).simple:
        raise Refusal(
            400,
            "The provided cross partition query can not be directly served by the gateway.",
            substatus=1004,
        )


def _feed(container: Container, asked: Asked) -> Order:
    values, _ = _scope(container, asked)
    low, high = _part(container, asked)
    size = _page_size(asked, _DEFAULT_FEED)

    def wanted(item: Item) -> bool:
        return item.values == values if values else low <= item.place < high

    def do(share: float | None) -> Answer:
        return feed.changes(container, asked, wanted, size, share)

    return Order("feed", do, container, values)


def _scope(
    container: Container, asked: Asked
) -> tuple[Values, Callable[[], Iterator[Item]] | None]:
    """Return the full key, and what gives the items, that a query or a feed is about."""
    key = asked.header("x-ms-documentdb-partitionkey")
    if key:
        values = container.key_of(key)
        return values, lambda: container.within(values)
    if asked.header("x-ms-documentdb-partitionkeyrangeid"):
        low, high = _part(container, asked)
        return (), lambda: container.scan(low, high)
    return (), None


def _part(container: Container, asked: Asked) -> tuple[str, str]:
    """Return the part of the ring that a physical partition and a range have in common."""
    name = asked.header("x-ms-documentdb-partitionkeyrangeid")
    if not name:
        return "", "FF"
    one = container.range_of(name.rpartition(",")[2])
    if asked.header("x-ms-read-key-type") != "EffectivePartitionKeyRange":
        return one.low, one.high
    low, high = asked.header("x-ms-start-epk"), asked.header("x-ms-end-epk")
    return max(one.low, low), min(one.high, high)


def _page_size(asked: Asked, usual: int) -> int:
    given = asked.header("x-ms-max-item-count") or str(usual)
    size = int(given) if re.fullmatch(r"-?\d{1,9}", given) else 0
    if size != -1 and size < 1:
        raise Refusal(400, "The max item count is invalid.", charge=0)
    return usual if size == -1 else size


def _check_session(container: Container, asked: Asked) -> None:
    """Source: "Consistency levels": a session reads its own writes, or is told to wait."""
    for part in filter(None, asked.header("x-ms-session-token").split(",")):
        found = re.fullmatch(r"\w+:-?\d+#(\d+)(#.*)?", part)
        if found is None:
            raise Refusal(400, "The session token provided is invalid.")
        if int(found[1]) > container.lsn:
            raise Refusal(
                404,
                "The read session is not available for the input session token.",
                substatus=1002,
            )
