"""What an IMAP mailbox does beyond the contract, on a real Dovecot."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from connectors.imap import ImapMailbox
from flows.errors import AdministratorError, SkipItem, TransientError
from tests.connectors.imap_account import Office, crlf, sweep
from tests.contract.mailbox import ids, letter, listing
from tests.servers.ports import free_ports

TODAY = datetime.now(UTC).date()


@pytest.fixture
async def office(dovecot):
    account = Office(dovecot)
    yield account
    await account.close()


class TestCursor:
    async def test_the_next_sweep_shows_only_what_is_new(self, office):
        mailbox = office.open()
        office.server.load(office.user, map(letter, range(5)))
        refs, cursor = await sweep(mailbox, limit=2)
        assert len(refs) == 5
        assert await sweep(mailbox, cursor) == ([], cursor)
        office.put(letter(7))
        (new,), cursor = await sweep(mailbox, cursor)
        assert await mailbox.fetch(new) == crlf(letter(7))
        assert await sweep(office.open(), cursor) == ([], cursor)

    async def test_a_folder_made_anew_is_shown_from_its_start(self, office):
        mailbox = office.open(folders=("Jobs",))
        office.server.load(office.user, map(letter, range(3)), "Jobs")
        before, cursor = await sweep(mailbox)
        office.server.delete_folder(office.user, "Jobs")
        with pytest.raises(AdministratorError, match="no folder 'Jobs'"):
            await mailbox.page(cursor, 10)
        with pytest.raises(SkipItem) as caught:
            await mailbox.fetch(before[0])
        assert caught.value.reason == "gone"
        await asyncio.sleep(1.1)  # Dovecot's UIDVALIDITY counts seconds
        office.server.load(office.user, map(letter, range(2)), "Jobs")
        after, _ = await sweep(mailbox, cursor)
        assert len(after) == 2
        assert not set(ids(after)) & set(ids(before))
        with pytest.raises(SkipItem) as caught:
            await mailbox.fetch(before[0])
        assert caught.value.reason == "gone"

    async def test_a_folder_made_anew_between_two_pages_is_shown_from_its_start(self, office):
        mailbox = office.open(folders=("Jobs",))
        office.server.load(office.user, map(letter, range(4)), "Jobs")
        first = await mailbox.page("", 2)
        office.server.delete_folder(office.user, "Jobs")
        await asyncio.sleep(1.1)
        office.server.load(office.user, map(letter, range(10, 13)), "Jobs")
        refs, _ = await sweep(mailbox, first.cursor, limit=2)
        found = [await mailbox.fetch(ref) for ref in refs]
        assert found == [crlf(letter(number)) for number in range(10, 13)]

    async def test_a_uidvalidity_of_another_time_starts_the_folder_again(self, office):
        office.server.load(office.user, map(letter, range(3)))
        refs, cursor = await sweep(office.open())
        said = json.loads(cursor)
        said["folders"]["INBOX"]["uidvalidity"] += 1
        again, _ = await sweep(office.open(), json.dumps(said))
        assert again == refs

    async def test_a_moved_message_shows_in_its_new_folder_with_another_id(self, office):
        office.server.load(office.user, map(letter, range(3)))
        office.server.create_folder(office.user, "Jobs")
        mailbox = office.open(folders=("INBOX", "Jobs"))
        before, cursor = await sweep(mailbox)
        office.server.doveadm(
            *("move", "-u", office.user, "Jobs", "mailbox", "INBOX", "HEADER"),
            *("Message-ID", "<1@customer.example>"),
        )
        (moved,), _ = await sweep(mailbox, cursor)
        assert moved.folder == "Jobs"
        assert moved.native_id not in ids(before)
        assert await mailbox.fetch(moved) == crlf(letter(1))
        with pytest.raises(SkipItem) as caught:
            await mailbox.fetch(before[1])
        assert caught.value.reason == "gone"

    async def test_a_missing_folder_is_told_after_the_others_were_shown(self, office):
        office.server.load(office.user, map(letter, range(3)))
        mailbox = office.open(folders=("Jbos", "INBOX"))
        page = await mailbox.page("", 10)
        assert (len(page.refs), page.more) == (3, True)
        for _ in range(2):
            with pytest.raises(AdministratorError, match="no folder 'Jbos'") as caught:
                await mailbox.page(page.cursor, 10)
        assert "'INBOX'" in caught.value.fix
        with pytest.raises(AdministratorError, match="Jbos"):
            [ref async for ref in mailbox.census()]

    async def test_names_of_folders_may_hold_any_letter(self, office):
        names = ["Aufträge & Büro", "日本/仕事", 'a "b" \\c']
        for number, name in enumerate(names):
            office.put(letter(number), name)
        mailbox = office.open(folders=names)
        refs = await listing(mailbox, 2)
        assert [ref.folder for ref in refs] == names
        assert [await mailbox.fetch(ref) for ref in refs] == [
            crlf(letter(number)) for number in range(3)
        ]
        assert [ref async for ref in mailbox.census()] == refs


class TestSince:
    async def test_mail_of_before_is_in_neither_pages_nor_census(self, office):
        now = time.time()
        for days in (40, 20, 1):
            office.server.load(office.user, [letter(days)], received=now - days * 86_400)
        mailbox = office.open(since=TODAY - timedelta(days=30))
        refs, cursor = await sweep(mailbox)
        assert [await mailbox.fetch(ref) for ref in refs] == [
            crlf(letter(20)),
            crlf(letter(1)),
        ]
        assert [ref async for ref in mailbox.census()] == refs
        later = office.open(since=TODAY - timedelta(days=10))
        assert (await sweep(later, cursor))[0] == []
        earlier = office.open(since=TODAY - timedelta(days=50))
        assert len((await sweep(earlier, cursor))[0]) == 3


class TestFlags:
    async def test_none_changes_in_a_full_sweep(self, office):
        office.server.load(office.user, map(letter, range(4)))
        query = ("fetch", "-u", office.user, "uid flags", "mailbox", "INBOX", "all")
        office.server.doveadm(
            *("flags", "add", "-u", office.user, r"\Flagged", "mailbox", "INBOX", "1:2")
        )
        before = office.server.doveadm(*query)
        mailbox = office.open()
        for ref in (await sweep(mailbox))[0]:
            await mailbox.fetch(ref)
            await mailbox.fetch(ref)
        assert [ref async for ref in mailbox.census()]
        await mailbox.close()
        assert office.server.doveadm(*query) == before
        assert "Flagged" in before
        assert "Seen" not in before


class TestFetch:
    async def test_what_is_too_large_is_told_and_the_rest_goes_on(self, office):
        for message in (letter(1), letter(2, b"x" * 3_000 + b"\n"), letter(3)):
            office.put(message)
        mailbox = office.open(max_bytes=2_000)
        refs = await listing(mailbox)
        assert await mailbox.fetch(refs[0]) == crlf(letter(1))
        with pytest.raises(SkipItem) as caught:
            await mailbox.fetch(refs[1])
        assert caught.value.reason == "too_large"
        assert await mailbox.fetch(refs[2]) == crlf(letter(3))
        assert len([ref async for ref in mailbox.census()]) == 3

    async def test_the_unreadable_one_is_told_and_the_rest_goes_on(self, office):
        office.server.load(office.user, map(letter, range(3)))
        mailbox = office.open()
        refs = await listing(mailbox)
        (broken,) = [
            path
            for path in office.server.directory.rglob("*.loader*")
            if office.user in str(path) and b"<1@customer" in path.read_bytes()
        ]
        broken.chmod(0)
        outcomes = []
        for ref in refs:
            try:
                outcomes.append(await mailbox.fetch(ref))
            except SkipItem as skip:
                outcomes.append(skip.reason)
        assert outcomes == [crlf(letter(0)), "unreadable", crlf(letter(2))]

    async def test_a_page_of_large_mail_is_fetched_in_pieces(self, office):
        messages = [letter(n, b"y" * 70 + b"\n" + b"z" * 3_000_000 + b"\n") for n in range(6)]
        office.server.load(office.user, messages)
        mailbox = office.open()
        for number, ref in enumerate(await listing(mailbox)):
            assert await mailbox.fetch(ref) == crlf(messages[number])
            assert sum(map(len, mailbox._ahead._ready.values())) < 8_500_000


class TestConnection:
    async def test_cut_connections_lose_and_repeat_nothing(self, office):
        office.server.load(office.user, map(letter, range(40)))
        mailbox = office.open()
        found, cursor, more = [], "", True
        while more:
            page = await mailbox.page(cursor, 5)
            office.server.kick(office.user)
            for number, ref in enumerate(page.refs):
                found.append(await mailbox.fetch(ref))
                if number == 2:
                    office.server.kick(office.user)
            cursor, more = page.cursor, page.more
        assert found == [crlf(letter(number)) for number in range(40)]

    async def test_a_server_that_is_away_is_transient_and_comes_back(self, certificates):
        from tests.servers.dovecot import Dovecot

        with Dovecot(certificates) as server:
            office = Office(server)
            office.put(letter(1))
            mailbox = office.open()
            refs, cursor = await sweep(mailbox)
            server.kill()
            with pytest.raises(TransientError):
                await mailbox.page(cursor, 10)
            assert await mailbox.changed(0.2) is False
            server.start()
            assert await sweep(mailbox, cursor) == ([], cursor)
            assert await mailbox.fetch(refs[0]) == crlf(letter(1))
            await office.close()

    async def test_a_cancelled_call_leaves_a_mailbox_that_works(self, office):
        office.server.load(office.user, map(letter, range(50)))
        mailbox = office.open()
        for delay in (0.0, 0.001, 0.01, 0.03):
            call = asyncio.create_task(listing(mailbox, 3))
            await asyncio.sleep(delay)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
        assert len(await listing(mailbox, 7)) == 50

    async def test_calls_at_once_share_the_connection(self, office):
        office.server.load(office.user, map(letter, range(20)))
        mailbox = office.open()
        refs = await listing(mailbox)
        found = await asyncio.gather(*(mailbox.fetch(ref) for ref in refs))
        assert found == [crlf(letter(number)) for number in range(20)]

    async def test_nobody_listens(self):
        (port,) = free_ports(1)
        mailbox = ImapMailbox("localhost", port, "a@b.example", password=lambda: "x")
        with pytest.raises(TransientError, match=f"localhost:{port}"):
            await mailbox.page("", 1)

    async def test_a_host_that_is_not_known(self):
        mailbox = ImapMailbox("no-such-host.invalid", 993, "a@b.example", password=lambda: "x")
        with pytest.raises(TransientError, match="not known"):
            await mailbox.page("", 1)

    async def test_a_certificate_that_is_not_trusted(self, office):
        with pytest.raises(AdministratorError, match="not trusted"):
            await office.open(context=None).page("", 1)

    async def test_tls_on_a_port_without(self, office):
        mailbox = ImapMailbox(
            "localhost", office.server.imap_port, office.user, password=lambda: "invented"
        )
        with pytest.raises(TransientError, match="TLS"):
            await mailbox.page("", 1)

    @pytest.mark.parametrize("security", ["starttls", "none"])
    async def test_the_port_without_tls(self, office, security):
        office.put(letter(1))
        mailbox = ImapMailbox(
            "localhost",
            office.server.imap_port,
            office.user,
            password=lambda: office.password,
            security=security,
            context=office.server.certificates.trusting(),
        )
        assert len(await listing(mailbox)) == 1
        await mailbox.close()


class TestSpeed:
    @pytest.mark.slow
    async def test_a_first_sync_of_thousands(self, office, record_property):
        office.server.load(office.user, (letter(n, b"It leaks.\n" * 200) for n in range(3_000)))
        mailbox = office.open()
        start = time.monotonic()
        count, cursor, more = 0, "", True
        while more:
            page = await mailbox.page(cursor, 50)
            for ref in page.refs:
                await mailbox.fetch(ref)
            count, cursor, more = count + len(page.refs), page.cursor, page.more
        rate = count / (time.monotonic() - start)
        record_property("messages_per_second", round(rate))
        assert count == 3_000
        assert rate > 200  # 500 and more on a quiet machine
