"""Two hundred runs of an outbox at a server that fails by chance: nothing goes out twice.

Each run has its own seed, three outputs and three kinds of bad luck: the server refuses or
drops the connection at any step, the machine goes down before, while or after a mail is
handed in, and two workers deliver at once.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest

from connectors.smtp import SmtpOutlet
from flows.model import Output
from flows.outbox import Outbox
from flows.records import Records
from tests.contract.outlet import output
from tests.flows.business import TestClock
from tests.flows.outputs import Crash, put, records_in
from tests.servers.fixtures import OFFICE, PASSWORD
from tests.servers.smtp import SmtpServer

SEEDS = 200
RATE = 0.15
CRASHES = 0.15
SWEEPS = 30


class Shaky:
    """The outlet on a machine that goes down by chance, before or after a mail is handed in."""

    def __init__(self, outlet: SmtpOutlet, chance: random.Random) -> None:
        self._outlet, self._chance = outlet, chance
        self.uses, self.resume = outlet.uses, outlet.resume

    async def deliver(self, output: Output) -> str:
        """Deliver it, unless the machine goes down."""
        drawn = self._chance.random()
        if drawn < CRASHES / 3:
            raise Crash
        if drawn < CRASHES * 2 / 3:  # and the thread that talks to the server goes on alone
            begun = asyncio.ensure_future(self._outlet.deliver(output))
            await asyncio.sleep(self._chance.random() / 50)
            begun.cancel()
            raise Crash
        place = await self._outlet.deliver(output)
        if drawn < CRASHES:
            raise Crash
        return place


async def states(box: Outbox) -> dict[str, str]:
    return {posted.output.id: posted.output.state async for posted in box.list()}


async def run(seed: int, records: Records, outlet: SmtpOutlet) -> dict[str, str]:
    """Sweep until every output has ended, each sweep as after a restart; return the ends."""
    chance, clock = random.Random(seed), TestClock()
    await put(records, *(letter(seed, number) for number in range(3)))
    shaky = Shaky(outlet, chance)
    for _ in range(SWEEPS):
        workers = [Outbox(records, [shaky], clock) for _ in range(chance.choice((1, 2)))]
        ends = await asyncio.gather(
            *(worker.deliver() for worker in workers), return_exceptions=True
        )
        strange = [end for end in ends if not isinstance(end, Counter | Crash)]
        assert not strange, (seed, strange)
        clock.passes(minutes=chance.choice((1, 16)))
        found = await states(workers[0])
        if not {"approved", "sending"} & set(found.values()):
            return found
    return found


def letter(seed: int, number: int) -> Output:
    body = {"to": "ada@customer.example", "subject": "Re: Leak", "text": f"{seed}.{number}"}
    return output("reply.send", 1_000 * seed + number, body)


@pytest.mark.slow
async def test_each_mail_is_sent_once_or_held_for_a_person(
    smtp: SmtpServer, certificates, tmp_path
) -> None:
    """What is `sent` arrived once; what is `unknown` arrived once or not at all."""
    outlet = SmtpOutlet(
        "localhost",
        smtp.port,
        address=OFFICE,
        password=lambda: PASSWORD,
        context=certificates.trusting(),
        patience=(5, 5),
    )
    ends: Counter[str] = Counter()
    doubt: Counter[int] = Counter()
    for seed in range(SEEDS):
        smtp.misbehave(RATE, seed)
        async with records_in(tmp_path / str(seed)) as records:
            found = await run(seed, records, outlet)
        await asyncio.sleep(0.02)  # for a thread that goes on alone
        assert set(found.values()) <= {"sent", "unknown"}, (seed, found)
        for each, state in found.items():
            arrived = smtp.sent_by(f"<{each}@hudson.example>")
            assert arrived <= 1, (seed, each, state)
            assert state != "sent" or arrived == 1, (seed, each)
            ends[state] += 1
            doubt[arrived] += state == "unknown"
        smtp.clear()
    assert sum(ends.values()) == 3 * SEEDS
    # Chance was at work: some are in doubt, of both sorts, and most are not.
    assert min(doubt[0], doubt[1]) > SEEDS / 20
    assert ends["sent"] > SEEDS
    print(f"{dict(ends)}, of those unknown arrived: {doubt[1]}")  # noqa: T201 - the figures
