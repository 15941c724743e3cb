"""Two machines that answer each other: ours falls silent in the first round.

Over real servers: our answer goes out by SMTP and is delivered to a mailbox at the other end,
where Pigeonhole's vacation answers as RFC 3834 asks, or something ruder without any mark; what
it says comes back over SMTP and LMTP into our Dovecot, and the next sweep reads it.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from itertools import count

import pytest

from flows.manners import OFTEN, TWICE
from portal.settings import Settings
from portal.wiring import open_app
from tests.connectors.test_mail_path import FLOWS, ledger, letter, sweep
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import OFFICE, PASSWORD
from tests.servers.smtp import Received, SmtpServer

ROUNDS = 6
MARIA = "maria1@lopez.example"


@pytest.fixture
def server(certificates, smtp: SmtpServer) -> Iterator[Dovecot]:
    """Both ends' mailboxes; what either sends goes through the one SMTP server."""
    passwords = {OFFICE: PASSWORD}
    submission = f"127.0.0.1:{smtp.relay_port}"
    with Dovecot(certificates, passwords=passwords, submission=submission) as started:
        smtp.relay_to(started, "@hudson.example", "@lopez.example")
        yield started


@pytest.fixture
def settings(tmp_path, certificates, server, smtp, monkeypatch) -> Settings:
    monkeypatch.setenv("OFFICE_PASSWORD", PASSWORD)
    flows = tmp_path / "flows.yaml"
    flows.write_text(FLOWS.format(imap=server.imaps_port, smtp=smtp.port))
    return Settings(home=tmp_path / "home", flows=flows, ca=certificates.ca)


def ours(smtp: SmtpServer) -> list[Received]:
    return [mail for mail in smtp.messages if mail.sender == OFFICE]


def theirs(smtp: SmtpServer) -> list[Received]:
    return [mail for mail in smtp.messages if mail.sender != OFFICE]


async def waiting(settings: Settings) -> list[object]:
    """Return why each answer waits for the owner."""
    async with open_app(settings) as app:
        held = [posted.output async for posted in app.outbox.list("waiting")]
    assert all(output.uses == "reply.send" for output in held)
    return [output.body["reasons"] for output in held]


async def test_a_vacation_stays_silent_to_our_automatic_answer(settings, server, smtp, cleaner):
    """Its makers are not us: the marks that we set are those that the world heeds."""
    server.vacation(MARIA)
    server.deliver(OFFICE, letter(1), sender=MARIA)
    for _ in range(ROUNDS):
        await sweep(settings, cleaner)
    assert len(ours(smtp)) == 1
    assert theirs(smtp) == []
    assert len(server.stored(MARIA)) == 1


async def test_the_answer_of_a_vacation_is_not_answered(settings, server, smtp, cleaner):
    """What a person approved bears no mark, so the vacation answers it, and that is the end."""
    text = settings.flows.read_text()
    send = 'uses: reply.send\n        with: {text: "We have your message."}\n'
    assert send in text
    settings.flows.write_text(text.replace(send, f"{send}        approve: owner\n"))
    server.vacation(MARIA, "I am away. The boiler has to wait.")
    server.deliver(OFFICE, letter(1), sender=MARIA)
    await sweep(settings, cleaner)
    async with open_app(settings) as app:
        (posted,) = [each async for each in app.outbox.list("waiting")]
        await app.outbox.approve(posted.output.id)
    for _ in range(ROUNDS):
        await sweep(settings, cleaner)

    assert len(ours(smtp)) == 1
    (answer,) = theirs(smtp)
    assert answer.message["Auto-Submitted"].startswith("auto-replied")
    assert answer.recipients == (OFFICE,)
    found = await ledger(settings)
    assert found["skipped"] == {"auto_reply": 1}
    assert (found["seen"], found["unaccounted"]) == (2, 0)
    assert await waiting(settings) == []


class Rude:
    """Answers every mail to *address* at once, and says nowhere that it is a machine."""

    def __init__(self, smtp: SmtpServer, *, threaded: bool, sender: str = MARIA) -> None:
        self._smtp, self._threaded, self._sender = smtp, threaded, sender
        self._answered, self._numbers = 0, count(2)

    def answers(self) -> None:
        """Answer what came since the last time."""
        mails = ours(self._smtp)
        for mail in mails[self._answered :]:
            number = next(self._numbers)
            sender = self._sender.replace("#", str(number))
            answer = EmailMessage()
            answer["From"], answer["To"] = f"Maria Lopez <{sender}>", OFFICE
            answer["Subject"] = "Re: The boiler is cold"
            answer["Date"] = "Mon, 05 Oct 2026 10:30:00 -0400"
            answer["Message-ID"] = f"<{number}@lopez.example>"
            if self._threaded:
                answer["In-Reply-To"] = mail.message["Message-ID"]
            else:
                answer.replace_header("Subject", f"Ticket {number} about your boiler")
            answer.set_content(f"Thank you for your message number {number}.")
            with smtplib.SMTP("127.0.0.1", self._smtp.relay_port) as relay:
                relay.send_message(answer, sender, [OFFICE])
        self._answered = len(mails)


@pytest.mark.parametrize("sender", [MARIA, "ticket-#@lopez.example"])
async def test_a_rude_machine_that_names_our_mail_gets_one_answer(
    settings, server, smtp, cleaner, sender
):
    """Whatever address it takes for each answer: it is the thread that had one."""
    rude = Rude(smtp, threaded=True, sender=sender)
    server.deliver(OFFICE, letter(1), sender=MARIA)
    for _ in range(ROUNDS):
        await sweep(settings, cleaner)
        rude.answers()
    assert (len(ours(smtp)), len(theirs(smtp))) == (1, 1)
    assert await waiting(settings) == [[TWICE]]


async def test_a_rude_machine_that_names_nothing_is_out_of_answers_for_the_day(
    settings, server, smtp, cleaner
):
    rude = Rude(smtp, threaded=False)
    server.deliver(OFFICE, letter(1), sender=MARIA)
    for _ in range(ROUNDS):
        await sweep(settings, cleaner)
        rude.answers()
    assert (len(ours(smtp)), len(theirs(smtp))) == (3, 3)
    assert await waiting(settings) == [[OFTEN]]
