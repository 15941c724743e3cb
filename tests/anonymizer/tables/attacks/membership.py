"""Is this owner in? Asked by somebody who knows all others, of thousands of releases."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from anonymizer.tables import bounding, owners, publishing
from anonymizer.tables.grid import Place
from anonymizer.tables.method import Method
from anonymizer.tables.release import Release, Row
from tests.anonymizer.tables.attacks import sabotages
from tests.anonymizer.tables.attacks.attack import Attack, Outcome
from tests.anonymizer.tables.attacks.confidence import epsilon_at_least
from tests.anonymizer.tables.attacks.population import crowd, method, owner, wide

SIDE, CROWD = 44, 15
TENANTS = 5
HUGE = 100_000

Exact = dict[tuple[str, str], int]


def run() -> Outcome:
    # An audit sees sharply where the epsilon is large, and the code is the same for all.
    recipe = method(wide(SIDE, SIDE), count="1", requests="1", answer="1")
    places = tuple(recipe.grid.cells())
    without, within = exact(recipe, with_them=False), exact(recipe, with_them=True)
    inside = scores(released(rows(places, with_them=True), recipe), without, within)
    outside = scores(released(rows(places, with_them=False), recipe), without, within)
    told = epsilon_at_least(inside, outside)
    return Outcome(
        passed=told <= recipe.epsilon,
        measured=f"of a declared epsilon of {recipe.epsilon}, at least {told:.2f} is measured "
        f"in {2 * len(places):,} trials",
    )


@cache
def rows(places: tuple[Place, ...], *, with_them: bool) -> tuple[Row, ...]:
    """Return the same crowd in each place, with the businesses of one more owner or without."""
    them = [owner(p, "them", HUGE, 0) for p in places for _ in range(TENANTS * with_them)]
    return (*crowd(places, CROWD), *them)


def released(rows: Sequence[Row], recipe: Method) -> Release:
    return publishing.make_release(owners.one_per_owner(rows, recipe), recipe)


def exact(recipe: Method, *, with_them: bool) -> Exact:
    """Return what the pipeline counts in any cell: through its own merging and bounding."""
    first = next(recipe.grid.cells())
    merged = owners.one_per_owner(rows((first,), with_them=with_them), recipe)
    counted = bounding.bounded(merged, recipe)
    return {
        (measure.name, bucket): number
        for measure in recipe.measures
        for bucket, number in zip(measure.buckets, counted[measure.name].values, strict=False)
    }


def scores(release: Release, without: Exact, within: Exact) -> list[float]:
    """Return for each cell the logarithm of how much likelier it is with the owner in it."""
    score = dict.fromkeys(release.method.grid.cells(), 0.0)
    scale = {
        each.name: each.sensitivity / float(each.epsilon) for each in release.method.measures
    }
    for figure in release.figures:
        key = figure.measure, figure.bucket
        if figure.value is not None and figure.place in score and key in within:
            nearer = abs(figure.value - without[key]) - abs(figure.value - within[key])
            score[figure.place] += float(nearer) / scale[figure.measure]
    return list(score.values())


ATTACK = Attack(
    name="Membership inference",
    knows="every other owner's rows, the bounding, the noise: it computes likelihood ratios",
    criterion="the epsilon that is measured (Clopper-Pearson lower bound) is not above the "
    "declared one",
    against=("individualization", "inference"),
    run=run,
    sabotages=(
        sabotages.TENANT_AS_UNIT,
        sabotages.NO_CLIP,
        sabotages.HALF_THE_NOISE,
        sabotages.EPSILON_FOR_EACH,
    ),
)
