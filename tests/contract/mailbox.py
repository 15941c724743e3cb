"""What every mailbox promises. Subclass `MailboxContract`, say how to fill one, and run it.

    class TestMyMailbox(MailboxContract):
        @pytest.fixture
        def holder(self, tmp_path):
            return MyHolder(tmp_path)

A `Holder` is the other side of the mailbox: it puts mail there, takes it away, and opens the
mailbox as often as it is asked to, each time as after a restart.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

import pytest

from flows.errors import SkipItem
from flows.ports import Mailbox, MailRef


class Holder(Protocol):
    """Holds the mail that a mailbox under test shows; at first there is none."""

    def open(self) -> Mailbox: ...

    def put(self, message: bytes) -> str:
        """Add a message, and return a handle of it."""

    def remove(self, handle: str) -> None:
        """Take a message away."""

    def replace(self, handle: str, message: bytes) -> None:
        """Put another message where one was, as far as this kind of mailbox allows."""

    def shown(self, message: bytes) -> bytes:
        """Return *message* as this kind of mailbox represents it: its line ends, for one."""

    def put_many(self, messages: Iterable[bytes]) -> None:
        """Add many messages, fast."""


def letter(number: int, body: bytes = b"The boiler leaks.\n") -> bytes:
    """Return a small message unlike every other number's."""
    return (
        b"From: Ada <ada@customer.example>\nTo: office@hudson.example\n"
        b"Subject: Letter %d\nMessage-ID: <%d@customer.example>\n"
        b"Date: Thu, 4 Jan 2024 10:00:00 +0000\n\n%s" % (number, number, body)
    )


async def listing(mailbox: Mailbox, limit: int = 100, cursor: str = "") -> list[MailRef]:
    """Return all refs by following the cursors to the end."""
    refs: list[MailRef] = []
    for _ in range(10_000):
        page = await mailbox.page(cursor, limit)
        assert len(page.refs) <= limit
        refs += page.refs
        if not page.more:
            return refs
        assert page.cursor
        cursor = page.cursor
    raise AssertionError("the cursors never come to an end")


def ids(refs: Sequence[MailRef]) -> list[str]:
    return [ref.native_id for ref in refs]


