"""One owner that is nearly the whole of a cell, read from the cell."""

from __future__ import annotations

from anonymizer.tables import publishing
from anonymizer.tables.release import Release
from tests.anonymizer.tables.attacks import sabotages
from tests.anonymizer.tables.attacks.attack import Attack, Outcome
from tests.anonymizer.tables.attacks.population import (
    BOUND,
    REQUESTS,
    crowd,
    in_cells,
    method,
    owner,
    read,
    wide,
)

SIDE = 16
OFTEN = 0.10
GIANT = 20 * 60 * BOUND
"""More than 95 % of a cell of 60."""


def run() -> Outcome:
    grid = wide(SIDE, SIDE)
    others = list(crowd(grid.cells(), 60))
    them = [owner(place, "them", GIANT, 0) for place in grid.cells()]
    release = publishing.make_release([*others, *them], method(grid))
    rest = sum(row.values[REQUESTS] for row in others) // SIDE**2
    cells = in_cells(release, REQUESTS).values()
    read_off = sum(abs(value - GIANT) <= GIANT / 10 for value in cells) / max(len(cells), 1)
    subtracted = sum(abs(value - rest - BOUND) <= BOUND / 10 for value in cells)
    left = subtracted / max(len(cells), 1)
    plain = publishing.make_release(others, method(grid))
    told = _margins(release) != _margins(plain)
    return Outcome(
        passed=max(read_off, left) < OFTEN and not told and len(cells) > SIDE**2 / 2,
        measured=f"its requests read off in {read_off:.1%} of {len(cells)} cells, its counted "
        f"part by subtraction in {left:.1%}; margins {'tell' if told else 'do not tell'} of it",
    )


def _margins(release: Release) -> set[object]:
    """Return how far cells' margins reach up: equally far, whoever is in them."""
    figures = (f for p, f in read(release, REQUESTS).items() if not p.is_total)
    return {f.high - f.value for f in figures if f.high is not None and f.value is not None}


ATTACK = Attack(
    name="Dominance",
    knows="every other owner of the cell, to the request",
    criterion="the giant is found within 10 % in fewer than 10 % of cells, by value or margin",
    against=("individualization", "inference"),
    run=run,
    sabotages=(sabotages.NO_CLIP, sabotages.BOUND_OF_THE_DATA),
)
