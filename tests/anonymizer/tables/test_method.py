"""A method that could not keep its promises is none."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from anonymizer.tables.grid import Grid
from anonymizer.tables.method import Count, Histogram, Method, Sum
from anonymizer.tables.refused import Refused
from tests.anonymizer.tables.invented import DAYS, GRID, JOBS, METHOD, OWNERS

EPSILON = Decimal("0.1")


def test_a_release_costs_what_its_measures_cost_exactly() -> None:
    assert METHOD.epsilon == Decimal("0.8")


def _sum(bound: int, epsilon: str = "0.1") -> Sum:
    return Sum(name="s", title="S", unit="s", bound=bound, epsilon=Decimal(epsilon))


def _histogram(*edges: int) -> Histogram:
    return Histogram(name="h", title="H", unit="h", edges=edges, epsilon=EPSILON)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"measures": ()}, "not the one count"),
        ({"measures": (JOBS, OWNERS)}, "not the one count"),
        ({"measures": (OWNERS, Count(name="b", title="B", epsilon=EPSILON))}, "one count"),
        ({"measures": (OWNERS, JOBS, JOBS)}, "same name"),
        ({"measures": (OWNERS, _sum(0))}, "counts up to 0"),
        ({"measures": (OWNERS, _sum(2**31))}, "counts up to"),
        ({"measures": (OWNERS, _sum(1, "0"))}, "epsilon of 0"),
        ({"measures": (OWNERS, _sum(1, "NaN"))}, "epsilon of NaN"),
        ({"measures": (OWNERS, _sum(1, "-1"))}, "epsilon of -1"),
        ({"measures": (OWNERS, _histogram(0))}, "do not rise"),
        ({"measures": (OWNERS, _histogram(0, 5, 5))}, "do not rise"),
        ({"grid": Grid({}, {"n": "North"})}, "no cell"),
        ({"grid": Grid({"all": "All trades"}, {"n": "North"})}, "is 'all'"),
        ({"minimum": 0}, "out of its range"),
        ({"error": Decimal(0)}, "out of its range"),
        ({"error": Decimal("0.5")}, "out of its range"),
        ({"noisiest": Decimal(0)}, "out of its range"),
    ],
)
def test_what_cannot_be_kept_is_refused(changed: dict[str, Any], what: str) -> None:
    with pytest.raises(Refused, match=what):
        Method(**{"grid": GRID, "measures": (OWNERS, JOBS, DAYS)} | changed)
