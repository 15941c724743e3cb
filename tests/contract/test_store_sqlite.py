"""The SQLite store keeps the contract of every store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.sqlite import SqliteStore
from flows.ports import Store
from tests.contract.store import StoreContract
from tests.contract.store_model import StoppedClock


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def open_store(self, tmp_path: Path, clock: StoppedClock) -> Callable[[], Store]:
        return lambda: SqliteStore(tmp_path / "home" / "store.db", clock=clock)
