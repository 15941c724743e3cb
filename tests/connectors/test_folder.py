"""Which files of a directory are mail, and in which folders, beyond the contract."""

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

from connectors.folder.walk import Root, maildir_files
from flows.errors import AdministratorError
from tests.connectors.folder_mail import SEPARATOR, check_census, opened, put, reason_of
from tests.contract.mailbox import ids, letter, listing

DROPPINGS = (
    *(".DS_Store", "._letter", ".hidden", "Thumbs.db", "Desktop.ini", "a.swp", "inbox.lock"),
    *("~$draft", "Inbox.msf", ".git/objects/1", ".trash/letter", ".a/cur"),
)


@pytest.fixture
def root(tmp_path):
    (tmp_path / "mail").mkdir()
    return tmp_path / "mail"


class TestWhatIsMail:
    @pytest.mark.parametrize("name", DROPPINGS)
    async def test_droppings_are_in_neither_pages_nor_census(self, root, name):
        put(root / "letter", letter(1))
        put(root / name, letter(2))
        assert len(await check_census(root)) == 1

    async def test_any_other_name_is_mail(self, root):
        names = [b"1", b"a.eml", b"b.tmp", b"c~", b"d e\n.txt", b"\xff\xfe", b"#x%23", b"tmp/1"]
        for number, name in enumerate(names):
            put(Path(os.fsdecode(os.fsencode(root) + b"/" + name)), letter(number))
        mailbox = opened(root)
        refs = await check_census(root)
        assert {await mailbox.fetch(ref) for ref in refs} == {letter(n) for n in range(8)}
        assert all(ref.native_id.isascii() and ref.native_id.isprintable() for ref in refs)

    async def test_folders_with_odd_names_are_told_in_text(self, root):
        put(Path(os.fsdecode(os.fsencode(root) + b"/a\xff\n/1")), letter(1))
        (ref,) = await check_census(root)
        assert ref.folder == r"a\xff\n"

    async def test_pipes_and_sockets_are_no_mail(self, root):
        os.mkfifo(root / "pipe")
        put(root / "letter", letter(1))
        assert len(await check_census(root)) == 1

    async def test_a_pipe_in_the_place_of_a_message_does_not_hang(self, root):
        put(root / "letter", letter(1))
        mailbox = opened(root)
        (ref,) = await listing(mailbox)
        (root / "letter").unlink()
        os.mkfifo(root / "letter")
        assert await reason_of(mailbox, ref) == "gone"

    async def test_links_are_not_followed(self, root, tmp_path):
        put(tmp_path / "outside" / "secret", letter(1))
        put(root / "a" / "letter", letter(2))
        (root / "out").symlink_to(tmp_path / "outside")
        (root / "out-file").symlink_to(tmp_path / "outside" / "secret")
        (root / "a" / "loop").symlink_to(root)
        (root / "again").symlink_to(root / "a" / "letter")
        (root / "dangling").symlink_to(root / "nothing")
        assert len(await check_census(root)) == 1

    async def test_the_path_itself_may_be_a_link(self, root, tmp_path):
        put(root / "letter", letter(1))
        (tmp_path / "link").symlink_to(root)
        assert len(await check_census(tmp_path / "link")) == 1

    async def test_an_empty_file_is_shown(self, root):
        put(root / "empty", b"")
        (ref,) = await check_census(root)
        assert await opened(root).fetch(ref) == b""

    @pytest.mark.parametrize("name", ["nothing", "file/below"])
    async def test_a_missing_path_says_what_to_do(self, root, name):
        put(root / "file", letter(1))
        with pytest.raises(AdministratorError) as caught:
            await opened(root / name).page("", 10)
        assert "flows.yaml" in caught.value.fix
        with pytest.raises(AdministratorError):
            [ref async for ref in opened(root / name).census()]

    async def test_a_loop_of_links_as_path_is_an_administrators_matter(self, tmp_path):
        (tmp_path / "a").symlink_to(tmp_path / "b")
        (tmp_path / "b").symlink_to(tmp_path / "a")
        with pytest.raises(AdministratorError):
            await opened(tmp_path / "a").page("", 10)

    async def test_a_vanished_mailbox_is_not_taken_for_vanished_messages(self, root):
        put(root / "letter", letter(1))
        mailbox = opened(root)
        (ref,) = await listing(mailbox)
        shutil.rmtree(root)
        with pytest.raises(AdministratorError):
            await mailbox.fetch(ref)


