"""The SMTP server keeps, relays and fails as asked; Pigeonhole answers by way of it."""

from __future__ import annotations

import smtplib
import time
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import OFFICE, PASSWORD
from tests.servers.sign_in import IMAP, new_user, token_for

if TYPE_CHECKING:
    from tests.servers.certificates import Certificates
    from tests.servers.openid import OpenIdProvider
    from tests.servers.smtp import SmtpServer


def _mail(to: str, subject: str = "Boiler", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Ann <ann@reed.example>", to, subject
    mail["Message-ID"] = f"<{uuid4().hex}@reed.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("It drips.\n")
    return mail


def _send(
    server: SmtpServer,
    mail: EmailMessage,
    to: str = "ann@reed.example",
    *,
    sender: str = OFFICE,
    implicit: bool = False,
) -> None:
    context = server.certificates.trusting()
    if implicit:
        client = smtplib.SMTP_SSL("localhost", server.tls_port, context=context, timeout=10)
    else:
        client = smtplib.SMTP("localhost", server.port, timeout=10)
    with client:
        if not implicit:
            client.starttls(context=context)
        client.login(OFFICE, PASSWORD)
        client.send_message(mail, sender, to.split())


def test_mail_is_kept_with_its_envelope(smtp: SmtpServer) -> None:
    mail = _mail("Ann <ann@reed.example>")
    _send(smtp, mail)
    _send(smtp, mail, "ben@reed.example eve@reed.example", sender="", implicit=True)

    first, second = smtp.wait(2)
    assert (first.sender, first.recipients) == (OFFICE, ("ann@reed.example",))
    assert (first.user, first.tls) == (OFFICE, True)
    assert (second.sender, len(second.recipients), second.tls) == ("", 2, True)
    assert first.message["Subject"] == "Boiler"
    assert smtp.sent_by(mail["Message-ID"]) == 2


def test_who_may_send(smtp: SmtpServer, openid: OpenIdProvider) -> None:
    user = new_user(openid)
    token, reader = token_for(openid, user), token_for(openid, user, [IMAP])

    def attempt(name: str, secret: str) -> int:
        with smtplib.SMTP("localhost", smtp.port) as client:
            client.starttls(context=smtp.certificates.trusting())
            client.ehlo()
            said = f"user={name}\x01auth=Bearer {secret}\x01\x01"
            try:
                code, _ = client.auth("XOAUTH2", lambda _=None: said)
            except smtplib.SMTPAuthenticationError as error:
                return error.smtp_code
            client.sendmail(name, ["ann@reed.example"], b"Subject: x\r\n\r\nx\r\n")
            return code

    assert attempt(user, token) == 235
    assert attempt(OFFICE, token) == 535
    assert attempt(user, reader) == 535
    assert attempt(user, token[:-6] + "AAAAAA") == 535
    assert [one.user for one in smtp.messages] == [user]
    with smtplib.SMTP("localhost", smtp.port) as client:
        client.starttls(context=smtp.certificates.trusting())
        with pytest.raises(smtplib.SMTPSenderRefused) as without:
            client.sendmail(OFFICE, ["ann@reed.example"], b"x")
        assert without.value.smtp_code == 530
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login(OFFICE, "wrong")


def test_it_asks_for_tls(smtp: SmtpServer) -> None:
    with (
        smtplib.SMTP("localhost", smtp.port) as client,
        pytest.raises(smtplib.SMTPNotSupportedError),
    ):
        client.login(OFFICE, PASSWORD)


REPLIES = {
    "EHLO": ("421 4.3.2 Closing", smtplib.SMTPHeloError),
    "AUTH": ("454 4.7.0 Temporary failure", smtplib.SMTPAuthenticationError),
    "MAIL": ("450 4.7.1 Greylisted", smtplib.SMTPSenderRefused),
    "RCPT": ("450 4.2.1 Busy", smtplib.SMTPRecipientsRefused),
    "DATA": ("451 4.3.0 Later", smtplib.SMTPDataError),
    "MESSAGE": ("552 5.3.4 Too big", smtplib.SMTPDataError),
}


@pytest.mark.parametrize("at", REPLIES)
def test_replies_on_demand(smtp: SmtpServer, at: str) -> None:
    text, error = REPLIES[at]
    smtp.reply(text, at=at, times=2 if at == "AUTH" else 1)  # smtplib tries both ways

    with pytest.raises((error, smtplib.SMTPServerDisconnected)):
        _send(smtp, _mail("ann@reed.example"))
    assert smtp.messages == []
    _send(smtp, _mail("ann@reed.example"))

    assert len(smtp.messages) == 1


@pytest.mark.parametrize(("at", "kept"), [("DATA", 0), ("MESSAGE", 0), ("ANSWER", 1)])
@pytest.mark.parametrize("implicit", [False, True])
def test_cuts_on_demand(smtp: SmtpServer, at: str, kept: int, implicit: bool) -> None:
    smtp.cut(at=at)
    mail = _mail("ann@reed.example")

    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        _send(smtp, mail, implicit=implicit)

    assert smtp.sent_by(mail["Message-ID"]) == kept
    assert smtp.errors == []


def test_refused_recipients_slow_answers_and_long_lines(smtp: SmtpServer) -> None:
    smtp.refuse("gone@reed.example")
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        _send(smtp, _mail("gone@reed.example"), "gone@reed.example")
    smtp.slow(0.4, at="ANSWER")
    start = time.monotonic()
    _send(smtp, _mail("ann@reed.example"))
    seconds = time.monotonic() - start
    with (
        smtplib.SMTP("localhost", smtp.relay_port) as client,
        pytest.raises(smtplib.SMTPDataError),
    ):
        client.sendmail("a@b.example", ["c@d.example"], b"Subject: x\r\n\r\n" + b"x" * 1200)

    assert refused.value.recipients["gone@reed.example"][0] == 550
    assert seconds > 0.4
    assert len(smtp.messages) == 1


def test_misbehaviour_follows_its_seed(smtp: SmtpServer) -> None:
    def outcomes(seed: int) -> list[Any]:
        smtp.clear()
        smtp.misbehave(0.3, seed)
        found: list[Any] = []
        for _ in range(12):
            with smtplib.SMTP("localhost", smtp.relay_port) as client:
                try:
                    client.sendmail("a@b.example", ["c@d.example"], b"Subject: x\r\n\r\nx\r\n")
                except (smtplib.SMTPException, ConnectionError) as error:
                    found.append(type(error).__name__)
                else:
                    found.append("sent")
        return [*found, len(smtp.messages)]

    one, two, other = outcomes(1), outcomes(1), outcomes(2)

    assert one == two != other
    assert 0 < one.count("sent") < 12


# -- Pigeonhole ---------------------------------------------------------------------------


def test_vacation_answers_people_and_no_machines(
    certificates: Certificates, smtp: SmtpServer
) -> None:
    away = "away@else.example"
    relay = f"127.0.0.1:{smtp.relay_port}"
    with Dovecot(certificates, passwords={OFFICE: PASSWORD}, submission=relay) as server:
        smtp.relay_to(server, "@hudson.example", "@else.example")
        server.vacation(away, 'Back "soon".')
        question = _mail(away)
        server.deliver(away, question.as_bytes(), sender=OFFICE)
        server.deliver(
            away, _mail(away, Auto_Submitted="auto-replied").as_bytes(), sender=OFFICE
        )
        server.deliver(away, _mail(away, Precedence="list").as_bytes(), sender=OFFICE)
        server.deliver(away, _mail(away).as_bytes(), sender="")
        server.deliver(away, _mail(away, "Again").as_bytes(), sender=OFFICE)
        answers = smtp.wait(2)
        inbox = server.stored(OFFICE)

        assert server.count(away) == 5
    assert [one.message["Subject"] for one in answers] == ["Auto: Boiler", "Auto: Again"]
    assert {one.sender for one in answers} == {""}
    first = answers[0]
    assert first.recipients == (OFFICE,)
    assert first.message["Auto-Submitted"].startswith("auto-replied")
    assert first.message["In-Reply-To"] == question["Message-ID"]
    assert 'Back "soon".' in first.message.get_content()
    assert len(inbox) == 2  # relayed to the mailbox of who had asked


def test_vacation_needs_a_way_out(dovecot: Dovecot) -> None:
    with pytest.raises(ValueError, match="submission"):
        dovecot.vacation(OFFICE)
