"""A public register of businesses, joined with what a release shows and leaves out."""

from __future__ import annotations

from anonymizer.tables import publishing
from tests.anonymizer.tables.attacks import sabotages
from tests.anonymizer.tables.attacks.attack import Attack, Outcome
from tests.anonymizer.tables.attacks.confidence import epsilon_at_least
from tests.anonymizer.tables.attacks.population import BOUND, method, owner, wide

SIDE = 40


def run() -> Outcome:
    recipe = method(wide(SIDE, SIDE))
    cells = list(recipe.grid.cells())
    customers, strangers = cells[::2], cells[1::2]  # the register has one firm in each
    rows = [owner(place, "only firm", BOUND, 0) for place in customers]
    release = publishing.make_release(rows, recipe)
    listed = {f.place for f in release.figures}
    shown = {f.place for f in release.figures if f.status == "A"}
    told = max(
        epsilon_at_least(
            [float(place in there) for place in customers],
            [float(place in there) for place in strangers],
        )
        for there in (listed, shown)
    )
    found = sum(place in shown for place in customers) / len(customers)
    whole = {*cells, *recipe.grid.totals()} == listed
    return Outcome(
        passed=told <= recipe.epsilon and whole,
        measured=f"{len(cells):,} firms alone in their cell: {found:.2%} of customers show, "
        f"a cell's being there or shown tells epsilon ≥ {told:.2f} of {recipe.epsilon}; "
        f"{'every place is' if whole else 'NOT every place is'} listed",
    )


ATTACK = Attack(
    name="Join with a public register",
    knows="name, trade and region of every firm, and which are alone in their cell",
    criterion="all places are listed whoever is in them, and what shows tells customers from "
    "strangers no better than the declared epsilon",
    against=("correlation", "individualization"),
    run=run,
    sabotages=(sabotages.ONLY_CELLS_WITH_SOMEBODY, sabotages.ZEROS_PRINTED),
)
