"""Stripe: what is read, what is left unread, and what happens when Stripe refuses."""

import json
import pickle
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from connectors.stripe import Api, StripeAccount
from connectors.stripe.amounts import money
from flows.errors import AdministratorError, Throttled, TransientError
from flows.model import Money
from tests.contract.transactions import listing
from tests.servers.stripe import Account, StripeServer

KEY = "rk_test_hudson"
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
AT = int(START.timestamp())
DAY = 86_400


@pytest.fixture
def account():
    return Account()


@pytest.fixture
def server(account):
    server = StripeServer(account, key=KEY, now=AT + 5 * DAY)
    yield server
    server.close()


@pytest.fixture
def shop(server):
    return opened(server)


def opened(server, **given):
    api = Api(lambda: KEY, address=server.address)
    return StripeAccount(
        api, source="shop", now=lambda: datetime.fromtimestamp(server.now, UTC), **given
    )


async def found(source):
    return [item.transaction for item in await listing(source)]


async def swept(source, cursor=""):
    """Return the ids of one sweep and the cursor that it ends with."""
    ids, more = [], True
    while more:
        page = await source.page(cursor, 100)
        ids += [item.native_id for item in page.items]
        cursor, more = page.cursor, page.more
    return ids, cursor


async def test_a_charge_is_gross_with_its_fee_apart(account, shop):
    account.charge(AT, 48_000, fee=1_422, description="INV-1001")
    (charge,) = await found(shop)
    assert charge.kind == "charge"
    assert charge.money == Money(amount=Decimal("480.00"), currency="USD")
    assert charge.fee == Money(amount=Decimal("14.22"), currency="USD")
    assert charge.booked_on == date(2026, 3, 2)
    assert charge.reference == "INV-1001"
    assert charge.counterparty == "card *4242"


async def test_nothing_else_is_known_of_the_payer(account, shop):
    account.charge(
        AT,
        48_000,
        description="INV-1001",
        receipt_email="ada@byron.example",
        metadata={"child": "Tim, 7", "invoice": "INV-1001"},
    )
    (item,) = await listing(shop)
    text = repr(item)
    for private in ("Ada", "Byron", "byron.example", "Tim", "2031"):
        assert private not in text


async def test_what_the_shop_wrote_down_names_the_invoice(account, shop):
    account.charge(AT, 100, metadata={"invoice_number": "INV-7", "colour": "red"})
    (charge,) = await found(shop)
    assert charge.reference == "INV-7"


async def test_a_refund_and_a_dispute_name_what_they_are_of(account, shop):
    charge = account.charge(AT, 48_000, description="INV-1001")
    account.refund(AT + 60, charge, 5_000)
    account.dispute(AT + 120, charge, fee=1_500)
    _, refund, dispute = await found(shop)
    assert (refund.kind, refund.money.amount) == ("refund", Decimal("-50.00"))
    assert (dispute.kind, dispute.money.amount) == ("dispute", Decimal("-480.00"))
    assert dispute.fee == Money(amount=Decimal("15.00"), currency="USD")
    assert refund.reference == dispute.reference == "INV-1001"


async def test_a_payout_is_of_the_day_on_which_the_bank_has_it(account, shop):
    payout = account.payout(AT, 41_000, arrives=AT + 2 * DAY)
    (moved,) = await found(shop)
    assert (moved.kind, moved.payout) == ("payout", payout["id"])
    assert moved.money.amount == Decimal("-410.00")
    assert moved.booked_on == date(2026, 3, 4)


async def test_another_currency_comes_with_the_rate_that_stripe_states(account, shop):
    account.charge(AT, 5_000, currency="jpy", into="usd", settled=3_312, rate=0.006624)
    (charge,) = await found(shop)
    assert charge.money == Money(amount=Decimal("33.12"), currency="USD")
    assert charge.exchange.money == Money(amount=Decimal(5_000), currency="JPY")
    assert charge.exchange.rate == Decimal("0.006624")
    assert charge.exchange.stated_by == "Stripe"


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (48_000, "usd", "480.00"),
        (500, "jpy", "500"),
        (5_120, "kwd", "5.120"),
        (500, "isk", "5.00"),  # none in ISO 4217, two at Stripe
        (500, "ugx", "5.00"),
        (1_045, "huf", "10.45"),
        (-1, "eur", "-0.01"),
    ],
)
def test_amounts_have_the_decimals_that_stripe_gives_them(amount, currency, shown):
    assert str(money(amount, currency)) == f"{shown} {currency.upper()}"


async def test_a_movement_that_lacks_its_currency_waits_for_a_person(account, shop):
    moved = account.charge(AT, 100)
    account.moved[0]["currency"] = ""
    (item,) = await listing(shop)
    assert item.transaction is None
    assert item.reason == "unreadable"
    assert moved["id"] in item.pointer


