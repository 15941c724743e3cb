"""What an mbox in a directory of mail promises beyond the contract."""

import asyncio
import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.folder.mbox import LONGEST_SEPARATOR, index
from tests.connectors.folder_mail import (
    SEPARATOR,
    as_mbox,
    check_census,
    opened,
    put,
    reason_of,
)
from tests.contract.mailbox import ids, letter, listing
from tests.depth import times


@pytest.fixture
def root(tmp_path):
    (tmp_path / "mail").mkdir()
    return tmp_path / "mail"


async def contents(path):
    mailbox = opened(path)
    return [await mailbox.fetch(ref) for ref in await check_census(path)]


LINES = st.one_of(
    st.sampled_from(
        [
            b"",
            b"\r",
            b"From here on",
            b">From x",
            b">>From y",
            b"From a@b Thu Jan  4 10:00:00 2024",
            b"Subject: x",
            b"From: x",
            b"Status: RO",
            b" folded",
        ]
    ),
    st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"")),
)
MESSAGES = st.builds(
    lambda n, body: letter(n, b"".join(line + b"\n" for line in body)),
    st.integers(0, 3),
    st.lists(LINES, max_size=12),
)


class TestMbox:
    @settings(max_examples=times(100), deadline=None)
    @given(messages=st.lists(MESSAGES, min_size=1, max_size=5))
    def test_any_messages_come_back_as_they_went_in(self, tmp_path_factory, messages):
        path = tmp_path_factory.mktemp("box") / "box"
        path.write_bytes(as_mbox(messages))
        assert asyncio.run(contents(path)) == messages

    @pytest.mark.parametrize("end", [b"\n", b"\r\n"])
    def test_separators_are_found_wherever_reading_is_cut(self, end):
        last = letter(3, b"long\n" * 1000)
        second = as_mbox([letter(2), last]).replace(b"\n", end)
        head = (SEPARATOR + letter(1, b"")).replace(b"\n", end)
        chunk = 2**20
        around = [chunk - LONGEST_SEPARATOR, chunk - 80, chunk]
        for cut in [near + by for near in around for by in range(-12, 12)]:
            first = head + b"y" * (cut - len(head) - 2 * len(end)) + end + end
            assert len(first) == cut
            content = first + second
            found = index(io.BytesIO(content), len(content))
            assert [entry.start for entry in found[1:]] == [
                cut + len(SEPARATOR) + len(end) - 1,
                len(content) - len(last.replace(b"\n", end)) - len(end),
            ]

    async def test_text_that_begins_with_from_does_not_split(self, root):
        bodies = [
            b"\nFrom here on\n\nFrom Monday to Friday: closed\n",
            b"\nFrom ada Thu Jan  4 10:00:00 2024\nwho wrote no header\n",
            b"text\nFrom ada@x Thu Jan  4 10:00:00 2024\nSubject: no blank line before\n",
            b"\nFrom Thu Jan 4 on, at 10:00 in 2024\n\n",
        ]
        messages = [letter(n, body) for n, body in enumerate(bodies)]
        put(root / "box", as_mbox(messages, escape=False))
        assert await contents(root) == messages

    @pytest.mark.parametrize(
        "separator",
        [
            b"From - Tue Oct 08 10:56:21 2002",
            b"From ???@??? Tue Oct  8 10:56:21 2002",
            b"From ada at customer.example  Tue Oct  8 10:56:21 2002",
            b"From 1786@xxx Tue Oct 08 10:56:21 +0000 2002",
            b"From ada@customer.example Tue Oct  8 10:56 EDT 2002",
            b"From ada@customer.example Tue, 8 Oct 2002 10:56:21 +0100",
            b"From MAILER-DAEMON Fri Jul  8 12:08:34 2011\r",
        ],
    )
    async def test_separators_of_many_programs_are_known(self, root, separator):
        put(root / "box", b"".join(separator + b"\n" + letter(n) + b"\n" for n in range(3)))
        assert await contents(root) == [letter(n) for n in range(3)]

    async def test_flags_noted_by_mail_programs_keep_the_id(self, root):
        box = put(root / "box", as_mbox([letter(1), letter(2)]))
        first = ids(await check_census(root))
        flagged = [
            m.replace(b"Subject", b"Status: RO\nX-Keywords: a\n b\nSubject").replace(
                b"\n\n", b"\nX-Mozilla-Status: 0001\n\n", 1
            )
            for m in (letter(1), letter(2))
        ]
        box.write_bytes(as_mbox(flagged))
        assert ids(await check_census(root)) == first
        assert await contents(root) == flagged

    async def test_appending_and_deleting_keep_the_ids_of_the_rest(self, root):
        box = put(root / "box", as_mbox([letter(n) for n in range(4)])[:-1])
        before = ids(await check_census(root))
        with box.open("ab") as stream:
            stream.write(b"\n" + as_mbox([letter(9)]))
        assert ids(await check_census(root))[:4] == before
        put(box, as_mbox([letter(n) for n in (0, 2, 3, 9)]))
        assert ids(await check_census(root))[:3] == [before[n] for n in (0, 2, 3)]

    async def test_a_missing_end_of_line_at_the_end_keeps_the_id(self, root):
        box = put(root / "box", SEPARATOR + letter(1)[:-1])
        before = ids(await check_census(root))
        with box.open("ab") as stream:
            stream.write(b"\n\n" + as_mbox([letter(2)]))
        assert ids(await check_census(root))[:1] == before

    async def test_deleting_during_a_listing_hides_no_message(self, root):
        put(root / "box", as_mbox([letter(n) for n in range(9)]))
        mailbox = opened(root)
        everything = ids(await listing(mailbox))
        page = await mailbox.page("", 4)
        put(root / "box", as_mbox([letter(n) for n in range(3, 9)]))
        shown = ids(page.refs) + ids(await listing(mailbox, 4, page.cursor))
        assert set(everything[3:]) <= set(shown)

    async def test_rewritten_between_listing_and_fetch_is_found_or_gone(self, root):
        put(root / "box", as_mbox([letter(n) for n in range(4)]))
        mailbox = opened(root)
        refs = await listing(mailbox)
        put(root / "box", as_mbox([letter(3), letter(1)]))
        assert await mailbox.fetch(refs[1]) == letter(1)
        assert await mailbox.fetch(refs[3]) == letter(3)
        assert await reason_of(mailbox, refs[0]) == "gone"
        (root / "box").unlink()
        assert await reason_of(mailbox, refs[1]) == "gone"

    async def test_a_line_without_end_is_read_in_bounded_memory(self, root):
        with (root / "box").open("wb") as stream:
            stream.write(as_mbox([letter(1)]) + SEPARATOR + letter(2))
            for _ in range(60):
                stream.write(b"x" * 2**20)
            stream.write(b"\n\n" + SEPARATOR + letter(3))
        tracemalloc.start()
        try:
            refs = await check_census(root)
            assert tracemalloc.get_traced_memory()[1] < 12 * 2**20
        finally:
            tracemalloc.stop()
        assert len(refs) == 3
        assert await reason_of(opened(root), refs[1]) == "too_large"
