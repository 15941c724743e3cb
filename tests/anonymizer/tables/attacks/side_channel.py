"""Whatever of a release does not come out of the noise: flags, thresholds, totals, scales."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from anonymizer.tables import publishing
from anonymizer.tables.grid import Place
from anonymizer.tables.method import Method
from anonymizer.tables.release import Release, Row
from flows.reports.default_method import DEFAULT_METHOD
from tests.anonymizer.tables.attacks import sabotages
from tests.anonymizer.tables.attacks.attack import Attack, Outcome
from tests.anonymizer.tables.attacks.population import BUCKETS, method, owner, wide

Asked = list[tuple[int, int, Decimal]]


def run() -> Outcome:
    differ, shown = 0, 0
    for recipe in (DEFAULT_METHOD, method(wide(6, 4))):
        releases = [_with_the_same_noise(rows, recipe) for rows in _populations(recipe)]
        differ += sum(one != other for one, other in itertools.combinations(releases, 2))
        shown += sum(figure.status == "A" for figure in releases[0][0].figures)
    told = f"{differ} pairs of releases differ" if differ else "the same release"
    return Outcome(
        passed=not differ and shown > 0,
        measured=f"4 populations, from nobody to giants, by the method that ships and one with "
        f"a sum, with the same noisy numbers: {told}",
    )


def _populations(recipe: Method) -> Iterator[list[Row]]:
    cells = list(recipe.grid.cells())
    measured = {each.name for each in recipe.measures}

    def rows(places: list[Place], number: int, requests: int, answer: int) -> list[Row]:
        there = (owner(p, str(n), requests, answer) for p in places for n in range(number))
        return [
            replace(row, values={k: v for k, v in row.values.items() if k in measured})
            for row in there
        ]

    yield []
    yield rows(cells[:1], 1, 1, 0)
    yield rows(cells, 60, 90, 100)
    yield rows(cells[::2], 9, 10**9, BUCKETS[-1])


def _with_the_same_noise(rows: Sequence[Row], recipe: Method) -> tuple[Release, Asked]:
    """Return a release with noisy numbers that *rows* have no part in, and what was asked."""
    asked: Asked = []

    def noisy(values: Sequence[int], sensitivity: int, epsilon: Decimal) -> list[int]:
        asked.append((len(values), sensitivity, epsilon))
        return [sensitivity * (20 + number * 13 % 397) for number in range(len(values))]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publishing, "noisy", noisy)
        return publishing.make_release(rows, recipe), asked


ATTACK = Attack(
    name="Side channels",
    knows="the code: looks for anything in a release that does not come out of the noise",
    criterion="where the noisy numbers are the same, so is the whole release, whoever is in it",
    against=("individualization", "inference"),
    run=run,
    sabotages=(
        sabotages.TRUE_MEDIANS,
        sabotages.THRESHOLD_ON_TRUE_COUNT,
        sabotages.EXACT_TOTALS,
        sabotages.BOUND_OF_THE_DATA,
    ),
)
