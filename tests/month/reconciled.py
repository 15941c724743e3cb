"""How a month ended: what was matched by itself, what was asked, what was left to people."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from anonymizer.text.cleaner import Cleaner
from flows.model import CleanTransaction, Invoice
from flows.work.settlement import claim_of
from portal.settings import Settings
from portal.wiring import App, open_app
from tests.month.office import KEY, Month, Movement
from tests.servers.stripe import StripeServer

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Clock:
    """A clock that stands at the end of the month."""

    def now(self) -> datetime:
        return NOW


@dataclass(frozen=True)
class Ended:
    """What became of a month.

    `sure` and `asked` hold, by movement, what it was matched with or is proposed to be for;
    `invoices` are those recorded, by number.
    """

    movements: int
    sure: dict[Movement, set[frozenset[str]]]
    asked: dict[Movement, set[frozenset[str]]]
    invoices: dict[str, Invoice]
    truth: dict[Movement, frozenset[str]]

    @property
    def wrong(self) -> set[Movement]:
        """Return the movements that were matched with what they are not for."""
        return {each for each, found in self.sure.items() if found != {self.truth.get(each)}}

    @property
    def missed(self) -> set[Movement]:
        """Return the movements for which nothing true was matched or proposed."""
        return {
            each
            for each, numbers in self.truth.items()
            if numbers not in self.sure.get(each, set()) | self.asked.get(each, set())
        }

    def figures(self) -> str:
        """Return the line that says how well it went."""
        right = len(self.sure) - len(self.wrong)
        proposed = self.truth.keys() - self.sure.keys() - self.missed
        total = len(self.truth)
        return (
            f"{len(self.invoices)} invoices, {self.movements} movements, {total} of them for"
            f" something: sure matches {len(self.sure)}, precision"
            f" {right / max(1, len(self.sure)):.3f}, recall {right / total:.3f}; proposed"
            f" {len(proposed) / total:.3f}, left to people {len(self.missed) / total:.3f}"
        )


async def reconciled(month: Month, home: Path, cleaner: Cleaner) -> Ended:
    """Work the month through, as `jigajob run` would, and return how it ended."""
    server = StripeServer(month.account, key=KEY, now=int(NOW.timestamp()))
    settings = Settings(home=home, flows=month.flows, stripe=server.address)
    try:
        async with open_app(settings, Clock()) as app:
            done = await app.sweep(cleaner).run(lambda _, piece: piece, lambda *_: None)
            for trouble in done.troubles.values():
                raise trouble
            return await _ended(app, month)
    finally:
        server.close()


async def _ended(app: App, month: Month) -> Ended:
    moved: dict[str, Movement] = {}
    async for record in app.records.each("transaction"):
        each = await app.records.open(record, CleanTransaction)
        moved[each.id] = (each.source, each.booked_on, each.money.amount)
    sure: defaultdict[Movement, set[frozenset[str]]] = defaultdict(set)
    asked: defaultdict[Movement, set[frozenset[str]]] = defaultdict(set)
    async for posted in app.outbox.list():
        if posted.output.uses != "payment.match":
            continue
        claim = claim_of(posted.output)
        numbers = {share.number for share in claim.shares} or {"payout"}
        found = sure if posted.output.state == "sent" else asked
        found[moved[claim.transaction]].add(frozenset(numbers))
    invoices = {each.number: each for each in await app.register.invoices()}
    return Ended(len(moved), dict(sure), dict(asked), invoices, month.truth)
