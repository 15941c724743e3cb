"""A real account of Cosmos DB keeps the contract of every store."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from flows.ports import Key, Store
from portal.settings import read_settings
from portal.wiring.stores import open_store
from tests.contract.store import StoreContract
from tests.contract.store_model import StoppedClock
from tests.live.account import OwnBusinesses, endpoint


class TestCosmosAccount(StoreContract):
    """Its businesses have names of their own, and are purged at the end of each test."""

    @pytest.fixture
    def clock(self) -> StoppedClock:
        # The time to live of documents goes by Azure's clock: ours begins where that stands.
        return StoppedClock(datetime.now(UTC).replace(microsecond=0))

    @pytest.fixture
    def open_store(
        self, tmp_path: Path, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[Callable[[], Store]]:
        address = endpoint()
        if not urlsplit(address).path.strip("/"):
            address = f"{address.rstrip('/')}/jigajob/records-test"
        monkeypatch.setenv("JIGAJOB_STORE", address)
        monkeypatch.setenv("JIGAJOB_STORE_KEY", os.environ.get("COSMOS_KEY", ""))
        settings = read_settings(tmp_path / "home", None)
        prefix, used = f"test-{secrets.token_hex(4)}-", set[str]()
        yield lambda: OwnBusinesses(open_store(settings, clock), prefix, used)

        async def purge() -> None:
            store = open_store(settings, clock)
            for business in used:
                await store.purge(Key(business))
            await store.close()

        asyncio.run(purge())
