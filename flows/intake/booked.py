"""The path of invoices that a firm's books tell of, so that payments and mail can meet them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Final

from flows.booked import BookedInvoice, InvoiceSource
from flows.engine import Engine
from flows.errors import RecordExists, StaleRecord
from flows.intake.arrivals import Arrivals, Counts, Pointer
from flows.ports import Clock
from flows.records import Records
from flows.work.register import Register

NAME: Final = "customer.name"
"""The field that a flow of the source keeps, where names of customers are to be stored."""

_RACES: Final = 5


class BookedIntake:
    """Takes in the invoices of one source of books.

    The books decide: what they say of an amount, a date or what was paid replaces what is
    recorded. The customer's name is stored only where a flow of this source keeps it.
    """

    def __init__(
        self,
        source: str,
        *,
        books: InvoiceSource,
        records: Records,
        register: Register,
        engine: Engine,
        clock: Clock,
    ) -> None:
        self.source, self.books = source, books
        self._records, self._register, self._clock = records, register, clock
        self._arrivals = Arrivals(records, f"{source}/invoices")
        self._names = NAME in engine.kept_of(source)

    async def page(self, items: tuple[BookedInvoice, ...]) -> Counts:
        """Record the invoices of a page, and return how many were new or another.

        Raises:
            TransientError, AdministratorError: From the store; the page can be done again.
        """
        counts = Counts(listed=len(items))
        for item in items:
            if item.invoice is None:
                await self._quarantine(item, counts)
            elif item.state != "draft":
                kept = item.invoice if self._names else replace(item.invoice, party="")
                booked = replace(item, invoice=kept)
                counts.stored += await self._book(booked)
        return counts

    async def _book(self, booked: BookedInvoice) -> bool:
        for _ in range(_RACES):
            with suppress(RecordExists, StaleRecord):  # another worker was quicker: look again
                return await self._register.book(booked, self._clock.now())
        raise StaleRecord("an invoice of the books was changed again and again meanwhile")

    async def _quarantine(self, item: BookedInvoice, counts: Counts) -> None:
        if await self._arrivals.find(item.native_id) is None:
            pointer = Pointer(native_id=item.native_id, folder="", detail=item.pointer)
            arrival = await self._arrivals.record(
                pointer, "quarantined", item.reason, day=self._clock.now()
            )
            if await self._arrivals.settle(arrival):
                counts.quarantined[item.reason] += 1
