"""One business, open: its records, its sources, and what carries out its outputs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.key_file import KeyFileVault
from connectors.outlet_files import CsvRows, EmlDrafts, IcsCalendar, NoticeLog
from connectors.sqlite import SqliteStore
from flows.connections import IDENTITY
from flows.errors import AdministratorError
from flows.intake.ledger import Ledger, SourceLedger
from flows.language.load import load
from flows.language.spec import FlowsFile
from flows.language.templates import read_templates
from flows.outbox import Outbox
from flows.ports import Clock, Mailbox, Outlet, Store, TransactionSource
from flows.records import INTAKE, Records
from flows.sealing import Keyring
from flows.work.register import Register
from portal.settings import Settings
from portal.wiring.accounts import Accounts
from portal.wiring.books import (
    books_outlets,
    invoice_sources,
    transaction_sources,
    workbook_outlets,
)

if TYPE_CHECKING:
    from anonymizer.text.cleaner import Cleaner
    from connectors.identity import Identity
    from flows.engine import Engine
    from flows.intake.booked import BookedIntake
    from flows.intake.mail import MailIntake
    from flows.intake.transactions import TransactionIntake
    from flows.sweep import Sweep


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class App:
    """One business, its records and its sources, open; closed by `open_app`."""

    settings: Settings
    file: FlowsFile
    templates: Mapping[str, str]
    records: Records
    register: Register
    outbox: Outbox
    mailboxes: Mapping[str, Mailbox]
    banks: Mapping[str, TransactionSource]
    accounts: Accounts
    clock: Clock

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
        return await Ledger(self.records).of_bank(source, self.banks[source])

    def sweep(self, cleaner: Cleaner) -> Sweep:
        """Return a sweep over every source, ready to run."""
        # What only a run needs is imported here, so that `status` answers at once.
        from flows.alarms import Alarms  # noqa: PLC0415
        from flows.engine import Engine  # noqa: PLC0415
        from flows.sweep import Sweep  # noqa: PLC0415
        from flows.work.chasing import Chasing  # noqa: PLC0415
        from flows.work.linking import Linking  # noqa: PLC0415

        engine = Engine(self.file, self.templates)
        return Sweep(
            business=self.file.business.id,
            mail={name: self._mail_intake(name, engine, cleaner) for name in self.mailboxes},
            banks=self._banks(engine, cleaner),
            records=self.records,
            register=self.register,
            outbox=self.outbox,
            alarms=Alarms(self.records, self.clock),
            booked=self._booked(engine),
            linking=Linking(records=self.records, register=self.register, clock=self.clock),
            chasing=Chasing(
                records=self.records,
                register=self.register,
                engine=engine,
                clock=self.clock,
                sender=self.accounts.sender,
            ),
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
async def open_app(settings: Settings, clock: Clock | None = None) -> AsyncIterator[App]:
    """Give the business of the flows file with everything it needs, and close it at the end.

    Raises:
        FlowsFileError: The flows file has problems.
        AdministratorError: The home cannot be used, or its key does not fit its data.
    """
    file = load(settings.flows)
    _make_home(settings.home)
    clock = clock or SystemClock()
    async with AsyncExitStack() as open_things:
        store: Store = SqliteStore(settings.database, clock=clock)
        open_things.push_async_callback(store.close)
        keyring = Keyring(store, KeyFileVault(settings.keys), clock=clock)
        records = Records(store, keyring, file.business.id, INTAKE)
        register = Register(store, keyring, file.business.id)
        accounts = Accounts(
            settings, file, Records(store, keyring, file.business.id, IDENTITY), clock
        )
        open_things.push_async_callback(accounts.close)
        mailboxes = await accounts.mailboxes(records)
        banks = await transaction_sources(settings, file, records, clock, accounts)
        for mailbox in mailboxes.values():
            open_things.push_async_callback(mailbox.close)
        for bank in banks.values():
            open_things.push_async_callback(bank.close)
        outlets = [register, *_outlets(settings, file), *books_outlets(file, accounts)]
        books = workbook_outlets(settings, file, accounts)
        yield App(
            settings=settings,
            file=file,
            templates=read_templates(settings.flows, file),
            records=records,
            register=register,
            outbox=Outbox(records, outlets, clock, accounts.outlets(mailboxes), into=books),
            mailboxes=mailboxes,
            banks=banks,
            accounts=accounts,
            clock=clock,
        )


def _outlets(settings: Settings, file: FlowsFile) -> list[Outlet]:
    address = next(iter(file.business.addresses), "")
    return [
        EmlDrafts(settings.home / "drafts", address=address, name=file.business.name),
        IcsCalendar(settings.home / "calendar"),
        CsvRows(settings.home / "rows"),
        NoticeLog(settings.home / "notices.log"),
    ]


def _make_home(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise AdministratorError(
            f"cannot use {home} as home ({error.strerror})",
            fix="choose another folder with --home or JIGAJOB_HOME",
        ) from None
