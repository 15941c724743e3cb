"""The peer that adds no noise: exact tables, of which unsafe cells are hidden.

As statistical offices do it. Source: Eurostat's Handbook on Statistical Disclosure Control,
chapter 4: a cell with fewer than 3 respondents is unsafe, and one where the others together are
less than p % of the biggest (the p% rule). Hiding those alone helps nothing, since totals give
them away: others are hidden beside them, found by linear programs. Source: Kelly, Golden and
Assad, "Cell suppression: disclosure protection for sensitive tabular data", Networks 22 (1992).

It protects within one table of one period. Who subtracts two periods, or two tables, or knows
that nobody else is in a cell of three, is not held off: that is no epsilon.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack

from anonymizer.tables.grid import ALL, Grid, Place
from anonymizer.tables.method import Count, Histogram, Method
from anonymizer.tables.release import Row
from flows.reports.simulating import COUNTED, around

PERCENT = 10
"""p of the p% rule."""
TINY = 1e-6

At = tuple[Place, str]
"""A place and the name of a measure."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its totals: what is in each place, and by how much it may not be guessed.

    `unsafe` has by place how far above and below the truth a reader's bounds must lie.
    """

    values: Mapping[Place, float]
    unsafe: Mapping[Place, float]


def counted(grid: Grid, rows: Iterable[tuple[Place, int]], minimum: int) -> Table:
    """Return how many respondents there are, unsafe below *minimum*."""
    found = _contributions(grid, rows)
    numbers = {place: float(len(each)) for place, each in found.items()}
    unsafe = {place: 1.0 for place, number in numbers.items() if 0 < number < minimum}
    return Table(numbers, unsafe)


def summed(grid: Grid, rows: Iterable[tuple[Place, int]], minimum: int) -> Table:
    """Return sums, unsafe with fewer respondents than *minimum* or by the p% rule."""
    found = _contributions(grid, rows)
    unsafe = {}
    for place, each in found.items():
        biggest, *others = sorted(each, reverse=True) or [0]
        needed = PERCENT / 100 * biggest - sum(others[1:])
        if needed > 0 or 0 < len(each) < minimum:
            unsafe[place] = max(needed, 1.0)
    return Table({place: float(sum(each)) for place, each in found.items()}, unsafe)


def _contributions(grid: Grid, rows: Iterable[tuple[Place, int]]) -> dict[Place, list[int]]:
    found: dict[Place, list[int]] = {place: [] for place in (*grid.cells(), *grid.totals())}
    for place, value in rows:
        for each in around(place):
            found[each].append(value)
    return found


def hidden(grid: Grid, table: Table) -> frozenset[Place]:
    """Return every place to hide: the unsafe ones, and others so that nobody works them out.

    For each unsafe one, a linear program moves it up and down as far as needed, with the least
    change to what is not hidden yet; what has to change along with it is hidden, too.
    """
    problem = _Problem(grid, table)
    gone = set(table.unsafe)
    for place in sorted(table.unsafe, key=lambda each: -table.values[each]):
        for upward in (True, False):
            gone |= problem.moved(place, table.unsafe[place], gone, upward=upward)
    if not holds(grid, table, gone):
        raise ArithmeticError(
            "somebody can work out a hidden cell: the peer is not as safe as said"
        )
    return frozenset(gone)


class _Problem:
    """The equations of a table: what is in each total is the sum of what is below it."""

    def __init__(self, grid: Grid, table: Table) -> None:
        self.places: Sequence[Place] = [*grid.cells(), *grid.totals()]
        self.number = {place: i for i, place in enumerate(self.places)}
        self.values = np.array([table.values[place] for place in self.places])
        rows = list(_equations(grid))
        matrix = np.zeros((len(rows), len(self.places)))
        for i, (total, parts) in enumerate(rows):
            matrix[i, self.number[total]] = -1
            matrix[i, [self.number[part] for part in parts]] = 1
        self.equations = csr_matrix(matrix)

    def moved(self, place: Place, by: float, gone: set[Place], *, upward: bool) -> set[Place]:
        """Return what changes when *place* does; of what is not *gone* yet, as little."""
        cost = np.log1p(self.values) + 1
        cost[[self.number[each] for each in gone]] = 0
        here, below = self.number[place], self.values.copy()
        by = by if upward else min(by, self.values[here])
        bounds = [(0.0, None)] * len(below) + [(0.0, most) for most in below]
        bounds[here] = (by, by) if upward else (0, 0)
        bounds[len(below) + here] = (0, 0) if upward else (by, by)
        found = linprog(
            np.concatenate([cost, cost]),
            A_eq=hstack([self.equations, -self.equations]),
            b_eq=np.zeros(self.equations.shape[0]),
            bounds=bounds,
            method="highs",
        )
        if not found.success:
            raise ArithmeticError(f"no way to hide {place}: {found.message}")
        changed = found.x[: len(below)] + found.x[len(below) :]
        return {self.places[i] for i in np.flatnonzero(changed > TINY)}

    def guessed(self, place: Place, gone: Iterable[Place]) -> tuple[float, float]:
        """Return the least and most that a reader can work out for *place*."""
        free = {self.number[each] for each in gone}
        bounds = [
            (0.0, None) if i in free else (value, value) for i, value in enumerate(self.values)
        ]
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(self.values))
            aim[self.number[place]] = sign
            found = linprog(
                aim,
                A_eq=self.equations,
                b_eq=np.zeros(self.equations.shape[0]),
                bounds=bounds,
                method="highs",
            )
            ends.append(sign * found.fun if found.success else sign * -np.inf)
        return ends[0], ends[1]


def _equations(grid: Grid) -> Iterable[tuple[Place, list[Place]]]:
    for industry in grid.industries:
        yield Place(industry, ALL), [Place(industry, region) for region in grid.regions]
    for region in grid.regions:
        yield Place(ALL, region), [Place(industry, region) for industry in grid.industries]
    yield Place(ALL, ALL), [Place(industry, ALL) for industry in grid.industries]


def holds(grid: Grid, table: Table, gone: Iterable[Place]) -> bool:
    """Tell whether no reader works out an unsafe place within its distance."""
    problem, gone = _Problem(grid, table), list(gone)
    for place, by in table.unsafe.items():
        low, high = problem.guessed(place, gone)
        value = table.values[place]
        if high < value + by - TINY * value or low > value - min(by, value) + TINY * value:
            return False
    return True


def exact_tables(rows: Iterable[Row], method: Method, minimum: int) -> dict[At, float]:
    """Return what is not hidden: numbers of owners, means, and medians of shares and times.

    What a business has more of in a longer quarter is a table of sums, of which the mean is
    shown; of medians and shares, which do not add up, the median is hidden with too few
    owners and safe otherwise.
    """
    rows, shown = list(rows), dict[At, float]()
    for measure in method.measures:
        name = measure.name
        if isinstance(measure, Count):
            table = counted(method.grid, ((row.place, 1) for row in rows), minimum)
            shown |= _shown(name, table, hidden(method.grid, table))
            continue
        having = [(row.place, row.values[name]) for row in rows if name in row.values]
        found = _contributions(method.grid, having)
        if measure.unit in COUNTED:
            table = summed(method.grid, having, minimum)
            gone = hidden(method.grid, table)
            means = {
                at: total / len(found[at[0]])
                for at, total in _shown(name, table, gone).items()
                if found[at[0]]
            }
            shown |= means if isinstance(measure, Histogram) else _shown(name, table, gone)
        else:
            shown |= {(p, name): median(v) for p, v in found.items() if len(v) >= minimum}
    return shown


def _shown(name: str, table: Table, gone: Iterable[Place]) -> dict[At, float]:
    unseen = set(gone)
    return {(p, name): value for p, value in table.values.items() if p not in unseen}
