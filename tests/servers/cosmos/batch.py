"""Transactional batches: all or nothing, in one logical partition.

Source: "Transactional batch operations in Azure Cosmos DB": 100 operations, 2 MB and one
partition key at most; where one fails it tells its own status, the others 424, all of them
under a 207.
"""

from __future__ import annotations

from typing import Any

from tests.servers.cosmos import charges
from tests.servers.cosmos.container import LARGEST, Container, Values
from tests.servers.cosmos.items import Change, carry_out
from tests.servers.cosmos.wire import Answer, Json, Refusal, Untaught

MOST = 100
_KNOWN = {"Create", "Upsert", "Read", "Replace", "Delete"}


def changes_of(asked: Any, size: int) -> list[Change]:
    """Return what a batch asks for.

    Raises:
        Refusal: 400, it is none, or of more than 100; 413, over 2 MB.
    """
    if size > LARGEST:
        raise Refusal(413, "Request size is too large.")
    if not isinstance(asked, list) or not asked:
        raise Refusal(400, "Batch request is empty or invalid.")
    if len(asked) > MOST:
        raise Refusal(400, f"Batch request has more operations than what is supported: {MOST}.")
    return [_change(one) for one in asked]


def run(container: Container, values: Values, changes: list[Change]) -> Answer:
    """Carry out all of them, or none."""
    before = _snapshot(container, values)
    container.step()
    done: list[Json] = []
    charge = 0.0
    for at, change in enumerate(changes):
        try:
            answer = carry_out(container, values, change)
        except Refusal as refusal:
            _restore(container, values, before)
            body = _failed(changes, at, refusal)
            return Answer(207, body, charge + charges.NOTHING)
        charge += answer.charge
        done.append(_result(answer))
    return Answer(200, done, charge, items=len(done))


def _change(one: Json) -> Change:
    operation = one.get("operationType")
    if operation == "Patch":
        raise Untaught("patch in a batch")
    if operation not in _KNOWN:
        raise Refusal(400, "One of the operations of the batch is invalid.")
    return Change(
        operation=operation.lower(),
        item_id=one.get("id", ""),
        body=one.get("resourceBody"),
        match=one.get("ifMatch", ""),
        none_match=one.get("ifNoneMatch", ""),
        quiet=one.get("minimalReturnPreference", False),
    )


def _snapshot(container: Container, values: Values) -> tuple[Any, int, int]:
    items = dict(container.partitions.get(values, {}))
    return items, len(container.log), container.lsn


def _restore(container: Container, values: Values, before: tuple[Any, int, int]) -> None:
    items, entries, lsn = before
    container.partitions[values] = items
    del container.log[entries:]
    container.lsn = lsn


def _failed(changes: list[Change], at: int, refusal: Refusal) -> list[Json]:
    told = [{"statusCode": 424, "requestCharge": 0} for _ in changes]
    told[at] = {"statusCode": refusal.status, "requestCharge": refusal.charge}
    if refusal.substatus:
        told[at]["subStatusCode"] = refusal.substatus
    return told


def _result(answer: Answer) -> Json:
    told: Json = {"statusCode": answer.status, "requestCharge": answer.charge}
    if "etag" in answer.headers:
        told["eTag"] = answer.headers["etag"]
    if answer.body is not None:
        told["resourceBody"] = answer.body
    return told
