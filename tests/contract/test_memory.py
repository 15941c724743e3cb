"""The store and the vault in memory keep the contracts of every store and vault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest

from connectors.memory import MemoryStore, MemoryVault
from connectors.memory.store import Memory
from flows.ports import Store, Vault
from tests.contract.store import StoreContract
from tests.contract.store_model import StoppedClock
from tests.contract.vault import VaultContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def open_store(self, clock: StoppedClock) -> Callable[[], Store]:
        memory = Memory()
        return lambda: MemoryStore(clock=clock, memory=memory)


class TestMemoryVault(VaultContract):
    @pytest.fixture
    def open_vault(self) -> Callable[[str], Vault]:
        vaults: defaultdict[str, Vault] = defaultdict(MemoryVault)
        return vaults.__getitem__
