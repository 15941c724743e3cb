"""Mails parsed in a process of its own, ahead of whoever stores them."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest

from flows.errors import SkipItem, TransientError
from flows.intake import mail_process
from flows.intake.mail_process import MAILS, MailParser, RawMail
from flows.intake.mail_reader import Reading
from flows.intake.parties import OwnAddresses
from flows.model import Message
from flows.ports import MailRef
from tests.flows.business import mail
from tests.flows.intake.files import word

PARSER = MailParser("office", OwnAddresses((), ("office@hudson.example",)))


def raw(number: int) -> RawMail:
    return RawMail("Inbox", mail(subject=f"letter {number}", name=str(number)))


def ready() -> int:
    """Wait for the process, and return its id."""
    until = time.monotonic() + 60
    while not MAILS.ready():
        assert time.monotonic() < until
        time.sleep(0.02)
    process = MAILS._process
    assert process
    return process.pid


def enclosing(name: str, content: bytes) -> bytes:
    from email.message import EmailMessage

    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@b.example", "c@d.example", "enclosed"
    made.set_content("see there")
    made.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return made.as_bytes()


def test_the_same_comes_out_of_the_process_as_would_of_our_own() -> None:
    mails = [raw(1), RawMail("Inbox", b""), RawMail("Old", enclosing("a.docx", word()))]
    mails += [RawMail("Inbox", enclosing("b.pdf", b"%PDF-1.4 \xff\x00 broken"))]
    here, apart = PARSER.here(mails), PARSER.apart(mails)
    assert [type(each) for each in here] == [Message, SkipItem, Message, Message]
    for ours, other in zip(here, apart, strict=True):
        if isinstance(ours, SkipItem):
            assert isinstance(other, SkipItem)
            assert (ours.reason, ours.what, ours.fix) == (other.reason, other.what, other.fix)
        else:
            assert ours == other
    assert isinstance(apart[3], Message)
    assert apart[3].unread


def test_a_process_that_dies_costs_no_mail_and_is_started_anew() -> None:
    first = ready()
    os.kill(first, signal.SIGKILL)
    read = PARSER.apart([raw(1), raw(2)])
    assert [isinstance(each, Message) for each in read] == [True, True]
    assert ready() != first


def test_a_mail_that_breaks_the_parser_costs_itself_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every process to which the second mail is given stops, as one that hangs would."""
    monkeypatch.setattr(mail_process, "SECONDS", 3.0)
    asked = MAILS.ask

    def ask(frames: tuple[bytes, bytes], *, seconds: float, most: int) -> bytes:
        process = ready()
        if b"letter 2" in frames[1]:
            os.kill(process, signal.SIGSTOP)
        return asked(frames, seconds=seconds, most=most)

    monkeypatch.setattr(MAILS, "ask", ask)
    one, two, three = PARSER.apart([raw(1), raw(2), raw(3)])
    assert isinstance(one, Message)
    assert isinstance(three, Message)
    assert isinstance(two, SkipItem)
    assert (two.reason, two.what) == ("failed", "the mail takes too long to parse")


class Shelf:
    """What a reading asks of a mailbox; one mail may be missing, or the server go away."""

    def __init__(self, number: int, *, gone: int = -1, away: int = -1) -> None:
        self.number, self.gone, self.away = number, gone, away
        self.fetched = 0

    def refs(self) -> list[MailRef]:
        return [
            MailRef(native_id=str(each), folder="Inbox", size=500)
            for each in range(self.number)
        ]

    async def fetch(self, ref: MailRef) -> bytes:
        self.fetched += 1
        if int(ref.native_id) == self.gone:
            raise SkipItem("gone", "it is gone")
        if int(ref.native_id) == self.away:
            raise TransientError("the server is away")
        return raw(int(ref.native_id)).content


async def test_mails_come_in_order_with_what_cannot_be_fetched_among_them() -> None:
    for number in (3, 50):  # parsed here, and in the process
        shelf = Shelf(number, gone=1)
        reading = Reading(PARSER, shelf, shelf.refs())
        read = [each async for each in reading.messages()]
        await reading.close()
        assert [int(ref.native_id) for ref, _ in read] == [*range(number)]
        skipped = [number for number, (_, each) in enumerate(read) if type(each) is SkipItem]
        assert skipped == [1]
        subjects = [each.subject for _, each in read if isinstance(each, Message)]
        assert subjects == [f"letter {each}" for each in range(number) if each != 1]


async def test_a_server_that_goes_away_is_told_after_what_was_read() -> None:
    shelf = Shelf(50, away=20)
    reading = Reading(PARSER, shelf, shelf.refs())
    came: list[object] = []

    async def take() -> None:
        came.extend([each async for each in reading.messages() if came.append(each)])

    with pytest.raises(TransientError):
        await take()
    await reading.close()
    assert len(came) == 16


async def test_no_more_is_read_ahead_than_is_kept() -> None:
    shelf = Shelf(500)
    reading = Reading(PARSER, shelf, shelf.refs())
    for _ in range(200):
        await asyncio.sleep(0.01)
        if shelf.fetched >= 64:
            break
    await asyncio.sleep(0.2)
    assert 64 <= shelf.fetched <= 80
    await reading.close()
    await reading.close()
