"""What each way to fail means for a mail, on a real server; and what a sent mail says."""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import replace

import pytest

from connectors.smtp import MailboxOutlet, SmtpOutlet
from flows.errors import (
    AdministratorError,
    DeliveryUnknown,
    OperatorError,
    SignInNeeded,
    TransientError,
)
from tests.contract.outlet import output
from tests.servers.fixtures import OFFICE, PASSWORD
from tests.servers.sign_in import SEND, new_user, token_for

TO = "ada@customer.example"
BODY = {
    "to": TO,
    "from": "sales@hudson.example",
    "subject": "Re: Leak",
    "text": "Grüße\n.\n.dot\nWe come on Tuesday.",
    "in_reply_to": "<b@customer.example>",
    "references": ["<a@customer.example>", "<b@customer.example>"],
}


class Tokens:
    """Gives tokens in turn, and remembers which it was told are refused."""

    def __init__(self, *tokens: str) -> None:
        self._tokens, self.refused = list(tokens), []

    async def token(self, *, refused=""):
        self.refused.append(refused)
        return self._tokens.pop(0)


def reply(number=1, uses="reply.send", **body):
    return output(uses, number, BODY | body)


@pytest.fixture
def outlet(smtp, certificates):
    def opened(**more):
        given = {
            "address": OFFICE,
            "name": "Hudson, Inc.",
            "password": lambda: PASSWORD,
            "context": certificates.trusting(),
            "patience": (2, 2),
        }
        return SmtpOutlet("localhost", more.pop("port", smtp.port), **(given | more))

    return opened


# -- what is sent -------------------------------------------------------------------------


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_reply_arrives_whole_in_its_thread(outlet, smtp, security):
    port = smtp.port if security == "starttls" else smtp.tls_port
    place = await outlet(port=port, security=security).deliver(reply())
    [mail] = smtp.messages
    assert (mail.sender, mail.recipients, mail.user, mail.tls) == (OFFICE, (TO,), OFFICE, True)
    found = mail.message
    assert found["Message-ID"] == "<o000000000000000000000001@hudson.example>"
    assert found["Message-ID"] in place
    assert found["From"].addresses[0].addr_spec == OFFICE
    assert found["From"].addresses[0].display_name == "Hudson, Inc."
    assert found["In-Reply-To"] == "<b@customer.example>"
    assert found["References"] == "<a@customer.example> <b@customer.example>"
    assert found["X-Unsent"] is None
    assert found.get_content().splitlines() == BODY["text"].splitlines()
    assert not found.defects
    assert b"X-Peer" not in mail.content


@pytest.mark.parametrize(
    ("uses", "kind"), [("reply.send", "auto-replied"), ("mail.send", "auto-generated")]
)
async def test_what_no_person_approved_says_that_it_is_automatic(outlet, smtp, uses, kind):
    await outlet().deliver(reply(uses=uses))
    [mail] = smtp.messages
    assert mail.message["Auto-Submitted"] == kind
    assert mail.message["X-Auto-Response-Suppress"] == "All"


async def test_what_a_person_approved_is_a_letter_like_any_other(outlet, smtp):
    await outlet().deliver(replace(reply(), approver="owner"))
    [mail] = smtp.messages
    assert mail.message["Auto-Submitted"] is None
    assert mail.message["X-Auto-Response-Suppress"] is None


async def test_an_address_beyond_ascii_goes_to_a_server_that_takes_it(outlet, smtp):
    await outlet().deliver(reply(to="josé@exämple.example"))
    [mail] = smtp.messages
    assert mail.recipients == ("josé@exämple.example",)


@pytest.mark.parametrize("to", ["", "a@b, c@d", "x@y.example\nBcc: e@evil.example", "<a@b>"])
async def test_one_plain_address_is_needed(outlet, smtp, to):
    with pytest.raises(OperatorError) as stopped:
        await outlet().deliver(reply(to=to))
    assert not smtp.messages
    assert not to or to not in str(stopped.value)


# -- who may send -------------------------------------------------------------------------


async def test_a_token_of_the_provider_signs_in(outlet, smtp, openid):
    user = new_user(openid)
    token = await asyncio.to_thread(token_for, openid, user, (SEND,))
    await outlet(address=user, tokens=Tokens(token)).deliver(reply())
    assert [mail.user for mail in smtp.messages] == [user]


async def test_a_token_that_is_refused_is_replaced_once(outlet, smtp, openid):
    user = new_user(openid)
    token = await asyncio.to_thread(token_for, openid, user, (SEND,))
    tokens = Tokens("stale", token)
    await outlet(address=user, tokens=tokens).deliver(reply())
    assert len(smtp.messages) == 1
    assert tokens.refused == ["", "stale"]


async def test_two_refused_tokens_are_for_a_person_to_mend(outlet, smtp):
    with pytest.raises(SignInNeeded) as stopped:
        await outlet(tokens=Tokens("stale", "staler")).deliver(reply())
    assert stopped.value.why == "not_permitted"
    assert "535 5.7.3" in str(stopped.value)
    assert "stale" not in str(stopped.value)
    assert not smtp.messages


async def test_a_wrong_password_is_told_without_being_shown(outlet, smtp):
    with pytest.raises(SignInNeeded) as stopped:
        await outlet(password=lambda: "sésame").deliver(reply())
    assert stopped.value.why == "password"
    assert "sésame" not in str(stopped.value)
    assert not smtp.messages


