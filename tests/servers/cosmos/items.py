"""What can be done to one item, alone or as a step of a batch.

Sources: the REST reference of documents ("Create", "Get", "Replace", "Delete a Document");
"Transaction and optimistic concurrency control": If-Match is for what exists, so it says
nothing of a create, nor of an upsert that becomes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.servers.cosmos import charges
from tests.servers.cosmos.container import Container, Item, Values, check_id
from tests.servers.cosmos.wire import Answer, Json, Refusal


@dataclass(frozen=True, slots=True)
class Change:
    """One operation on one item. `match` is the etag it depends on."""

    operation: str
    item_id: str = ""
    body: Any = None
    match: str = ""
    none_match: str = ""
    quiet: bool = False


def carry_out(container: Container, values: Values, change: Change) -> Answer:
    """Do it.

    Raises:
        Refusal: 400, 404, 409, 412 or 413; nothing was written.
    """
    return _DEEDS[change.operation](container, values, change)


def touch(container: Container, values: Values, item_id: str) -> None:
    """Write an item once more as it is, as somebody else would."""
    item = container.find(values, item_id)
    if item is not None:
        container.step()
        container.store(item.body, values)


def _read(container: Container, values: Values, change: Change) -> Answer:
    item = _existing(container, values, change)
    if change.none_match == item.etag:
        return Answer(304, None, charges.NOTHING, {"etag": item.etag})
    return _told(item, 200, charges.read(item.size), quiet=False)


def _create(container: Container, values: Values, change: Change) -> Answer:
    container.check_body(change.body, values)
    if container.find(values, change.body["id"]) is not None:
        raise Refusal(409, "Entity with the specified id already exists in the system.")
    return _written(container, values, change, 201)


def _upsert(container: Container, values: Values, change: Change) -> Answer:
    container.check_body(change.body, values)
    found = container.find(values, change.body["id"])
    if found is None:
        return _written(container, values, change, 201)
    _check_match(found, change.match)
    return _written(container, values, change, 200)


def _replace(container: Container, values: Values, change: Change) -> Answer:
    found = _existing(container, values, change)
    container.check_body(change.body, values)
    if change.body["id"] != change.item_id:  # Azure may take it; nobody here means it
        raise Refusal(400, "The id of an item cannot be changed.")
    _check_match(found, change.match)
    return _written(container, values, change, 200)


def _delete(container: Container, values: Values, change: Change) -> Answer:
    found = _existing(container, values, change)
    _check_match(found, change.match)
    container.remove(found)
    return Answer(204, None, charges.write(found.size), items=1)


def _written(container: Container, values: Values, change: Change, status: int) -> Answer:
    item = container.store(change.body, values)
    return _told(item, status, charges.write(item.size), quiet=change.quiet)


def _told(item: Item, status: int, charge: float, *, quiet: bool) -> Answer:
    body: Json | None = None if quiet else item.body
    return Answer(status, body, charge, {"etag": item.etag}, items=1)


def _existing(container: Container, values: Values, change: Change) -> Item:
    check_id(change.item_id)
    item = container.find(values, change.item_id)
    if item is None:
        raise Refusal(404, "Entity with the specified id does not exist in the system.")
    return item


def _check_match(item: Item, match: str) -> None:
    if match not in {"", "*", item.etag}:
        raise Refusal(412, "Operation cannot be performed: the etag is another by now.")


_DEEDS = {
    "read": _read,
    "create": _create,
    "upsert": _upsert,
    "replace": _replace,
    "delete": _delete,
}
