"""The sources of transactions: bank files and accounts at payment processors."""

from __future__ import annotations

from flows.language.sources import BankSource, StripeSource
from flows.language.spec import FlowsFile
from flows.ports import Clock, TransactionSource
from flows.records import Records
from portal.secrets import secret_reader
from portal.settings import Settings
from portal.wiring.accounts import first_day


async def transaction_sources(
    settings: Settings, file: FlowsFile, records: Records, clock: Clock
) -> dict[str, TransactionSource]:
    """Return the sources of transactions by name; whoever asked closes them.

    *records* remember from which day on each is read.
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
    return found
