"""An invented grid, a method and rows, for all tests of tables."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import strategies as st

from anonymizer.tables.grid import Grid, Place
from anonymizer.tables.method import Count, Histogram, Method, Sum
from anonymizer.tables.release import Row

GRID = Grid({"plumbing": "Plumbing", "roofing": "Roofing"}, {"n": "North", "s": "South"})
OWNERS = Count(name="owners", title="Owners", epsilon=Decimal("0.2"))
JOBS = Sum(name="jobs", title="Jobs", unit="jobs", bound=20, epsilon=Decimal("0.4"))
DAYS = Histogram(
    name="days",
    title="Days to pay",
    unit="days",
    edges=(0, 10, 30, 90),
    epsilon=Decimal("0.2"),
)
METHOD = Method(grid=GRID, measures=(OWNERS, JOBS, DAYS))
CELLS = list(GRID.cells())


def row(owner: str, place: Place = CELLS[0], **values: int) -> Row:
    """Return an invented row."""
    return Row(owner=owner, place=place, values=values)


def crowd(sizes: Mapping[Place, int], **values: int) -> list[Row]:
    """Return rows of as many owners in each place, who all have *values*."""
    return [
        row(f"{place}{number}", place, **values)
        for place, size in sizes.items()
        for number in range(size)
    ]


values = st.dictionaries(st.sampled_from(["jobs", "days"]), st.integers(-(2**70), 2**70))
"""What one owner may bring, also what nobody should."""


def rows_of(owners: st.SearchStrategy[str]) -> st.SearchStrategy[Row]:
    """Return rows anywhere in the grid, of these owners."""
    return st.builds(Row, owner=owners, place=st.sampled_from(CELLS), values=values)


def rows() -> st.SearchStrategy[list[Row]]:
    """Return rows of which each has an owner of its own."""
    owners = st.integers(0, 999).map(str)
    return st.lists(rows_of(owners), max_size=30, unique_by=lambda each: each.owner)
