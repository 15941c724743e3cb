"""The same figures asked for again and again, until the noise averages out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from anonymizer.tables.grid import Place
from flows.errors import OperatorError
from flows.reports.releasing import Released
from tests.anonymizer.tables.attacks import sabotages
from tests.anonymizer.tables.attacks.attack import Attack, Outcome
from tests.anonymizer.tables.attacks.pooled_quarters import AGREED, QUARTER, quarters, read_back
from tests.anonymizer.tables.attacks.population import COUNT, in_cells, method, wide

REQUESTS, OWNERS = 20, 50
RESTATED = 6


def run() -> Outcome:
    return asyncio.run(_attack())


async def _attack() -> Outcome:
    recipe = method(wide(2, 2))
    cap = 4 * recipe.epsilon
    async with quarters(recipe, cap) as pool:
        for place in recipe.grid.cells():
            await pool.counted(place, OWNERS, QUARTER, AGREED)
        pool.clock.at = QUARTER.cut_off + timedelta(days=1)
        asked = [await pool.release(QUARTER) for _ in range(REQUESTS)]
        restated = []
        refused = 0
        for _ in range(RESTATED):
            try:
                restated.append(await pool.release(QUARTER, why="a count was wrong"))
            except OperatorError:
                refused += 1
    answers = {released.spent.manifest for released in asked}
    everything = {released.spent.manifest: released for released in (*asked, *restated)}
    spent = len(everything) * recipe.epsilon
    return Outcome(
        passed=len(answers) == 1 and spent <= cap,
        measured=f"{REQUESTS} requests: {len(answers)} answer{'s' * (len(answers) > 1)}; "
        f"{RESTATED} restatements: {refused} refused, epsilon {spent} of {cap} spent; the mean "
        f"of all answers is off by {_off(list(everything.values())):.1f} of {OWNERS} owners",
    )


def _off(releases: Sequence[Released]) -> float:
    """Return how far the mean of all answers is from the truth, on average over the cells."""
    seen: dict[Place, list[Decimal]] = {}
    for released in releases:
        for place, value in in_cells(read_back(released), COUNT).items():
            seen.setdefault(place, []).append(value)
    means = [sum(found) / len(found) for found in seen.values()]
    return float(sum(abs(mean - OWNERS) for mean in means) / max(len(means), 1))


ATTACK = Attack(
    name="Averaging by repeated requests",
    knows="how to ask twenty times, and to have a quarter restated",
    criterion="one answer to the byte; restating spends the budget, and ends with it",
    against=("inference",),
    run=run,
    sabotages=(sabotages.NOISE_ON_EACH_REQUEST, sabotages.NO_BUDGET_STOP),
)
