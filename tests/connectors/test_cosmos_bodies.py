"""Long bodies lie outside the documents of Cosmos DB, and none is lost or left for long."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.blob_folder import FolderBlobs
from connectors.cosmos import CosmosAccount, CosmosStore
from flows.errors import RecordExists, StaleRecord
from flows.ports import Key, Record, Write
from tests.connectors.cosmos_account import cosmos_server, cosmos_store
from tests.servers.certificates import Certificates
from tests.servers.cosmos import CosmosServer

KEY = Key("hudson", "work")
LONG = 100_000


def long(record_id: str, byte: int = 1, size: int = LONG) -> Record:
    return Record(kind="job", id=record_id, sealed=bytes([byte]) * size)


@pytest.fixture
def server(certificates: Certificates) -> Iterator[CosmosServer]:
    with cosmos_server(certificates) as server:
        yield server


@pytest.fixture
def blobs(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
async def store(server: CosmosServer, blobs: Path) -> AsyncIterator[CosmosStore]:
    store = cosmos_store(server, blobs)
    yield store
    await store.close()


def kept(blobs: Path) -> list[Path]:
    return [path for path in blobs.rglob("*") if path.is_file()]


def grow_old(paths: list[Path]) -> None:
    for path in paths:
        os.utime(path, (time.time() - 2 * 86_400,) * 2)


async def test_a_long_body_is_outside_and_a_short_one_inside(
    server: CosmosServer, store: CosmosStore, blobs: Path
) -> None:
    await store.create(KEY, long("short", size=65_536))
    assert kept(blobs) == []
    stored = await store.create(KEY, long("long", size=65_537))
    assert len(kept(blobs)) == 1
    assert await store.get(KEY, "job", "long") == stored
    assert server.journal[-2].sent < 1_000


async def test_a_batch_of_many_bodies_goes_as_one_request(
    server: CosmosServer, store: CosmosStore, blobs: Path
) -> None:
    writes = [Write(op="create", record=long(f"{n}", n, 50_000 + n)) for n in range(100)]
    stored = await store.batch(KEY, writes)
    (batch,) = [entry for entry in server.journal if entry.operation == "batch"]
    assert batch.sent < 1_200_000
    assert 80 < len(kept(blobs)) < 100
    page = await store.query(KEY, "job", limit=100)
    assert {r.id: r for r in page.records} == {r.id: r for r in stored}


async def test_what_a_known_version_had_outside_goes_with_it(
    store: CosmosStore, blobs: Path
) -> None:
    first = await store.create(KEY, long("a"))
    second = await store.put(KEY, long("a", 2), etag=first.etag)
    assert len(kept(blobs)) == 1
    assert await store.get(KEY, "job", "a") == second
    await store.delete(KEY, "job", "a", etag=second.etag)
    assert kept(blobs) == []


async def test_a_refused_write_leaves_nothing_outside(store: CosmosStore, blobs: Path) -> None:
    first = await store.create(KEY, long("a"))
    await store.put(KEY, Record(kind="job", id="a"), etag=first.etag)
    with pytest.raises(RecordExists):
        await store.create(KEY, long("a"))
    with pytest.raises(StaleRecord):
        await store.put(KEY, long("a"), etag=first.etag)
    assert kept(blobs) == []


async def test_a_sweep_removes_what_nobody_names_and_is_old(
    store: CosmosStore, blobs: Path
) -> None:
    await store.put(KEY, long("a", 1))
    current = await store.put(KEY, long("a", 2))
    await store.put(KEY, long("gone"))
    await store.delete(KEY, "job", "gone")
    assert len(kept(blobs)) == 3
    assert await store.sweep("hudson") == 0, "a write that is under way may name it yet"
    grow_old(kept(blobs))
    fresh = await store.put(KEY, long("fresh"))
    assert await store.sweep("hudson") == 2
    assert await store.get(KEY, "job", "a") == current
    assert await store.get(KEY, "job", "fresh") == fresh
    assert len(kept(blobs)) == 2


async def test_a_purge_takes_the_bodies_of_exactly_its_records(
    store: CosmosStore, blobs: Path
) -> None:
    for business in ("hudson", "other"):
        for scope in ("work", "more"):
            await store.put(Key(business, scope), long("a"))
    await store.purge(KEY)
    assert len(kept(blobs)) == 3
    await store.purge(Key("hudson"))
    assert len(kept(blobs)) == 2
    for scope in ("work", "more"):
        assert await store.get(Key("other", scope), "job", "a")


async def test_who_reads_while_others_write_over_it_sees_a_whole_version(
    server: CosmosServer, store: CosmosStore, blobs: Path
) -> None:
    writer = cosmos_store(server, blobs)
    record = await writer.create(KEY, long("a", 0))
    done = asyncio.Event()

    async def write() -> None:
        nonlocal record
        for n in range(1, 30):
            record = await writer.put(KEY, long("a", n), etag=record.etag)
        done.set()

    seen = set()

    async def read() -> None:
        while not done.is_set():
            found = await store.get(KEY, "job", "a")
            assert found is not None
            assert len(set(found.sealed)) == 1
            seen.add(found.etag)

    await asyncio.gather(write(), read())
    assert len(seen) > 1
    await writer.close()


async def test_the_body_of_an_expired_record_goes_with_the_sweep(
    server: CosmosServer, blobs: Path
) -> None:
    class Later:
        at = datetime.now(UTC)

        def now(self) -> datetime:
            return self.at

    account = CosmosAccount(server.url, server.async_identity())
    clock = Later()
    server.clock = clock
    store = CosmosStore(account, FolderBlobs(blobs), clock=clock)
    soon = clock.at + timedelta(minutes=1)
    await store.put(KEY, Record(kind="job", id="a", sealed=bytes(LONG), expires_at=soon))
    clock.at += timedelta(days=3)
    assert await store.sweep("hudson") == 1
    assert kept(blobs) == []
    await store.close()


async def test_who_writes_bodies_sweeps_by_itself_once(
    server: CosmosServer, store: CosmosStore, blobs: Path
) -> None:
    await store.put(KEY, long("a", 1))
    await store.put(KEY, long("a", 2))
    grow_old(kept(blobs))
    next_day = cosmos_store(server, blobs)
    await next_day.put(KEY, Record(kind="job", id="short"))
    assert len(kept(blobs)) == 2, "who writes no bodies need not look"
    await next_day.put(KEY, long("b"))
    assert len(kept(blobs)) == 2
    await next_day.put(KEY, long("c"))
    assert next_day.charges["sweep"].calls == 1
    await next_day.close()
