"""The sources of transactions: bank files, workbooks, payment processors, a firm's books."""

from __future__ import annotations

from datetime import date

from flows.booked import InvoiceSource
from flows.language.sources import (
    BankSource,
    BusinessCentralSource,
    StripeSource,
    WorkbookSource,
)
from flows.language.spec import FlowsFile
from flows.ports import Clock, Outlet, TransactionSource
from flows.records import Records
from portal.settings import Settings
from portal.wiring.accounts import Accounts, first_day


async def transaction_sources(
    settings: Settings, file: FlowsFile, records: Records, clock: Clock, accounts: Accounts
) -> dict[str, TransactionSource]:
    """Return the sources of transactions by name; whoever asked closes them.

    *records* remember from which day on each is read; *accounts* let in, and close what
    they open.
    """
    found: dict[str, TransactionSource] = {}
    for name, source in file.sources.items():
        since = await first_day(records, name, source)
        opened = _opened(settings, file, name, accounts=accounts, clock=clock, since=since)
        if opened is not None:
            found[name] = opened
    return found


def _opened(
    settings: Settings,
    file: FlowsFile,
    name: str,
    *,
    accounts: Accounts,
    clock: Clock,
    since: date | None,
) -> TransactionSource | None:
    """Return the source of transactions of this name, None for a mailbox."""
    base, currency = settings.flows.resolve().parent, file.business.currency
    match source := file.sources[name]:
        case BankSource():
            from connectors.bank import BankFiles  # noqa: PLC0415 - loaded where it is needed

            return BankFiles(source, base, name=name, currency=currency)
        case StripeSource():
            from connectors.stripe import Api, StripeAccount  # noqa: PLC0415 - as above

            api = Api(accounts.secret(source.key), address=settings.stripe)
            return StripeAccount(api, source=name, now=clock.now, since=since)
        case BusinessCentralSource(accounts=cash):
            from connectors.business_central import BusinessCentralLedger  # noqa: PLC0415

            company = accounts.company(name)
            return BusinessCentralLedger(company, source=name, accounts=cash, since=since)
        case WorkbookSource():
            from connectors.workbook import WorkbookFiles, WorkbookOnline  # noqa: PLC0415

            if source.path is not None:
                return WorkbookFiles(source, base, name=name, currency=currency)
            return WorkbookOnline(accounts.graph(name), source, name=name, currency=currency)
        case _:
            return None


def invoice_sources(file: FlowsFile, accounts: Accounts) -> dict[str, InvoiceSource]:
    """Return the sources that tell of invoices by name; *accounts* close what they open."""
    found: dict[str, InvoiceSource] = {}
    for name, source in file.sources.items():
        if isinstance(source, BusinessCentralSource):
            from connectors.business_central import BusinessCentralInvoices  # noqa: PLC0415

            found[name] = BusinessCentralInvoices(accounts.company(name))
    return found


def workbook_outlets(
    settings: Settings, file: FlowsFile, accounts: Accounts
) -> dict[str, list[Outlet]]:
    """Return what adds rows to the workbook of each source that is one."""
    base = settings.flows.resolve().parent
    found: dict[str, list[Outlet]] = {}
    for name, source in file.sources.items():
        if isinstance(source, WorkbookSource):
            from connectors.workbook import (  # noqa: PLC0415 - loaded where it is needed
                WorkbookFileRows,
                WorkbookOnlineRows,
            )

            if source.path is not None:
                found[name] = [WorkbookFileRows(source, base)]
            else:
                found[name] = [WorkbookOnlineRows(accounts.graph(name), source)]
    return found


def books_outlets(file: FlowsFile, accounts: Accounts) -> list[Outlet]:
    """Return what writes quotes and invoices to the books of the flows file, if it has any."""
    books = [
        name
        for name, source in file.sources.items()
        if isinstance(source, BusinessCentralSource)
    ]
    if not books:
        return []
    from connectors.business_central import BusinessCentralOutlet  # noqa: PLC0415

    return [BusinessCentralOutlet({name: accounts.company(name) for name in books})]
