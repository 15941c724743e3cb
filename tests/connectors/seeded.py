"""Runs of the whole path under trouble that a seed decides, and what they must leave.

A run is one home in which somebody has signed in. While things happen in the `Account`, sweeps
run, each in an app of its own, and some are cut short by a `Machine` that goes down. Then all
trouble ends, the owner approves what failed for want of a sign-in, and sweeps go on until
nothing is left to do. What is there then is compared with the letters that came.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from flows.errors import SignInNeeded
from flows.intake.parse import parse
from flows.intake.parties import OwnAddresses
from flows.outbox import Posted
from portal.settings import Settings
from portal.wiring import App
from tests.connectors.machine import Machine
from tests.flows.business import TestClock

SEEDS: Final = int(os.environ.get("JIGAJOB_SEEDS", "20"))
"""How many runs: few by default; 200 of either mailbox take some minutes."""

AT_ONCE: Final = 20
SWEEPS: Final = 4
WITHIN: Final = 150
SOURCE: Final = "office"


def letter(number: int) -> bytes:
    """Return a letter unlike that of any other number, from somebody else."""
    return (
        f"From: Maria Lopez <maria@lopez{number}.example>\r\nTo: office@hudson.example\r\n"
        f"Subject: The boiler is cold\r\nMessage-ID: <{number}@lopez.example>\r\n"
        "Date: Mon, 05 Oct 2026 09:30:00 -0400\r\n\r\n"
        f"No heat since Monday in flat {number}.\r\n"
    ).encode()


class Account(Protocol):
    """A mailbox with people and chance in it."""

    settings: Settings
    letters: list[bytes]

    def comes(self) -> None:
        """Let another letter come."""

    def happens(self, chance: random.Random) -> None:
        """Let one thing happen; blocks for some hundredths of a second."""

    def trouble(self, seed: int) -> None:
        """Let connections and servers fail from now on."""

    def calm(self) -> None:
        """End all trouble."""

    async def sign_in(self, app: App) -> None: ...

    def check(self, found: Sequence[Posted]) -> None:
        """Pass if the mailbox holds what the outputs say: once, and nothing else."""

    def clear(self) -> None:
        """Forget the mail of the last run."""


class Run:
    """The run of one seed; *uses* are the steps of which each letter brings about one."""

    def __init__(self, account: Account, seed: int, uses: Sequence[str]) -> None:
        self.account, self.seed, self.uses = account, seed, uses
        self.chance, self.clock = random.Random(seed), TestClock(datetime.now(UTC))
        settings = replace(account.settings, home=account.settings.home / str(seed))
        self.machine = Machine(settings, self.clock, self.chance)

    async def ends(self, cleaner: Any) -> Counter[str]:
        """Go through it all, and return how many outputs ended in which state."""
        try:
            await self._troubled(cleaner)
            await self._calm(cleaner)
            return await self.machine.asks(self._checked)
        except AssertionError as error:
            error.add_note(f"seed {self.seed}")
            raise

    async def _troubled(self, cleaner: Any) -> None:
        account, chance = self.account, self.chance
        await self.machine.asks(account.sign_in)
        account.comes()
        account.trouble(self.seed)
        for _ in range(SWEEPS):
            within = chance.choice((0, WITHIN))
            happening = asyncio.to_thread(self._happens, chance.random() / 8)
            await asyncio.gather(self.machine.sweeps(cleaner, within=within), happening)
            # A lease on a sign-in outlives its worker by a minute, one on an output by fifteen.
            await self.machine.settles()
            self.clock.passes(minutes=16 if chance.random() < 0.4 else 2)

    def _happens(self, after: float) -> None:
        time.sleep(after)
        self.account.happens(self.chance)

    async def _calm(self, cleaner: Any) -> None:
        self.account.calm()
        await self.machine.settles()
        for _ in range(8):
            self.clock.passes(hours=7)  # longer than any pause between two tries of an output
            await self.machine.asks(self._owner_acts)
            done = await self.machine.sweeps(cleaner)
            assert done is not None
            # Only this needs somebody, who acts before the next sweep.
            assert all(isinstance(each, SignInNeeded) for each in done.troubles.values())
            new = any(each.new for each in done.sources.values())
            if not (done.troubles or done.delivered or new):
                return
        raise AssertionError("it never comes to an end")

    async def _owner_acts(self, app: App) -> None:
        """Sign in where that is asked for, and approve again what failed meanwhile."""
        connections = await app.identity(SOURCE).connections()
        if any(each.why for each in connections):
            await self.account.sign_in(app)
        async for posted in app.outbox.list("failed"):
            assert "sign in" in posted.note, posted.note
            await app.outbox.approve(posted.output.id)

    async def _checked(self, app: App) -> Counter[str]:
        own = OwnAddresses(app.file.business.domains, app.file.business.addresses)
        came = [
            await app.records.record_id(
                "message", parse(raw, source=SOURCE, folder="", own=own).id
            )
            for raw in self.account.letters
        ]
        stored = [record.id async for record in app.records.each("message")]
        assert sorted(stored) == sorted(came)
        # Alarms tell the owner, too; they are no replies.
        posted = [each async for each in app.outbox.list() if each.output.uses in self.uses]
        made = Counter((each.output.trigger, each.output.uses) for each in posted)
        wanted = [(each, uses) for each in came for uses in self.uses]
        assert made == Counter(wanted)
        assert (await app.ledger(SOURCE)).as_json()["unaccounted"] == 0
        self.account.check(posted)
        states = Counter(each.output.state for each in posted)
        assert set(states) <= {"sent", "unknown"}, states
        return states


async def runs(account: Account, cleaner: Any, first: int, uses: Sequence[str]) -> Counter[str]:
    """Make `AT_ONCE` runs, and return how they ended, with `crash` for each machine down."""
    ends: Counter[str] = Counter()
    for seed in range(first, first + AT_ONCE):
        account.clear()
        run = Run(account, seed, uses)
        ends += await run.ends(cleaner)
        ends["crash"] += run.machine.crashes
    return ends
