"""What every source of transactions promises. Subclass `TransactionSourceContract`.

A source that reads an account, and not files that somebody puts beside one another, keeps
`TransactionPromises`, which are most of it.

    class TestMySource(TransactionSourceContract):
        @pytest.fixture
        def holder(self, tmp_path):
            return MyHolder(tmp_path)

A `TransactionHolder` is the other side: it books movements, and opens the source as often as
it is asked to, each time as after a restart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

import pytest

from flows.ports import TransactionItem, TransactionSource


@dataclass(frozen=True, kw_only=True)
class Booking:
    """One movement as the bank knows it. `bank_id` is used by banks that tell ids."""

    on: date
    amount: Decimal
    counterparty: str = "Ada Byron"
    reference: str = "INV-1001"
    bank_id: str = ""


def booking(number: int, **changes: object) -> Booking:
    """Return a movement unlike every other number's; higher numbers are later."""
    values: dict[str, object] = {
        "on": date(2024, 1 + number // 28, 1 + number % 28),
        "amount": Decimal(number * 100 + 7) / 100 * (-1 if number % 3 == 0 else 1),
        "reference": f"INV-{number}",
        "bank_id": f"B{number}",
    }
    return Booking(**{**values, **changes})  # type: ignore[arg-type]  # a test's own values


class TransactionHolder(Protocol):
    """Holds the movements that a source under test shows; at first there are none."""

    def open(self) -> TransactionSource: ...

    def export(self, name: str, bookings: Sequence[Booking]) -> None:
        """Let the source show these movements, as one statement (file) of that name.

        Again with the same name: the statement is replaced.
        """

    def remove(self, name: str) -> None:
        """Take a statement away."""

    def spoil(self, name: str) -> None:
        """Add an entry that cannot be read to a statement."""


async def listing(source: TransactionSource, limit: int = 100) -> list[TransactionItem]:
    """Return all items by following the cursors to the end."""
    items: list[TransactionItem] = []
    cursor = ""
    for _ in range(10_000):
        page = await source.page(cursor, limit)
        assert len(page.items) <= limit
        items += page.items
        if not page.more:
            return items
        cursor = page.cursor
    raise AssertionError("the cursors never come to an end")


def ids(items: Sequence[TransactionItem]) -> list[str]:
    return [item.native_id for item in items]


def seen(items: Sequence[TransactionItem]) -> list[tuple[date, Decimal, str]]:
    """Return day, amount and reference of each movement."""
    found = [item.transaction for item in items if item.transaction]
    return [(t.booked_on, t.money.amount, t.reference) for t in found]


def told(bookings: Sequence[Booking]) -> list[tuple[date, Decimal, str]]:
    return [(b.on, b.amount, b.reference) for b in bookings]


class TransactionPromises:
    """What every source of transactions promises; `holder` is to be overridden.

    `payer` is what the source shows of who paid.
    """

    payer = "Ada Byron"

    @pytest.fixture
    def holder(self) -> TransactionHolder:
        raise NotImplementedError("override holder: see the module's first lines")

    @pytest.fixture
    def seven(self, holder: TransactionHolder) -> list[Booking]:
        bookings = [booking(n) for n in range(7)]
        holder.export("january", bookings)
        return bookings

    async def check_census(self, holder, items):
        counted = [native_id async for native_id in holder.open().census()]
        assert sorted(counted) == sorted(ids(items))
        assert len(set(counted)) == len(counted)

    async def test_no_movements_are_one_empty_page(self, holder):
        page = await holder.open().page("", 10)
        assert (page.items, page.more) == ((), False)

    @pytest.mark.parametrize("limit", [1, 2, 7, 8, 1000])
    async def test_pages_of_any_size_show_all_oldest_first(self, holder, seven, limit):
        items = await listing(holder.open(), limit)
        assert seen(items) == told(seven)
        assert len(set(ids(items))) == len(items)
        await self.check_census(holder, items)

    @pytest.mark.parametrize("limit", [0, -1, 1001])
    async def test_a_limit_out_of_bounds_is_refused(self, holder, limit):
        with pytest.raises(ValueError, match=r"1 to 1,000"):
            await holder.open().page("", limit)

    async def test_ids_are_the_same_each_time_and_after_a_restart(self, holder, seven):
        source = holder.open()
        first = await listing(source, 3)
        assert ids(await listing(source, 2)) == ids(first)
        assert ids(await listing(holder.open())) == ids(first)

    async def test_the_same_cursor_gives_the_same_page(self, holder, seven):
        source = holder.open()
        first = await source.page("", 3)
        assert await source.page(first.cursor, 3) == await source.page(first.cursor, 3)

    @pytest.mark.parametrize("cursor", ["x", "{}", "[]", "null", '{"sweep": "0", "at": 3}'])
    async def test_a_cursor_of_another_time_starts_anew(self, holder, seven, cursor):
        page = await holder.open().page(cursor, 100)
        assert seen(page.items) == told(seven)

    async def test_a_transaction_says_all_that_the_bank_said(self, holder, seven):
        for item in await listing(holder.open()):
            transaction = item.transaction
            assert transaction.id
            assert transaction.money.currency == "USD"
            assert transaction.counterparty == self.payer
            assert isinstance(transaction.money.amount, Decimal)
            assert item.pointer
            assert item.reason == ""

    async def test_what_is_added_shows_in_the_next_listing(self, holder, seven):
        source = holder.open()
        before = await listing(source)
        holder.export("january", [*seven, booking(9)])
        after = await listing(source)
        assert ids(after)[:7] == ids(before)
        assert seen(after)[7:] == told([booking(9)])

    async def test_closing_twice_is_fine(self, holder, seven):
        source = holder.open()
        await source.page("", 1)
        await source.close()
        await source.close()


class TransactionSourceContract(TransactionPromises):
    """The whole contract, of sources that read what somebody exported."""

    async def test_the_same_statement_twice_counts_once(self, holder, seven):
        before = await listing(holder.open())
        holder.export("january-again", seven)
        items = await listing(holder.open())
        assert ids(items) == ids(before)
        await self.check_census(holder, items)

    async def test_overlapping_statements_count_each_movement_once(self, holder, seven):
        before = await listing(holder.open())
        later = [booking(n) for n in range(4, 12)]
        holder.export("february", later)
        items = await listing(holder.open(), 3)
        assert seen(items) == told([booking(n) for n in range(12)])
        assert ids(items)[:7] == ids(before)
        await self.check_census(holder, items)

    async def test_equal_movements_of_one_day_are_two(self, holder):
        coffee = [booking(1, reference="coffee", bank_id=n) for n in ("x1", "x2")]
        holder.export("january", [booking(0), *coffee])
        items = await listing(holder.open())
        assert len(items) == 3
        holder.export("february", [*coffee, booking(2)])
        again = await listing(holder.open())
        assert len(again) == 4
        assert set(ids(items)) < set(ids(again))
        await self.check_census(holder, again)

    async def test_a_removed_statement_changes_no_other_id(self, holder, seven):
        holder.export("february", [booking(n) for n in range(10, 13)])
        before = await listing(holder.open())
        holder.remove("january")
        after = await listing(holder.open())
        assert ids(after) == ids(before)[7:]
        await self.check_census(holder, after)

    async def test_another_movement_never_gets_a_used_id(self, holder, seven):
        before = ids(await listing(holder.open()))
        changed = [booking(n, amount=booking(n).amount + 1) for n in range(7)]
        holder.export("january", changed)
        assert not set(before) & set(ids(await listing(holder.open())))

    async def test_an_entry_that_cannot_be_read_is_shown_with_a_reason(self, holder, seven):
        holder.spoil("january")
        items = await listing(holder.open(), 2)
        (bad,) = [item for item in items if item.transaction is None]
        assert bad.reason
        assert "january" in bad.pointer
        assert seen(items) == told(seven)
        await self.check_census(holder, items)
        assert ids(await listing(holder.open())) == ids(items)
