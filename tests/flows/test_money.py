"""Money is rounded as invoices and banks round, to what its currency divides into."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.currencies import minor_units
from flows.model import Money
from flows.money import is_exact, plain, rounded

CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "KWD", "CLF", "ISK", "CHF"])
AMOUNTS = st.decimals(-(10**9), 10**9, places=6)


@pytest.mark.parametrize(
    ("amount", "currency", "exact"),
    [
        ("0.125", "USD", "0.13"),
        ("-0.125", "USD", "-0.13"),
        ("0.135", "USD", "0.14"),
        ("1.005", "EUR", "1.01"),
        ("0.5", "JPY", "1"),
        ("1.5", "JPY", "2"),
        ("2.4999", "JPY", "2"),
        ("0.0005", "KWD", "0.001"),
        ("1E+3", "JPY", "1000"),
    ],
)
def test_a_half_goes_away_from_zero(amount, currency, exact):
    money = Money(amount=Decimal(amount), currency=currency)
    assert plain(money) == f"{exact} {currency}"


@given(AMOUNTS, CURRENCIES)
def test_rounding_moves_by_half_a_unit_at_most_and_only_once(amount, currency):
    money = Money(amount=amount, currency=currency)
    unit = Decimal(1).scaleb(-minor_units(currency))
    exact = rounded(money)
    assert abs(exact.amount - amount) * 2 <= unit
    assert is_exact(exact)
    assert rounded(exact) == exact
    assert rounded(Money(amount=-amount, currency=currency)).amount == -exact.amount


@given(st.lists(AMOUNTS.map(lambda each: each.quantize(Decimal("0.001"))), max_size=20))
def test_sums_of_exact_amounts_are_exact(amounts):
    assert is_exact(Money(amount=sum(amounts, Decimal(0)), currency="KWD"))
