"""Payments of many kinds: several invoices, parts, fees, refunds, other currencies, payouts."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest

from flows.model import Exchange, Money
from flows.work.books import Payout
from tests.flows.steps.contexts import allocated, invoice, payment
from tests.flows.steps.test_payment import match

OCTOBER = date(2026, 10, 1)


def shares(draft):
    """Return what a draft does to each invoice: its number, the amount, what is deducted."""
    return [
        (each["number"], Decimal(each["amount"]), Decimal(each["deducted"]))
        for each in draft.body["shares"]
    ]


def test_one_payment_of_all_that_its_reference_names_is_sure():
    owed = [invoice("INV-1"), invoice("INV-2045", "99.00"), invoice("52046", "20.50")]
    found = match(payment("119.50", "your INV-2045 / 52046"), *owed)
    assert found.values["status"] == "matched"
    [draft] = found.outputs
    assert {number for number, _, _ in shares(draft)} == {"INV-2045", "52046"}
    assert draft.summary == "Payment of 119.50 USD pays invoices 52046, INV-2045"


def test_less_than_all_that_is_named_is_asked_and_goes_to_the_oldest_first():
    owed = [
        invoice("INV-2045", issued_on=date(2026, 3, 2)),
        invoice("INV-2044", issued_on=date(2026, 3, 1)),
    ]
    found = match(payment("500.00", "INV-2044 INV-2045"), *owed)
    [draft] = found.outputs
    assert draft.approver == "owner"
    assert shares(draft) == [("INV-2044", 480, 0), ("INV-2045", 20, 0)]
    assert "460.00 USD less than is owed" in found.values["reason"]


def test_a_part_is_asked_unless_the_flow_says_that_parts_are_fine():
    part = payment("200.00", "INV-1042")
    assert match(part, invoice()).values["status"] == "proposed"
    found = match(part, invoice(), parts=True)
    assert found.values["status"] == "matched"
    assert shares(found.outputs[0]) == [("INV-1042", 200, 0)]


def test_what_is_left_of_a_partly_paid_invoice_is_sure():
    rest = invoice(allocations=(allocated("200.00"),))
    found = match(payment("280.00", "INV-1042"), rest)
    assert found.values["status"] == "matched"
    assert match(payment("480.00", "INV-1042"), rest).values["status"] == "proposed"


def test_a_fee_kept_on_the_way_closes_the_invoice_within_the_tolerance():
    found = match(payment("465.20", "INV-1042"), invoice(), tolerance="15")
    assert found.values["status"] == "matched"
    assert shares(found.outputs[0]) == [("INV-1042", Decimal("465.20"), Decimal("14.80"))]


def test_a_card_payment_is_matched_by_what_the_customer_paid():
    charge = payment(reference="INV-1042", kind="charge", fee=money("14.22"))
    assert match(charge, invoice()).values["status"] == "matched"


def money(amount, currency="USD"):
    """Return an amount in a currency."""
    return Money(amount=Decimal(amount), currency=currency)


def test_another_currency_counts_where_somebody_states_the_rate():
    stated = Exchange(money=money("480.00", "CAD"), rate=Decimal("0.73"), stated_by="bank")
    owed = invoice(currency="CAD")
    found = match(payment("350.40", "INV-1042", exchange=stated), owed)
    assert found.values["status"] == "matched"
    [draft] = found.outputs
    assert draft.body["exchange"]["stated_by"] == "bank"
    assert shares(draft) == [("INV-1042", 480, 0)]
    assert match(payment("350.40", "INV-1042"), owed).values["status"] == "proposed"


def test_several_of_one_payer_that_come_to_the_amount_are_asked():
    ada = {"party": "Ada Byrne Ltd"}
    owed = [invoice("INV-1", "10.00", **ada), invoice("INV-2", "22.00", **ada)]
    found = match(payment("32.00", "thanks", counterparty="BYRNE ADA LTD"), *owed)
    [draft] = found.outputs
    assert draft.approver == "owner"
    assert {number for number, _, _ in shares(draft)} == {"INV-1", "INV-2"}
    two_ways = [*owed, invoice("INV-3", "10.00", **ada)]
    assert (
        match(payment("32.00", "thanks", counterparty="Ada Byrne Ltd"), *two_ways).outputs == ()
    )
    stranger = payment("32.00", "thanks", counterparty="Mill Street Bakery")
    assert match(stranger, *owed).outputs == ()


def test_a_refund_through_the_processor_is_of_the_named_payment():
    paid = invoice(allocations=(allocated(),))
    refund = payment("-480.00", "INV-1042", kind="refund")
    found = match(refund, paid)
    assert found.values == {
        "status": "matched",
        "kind": "refund",
        "invoice": "INV-1042",
        "reason": "",
    }
    assert match(refund, invoice()).values["status"] == "unmatched"
    unnamed = match(payment("-480.00", "sorry", kind="refund"), paid)
    assert unnamed.values["status"] == "proposed"


def test_money_sent_back_by_the_bank_is_asked():
    paid = invoice(allocations=(allocated(),))
    found = match(payment("-100.00", "INV-1042 overcharged"), paid)
    assert (found.values["status"], found.values["kind"]) == ("proposed", "refund")


def test_a_dispute_makes_the_invoice_owed_again():
    paid = invoice(allocations=(allocated(),))
    found = match(payment("-480.00", "INV-1042", kind="dispute"), paid)
    assert (found.values["status"], found.values["kind"]) == ("matched", "dispute")
    disputed = invoice(allocations=(allocated(), allocated("-480.00", kind="dispute")))
    assert disputed.state == "open"
    refunded = invoice(allocations=(allocated(), allocated("-480.00", kind="refund")))
    assert (refunded.state, refunded.owed.amount) == ("refunded", 0)


def payout(amount="-912.40", *, refused=(), **fields):
    """Return a payout as its processor tells it."""
    plain = {"source": "cards", "kind": "payout", "booked_on": OCTOBER, "id": "po1"}
    return Payout(payment(amount, "STRIPE PAYOUT", **(plain | fields)), refused)


def arrives(words="STRIPE TRANSFER", day=2, **fields):
    """Return the movement by which a payout comes to the bank."""
    return payment("912.40", words, booked_on=date(2026, 10, day), **fields)


def test_a_payout_that_arrives_is_no_payment():
    found = match(arrives(), invoice(amount="912.40"), payouts=[payout()])
    assert (found.values["status"], found.values["kind"]) == ("matched", "payout")
    assert found.outputs[0].body["payout"] == "po1"


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (arrives("TRANSFER 991"), [payout()]),
        (arrives(), [payout(), payout(id="po2")]),
    ],
)
def test_a_payout_that_could_be_something_else_is_asked(item, told):
    assert match(item, payouts=told).values["status"] == "proposed"


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (arrives(day=9), [payout()]),
        (arrives(), [payout("-912.41")]),
        (arrives(), [payout(currency="CAD")]),
        (arrives(), [payout(refused=("t1",))]),
        (arrives(source="cards"), [payout()]),
    ],
)
def test_what_is_no_payout_stays_open(item, told):
    assert match(item, payouts=told).values["status"] == "unmatched"


@pytest.mark.parametrize("kind", ["fee", "payout"])
def test_what_pays_no_invoice_by_its_kind_waits_for_none(kind):
    assert match(payment("-480.00", kind=kind), invoice()).values["status"] == "none"


def test_what_a_person_refused_is_never_proposed_again():
    assert match(payment(reference="INV-1042"), invoice(refused=("t1",))).outputs == ()
    assert match(payment(), invoice(refused=("t1",))).outputs == ()


@pytest.mark.parametrize(
    "words", ["RETURNED ITEM INV-1042", "R01 INV-1042", "Rücklastschrift INV-1042"]
)
def test_a_payment_that_bounced_is_asked_about_and_would_be_owed_again(words):
    paid = invoice(allocations=(allocated(),))
    found = match(payment("-480.00", words), paid)
    assert (found.values["status"], found.values["kind"]) == ("proposed", "dispute")
    assert "owed again" in found.values["reason"]


def test_a_number_of_ours_and_of_a_supplier_is_asked_about():
    """Money back for the one must not pay the other by itself, whoever chose its number."""
    paid = invoice("HP-1", id="ours", allocations=(allocated(),))
    fraud = invoice("HP-1", id="theirs", direction="payable")
    found = match(payment("-480.00", "Refund HP-1"), paid, fraud)
    assert found.values["status"] == "proposed"
    assert len(found.outputs) == 2
    failed = payment("-480.00", "HP-1", kind="charge")
    assert [each.body["kind"] for each in match(failed, paid, fraud).outputs] == ["refund"]


def test_a_payout_that_names_an_invoice_is_asked_about():
    found = match(arrives("STRIPE INV-1042"), invoice(amount="912.40"), payouts=[payout()])
    assert found.values["status"] == "proposed"
    assert {draft.body["kind"] for draft in found.outputs} == {"payment", "payout"}


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("IBAN DE89 3704 0044 0532 0130 00", "3704"),
        ("transfer of 2026-03-14", "2026-03"),
        ("INV 480.00 EUR", "INV-480"),
        ("paid 14.03.2026", "1403"),
    ],
)
def test_accounts_days_and_amounts_are_no_numbers_of_invoices(words, number):
    found = match(payment("480.00", words), invoice(number), parts=True)
    assert found.values["status"] != "matched"


def test_a_number_that_only_looks_like_an_account_counts():
    found = match(payment(reference="RE202612345678"), invoice("RE202612345678"))
    assert found.values["status"] == "matched"


def test_a_reference_of_many_numbers_is_read_in_no_time():
    owed = [invoice("1", id=f"s{n}", direction="payable") for n in range(30)]
    began = time.process_time()
    match(payment("-480.00", "1 " * 4_990), *owed)
    assert time.process_time() - began < 2


def test_a_payment_of_more_invoices_than_anybody_pays_at_once_is_left_to_people():
    owed = [invoice(f"INV-{n}", "1.00") for n in range(100, 150)]
    found = match(payment("50.00", " ".join(each.number for each in owed)), *owed)
    assert found.values["status"] == "unmatched"


def test_a_tolerance_is_never_the_whole_of_an_invoice():
    owed = [invoice("A-100", "50.00"), invoice("A-200", "0.50", issued_on=date(2026, 2, 28))]
    found = match(payment("49.70", "A-100 A-200"), *owed, tolerance="1")
    assert found.values["status"] == "proposed"
    assert all(amount > 0 for draft in found.outputs for _, amount, _ in shares(draft))


def test_a_dispute_is_won_only_where_one_was_lost():
    won = payment("480.00", "INV-1042", kind="dispute")
    assert match(won, invoice()).values["status"] == "unmatched"
    lost = invoice(allocations=(allocated(), allocated("-480.00", "d1", "dispute")))
    assert match(won, lost).values["status"] == "matched"
