"""What every source of invoices promises. Subclass `InvoiceSourceContract`.

    class TestMyInvoices(InvoiceSourceContract):
        @pytest.fixture
        def office(self):
            return MyOffice()

An `Office` is the other side: it writes invoices, has them paid, and opens the source as often
as it is asked to, each time as after a restart.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

import pytest

from flows.booked import BookedInvoice, InvoiceSource


class Office(Protocol):
    """Holds the invoices that a source under test shows; at first there are none."""

    def open(self) -> InvoiceSource: ...

    def issue(self, amount: Decimal) -> str:
        """Issue an invoice of so much, and return its id."""

    def pay(self, invoice_id: str) -> None:
        """Have an invoice paid in full, a day later."""

    def remove(self, invoice_id: str) -> None:
        """Take an invoice away, as if it had never been."""


async def listing(
    source: InvoiceSource, cursor: str = "", limit: int = 100
) -> tuple[list[BookedInvoice], str]:
    """Return all items by following the cursors to the end, and the last cursor."""
    items: list[BookedInvoice] = []
    for _ in range(10_000):
        page = await source.page(cursor, limit)
        assert len(page.items) <= limit
        items, cursor = [*items, *page.items], page.cursor
        if not page.more:
            return items, cursor
    raise AssertionError("the cursors never come to an end")


def ids(items: list[BookedInvoice]) -> list[str]:
    return [item.native_id for item in items]


class InvoiceSourceContract:
    """The promises of `flows.booked.InvoiceSource`; `office` is to be overridden."""

    @pytest.fixture
    def office(self) -> Office:
        raise NotImplementedError("override office: see the module's first lines")

    @pytest.fixture
    def five(self, office: Office) -> list[str]:
        return [office.issue(Decimal(number * 100 + 7)) for number in range(5)]

    async def test_no_invoices_are_one_empty_page(self, office):
        page = await office.open().page("", 10)
        assert (page.items, page.more) == ((), False)

    @pytest.mark.parametrize("limit", [1, 2, 5, 6, 1000])
    async def test_pages_of_any_size_show_all(self, office, five, limit):
        items, _ = await listing(office.open(), limit=limit)
        assert ids(items) == five
        amounts = [item.invoice.money.amount for item in items]
        assert amounts == [Decimal(number * 100 + 7) for number in range(5)]

    @pytest.mark.parametrize("limit", [0, -1, 1001])
    async def test_a_limit_out_of_bounds_is_refused(self, office, limit):
        with pytest.raises(ValueError, match=r"1 to 1,000"):
            await office.open().page("", limit)

    async def test_an_open_invoice_says_all_that_matching_needs(self, office, five):
        items, _ = await listing(office.open())
        for item in items:
            assert item.state == "open"
            assert item.reason == ""
            assert item.invoice.number
            assert item.pointer
            assert item.invoice.issued_on
            assert item.invoice.direction in {"payable", "receivable"}
            assert item.remaining == item.invoice.money

    async def test_one_that_is_paid_comes_again_as_paid(self, office, five):
        _, cursor = await listing(office.open())
        office.pay(five[1])
        items, _ = await listing(office.open(), cursor, 2)
        found = {item.native_id: item for item in items}[five[1]]
        assert (found.state, found.remaining.amount) == ("paid", Decimal(0))

    async def test_a_new_one_is_shown_by_the_last_cursor(self, office, five):
        _, cursor = await listing(office.open())
        new = office.issue(Decimal(9))
        items, _ = await listing(office.open(), cursor)
        assert new in ids(items)

    @pytest.mark.parametrize("cursor", ["x", "{}", "[]", "null", '{"of": "y"}'])
    async def test_a_cursor_of_another_time_starts_anew(self, office, five, cursor):
        items, _ = await listing(office.open(), cursor)
        assert ids(items) == five

    async def test_the_census_counts_what_there_is_now(self, office, five):
        await listing(office.open())
        office.remove(five[3])
        counted = [native async for native in office.open().census()]
        assert sorted(counted) == sorted(five[:3] + five[4:])

    async def test_closing_twice_is_fine(self, office, five):
        source = office.open()
        await source.page("", 1)
        await source.close()
        await source.close()
