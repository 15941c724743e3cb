"""Automatic mail goes to nobody too often, never round in a circle, never to ourselves."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from flows.manners import OFTEN, TWICE
from flows.outbox import Posted
from flows.ports import Record
from portal.wiring import App
from tests.flows.business import FLOWS, Business, mail
from tests.flows.intake.test_trust import takes_in

OFFICE = """office:
    uses: imap
    address: office@hudson.example
    host: imap.hudson.example
    password: env:OFFICE_PASSWORD
    smtp: {host: smtp.hudson.example}
"""
ANSWERING = (
    FLOWS.replace("reply.draft", "reply.send")
    .replace("        approve: owner\n", "")
    .replace("office: {uses: folder, path: mail}\n", OFFICE)
)
"""A mailbox that can send; here its mail comes from a folder, and nothing goes out."""


@pytest.fixture
def answering(business: Business) -> Business:
    """A business that answers by itself."""
    business.writes(ANSWERING)
    return business


async def answers(business: Business) -> list[Posted]:
    return [each for each in await business.outputs() if each.output.uses == "reply.send"]


async def by_state(business: Business) -> Counter[str]:
    return Counter(each.output.state for each in await answers(business))


async def test_three_answers_a_day_and_the_rest_waits(answering: Business) -> None:
    """Per correspondent; the next day in the business's zone counts anew."""
    for number in range(5):
        answering.gets(mail(f"boiler {number}", name=str(number)), f"mail/{number}")
    other = mail("boiler", name="o", sender="Ann <ann@other.example>")
    answering.gets(other, "mail/other")
    await takes_in(answering)

    waiting = [
        each.output for each in await answers(answering) if each.output.state == "waiting"
    ]
    assert await by_state(answering) == {"approved": 4, "waiting": 2}
    assert all(output.body["reasons"] == [OFTEN] for output in waiting)
    assert all(output.approver == "owner" for output in waiting)

    answering.clock.passes(hours=18)  # 3 in the night in UTC, still the same day in New York
    answering.gets(mail("boiler 6", name="6"), "mail/6")
    await takes_in(answering)
    assert (await by_state(answering))["waiting"] == 3
    answering.clock.passes(hours=6)
    answering.gets(mail("boiler 7", name="7"), "mail/7")
    await takes_in(answering)
    assert await by_state(answering) == {"approved": 5, "waiting": 3}


async def test_workers_side_by_side_send_no_more_than_that(answering: Business) -> None:
    """The records are made in the batch of the outputs: of two, one has to look again."""
    for number in range(9):
        answering.gets(mail(f"boiler {number}", name=str(number)), f"mail/{number}")

    await asyncio.gather(*(takes_in(answering) for _ in range(3)))

    assert await by_state(answering) == {"approved": 3, "waiting": 6}


async def test_a_second_automatic_answer_in_a_thread_waits(answering: Business) -> None:
    """So a loop with a responder that marks nothing stops at its first round."""
    answering.gets(mail(name="1"), "mail/1")
    await takes_in(answering)
    for number in (2, 3):
        again = mail(
            "Re: The boiler is cold", f"Noted {number}.", name=f"{number}", reply_to="1"
        )
        answering.gets(again, f"mail/{number}")
        await takes_in(answering)

    waiting = [
        each.output for each in await answers(answering) if each.output.state == "waiting"
    ]
    assert await by_state(answering) == {"approved": 1, "waiting": 2}
    assert all(output.body["reasons"] == [TWICE] for output in waiting)


async def test_an_answer_that_names_only_our_mail_is_of_its_thread(answering: Business) -> None:
    """Responders that give no References put In-Reply-To; our ids are known again."""
    answering.gets(mail(name="1"), "mail/1")
    await takes_in(answering)
    (ours,) = await answers(answering)
    echo = mail("Re: The boiler is cold", "We have your mail.", name="9").replace(
        b"Date:", f"In-Reply-To: <{ours.output.id}@hudson.example>\r\nDate:".encode(), 1
    )
    answering.gets(echo, "mail/9")
    await takes_in(answering)

    assert await by_state(answering) == {"approved": 1, "waiting": 1}


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated",
        "List-Id: <a.b.example>",
        "Precedence: bulk", "Return-Path: <>", "X-Auto-Response-Suppress: All",
    ],
)  # fmt: skip
async def test_machines_get_no_answer(answering: Business, header: str) -> None:
    """Neither at once nor after approval."""
    answering.gets(f"{header}\r\n".encode() + mail())
    await takes_in(answering)
    assert await answers(answering) == []


@pytest.mark.parametrize(
    "sender", ["noreply@lopez.example", "MAILER-DAEMON@lopez.example", "office@hudson.example"]
)
async def test_nobody_and_ourselves_get_no_answer(answering: Business, sender: str) -> None:
    """An answer to ourselves would come in again."""
    answering.gets(mail(sender=sender))
    await takes_in(answering)
    assert await answers(answering) == []


async def test_nothing_readable_tells_who_was_answered(answering: Business) -> None:
    """Keyed hashes, a day, and the schema."""
    answering.gets(mail())
    await takes_in(answering)

    async def kept(app: App) -> list[Record]:
        return [record async for record in app.records.each("answer")]

    (record,) = await answering.asks(kept)
    assert set(record.fields) == {"thread", "mail", "correspondent", "day", "v"}
    assert record.fields["day"] == "2026-11-01"
    assert "lopez" not in str(record)
