"""Cells with too few owners, and what being published tells of how many there are."""

from __future__ import annotations

from anonymizer.tables import publishing
from tests.anonymizer.tables.attacks import sabotages
from tests.anonymizer.tables.attacks.attack import Attack, Outcome
from tests.anonymizer.tables.attacks.confidence import epsilon_at_least, is_chance
from tests.anonymizer.tables.attacks.population import crowd, method, wide

SIDE = 45


def run() -> Outcome:
    grid = wide(SIDE, SIDE)
    # With much noise the figures' own quality would hide what the threshold lets through.
    recipe = method(grid, count="1")
    cells = list(grid.cells())
    third = len(cells) // 3
    sizes = (3, recipe.minimum - 1, recipe.minimum)
    groups = [cells[n * third : (n + 1) * third] for n in range(3)]
    rows = [r for group, size in zip(groups, sizes, strict=True) for r in crowd(group, size)]
    release = publishing.make_release(rows, recipe)
    shown = {f.place for f in release.figures if f.status == "A" or f.value is not None}
    shown |= {f.place for f in release.figures if f.low is not None or f.high is not None}
    few, under, enough = ([float(place in shown) for place in group] for group in groups)
    told = epsilon_at_least(enough, under)
    rare = all(is_chance(int(sum(g)), third, float(recipe.error)) for g in (few, under))
    return Outcome(
        passed=rare and told <= float(recipe.measures[0].epsilon),
        measured=f"of cells with 3 owners {sum(few) / third:.2%} are published, with "
        f"{sizes[1]} {sum(under) / third:.2%} (of {third:,} each; {recipe.error:%} allowed); "
        f"from {sizes[1]} to {sizes[2]} it tells epsilon ≥ {told:.2f}",
    )


ATTACK = Attack(
    name="Small cells",
    knows="all owners of the cell but one",
    criterion="a cell below the minimum is published no more often than the method's error; "
    "that it is published tells of one owner no more than the epsilon of the count",
    against=("individualization", "inference"),
    run=run,
    sabotages=(sabotages.NO_THRESHOLD, sabotages.THRESHOLD_ON_TRUE_COUNT),
)
