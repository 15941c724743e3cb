"""Drafts and marks in an IMAP account, on a real Dovecot."""

import asyncio

import pytest

from connectors.imap import ImapDrafts
from flows.errors import AdministratorError, OperatorError
from tests.connectors.imap_account import Office, crlf, sweep
from tests.contract.mailbox import letter, listing
from tests.servers.dovecot import Dovecot

ONE = "<1@customer.example>"


@pytest.fixture
async def office(dovecot):
    account = Office(dovecot)
    yield account
    await account.close()


@pytest.fixture
async def drafts(office):
    made = ImapDrafts(office.open().account)
    yield made
    await made.close()


def flags(office, folder="INBOX"):
    return office.server.doveadm(
        "-f", "flow", "fetch", "-u", office.user, "flags", "mailbox", folder, "all"
    )


class TestAppend:
    async def test_a_draft_lies_in_the_folder_for_drafts(self, office, drafts):
        assert await drafts.find(ONE) is False
        where = await drafts.append(letter(1), ONE)
        assert await drafts.find(ONE) is True
        (ref,) = await listing(office.open(folders=("Drafts",)))
        assert ref.native_id == where
        assert await office.open().fetch(ref) == crlf(letter(1))
        assert r"\Draft" in flags(office, "Drafts")

    async def test_again_after_a_crash_nothing_is_added(self, office, drafts):
        where = await drafts.append(letter(1), ONE)
        assert await drafts.append(letter(1), ONE) == where
        other = ImapDrafts(office.open().account, folder="Drafts")
        assert await other.append(letter(1), ONE) == where
        await other.close()
        await drafts.append(letter(11), "<11@customer.example>")
        assert office.server.count(office.user, "Drafts") == 2

    async def test_a_draft_that_a_person_sent_is_not_written_again(self, office, drafts):
        """Their mail program moved it to Sent before we heard that it was in Drafts."""
        server, user = office.server, office.user
        await drafts.append(letter(1), ONE)
        server.doveadm("move", "-u", user, "Sent", "mailbox", "Drafts", "ALL")
        again = ImapDrafts(office.open().account)
        assert await again.find(ONE) is True
        where = await again.append(letter(1), ONE)
        await again.close()
        assert where.endswith("/Sent")
        assert (server.count(user, "Drafts"), server.count(user, "Sent")) == (0, 1)

    async def test_a_draft_is_no_proof_that_a_mail_was_sent(self, office, drafts):
        await drafts.append(letter(1), ONE)
        sent = ImapDrafts(office.open().account, holds="sent")
        assert await sent.find(ONE) is False
        await sent.append(letter(1), ONE)
        assert await sent.find(ONE) is True
        await sent.append(letter(1), ONE)
        await sent.close()
        assert office.server.count(office.user, "Sent") == 1

    async def test_at_once_it_is_added_once(self, office, drafts):
        await asyncio.gather(*(drafts.append(letter(1), ONE) for _ in range(5)))
        assert office.server.count(office.user, "Drafts") == 1

    async def test_a_cut_connection_does_not_matter(self, office, drafts):
        for number in range(5):
            await drafts.append(letter(number), f"<{number}@customer.example>")
            office.server.kick(office.user)
        assert office.server.count(office.user, "Drafts") == 5

    async def test_a_folder_that_is_missing_is_named(self, office):
        drafts = ImapDrafts(office.open().account, folder="Entwürfe")
        with pytest.raises(AdministratorError, match="no folder 'Entwürfe'"):
            await drafts.append(letter(1), ONE)
        await drafts.close()

    @pytest.mark.parametrize("bad", ["1@customer.example", "<a b>", "<a>\r\nX LOGOUT", ""])
    async def test_what_is_no_message_id_is_refused(self, drafts, bad):
        with pytest.raises(ValueError, match="Message-ID"):
            await drafts.append(letter(1), bad)


class TestMark:
    @pytest.mark.parametrize("flag", ["jigajob", "$Done", r"\Flagged"])
    async def test_one_message_gets_the_flag(self, office, drafts, flag):
        office.server.load(office.user, map(letter, range(3)))
        refs = await listing(office.open())
        for _ in range(2):
            assert await drafts.mark(refs[1].native_id, flag=flag) is True
        assert flags(office).count(flag) == 1

    @pytest.mark.parametrize("move", [True, False])
    async def test_a_message_is_moved_once(self, certificates, move):
        extra = "" if move else "imap_capability = IMAP4rev1 LITERAL+ UIDPLUS"
        with Dovecot(certificates, extra=extra) as server:
            office = Office(server)
            office.server.load(office.user, map(letter, range(3)))
            server.create_folder(office.user, "Erledigt/Büro")
            mailbox = office.open(folders=("INBOX", "Erledigt/Büro"))
            refs, cursor = await sweep(mailbox)
            drafts = ImapDrafts(mailbox.account)
            where = {"flag": "done", "move_to": "Erledigt/Büro"}
            assert await drafts.mark(refs[1].native_id, **where) is True
            assert await drafts.mark(refs[1].native_id, **where) is False
            await drafts.close()
            (moved,), _ = await sweep(mailbox, cursor)
            assert await mailbox.fetch(moved) == crlf(letter(1))
            assert "done" in flags(office, "Erledigt/Büro")
            assert office.server.count(office.user) == 2
            await office.close()

    async def test_what_is_gone_is_not_marked(self, office, drafts):
        office.put(letter(1))
        (ref,) = await listing(office.open())
        validity, _, _ = ref.native_id.split("/")
        for gone in (f"{validity}/99/INBOX", "1/1/INBOX", f"{validity}/1/Nowhere", "nobody"):
            assert await drafts.mark(gone, flag="x") is False
        assert "x" not in flags(office)

    async def test_a_folder_or_flag_that_cannot_be_is_told(self, office, drafts):
        office.put(letter(1))
        (ref,) = await listing(office.open())
        with pytest.raises(OperatorError, match="no folder 'Dnoe'"):
            await drafts.mark(ref.native_id, move_to="Dnoe")
        for bad in ("two words", r"\Recent", "x)\r\nA LOGOUT", "(", "ä"):
            with pytest.raises(OperatorError, match="cannot be a flag"):
                await drafts.mark(ref.native_id, flag=bad)
        assert office.server.count(office.user) == 1
