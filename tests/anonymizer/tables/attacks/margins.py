"""Suppressed cells, from the totals beside them, by linear programming."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.optimize import linprog

from anonymizer.tables import bounding, publishing
from anonymizer.tables.grid import ALL, Grid, Place
from tests.anonymizer.tables.attacks import sabotages
from tests.anonymizer.tables.attacks.attack import Attack, Outcome
from tests.anonymizer.tables.attacks.population import (
    REQUESTS,
    crowd,
    in_cells,
    method,
    values,
    wide,
)

TRADES, REGIONS = 30, 10
FEW, MANY = 4, 80
OFTEN = 0.25


def run() -> Outcome:
    grid = wide(TRADES, REGIONS)
    recipe = method(grid)
    cells = list(grid.cells())
    # One small cell to a trade, two to every third: these take the regions' totals as well.
    small = {
        place
        for number, place in enumerate(cells)
        if (number + number // REGIONS) % REGIONS < 1 + (number // REGIONS % 3 == 0)
    }
    rows = [r for place in cells for r in crowd([place], FEW if place in small else MANY)]
    release = publishing.make_release(rows, recipe)
    published = values(release, REQUESTS)
    truth = dict(zip(cells, bounding.bounded(rows, recipe)[REQUESTS].values, strict=True))
    hidden = [place for place in cells if place not in published]
    totals = {place: float(value) for place, value in published.items() if place.is_total}
    outsider = {p: float(v) for p, v in in_cells(release, REQUESTS).items()}
    insider = {p: float(truth[p]) for p in outsider}
    found = [
        sum(
            truth[place] > 0
            and abs(low - truth[place]) <= truth[place] / 10
            and abs(high - truth[place]) <= truth[place] / 10
            for place, (low, high) in intervals(grid, hidden, known, totals).items()
        )
        / max(len(hidden), 1)
        for known in (outsider, insider)
    ]
    return Outcome(
        passed=max(found) < OFTEN and bool(hidden),
        measured=f"{len(hidden)} suppressed cells: {found[0]:.1%} found from the release "
        f"alone, {found[1]:.1%} with the true value of every other cell",
    )


def intervals(
    grid: Grid, hidden: list[Place], known: Mapping[Place, float], totals: Mapping[Place, float]
) -> dict[Place, tuple[float, float]]:
    """Return the smallest and largest value of each hidden cell that fits the totals best."""
    width, depth = len(hidden), len(totals)
    sums, rest = np.zeros((depth, width)), np.zeros(depth)
    for row, (total, value) in enumerate(totals.items()):
        sums[row] = [_within(place, total) for place in hidden]
        rest[row] = value - sum(known[p] for p in known if _within(p, total))
    left = np.hstack([sums, np.eye(depth), -np.eye(depth)])  # each total may be off both ways
    off = np.concatenate([np.zeros(width), np.ones(2 * depth)])
    limits = [(0, None)] * (width + 2 * depth)
    best = linprog(off, A_eq=left, b_eq=rest, bounds=limits)
    found = {}
    for number, place in enumerate(hidden):
        aim = np.zeros(width + 2 * depth)
        ends = []
        for sign in (1, -1):
            aim[number] = sign
            fit = linprog(
                aim, off[None], [best.fun * (1 + 1e-9) + 1e-6], left, rest, bounds=limits
            )
            ends.append(sign * fit.fun if fit.success else sign * -np.inf)
        found[place] = (ends[0], ends[1])
    return found


def _within(place: Place, total: Place) -> bool:
    return total.industry in {ALL, place.industry} and total.region in {ALL, place.region}


ATTACK = Attack(
    name="Margins by linear programming",
    knows="the totals, and as an insider the true value of every cell that is published",
    criterion="fewer than 25 % of suppressed cells are bounded to within 10 % of the truth",
    against=("inference", "correlation"),
    run=run,
    sabotages=(sabotages.EXACT_TOTALS, sabotages.NO_NOISE),
)
