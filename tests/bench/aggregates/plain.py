"""The peer without our choices: Laplace noise as it is put on first.

The record is the unit, and what one owner can change is looked up in the data: its most
records, and the biggest value of anybody. Epsilon is shared equally, and a mean is a noisy sum
by a noisy count. That a bound which is looked up tells of who set it is left aside here; so is
that noise in floating point can be read back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np

from anonymizer.tables.grid import Place
from anonymizer.tables.method import Count, Histogram, Method
from anonymizer.tables.release import Row
from flows.reports.simulating import around
from tests.bench.aggregates.exact import At

Cells = dict[Place, float]


def plain_laplace(
    tenants: Iterable[Row], method: Method, chance: np.random.Generator
) -> dict[At, float]:
    """Return counts, sums and means of all places by one draw; nothing is held back."""
    rows = list(tenants)
    most = max(Counter(row.owner for row in rows).values())
    epsilon = float(method.epsilon) / len(method.measures)
    cells = list(method.grid.cells())

    def noisy(
        found: Iterable[tuple[Place, float]], sensitivity: float, epsilon: float
    ) -> Cells:
        sums: Cells = dict.fromkeys(cells, 0.0)
        for place, value in found:
            sums[place] += value
        noise = chance.laplace(scale=sensitivity / epsilon, size=len(cells))
        totals: Cells = defaultdict(float)
        for place, drawn in zip(cells, noise, strict=True):
            for each in around(place):
                totals[each] += sums[place] + drawn
        return totals

    made: dict[At, float] = {}
    for measure in method.measures:
        name = measure.name
        if isinstance(measure, Count):
            found = noisy(((row.place, 1) for row in rows), most, epsilon)
            made |= {(place, name): value for place, value in found.items()}
            continue
        having = [(row.place, row.values[name]) for row in rows if name in row.values]
        biggest = most * max(value for _, value in having)
        if isinstance(measure, Histogram):
            sums = noisy(having, biggest, epsilon / 2)
            counts = noisy(((place, 1) for place, _ in having), most, epsilon / 2)
            made |= {(p, name): sums[p] / n for p, n in counts.items() if n > 0}
        else:
            found = noisy(having, biggest, epsilon)
            made |= {(place, name): value for place, value in found.items()}
    return made
