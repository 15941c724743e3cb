"""Quotes and invoices made in the books: each once, sent or posted where approved."""

from dataclasses import replace

import pytest

from connectors.business_central import BusinessCentralOutlet
from connectors.business_central.trouble import AnswerLost
from flows.errors import (
    AdministratorError,
    DeliveryUnknown,
    JigajobError,
    OperatorError,
    SignInNeeded,
    TransientError,
)
from tests.connectors.business_central_account import Account, Granted
from tests.contract.outlet import ResumingContract, output
from tests.servers.business_central import BusinessCentralServer, Fault

ADA = ("10000", "Ada Byron", "Ada@Byron.example")
WORK = {"account": "40100", "item": "", "text": "Boiler", "quantity": "2", "price": "240.10"}


@pytest.fixture
def server():
    with BusinessCentralServer() as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def account(server):
    account = Account(server)
    account.books.customer(*ADA)
    yield account
    await account.close()


@pytest.fixture
def books(account):
    return account.books


@pytest.fixture
def outlet(account):
    return BusinessCentralOutlet({"books": account.company()})


def quote(number=1, *, approver="", **changes):
    body = {
        "books": "books",
        "customer": "ada@byron.example",
        "new_customer": "",
        "currency": "USD",
        "lines": [WORK],
        "until": "2026-03-31",
        "send": False,
    }
    return replace(output("quote.send", number, body | changes), approver=approver)


def invoice(number=1, *, approver="", **changes):
    made = quote(number, approver=approver, **({"post": False} | changes))
    return replace(made, uses="invoice.open")


class TestContract(ResumingContract):
    @pytest.fixture
    def open_outlet(self, account):
        return lambda: BusinessCentralOutlet({"books": account.company()})

    @pytest.fixture
    def outputs(self):
        return [quote(1), quote(2, customer="10000"), invoice(3)]

    async def shown(self, outlet):
        (company,) = outlet._books.values()
        found = []
        for collection in ("salesQuotes", "salesInvoices"):
            target = await company.path(collection)
            found += [each async for each in company.api.listed(target, {}, fresh=True)]
        return [each["externalDocumentNumber"].lower() for each in found]


async def test_a_quote_is_a_draft_with_its_lines_and_its_day(outlet, books):
    where = await outlet.deliver(quote())
    (made,) = books.rows["salesQuotes"]
    assert where == f"draft of quote {made['number']} in Business Central"
    assert made["customerNumber"] == "10000"
    assert made["validUntilDate"] == "2026-03-31"
    assert made["totalAmountIncludingTax"] == 480.2
    assert (made["status"], books.mails) == ("Draft", [])
    (line,) = made["salesQuoteLines"]
    assert (line["lineType"], line["lineObjectNumber"]) == ("Account", "40100")


async def test_items_have_their_own_price_and_words_have_none(outlet, books):
    lines = [
        WORK | {"account": "", "item": "1000", "price": "", "quantity": "3"},
        {"account": "", "item": "", "text": "Thank you", "quantity": "", "price": ""},
    ]
    await outlet.deliver(invoice(lines=lines))
    (made,) = books.rows["salesInvoices"]
    assert made["totalAmountIncludingTax"] == 285
    assert [line["lineType"] for line in made["salesInvoiceLines"]] == ["Item", "Comment"]


async def test_a_quote_is_sent_only_when_the_flow_wants_it_and_a_person_approved(outlet, books):
    await outlet.deliver(quote(1, send=True))
    await outlet.deliver(quote(2, approver="owner"))
    assert books.mails == []
    assert (await outlet.deliver(quote(3, send=True, approver="owner"))).startswith("quote S-")
    assert len(books.mails) == 1


async def test_an_invoice_is_posted_once(outlet, books):
    wanted = invoice(post=True, approver="owner")
    first = await outlet.deliver(wanted)
    assert await outlet.deliver(wanted) == await outlet.resume(wanted)
    (made,) = books.rows["salesInvoices"]
    assert made["status"] == "Open"
    assert len(books.rows["generalLedgerEntries"]) == 2
    assert first == f"invoice {made['number']} in Business Central"


