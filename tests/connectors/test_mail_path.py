"""The whole path over real servers: a mail in Dovecot becomes a record, a draft, an answer."""

from __future__ import annotations

import email
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from anonymizer.text.cleaner import Cleaner
from flows.errors import SkipItem
from flows.ports import MailRef
from portal.settings import Settings
from portal.wiring import App, open_app
from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import OFFICE, PASSWORD
from tests.servers.smtp import SmtpServer

FLOWS = """\
version: 1
business:
  id: hudson
  name: Hudson Plumbing
  industry: "238220"
  region: US-NY
  time_zone: America/New_York
  domains: [hudson.example]
sources:
  office:
    uses: imap
    host: localhost
    port: {imap}
    address: office@hudson.example
    password: env:OFFICE_PASSWORD
    trust: [dmarc_failed, look_alike, bank_details_changed]
    smtp: {{host: localhost, port: {smtp}, security: starttls}}
flows:
  - id: repair
    name: Answer
    triggers: [{{mail: office}}]
    conditions: ["mail.subject | mentions('boiler')"]
    keep: [customer.name]
    steps:
      - id: draft
        uses: reply.draft
        with: {{text: "A person will look at this."}}
      - id: answer
        uses: reply.send
        with: {{text: "We have your message."}}
"""


def letter(number: int, subject: str = "The boiler is cold", **headers: str) -> bytes:
    lines = [
        f"From: Maria Lopez <maria{number}@lopez.example>",
        f"To: {OFFICE}",
        f"Subject: {subject}",
        f"Message-ID: <{number}@lopez.example>",
        "Date: Mon, 05 Oct 2026 09:30:00 -0400",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", f"No heat since Monday, letter {number}.", ""]).encode()


@pytest.fixture
def settings(
    tmp_path: Path,
    certificates: Certificates,
    server: Dovecot,
    smtp: SmtpServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    monkeypatch.setenv("OFFICE_PASSWORD", PASSWORD)
    flows = tmp_path / "flows.yaml"
    flows.write_text(FLOWS.format(imap=server.imaps_port, smtp=smtp.port))
    return Settings(home=tmp_path / "home", flows=flows, ca=certificates.ca)


@pytest.fixture
def server(certificates: Certificates) -> Iterator[Dovecot]:
    with Dovecot(certificates, passwords={OFFICE: PASSWORD}) as started:
        for folder in ("Drafts", "Sent"):
            started.create_folder(OFFICE, folder)
        yield started


async def sweep(settings: Settings, cleaner: Cleaner) -> None:
    async with open_app(settings) as app:
        done = await app.sweep(cleaner).run(lambda _, piece: piece, lambda *_: None)
        assert done.troubles == {}


async def ledger(settings: Settings) -> dict[str, object]:
    async with open_app(settings) as app:
        return (await app.ledger("office")).as_json()


def answers(smtp: SmtpServer) -> list[Message]:
    return [email.message_from_bytes(sent.content) for sent in smtp.messages]


async def test_a_mail_is_stored_drafted_and_answered_once(settings, server, smtp, cleaner):
    server.deliver(OFFICE, letter(1))
    for _ in range(3):
        await sweep(settings, cleaner)

    (answer,) = answers(smtp)
    assert answer["To"] == "maria1@lopez.example"
    assert answer["In-Reply-To"] == "<1@lopez.example>"
    assert answer["Auto-Submitted"] == "auto-replied"
    (draft,) = server.stored(OFFICE, "Drafts")
    assert b"A person will look at this." in draft
    assert b"Auto-Submitted" not in draft
    (copy,) = server.stored(OFFICE, "Sent")
    assert email.message_from_bytes(copy)["Message-ID"] == answer["Message-ID"]
    found = await ledger(settings)
    assert (found["seen"], found["stored"], found["unaccounted"]) == (1, 1, 0)


async def test_who_was_never_seen_before_gets_no_answer_unasked(
    settings, server, smtp, cleaner
):
    written = settings.flows.read_text().splitlines(keepends=True)
    settings.flows.write_text("".join(line for line in written if "trust:" not in line))
    server.deliver(OFFICE, letter(1))
    await sweep(settings, cleaner)
    assert answers(smtp) == []
    async with open_app(settings) as app:
        waiting = [posted.output async for posted in app.outbox.list("waiting")]
    assert {output.uses for output in waiting} == {"reply.draft", "reply.send"}
    assert all(output.body["reasons"] for output in waiting)


async def test_automatic_mail_is_answered_with_silence(settings, server, smtp, cleaner):
    server.deliver(OFFICE, letter(1, Auto_Submitted="auto-replied"))
    server.deliver(OFFICE, letter(2, List_Id="<trade.lists.example>"))
    server.deliver(OFFICE, letter(3, Precedence="bulk"))
    await sweep(settings, cleaner)
    assert answers(smtp) == []
    assert (await ledger(settings))["unaccounted"] == 0


async def test_mail_that_the_cursor_passed_over_is_repaired(settings, server, smtp, cleaner):
    server.deliver(OFFICE, letter(1))
    await sweep(settings, cleaner)

    async def forget(app: App) -> None:
        async for record in app.records.each("arrival"):
            await app.records.store.delete(app.records.key, "arrival", record.id)

    async with open_app(settings) as app:
        await forget(app)
        assert (await app.ledger("office")).as_json()["unaccounted"] == 1
        missing = (await app.ledger("office")).missing
        counts = await app.sweep(cleaner).take_in("office", missing)
        assert counts.listed == 1
        assert (await app.ledger("office")).as_json()["unaccounted"] == 0
    assert len(answers(smtp)) == 1


async def test_what_could_not_be_read_is_taken_up_again(settings, server, smtp, cleaner):
    server.deliver(OFFICE, letter(1))
    async with open_app(settings) as app:
        sweep_ = app.sweep(cleaner)
        mailbox = sweep_.mail["office"].mailbox
        fetch = mailbox.fetch

        async def failing(ref: MailRef) -> bytes:
            raise SkipItem("unreadable", "the server cannot read it")

        mailbox.fetch = failing
        await sweep_.run(lambda _, piece: piece, lambda *_: None)
        assert (await app.ledger("office")).as_json()["quarantined"] == 1
        mailbox.fetch = fetch
        await sweep_.run(lambda _, piece: piece, lambda *_: None)
        found = (await app.ledger("office")).as_json()
    assert (found["stored"], found["quarantined"], found["unaccounted"]) == (1, 0, 0)


async def test_a_lost_answer_to_the_mail_is_put_before_a_person(
    settings, server, smtp, cleaner
):
    smtp.cut(at="ANSWER")
    server.deliver(OFFICE, letter(1))
    for _ in range(2):
        await sweep(settings, cleaner)
    assert len(smtp.messages) == 1
    async with open_app(settings) as app:
        (unknown,) = [posted async for posted in app.outbox.list("unknown")]
    assert unknown.output.uses == "reply.send"


async def test_no_flag_is_touched(settings, server, smtp, cleaner):
    server.deliver(OFFICE, letter(1))
    await sweep(settings, cleaner)
    assert server.doveadm("fetch", "-u", OFFICE, "flags", "mailbox", "INBOX").count("Seen") == 0


async def test_a_wrong_password_is_told_to_the_owner(settings, server, monkeypatch, cleaner):
    monkeypatch.setenv("OFFICE_PASSWORD", "another")
    async with open_app(settings) as app:
        done = await app.sweep(cleaner).run(lambda _, piece: piece, lambda *_: None)
    assert list(done.troubles) == ["office"]
    notices = (settings.home / "notices.log").read_text()
    assert "JigAjob cannot read office" in notices
    assert "another" not in notices
