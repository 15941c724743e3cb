"""A stand-in for Cosmos DB with the container that deploy/ makes, and stores on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from connectors.blob_folder import FolderBlobs
from connectors.cosmos import CosmosAccount, CosmosStore
from flows.ports import Clock
from tests.servers.certificates import Certificates
from tests.servers.cosmos import CosmosServer

INDEXING = Path(__file__).parents[2] / "deploy" / "cosmos-indexing.json"


def indexing() -> dict[str, Any]:
    return json.loads(INDEXING.read_text())


@contextmanager
def cosmos_server(
    certificates: Certificates, clock: Clock | None = None
) -> Iterator[CosmosServer]:
    """The server; at the end nothing may have been asked of it that Azure does not answer."""
    with CosmosServer(certificates, clock=clock) as server:
        server.create_container(
            "jigajob", "records", paths=["/b", "/s"], default_ttl=-1, indexing=indexing()
        )
        yield server
    assert server.violations == []


def cosmos_store(
    server: CosmosServer,
    blobs: Path,
    clock: Clock | None = None,
    *,
    patience: float = 30.0,
    first_pause: float = 0.01,
) -> CosmosStore:
    account = CosmosAccount(
        server.url, server.async_identity(), patience=patience, first_pause=first_pause
    )
    return CosmosStore(account, FolderBlobs(blobs), clock=clock)
