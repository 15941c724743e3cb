"""Signing in to an IMAP server, and being told of news by it."""

import asyncio
import json
import logging
import time

import pytest

from connectors.imap import ImapMailbox
from flows.errors import AdministratorError, SignInNeeded
from flows.ports import Hints
from tests.connectors.imap_account import Office, sweep
from tests.contract.mailbox import letter, listing
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import OFFICE


@pytest.fixture
async def office(dovecot):
    account = Office(dovecot)
    yield account
    await account.close()


class Granted:
    """Gives these tokens, one after another each time that one is refused."""

    def __init__(self, *tokens):
        self.left, self.refused = list(tokens), []

    async def token(self, *, refused=""):
        if refused:
            assert refused == self.left[0]
            self.refused.append(self.left.pop(0))
        return self.left[0]


class TestTokens:
    @pytest.fixture(scope="class", params=["xoauth2", "oauthbearer"])
    def server(self, request, certificates, openid):
        extra = f"auth_mechanisms = plain {request.param}"
        with Dovecot(certificates, tokens=openid.local_tokens(), extra=extra) as server:
            yield server

    @pytest.fixture
    async def opened(self, server):
        opened = []

        def open_(tokens, user=OFFICE):
            context = server.certificates.trusting()
            opened.append(
                ImapMailbox(
                    "localhost", server.imaps_port, user, tokens=tokens, context=context
                )
            )
            return opened[-1]

        yield open_
        for each in opened:
            await each.close()

    async def test_a_token_from_msal_signs_in(self, server, opened, good):
        server.load(OFFICE, [letter(1)])
        assert await listing(opened(Granted(good)))

    async def test_one_refused_token_is_replaced(self, opened, good):
        tokens = Granted("dead.token.x", good)
        assert isinstance(await listing(opened(tokens)), list)
        assert tokens.refused == ["dead.token.x"]

    async def test_two_refused_need_a_sign_in(self, opened, good, caplog):
        caplog.set_level(logging.DEBUG)
        with pytest.raises(SignInNeeded) as caught:
            await opened(Granted(good[:-8], "dead.token.y")).page("", 1)
        assert caught.value.why == "not_permitted"
        assert good[:-8] not in caplog.text + str(caught.value)
        assert "dead.token" not in caplog.text + str(caught.value)

    async def test_the_token_of_another_opens_nothing(self, opened, good):
        with pytest.raises(SignInNeeded):
            await opened(Granted(good, good), "boss@hudson.example").page("", 1)

    async def test_a_server_without_tokens_says_so(self, office):
        with pytest.raises(AdministratorError, match="takes no tokens"):
            await office.open(tokens=Granted("t"), password=None).page("", 1)


class TestPassword:
    async def test_a_wrong_one_asks_for_another_and_shows_none(self, office, caplog):
        caplog.set_level(logging.DEBUG)
        with pytest.raises(SignInNeeded) as caught:
            await office.open(password=lambda: "wrong-Pässword").page("", 1)
        assert caught.value.why == "password"
        assert await listing(office.open()) == []
        assert "wrong" not in f"{caught.value}{caught.value.__cause__}"
        assert "ssword" not in caplog.text
        assert office.password not in caplog.text

    async def test_one_that_was_changed_is_used_at_the_next_sign_in(self, office):
        office.put(letter(1))
        mailbox = office.open()
        await listing(mailbox)
        office.password = "pässword"
        office.server.set_password(office.user, office.password)
        office.server.kick(office.user)
        assert len(await listing(mailbox)) == 1

    def test_neither_tokens_nor_password(self):
        with pytest.raises(ValueError, match="tokens or a password"):
            ImapMailbox("localhost", 993, "a@b.example")


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
        from tests.servers.dovecot import Dovecot

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
