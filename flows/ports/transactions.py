"""Where what was paid is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from flows.model import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionItem:
    """One entry of a bank file: a transaction, or the reason why it is none.

    `pointer` says where it stands (file name and row) for the person who mends it. `same_as`
    and `corrects` are native ids that the source showed at other times and shows no more:
    the same movement told elsewhere, and earlier versions that the bank has corrected. Where
    one of them was taken in, this one is not taken in as well.
    """

    native_id: str
    pointer: str
    transaction: Transaction | None
    reason: str = ""
    same_as: tuple[str, ...] = ()
    corrects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionPage:
    """Some entries, the cursor of the next page, and whether one follows."""

    items: tuple[TransactionItem, ...]
    cursor: str
    more: bool


class TransactionSource(Protocol):
    """A place that tells what was paid."""

    async def page(self, cursor: str, limit: int) -> TransactionPage:
        """Return at most *limit* entries after *cursor*, oldest first; "" is the start.

        The same movement met again (the same file twice, overlapping files) has the same
        `native_id`.

        Raises:
            TransientError, AdministratorError: As for a mailbox.
        """

    def census(self) -> AsyncIterator[str]:
        """Yield the native id of every entry that the source holds now, read anew."""

    async def close(self) -> None:
        """Let go of connections and files."""
