"""The sales invoices of a company, as its books have them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Final

from connectors.business_central.changes import Changes
from connectors.business_central.client import Json, day
from connectors.business_central.company import Company
from flows.booked import BookedInvoice, BookedState, InvoicePage
from flows.model import Invoice, Money

_COLUMNS: Final = (
    *("number", "invoiceDate", "dueDate", "customerName", "currencyCode", "status"),
    *("totalAmountIncludingTax", "remainingAmount"),
)
_STATES: Final[dict[str, BookedState]] = {
    "Draft": "draft",
    "In Review": "draft",
    "Open": "open",
    "Paid": "paid",
    "Canceled": "canceled",
    "Corrective": "canceled",
}
"""Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/
resources/dynamics_salesinvoice (status)
"""


class BusinessCentralInvoices:
    """What customers owe and owed, drafts included; the oldest change first."""

    def __init__(self, company: Company) -> None:
        # To show a draft may write to it (its discounts are shared out anew), which a copy of
        # the database does not take.
        # Source: https://github.com/microsoft/ALAppExtensions (APIV2SalesInvoices.Page.al)
        self._invoices = Changes(company, "salesInvoices", _COLUMNS, fresh=True)

    async def page(self, cursor: str, limit: int) -> InvoicePage:
        """Return at most *limit* invoices; see `flows.booked.InvoiceSource.page`.

        Raises:
            AdministratorError: There is no such environment or company.
            SignInNeeded: The account that signed in may not read there.
            TransientError: Business Central is away or asks for a pause.
            ValueError: The limit is not 1 to 1,000.
        """
        rows, cursor, more = await self._invoices.page(cursor, limit)
        return InvoicePage(items=tuple(map(_item, rows)), cursor=cursor, more=more)

    async def census(self) -> AsyncIterator[str]:
        """Yield the id of every invoice that the books hold now.

        Raises:
            AdministratorError, SignInNeeded, TransientError: As for `page`.
        """
        async for native in self._invoices.ids():
            yield native

    async def close(self) -> None:
        """Do nothing: whoever made the company's `Api` closes that."""


def _item(row: Json) -> BookedInvoice:
    native, number = str(row.get("id") or ""), str(row.get("number") or "")
    pointer = f"invoice {number}"
    try:
        state = _STATES[str(row["status"]).replace("_x0020_", " ")]
        remaining = _money(row, "remainingAmount")
        invoice = Invoice(
            id=native,
            number=number,
            direction="receivable",
            money=_money(row, "totalAmountIncludingTax"),
            party=str(row["customerName"]),
            issued_on=day(row["invoiceDate"]),
            due_on=day(row["dueDate"]),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return BookedInvoice(
            native_id=native, pointer=pointer, invoice=None, reason="unreadable"
        )
    return BookedInvoice(
        native_id=native, pointer=pointer, invoice=invoice, state=state, remaining=remaining
    )


def _money(row: Json, name: str) -> Money:
    currency = str(row["currencyCode"])
    if len(currency) != 3:  # noqa: PLR2004 - as ISO 4217 has them
        raise ValueError("an amount without its currency")
    return Money(amount=Decimal(str(row[name])), currency=currency)
