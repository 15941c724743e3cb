"""What the Cosmos DB store keeps besides the contract: its container, costs and refusals."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.blob_folder import FolderBlobs
from connectors.cosmos import CosmosAccount, CosmosStore
from connectors.cosmos.account import wrong_with
from connectors.cosmos.documents import (
    END,
    Version,
    document_id,
    ordered,
    place_of,
    read_document,
    write_document,
)
from flows.errors import AdministratorError, RecordTooLarge, Throttled, TransientError
from flows.ports import LISTED_BY, Key, Record, Where, Write
from tests.connectors.cosmos_account import cosmos_server, cosmos_store, indexing
from tests.servers.certificates import Certificates
from tests.servers.cosmos import CosmosServer

KEY = Key("hudson", "work")
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def job(record_id: str, **fields: str | int | bool | None) -> Record:
    return Record(kind="job", id=record_id, fields=fields)


@pytest.fixture
def server(certificates: Certificates) -> Iterator[CosmosServer]:
    with cosmos_server(certificates) as server:
        yield server


@pytest.fixture
async def store(server: CosmosServer, tmp_path: Path) -> AsyncIterator[CosmosStore]:
    store = cosmos_store(server, tmp_path / "blobs", patience=1.0, first_pause=0.01)
    yield store
    await store.close()


class TestWhoIsLetIn:
    def test_a_key_is_for_this_machine_alone(self) -> None:
        for url in ("https://hudson.documents.azure.com", "https://127.0.0.1.example"):
            with pytest.raises(AdministratorError, match="was given a key") as caught:
                CosmosAccount(url, "c2VjcmV0")
            assert "c2VjcmV0" not in str(caught.value)
        CosmosAccount("https://127.0.0.1:8081", "c2VjcmV0")
        CosmosAccount("http://localhost:8081", "c2VjcmV0")

    def test_another_machine_is_reached_encrypted(self, server: CosmosServer) -> None:
        with pytest.raises(AdministratorError, match="without encryption"):
            CosmosAccount("http://hudson.documents.azure.com", server.async_identity())
        with pytest.raises(AdministratorError, match="has no address"):
            CosmosAccount("hudson", server.async_identity())

    async def test_who_is_not_let_in_is_told_which_role_is_missing(
        self, server: CosmosServer, tmp_path: Path
    ) -> None:
        wrong = CosmosAccount(server.url, base64.b64encode(bytes(64)).decode())
        store = CosmosStore(wrong, FolderBlobs(tmp_path))
        with pytest.raises(AdministratorError, match="does not let us in") as caught:
            await store.get(KEY, "job", "maria@lopez.example")
        assert "deploy/README.md" in caught.value.fix
        assert "maria" not in str(caught.value)
        assert caught.value.__cause__ is None
        await store.close()

    async def test_a_token_that_is_no_longer_good_is_renewed(
        self, server: CosmosServer, store: CosmosStore
    ) -> None:
        stored = await store.put(KEY, job("a"))
        server.access.revoke()
        assert await store.get(KEY, "job", "a") == stored


class TestItsContainer:
    def good(self, **other: Any) -> dict[str, Any]:
        key = {"paths": ["/b", "/s"], "kind": "MultiHash", "version": 2}
        return {"partitionKey": key, "defaultTtl": -1, "indexingPolicy": indexing()} | other

    def test_what_deploy_makes_is_what_the_store_asks_for(self) -> None:
        assert wrong_with(self.good()) == ""

    @pytest.mark.parametrize("path", [entry["path"] for entry in indexing()["includedPaths"]])
    def test_each_entry_of_the_index_is_needed(self, path: str) -> None:
        policy = indexing()
        policy["includedPaths"].remove({"path": path})
        assert path in wrong_with(self.good(indexingPolicy=policy))

    def test_another_container_is_refused_with_what_is_wrong(self) -> None:
        one_level = {"paths": ["/b"], "kind": "Hash"}
        assert "partition key" in wrong_with(self.good(partitionKey=one_level))
        assert "expire" in wrong_with(self.good(defaultTtl=None))
        assert "kept up to date" in wrong_with(
            self.good(indexingPolicy=indexing() | {"indexingMode": "none"})
        )
        everything = {"indexingMode": "consistent", "includedPaths": [{"path": "/*"}]}
        assert wrong_with(self.good(indexingPolicy=everything)) == ""
        but_one = everything | {"excludedPaths": [{"path": "/f/*"}]}
        assert "/f/*" in wrong_with(self.good(indexingPolicy=but_one))

    async def test_the_first_call_looks_and_says_what_deploy_does(
        self, server: CosmosServer
    ) -> None:
        server.create_container("jigajob", "flat", paths=["/b"])
        for name, problem in (("flat", "its partition key"), ("nowhere", "is not there")):
            account = CosmosAccount(server.url, server.async_identity(), container=name)
            with pytest.raises(AdministratorError, match=problem) as caught:
                await account.container()
            assert "deploy/README.md" in caught.value.fix
            await account.close()

    async def test_many_first_calls_look_once(
        self, server: CosmosServer, store: CosmosStore
    ) -> None:
        import asyncio

        await asyncio.gather(*(store.get(KEY, "job", f"{n}") for n in range(10)))
        assert store.charges["open"].calls == 1


class TestTrouble:
    async def test_throttling_is_waited_out_and_counted(
        self, server: CosmosServer, store: CosmosStore
    ) -> None:
        await store.put(KEY, job("a"))
        server.faults.fail_next("429", "read", times=3, retry_after_ms=20)
        assert await store.get(KEY, "job", "a")
        assert (store.charges["get"].throttled, store.charges["get"].again) == (3, 3)

    async def test_longer_throttling_is_told_with_the_pause(
        self, server: CosmosServer, store: CosmosStore
    ) -> None:
        await store.put(KEY, job("a"))
        server.faults.fail_next("429", "upsert", times=99, retry_after_ms=400)
        with pytest.raises(Throttled) as caught:
            await store.put(KEY, job("a", v=2))
        assert caught.value.retry_after == pytest.approx(0.4)

    async def test_lasting_trouble_is_told_as_passing(
        self, server: CosmosServer, store: CosmosStore
    ) -> None:
        await store.put(KEY, job("a"))
        server.faults.fail_next("503", times=99)
        with pytest.raises(TransientError, match="away"):
            await store.get(KEY, "job", "a")

    # aiohttp would rather have a file for so much.
    @pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
    async def test_fields_that_no_document_holds_are_refused(self, store: CosmosStore) -> None:
        big = {f"f{n}": "é" * 500 for n in range(950)}
        with pytest.raises(RecordTooLarge):
            await store.put(KEY, Record(kind="job", id="a", fields=big))


class TestIsolation:
    async def test_a_feed_that_outlives_a_split_tells_nothing_of_others(
        self, server: CosmosServer, store: CosmosStore
    ) -> None:
        businesses = [f"business-{n}" for n in range(12)]
        for business in businesses:
            await store.put(Key(business, "work"), job("before", owner=business))
        cursors = {b: (await store.changes(Key(b))).cursor for b in businesses}
        server.split("jigajob", "records")
        server.split("jigajob", "records")
        for business in businesses:
            await store.put(Key(business, "work"), job("after", owner=business))
        for business in businesses:
            told = (await store.changes(Key(business), cursor=cursors[business])).records
            assert [(r.id, r.fields["owner"]) for r in told] == [("after", business)]


class TestDocuments:
    @given(TEXT, TEXT)
    def test_the_order_of_texts_is_kept_in_ascii(self, a: str, b: str) -> None:
        assert (ordered(a) < ordered(b)) == (a < b)
        assert (ordered(a) + END < ordered(b) + END) == (a < b)
        assert ordered(a).isascii()
        assert not set(ordered(a)) & set(map(chr, range(ord(END) + 1)))

    @given(TEXT, TEXT, TEXT, TEXT)
    def test_places_are_ordered_by_value_then_id_then_scope(
        self, a: str, b: str, c: str, d: str
    ) -> None:
        """In every field, whether its place is kept in the document or made where needed."""

        def at(value: str, record_id: str, scope: str, name: str) -> str:
            record = job(record_id, **{name: value})
            made = write_document(Key("hudson", scope), record, writes="", blob="", now=0)
            assert read_document(made | {"_etag": ""}).fields == record.fields
            return place_of(made, name)

        for name in (*sorted(LISTED_BY), "other"):
            one, other = at(a, b, c, name), at(c, d, a, name)
            assert (one < other) == ((a, b, c) < (c, d, a))

    def test_a_document_repeats_its_id_only_where_a_list_needs_it(self) -> None:
        """It is long, so that each time that it is told costs at every write."""
        record = job("x" * 50, v=1, state="new", owner="x", created="2026", day="2026")
        made = write_document(Key("hudson", "s"), record, writes="", blob="", now=0)
        assert str(made).count(record.id) == len(["id", "i", "o", "o.created", "o.day"])

    def test_ids_that_an_address_cannot_hold_are_hashed(self) -> None:
        ids = ["a", "a ", "a%20", "ж" * 255, "😀" * 255, "a~b", "A"]
        made = [document_id("job", one) for one in ids]
        assert len(set(made)) == len(ids)
        assert all(one.isascii() and len(one) < 1_023 and " " not in one for one in made)

    @pytest.mark.parametrize("expires", [None, 0, -5, 1_790_000_000_000_000])
    def test_an_etag_tells_what_was_put_into_it(self, expires: int | None) -> None:
        version = Version(expires, "blob", "w1 w0", '"a|b"')
        assert Version.read(str(version)) == version

    async def test_one_of_hundreds_of_values_is_found(self, store: CosmosStore) -> None:
        jobs = [job(f"{n:03}", v=n) for n in range(100)]
        await store.batch(KEY, [Write(op="create", record=one) for one in jobs])
        wanted = tuple(range(0, 1_200, 3))
        found = await store.query(KEY, "job", where=[Where("v", "in", wanted)], limit=1_000)
        assert [r.id for r in found.records] == [f"{n:03}" for n in range(0, 100, 3)]
