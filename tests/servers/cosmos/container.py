"""A container: its settings, the ranges of its ring, and the items in it."""

from __future__ import annotations

import json
import secrets
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.servers.cosmos.hashing import effective_key
from tests.servers.cosmos.wire import Json, Refusal

LARGEST = 2 * 1024 * 1024
"""Source: "Azure Cosmos DB service quotas": an item, and a request, is 2 MB at most."""
LONGEST_ID = 1023
LONGEST_KEY = 2048
FOREVER = -1
LONGEST_TTL = 2_147_483_647
_FORBIDDEN = set("/\\?#")

Values = tuple[Any, ...]


@dataclass(slots=True, eq=False)
class Item:
    """One stored document, with what the service adds to it. `lsn` orders all writes."""

    body: Json
    values: Values
    place: str
    size: int
    lsn: int

    @property
    def etag(self) -> str:
        return str(self.body["_etag"])


@dataclass(slots=True)
class Range:
    """A physical partition: the part of the ring from `low` up to, not including, `high`."""

    id: str
    low: str
    high: str
    parents: tuple[str, ...] = ()


@dataclass(slots=True)
class Container:
    """Items by partition key; every method is one step that others see whole."""

    name: str
    rid: str
    paths: tuple[str, ...]
    now: Callable[[], float]
    settings: Json
    partitions: dict[Values, dict[str, Item]] = field(default_factory=dict)
    ranges: list[Range] = field(default_factory=lambda: [Range("0", "", "FF")])
    gone: set[str] = field(default_factory=set)
    log: list[tuple[int, Item]] = field(default_factory=list)
    lsn: int = 1
    _places: dict[Values, str] = field(default_factory=dict)

    def properties(self) -> Json:
        return {"id": self.name, "_rid": self.rid, "_self": f"dbs/x/colls/{self.rid}/"} | (
            self.settings | {"_etag": f'"{self.rid}"', "_ts": int(self.now())}
        )

    def place(self, values: Values) -> str:
        if values not in self._places:
            self._places[values] = effective_key(values)
        return self._places[values]

    # Keys

    def key_of(self, given: str) -> Values:
        """Return the full key that a header names.

        Raises:
            Refusal: 400, it is no key of this container, or not a full one.
        """
        try:
            values = tuple(json.loads(given))
        except (ValueError, TypeError):
            values = ()
        if len(values) != len(self.paths) or not all(map(_is_key, values)):
            raise Refusal(
                400,
                "Partition key provided either doesn't correspond to definition in the"
                " collection or doesn't match partition key field values specified in the"
                " document.",
                substatus=1001,
            )
        return values

    def check_body(self, body: Any, values: Values) -> int:
        """Return the size of a body that may be stored under a key.

        Raises:
            Refusal: 400, or 413 where it is over 2 MB.
        """
        if not isinstance(body, dict):
            raise Refusal(400, "The input content is invalid: one of the specified inputs.")
        check_id(body.get("id"))
        inside = tuple(_at(body, path) for path in self.paths)
        if [*map(_typed, inside)] != [*map(_typed, values)]:
            raise Refusal(
                400,
                "PartitionKey extracted from document doesn't match the one specified in the"
                " header.",
                substatus=1001,
            )
        ttl = body.get("ttl")
        whole = isinstance(ttl, int) and not isinstance(ttl, bool)
        if "ttl" in body and not (whole and (ttl == FOREVER or 0 < ttl <= LONGEST_TTL)):
            raise Refusal(400, "The input ttl is invalid: it must be -1 or a positive integer.")
        return len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())

    # Reading

    def find(self, values: Values, item_id: str) -> Item | None:
        """Return the live item, if there is one."""
        item = self.partitions.get(values, {}).get(item_id)
        return item if item is not None and self.lives(item) else None

    def lives(self, item: Item) -> bool:
        """Whether an item's time to live is not over.

        Source: "Time to Live (TTL) in Azure Cosmos DB": hidden at once, deleted later; a
        `ttl` counts from `_ts`, and only where the container has a default.
        """
        default = self.settings.get("defaultTtl")
        if default is None:
            return True
        ttl = item.body.get("ttl", default)
        return ttl == FOREVER or self.now() < item.body["_ts"] + ttl

    def scan(self, low: str, high: str) -> Iterator[Item]:
        """Every live item of a part of the ring."""
        for values, items in self.partitions.items():
            if low <= self.place(values) < high:
                yield from (item for item in items.values() if self.lives(item))

    def within(self, values: Values) -> Iterator[Item]:
        """Every live item of one logical partition."""
        found = self.partitions.get(values, {}).values()
        yield from (item for item in found if self.lives(item))

    def since(self, lsn: int) -> Iterator[Item]:
        """Every live item in its latest version that was written after *lsn*, oldest first."""
        at = bisect_right(self.log, lsn, key=lambda entry: entry[0])
        for written, item in self.log[at:]:
            current = self.partitions.get(item.values, {}).get(item.body["id"])
            if current is item and item.lsn == written and self.lives(item):
                yield item

    # Writing; `step` begins one, whatever number of items it writes

    def step(self) -> None:
        self.lsn += 1

    def store(self, body: Json, values: Values) -> Item:
        """Write a checked body over whatever was there.

        Raises:
            Refusal: 413, it is over 2 MB with what the service adds.
        """
        before = self.find(values, body["id"])
        rid = before.body["_rid"] if before else f"{self.rid}{secrets.token_hex(6)}"
        kept = {name: value for name, value in body.items() if name not in _ADDED}
        kept |= {
            "_rid": rid,
            "_self": f"dbs/x/colls/{self.rid}/docs/{rid}/",
            "_etag": f'"{secrets.token_hex(4)}-0000-0000-0000-{self.lsn:012x}"',
            "_attachments": "attachments/",
            "_ts": int(self.now()),
        }
        size = len(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode())
        if size > LARGEST:
            raise Refusal(413, "Request size is too large.")
        item = Item(kept, values, self.place(values), size, self.lsn)
        self.partitions.setdefault(values, {})[kept["id"]] = item
        self.log.append((self.lsn, item))
        return item

    def remove(self, item: Item) -> None:
        del self.partitions[item.values][item.body["id"]]

    # The ring

    def range_of(self, range_id: str) -> Range:
        """Return a physical partition.

        Raises:
            Refusal: 410, it was split since, or there never was one.
        """
        for one in self.ranges:
            if one.id == range_id:
                return one
        raise Refusal(410, "The requested partition is gone.", substatus=1002, charge=0)

    def split(self) -> None:
        """Split each physical partition where its items halve, or in the middle."""
        halves = []
        last = max(int(one.id) for one in (*self.ranges, *map(_bare, self.gone)))
        for one in self.ranges:
            places = sorted({item.place for item in self.scan(one.low, one.high)})
            middle = places[len(places) // 2] if len(places) > 1 else _middle(one)
            parents = (*one.parents, one.id)
            halves.append(Range(str(last + 1), one.low, middle, parents))
            halves.append(Range(str(last + 2), middle, one.high, parents))
            last += 2
            self.gone.add(one.id)
        self.ranges = halves


_ADDED = {"_rid", "_self", "_etag", "_attachments", "_ts"}


def check_id(item_id: Any) -> None:
    """Let an id pass that an item may have.

    Source: "Azure Cosmos DB service quotas" (1,023 bytes), "Resource.Id Property" (.NET):
    '/', '\\', '?' and '#' are not allowed.

    Raises:
        Refusal: 400.
    """
    if not isinstance(item_id, str) or not item_id:
        raise Refusal(400, "The input content is invalid because 'id' is missing or empty.")
    if _FORBIDDEN & set(item_id):
        raise Refusal(400, "Id contains illegal chars.")
    if item_id.endswith(" ") or len(item_id.encode()) > LONGEST_ID:
        raise Refusal(400, "Id must not end with a space, nor be longer than 1,023 bytes.")


def _bare(range_id: str) -> Range:
    return Range(range_id, "", "")


def _middle(one: Range) -> str:
    low = int((one.low or "0").ljust(32, "0")[:32], 16)
    high = int("40".ljust(32, "0") if one.high == "FF" else one.high.ljust(32, "0")[:32], 16)
    return f"{(low + high) // 2:032X}"


def _at(body: Json, path: str) -> Any:
    value: Any = body
    for name in path.strip("/").split("/"):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _typed(value: Any) -> tuple[str, Any]:
    return ("number" if type(value) in {int, float} else type(value).__name__), value


def _is_key(value: Any) -> bool:
    if isinstance(value, str):
        return len(value.encode()) <= LONGEST_KEY
    return value is None or isinstance(value, bool | int | float)