class TestFolders:
    async def test_a_folder_is_the_path_below_the_root(self, root):
        put(root / "top", letter(1))
        put(root / "a" / "b" / "deep", letter(2))
        put(root / "a" / "single", SEPARATOR + letter(3))
        put(root / "a" / "box", (SEPARATOR + letter(4) + b"\n") * 2)
        put(root / "M" / "cur" / "1.a.h:2,S", letter(6))
        put(root / "M" / ".Sent.2023" / "new" / "2.a.h", letter(7))
        (root / "M" / ".Sent.2023" / "tmp").mkdir()
        found = Counter(ref.folder for ref in await check_census(root))
        assert found == {".": 1, "a/b": 1, "a": 1, "a/box": 2, "M": 1, "M/.Sent.2023": 1}

    async def test_a_single_file_is_a_mailbox(self, root):
        put(root / "other", letter(0))
        one = put(root / "one", letter(1))
        (ref,) = await check_census(one)
        assert (ref.folder, await opened(one).fetch(ref)) == (".", letter(1))

    async def test_a_single_mbox_is_a_mailbox(self, root):
        put(root / "other", letter(0))
        box = put(root / "box", SEPARATOR + letter(1) + b"\n" + SEPARATOR + letter(2))
        refs = await check_census(box)
        assert [ref.folder for ref in refs] == ["box", "box"]
        assert [await opened(box).fetch(ref) for ref in refs] == [letter(1), letter(2)]


class TestMaildir:
    @pytest.fixture
    def maildir(self, root):
        for part in ("cur", "new", "tmp"):
            (root / part).mkdir()
        return root

    async def test_reading_and_flagging_keep_the_id(self, maildir):
        put(maildir / "new" / "1.M1.host", letter(1))
        first = await check_census(maildir)
        name = maildir / "new" / "1.M1.host"
        for flags in (":2,", ":2,S", ":2,RST", "!2,FS", ";2,a"):
            name = name.rename(maildir / "cur" / f"1.M1.host{flags}")
            assert await check_census(maildir) == first
            assert await opened(maildir).fetch(first[0]) == letter(1)

    async def test_moved_to_cur_between_listing_and_fetch_is_found(self, maildir):
        put(maildir / "new" / "1.M1.host", letter(1))
        mailbox = opened(maildir)
        (ref,) = await listing(mailbox)
        (maildir / "new" / "1.M1.host").rename(maildir / "cur" / "1.M1.host:2,S")
        assert await mailbox.fetch(ref) == letter(1)

    async def test_moved_to_cur_during_a_listing_is_not_missed(self, maildir):
        for number in range(4):
            put(maildir / "new" / f"{number}.M.host", letter(number))
        mailbox = opened(maildir)
        page = await mailbox.page("", 1)
        for number in range(4):
            name = f"{number}.M.host"
            (maildir / "new" / name).rename(maildir / "cur" / f"{name}:2,S")
        rest = await listing(mailbox, 1, page.cursor)
        assert len({*ids(page.refs), *ids(rest)}) == 4

    async def test_moved_to_cur_while_the_directory_is_read_is_not_missed(self, maildir):
        put(maildir / "cur" / "0.M.host:2,S", letter(0))
        put(maildir / "new" / "1.M.host", letter(1))
        reading = maildir_files(Root.at(maildir), "")
        first = next(reading)
        (maildir / "new" / "1.M.host").rename(maildir / "cur" / "1.M.host:2,S")
        assert {found.key for found in [first, *reading]} == {"0.M.host", "1.M.host"}

    async def test_seen_in_new_and_in_cur_is_one_message(self, maildir):
        put(maildir / "new" / "1.M.host", letter(1))
        os.link(maildir / "new" / "1.M.host", maildir / "cur" / "1.M.host:2,S")
        put(maildir / "new" / "2.M.host", letter(2))
        assert len(await check_census(maildir)) == 2

    async def test_one_name_with_two_contents_loses_neither(self, maildir):
        put(maildir / "new" / "1.M.host", letter(1))
        put(maildir / "cur" / "1.M.host:2,S", letter(2))
        mailbox = opened(maildir)
        refs = await check_census(maildir)
        assert {await mailbox.fetch(ref) for ref in refs} == {letter(1), letter(2)}

    async def test_what_is_being_delivered_is_not_shown(self, maildir):
        put(maildir / "tmp" / "1.M.host", letter(1)[:20])
        put(maildir / "new" / ".nfs0001", letter(2))
        assert await check_census(maildir) == []

    async def test_files_of_the_server_are_no_mail(self, maildir):
        for name in ("dovecot.index", "dovecot-uidlist", "maildirsize", "courierimapuiddb"):
            put(maildir / name, b"1 2 3")
        put(maildir / "stray.eml", letter(1))
        assert len(await check_census(maildir)) == 1

    async def test_a_message_is_not_split_at_from_lines(self, maildir):
        content = SEPARATOR + letter(1) + b"\n" + SEPARATOR + letter(2)
        put(maildir / "cur" / "1.M.host:2,", content)
        (ref,) = await check_census(maildir)
        assert await opened(maildir).fetch(ref) == content
