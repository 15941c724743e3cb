"""One business, open: its records, its sources, and what carries out its outputs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from connectors.outlet_files import CsvRows, EmlDrafts, IcsCalendar, NoticeLog
from flows.audit import Audit
from flows.connections import IDENTITY
from flows.errors import NothingKept, Unopened
from flows.intake.ledger import Ledger, SourceLedger
from flows.language.load import Loaded
from flows.language.spec import FlowsFile
from flows.outbox import Outbox
from flows.ports import Clock, Mailbox, Outlet, TransactionSource
from flows.records import Records
from flows.work.register import Register
from portal.settings import Settings
from portal.wiring.accounts import Accounts
from portal.wiring.books import (
    books_outlets,
    invoice_sources,
    transaction_sources,
    workbook_outlets,
)
from portal.wiring.custody import Custody, open_custody
from portal.wiring.in_force import InForce, drift_of, flows_in_force
from portal.wiring.outlets import named_outlets
from portal.wiring.pool import pool_of

if TYPE_CHECKING:
    from anonymizer.text.cleaner import Cleaner
    from connectors.identity import Identity
    from flows.engine import Engine
    from flows.intake.booked import BookedIntake
    from flows.intake.mail import MailIntake
    from flows.intake.transactions import TransactionIntake
    from flows.replays import Replays
    from flows.reports.contributing import Contributing
    from flows.starting.calls import Calls
    from flows.starting.starting import Starting
    from flows.sweep import Sweep


@dataclass(frozen=True, slots=True)
class App:
    """One business, its records and its sources, open; closed by `open_app`."""

    settings: Settings
    custody: Custody
    flows: InForce
    records: Records
    register: Register
    outbox: Outbox
    mailboxes: Mapping[str, Mailbox]
    banks: Mapping[str, TransactionSource]
    accounts: Accounts

    @property
    def clock(self) -> Clock:
        """Return the clock by which it works."""
        return self.custody.clock

    @property
    def audit(self) -> Audit:
        """Return what records who did and saw what."""
        return self.custody.audit

    @property
    def is_new(self) -> bool:
        """Return whether nothing was kept of it when it was opened."""
        return self.custody.keys.root is None

    def passing_over(self, missed: list[Unopened]) -> App:
        """Return the same business for somebody who looks; see `Records.passing_over`."""
        records = self.records.passing_over(missed)
        return replace(self, records=records, register=Register(records))

    @property
    def file(self) -> FlowsFile:
        """Return the flows file that is in force: the deployed one, where there is one."""
        return self.flows.loaded.file

    @property
    def templates(self) -> Mapping[str, str]:
        """Return the text of its template files by name."""
        return self.flows.loaded.templates

    def notes(self) -> tuple[str, ...]:
        """Return what is to be known of the flows that run, on a line each."""
        drift = drift_of(self.settings, self.flows)
        if drift is None:
            return ()
        return (drift.told(str(self.settings.flows)),)

    def identity(self, source: str) -> Identity:
        """Return what signs in for a source.

        Raises:
            OperatorError: The source is none that anybody signs in for.
        """
        return self.accounts.identity(source)

    def scopes(self, source: str) -> tuple[str, ...]:
        """Return what a sign-in for the source asks for."""
        return self.accounts.scopes(source)

    async def ledgers(self, days: int = 0) -> AsyncIterator[SourceLedger]:
        """Yield the ledger of each source, in the order of the flows file; *days* as `ledger`.

        Raises:
            TransientError, AdministratorError: A source cannot be counted now.
        """
        for source in self.file.sources:
            yield await self.ledger(source, days)

    async def ledger(self, source: str, days: int = 0) -> SourceLedger:
        """Return the ledger of one source, for the last *days* against the server's counts.

        Raises:
            TransientError, AdministratorError: It cannot be counted now.
        """
        if source in self.mailboxes:
            today = self.clock.now().date()
            # Where the server stands it may be tomorrow.
            asked = {today + timedelta(days=1 - number) for number in range(days + bool(days))}
            return await Ledger(self.records).of_mailbox(source, self.mailboxes[source], asked)
        if source in self.banks:
            return await Ledger(self.records).of_bank(source, self.banks[source])
        return await Ledger(self.records).of_calls(source)

    def sweep(self, cleaner: Cleaner) -> Sweep:
        """Return a sweep over every source, ready to run."""
        # What only a run needs is imported here, so that `status` answers at once.
        from flows.alarms import Alarms  # noqa: PLC0415
        from flows.audit.found import Found  # noqa: PLC0415
        from flows.engine import Engine  # noqa: PLC0415
        from flows.sweep import Sweep  # noqa: PLC0415
        from flows.work.chasing import Chasing  # noqa: PLC0415
        from flows.work.linking import Linking  # noqa: PLC0415

        engine = Engine(self.file, self.templates)
        return Sweep(
            business=self.file.business.id,
            deployment=self.flows.number,
            mail={name: self._mail_intake(name, engine, cleaner) for name in self.mailboxes},
            banks=self._banks(engine, cleaner),
            records=self.records,
            register=self.register,
            outbox=self.outbox,
            alarms=Alarms(self.records, self.clock, self.audit.engine),
            found=Found(
                self.audit.engine,
                self.records,
                flows=self.flows.called,
                digest=self.flows.digest,
                versions=engine.versions,
                settings=self.settings.told,
            ),
            booked=self._booked(engine),
            linking=Linking(records=self.records, register=self.register, clock=self.clock),
            chasing=Chasing(
                records=self.records,
                register=self.register,
                engine=engine,
                clock=self.clock,
                sender=self.accounts.sender,
            ),
            starting=self._starting(engine),
            contributing=self._contributing(),
        )

    def _contributing(self) -> Contributing:
        from flows.reports.contributing import Contributing  # noqa: PLC0415

        return Contributing(
            records=self.records,
            register=self.register,
            business=self.file.business,
            clock=self.clock,
            audit=self.audit,
            open_pool=partial(pool_of, self.settings, self.clock),
        )

    def _starting(self, engine: Engine) -> Starting:
        from flows.starting.starting import Starting  # noqa: PLC0415

        return Starting(self.records, engine, self.clock, sender=self.accounts.sender)

    def calls(self, cleaner: Cleaner) -> Calls:
        """Return what takes calls of webhooks and by hand."""
        from flows.engine import Engine  # noqa: PLC0415
        from flows.starting.calls import Calls  # noqa: PLC0415

        engine = Engine(self.file, self.templates)
        return Calls(
            self.records, engine, self.clock, cleaner=cleaner, sender=self.accounts.sender
        )

    def replays(self, loaded: Loaded) -> Replays:
        """Return what runs flows again over what is stored: those in *loaded*."""
        from flows.engine import Engine  # noqa: PLC0415
        from flows.replaying import Replay  # noqa: PLC0415
        from flows.replays import Replays  # noqa: PLC0415

        engine = Engine(loaded.file, loaded.templates)
        return Replays(
            business=self.file.business.id,
            deployment=self.flows.number,
            records=self.records,
            register=self.register,
            outbox=self.outbox,
            replay=Replay(self.records, engine, loaded.file, self.clock, self.audit),
        )

    def _banks(self, engine: Engine, cleaner: Cleaner) -> dict[str, TransactionIntake]:
        from flows.intake.transactions import TransactionIntake  # noqa: PLC0415

        return {
            name: TransactionIntake(
                name,
                bank=bank,
                records=self.records,
                engine=engine,
                cleaner=cleaner,
                clock=self.clock,
            )
            for name, bank in self.banks.items()
        }

    def _booked(self, engine: Engine) -> dict[str, BookedIntake]:
        from flows.intake.booked import BookedIntake  # noqa: PLC0415

        return {
            name: BookedIntake(
                name,
                books=books,
                records=self.records,
                register=self.register,
                engine=engine,
                clock=self.clock,
            )
            for name, books in invoice_sources(self.file, self.accounts).items()
        }

    def _mail_intake(self, name: str, engine: Engine, cleaner: Cleaner) -> MailIntake:
        from flows.intake.mail import MailIntake  # noqa: PLC0415
        from flows.intake.trust import IN_FOLDERS  # noqa: PLC0415

        source = self.file.sources[name]
        return MailIntake(
            name,
            mailbox=self.mailboxes[name],
            records=self.records,
            engine=engine,
            cleaner=cleaner,
            clock=self.clock,
            received_by=getattr(source, "received_by", ""),
            trust=frozenset(getattr(source, "trust", IN_FOLDERS)),
        )


@asynccontextmanager
async def open_app(
    settings: Settings, clock: Clock | None = None, *, new: bool = True
) -> AsyncIterator[App]:
    """Give the business of the flows file with everything it needs, and close it at the end.

    Raises:
        FlowsFileError: Nothing is deployed, and the flows file has problems.
        NothingKept: It may not be *new*, and nothing is kept of it; then nothing was made.
        AdministratorError: The home cannot be used, its key does not fit its data or was
            destroyed, a restore has not ended, or another release has written the data.
    """
    async with AsyncExitStack() as open_things:
        custody = await open_things.enter_async_context(open_custody(settings, clock, new=new))
        await custody.check()
        records, clock, audit = custody.records, custody.clock, custody.audit
        flows, register = await flows_in_force(settings, records), Register(records)
        file = flows.loaded.file
        accounts = Accounts(settings, file, records.in_scope(IDENTITY), clock)
        open_things.push_async_callback(accounts.close)
        mailboxes = await accounts.mailboxes(records)
        banks = await transaction_sources(settings, file, records, clock, accounts)
        _close_with(open_things, *mailboxes.values(), *banks.values())
        outlets = [register, *_outlets(settings, file), *books_outlets(file, accounts)]
        into = workbook_outlets(settings, file, accounts)
        into |= named_outlets(settings, file, accounts, clock)
        own = accounts.outlets(mailboxes)
        box = Outbox(records, outlets, clock, own, into=into, audit=audit)
        yield App(
            settings=settings,
            custody=custody,
            flows=flows,
            records=records,
            register=register,
            outbox=box,
            mailboxes=mailboxes,
            banks=banks,
            accounts=accounts,
        )


@asynccontextmanager
async def open_to_look(settings: Settings, clock: Clock | None = None) -> AsyncIterator[App]:
    """Give the business as it is; where nothing is kept of it yet, as it would begin.

    It then begins in a folder that goes with the block, so that looking leaves nothing behind.
    Raises as `open_app`.
    """
    async with AsyncExitStack() as open_things:
        try:
            app = await open_things.enter_async_context(open_app(settings, clock, new=False))
        except NothingKept:
            folder = open_things.enter_context(TemporaryDirectory(prefix="jigajob-"))
            passing = replace(settings, home=Path(folder), store="", blobs="", custody="")
            app = await open_things.enter_async_context(open_app(passing, clock))
        yield app


def _close_with(open_things: AsyncExitStack, *sources: Mailbox | TransactionSource) -> None:
    for source in sources:
        open_things.push_async_callback(source.close)


def _outlets(settings: Settings, file: FlowsFile) -> list[Outlet]:
    address = next(iter(file.business.addresses), "")
    return [
        EmlDrafts(settings.home / "drafts", address=address, name=file.business.name),
        IcsCalendar(settings.home / "calendar"),
        CsvRows(settings.home / "rows"),
        NoticeLog(settings.home / "notices.log"),
    ]