async def test_a_password_is_never_sent_in_the_clear(outlet, smtp):
    """The relay port offers no STARTTLS, as a stripped connection does not."""
    with pytest.raises(AdministratorError, match="STARTTLS"):
        await outlet(port=smtp.relay_port).deliver(reply())
    with pytest.raises(OperatorError, match="in the clear"):
        SmtpOutlet("smtp.hudson.example", 25, address=OFFICE, security="none")


async def test_a_server_on_this_machine_may_ask_for_nothing(outlet, smtp):
    used = outlet(port=smtp.relay_port, security="none", password=None)
    await used.deliver(reply())
    assert [mail.user for mail in smtp.messages] == [None]


async def test_a_certificate_of_nobody_is_not_trusted(outlet, smtp):
    for port, security in ((smtp.port, "starttls"), (smtp.tls_port, "tls")):
        used = outlet(port=port, security=security, context=ssl.create_default_context())
        with pytest.raises(AdministratorError, match="certificate verify failed"):
            await used.deliver(reply())
    with pytest.raises(AdministratorError, match="wrong version number"):
        await outlet(security="tls").deliver(reply())
    assert not smtp.messages


# -- what can fail ------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "MESSAGE"])
@pytest.mark.parametrize("code", ["421 4.3.2", "450 4.2.1", "451 4.3.0", "452 4.2.2"])
async def test_a_four_hundred_is_tried_again(outlet, smtp, at, code):
    smtp.reply(f"{code} {TO} later", at=at)
    with pytest.raises(TransientError) as stopped:
        await outlet().deliver(reply())
    assert TO not in str(stopped.value)
    assert not smtp.messages
    await outlet().deliver(reply())
    assert len(smtp.messages) == 1


@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA", "MESSAGE"])
async def test_a_five_hundred_is_for_a_person_to_mend(outlet, smtp, at):
    smtp.reply(f"550 5.1.1 {TO}: no such user", at=at)
    with pytest.raises(OperatorError) as stopped:
        await outlet().deliver(reply())
    assert "550 5.1.1" in str(stopped.value)
    assert TO not in str(stopped.value)
    assert stopped.value.fix
    assert not smtp.messages


async def test_a_refused_recipient_is_not_named(outlet, smtp):
    smtp.refuse(TO)
    with pytest.raises(OperatorError, match="of whom it is for") as stopped:
        await outlet().deliver(reply())
    assert TO not in str(stopped.value)


@pytest.mark.parametrize("at", ["EHLO", "AUTH", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("how", ["cut", "slow"])
async def test_a_connection_lost_before_the_mail_is_tried_again(outlet, smtp, at, how):
    smtp.cut(at=at) if how == "cut" else smtp.slow(0.6, at=at)
    with pytest.raises(TransientError, match="nothing was sent"):
        await outlet(patience=(0.3, 2)).deliver(reply())
    assert not smtp.messages


@pytest.mark.parametrize("at", ["MESSAGE", "ANSWER"])
@pytest.mark.parametrize("how", ["cut", "slow"])
async def test_a_lost_answer_to_the_mail_is_for_a_person_to_judge(outlet, smtp, at, how):
    """The two look the same from here: one of them is out."""
    smtp.cut(at=at) if how == "cut" else smtp.slow(0.6, at=at)
    with pytest.raises(DeliveryUnknown) as lost:
        await outlet(patience=(2, 0.3)).deliver(reply())
    assert "Sent folder" in lost.value.fix
    assert TO not in str(lost.value)


async def test_a_server_that_is_not_there_is_tried_again(outlet):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(TransientError):
            await outlet(port=taken.getsockname()[1]).deliver(reply())


# -- copies, drafts and marks -------------------------------------------------------------


class Folder:
    """A folder that is closed to us when told to be."""

    def __init__(self, trouble=None):
        self._trouble = trouble

    async def find(self, message_id):
        return False

    async def append(self, raw, message_id):
        raise self._trouble


@pytest.mark.parametrize("trouble", [TransientError("the mailbox is away"), ValueError(TO)])
async def test_a_copy_that_cannot_be_kept_has_nothing_sent_again(outlet, smtp, trouble):
    place = await outlet(sent=Folder(trouble)).deliver(reply())
    assert "no copy is in the Sent folder" in place
    assert TO not in place
    assert len(smtp.messages) == 1


class Marks:
    """A mailbox that remembers what it was asked to mark; it holds one mail."""

    def __init__(self):
        self.asked = []

    async def mark(self, native_id, *, flag, move_to):
        self.asked.append((native_id, flag, move_to))
        return native_id == "7"


async def test_a_mark_is_set_on_the_mail_that_triggered_it():
    marks = Marks()
    used = MailboxOutlet(address=OFFICE, marker=marks)
    assert used.uses == {"mail.mark"}
    both = {"native_id": "7", "category": "JigAjob", "move_to": "Jobs"}
    assert "Jobs" in await used.deliver(output("mail.mark", 1, both))
    assert "JigAjob" in await used.deliver(output("mail.mark", 2, both | {"move_to": ""}))
    gone = output("mail.mark", 3, both | {"native_id": "8"})
    assert "no longer" in await used.deliver(gone)
    assert marks.asked == [
        ("7", "JigAjob", "Jobs"),
        ("7", "JigAjob", ""),
        ("8", "JigAjob", "Jobs"),
    ]


async def test_a_mark_on_an_unknown_mail_is_told():
    with pytest.raises(OperatorError, match="where its mail lies"):
        await MailboxOutlet(address=OFFICE, marker=Marks()).deliver(output("mail.mark", 1, {}))


async def test_a_mailbox_takes_only_what_it_can_do():
    with pytest.raises(OperatorError, match="does not take"):
        await MailboxOutlet(address=OFFICE, marker=Marks()).deliver(reply(uses="reply.draft"))
