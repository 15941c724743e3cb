"""The stand-in holds to what Microsoft documents of items, batches, expiry and access.

Each section names the page. Where the SDK checks something itself, the request is made by hand.
"""

import asyncio
import json

import httpx
import pytest
from azure.core import MatchConditions
from azure.cosmos import CosmosClient as SyncClient
from azure.cosmos import PartitionKey
from azure.cosmos import exceptions as no
from azure.cosmos.aio import CosmosClient
from azure.cosmos.partition_key import PartitionKey as SdkKey

from tests.servers.cosmos import charges
from tests.servers.cosmos.conftest import KEY
from tests.servers.cosmos.hashing import effective_key

SAME = MatchConditions.IfNotModified


def document(item_id, **more):
    return {"id": item_id, "b": "hudson", "s": "work", **more}


async def status(awaitable):
    """Return the status and the substatus of a refusal."""
    with pytest.raises(no.CosmosHttpResponseError) as caught:
        await awaitable
    return caught.value.status_code, caught.value.sub_status or 0


def by_hand(server, method, path, body=None, **headers):
    """Ask without the SDK, by a token."""
    token = f"type=aad&ver=1.0&sig={server.access.grant()}"
    given = {"authorization": token, **{k.replace("_", "-"): v for k, v in headers.items()}}
    content = None if body is None else json.dumps(body).encode()
    return httpx.request(
        method, server.url + path, headers=given, content=content, verify=False, trust_env=False
    )


# Items. Source: REST, "Create / Get / Replace / Delete a Document"; "Transactions and
# optimistic concurrency control".


async def test_an_id_is_taken_once_per_partition_key(box):
    made = await box.create("a")
    assert made["_etag"].startswith('"')
    assert await status(box.create("a")) == (409, 0)
    await box.create("a", ["hudson", "keys"])
    await box.create("a", ["other", "work"])


async def test_what_is_not_there_is_404(box):
    replaced = box.container.replace_item("a", document("a"))
    for asked in (box.read("a"), replaced, box.container.delete_item("a", KEY)):
        assert await status(asked) == (404, 0)


async def test_if_match_stops_a_replace_an_upsert_and_a_delete_of_another_version(box):
    old = (await box.create("a"))["_etag"]
    new = (await box.container.upsert_item(document("a", n=1)))["_etag"]
    assert new != old
    c = box.container
    stale = {"etag": old, "match_condition": SAME}
    assert await status(c.replace_item("a", document("a"), **stale)) == (412, 0)
    assert await status(c.upsert_item(document("a"), **stale)) == (412, 0)
    assert await status(c.delete_item("a", KEY, **stale)) == (412, 0)
    assert (await box.read("a"))["n"] == 1
    await c.replace_item("a", document("a", n=2), etag=new, match_condition=SAME)


async def test_if_match_says_nothing_of_a_create_and_of_an_upsert_that_becomes_one(box):
    stale = {"etag": '"0"', "match_condition": SAME}
    await box.container.upsert_item(document("a"), **stale)
    await box.read("a")
    missing = box.container.replace_item("b", document("b"), **stale)
    assert await status(missing) == (404, 0)


async def test_an_unchanged_item_is_304_for_who_has_it(server, box):
    made = await box.create("a")
    headers = {"x_ms_documentdb_partitionkey": json.dumps(KEY)}
    path = "dbs/jigajob/colls/records/docs/a"
    same = by_hand(server, "GET", path, **headers, if_none_match=made["_etag"])
    assert (same.status_code, same.content) == (304, b"")
    assert by_hand(server, "GET", path, **headers, if_none_match='"0"').status_code == 200


async def test_the_key_in_the_header_is_whole_and_is_the_one_in_the_body(server, box):
    path, item = "dbs/jigajob/colls/records/docs", document("a")
    for key in ('["hudson"]', '["hudson","keys"]', '["hudson","work","x"]', "hudson", ""):
        answer = by_hand(server, "POST", path, item, x_ms_documentdb_partitionkey=key)
        assert (answer.status_code, answer.headers["x-ms-substatus"]) == (400, "1001")
    assert server.items("jigajob", "records") == []


@pytest.mark.parametrize("item_id", ["a/b", "a\\b", "a?b", "a#b", "", "a ", "ж" * 512, 7, None])
async def test_ids_that_it_does_not_take(server, item_id):
    path, key = "dbs/jigajob/colls/records/docs", json.dumps(KEY)
    for upsert in ("true", "false"):
        headers = {
            "x_ms_documentdb_partitionkey": key,
            "x_ms_documentdb_is_upsert": upsert,
        }
        answer = by_hand(server, "POST", path, document(item_id), **headers)
        assert answer.status_code == 400


