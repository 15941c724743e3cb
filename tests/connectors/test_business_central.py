"""Business Central: what is read of the ledger and of the invoices, and what is asked for."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from connectors.business_central import BusinessCentralInvoices
from connectors.business_central.changes import OVERLAP
from flows.errors import AdministratorError
from flows.model import Invoice, Money
from tests.connectors.business_central_account import Account
from tests.contract.transactions import listing
from tests.servers.business_central import BusinessCentralServer

DAY = date(2026, 3, 2)
ADA = ("10000", "Ada Byron", "ada@byron.example")


@pytest.fixture
def server():
    with BusinessCentralServer() as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def account(server):
    account = Account(server)
    yield account
    await account.close()


@pytest.fixture
def books(account):
    return account.books


async def swept(source, cursor="", limit=100):
    """Return the ids of one sweep, and the cursor that it ends with."""
    ids, more = [], True
    while more:
        page = await source.page(cursor, limit)
        ids += [item.native_id for item in page.items]
        cursor, more = page.cursor, page.more
    return ids, cursor


async def test_money_in_and_out_is_what_the_bank_saw(account, books):
    books.move(480, "Payment of Invoice PS-INV1042", on=DAY)
    books.move(-35.1, "Card fees", on=DAY, account="10200")
    income, fee = [item.transaction for item in await listing(account.ledger())]
    assert income.money == Money(amount=Decimal(480), currency="USD")
    assert income.reference == "Payment of Invoice PS-INV1042"
    assert (income.booked_on, income.account, income.kind) == (DAY, "10100", "movement")
    assert (fee.money.amount, fee.account) == (Decimal("-35.1"), "10200")


async def test_a_posted_invoice_moves_no_money_and_its_payment_does_once(account, books):
    customer = books.customer(*ADA)
    line = {"lineType": "Account", "lineObjectNumber": "40100", "unitPrice": 480, "quantity": 1}
    invoice = books.insert(
        "salesInvoices", {"customerId": customer["id"], "salesInvoiceLines": [line]}
    )
    books.post(invoice)
    assert await listing(account.ledger()) == []
    entry = books.pay(invoice)
    (item,) = await listing(account.ledger())
    assert item.native_id == entry["id"]
    assert invoice["number"] in item.transaction.reference


async def test_accounts_of_the_flows_file_come_before_what_is_found(account, books):
    books.move(1, "a", on=DAY)
    books.move(2, "b", on=DAY, account="10200")
    found = await listing(account.ledger(accounts=["10200"]))
    assert [item.transaction.reference for item in found] == ["b"]


async def test_an_account_that_the_books_do_not_have_is_named(account):
    with pytest.raises(AdministratorError, match="no posting account 99999"):
        await account.ledger(accounts=["10100", "99999"]).page("", 10)


async def test_books_in_another_language_ask_for_the_accounts(account, books):
    books.rows["accounts"] = [
        each | {"subCategory": "Kasse"} for each in books.rows["accounts"]
    ]
    with pytest.raises(AdministratorError, match="subcategory Cash") as caught:
        await account.ledger().page("", 10)
    assert "accounts:" in caught.value.fix


async def test_a_currency_is_that_of_the_books(server):
    books = server.company("Québec", currency="CAD")
    books.move(5, "x", on=DAY)
    account = Account(server)
    (item,) = await listing(account.ledger(company=account.company("québec inc.")))
    assert str(item.transaction.money) == "5 CAD"
    await account.close()


async def test_only_movements_since_the_day_asked_for(account, books):
    for day in range(4):
        books.move(100 + day, "x", on=DAY + timedelta(days=day))
    ledger = account.ledger(since=DAY + timedelta(days=2))
    amounts = [item.transaction.money.amount for item in await listing(ledger)]
    assert amounts == [Decimal(102), Decimal(103)]
    assert len([each async for each in ledger.census()]) == 2


async def test_the_next_sweep_asks_for_what_changed_and_the_hour_before(server, account, books):
    for hour in range(5):
        books.now += timedelta(hours=1)
        books.move(hour, "x", on=DAY)
    ids, cursor = await swept(account.ledger(), limit=2)
    assert len(ids) == 5
    newest = books.rows["generalLedgerEntries"][-2]["lastModifiedDateTime"]
    later = books.move(9, "new", on=DAY)
    server.asked.clear()
    again, cursor = await swept(account.ledger(), cursor)
    assert again == [ids[-1], later["id"]]
    (asked,) = [each for each in server.asked if each.path.endswith("generalLedgerEntries")]
    since = asked.query["$filter"].split()[2]
    assert since == books_time(newest)
    # Nothing new for months: the cursor stays where it is.
    assert await swept(account.ledger(), cursor) == ([ids[-1], later["id"]], cursor)


def books_time(newest):
    moment = datetime.fromisoformat(newest) - OVERLAP
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def test_an_entry_that_is_changed_later_comes_again_under_its_id(account, books):
    first = books.move(1, "x", on=DAY)
    books.now += timedelta(days=2)
    books.move(2, "y", on=DAY)
    _, cursor = await swept(account.ledger())
    books.now += timedelta(days=9)
    first["description"] = "Payment of Invoice 7"
    books.touch(first)
    page = await account.ledger().page(cursor, 10)
    found = {item.native_id: item.transaction.reference for item in page.items}
    assert found[first["id"]] == "Payment of Invoice 7"


async def test_what_was_taken_away_is_missing_in_the_census(account, books):
    entries = [books.move(number, "x", on=DAY) for number in range(3)]
    books.rows["generalLedgerEntries"].remove(entries[1])
    counted = [each async for each in account.ledger().census()]
    assert counted == [entries[0]["id"], entries[2]["id"]]


async def test_other_accounts_in_the_flows_file_begin_the_listing_anew(account, books):
    books.move(1, "x", on=DAY)
    old = books.move(2, "y", on=DAY, account="10200")
    _, cursor = await swept(account.ledger(accounts=["10100"]))
    books.now += timedelta(days=30)
    ids, _ = await swept(account.ledger(accounts=["10100", "10200"]), cursor)
    assert old["id"] in ids


async def test_the_server_makes_the_pages(server, account, books):
    for number in range(5):
        books.move(number, "x", on=DAY)
    server.page_size = 3  # smaller than what is asked for
    ids, _ = await swept(account.ledger(), limit=4)
    assert len(set(ids)) == 5
    assert len([each async for each in account.ledger().census()]) == 5
    asked = [each for each in server.asked if each.path.endswith("generalLedgerEntries")]
    assert not any(each.query.keys() & {"$top", "$skip"} for each in asked)
    assert asked[0].headers["prefer"] == "odata.maxpagesize=4"
    assert all(each.headers["data-access-intent"] == "ReadOnly" for each in asked)


async def test_a_link_that_is_no_longer_good_begins_the_sweep_again(server, account, books):
    for number in range(5):
        books.move(number, "x", on=DAY)
    page = await account.ledger().page("", 2)
    place = json.loads(page.cursor)
    place["link"] += "&$old=1"
    ids, _ = await swept(account.ledger(), json.dumps(place))
    assert len(set(ids)) == 5


@pytest.mark.parametrize("host", ["http://127.0.0.1:9", "https://elsewhere.example"])
async def test_a_link_elsewhere_gets_no_token(account, books, host):
    books.move(1, "x", on=DAY)
    page = await account.ledger().page("", 1)
    place = json.loads(page.cursor) | {"link": f"{host}/v2.0/production/api/v2.0/x?a=b"}
    ids, _ = await swept(account.ledger(), json.dumps(place))
    assert len(ids) == 1
    with pytest.raises(AdministratorError, match="was not followed"):
        await account.api().get(f"{host}/v2.0/production/api/v2.0/companies")


async def test_an_entry_that_lacks_its_day_waits_for_a_person(account, books):
    books.move(1, "x", on=DAY)["postingDate"] = "0001-01-01"
    (item,) = (await account.ledger().page("", 10)).items
    assert (item.transaction, item.reason) == (None, "unreadable")
    assert "entry 1" in item.pointer


def invoice_of(books, **more):
    line = {"lineType": "Item", "lineObjectNumber": "1000", "quantity": 2}
    customer = books.rows["customers"][0]
    body = {"customerId": customer["id"], "salesInvoiceLines": [line], **more}
    return books.insert("salesInvoices", body)


async def test_invoices_are_told_as_they_stand_and_again_when_they_are_paid(account, books):
    books.customer(*ADA)
    draft, posted = invoice_of(books), invoice_of(books, dueDate="2026-03-31")
    books.post(posted)
    source = BusinessCentralInvoices(account.company())
    page = await source.page("", 10)
    assert [(item.native_id, item.state) for item in page.items] == [
        (draft["id"], "draft"),
        (posted["id"], "open"),
    ]
    owed = page.items[1]
    total = Money(amount=Decimal(190), currency="USD")
    assert owed.remaining == total
    assert owed.invoice == Invoice(
        id=posted["id"],
        number=posted["number"],
        direction="receivable",
        money=total,
        party="Ada Byron",
        issued_on=date(2026, 3, 1),
        due_on=date(2026, 3, 31),
    )
    books.now += timedelta(days=7)
    books.pay(posted)
    again = await source.page(page.cursor, 10)
    paid = {item.native_id: item for item in again.items}[posted["id"]]
    assert (paid.state, paid.remaining.amount) == ("paid", Decimal(0))
    assert sorted([each async for each in source.census()]) == sorted(
        [draft["id"], posted["id"]]
    )


@pytest.mark.parametrize("wrong", [{"status": "_x0020_"}, {"currencyCode": ""}])
async def test_an_invoice_that_cannot_be_used_says_so(account, books, wrong):
    books.customer(*ADA)
    invoice = invoice_of(books)
    invoice |= wrong
    (item,) = (await BusinessCentralInvoices(account.company()).page("", 10)).items
    assert (item.invoice, item.reason) == (None, "unreadable")
    assert invoice["number"] in item.pointer
