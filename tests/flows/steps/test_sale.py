"""`quote.send`, `invoice.open`: what they ask of the books, and what they leave to a person."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from flows.errors import OperatorError
from flows.steps import sale
from tests.flows.steps.contexts import context, mail, payment

ADA = {"customer.email": "ada@byron.example"}
WORK = {"account": "40100", "text": "Boiler service", "price": "480.00"}


def quote_of(*lines, kept=ADA, item=None, **options):
    given = {"books": "books", "lines": [*(lines or [WORK])]} | options
    options = sale.QuoteOptions.model_validate(given)
    return sale.QUOTE.run(context(item or mail(), kept=kept), options)


def body_of(*lines, **options):
    (draft,) = quote_of(*lines, **options).outputs
    return draft.body


def test_a_quote_says_for_whom_what_and_until_when():
    found = quote_of(valid_until="2026-03-31", send=True)
    assert found.values == {"status": "queued", "reason": ""}
    (draft,) = found.outputs
    assert (draft.approver, draft.summary) == ("", "Make a quote in books")
    assert draft.body == {
        "books": "books",
        "customer": "ada@byron.example",
        "new_customer": "",
        "currency": "USD",
        "lines": [
            {
                "item": "",
                "account": "40100",
                "text": "Boiler service",
                "quantity": "1",
                "price": "480.00",
            }
        ],
        "until": "2026-03-31",
        "send": True,
    }


def test_an_invoice_is_made_the_same_way():
    options = sale.InvoiceOptions.model_validate(
        {"books": "books", "customer": "10000", "lines": [WORK], "due": "2026-03-31"}
    )
    (draft,) = sale.INVOICE.run(context(payment()), options).outputs
    assert draft.body["customer"] == "10000"
    assert (draft.body["until"], draft.body["post"]) == ("2026-03-31", False)
    assert "send" not in draft.body


@pytest.mark.parametrize(
    ("price", "shown", "currency"),
    [
        ("480.00 USD", "480.00", "USD"),
        ("€1.234,50", "1234.50", "EUR"),
        ("95", "95.00", "USD"),
        ("", "", "USD"),
    ],
)
def test_a_price_is_read_as_people_write_it(price, shown, currency):
    body = body_of(WORK | {"price": price})
    assert (body["lines"][0]["price"], body["currency"]) == (shown, currency)


@pytest.mark.parametrize("price", ["much", "-5.00", "(5.00)", "5 or 6", "<MONEY_1>"])
def test_a_price_that_is_none_stops_the_step(price):
    with pytest.raises(OperatorError, match="price of line 2") as caught:
        body_of(WORK, WORK | {"price": price})
    assert price not in str(caught.value)


@pytest.mark.parametrize("quantity", ["", "0", "-1", "some", "NaN", "1e9"])
def test_a_quantity_that_is_none_stops_the_step(quantity):
    with pytest.raises(OperatorError, match="quantity of line 1"):
        body_of(WORK | {"quantity": quantity})


def test_prices_of_one_document_are_in_one_currency():
    with pytest.raises(OperatorError, match="several currencies"):
        body_of(WORK | {"price": "5 EUR"}, WORK | {"price": "5 USD"})
    with pytest.raises(OperatorError):
        body_of(WORK | {"price": "5 EUR"}, currency="USD")
    assert body_of(WORK, currency="cad")["currency"] == "CAD"


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "31.3.2026"])
def test_a_day_that_is_none_stops_the_step(day):
    with pytest.raises(OperatorError):
        body_of(valid_until=day)


def test_words_alone_are_a_remark_and_are_cut_to_what_the_books_hold():
    (line,) = body_of({"text": "x\n" + "y" * 300})["lines"]
    assert line["text"] == "x " + "y" * 98
    assert (line["quantity"], line["price"]) == ("", "")


def test_a_stand_in_and_an_unknown_customer_wait_for_the_owner():
    found = quote_of(WORK | {"text": "For <PERSON_1>"}, kept={})
    (draft,) = found.outputs
    assert draft.approver == "owner"
    assert "the customer is not known" in draft.summary
    assert len(draft.body["reasons"]) == 2
    (draft,) = quote_of(new_customer="<PERSON_2>").outputs
    assert draft.approver == "owner"


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": []},
        {"books": "My Books"},
        {"send": "yes"},
        {"lines": [{"x": "y"}]},
        {"lines": [WORK | {"item": "1000"}]},
        {"lines": [{"text": "Boiler service", "price": "480.00"}]},
    ],
)
def test_options_that_are_none_are_refused(wrong):
    with pytest.raises(ValidationError):
        sale.QuoteOptions.model_validate({"books": "books", "lines": [WORK]} | wrong)
