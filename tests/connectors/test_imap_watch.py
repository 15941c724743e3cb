"""Being told of news by an IMAP server."""

import asyncio
import json
import time

import pytest

from flows.ports import Hints
from tests.connectors.imap_account import Office, sweep
from tests.contract.mailbox import letter, listing
from tests.servers.dovecot import Dovecot


@pytest.fixture
async def office(dovecot):
    account = Office(dovecot)
    yield account
    await account.close()


class TestHints:
    async def test_new_mail_is_told_within_two_seconds(self, office):
        mailbox = office.open()
        assert isinstance(mailbox, Hints)
        assert await mailbox.changed(0.1) is False
        waiting = asyncio.create_task(mailbox.changed(30))
        await asyncio.sleep(0.3)
        start = time.monotonic()
        await asyncio.to_thread(office.server.deliver, office.user, letter(1))
        assert await waiting is True
        assert time.monotonic() - start < 2
        assert len(await listing(mailbox)) == 1
        assert await mailbox.changed(0.5) is False

    async def test_mail_between_two_calls_is_told(self, office):
        mailbox = office.open()
        assert await mailbox.changed(0.1) is False
        office.server.deliver(office.user, letter(1))
        assert await mailbox.changed(5) is True

    async def test_mail_during_a_cut_is_told(self, office):
        mailbox = office.open()
        assert await mailbox.changed(0.1) is False
        office.server.kick(office.user)
        office.put(letter(1))
        assert await mailbox.changed(5) is True

    async def test_a_cut_alone_is_no_news(self, office):
        mailbox = office.open()
        assert await mailbox.changed(0.1) is False
        office.server.kick(office.user)
        assert await mailbox.changed(0.5) is False

    async def test_it_can_be_cancelled_and_closed_at_once(self, office):
        mailbox = office.open()
        waiting = asyncio.create_task(mailbox.changed(60))
        await asyncio.sleep(0.5)
        start = time.monotonic()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        waiting = asyncio.create_task(mailbox.changed(60))
        await asyncio.sleep(0.5)
        await mailbox.close()
        assert await waiting is False
        assert time.monotonic() - start < 3

    async def test_a_server_without_idle_is_asked(self, certificates):
        extra = "imap_capability = IMAP4rev1 SASL-IR LITERAL+ UIDPLUS"
        with Dovecot(certificates, extra=extra) as server:
            office = Office(server)
            mailbox = office.open()
            assert await mailbox.changed(0.1) is False
            waiting = asyncio.create_task(mailbox.changed(30))
            await asyncio.sleep(0.3)
            await asyncio.to_thread(server.deliver, office.user, letter(1))
            assert await waiting is True
            refs, cursor = await sweep(mailbox)
            assert len(refs) == 1
            assert json.loads(cursor)["folders"]["INBOX"]["modseq"] == 0
            assert await sweep(mailbox, cursor) == ([], cursor)
            await office.close()
