"""Everything in memory, for work of which nothing is to be kept: see `rehearse`."""

from connectors.memory.mailbox import MemoryMailbox
from connectors.memory.store import MemoryStore
from connectors.memory.transactions import MemoryTransactions
from connectors.memory.vault import MemoryVault

__all__ = ["MemoryMailbox", "MemoryStore", "MemoryTransactions", "MemoryVault"]