class MailboxPromises:
    """The contract but for its long test; `holder` is to be overridden."""

    @pytest.fixture
    def holder(self) -> Holder:
        raise NotImplementedError("override holder: see the module's first lines")

    @pytest.fixture
    def seven(self, holder: Holder) -> dict[str, bytes]:
        return {holder.put(letter(n)): holder.shown(letter(n)) for n in range(7)}

    async def test_an_empty_mailbox_is_one_empty_page(self, holder):
        page = await holder.open().page("", 10)
        assert (page.refs, page.more) == ((), False)
        assert [ref async for ref in holder.open().census()] == []

    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 1000])
    async def test_pages_of_any_size_show_each_message_once(self, holder, seven, limit):
        mailbox = holder.open()
        refs = await listing(mailbox, limit)
        assert len(set(ids(refs))) == len(refs) == len(seven)
        found = [await mailbox.fetch(ref) for ref in refs]
        assert Counter(found) == Counter(seven.values())

    @pytest.mark.parametrize("limit", [0, -1, 1001])
    async def test_a_limit_out_of_bounds_is_refused(self, holder, limit):
        with pytest.raises(ValueError, match=r"1 to 1,000"):
            await holder.open().page("", limit)

    async def test_the_order_is_the_same_each_time_and_after_a_restart(self, holder, seven):
        mailbox = holder.open()
        first = await listing(mailbox, 3)
        assert await listing(mailbox, 2) == first
        assert await listing(holder.open(), 7) == first

    async def test_the_same_cursor_gives_the_same_page(self, holder, seven):
        mailbox = holder.open()
        first = await mailbox.page("", 3)
        second = await mailbox.page(first.cursor, 3)
        assert await mailbox.page(first.cursor, 3) == second

    async def test_two_listings_at_once_do_not_disturb_each_other(self, holder, seven):
        mailbox = holder.open()
        one, other = await mailbox.page("", 3), await mailbox.page("", 2)
        rest = await listing(mailbox, 3, one.cursor)
        other_rest = await listing(mailbox, 2, other.cursor)
        assert ids([*one.refs, *rest]) == ids([*other.refs, *other_rest])

    async def test_the_census_counts_what_the_pages_show(self, holder, seven):
        refs = await listing(holder.open(), 3)
        counted = [ref async for ref in holder.open().census()]
        assert sorted(counted, key=lambda r: r.native_id) == sorted(
            refs, key=lambda r: r.native_id
        )

    async def test_folder_and_size_are_told(self, holder, seven):
        for ref in await listing(holder.open()):
            assert ref.folder
            assert ref.size == len(holder.shown(letter(0)))

    async def test_ids_and_folders_can_be_stored_as_utf_8(self, holder, seven):
        for ref in await listing(holder.open()):
            assert ref.native_id.encode()
            assert ref.folder.encode()

    async def test_a_ref_can_be_fetched_after_a_restart(self, holder, seven):
        refs = await listing(holder.open())
        found = [await holder.open().fetch(ref) for ref in refs]
        assert sorted(found) == sorted(seven.values())

    async def test_fetching_twice_and_in_any_order_gives_the_same_bytes(self, holder, seven):
        mailbox = holder.open()
        refs = await listing(mailbox)
        forth = [await mailbox.fetch(ref) for ref in refs]
        back = [await mailbox.fetch(ref) for ref in reversed(refs)]
        assert forth == back[::-1]

    @pytest.mark.parametrize("restarted", [False, True])
    async def test_what_is_added_shows_in_the_next_listing(self, holder, seven, restarted):
        mailbox = holder.open()
        before = await listing(mailbox)
        holder.put(letter(50))
        mailbox = holder.open() if restarted else mailbox
        after = await listing(mailbox, 2)
        assert set(ids(before)) < set(ids(after))
        (new,) = set(ids(after)) - set(ids(before))
        (ref,) = [ref for ref in after if ref.native_id == new]
        assert await mailbox.fetch(ref) == holder.shown(letter(50))

    @pytest.mark.parametrize("restarted", [False, True])
    async def test_what_is_removed_is_gone_and_the_rest_keeps_its_ids(
        self, holder, seven, restarted
    ):
        mailbox = holder.open()
        before = {ref.native_id: ref for ref in await listing(mailbox)}
        handle, content = list(seven.items())[3]
        holder.remove(handle)
        mailbox = holder.open() if restarted else mailbox
        after = set(ids(await listing(mailbox)))
        assert after == {ref.native_id async for ref in mailbox.census()}
        assert after < set(before)
        (lost,) = set(before) - after
        with pytest.raises(SkipItem) as caught:
            await mailbox.fetch(before[lost])
        assert caught.value.reason == "gone"
        rest = [await mailbox.fetch(before[native_id]) for native_id in after]
        assert Counter(rest) == Counter(v for v in seven.values() if v != content)

    async def test_removed_between_listing_and_fetch_is_gone(self, holder, seven):
        mailbox = holder.open()
        refs = await listing(mailbox)
        holder.remove(next(iter(seven)))
        reasons = []
        for ref in refs:
            try:
                await mailbox.fetch(ref)
            except SkipItem as skipped:
                reasons.append(skipped.reason)
        assert reasons == ["gone"]

    @pytest.mark.parametrize("same_size", [False, True])
    async def test_another_message_in_its_place_is_another_message(
        self, holder, seven, same_size
    ):
        mailbox = holder.open()
        before = {ref.native_id: ref for ref in await listing(mailbox)}
        handle = list(seven)[3]
        new = letter(9) if same_size else letter(9, b"Another text altogether.\n")
        holder.replace(handle, new)
        refs = await listing(mailbox)
        (added,) = [ref for ref in refs if ref.native_id not in before]
        (lost,) = set(before) - set(ids(refs))
        assert await mailbox.fetch(added) == holder.shown(new)
        with pytest.raises(SkipItem) as caught:
            await mailbox.fetch(before[lost])
        assert caught.value.reason == "gone"

    @pytest.mark.parametrize(
        "cursor", ["x", "{}", "[]", "null", "1", '{"sweep": "0", "file": 9, "message": -1}']
    )
    async def test_a_cursor_of_another_time_starts_a_full_listing(self, holder, seven, cursor):
        assert len(await listing(holder.open(), 2, cursor)) == len(seven)

    async def test_a_restart_in_the_middle_misses_nothing(self, holder, seven):
        first = await holder.open().page("", 3)
        rest = await listing(holder.open(), 3, first.cursor)
        assert set(ids(first.refs)) | set(ids(rest)) == set(ids(await listing(holder.open())))

    async def test_mail_that_comes_and_goes_meanwhile_hides_no_other(self, holder, seven):
        mailbox = holder.open()
        stayed = await self._ids_by_handle(holder, seven)
        page = await mailbox.page("", 2)
        shown = ids(page.refs)
        gone = [handle for handle, native in stayed.items() if native in shown][:1]
        while page.more:
            for handle in gone:
                holder.remove(handle)
                del stayed[handle]
            gone = []
            holder.put(letter(100 + len(shown)))
            page = await mailbox.page(page.cursor, 2)
            shown += ids(page.refs)
        assert set(stayed.values()) <= set(shown)

    async def _ids_by_handle(self, holder, messages):
        mailbox = holder.open()
        by_content = {}
        for ref in await listing(mailbox):
            by_content[await mailbox.fetch(ref)] = ref.native_id
        return {handle: by_content[content] for handle, content in messages.items()}

    async def test_mail_that_arrives_during_a_sweep_is_shown_by_the_next_at_the_latest(
        self, holder, seven
    ):
        mailbox = holder.open()
        expected, found, cursor = set(seven.values()), set(), ""
        for round_number in range(2):
            more = True
            while more:
                page = await mailbox.page(cursor, 2)
                found |= {await mailbox.fetch(ref) for ref in page.refs}
                cursor, more = page.cursor, page.more
                if round_number == 0:
                    new = letter(100 + len(expected))
                    holder.put(new)
                    expected.add(holder.shown(new))
        assert found == expected

    async def test_equal_messages_are_all_shown(self, holder):
        for _ in range(3):
            holder.put(letter(1))
        mailbox = holder.open()
        refs = await listing(mailbox, 2)
        assert len(set(ids(refs))) == 3
        assert {await mailbox.fetch(ref) for ref in refs} == {holder.shown(letter(1))}
        assert {ref.native_id async for ref in mailbox.census()} == set(ids(refs))

    async def test_no_line_of_a_message_is_changed(self, holder):
        body = (
            b"From here on it leaks.\n\nFrom the start.\n>From quoted\n>>From twice\n"
            b"\n.\n..\n caf\xe9 \x00\x01\xff\n\n\n" + b"x" * 200_000 + b"\n"
        )
        holder.put(letter(1, body))
        holder.put(letter(2))
        mailbox = holder.open()
        found = {await mailbox.fetch(ref) for ref in await listing(mailbox)}
        assert found == {holder.shown(letter(1, body)), holder.shown(letter(2))}

    async def test_a_ref_that_was_never_given_out_is_gone(self, holder, seven):
        with pytest.raises(SkipItem) as caught:
            await holder.open().fetch(MailRef(native_id="nobody", folder="x", size=1))
        assert caught.value.reason == "gone"

    async def test_closing_twice_is_fine(self, holder, seven):
        mailbox = holder.open()
        await mailbox.page("", 1)
        await mailbox.close()
        await mailbox.close()


