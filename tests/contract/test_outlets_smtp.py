"""The outlet contract on mail that is sent, and on drafts in a real mailbox."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from connectors.imap.account import Account
from connectors.imap.drafts import ImapDrafts
from connectors.smtp import MailboxOutlet, SmtpOutlet
from tests.contract.outlet import ResumingContract, output
from tests.servers.fixtures import OFFICE, PASSWORD

LETTER = {"to": "ada@customer.example", "subject": "Re: Leak"}


def letters(uses):
    return [output(uses, number, LETTER | {"text": f"{number}"}) for number in range(3)]


def sending(smtp, certificates, **more):
    return SmtpOutlet(
        "localhost",
        smtp.port,
        address=OFFICE,
        password=lambda: PASSWORD,
        context=certificates.trusting(),
        **more,
    )


class TestSmtpOutlet(ResumingContract):
    @pytest.fixture
    def open_outlet(self, smtp, certificates):
        self.server = smtp
        return lambda: sending(smtp, certificates)

    @pytest.fixture
    def outputs(self):
        return letters("reply.send")

    async def shown(self, outlet):
        return [str(mail.message["Message-ID"]) for mail in self.server.messages]


@pytest.fixture
async def account(dovecot, certificates):
    """An account of Dovecot that no other test has."""
    user = f"user-{uuid4().hex[:8]}@hudson.example"
    dovecot.set_password(user, PASSWORD)
    return Account(
        host="localhost",
        port=dovecot.imaps_port,
        address=user,
        password=lambda: PASSWORD,
        context=certificates.trusting(),
    )


class TestSmtpOutletWithSentFolder(ResumingContract):
    @pytest.fixture
    async def open_outlet(self, smtp, certificates, dovecot, account):
        self.server = smtp
        dovecot.create_folder(account.address, "Sent")
        sent = ImapDrafts(account, holds="sent")
        self.stored = lambda: dovecot.stored(account.address, "Sent")
        yield lambda: sending(smtp, certificates, sent=sent)
        await sent.close()

    @pytest.fixture
    def outputs(self):
        return letters("mail.send")

    async def shown(self, outlet):
        return [str(mail.message["Message-ID"]) for mail in self.server.messages]

    async def test_what_is_in_the_sent_folder_is_not_sent_again(self, open_outlet, outputs):
        first = [await open_outlet().deliver(each) for each in outputs]
        assert [await open_outlet().deliver(each) for each in outputs] == first
        assert [await open_outlet().resume(each) for each in outputs] == first
        assert len(self.server.messages) == len(outputs)
        copies = await asyncio.to_thread(self.stored)
        sent = [mail.content.replace(b"\r\n", b"\n") for mail in self.server.messages]
        assert sorted(copies) == sorted(sent)


class TestMailboxOutlet(ResumingContract):
    @pytest.fixture
    async def open_outlet(self, dovecot, account):
        dovecot.create_folder(account.address, "Drafts")
        drafts = ImapDrafts(account)
        self.stored = lambda: dovecot.stored(account.address, "Drafts")
        yield lambda: MailboxOutlet(address=account.address, drafts=drafts, marker=drafts)
        await drafts.close()

    @pytest.fixture
    def outputs(self):
        return [*letters("reply.draft")[:2], *letters("mail.draft")[2:]]

    async def shown(self, outlet):
        return [raw.decode() for raw in await asyncio.to_thread(self.stored)]
