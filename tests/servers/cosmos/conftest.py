"""A container of the stand-in, and the real SDK before it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.cosmos.aio import ContainerProxy, CosmosClient

from tests.servers.certificates import Certificates
from tests.servers.cosmos import CosmosServer

KEY = ["hudson", "work"]
POLICY: dict[str, Any] = {
    "includedPaths": [{"path": "/*"}, {"path": "/told/?"}],
    "excludedPaths": [{"path": "/sealed/*"}, {"path": "/plain/*"}],
    "compositeIndexes": [
        [{"path": "/n", "order": "ascending"}, {"path": "/id", "order": "descending"}]
    ],
}


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Box:
    """What the tests say for short; `container` is the SDK's own."""

    def __init__(self, container: ContainerProxy) -> None:
        self.container = container

    async def create(self, item_id: str, key: list[Any] | None = None, **more: Any) -> Any:
        business, scope = key or KEY
        return await self.container.create_item(
            {"id": item_id, "b": business, "s": scope, **more}
        )

    async def read(self, item_id: str, key: list[Any] | None = None) -> Any:
        return await self.container.read_item(item_id, key or KEY)

    async def ask(
        self, text: str, key: list[Any] | None = None, **parameters: Any
    ) -> list[Any]:
        """All rows of a query in one partition, or in the whole container: key []."""
        scope = {} if key == [] else {"partition_key": key or KEY}
        given = [{"name": f"@{name}", "value": value} for name, value in parameters.items()]
        return [
            row async for row in self.container.query_items(text, parameters=given, **scope)
        ]

    async def feed(self, **options: Any) -> list[str]:
        return [item["id"] async for item in self.container.query_items_change_feed(**options)]


@pytest.fixture(autouse=True)
async def goodbye() -> AsyncIterator[None]:
    """A client that was closed lets go of TLS connections in later turns of the loop."""
    yield
    await asyncio.sleep(0.05)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(certificates: Certificates, clock: Clock) -> Iterator[CosmosServer]:
    with CosmosServer(certificates, clock=clock) as server:
        server.create_container(
            "jigajob", "records", paths=["/b", "/s"], default_ttl=-1, indexing=POLICY
        )
        yield server


@pytest.fixture
async def box(server: CosmosServer) -> AsyncIterator[Box]:
    async with CosmosClient(server.url, server.async_identity()) as client:
        database = client.get_database_client("jigajob")
        yield Box(database.get_container_client("records"))
    assert server.violations == []
