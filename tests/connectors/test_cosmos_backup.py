"""Backups, rotations and the end of a business, where long bodies lie outside the records."""

from __future__ import annotations

import io
import os
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.blob_folder import FolderBlobs
from connectors.cosmos import CosmosAccount, CosmosStore
from connectors.key_file import KeyFileVault
from connectors.sqlite import SqliteStore
from flows.backup import back_up, restore
from flows.keys.rotation import SETTLED_AFTER, Rotating
from flows.keys.shredding import shred
from flows.ports import Key, Record, Store
from flows.sealing import Keyring
from tests.connectors.cosmos_account import cosmos_server, cosmos_store, indexing
from tests.contract.store_model import StoppedClock
from tests.servers.certificates import Certificates
from tests.servers.cosmos import CosmosServer

BUSINESS = "hudson"
SIZES = {"short": 100, "long": 100_000, "longer": 1_000_000, "longest": 1_999_000}
FAULTS = ("408", "408_after", "429", "503", "503_after", "cut_before", "cut_after")


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def server(certificates: Certificates) -> Iterator[CosmosServer]:
    with cosmos_server(certificates) as server:
        server.create_container(
            "jigajob", "other", paths=["/b", "/s"], default_ttl=-1, indexing=indexing()
        )
        yield server


@pytest.fixture
def blobs(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def vault(tmp_path: Path) -> KeyFileVault:
    return KeyFileVault(tmp_path / "keys")


@pytest.fixture
async def store(
    server: CosmosServer, blobs: Path, vault: KeyFileVault, clock: StoppedClock
) -> AsyncIterator[CosmosStore]:
    """A store with bodies of every length, of a business and of its neighbour."""
    store = cosmos_store(server, blobs, clock)
    for business in (BUSINESS, "other"):
        for scope in ("intake", "work"):
            await written(store, Keyring(store, vault, clock=clock), business, scope)
    yield store
    await store.close()


async def written(store: Store, keyring: Keyring, business: str, scope: str) -> None:
    """Random, so that they stay as long when they are sealed."""
    for name, size in SIZES.items():
        sealed = await keyring.seal(business, "mail", name, os.urandom(size))
        record = Record(kind="mail", id=name, fields={"size": size}, sealed=sealed)
        await store.put(Key(business, scope), record)


@pytest.fixture
async def elsewhere(
    request: pytest.FixtureRequest, server: CosmosServer, tmp_path: Path, clock: StoppedClock
) -> AsyncIterator[Store]:
    """Another container with its own blobs, or a file."""
    if request.param == "file":
        store: Store = SqliteStore(tmp_path / "restored.db", clock=clock)
    else:
        account = CosmosAccount(
            server.url, server.async_identity(), container="other", first_pause=0.01
        )
        store = CosmosStore(account, FolderBlobs(tmp_path / "other-blobs"), clock=clock)
    yield store
    await store.close()


async def held(store: Store, business: str = BUSINESS) -> dict[tuple[str, str, str], Record]:
    found: dict[tuple[str, str, str], Record] = {}
    cursor, before = "", None
    while cursor != before:
        page = await store.changes(Key(business), cursor=cursor)
        before, cursor = cursor, page.cursor
        for record in page.records:
            found[record.scope, record.kind, record.id] = replace(record, etag="")
    return {place: record for place, record in found.items() if not record.deleted}


def kept(blobs: Path) -> list[Path]:
    return [path for path in blobs.rglob("*") if path.is_file()]


@pytest.mark.parametrize("trouble", [False, True], ids=["calm", "trouble"])
@pytest.mark.parametrize("elsewhere", ["container", "file"], indirect=True)
async def test_long_bodies_come_back_with_their_records(
    server: CosmosServer,
    store: CosmosStore,
    elsewhere: Store,
    vault: KeyFileVault,
    clock: StoppedClock,
    *,
    trouble: bool,
) -> None:
    """Into another container or into a file, also where each tenth call fails."""
    if trouble:
        server.faults.random(rate=0.1, kinds=FAULTS, seed=11)
    archive = io.BytesIO()
    _, keys = await back_up(BUSINESS, store, vault, clock, archive)
    await restore(BUSINESS, elsewhere, vault, clock, archive, keys=keys.as_bytes())
    server.faults.calm()
    was = await held(store)
    assert len(was) == 2 * len(SIZES) + 2
    assert await held(elsewhere) == was
    keyring = Keyring(elsewhere, vault, clock=clock)
    for (_, kind, name), record in was.items():
        if kind == "mail":
            assert len(await keyring.open(BUSINESS, kind, name, record.sealed)) == SIZES[name]


async def test_a_rotation_seals_long_bodies_anew_and_leaves_no_old_ones(
    server: CosmosServer,
    store: CosmosStore,
    blobs: Path,
    vault: KeyFileVault,
    clock: StoppedClock,
) -> None:
    keyring = Keyring(store, vault, clock=clock)
    before, bodies = await held(store), set(kept(blobs))
    rotating = Rotating(store, vault, keyring, BUSINESS, clock)
    started = await rotating.rotate()
    clock.at += SETTLED_AFTER + timedelta(minutes=1)
    ended = await rotating.rotate()
    after = await held(store)

    assert (started.resealed, started.done) == (2 * len(SIZES), False)
    assert (ended.resealed, ended.done, ended.unopened) == (0, True, 0)
    assert ("keys", "key", "data.1") not in after
    fresh = Keyring(store, vault, clock=clock)
    for (scope, kind, name), record in after.items():
        if kind == "mail":
            assert record.sealed != before[scope, kind, name].sealed
            assert len(await fresh.open(BUSINESS, kind, name, record.sealed)) == SIZES[name]
    assert len(kept(blobs)) == len(bodies), "what a body is replaced by takes its place"
    assert await held(store, "other"), "the neighbour is left alone"


async def test_a_shredding_removes_the_bodies_of_the_business_and_of_no_other(
    store: CosmosStore, blobs: Path, clock: StoppedClock
) -> None:
    """Also what a process left behind that died before it wrote the record."""
    left = FolderBlobs(blobs)
    await left.put(BUSINESS, "left-behind", b"sealed")
    long_ago = time.time() - 2 * 86_400
    for path in kept(blobs):
        os.utime(path, (long_ago, long_ago))
    await shred(store, BUSINESS, clock)
    assert [entry.name async for entry in left.entries(BUSINESS)] == []
    assert len([entry async for entry in left.entries("other")]) == 6
    assert {place[0] for place in await held(store)} == {"keys"}
    assert len(await held(store, "other")) == 2 * len(SIZES) + 2
