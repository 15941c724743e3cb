"""What every source of invoices promises, kept by the books of Business Central."""

from datetime import timedelta

import pytest

from connectors.business_central import BusinessCentralInvoices
from tests.connectors.business_central_account import Account
from tests.contract.invoices import InvoiceSourceContract
from tests.servers.business_central import BusinessCentralServer


class Office:
    def __init__(self, server):
        self.account = Account(server)
        self.books = self.account.books
        self.customer = self.books.customer("10000", "Ada Byron")

    def open(self):
        return BusinessCentralInvoices(self.account.company())

    def issue(self, amount):
        line = {"lineType": "Account", "lineObjectNumber": "40100", "quantity": 1}
        lines = [line | {"unitPrice": float(amount)}]
        invoice = self.books.insert(
            "salesInvoices", {"customerId": self.customer["id"], "salesInvoiceLines": lines}
        )
        self.books.post(invoice)
        return invoice["id"]

    def pay(self, invoice_id):
        self.books.now += timedelta(days=1)
        self.books.pay(self.found(invoice_id))

    def remove(self, invoice_id):
        self.books.rows["salesInvoices"].remove(self.found(invoice_id))

    def found(self, invoice_id):
        return next(e for e in self.books.rows["salesInvoices"] if e["id"] == invoice_id)


@pytest.fixture
async def office():
    with BusinessCentralServer() as server:
        office = Office(server)
        yield office
        await office.account.close()
        assert server.violations == []


class TestBusinessCentralInvoices(InvoiceSourceContract):
    @pytest.fixture
    def office(self, office):
        return office