@pytest.mark.filterwarnings("ignore:Sending a large body")
async def test_an_item_of_2_mb_fits_and_a_larger_one_does_not(box):
    """Source: "Azure Cosmos DB service quotas"."""
    await box.create("a", body="x" * (2 * 1024 * 1024 - 1000))
    assert await status(box.create("b", body="x" * (2 * 1024 * 1024 - 10))) == (413, 0)
    assert await status(box.create("c", body="é" * (1024 * 1024))) == (413, 0)


async def test_what_the_service_adds_is_its_own(box):
    made = await box.create("a", _etag="mine", _ts=1, _rid="mine")
    assert made["_ts"] == 1772366400
    assert "mine" not in {made["_etag"], made["_rid"]}
    again = await box.container.upsert_item(made)
    assert again["_rid"] == made["_rid"]
    assert again["_etag"] != made["_etag"]


# Batches. Source: "Transactional batch operations in Azure Cosmos DB".


async def batch(box, *operations):
    return await box.container.execute_item_batch(list(operations), KEY)


async def test_a_batch_is_carried_out_whole_and_in_order(server, box):
    old = (await box.create("old"))["_etag"]
    told = await batch(
        box,
        ("create", (document("a"),)),
        ("replace", ("a", document("a", n=1))),
        ("read", ("a",)),
        ("upsert", (document("b"),)),
        ("delete", ("old",), {"if_match_etag": old}),
    )
    assert [one["statusCode"] for one in told] == [201, 200, 200, 201, 204]
    assert told[2]["resourceBody"]["n"] == 1
    assert {item.body["id"] for item in server.items("jigajob", "records")} == {"a", "b"}


@pytest.mark.parametrize(
    ("bad", "want"),
    [
        (("create", (document("there"),)), 409),
        (("replace", ("no", document("no"))), 404),
        (("delete", ("no",)), 404),
        (("upsert", (document("there"),), {"if_match_etag": '"0"'}), 412),
        (("create", ({"id": "x", "b": "hudson", "s": "keys"},)), 400),
    ],
)
async def test_a_batch_that_fails_leaves_nothing_and_says_where(server, box, bad, want):
    before = await box.create("there", n=1)
    seen = await box.feed(start_time="Beginning", partition_key=KEY)
    with pytest.raises(no.CosmosBatchOperationError) as caught:
        await batch(
            box,
            ("create", (document("a"),)),
            ("upsert", (document("there", n=2),)),
            bad,
            ("create", (document("b"),)),
        )
    said = [one["statusCode"] for one in caught.value.operation_responses]
    assert said == [424, 424, want, 424]
    (left,) = server.items("jigajob", "records")
    assert left.body == before
    assert await box.feed(start_time="Beginning", partition_key=KEY) == seen


@pytest.mark.filterwarnings("ignore:Sending a large body")
async def test_a_batch_has_100_operations_and_2_mb_at_most(server, box):
    await batch(box, *[("create", (document(f"{n}"),)) for n in range(100)])
    many = [("upsert", (document(f"{n}"),)) for n in range(101)]
    assert await status(batch(box, *many)) == (400, 0)
    large = [("upsert", (document(f"{n}", body="x" * 1_050_000),)) for n in range(2)]
    assert await status(batch(box, *large)) == (413, 0)
    assert len(server.items("jigajob", "records")) == 100


async def test_eight_racing_writers_lose_no_increment(box):
    await box.create("counter", n=0)

    async def add():
        for _ in range(5):
            while True:
                read = await box.read("counter")
                after, same = document("counter", n=read["n"] + 1), {"etag": read["_etag"]}
                try:
                    await box.container.replace_item(
                        "counter", after, match_condition=SAME, **same
                    )
                    break
                except no.CosmosAccessConditionFailedError:
                    pass

    await asyncio.gather(*(add() for _ in range(8)))
    assert (await box.read("counter"))["n"] == 40


# Expiry. Source: "Time to Live (TTL) in Azure Cosmos DB".


async def test_an_expired_item_is_hidden_at_once_and_its_id_is_free(box, clock):
    old = await box.create("a", ttl=60)
    await box.create("stays")
    clock.advance(59)
    await box.read("a")
    clock.advance(1)
    assert await status(box.read("a")) == (404, 0)
    assert await box.ask("SELECT VALUE c.id FROM c") == ["stays"]
    assert await box.feed(start_time="Beginning", partition_key=KEY) == ["stays"]
    stale = {"etag": old["_etag"], "match_condition": SAME}
    assert await status(box.container.replace_item("a", document("a"), **stale)) == (404, 0)
    assert (await box.create("a"))["_rid"] != old["_rid"]


async def test_a_write_begins_the_time_to_live_anew_and_none_means_for_ever(box, clock):
    await box.create("a", ttl=60)
    clock.advance(59)
    await box.container.upsert_item(document("a", ttl=60))
    clock.advance(59)
    await box.container.upsert_item(document("a", ttl=-1))
    clock.advance(10**8)
    await box.read("a")


