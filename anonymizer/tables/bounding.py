"""Rows to exact vectors over the whole grid, in which one owner weighs no more than declared.

Exact figures live between here and the noise, and are shown nowhere: they have no text form.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from anonymizer.tables.grid import Place
from anonymizer.tables.method import Count, Measure, Method, Sum
from anonymizer.tables.refused import Refused
from anonymizer.tables.release import Row

_ALIKE = "make the rows by the same method as the release"


class Exact:
    """Whole numbers of one measure: cell by cell, and of each cell bucket by bucket.

    `values` has every bucket of every cell of the grid, in the order of `Grid.cells` and of
    the measure's `buckets`, zeros as well.
    """

    __slots__ = ("values",)

    def __init__(self, values: list[int]) -> None:
        self.values = values

    def __repr__(self) -> str:
        return "Exact(…)"


def bounded(rows: Iterable[Row], method: Method) -> dict[str, Exact]:
    """Return the exact vector of each measure of *method*, by its name.

    With or without one owner, a vector differs by the measure's `sensitivity` at most, all
    its numbers together: each owner has one row, is in one cell, and is clipped there.

    Raises:
        Refused: An owner has two rows, or a row has a place, a measure or a value that
            *method* knows nothing of. Nothing is left out silently: a cell would be wrong
            and nobody would see it.
    """
    at = {place: number for number, place in enumerate(method.grid.cells())}
    width = {each.name: len(each.buckets) for each in method.measures}
    exact = {name: [0] * (len(at) * buckets) for name, buckets in width.items()}
    # Owners are counted by themselves: a value for the count is as strange as an unknown one.
    measured = {each.name for each in method.measures if not isinstance(each, Count)}
    seen: set[str] = set()
    for row in rows:
        if row.owner in seen:
            raise Refused(
                "an owner has more than one row", fix="merge them with `one_per_owner` first"
            )
        seen.add(row.owner)
        _check(row, measured, at)
        for measure in method.measures:
            bucket, amount = _share(measure, row.values.get(measure.name))
            exact[measure.name][at[row.place] * width[measure.name] + bucket] += amount
    return {name: Exact(values) for name, values in exact.items()}


def _check(row: Row, measured: AbstractSet[str], at: Mapping[Place, int]) -> None:
    if row.place not in at:
        raise Refused("a row is in an industry or region that the grid has not", fix=_ALIKE)
    if not row.values.keys() <= measured:
        raise Refused("a row has a value for what is not measured", fix=_ALIKE)
    if any(type(value) is not int for value in row.values.values()):
        raise Refused("a row has a value that is no whole number", fix=_ALIKE)


def _share(measure: Measure, value: int | None) -> tuple[int, int]:
    """Return the bucket that an owner counts in, and with how much: never over the bound."""
    match measure:
        case Count():
            return 0, 1
        case Sum(bound=bound):
            return 0, min(max(value or 0, 0), bound)
        case _ if value is None:
            return len(measure.edges), 1  # the bucket after all others
        case _:
            return max(bisect_right(measure.edges, value) - 1, 0), 1
