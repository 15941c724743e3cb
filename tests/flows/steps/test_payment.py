"""A payment is matched when it is sure, asked about when it is near, and never guessed."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.steps.payment import STEP, Options
from tests.flows.steps.contexts import allocated, context, invoice, mail, payment


def match(item, *invoices, payouts=(), **options):
    return STEP.run(context(item, invoices=invoices, payouts=payouts), Options(**options))


def paid(draft):
    """Return the ids of the invoices that a draft is about."""
    return [share["invoice"] for share in draft.body["shares"]]


@pytest.mark.parametrize(
    "reference",
    ["INV-1042", "inv 1042 thanks", "Payment INV1042/March", "RE: (INV_1042)", "1: INV-1042"],
)
def test_amount_and_number_are_sure(reference):
    found = match(payment(reference=reference), invoice(), invoice("INV-7", "99.00"))
    assert found.values == {
        "status": "matched",
        "kind": "payment",
        "invoice": "INV-1042",
        "reason": "",
    }
    [draft] = found.outputs
    assert draft.approver == ""
    assert paid(draft) == [invoice().id]


@pytest.mark.parametrize(
    ("item", "owed", "reason"),
    [
        (payment(reference="thank you"), [invoice()], "does not name"),
        (payment("470.00", "INV-1042"), [invoice()], "it pays 470.00 USD of 480.00 USD"),
        (payment("490.00", "INV-1042"), [invoice()], "10.00 USD more than is owed"),
        (payment(reference="INV-1042", currency="CAD"), [invoice()], "currency"),
        (payment(), [invoice("A-1"), invoice("A-2")], "2 open invoices"),
        (payment(reference="12"), [invoice("12")], "too short"),
        (payment(reference="march 2026"), [invoice("2026")], "too short"),
        (
            payment(reference="INV-1042 and INV-1043"),
            [invoice(), invoice("INV-1043")],
            "2 open",
        ),
        (payment(reference="INV-1042"), [invoice(id="a"), invoice(id="b")], "2 open"),
    ],
)
def test_a_near_miss_is_asked_of_the_owner_with_the_reason(item, owed, reason):
    found = match(item, *owed)
    assert found.values["status"] == "proposed"
    assert reason in found.values["reason"]
    assert len(found.outputs) == len(owed)
    for draft in found.outputs:
        assert draft.approver == "owner"
        assert any(reason in each for each in draft.body["reasons"])


@pytest.mark.parametrize(
    ("item", "owed"),
    [
        (payment(), []),
        (payment("1.00", "coffee"), [invoice()]),
        (payment("-480.00", "INV-1042"), [invoice()]),
        (payment("480.00", "INV-1042"), [invoice(direction="payable")]),
        (payment(reference="INV-1042"), [invoice(allocations=(allocated(),))]),
        (payment(booked_on=date(2026, 9, 1)), [invoice()]),
        (payment("0.00", "INV-1042"), [invoice()]),
        (payment("1.00", "INV-10421"), [invoice()]),
        (payment("1.00", "XINV-1042"), [invoice()]),
    ],
)
def test_what_fits_nothing_waits(item, owed):
    found = match(item, *owed)
    assert found.values["status"] == "unmatched"
    assert found.outputs == ()


def test_money_out_pays_what_the_business_owes():
    found = match(
        payment("-480.00", "INV-1042"), invoice(direction="payable", id="p"), invoice()
    )
    assert found.values["status"] == "matched"


def test_a_number_within_a_longer_number_does_not_count():
    found = match(payment(reference="INV-1042"), invoice(), invoice("1042", "99.00"))
    assert found.values["invoice"] == "INV-1042"


def test_a_named_invoice_leaves_no_room_for_others_of_the_same_amount():
    found = match(payment("470.00", "INV-1042"), invoice(), invoice("INV-9999", "470.00"))
    assert [share["number"] for each in found.outputs for share in each.body["shares"]] == [
        "INV-1042"
    ]


def test_the_tolerance_is_for_the_right_number_only():
    fee = payment("479.60", "INV-1042")
    assert match(fee, invoice(), tolerance="0.50").values["status"] == "matched"
    assert match(fee, invoice()).values["status"] == "proposed"
    assert match(payment("479.60"), invoice(), tolerance="0.50").values["status"] == "unmatched"


def test_its_own_payment_does_not_count_as_another():
    """Worked through again after a crash, a payment finds the invoice that it has paid."""
    settled = invoice(allocations=(allocated(transaction="t1"),))
    found = match(payment(reference="INV-1042"), settled)
    assert found.values["status"] == "matched"


@pytest.mark.parametrize("tolerance", ["-1", "x", "NaN", "Infinity"])
def test_a_tolerance_that_is_no_amount_is_refused(tolerance):
    with pytest.raises(ValidationError):
        Options(tolerance=tolerance)


NUMBERS = st.sampled_from(
    ["INV-1042", "INV-104", "1042", "INV-1043", "12", "2026", "A/7-77", "X"]
)
INVOICES = st.lists(
    st.builds(
        lambda id_, number, amount, direction, currency: invoice(
            number, amount, id=id_, direction=direction, currency=currency
        ),
        st.uuids().map(str),
        NUMBERS,
        st.sampled_from(["480.00", "480", "99.00"]),
        st.sampled_from(["payable", "receivable"]),
        st.sampled_from(["USD", "USD", "EUR"]),
    ),
    max_size=8,
)
PAYMENTS = st.builds(
    payment,
    st.sampled_from(["480.00", "-480.00", "99.00", "1.00"]),
    st.lists(NUMBERS, max_size=3).map(" and ".join),
)


@settings(deadline=None)
@given(PAYMENTS, INVOICES, st.randoms())
def test_the_order_of_invoices_changes_nothing(item, owed, random):
    shuffled = list(owed)
    random.shuffle(shuffled)
    assert match(item, *owed) == match(item, *shuffled)


@settings(deadline=None)
@given(PAYMENTS, INVOICES)
def test_sure_is_only_what_is_named_and_leaves_nothing_open(item, owed):
    found = match(item, *owed)
    items = Counter(draft.item for draft in found.outputs)
    assert all(count == 1 for count in items.values())
    if found.values["status"] == "matched":
        [draft] = found.outputs
        settled = [each for each in owed if each.id in paid(draft)]
        assert sum(each.money.amount for each in settled) == abs(item.money.amount)
        assert all(each.number.split("-")[-1] in item.reference for each in settled)
        assert {each.money.currency for each in settled} == {item.money.currency}
        assert draft.approver == ""
    else:
        assert all(draft.approver == "owner" for draft in found.outputs)


@settings(deadline=None)
@given(PAYMENTS, INVOICES, st.uuids().map(str))
def test_an_output_keeps_its_place_whatever_else_is_open(item, owed, other):
    """So a proposal made again is the same output, and never a second one."""
    before = {tuple(paid(draft)): draft.item for draft in match(item, *owed).outputs}
    more = [*owed, invoice("ZZ-1", "480.00", id=other)]
    after = {tuple(paid(draft)): draft.item for draft in match(item, *more).outputs}
    assert all(before[each] == after[each] for each in before.keys() & after.keys())


def test_without_a_payment_there_is_nothing_to_match():
    assert STEP.run(context(mail("x")), Options()).outputs == ()


def test_amounts_are_compared_as_money_not_as_text():
    assert (
        match(payment("480", "INV-1042"), invoice(amount="480.000")).values["status"]
        == "matched"
    )