@pytest.mark.parametrize("ttl", [0, -2, 1.5, "60", None, True, 2**31])
async def test_a_time_to_live_is_minus_one_or_a_positive_number(box, ttl):
    assert await status(box.create("a", ttl=ttl)) == (400, 0)


async def test_without_a_default_of_the_container_nothing_expires(server, box, clock):
    server.create_container("jigajob", "lasting", paths=["/b"])
    async with CosmosClient(server.url, server.key) as client:
        lasting = client.get_database_client("jigajob").get_container_client("lasting")
        await lasting.create_item({"id": "a", "b": "hudson", "ttl": 1})
        clock.advance(10)
        await lasting.read_item("a", "hudson")


# Access. Source: REST, "Access control on Azure Cosmos DB resources"; "Data plane role-based
# access control".


async def test_a_wrong_key_and_a_token_that_it_did_not_issue_are_refused(server):
    other = "b3RoZXIga2V5" * 4
    client = CosmosClient(server.url, other)
    assert await status(client.__aenter__()) == (401, 0)
    await client.close()
    revoked, old = server.access.grant(), server.access.grant(seconds=0)
    server.access.revoke()
    by_token = [f"type=aad&ver=1.0&sig={token}" for token in (revoked, old, "eyJ0")]
    for given in ("", "type=master&ver=1.0&sig=", "Bearer eyJ0", *by_token):
        assert by_hand(server, "GET", "", authorization=given).status_code == 401


async def test_databases_and_containers_are_not_made_by_a_token(server):
    key = PartitionKey(path=["/b", "/s"])
    async with CosmosClient(server.url, server.async_identity()) as client:
        database = client.get_database_client("jigajob")
        assert await status(client.create_database("more")) == (403, 5300)
        assert await status(database.create_container("more", key)) == (403, 5300)
        assert await status(database.delete_container("records")) == (403, 5300)
    async with CosmosClient(server.url, server.key) as client:
        database = await client.create_database("more")
        made = await database.create_container("records", key, default_ttl=-1)
        told = await made.read()
        assert told["partitionKey"] == dict(key)
        assert told["defaultTtl"] == -1
        assert await status(client.create_database("more")) == (409, 0)
    assert server.violations == []


async def test_what_does_not_exist_is_told_apart_from_an_item(server, box):
    async with CosmosClient(server.url, server.async_identity()) as client:
        wrong = client.get_database_client("jigajob").get_container_client("no")
        assert await status(wrong.read_item("a", KEY)) == (404, 1003)
        assert await status(wrong.read()) == (404, 1003)


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_the_sync_client_reads_what_was_written(server):
    for credential in (server.key, server.identity()):
        with SyncClient(server.url, credential) as client:
            box = client.get_database_client("jigajob").get_container_client("records")
            box.upsert_item(document("a", n=1))
            rows = box.query_items("SELECT VALUE c.n FROM c", partition_key=KEY)
            assert list(rows) == [1]


# Charges and sessions.


async def test_a_charge_is_by_size_as_the_table_has_it(box):
    """Source: "Understand request unit consumption"."""
    for table, charge in ((charges.READ, charges.read), (charges.WRITE, charges.write)):
        for kb, units in table:
            assert charge(kb * 1024) == pytest.approx(units)
    assert charges.write(3 * 1024) == pytest.approx((6.29 + 6.67) / 2)
    made = await box.create("a", body="x" * 3800)
    headers = made.get_response_headers()
    assert float(headers["x-ms-request-charge"]) == pytest.approx(6.67, abs=0.01)
    read = (await box.read("a")).get_response_headers()
    assert float(read["x-ms-request-charge"]) == pytest.approx(1.14, abs=0.01)


async def test_a_session_that_is_ahead_is_told_to_wait(server, box):
    made = await box.create("a")
    token = made.get_response_headers()["x-ms-session-token"]
    ahead = f"0:-1#{int(token.rpartition('#')[2]) + 1}"
    headers = {"x_ms_documentdb_partitionkey": json.dumps(KEY), "x_ms_session_token": ahead}
    answer = by_hand(server, "GET", "dbs/jigajob/colls/records/docs/a", **headers)
    assert (answer.status_code, answer.headers["x-ms-substatus"]) == (404, "1002")


@pytest.mark.parametrize(
    "values",
    [
        ("hudson", "work"),
        ("",),
        ("x" * 200, "ж😀"),
        (None, True),
        (False, 1),
        (1.5, "a" * 15),
        ("a" * 16, "b" * 17),
    ],
)
def test_a_key_lies_where_the_sdk_puts_it(values):
    paths = ["/a", "/b", "/c"][: len(values) + 1]
    own = SdkKey(path=paths)._get_epk_range_for_prefix_partition_key(list(values))
    assert effective_key(values) == own.min
