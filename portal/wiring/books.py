"""The sources of transactions: bank files, workbooks, payment processors, a firm's books."""

from __future__ import annotations

from flows.language.sources import (
    BankSource,
    BusinessCentralSource,
    StripeSource,
    WorkbookSource,
)
from flows.language.spec import FlowsFile
from flows.ports import Clock, Outlet, TransactionSource
from flows.records import Records
from portal.secrets import secret_reader
from portal.settings import Settings
from portal.wiring.accounts import Accounts, first_day


async def transaction_sources(
    settings: Settings, file: FlowsFile, records: Records, clock: Clock, accounts: Accounts
) -> dict[str, TransactionSource]:
    """Return the sources of transactions by name; whoever asked closes them.

    *records* remember from which day on each is read; *accounts* let in, and close what
    they open.
    """
    base = settings.flows.resolve().parent
    found: dict[str, TransactionSource] = {}
    for name, source in file.sources.items():
        if isinstance(source, BankSource):
            from connectors.bank import BankFiles  # noqa: PLC0415 - loaded where it is needed

            currency = file.business.currency
            found[name] = BankFiles(source, base, name=name, currency=currency)
        elif isinstance(source, StripeSource):
            from connectors.stripe import Api, StripeAccount  # noqa: PLC0415 - as above

            found[name] = StripeAccount(
                Api(secret_reader(source.key, base), address=settings.stripe),
                source=name,
                now=clock.now,
                since=await first_day(records, name, source),
            )
        elif isinstance(source, BusinessCentralSource):
            from connectors.business_central import BusinessCentralLedger  # noqa: PLC0415

            found[name] = BusinessCentralLedger(
                accounts.company(name),
                source=name,
                accounts=source.accounts,
                since=await first_day(records, name, source),
            )
        elif isinstance(source, WorkbookSource):
            from connectors.workbook import WorkbookFiles, WorkbookOnline  # noqa: PLC0415 - as above

            currency = file.business.currency
            if source.path is not None:
                found[name] = WorkbookFiles(source, base, name=name, currency=currency)
            else:
                graph = accounts.graph(name)
                found[name] = WorkbookOnline(graph, source, name=name, currency=currency)
    return found


def workbook_outlets(
    settings: Settings, file: FlowsFile, accounts: Accounts
) -> dict[str, Outlet]:
    """Return what adds rows to the workbook of each source that is one."""
    base = settings.flows.resolve().parent
    found: dict[str, Outlet] = {}
    for name, source in file.sources.items():
        if isinstance(source, WorkbookSource):
            from connectors.workbook import (  # noqa: PLC0415 - loaded where it is needed
                WorkbookFileRows,
                WorkbookOnlineRows,
            )

            if source.path is not None:
                found[name] = WorkbookFileRows(source, base)
            else:
                found[name] = WorkbookOnlineRows(accounts.graph(name), source)
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
