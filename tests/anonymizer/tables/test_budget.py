"""A year's releases cost what they cost together, and no more than the cap."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymizer.tables.budget import Spending, after, spent
from anonymizer.tables.refused import Refused

CAP = Decimal(2)


def _of(period: str, epsilon: str = "0.5", *, restates: bool = False) -> Spending:
    return Spending(
        period=period, year=int(period[:4]), epsilon=Decimal(epsilon), restates=restates
    )


FOUR = [_of(f"2026-Q{number}") for number in (1, 2, 3, 4)]


def test_four_quarters_fill_a_year_exactly() -> None:
    assert after(FOUR[:3], FOUR[3], CAP) == CAP
    assert spent(FOUR, 2026) == CAP
    assert spent(FOUR, 2025) == 0


def test_the_release_that_would_exceed_is_refused() -> None:
    with pytest.raises(Refused, match="which 0 of 2 is left"):
        after(FOUR, _of("2026-Q3", "0.001", restates=True), CAP)


def test_the_next_year_begins_with_nothing_spent() -> None:
    assert after(FOUR, _of("2027-Q1"), CAP) == Decimal("0.5")


def test_restating_costs_again() -> None:
    assert after(FOUR[:2], _of("2026-Q2", restates=True), CAP) == Decimal("1.5")


@pytest.mark.parametrize(
    ("new", "what"),
    [
        (_of("2026-Q1"), "released already"),
        (_of("2026-Q4", restates=True), "never released"),
        (_of("2026-Q4", "0"), "epsilon of 0"),
        (_of("2026-Q4", "-0.5"), "epsilon of -0.5"),
        (_of("2026-Q4", "NaN"), "epsilon of NaN"),
    ],
)
def test_what_is_no_new_release_is_refused(new: Spending, what: str) -> None:
    with pytest.raises(Refused, match=what):
        after(FOUR[:2], new, CAP)


@given(st.lists(st.integers(1, 900).map(lambda part: Decimal(part) / 1000), max_size=30))
def test_what_is_let_through_never_exceeds_the_cap(epsilons: list[Decimal]) -> None:
    ledger: list[Spending] = []
    for number, epsilon in enumerate(epsilons):
        new = Spending(period=f"2026-{number}", year=2026, epsilon=epsilon)
        fits = sum((each.epsilon for each in ledger), epsilon) <= CAP
        if fits:
            assert after(ledger, new, CAP) == spent([*ledger, new], 2026)
            ledger.append(new)
        else:
            with pytest.raises(Refused, match="budget"):
                after(ledger, new, CAP)
    assert spent(ledger, 2026) <= CAP
