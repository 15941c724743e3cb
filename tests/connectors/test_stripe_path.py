"""From a Stripe account and a bank file to settled books: payments, refunds, payouts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from anonymizer.text.cleaner import Cleaner
from portal.books import payments
from portal.settings import Settings
from tests.contract.outlet import output
from tests.flows.business import FLOWS, START, Business
from tests.servers.stripe import Account, StripeServer

KEY = "rk_test_hudson"
OCTOBER = int(datetime(2026, 10, 1, 12, tzinfo=UTC).timestamp())
DAY = 86_400
SHOP = (
    FLOWS.partition("sources:\n")[0]
    + """\
sources:
  shop: {uses: stripe, key: "file:stripe.key"}
  bank:
    uses: bank
    path: bank
    columns: {date: Date, amount: Amount, counterparty: Name, reference: Text}
flows:
  - id: pay
    name: Match payments
    triggers: [{transaction: shop}, {transaction: bank}]
    keep: [transaction.counterparty]
    steps: [{id: match, uses: payment.match}]
"""
)


class Shop(Business):
    """A business with a Stripe account, at the stand-in."""

    server: StripeServer

    @property
    def settings(self) -> Settings:
        return Settings(
            home=self.folder / "home",
            flows=self.folder / "flows.yaml",
            stripe=self.server.address,
        )

    async def invoices(self, *numbers: str) -> None:
        """Record invoices of 480 dollars."""
        for number in numbers:
            body = {"number": number, "amount": "480.00", "currency": "USD"}
            given = output(
                "invoice.record", int(number[3:]), body | {"direction": "receivable"}
            )
            await self.asks(lambda app, given=given: app.register.deliver(given))

    async def states(self) -> dict[str, str]:
        """Return how far each invoice is settled."""
        found = await self.asks(lambda app: app.register.invoices())
        return {each.number: each.state for each in found}

    async def matched(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Return the state of each payment and what it is for, by source and reference."""
        found = await self.asks(payments)
        return {
            (each.transaction.source, each.transaction.kind): (each.state, each.what)
            for each in found
        }


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def shop(tmp_path: Path, cleaner: Cleaner, account: Account) -> Iterator[Shop]:
    made = Shop(tmp_path, cleaner)
    made.server = StripeServer(account, key=KEY, now=int(START.timestamp()))
    made.writes(SHOP)
    (tmp_path / "stripe.key").write_text(KEY + "\n")
    made.gets(b"Date,Amount,Name,Text\n", "bank/1.csv")
    yield made
    made.server.close()


async def test_a_month_of_card_payments_ends_reconciled(shop: Shop, account: Account) -> None:
    """Paid, given back and charged back; what Stripe pays out is met at the bank."""
    await shop.invoices("HP-1001", "HP-1002", "HP-1003", "HP-1004")
    charges = [
        account.charge(
            OCTOBER + n * DAY, 48_000, fee=1_422, description=f"Invoice HP-{1001 + n}"
        )
        for n in range(3)
    ]
    account.refund(OCTOBER + 4 * DAY, charges[1], 48_000)
    account.dispute(OCTOBER + 5 * DAY, charges[2], 1_500)
    account.payout(OCTOBER + 6 * DAY, 42_234, arrives=OCTOBER + 8 * DAY)
    shop.gets(
        b"Date,Amount,Name,Text\n2026-10-09,422.34,STRIPE,TRANSFER ST-A1B2\n"
        b"2026-10-09,480.00,A CUSTOMER,HP-1004 thanks\n",
        "bank/1.csv",
    )
    done = await shop.sweeps()
    assert done.troubles == {}
    assert await shop.states() == {
        "HP-1001": "paid",
        "HP-1002": "refunded",
        "HP-1003": "open",
        "HP-1004": "paid",
    }
    found = await shop.matched()
    assert found["shop", "refund"] == ("matched", "HP-1002")
    assert found["shop", "dispute"] == ("matched", "HP-1003")
    assert found["shop", "payout"] == ("none", "")
    bank = await shop.asks(payments)
    assert sorted(
        (each.state, each.what) for each in bank if each.transaction.source == "bank"
    ) == [("matched", "HP-1004"), ("matched", "payout")]
    again = await shop.sweeps()
    assert sum(counts.stored + counts.outputs for counts in again.sources.values()) == 0


async def test_a_payout_told_after_the_bank_showed_it_is_met_all_the_same(
    shop: Shop, account: Account
) -> None:
    shop.gets(
        b"Date,Amount,Name,Text\n2026-11-02,422.34,STRIPE,TRANSFER ST-A1B2\n", "bank/1.csv"
    )
    await shop.sweeps()
    assert (await shop.matched())["bank", "movement"] == ("open", "")
    shop.clock.passes(days=1)
    shop.server.now += DAY
    account.payout(shop.server.now - 60, 42_234, arrives=shop.server.now)
    await shop.sweeps()
    assert (await shop.matched())["bank", "movement"] == ("matched", "payout")


async def test_nothing_of_the_payer_is_stored(shop: Shop, account: Account) -> None:
    account.charge(
        OCTOBER,
        48_000,
        description="HP-1001",
        receipt_email="ada@byron.example",
        metadata={"child": "Tim Byron, 7"},
    )
    await shop.sweeps()
    found: list[Any] = await shop.transactions()
    assert [(each.counterparty, each.reference) for each in found] == [
        ("card *4242", "HP-1001")
    ]


async def test_a_key_that_is_refused_says_what_to_do(shop: Shop) -> None:
    (shop.folder / "stripe.key").write_text("rk_test_other")
    done = await shop.sweeps()
    assert list(done.troubles) == ["shop"]
    assert "key" in str(done.troubles["shop"])
    assert "rk_test" not in str(done.troubles["shop"])
