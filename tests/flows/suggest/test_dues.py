"""Unpaid invoices and payments that nobody matches: when a flow is proposed, and when not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from flows.language.load import parse
from flows.language.spec import FlowsFile
from flows.model import Allocation, CleanTransaction, Invoice, Money
from flows.suggest.dues import chasing, matching
from flows.suggest.rules import Tried
from tests.flows.business import FLOWS

TODAY = date(2026, 11, 1)
FILE = parse(FLOWS, Path("flows.yaml"))
CHASED = FLOWS + (
    "  - {id: chase, name: Chase, triggers: [{overdue: 14d}],"
    " steps: [{id: tell, uses: notify, with: {text: late}}]}\n"
)


def invoice(number: int, due: date, *, paid_after: int | None) -> Invoice:
    """Return an invoice to a customer, paid so many days after it was due, or not at all."""
    amount = Decimal(100 + number)
    paid = (
        ()
        if paid_after is None
        else (
            Allocation(
                transaction=f"p{number}",
                kind="payment",
                amount=amount,
                booked_on=due + timedelta(days=paid_after),
            ),
        )
    )
    return Invoice(
        id=f"i{number}",
        number=f"HP-{number}",
        direction="receivable",
        money=Money(amount=amount, currency="USD"),
        party=f"Customer {number % 5}",
        issued_on=due - timedelta(days=30),
        due_on=due,
        allocations=paid,
    )


def invoices(paid_after: Sequence[int | None]) -> list[Invoice]:
    return [
        invoice(n, date(2026, 5, 1) + timedelta(days=9 * n), paid_after=each)
        for n, each in enumerate(paid_after)
    ]


@pytest.mark.parametrize(
    ("paid_after", "wait"),
    [
        ([0] * 12, None),  # all in time
        ([40] * 12, "7d"),  # late, and not soon after a week
        ([9] * 9 + [40] * 3, None),  # a week later most have paid, and few are left
        ([9] * 9 + [40] * 6, "14d"),  # by then those who pay anyway have paid
        ([None] * 6, "7d"),
        ([40, None], None),  # too few to be a habit
    ],
)
def test_a_flow_waits_until_those_who_pay_anyway_have_paid(
    paid_after: Sequence[int | None], wait: str | None
) -> None:
    """The shortest wait after which three in four stay unpaid for some days more."""
    found = chasing(invoices(paid_after), FILE, TODAY)

    assert (found and found.flow["triggers"]) == (wait and [{"overdue": wait}])


def test_its_counts_are_those_of_the_invoices() -> None:
    """Older and newest together are all that were late; wrong are those paid right after."""
    found = chasing(invoices([40, 40, 8, 40, 40, 40, 0, 40, 8, 40]), FILE, TODAY)

    assert found is not None
    assert found.backtest is not None
    older, newest = found.backtest
    assert older.right + newest.right == 7
    assert older.wrong + newest.wrong == 2
    assert found.evidence.count == 9


def test_whoever_chases_already_gets_no_proposal() -> None:
    """One flow that waits for overdue invoices is enough."""
    file = parse(CHASED, Path("flows.yaml"))

    assert chasing(invoices([None] * 6), file, TODAY) is None


def movement(number: int, amount: int) -> CleanTransaction:
    return CleanTransaction(
        id=f"p{number}",
        source="bank",
        account="1",
        booked_on=date(2026, 10, 1) + timedelta(days=number),
        money=Money(amount=Decimal(amount), currency="USD"),
        counterparty=f"Customer {number}",
        reference="",
    )


@pytest.mark.parametrize(
    ("amounts", "done"),
    [
        (range(100, 106), (Tried(4, 4, 0), Tried(2, 2, 0))),
        (range(-106, -100), None),  # money out pays no invoice to a customer
        (range(100, 103), None),  # too few
        ([7] * 9, None),  # of no invoice
    ],
)
def test_payments_that_have_the_amount_of_an_invoice(
    amounts: Sequence[int], done: tuple[Tried, Tried] | None
) -> None:
    """They are proposed to be matched, unless a flow does that."""
    movements = [movement(n, amount) for n, amount in enumerate(amounts)]

    found = matching("bank", movements, invoices([None] * 6), FILE)

    assert (found.backtest if found else None) == done


def test_what_a_flow_matches_already_is_left_to_it(tmp_path: Path) -> None:
    """A flow that the same source triggers is enough."""
    (tmp_path / "bank").mkdir()
    text = FLOWS.replace("path: mail}\n", "path: mail}\n  bank: {uses: bank, path: bank}\n")
    text += (
        "  - {id: pay, name: Pay, triggers: [{transaction: bank}],"
        " steps: [{id: match, uses: payment.match}]}\n"
    )
    file: FlowsFile = parse(text, tmp_path / "flows.yaml")
    movements = [movement(n, 100 + n) for n in range(6)]

    assert matching("bank", movements, invoices([None] * 6), file) is None
