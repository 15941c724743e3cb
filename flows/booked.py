"""What is asked of a firm's books beside its movements: the invoices that are in them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, Protocol

from flows.model import Invoice, Money

BookedState = Literal["draft", "open", "paid", "canceled"]
"""What the books say of an invoice; one that corrects another counts as canceled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedInvoice:
    """An invoice as the books have it, or the reason why it is none that can be used.

    `remaining` is what is still to be paid. `pointer` says which one it is, for the person
    who mends it.
    """

    native_id: str
    pointer: str
    invoice: Invoice | None
    state: BookedState = "draft"
    remaining: Money | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePage:
    """Some invoices, the cursor of the next page, and whether one follows."""

    items: tuple[BookedInvoice, ...]
    cursor: str
    more: bool


class InvoiceSource(Protocol):
    """Books that tell of invoices, and again of each that changes."""

    async def page(self, cursor: str, limit: int) -> InvoicePage:
        """Return at most *limit* (1 to 1,000) after *cursor*, oldest change first.

        "" is the start. An invoice that was changed, or paid, comes again under its
        `native_id`, as it is then.

        Raises:
            TransientError, AdministratorError: As for a mailbox.
        """

    def census(self) -> AsyncIterator[str]:
        """Yield the native id of every invoice that the books hold now, read anew."""

    async def close(self) -> None:
        """Let go of connections."""
