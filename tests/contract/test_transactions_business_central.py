"""What every source of transactions promises, kept by a ledger of Business Central."""

import pytest

from tests.connectors.business_central_account import Account
from tests.contract.transactions import TransactionPromises
from tests.servers.business_central import BusinessCentralServer


class Ledger:
    """A company that books each movement once."""

    def __init__(self, server):
        self.account, self.booked = Account(server), set()

    def open(self):
        return self.account.ledger()

    def export(self, _name, bookings):
        for each in bookings:
            if each.bank_id not in self.booked:
                self.booked.add(each.bank_id)
                self.account.books.move(float(each.amount), each.reference, on=each.on)


@pytest.fixture
async def holder():
    with BusinessCentralServer() as server:
        ledger = Ledger(server)
        yield ledger
        await ledger.account.close()
        assert server.violations == []


class TestBusinessCentral(TransactionPromises):
    payer = ""

    @pytest.fixture
    def holder(self, holder):
        return holder
