"""How far the contract holds on `@vercel/cosmosdb-server`, over TLS and Microsoft's library.

The server is written by others than the stand-in and the adapter, so what passes on it says
something. What cannot pass is named below, with its fault; a test that is named and passes
fails, and so does a list of another length than `KNOWN`.
"""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from azure.cosmos import PartitionKey
from azure.cosmos.aio import CosmosClient

from connectors.blob_folder import FolderBlobs
from connectors.cosmos import CosmosAccount, CosmosStore
from flows.ports import Store
from tests.contract.store import StoreContract
from tests.contract.store_model import StoppedClock
from tests.servers.certificates import Certificates
from tests.servers.cosmosdb_npm import NpmCosmosServer

BATCH: Final = "a batch with anything but creates in it is answered 500, and `fill` puts"
FEED: Final = "the change feed has one page, in no order, and begins anew with every cursor"
KEYS: Final = "only the first level of a hierarchical key counts, and queries ignore it"
MISSING: Final = "what is not there is answered 500 instead of 404"

FAULTS: Final[dict[str, list[str]]] = {
    FEED: [
        "test_a_deletion_is_told_without_what_the_record_held",
        "test_a_deletion_in_a_batch_is_told_with_the_rest_of_it",
        "test_a_deletion_is_told_for_thirty_days",
        "test_expiry_and_purging_are_no_deletions",
        "test_changes_come_oldest_first_in_their_latest_version",
        "test_following_the_cursor_shows_each_change_until_there_are_none",
        "test_a_cursor_is_never_empty_and_can_be_replayed",
        "test_what_is_deleted_or_purged_leaves_the_feed_and_hides_nothing_new",
        "test_changes_of_a_business_are_in_order_within_each_partition",
        "test_what_was_written_is_there_after_closing_and_opening",
    ],
    MISSING: [
        "test_what_is_missing_reads_as_none",
    ],
    KEYS: [
        "test_a_purge_without_a_scope_removes_exactly_one_business",
        "test_a_purge_removes_one_business_of_twenty",
        "test_a_whole_business_is_asked_with_an_empty_scope",
        "test_ids_are_unique_per_kind_scope_and_business_only",
    ],
    BATCH: [
        "test_none_of_twenty_businesses_ever_sees_another",
        "test_a_purge_removes_exactly_one_partition",
        "test_purging_again_or_nothing_is_fine_and_ids_are_free",
        "test_a_query_returns_what_its_words_mean",
        "test_values_of_different_types_are_never_equal_or_compared",
        "test_a_prefix_ends_where_unicode_ends",
        "test_a_record_that_lacks_a_field_never_matches_it",
        "test_an_id_can_be_asked_for_like_a_field",
        "test_equal_values_are_ordered_by_id_and_paged_without_loss[False]",
        "test_equal_values_are_ordered_by_id_and_paged_without_loss[True]",
        "test_a_cursor_survives_inserts_and_deletes[False-id]",
        "test_a_cursor_survives_inserts_and_deletes[False-v]",
        "test_a_cursor_survives_inserts_and_deletes[True-id]",
        "test_a_cursor_survives_inserts_and_deletes[True-v]",
        "test_a_broken_cursor_is_refused[x]",
        "test_a_broken_cursor_is_refused[====]",
        "test_a_broken_cursor_is_refused[bm90IGpzb24]",
        "test_a_broken_cursor_is_refused[W10]",
        "test_a_broken_cursor_is_refused[WzEsMiwzLDRd]",
        "test_a_broken_cursor_is_refused[\\xe9]",
        "test_a_broken_cursor_is_refused[\\ud800]",
        "test_a_broken_cursor_is_refused[cursor7]",
        "test_a_cursor_of_another_query_is_refused",
        "test_whether_lasting_or_not_a_batch_is_there_at_once_and_whole[True]",
        "test_whether_lasting_or_not_a_batch_is_there_at_once_and_whole[False]",
        "test_a_batch_returns_its_records_in_order",
        "test_writes_of_a_batch_see_those_before_them",
        "test_a_batch_with_one_bad_write_writes_nothing[bad2-RecordMissing-0]",
        "test_a_batch_with_one_bad_write_writes_nothing[bad2-RecordMissing-1]",
        "test_a_batch_with_one_bad_write_writes_nothing[bad2-RecordMissing-2]",
        "test_a_batch_with_one_bad_write_writes_nothing[bad4-RecordMissing-0]",
        "test_a_batch_with_one_bad_write_writes_nothing[bad4-RecordMissing-1]",
        "test_a_batch_with_one_bad_write_writes_nothing[bad4-RecordMissing-2]",
    ],
}
KNOWN: Final = 48


INDEXING: Final = Path(__file__).parents[2] / "deploy" / "cosmos-indexing.json"


@pytest.fixture(scope="module")
def server(certificates: Certificates) -> Iterator[NpmCosmosServer]:
    with NpmCosmosServer(certificates) as server:
        yield server


def test_the_list_of_faults_is_as_long_as_it_was() -> None:
    """Whoever adds to it changes the number, too, and says why."""
    assert sum(map(len, FAULTS.values())) == KNOWN


class TestNpmCosmosStore(StoreContract):
    """Only what that server can do."""

    @pytest.fixture(autouse=True)
    def known_faults(self, request: pytest.FixtureRequest) -> None:
        for reason, names in FAULTS.items():
            if request.node.name in names:
                drawn = hasattr(request.function, "hypothesis")
                # What draws its input would look for the shortest that fails for minutes.
                mark = pytest.mark.xfail(strict=True, run=not drawn, reason=reason)
                request.applymarker(mark)

    @pytest.fixture(autouse=True)
    def nothing_collected_meanwhile(self) -> Iterator[None]:
        """Where something is collected while a source is read, Python 3.11 may stop with a
        SystemError (gh-106905); pytest reads sources to tell of a test that fails.
        """
        gc.disable()
        yield
        gc.enable()

    @pytest.fixture
    async def container(self, server: NpmCosmosServer) -> str:
        name = f"records-{uuid4().hex}"
        async with CosmosClient(server.url, server.key) as client:
            database = await client.create_database_if_not_exists("jigajob")
            await database.create_container(
                name,
                PartitionKey(path=["/b", "/s"]),
                default_ttl=-1,
                indexing_policy=json.loads(INDEXING.read_text()),
            )
        return name

    @pytest.fixture
    async def open_store(
        self, server: NpmCosmosServer, container: str, tmp_path: Path, clock: StoppedClock
    ) -> AsyncIterator[Callable[[], Store]]:
        opened: list[Store] = []

        def open_one() -> Store:
            account = CosmosAccount(
                server.url, server.key, container=container, patience=0.05, first_pause=0.01
            )
            opened.append(CosmosStore(account, FolderBlobs(tmp_path / "blobs"), clock=clock))
            return opened[-1]

        yield open_one
        # A test that fails, as some here must, may leave stores open and writers at work, which
        # would open theirs again.
        running = asyncio.all_tasks() - {asyncio.current_task()}
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for store in opened:
            await store.close()
