"""The Cosmos DB store under trouble: nothing acknowledged is lost, nothing takes place twice.

`JIGAJOB_FAULTS` says how many faults the campaign injects; 150 unless it is set, 1,000 in the
long form. What was counted: `--log-cli-level=INFO`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

from connectors.cosmos import CosmosStore
from flows.errors import RecordExists, RecordMissing, StaleRecord, TransientError
from flows.ports import Key, Record, Where, Write
from tests.connectors.cosmos_account import cosmos_server, cosmos_store
from tests.servers.certificates import Certificates
from tests.servers.cosmos import CosmosServer

FAULTS = int(os.environ.get("JIGAJOB_FAULTS", "150"))
SEED = int(os.environ.get("JIGAJOB_FAULT_SEED", "20261129"))
WORKERS = 4
KINDS = (
    "408", "408_after", "412", "429", "449", "503", "503_after", "cut_before", "cut_after",
    "short_page", "empty_page",
)  # fmt: skip
KEY = Key("hudson", "work")


@pytest.fixture
def server(certificates: Certificates) -> Iterator[CosmosServer]:
    with cosmos_server(certificates) as server:
        yield server


@pytest.fixture
async def stores(server: CosmosServer, tmp_path: Path) -> AsyncIterator[list[CosmosStore]]:
    # Half of them give up soon, and then do not know whether their last write took place.
    opened = [
        cosmos_store(server, tmp_path / "blobs", first_pause=0.005, patience=patience)
        for patience in (30.0, 0.01) * (WORKERS // 2)
    ]
    yield opened
    server.faults.calm()
    for store in opened:
        await store.close()


class Worker:
    """Writes with one client of its own, and remembers what it was told of each write."""

    def __init__(self, store: CosmosStore, number: int) -> None:
        self.store, self.number = store, number
        self.done: set[str] = set()
        self.unsure: set[str] = set()
        self.jobs: set[str] = set()
        self.deleted: set[str] = set()
        self.refused = 0
        self._tokens = (f"w{number}-{n}" for n in count())
        self._dice = random.Random(SEED + number)

    async def work(self, server: CosmosServer) -> None:
        acts = (self.count_up, self.count_up, self.create, self.delete_one, self.read)
        while sum(server.faults.injected.values()) < FAULTS:
            try:
                await self._dice.choice(acts)()
            except TransientError:
                self.refused += 1

    async def count_up(self) -> None:
        """One more on the counter, in one batch with an entry that carries a fresh token."""
        token = next(self._tokens)
        read = await self.store.get(KEY, "counter", "c")
        assert read is not None
        n = int(str(read.fields["n"])) + 1
        counter = Record(kind="counter", id="c", fields={"n": n})
        entry = Record(kind="entry", id=f"{n}", fields={"token": token}, sealed=bytes(100))
        try:
            await self.store.batch(
                KEY,
                [
                    Write(op="put", record=counter, etag=read.etag),
                    Write(op="create", record=entry),
                ],
            )
            self.done.add(token)
        except StaleRecord:
            pass
        except TransientError:
            self.unsure.add(token)

    async def create(self) -> None:
        token = next(self._tokens)
        self.jobs.add(token)
        sealed = bytes(self._dice.choice((10, 70_000)))
        try:
            record = Record(kind="job", id=token, fields={"token": token}, sealed=sealed)
            await self.store.create(KEY, record)
            self.done.add(token)
        except TransientError:
            self.unsure.add(token)

    async def delete_one(self) -> None:
        mine = sorted(self.done & self.jobs)
        if mine:
            token = self._dice.choice(mine)
            self.deleted.add(token)
            self.done.discard(token)
            self.unsure.add(token)
            await self.store.delete(KEY, "job", token)
            self.unsure.discard(token)

    async def read(self) -> None:
        page = await self.store.query(KEY, "entry", order="token", limit=20)
        assert len(page.records) <= 20


async def every(store: CosmosStore, kind: str) -> list[Record]:
    records: list[Record] = []
    cursor = ""
    while True:
        page = await store.query(KEY, kind, order="token", limit=50, cursor=cursor)
        records += page.records
        cursor = page.cursor
        if not cursor:
            return records


async def follow(store: CosmosStore, seen: dict[tuple[str, str], Record], cursor: str) -> str:
    """Read the feed until nothing is new; a page that fails is asked for again."""
    while True:
        try:
            page = await store.changes(KEY, cursor=cursor, limit=10)
        except TransientError:
            continue
        seen.update({(record.kind, record.id): record for record in page.records})
        cursor = page.cursor
        if not page.records:
            return cursor


async def test_no_acknowledged_write_is_lost_doubled_or_half_done(
    server: CosmosServer, stores: list[CosmosStore]
) -> None:
    await stores[0].create(KEY, Record(kind="counter", id="c", fields={"n": 0}))
    workers = [Worker(store, number) for number, store in enumerate(stores)]
    seen: dict[tuple[str, str], Record] = {}
    server.faults.random(rate=0.25, kinds=KINDS, seed=SEED)
    working = asyncio.gather(*(worker.work(server) for worker in workers))
    cursor = ""
    while not working.done():
        cursor = await follow(stores[0], seen, cursor)
        await asyncio.sleep(0.05)
    await working
    server.faults.calm()
    await follow(stores[0], seen, cursor)

    done = set().union(*(worker.done for worker in workers))
    unsure = set().union(*(worker.unsure for worker in workers))
    deleted = set().union(*(worker.deleted for worker in workers))
    counter = await stores[0].get(KEY, "counter", "c")
    entries, jobs = await every(stores[0], "entry"), await every(stores[0], "job")
    tokens = Counter(str(record.fields["token"]) for record in [*entries, *jobs])
    logging.getLogger(__name__).info(
        "seed %s, faults %s: acknowledged %s, unsure %s, given up %s",
        SEED,
        server.faults.injected,
        len(done),
        len(unsure),
        sum(worker.refused for worker in workers),
    )
    assert not {token for token, times in tokens.items() if times > 1}, "doubled"
    assert not done - set(tokens), "acknowledged and lost"
    assert not set(tokens) - done - unsure, "never asked for, or deleted and there"
    assert not (deleted - unsure) & set(tokens), "deleted and there"
    # A counter and its entry are of one batch: as many of one as of the other.
    assert counter is not None
    assert sorted(int(entry.id) for entry in entries) == list(range(1, len(entries) + 1))
    assert counter.fields["n"] == len(entries)
    # And who followed the feed has heard of everything in its last version.
    heard = {name: record for name, record in seen.items() if not record.deleted}
    assert heard == {(r.kind, r.id): r for r in [counter, *entries, *jobs]}


AFTER = ("408_after", "503_after", "cut_after")
BEFORE = ("408", "429", "449", "503", "cut_before")


@pytest.mark.parametrize("kind", [*BEFORE, *AFTER])
async def test_each_write_takes_place_once_whatever_happens_to_it(
    server: CosmosServer, stores: list[CosmosStore], kind: str
) -> None:
    store = stores[0]
    old = await store.create(KEY, Record(kind="job", id="old", fields={"n": 0}))
    server.faults.fail_next(kind, "create")
    new = await store.create(KEY, Record(kind="job", id="new", fields={"n": 1}))
    server.faults.fail_next(kind, "replace")
    changed = await store.put(KEY, Record(kind="job", id="old", fields={"n": 2}), etag=old.etag)
    server.faults.fail_next(kind, "upsert")
    put = await store.put(KEY, Record(kind="job", id="put", fields={"n": 3}))
    server.faults.fail_next(kind, "batch")
    results = await store.batch(
        KEY,
        [
            Write(
                op="put", record=Record(kind="job", id="new", fields={"n": 4}), etag=new.etag
            ),
            Write(op="create", record=Record(kind="job", id="more", fields={"n": 5})),
        ],
    )
    assert sum(server.faults.injected.values()) == 4
    for record in (changed, put, *results):
        assert await store.get(KEY, "job", record.id) == record
        # The etag that was found again is good for the next write.
        await store.put(
            KEY, Record(kind="job", id=record.id, fields={"n": 9}), etag=record.etag
        )
    server.faults.fail_next(kind, "upsert")
    await store.delete(KEY, "job", "put")
    assert await store.get(KEY, "job", "put") is None


@pytest.mark.parametrize("kind", AFTER)
async def test_a_write_is_known_to_be_ours_although_another_wrote_over_it_since(
    server: CosmosServer, tmp_path: Path, kind: str
) -> None:
    slow = cosmos_store(server, tmp_path / "blobs", first_pause=0.6)
    other = cosmos_store(server, tmp_path / "blobs")
    old = await slow.create(KEY, Record(kind="job", id="j", fields={"n": 0}))
    await other.get(KEY, "job", "j")
    server.faults.fail_next(kind, "replace")
    record = Record(kind="job", id="j", fields={"n": 1})
    writing = asyncio.create_task(slow.put(KEY, record, etag=old.etag))
    await asyncio.sleep(0.15)
    read = await other.get(KEY, "job", "j")
    assert read is not None
    assert read.fields["n"] == 1
    last = await other.put(KEY, Record(kind="job", id="j", fields={"n": 2}), etag=read.etag)
    lost = await writing
    assert await slow.get(KEY, "job", "j") == last
    with pytest.raises(StaleRecord):
        await slow.put(KEY, Record(kind="job", id="j", fields={"n": 3}), etag=lost.etag)
    await slow.close()
    await other.close()


async def test_a_refusal_stays_one_when_its_answer_was_lost(
    server: CosmosServer, stores: list[CosmosStore]
) -> None:
    one, other = stores[0], stores[2]
    first = await one.create(KEY, Record(kind="job", id="j"))
    server.faults.fail_next("cut_before", "create")
    with pytest.raises(RecordExists):
        await other.create(KEY, Record(kind="job", id="j"))
    await one.put(KEY, Record(kind="job", id="j"))
    server.faults.fail_next("cut_before", "replace")
    with pytest.raises(StaleRecord):
        await other.put(KEY, Record(kind="job", id="j"), etag=first.etag)
    server.faults.fail_next("cut_before", "batch")
    with pytest.raises(RecordMissing):
        await other.batch(
            KEY,
            [
                Write(op="create", record=Record(kind="job", id="k")),
                Write(op="delete", record=Record(kind="job", id="gone"), etag=first.etag),
            ],
        )
    assert [r.id for r in (await one.query(KEY, "job")).records] == ["j"]


async def test_pages_that_come_short_or_empty_are_put_together(
    server: CosmosServer, stores: list[CosmosStore]
) -> None:
    store = stores[0]
    for n in range(3):
        for scope in ("a", "b", "c"):
            jobs = [Record(kind="job", id=f"{n}{m}", fields={"v": m}) for m in range(9)]
            writes = [Write(op="create", record=job) for job in jobs]
            await store.batch(Key("hudson", scope), writes)
    server.split("jigajob", "records")
    for rate in (0.0, 0.5):
        server.faults.random(rate=rate, kinds=("short_page", "empty_page"), seed=SEED)
        for key, number in ((Key("hudson", "a"), 27), (Key("hudson"), 81)):
            assert await store.count(key, "job", where=[Where("v", "<", 9)]) == number
            places: list[tuple[object, str, str]] = []
            cursor = ""
            while True:
                page = await store.query(key, "job", order="v", limit=10, cursor=cursor)
                places += [(r.fields["v"], r.id, r.scope) for r in page.records]
                cursor = page.cursor
                if not cursor:
                    break
            assert places == sorted(places)
            assert len(set(places)) == number
            told: set[tuple[str, str]] = set()
            # A feed may say that there is nothing new when there is: it is asked again later.
            for _ in range(400):
                changes = await store.changes(key, cursor=cursor, limit=7)
                told |= {(record.id, record.scope) for record in changes.records}
                cursor = changes.cursor
                if len(told) == number:
                    break
            assert len(told) == number
