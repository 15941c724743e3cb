"""Movements that somebody holds in memory, as a bank shows them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from flows.model import Transaction
from flows.ports import TransactionItem, TransactionPage


class MemoryTransactions:
    """Shows *transactions* in their order; their ids are those that they bear."""

    def __init__(self, transactions: Sequence[Transaction]) -> None:
        self._items = tuple(
            TransactionItem(native_id=each.id, pointer=each.id, transaction=each)
            for each in transactions
        )

    async def page(self, cursor: str, limit: int) -> TransactionPage:
        """Return at most *limit* entries after *cursor*, in their order; "" is the start."""
        start = int(cursor) if cursor.isdecimal() else 0
        end = min(start + limit, len(self._items))
        return TransactionPage(
            items=self._items[start:end], cursor=str(end), more=end < len(self._items)
        )

    async def census(self) -> AsyncIterator[str]:
        """Yield the native id of every entry."""
        for item in self._items:
            yield item.native_id

    async def close(self) -> None:
        """Nothing is open."""
