"""The ledger as a source of transactions: what was posted to the accounts that hold money.

A movement is counted once, when it is posted. Payments that somebody has entered and not yet
posted (`customerPayments`) are lines of a journal: they are changed and thrown away, and what
comes of them in the ledger has other ids, so they are not read. Each posting has an entry on
at least two accounts; those that hold money have exactly one for each movement, as the bank's
own statement has. A transfer between two of them has one on each, as both statements have.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from connectors.business_central.changes import Changes
from connectors.business_central.client import Json, day, literal
from connectors.business_central.company import Company
from flows.model import Money, Transaction
from flows.poked import Poked
from flows.ports import TransactionItem, TransactionPage

_COLUMNS: Final = (
    *("entryNumber", "postingDate", "documentNumber", "accountNumber"),
    *("description", "debitAmount", "creditAmount"),
)


class BusinessCentralLedger(Poked):
    """The movements on the accounts of a company that hold money, oldest posting first.

    Their amounts are in the currency of the books. Ids are Business Central's own.

    Args:
        company: Whose ledger.
        source: Its name under `sources`.
        accounts: Numbers of G/L accounts; without any, those of subcategory Cash.
        since: Movements of earlier days are not shown.
    """

    def __init__(
        self,
        company: Company,
        *,
        source: str,
        accounts: Sequence[str] = (),
        since: date | None = None,
    ) -> None:
        self._company, self._source = company, source
        self._accounts, self._since = accounts, since
        self._entries = Changes(company, "generalLedgerEntries", _COLUMNS)
        self._known: tuple[str, ...] = ()
        super().__init__()

    async def page(self, cursor: str, limit: int) -> TransactionPage:
        """Return at most *limit* movements; see `flows.ports.TransactionSource.page`.

        Raises:
            AdministratorError: There is no such environment, company or account.
            SignInNeeded: The account that signed in may not read there.
            TransientError: Business Central is away or asks for a pause.
            ValueError: The limit is not 1 to 1,000.
        """
        rows, cursor, more = await self._entries.page(cursor, limit, where=await self._where())
        currency = await self._company.currency() if rows else ""
        items = tuple(_item(row, self._source, currency) for row in rows)
        return TransactionPage(items=items, cursor=cursor, more=more)

    async def census(self) -> AsyncIterator[str]:
        """Yield the id of every movement that the ledger holds now.

        Raises:
            AdministratorError, SignInNeeded, TransientError: As for `page`.
        """
        self._known = ()  # counted anew, from the chart of accounts on
        async for native in self._entries.ids(where=await self._where()):
            yield native

    async def close(self) -> None:
        """Forget what was read; whoever made the company's `Api` closes that."""
        self._known = ()

    async def _where(self) -> str:
        self._known = self._known or await self._company.money_accounts(self._accounts)
        chosen = " or ".join(f"accountNumber eq {literal(number)}" for number in self._known)
        since = [f"postingDate ge {self._since.isoformat()}"] if self._since else []
        return " and ".join([f"({chosen})", *since])


def _item(row: Json, source: str, currency: str) -> TransactionItem:
    native = str(row.get("id") or "")
    places = (("entry", "entryNumber"), ("document", "documentNumber"))
    pointer = ", ".join(f"{word} {row.get(name)}" for word, name in places)
    try:
        transaction = _transaction(row, source, currency)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return TransactionItem(
            native_id=native, pointer=pointer, transaction=None, reason="unreadable"
        )
    return TransactionItem(native_id=native, pointer=pointer, transaction=transaction)


def _transaction(row: Json, source: str, currency: str) -> Transaction:
    amount = Decimal(str(row["debitAmount"])) - Decimal(str(row["creditAmount"]))
    if (booked_on := day(row["postingDate"])) is None:
        raise ValueError("an entry without its day")
    return Transaction(
        id=str(row["id"]),
        source=source,
        account=str(row["accountNumber"]),
        booked_on=booked_on,
        money=Money(amount=amount, currency=currency),
        counterparty="",  # an entry of the ledger names nobody but in its description
        reference=str(row["description"]),
    )