async def test_only_movements_since_the_day_asked_for(account, server):
    for day in range(4):
        account.charge(AT + day * DAY, 100 + day)
    amounts = [
        each.money.amount for each in await found(opened(server, since=date(2026, 3, 4)))
    ]
    assert amounts == [Decimal("1.02"), Decimal("1.03")]
    census = [each async for each in opened(server, since=date(2026, 3, 4)).census()]
    assert len(census) == 2


async def test_the_next_sweep_asks_for_the_last_hour_alone(account, server, shop):
    account.charge(AT, 100)
    _, cursor = await swept(shop)
    server.asked.clear()
    server.now += 600
    account.charge(server.now - 60, 200)
    ids, _ = await swept(opened(server), cursor)
    assert len(ids) == 1
    (first, *_) = [asked for path, asked in server.asked if "balance" in path]
    assert int(first["created[gte]"]) == server.now - 600 - 3_600
    assert len(server.asked) <= 3


async def test_what_stripe_shows_late_is_found_by_its_event(account, server, shop):
    account.charge(AT, 100)
    _, cursor = await swept(shop)
    server.now += 2 * DAY
    # A debit that began before that sweep, whose money is booked for a day long read.
    late = account.charge(AT + 60, 300, moved_at=AT + 120)
    account.events[-1]["created"] = server.now - 5
    ids, cursor = await swept(shop, cursor)
    assert ids == [late["balance_transaction"]]
    assert (await swept(shop, cursor))[0] == []


async def test_events_older_than_stripe_keeps_them_hold_nothing_up(account, server, shop):
    account.charge(AT, 100)
    _, cursor = await swept(shop)
    server.now += 90 * DAY
    account.charge(server.now - DAY, 200)
    ids, cursor = await swept(shop, cursor)
    assert len(ids) == 1
    assert (await swept(shop, cursor))[0] == []


async def test_a_busy_day_is_read_in_shorter_stretches(account, shop):
    for number in range(1_010):
        account.charge(AT + 20 * number, 100 + number)
    amounts = [each.transaction.money.amount for each in await listing(shop, 1_000)]
    assert amounts == [Decimal(100 + number) / 100 for number in range(1_010)]


async def test_a_key_that_stripe_does_not_know(server):
    source = StripeAccount(
        Api(lambda: "rk_test_other", address=server.address),
        source="shop",
        now=lambda: START,
    )
    with pytest.raises(AdministratorError, match="does not accept the key") as caught:
        await source.page("", 10)
    assert "rk_test_other" not in str(caught.value)


async def test_a_key_that_may_not_read_the_balance(server, shop):
    server.may.discard("balance")
    with pytest.raises(AdministratorError, match="may not read Balance") as caught:
        await shop.page("", 10)
    assert "restricted key" in caught.value.fix


async def test_no_word_of_stripes_own_errors_is_repeated(server, shop):
    server.failures = [400]
    with pytest.raises(AdministratorError) as caught:
        await shop.page("", 10)
    assert "4242" not in str(caught.value)
    assert caught.value.__cause__ is None
    pickle.loads(pickle.dumps(caught.value))


async def test_a_pause_is_asked_for(server, shop):
    server.failures = [429] * 3
    with pytest.raises(Throttled):
        await shop.page("", 10)


async def test_trouble_at_stripe_passes(account, server, shop):
    account.charge(AT, 100)
    server.failures = [500]
    assert len(await found(shop)) == 1  # the library asks again
    server.failures = [503] * 3
    with pytest.raises(TransientError):
        await opened(server).page("", 10)


async def test_a_stripe_that_is_away_is_waited_for():
    source = StripeAccount(
        Api(lambda: KEY, address="http://127.0.0.1:9"), source="shop", now=lambda: START
    )
    with pytest.raises(TransientError):
        await source.page("", 10)


async def test_nothing_is_told_of_this_machine(account, server, shop):
    account.charge(AT, 100)
    await found(shop)
    for headers in server.headers:
        assert "X-Stripe-Client-Telemetry" not in headers
        assert "platform" not in json.loads(headers["X-Stripe-Client-User-Agent"])


def test_a_day_later_nothing_of_an_old_place_is_believed():
    from connectors.stripe.window import LONGEST, Place

    first = int((START - timedelta(days=3)).timestamp())
    for bad in (
        "",
        "x",
        "[]",
        '{"start": -1, "width": 1, "shown": 0, "began": 0, "event": ""}',
    ):
        assert Place.read(bad, first) == Place(first, began=first)
    too_wide = Place(first, width=LONGEST + 1).cursor()
    assert Place.read(too_wide, first) == Place(first, began=first)
