"""What settings would cost is told by releases as they are made, beside the exact figures."""

from __future__ import annotations

from decimal import Decimal

import pytest

from anonymizer.tables.grid import ALL, Place
from anonymizer.tables.method import Count, Histogram
from anonymizer.tables.release import Figure, Release, Row
from flows.reports.default_method import ANNUAL_CAP, DEFAULT_METHOD, GRID
from flows.reports.simulating import (
    TOTALS,
    Judge,
    Setting,
    Truth,
    exact_figures,
    method_with,
    settings,
    simulate,
)

USUAL = Setting(epsilon=DEFAULT_METHOD.epsilon, minimum=DEFAULT_METHOD.minimum, months=3)
COUNT = DEFAULT_METHOD.measures[0].name
PLACE = Place("electrical", "west")


def test_every_choice_is_tried_once_and_a_year_costs_the_same_by_month_or_quarter() -> None:
    asked = list(settings(DEFAULT_METHOD))
    assert len(set(asked)) == len(asked)
    assert USUAL in asked
    for months in (1, 3, 12):
        costs = [each.annual for each in asked if each.months == months]
        assert any(Decimal(0) <= ANNUAL_CAP - cost < Decimal("0.01") for cost in costs)


@pytest.mark.parametrize("setting", [*settings(DEFAULT_METHOD)], ids=str)
def test_a_choice_costs_no_more_than_it_says(setting: Setting) -> None:
    method = method_with(setting, DEFAULT_METHOD)
    assert setting.epsilon * Decimal("0.99") < method.epsilon <= setting.epsilon
    assert method.minimum == setting.minimum


def test_bounds_of_what_a_year_has_more_of_grow_with_it() -> None:
    year = method_with(Setting(epsilon=Decimal(2), minimum=10, months=12), DEFAULT_METHOD)
    for before, after in zip(DEFAULT_METHOD.measures, year.measures, strict=True):
        if isinstance(before, Histogram) and isinstance(after, Histogram):
            times = 4 if before.unit in {"requests", "outputs"} else 1
            assert after.edges == tuple(times * edge for edge in before.edges)
    assert method_with(USUAL, DEFAULT_METHOD) == DEFAULT_METHOD


def test_exact_figures_are_of_cells_and_of_totals() -> None:
    rows = [Row(owner=str(n), place=PLACE, values={"answer_time": n}) for n in (1, 5, 600)]
    exact = exact_figures(rows, DEFAULT_METHOD)
    for place in (PLACE, Place("electrical", ALL), Place(ALL, "west"), Place(ALL, ALL)):
        assert (exact[place, COUNT], exact[place, "answer_time"]) == (3, 5)
    assert (Place("roofing", "west"), COUNT) not in exact


def test_a_published_figure_is_judged_by_the_exact_one() -> None:
    rows = [Row(owner=str(n), place=PLACE, values={}) for n in range(40)]
    judge = Judge(Truth(rows, DEFAULT_METHOD))
    told = (Decimal(50), Decimal(30), Decimal(70))
    value, low, high = told
    figures = (
        Figure(place=PLACE, measure=COUNT, status="A", value=value, low=low, high=high),
        Figure(place=Place(ALL, ALL), measure=COUNT, status="S"),
    )
    judge.look_at(Release(method=DEFAULT_METHOD, figures=figures, sufficient=True))

    tried = judge.tried(USUAL)

    assert (tried.cells, tried.totals, tried.error, tried.width) == (1, 0, 0.25, 0.4)
    assert [(each.size, each.published) for each in tried.accuracies] == [
        ("10 to 49", 1),
        (TOTALS, 0),
    ]


def test_more_epsilon_publishes_more_and_nearer_to_the_truth() -> None:
    told: list[tuple[int, int]] = []
    counts = Count(name=COUNT, title="Businesses", epsilon=Decimal("0.5"))
    method = method_with(USUAL, DEFAULT_METHOD)
    only = type(method)(grid=GRID, measures=(counts,))

    made = simulate(2_000, only, seed=3, draws=2, tell=lambda done, of: told.append((done, of)))

    by_epsilon = {
        each.setting.epsilon: each
        for each in made.tried
        if (each.setting.months, each.setting.minimum) == (3, 10)
    }
    least, most = by_epsilon[Decimal("0.1")], by_epsilon[Decimal(2)]
    assert least.cells < made.usual.cells < most.cells
    assert most.error is not None
    assert least.error is not None
    assert most.error < least.error
    assert made.owners < made.businesses
    assert told[-1] == (len(made.tried) * 2, len(made.tried) * 2)
