"""Signing in to an IMAP server, by a password or by tokens."""

import logging

import msal
import pytest

from connectors.imap import ImapMailbox
from flows.errors import AdministratorError, SignInNeeded
from tests.connectors.imap_account import Office
from tests.connectors.sign_ins import IMAP
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


@pytest.fixture(scope="module", params=["xoauth2", "oauthbearer"])
def server(request, certificates, openid):
    extra = f"auth_mechanisms = plain {request.param}"
    with Dovecot(certificates, tokens=openid.local_tokens(), extra=extra) as server:
        yield server


@pytest.fixture(scope="module")
def good(certificates, openid):
    """A token that MSAL gets for the office by a device code."""
    app = msal.PublicClientApplication(
        openid.register_client(),
        authority=openid.authority(),
        instance_discovery=False,
        verify=str(certificates.ca),
    )
    flow = app.initiate_device_flow(list(IMAP))
    openid.approve_device(flow["user_code"], OFFICE)
    answer = app.acquire_token_by_device_flow(flow)
    return answer["access_token"]


@pytest.fixture
async def opened(server):
    opened = []

    def open_(tokens, user=OFFICE):
        context = server.certificates.trusting()
        opened.append(
            ImapMailbox("localhost", server.imaps_port, user, tokens=tokens, context=context)
        )
        return opened[-1]

    yield open_
    for each in opened:
        await each.close()


class TestTokens:
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
