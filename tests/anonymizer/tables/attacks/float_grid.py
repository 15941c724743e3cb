"""The noise itself: do the digits of a figure tell what it was before?"""

from __future__ import annotations

from decimal import Decimal

from anonymizer.tables import publishing
from tests.anonymizer.tables.attacks import sabotages
from tests.anonymizer.tables.attacks.attack import Attack, Outcome
from tests.anonymizer.tables.attacks.confidence import epsilon_at_least

DRAWS = 12_000
EPSILON = Decimal(1)
LARGE = 2**40
"""Beyond 32 bits, far below 64."""


def run() -> Outcome:
    none, one = (publishing.noisy([true] * DRAWS, 1, EPSILON) for true in (0, 1))
    digits = epsilon_at_least([off_grid(y) for y in none], [off_grid(y) for y in one])
    told = max(digits, epsilon_at_least(none, one))
    whole = all(type(y) is int for y in (*none, *one))
    near = all(abs(y - LARGE) < 10_000 for y in publishing.noisy([LARGE] * 50, 100, EPSILON))
    return Outcome(
        passed=told <= EPSILON and whole and near,
        measured=f"digits and values of {2 * DRAWS:,} draws tell epsilon ≥ {told:.2f} of "
        f"{EPSILON}; {'all' if whole else 'NOT all'} are whole numbers, "
        f"2^40 {'is counted' if near else 'runs over'}",
    )


def off_grid(value: float) -> float:
    """Tell whether a value lies off the grid on which floating-point uniform numbers lie."""
    return float((float(value) * 2**53) % 1 != 0)


ATTACK = Attack(
    name="Floating-point grid",
    knows="how floating-point numbers are made: which results a true 0 and a true 1 can have",
    criterion="digits and values of the noise at 0 and at 1 differ by no more than the "
    "declared epsilon; whole numbers only, and none runs over",
    against=("inference",),
    run=run,
    sabotages=(sabotages.FLOAT_NOISE, sabotages.THIRTY_TWO_BITS),
)
