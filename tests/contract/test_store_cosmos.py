"""The Cosmos DB store keeps the contract of every store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.ports import Store
from tests.connectors.cosmos_account import cosmos_server, cosmos_store
from tests.contract.store import StoreContract
from tests.contract.store_model import StoppedClock
from tests.servers.certificates import Certificates
from tests.servers.cosmos import CosmosServer


class TestCosmosStore(StoreContract):
    """With Microsoft's library, at a stand-in that follows Azure's documented answers."""

    @pytest.fixture
    def server(self, certificates: Certificates, clock: StoppedClock) -> Iterator[CosmosServer]:
        with cosmos_server(certificates, clock) as server:
            yield server

    @pytest.fixture
    def open_store(
        self, server: CosmosServer, tmp_path: Path, clock: StoppedClock
    ) -> Callable[[], Store]:
        return lambda: cosmos_store(server, tmp_path / "blobs", clock)
