"""What becomes of mail that is closed, too large, half-written, or real."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from connectors.folder import FolderMailbox
from flows.errors import SkipItem
from tests.connectors.folder_mail import (
    as_mbox,
    check_census,
    opened,
    put,
    reason_of,
)
from tests.contract.mailbox import ids, letter, listing

CORPORA = Path(os.environ.get("JIGAJOB_CORPORA", Path(__file__).parents[3] / "shared/data"))


@pytest.fixture
def root(tmp_path):
    (tmp_path / "mail").mkdir()
    return tmp_path / "mail"


class TestWhatCannotBeRead:
    @pytest.fixture
    def open_root(self):
        """A directory that users other than the one of the test can reach."""
        with tempfile.TemporaryDirectory() as name:
            Path(name).chmod(0o755)
            yield Path(name)

    async def test_a_large_message_is_listed_and_not_read(self, root):
        put(root / "large", letter(1, b"x" * 1000))
        put(root / "box", as_mbox([letter(1), letter(2, b"x" * 1000 + b"\n"), letter(3)]))
        mailbox = opened(root, max_bytes=600)
        refs = await check_census(root, max_bytes=600)
        assert len(refs) == 4
        large = [ref for ref in refs if ref.size > 600]
        assert [await reason_of(mailbox, ref) for ref in large] == ["too_large"] * 2

    async def test_with_a_higher_limit_a_large_message_is_a_new_one(self, root):
        put(root / "large", letter(1, b"x" * 1000))
        (small,) = await check_census(root, max_bytes=600)
        (large,) = await check_census(root)
        assert small.native_id != large.native_id
        assert await opened(root).fetch(large) == letter(1, b"x" * 1000)

    async def test_another_large_file_of_the_same_size_is_another_message(self, root):
        put(root / "large", b"a" * 1000)
        (first,) = await check_census(root, max_bytes=600)
        put(root / "large", b"b" * 1000)
        (second,) = await check_census(root, max_bytes=600)
        assert first.native_id != second.native_id

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
    def test_what_this_user_may_not_read_is_listed_and_unreadable(self, open_root):
        root = open_root
        put(root / "open", letter(1))
        put(root / "closed", letter(2)).chmod(0)
        put(root / "box" / "letter", letter(3))
        (root / "box").chmod(0)
        put(root / "M" / "cur" / "1.a.h:2,", letter(4)).chmod(0)
        put(root / "M" / "new" / "2.a.h", letter(5))
        (root / "M" / "new").chmod(0)
        lines = run_as_nobody(_AS_NOBODY, root)
        assert lines == ["fetched", *["unreadable"] * 4, "census agrees"]

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
    def test_a_closed_mailbox_is_an_administrators_matter(self, open_root):
        open_root.chmod(0)
        assert run_as_nobody(_AS_NOBODY, open_root) == ["AdministratorError"]


_AS_NOBODY = """
import asyncio, os, sys
from pathlib import Path
from connectors.folder import FolderMailbox
from flows.errors import AdministratorError, SkipItem

def become_nobody():
    # Python's own files may be closed to nobody: what is needed is loaded by now.
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)

async def main():
    mailbox = FolderMailbox(Path(sys.argv[1]), settle=0)
    await mailbox.page("", 1)
    become_nobody()
    refs = (await mailbox.page("", 100)).refs
    found = []
    for ref in refs:
        try:
            await mailbox.fetch(ref)
            found.append("fetched")
        except SkipItem as skipped:
            found.append(skipped.reason)
    print("\\n".join(sorted(found)))
    counted = {ref async for ref in mailbox.census()}
    print("census agrees" if counted == set(refs) else "census differs")

try:
    asyncio.run(main())
except AdministratorError:
    print("AdministratorError")
"""


def run_as_nobody(script, root):
    done = subprocess.run(
        [sys.executable, "-c", script, str(root)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split("\n")[:-1]


class TestFilesBeingWritten:
    async def test_a_fresh_file_is_left_to_settle_before_it_is_read(self, root):
        half = put(root / "letter", letter(1)[:50])
        mailbox = FolderMailbox(root, settle=0.4)
        (ref,) = await listing(mailbox)
        fetching = asyncio.ensure_future(mailbox.fetch(ref))
        await asyncio.sleep(0.1)
        half.write_bytes(letter(1))
        with pytest.raises(SkipItem) as caught:
            await fetching
        assert caught.value.reason == "gone"
        (whole,) = await listing(mailbox)
        assert await mailbox.fetch(whole) == letter(1)

    async def test_an_old_file_is_not_waited_for(self, root):
        for number in range(20):
            place = put(root / str(number), letter(number))
            os.utime(place, (1_700_000_000, 1_700_000_000))
        place = put(root / "future", letter(20))
        os.utime(place, (4_000_000_000, 4_000_000_000))
        mailbox = FolderMailbox(root, settle=5)
        refs = await listing(mailbox)
        before = time.monotonic()
        for ref in refs:
            await mailbox.fetch(ref)
        assert time.monotonic() - before < 4

    async def test_quick_changes_of_the_same_size_are_all_seen(self, root):
        mailbox = opened(root)
        known = set()
        for number in range(100, 300):
            put(root / "letter", letter(number))
            known |= set(ids(await listing(mailbox)))
        assert len(known) == 200

    async def test_touching_a_file_does_not_make_it_another_message(self, root):
        place = put(root / "letter", letter(1))
        first = await check_census(root)
        os.utime(place, (1_700_000_000, 1_700_000_000))
        assert await check_census(root) == first

    async def test_a_change_that_keeps_size_and_time_is_seen(self, root):
        place = put(root / "letter", letter(1))
        os.utime(place, (1_700_000_000, 1_700_000_000))
        mailbox = opened(root)
        first = await listing(mailbox)
        place.write_bytes(letter(2))
        os.utime(place, (1_700_000_000, 1_700_000_000))
        assert ids(await listing(mailbox)) != ids(first)


@pytest.mark.corpus
class TestCorpora:
    @pytest.mark.parametrize(
        ("name", "messages", "folders"),
        [
            ("spamassassin", 484, {".": 1, "easy-ham-1": 400, "hard-ham-1": 83}),
            ("mail-parser", 25, {".": 2, "tests/mails": 23}),
        ],
    )
    async def test_every_file_is_one_message(self, name, messages, folders):
        refs = await self.check(name)
        assert len(refs) == messages
        assert Counter(ref.folder for ref in refs) == folders

    async def test_every_file_of_enron_is_one_message(self):
        assert len(await self.check("enron-berkeley")) == 1637

    async def check(self, name):
        if not (CORPORA / name).is_dir():
            pytest.skip(f"the corpus {name} is not beside the project")
        refs = await check_census(CORPORA / name)
        mailbox = FolderMailbox(CORPORA / name)
        for ref in refs:
            assert len(await mailbox.fetch(ref)) <= ref.size
        return refs