async def test_the_version_that_was_looked_at_is_the_one_that_is_sent(server, outlet):
    await outlet.deliver(quote(send=True, approver="owner"))
    (sent,) = [each for each in server.asked if each.path.endswith("Microsoft.NAV.send")]
    assert sent.headers["if-match"].startswith('W/"')
    assert sent.body == {}


async def test_what_is_changed_meanwhile_is_looked_at_again(server, outlet, books):
    wanted = quote(send=True, approver="owner")
    await outlet.deliver(replace(wanted, approver=""))
    (made,) = books.rows["salesQuotes"]
    server.before["Microsoft.NAV.send"] = lambda: books.touch(made)
    with pytest.raises(TransientError, match="somebody else works on"):
        await outlet.deliver(wanted)
    assert books.mails == []
    await outlet.deliver(wanted)
    assert len(books.mails) == 1


async def test_documents_are_looked_for_in_the_database_itself(server, outlet):
    await outlet.deliver(quote())
    looked = [each for each in server.asked if "$filter" in each.query]
    assert len(looked) == 2
    assert not any("data-access-intent" in each.headers for each in looked)


@pytest.mark.parametrize("status", [504, 500, 0])
async def test_a_lost_answer_makes_no_second_document(server, outlet, books, status):
    lose(server, "salesQuotes", Fault(status, done=True))
    assert "quote" in await outlet.deliver(quote())
    assert await outlet.deliver(quote())
    assert len(books.rows["salesQuotes"]) == 1


def lose(server, ending, fault):
    """Let the next POST to a path with that ending meet a fault."""
    server.before[ending] = lambda: server.faults.append(fault)


async def test_an_answer_lost_before_anything_was_made_is_for_a_person(server, outlet, books):
    lose(server, "salesQuotes", Fault(0))
    with pytest.raises(DeliveryUnknown) as caught:
        await outlet.deliver(quote())
    assert quote().id.upper() in str(caught.value)
    assert books.rows["salesQuotes"] == []
    await outlet.deliver(quote())
    assert len(books.rows["salesQuotes"]) == 1


async def test_a_lost_answer_to_sending_sends_no_second_mail(server, outlet, books):
    lose(server, "Microsoft.NAV.send", Fault(504, done=True))
    wanted = quote(send=True, approver="owner")
    assert (await outlet.deliver(wanted)).startswith("quote ")
    await outlet.deliver(wanted)
    assert len(books.mails) == 1


async def test_sending_that_may_still_come_is_for_a_person(server, outlet, books):
    lose(server, "Microsoft.NAV.send", Fault(0))
    wanted = quote(send=True, approver="owner")
    with pytest.raises(DeliveryUnknown, match="came to send a quote"):
        await outlet.deliver(wanted)
    await outlet.deliver(wanted)  # a person looked, and approved it again
    assert (len(books.rows["salesQuotes"]), len(books.mails)) == (1, 1)


async def test_after_a_crash_a_quote_that_may_be_out_is_not_sent_again(outlet, books):
    await outlet.deliver(quote(send=True))
    with pytest.raises(DeliveryUnknown):
        await outlet.resume(quote(send=True, approver="owner"))
    assert (len(books.rows["salesQuotes"]), books.mails) == (1, [])


async def test_a_crash_before_anything_was_made_is_made_good(outlet, books):
    await outlet.resume(quote(send=True, approver="owner"))
    assert (len(books.rows["salesQuotes"]), len(books.mails)) == (1, 1)


async def test_a_crash_between_making_and_posting_is_taken_further(outlet, books):
    await outlet.deliver(invoice(post=True))
    await outlet.resume(invoice(post=True, approver="owner"))
    (made,) = books.rows["salesInvoices"]
    assert made["status"] == "Open"


