"""A connection to a mail server cut after any number of bytes: never a lie, never twice."""

from __future__ import annotations

from collections import Counter

from connectors.smtp import SmtpOutlet
from flows.errors import DeliveryUnknown, TransientError
from tests.contract.outlet import output
from tests.servers.cuts import BreakingLine
from tests.servers.fixtures import OFFICE, PASSWORD
from tests.servers.smtp import SmtpServer

IN_THE_CLEAR = 300
"""Greeting, EHLO and STARTTLS take a little less."""

BODY = {"to": "ada@customer.example", "subject": "Re: Leak", "text": "We come on Tuesday."}


async def test_a_cut_after_any_byte_is_told_as_what_it_is(smtp: SmtpServer, certificates):
    """Nobody is asked to mend settings that are right, or to look for what never left.

    The library takes an answer to EHLO that breaks off after a line's code for a whole one
    without the rest of what the server offers.
    """
    ends: Counter[str] = Counter()
    async with BreakingLine(smtp.port) as line:
        outlet = SmtpOutlet(
            "localhost",
            line.port,
            address=OFFICE,
            password=lambda: PASSWORD,
            context=certificates.trusting(),
            patience=(5, 5),
        )
        for count in (*range(1, IN_THE_CLEAR), *range(IN_THE_CLEAR, 9_000, 61)):
            line.breaks_after(count)
            reply = output("reply.send", count, BODY)
            try:
                await outlet.deliver(reply)
                end = "sent"
            except TransientError:
                end = "later"
            except DeliveryUnknown:
                end = "unknown"
            arrived = smtp.sent_by(f"<{reply.id}@hudson.example>")
            assert arrived in {"sent": {1}, "later": {0}, "unknown": {0, 1}}[end], count
            ends[end] += 1
    assert ends["later"] > IN_THE_CLEAR
    assert min(ends["sent"], ends["unknown"]) > 0
