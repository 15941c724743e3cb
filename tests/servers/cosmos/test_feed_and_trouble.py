"""The change feed as Microsoft documents it, and trouble as it was asked for."""

import time

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import ServiceRequestError, ServiceResponseError
from azure.cosmos import exceptions as no
from azure.cosmos.aio import CosmosClient

from tests.servers.cosmos.conftest import KEY, Box
from tests.servers.cosmos.faults import ON_ITEMS

SAME = MatchConditions.IfNotModified


def document(item_id, **more):
    return {"id": item_id, "b": "hudson", "s": "work", **more}


async def status(awaitable):
    with pytest.raises((no.CosmosHttpResponseError, no.CosmosBatchOperationError)) as caught:
        await awaitable
    return caught.value.status_code


@pytest.fixture
async def plain(server):
    """A client that does not try again by itself."""
    async with CosmosClient(server.url, server.key, retry_total=0) as client:
        database = client.get_database_client("jigajob")
        yield Box(database.get_container_client("records"))


# The feed. Source: "Change feed modes in Azure Cosmos DB", "Change feed pull model".


async def follow(box, cursor="", **scope):
    """Return the ids of one page, and where the next begins."""
    start = {"continuation": cursor} if cursor else {"start_time": "Beginning", **scope}
    feed = box.container.query_items_change_feed(**start, max_item_count=3).by_page()
    try:
        page = [item["id"] async for item in await anext(feed)]
    except StopAsyncIteration:
        page = []
    return page, box.container.client_connection.last_response_headers["etag"]


async def test_the_feed_tells_the_latest_version_in_order_and_no_deletes(box):
    for item_id in ("a", "b", "c", "d"):
        await box.create(item_id)
        await box.create(item_id, ["hudson", "keys"])
        await box.create(item_id, ["other", "work"])
    await box.container.upsert_item(document("a", n=1))
    await box.container.delete_item("b", KEY)
    assert await box.feed(start_time="Beginning", partition_key=KEY) == ["c", "d", "a"]
    prefix = await box.container.feed_range_from_partition_key(["hudson"])
    found = await box.feed(start_time="Beginning", feed_range=prefix)
    assert [*map(found.count, "abcd")] == [2, 1, 2, 2]


@pytest.mark.parametrize("splits", [0, 2])
async def test_the_feed_goes_on_where_it_ended_and_is_304_where_nothing_is_new(
    server, box, splits
):
    for n in range(7):
        await box.create(f"{n}")
        await box.create(f"{n}", ["other", f"{n}"])
    found, cursor = await follow(box, partition_key=KEY)
    assert found == ["0", "1", "2"]
    for _ in range(splits):
        server.split("jigajob", "records")
    for want in (["3", "4", "5"], ["6"], []):
        found, cursor = await follow(box, cursor)
        assert found == want
    assert server.journal[-1].status == 304
    await box.container.upsert_item(document("3"))
    assert (await follow(box, cursor))[0] == ["3"]
    assert (await follow(box, cursor))[0] == ["3"]


async def test_one_batch_is_on_one_page_however_small_the_page(box):
    creates = [("create", (document(f"{n}"),)) for n in range(5)]
    await box.create("before")
    await box.container.execute_item_batch(creates, KEY)
    await box.create("after")
    found, cursor = await follow(box, partition_key=KEY)
    assert found == ["before", *"01234"]
    assert (await follow(box, cursor))[0] == ["after"]


async def test_a_short_or_empty_page_of_the_feed_loses_nothing(server, box):
    for n in range(9):
        await box.create(f"{n}")
    found, cursor = await follow(box, partition_key=KEY)
    server.faults.fail_next("empty_page", "feed")
    assert (await follow(box, cursor))[0] == []
    empty, cursor = await follow(box, cursor)
    assert found + empty == [*"012345"]
    assert (await follow(box, cursor))[0] == ["6", "7", "8"]


# Trouble.


@pytest.mark.parametrize(
    ("kind", "done"),
    [("408", False), ("408_after", True), ("503", False), ("503_after", True)],
)
async def test_an_answer_of_trouble_tells_nothing_of_the_effect(server, plain, kind, done):
    server.faults.fail_next(kind, "create", times=10)
    assert await status(plain.create("a")) == int(kind[:3])
    assert bool(server.items("jigajob", "records")) is done
    server.faults.calm()
    read = plain.read("a")
    assert (await read)["id"] == "a" if done else await status(read) == 404


@pytest.mark.parametrize(("kind", "done"), [("cut_before", False), ("cut_after", True)])
async def test_a_cut_connection_tells_nothing_of_the_effect(server, plain, kind, done):
    await plain.create("old")
    server.faults.fail_next(kind, "create", times=10)
    with pytest.raises((ServiceRequestError, ServiceResponseError, no.CosmosHttpResponseError)):
        await plain.create("a")
    assert len(server.items("jigajob", "records")) == 1 + done


async def test_too_many_requests_say_when_to_come_again(server, box):
    await box.create("a")
    server.faults.fail_next("429", "read", times=2, retry_after_ms=120)
    start = time.monotonic()
    await box.read("a")
    assert time.monotonic() - start >= 0.24
    assert server.tally()["read"][0] == 3
    assert server.faults.injected == {"429": 2}


async def test_somebody_else_writes_just_before_a_conditional_write(server, box):
    made = await box.create("a", n=1)
    held = {"etag": made["_etag"], "match_condition": SAME}
    server.faults.fail_next("412")
    await box.container.upsert_item(document("b"))
    assert await status(box.container.replace_item("a", document("a"), **held)) == 412
    now = await box.read("a")
    assert (now["n"], now["_etag"] != made["_etag"]) == (1, True)
    server.faults.fail_next("412", "batch")
    change = ("replace", ("a", document("a")), {"if_match_etag": now["_etag"]})
    assert await status(box.container.execute_item_batch([change], KEY)) == 412


async def test_scripts_skip_and_name_what_they_mean(server, plain):
    server.faults.fail_next("449", "upsert", skip=1)
    await plain.create("a")
    await plain.container.upsert_item(document("a"))
    assert await status(plain.container.upsert_item(document("a"))) == 449
    await plain.container.upsert_item(document("a"))
    with pytest.raises(ValueError, match="no such fault"):
        server.faults.fail_next("418")
    with pytest.raises(ValueError, match="no such fault"):
        server.faults.fail_next("429", "reads")


async def test_the_same_seed_makes_the_same_trouble(server):
    def drawn():
        server.faults.random(rate=0.3, seed=5)
        picks = [server.faults.pick(one, conditional=False) for one in ON_ITEMS * 20]
        return [pick and pick.kind for pick in picks]

    first = drawn()
    assert first == drawn()
    assert 20 < sum(kind is not None for kind in first) < 120
    pages = {"short_page", "empty_page"}
    for operation, kind in zip(ON_ITEMS * 20, first, strict=True):
        assert kind not in pages or operation in {"query", "feed"}


async def test_the_journal_tells_what_was_asked_and_charged(server, box):
    await box.create("a")
    upserts = [("upsert", (document(f"{n}"),)) for n in range(3)]
    await box.container.execute_item_batch([*upserts, ("delete", ("a",))], KEY)
    batch = server.journal[-1]
    assert (batch.operation, batch.status, batch.values) == ("batch", 200, (*KEY,))
    assert batch.steps == ("upsert", "upsert", "upsert", "delete")
    assert batch.charge == pytest.approx(4 * 4.95)
    assert server.tally()["create"] == (1, pytest.approx(4.95))
    server.forget()
    assert server.tally() == {}