async def test_an_answer_lost_and_nobody_there_to_ask_is_for_a_person(account, server, books):
    company = account.company(patience=0.1)
    outlet = BusinessCentralOutlet({"books": company})
    wanted = quote(send=True, approver="owner")
    faults = [Fault(504, done=True), *[Fault(503)] * 20]
    server.before["Microsoft.NAV.send"] = lambda: server.faults.extend(faults)
    with pytest.raises(DeliveryUnknown):
        await outlet.deliver(wanted)
    server.faults = []
    assert len(books.mails) == 1


async def test_an_odd_answer_to_a_write_counts_as_lost(account, server, books):
    company = account.company()
    target = await company.path("customers")
    server.oddly = True
    with pytest.raises(AnswerLost):
        await company.api.post(target, {"displayName": "Eve"}, did="make a customer")
    assert len(books.rows["customers"]) == 2


async def test_a_customer_is_never_made_unless_the_flow_says_so(outlet, books):
    stranger = {"customer": "eve@new.example"}
    with pytest.raises(OperatorError, match="no customer with this mail address") as caught:
        await outlet.deliver(quote(**stranger))
    assert "eve" not in str(caught.value)
    await outlet.deliver(quote(**stranger, new_customer="Eve Ltd"))
    await outlet.deliver(quote(2, **stranger, new_customer="Eve Ltd"))
    (made,) = books.rows["customers"][1:]
    assert (made["displayName"], made["email"]) == ("Eve Ltd", "eve@new.example")


async def test_a_customer_lost_on_the_way_is_not_made_twice(server, outlet, books):
    lose(server, "customers", Fault(504, done=True))
    wanted = quote(customer="eve@new.example", new_customer="Eve Ltd")
    with pytest.raises(DeliveryUnknown):
        await outlet.deliver(wanted)
    await outlet.deliver(wanted)
    assert len(books.rows["customers"]) == 2


@pytest.mark.parametrize("customer", ["99999", "", "o'brien@byron.example"])
async def test_a_customer_that_is_not_there(outlet, customer):
    with pytest.raises(OperatorError):
        await outlet.deliver(quote(customer=customer))


async def test_an_address_of_two_customers_is_for_a_person(outlet, books):
    books.customer("10001", "Ada's Boats", "ada@byron.example")
    with pytest.raises(OperatorError, match="2 customers"):
        await outlet.deliver(quote())
    assert await outlet.deliver(quote(customer="10001"))


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": [WORK | {"account": "77777"}]},
        {"lines": [WORK | {"account": "", "item": "none"}]},
        {"lines": [WORK | {"text": "x" * 101}]},
        {"until": "soon"},
    ],
)
async def test_what_the_books_refuse_is_told_without_their_words(outlet, books, changes):
    with pytest.raises(AdministratorError, match="refused to make a quote") as caught:
        await outlet.deliver(quote(**changes))
    assert "77777" not in str(caught.value)
    assert books.rows["salesQuotes"] == []


async def test_a_blocked_customer_and_one_without_an_address(outlet, books):
    books.customer("666", "Bad Ltd", blocked="All")
    books.customer("667", "No Mail Ltd")
    with pytest.raises(AdministratorError):
        await outlet.deliver(quote(customer="666"))
    with pytest.raises(AdministratorError, match="refused to send a quote"):
        await outlet.deliver(quote(customer="667", send=True, approver="owner"))


@pytest.mark.parametrize(
    "changes", [{"lines": []}, {"books": "other"}, {"lines": [WORK | {"price": "much"}]}]
)
async def test_an_output_that_fits_no_books(outlet, changes):
    with pytest.raises(OperatorError):
        await outlet.deliver(quote(**changes))


async def test_who_may_only_read_makes_nothing(account, books):
    tokens = Granted(account.server, "reader@hudson.example", "read")
    outlet = BusinessCentralOutlet({"books": account.company(tokens=tokens)})
    with pytest.raises(SignInNeeded, match="make a quote") as caught:
        await outlet.deliver(quote())
    assert isinstance(caught.value, JigajobError)
    assert "D365 BUS FULL ACCESS" in caught.value.fix
