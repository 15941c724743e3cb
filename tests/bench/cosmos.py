"""How fast the Cosmos DB store is beside bare azure-cosmos.

`python -m tests.bench.cosmos [calls]`. Both talk to the same stand-in, which runs in a process
of its own, in turns and in one run; what counts is the ratio, of calls a second and, where
others use the machine, of CPU time. One record holds 3 KB; 1 or 32 calls are under way at once.
"""

from __future__ import annotations

import asyncio
import base64
import multiprocessing
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from azure.cosmos.aio import ContainerProxy, CosmosClient

from connectors.blob_folder import FolderBlobs
from connectors.cosmos import CosmosAccount, CosmosStore
from flows.ports import Key, Record, Write
from tests.connectors.cosmos_account import cosmos_server
from tests.servers.certificates import make_certificates

KEY, BOTH = Key("hudson", "work"), ["hudson", "work"]
BODY = random.Random(1).randbytes(3_000)
ROUNDS = 4
IN_A_BATCH = 20
Call = Callable[[int], Awaitable[object]]


def serve(folder: str, line: Connection) -> None:
    """Run the stand-in until the other end says so."""
    with cosmos_server(make_certificates(Path(folder))) as server:
        line.send((server.url, server.key))
        line.recv()


def record(number: int) -> Record:
    """Make a record as a cleaned mail is stored."""
    fields = {"state": "stored", "source": "office", "received": f"2026-03-{number % 28:02}"}
    return Record(kind="mail", id=f"m{number}", fields=fields, sealed=BODY)


def document(number: int) -> dict[str, Any]:
    """Make the document that somebody without a store would write."""
    made = {"id": f"d{number}", "b": KEY.business, "s": KEY.scope, "k": "plain"}
    fields = {"state": "stored", "source": "office", "received": f"2026-03-{number % 28:02}"}
    return made | {"f": fields, "z": base64.b64encode(BODY).decode()}


def through(store: CosmosStore) -> dict[str, Call]:
    """The calls of the store."""

    async def batch(n: int) -> None:
        await store.batch(
            KEY, [Write(op="put", record=record(n * 100 + m)) for m in range(IN_A_BATCH)]
        )

    return {
        "put": lambda n: store.put(KEY, record(n)),
        "get": lambda n: store.get(KEY, "mail", f"m{n}"),
        f"batch of {IN_A_BATCH}": batch,
        "page of 20": lambda _: store.query(KEY, "mail", order="received", limit=20),
    }


def bare(container: ContainerProxy) -> dict[str, Call]:
    """The same, by hand."""

    async def batch(n: int) -> None:
        upserts = [("upsert", (document(n * 100 + m),)) for m in range(IN_A_BATCH)]
        await container.execute_item_batch(upserts, BOTH)

    async def page(_: int) -> None:
        text = "SELECT TOP 20 * FROM c WHERE c.k = 'plain' ORDER BY c.f.received"
        [one async for one in container.query_items(text, partition_key=BOTH)]

    return {
        "put": lambda n: container.upsert_item(document(n), no_response=True),
        "get": lambda n: container.read_item(f"d{n}", BOTH),
        f"batch of {IN_A_BATCH}": batch,
        "page of 20": page,
    }


async def rate(call: Call, calls: int, at_once: int) -> tuple[float, float]:
    """Return calls a second, and milliseconds of this process's CPU a call."""
    numbers = iter(range(calls))

    async def work() -> None:
        for number in numbers:
            await call(number)

    cpu, began = time.process_time(), time.perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    took = time.perf_counter() - began
    return calls / took, (time.process_time() - cpu) / calls * 1e3


async def compare(url: str, key: str, folder: Path, calls: int) -> None:
    """Print both rates, and how the store's stands to the other."""
    store = CosmosStore(CosmosAccount(url, key), FolderBlobs(folder / "blobs"))
    async with CosmosClient(url, key) as client:
        ours = through(store)
        theirs = bare(client.get_database_client("jigajob").get_container_client("records"))
        for name, call in ours.items():
            few = calls // (IN_A_BATCH if " " in name else 1)
            for at_once in (1, 32):
                rates = []
                for _ in range(ROUNDS):
                    ours_now = await rate(call, few, at_once)
                    rates.append((*ours_now, *await rate(theirs[name], few, at_once)))
                own, cpu, other, others = map(statistics.median, zip(*rates, strict=True))
                print(  # noqa: T201 the bench's output
                    f"{name:12} {at_once:3} at once   store {own:5,.0f}/s {cpu:5.1f} ms CPU"
                    f"   azure-cosmos {other:5,.0f}/s {others:5.1f} ms CPU"
                    f"   ratio {own / other:5.2f}, CPU {cpu / others:5.2f}"
                )
    await store.close()


def main(calls: int = 400) -> None:
    """Start the server, and compare."""
    with tempfile.TemporaryDirectory() as folder:
        here, there = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=serve, args=(folder, there))
        process.start()
        url, key = here.recv()
        asyncio.run(compare(url, key, Path(folder), calls))
        here.send("done")
        process.join()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