class MailboxContract(MailboxPromises):
    """The whole contract; `holder` is to be overridden.

    `most_memory` is what `many` messages of 10 kB may take at once, with their ids.
    """

    most_memory = 12_000_000
    many = 3_000

    @pytest.mark.slow
    async def test_many_messages_take_no_more_memory_than_a_page(self, holder):
        body = b"The boiler leaks a bit more each day.\n" * 260
        holder.put_many(letter(number, body) for number in range(self.many))
        mailbox = holder.open()
        gc.collect()
        gc.freeze()  # else garbage waits for a quarter of all that earlier tests have left
        tracemalloc.start()
        try:
            shown, cursor, more = 0, "", True
            while more:
                page = await mailbox.page(cursor, 100)
                for ref in page.refs:
                    assert body[:37] in await mailbox.fetch(ref)
                shown, cursor, more = shown + len(page.refs), page.cursor, page.more
            counted = 0
            async for _ref in mailbox.census():
                counted += 1
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            gc.unfreeze()
        assert (shown, counted) == (self.many, self.many)
        assert peak < self.most_memory < self.many * len(body) // 2


class OldestFirst:
    """One more promise, of mailboxes that know when a message came."""

    @pytest.mark.parametrize("limit", [1, 3, 1000])
    async def test_the_oldest_come_first_across_pages(self, holder, seven, limit):
        mailbox = holder.open()
        found = [await mailbox.fetch(ref) for ref in await listing(mailbox, limit)]
        assert found == list(seven.values())


class CountsByDay:
    """What `flows.ports.DayCounts` promises, of mailboxes whose server counts by itself.

    The holder's `put_on` adds a message that came on a day, and tells its folder.
    """

    days = tuple(date(2026, 3, day) for day in range(1, 8))

    @pytest.fixture
    def held(self, holder):
        """Return how many messages came in which folder and on which day."""
        numbers = enumerate(day for day in self.days[1:5] for _ in range(day.day))
        return Counter((holder.put_on(letter(n), day), day) for n, day in numbers)

    async def test_the_server_counts_what_the_census_lists(self, holder, held):
        refs = [ref async for ref in holder.open().census()]
        assert Counter((ref.folder, ref.received_on) for ref in refs) == held

        counts = await holder.open().day_counts(self.days)

        assert {(c.folder, c.day): c.number for c in counts if c.day} == held
        assert sum(c.number for c in counts if c.day is None) == held.total()

    async def test_only_the_days_asked_for_are_told(self, holder, held):
        counts = await holder.open().day_counts(self.days[2:3])
        assert {c.day for c in counts} == {None, self.days[2]}
        assert {c.day for c in await holder.open().day_counts(())} == {None}

    async def test_a_day_can_be_asked_for_by_itself(self, holder, held):
        mailbox = holder.open()
        refs = [ref async for ref in mailbox.census()]
        for folder, day in held:
            found = [ref async for ref in mailbox.of_day(folder, day)]
            assert found == [r for r in refs if (r.folder, r.received_on) == (folder, day)]
            assert [ref async for ref in mailbox.of_day(folder, self.days[6])] == []

    async def test_pages_and_census_tell_the_same_day(self, holder, held):
        days = {ref.native_id: ref.received_on for ref in await listing(holder.open())}
        assert days == {r.native_id: r.received_on async for r in holder.open().census()}
