"""One sweep over everything that a business has connected, in pieces that can be repeated.

The order matters: all mail, then what it brought about goes out (and so is in the books),
then transactions, then their matching, then what counts for figures of trades. Each piece
commits what it did before it returns, so that a sweep may be killed anywhere and run again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, NamedTuple, ParamSpec, Protocol, TypeVar

from flows.alarms import Alarms
from flows.audit.found import Found
from flows.errors import JigajobError
from flows.intake.arrivals import Arrivals, Counts
from flows.intake.booked import BookedIntake
from flows.intake.mail import MailIntake
from flows.intake.next_page import NextPage
from flows.intake.transactions import TransactionIntake
from flows.outbox import Outbox
from flows.ports import Hints, MailRef
from flows.records import Records
from flows.reports.contributing import Contributing
from flows.starting.starting import Starting
from flows.work.chasing import Chasing
from flows.work.linking import Linking
from flows.work.register import Register

PAGE: Final = 50
"""Items per page: one Prefect task each, so that its cost is spread over many mails."""

FIGURES: Final = "figures of trades"
"""Stands among the troubles in place of a source; no source is called so, for its spaces."""

P = ParamSpec("P")
R = TypeVar("R")

Progress = Callable[[str, Counts], None]
"""Told after each page: the source, and what the page did."""


class Runner(Protocol):
    """Gives each piece of a sweep its surroundings: a name, retries, a place in a log."""

    def __call__(
        self, name: str, piece: Callable[P, Awaitable[R]]
    ) -> Callable[P, Awaitable[R]]:
        """Return *piece*, to be awaited in its place."""


@dataclass(slots=True)
class SweepDone:
    """What a sweep did: counts by source, and outputs by the state in which they ended.

    `troubles` are the sources that could not be read to their end, each with why.
    `reminders` are the outputs that came of overdue invoices; `held` says that none could.
    `started` are those that came of the clock, of calls, and of other outputs.
    """

    sources: dict[str, Counts] = field(default_factory=dict)
    troubles: dict[str, JigajobError] = field(default_factory=dict)
    delivered: Counter[str] = field(default_factory=Counter)
    pieces: int = 0
    reminders: int = 0
    held: bool = False
    started: int = 0

    def deliver(self, ended: Counter[str]) -> None:
        """Add how many outputs a delivery brought to which end."""
        self.delivered += ended
        self.pieces += 1

    def add(self, source: str, counts: Counts) -> None:
        """Add what a piece of the sweep did with a source."""
        self.sources.setdefault(source, Counts()).add(counts)
        self.pieces += 1


class PageDone(NamedTuple):
    """What a page did, and whether another follows."""

    counts: Counts
    more: bool


class Sweep:
    """The sources of one business, ready to be read."""

    def __init__(
        self,
        *,
        business: str,
        deployment: int,
        mail: Mapping[str, MailIntake],
        banks: Mapping[str, TransactionIntake],
        records: Records,
        register: Register,
        outbox: Outbox,
        alarms: Alarms,
        chasing: Chasing,
        linking: Linking,
        booked: Mapping[str, BookedIntake],
        found: Found,
        starting: Starting,
        contributing: Contributing,
    ) -> None:
        self.business, self.deployment = business, deployment
        self.mail, self.banks = mail, banks
        self._alarms, self._chasing, self.booked = alarms, chasing, booked
        self._linking, self._found, self._starting = linking, found, starting
        self._records, self._register, self._outbox = records, register, outbox
        self._contributing = contributing
        self._pages = {name: NextPage(intake, PAGE) for name, intake in mail.items()}

    async def run(self, runner: Runner, progress: Progress) -> SweepDone:
        """Read every source to its end, and return what was done.

        A source that fails is named in `troubles`, and holds up no other; it is read on later.

        Raises:
            JigajobError: What stopped the deliveries; everything committed before it stays.
        """
        done = SweepDone()
        await self._found.note()

        async def pages(source: str, page: Callable[[str], Awaitable[PageDone]]) -> None:
            try:
                more = source not in done.troubles
                while more:
                    counts, more = await runner("page", page)(source)
                    add(source, counts)
            except JigajobError as error:
                done.troubles[source] = error

        def add(source: str, counts: Counts) -> None:
            done.add(source, counts)
            progress(source, counts)

        async with self._reading():
            for source in self.mail:
                await pages(source, self.mail_page)
        await self._started(runner, done)
        await self._delivered(runner, done)
        for source in self.banks:
            await pages(source, self.bank_page)
        for source in self.booked:
            await pages(source, self.invoice_page)
        for source in [each for each in self.banks if each not in done.troubles]:
            add(source, await runner("match", self.match)(source))
        await self._after_matching(runner, done)
        await self._delivered(runner, done)
        while await self._started(runner, done):  # by what was sent; chains have an end
            await self._delivered(runner, done)
        return done

    async def _contributed(self, runner: Runner, done: SweepDone) -> None:
        try:
            if await self._contributing.wanted():
                await runner("contribute", self.contribute)()
                done.pieces += 1
        except JigajobError as error:
            done.troubles[FIGURES] = error

    async def _delivered(self, runner: Runner, done: SweepDone) -> None:
        done.deliver(await runner("deliver", self.deliver)())

    async def _started(self, runner: Runner, done: SweepDone) -> int:
        if not self._starting.wanted:
            return 0
        made = await runner("start", self.start)()
        done.started, done.pieces = done.started + made, done.pieces + 1
        return made

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[None]:
        await self._starting.begin()
        try:
            yield
        finally:
            for pages in self._pages.values():
                await pages.close()

    async def _after_matching(self, runner: Runner, done: SweepDone) -> None:
        await runner("link", self._linking.run)()
        # Where the bank cannot be read, whoever has paid is not to be reminded.
        done.held = self._chasing.waits and bool(done.troubles.keys() & self.banks.keys())
        if not done.held:
            done.reminders = await runner("chase", self.chase)()
            done.pieces += 1
        await self._raise_alarms(done.troubles)
        await self._contributed(runner, done)

    async def _raise_alarms(self, troubles: Mapping[str, JigajobError]) -> None:
        await self._alarms.raise_for(troubles)
        # A folder is often an archive, to which nothing comes; live mailboxes give hints.
        live = [name for name, each in self.mail.items() if isinstance(each.mailbox, Hints)]
        await self._alarms.watch_silence({name: name not in troubles for name in live})

    async def mail_page(self, source: str) -> PageDone:
        """Take in the next page of a mailbox; only when it is committed the cursor moves."""
        intake, pages = self.mail[source], self._pages[source]
        page, begun = await pages.after(await self._cursor(source))

        def begin_the_next() -> None:
            if page.more:
                pages.start(page.cursor)

        counts = await intake.settle(begun, lasting=False, once_read=begin_the_next)
        await self._move_cursor(source, page.cursor)
        if not page.more and isinstance(intake.mailbox, Hints):
            # A server shows each mail once; a folder lists all of it in every sweep.
            again = await Arrivals(self._records, source).to_try_again()
            shown = {ref.native_id for ref in page.refs}
            left = [ref for ref in again if ref.native_id not in shown]
            counts.add(await self.take_in(source, left))
        return PageDone(counts, page.more)

    async def take_in(self, source: str, refs: Sequence[MailRef]) -> Counts:
        """Take in these messages of a mailbox, wherever its cursor stands."""
        counts = Counts()
        for start in range(0, len(refs), PAGE):
            counts.add(await self.mail[source].page(refs[start : start + PAGE]))
        return counts

    async def bank_page(self, source: str) -> PageDone:
        """Take in the next page of a bank source, and move the cursor when it is committed."""
        intake = self.banks[source]
        page = await intake.bank.page(await self._cursor(source), PAGE)
        counts = await intake.page(page.items)
        await self._move_cursor(source, page.cursor)
        return PageDone(counts, page.more)

    async def invoice_page(self, source: str) -> PageDone:
        """Record the next page of the invoices that the books of *source* tell of."""
        intake, place = self.booked[source], f"{source}.invoices"
        page = await intake.books.page(await self._cursor(place), PAGE)
        counts = await intake.page(page.items)
        await self._move_cursor(place, page.cursor)
        return PageDone(counts, page.more)

    async def match(self, source: str) -> Counts:
        """Run the flows of the transactions of *source* that still wait for something."""
        return await self.banks[source].match(self._register, self._outbox)

    async def chase(self) -> int:
        """Run the flows of invoices that became overdue; return how many outputs are new."""
        return await self._chasing.run()

    async def start(self) -> int:
        """Run what the clock, calls and outputs start; return how many outputs are new."""
        return await self._starting.run()

    async def contribute(self) -> None:
        """Count what has settled for figures of trades, as far as the business agrees."""
        await self._contributing.run()

    async def deliver(self) -> Counter[str]:
        """Carry out what is approved, and return how many outputs ended in which state."""
        return await self._outbox.deliver()

    async def _cursor(self, source: str) -> str:
        record = await self._records.get("cursor", source)
        if record is None:
            return ""
        return (await self._records.open(record, dict[str, str]))["cursor"]

    async def _move_cursor(self, source: str, cursor: str) -> None:
        # A cursor may hold a path or a token, so it is sealed like everything else.
        record = await self._records.seal("cursor", source, {"cursor": cursor}, {})
        await self._records.store.put(self._records.key, record)
