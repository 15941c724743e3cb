"""What releases cost an owner, added up over a year, and the one that would cost too much.

Whoever reads several releases learns from each; what they learn together is bounded by the sum
of the epsilons. So a year has a cap, and every release of its periods counts against it, also
one that nobody read and one that was replaced later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from anonymizer.tables.refused import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """One release that was made, or is to be made.

    Attributes:
        period: What it is of, "2026-Q3".
        year: The year of that period, whenever the release was made: an owner's data of a year
            are what the year's cap protects.
        epsilon: What it costs, as `Method.epsilon` says.
        restates: Whether it replaces an earlier release of the period. It costs as much again.
    """

    period: str
    year: int
    epsilon: Decimal
    restates: bool = False


def spent(spendings: Iterable[Spending], year: int) -> Decimal:
    """Return what the releases of *year* cost together."""
    return sum((each.epsilon for each in spendings if each.year == year), Decimal(0))


def after(spendings: Iterable[Spending], new: Spending, cap: Decimal) -> Decimal:
    """Return what *new*'s year will have cost with it, exactly, given what was spent before.

    Call it before noise is drawn, and write *new* into the ledger together with the release.

    Raises:
        Refused: The year would cost more than *cap*; the period is released already and *new*
            does not say that it restates it, or says so of a period never released; or the
            epsilon is not above 0.
    """
    before = list(spendings)
    if not (new.epsilon.is_finite() and new.epsilon > 0):
        raise Refused(
            f"a release of {new.period} with an epsilon of {new.epsilon}",
            fix="an epsilon is above 0: with none, nothing can be told",
        )
    released = any(each.period == new.period for each in before)
    if released and not new.restates:
        raise Refused(
            f"{new.period} is released already",
            fix="use that release: a second one would cost the budget again; to replace it "
            "because it is wrong, restate it",
        )
    if new.restates and not released:
        raise Refused(f"{new.period} was never released", fix="release it without restating")
    total = spent(before, new.year) + new.epsilon
    if total > cap:
        left = max(cap - total + new.epsilon, Decimal(0)).normalize()
        raise Refused(
            f"{new.period} needs {new.epsilon} of the privacy budget of {new.year}, of which "
            f"{left:f} of {cap} is left",
            fix="leave it out, or measure less of it",
        )
    return total
