"""What every source of transactions promises, kept by a Stripe account."""

from datetime import UTC, datetime

import pytest

from connectors.stripe import Api, StripeAccount
from tests.contract.transactions import TransactionPromises
from tests.servers.stripe import Account, StripeServer

NOW = datetime(2024, 6, 1, tzinfo=UTC)
KEY = "rk_test_hudson"


class Shop:
    """An account whose payments are the bookings; money out is a refund."""

    def __init__(self):
        self.account = Account()
        self.server = StripeServer(self.account, key=KEY, now=int(NOW.timestamp()))
        self.booked = set()

    def open(self):
        api = Api(lambda: KEY, address=self.server.address)
        return StripeAccount(api, source="shop", now=lambda: NOW)

    def export(self, _name, bookings):
        for each in bookings:
            if each.bank_id not in self.booked:
                self.booked.add(each.bank_id)
                at = datetime(each.on.year, each.on.month, each.on.day, 12, tzinfo=UTC)
                details = {"description": each.reference}
                cents = int(each.amount * 100)
                self.account.charge(int(at.timestamp()), cents, **details)


@pytest.fixture
def holder():
    shop = Shop()
    yield shop
    shop.server.close()


class TestStripe(TransactionPromises):
    payer = "card *4242"

    @pytest.fixture
    def holder(self, holder):
        return holder
