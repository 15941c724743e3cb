"""Two releases with and without one owner, subtracted."""

from __future__ import annotations

from anonymizer.tables import publishing
from tests.anonymizer.tables.attacks import sabotages
from tests.anonymizer.tables.attacks.attack import Attack, Outcome
from tests.anonymizer.tables.attacks.population import (
    BOUND,
    COUNT,
    REQUESTS,
    crowd,
    in_cells,
    method,
    owner,
    wide,
)

SIDE = 18
OFTEN = 0.15


def run() -> Outcome:
    grid = wide(SIDE, SIDE)
    others = list(crowd(grid.cells(), 60))
    them = [owner(place, "them", BOUND, 0) for place in grid.cells()]
    before = publishing.make_release([*others, *them], method(grid))
    after = publishing.make_release(others, method(grid))
    shares, pairs = [], 0
    for measure, truth in ((REQUESTS, BOUND), (COUNT, 1)):
        first, second = in_cells(before, measure), in_cells(after, measure)
        differences = [first[place] - second[place] for place in first.keys() & second.keys()]
        pairs = len(differences)
        found = sum(abs(difference - truth) <= truth / 10 for difference in differences)
        shares.append(found / max(pairs, 1))
    return Outcome(
        passed=max(shares) < OFTEN and pairs > SIDE**2 / 2,
        measured=f"requests found in {shares[0]:.1%}, presence in {shares[1]:.1%} of "
        f"{pairs} pairs",
    )


ATTACK = Attack(
    name="Differencing across releases",
    knows="every other owner, and that nobody else came or went between two releases",
    criterion="what the owner has is found within 10 % in fewer than 15 % of pairs",
    against=("individualization", "correlation"),
    run=run,
    sabotages=(sabotages.NO_NOISE, sabotages.NOISE_OF_A_SEED, sabotages.ROUNDING),
)
