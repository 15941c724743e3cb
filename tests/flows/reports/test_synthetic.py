"""Invented businesses are as uneven as real ones, and nobody's."""

from __future__ import annotations

from collections import Counter
from math import log
from statistics import correlation

from anonymizer.tables.method import Histogram
from flows.reports.default_method import DEFAULT_METHOD, GRID
from flows.reports.synthetic import invented

ROWS = list(invented(3_000, GRID, seed=7))


def _of(name: str) -> list[int]:
    return [row.values[name] for row in ROWS if name in row.values]


def test_the_same_seed_invents_the_same_and_another_others() -> None:
    assert [*invented(50, GRID, seed=7)] == ROWS[:50]
    assert [*invented(50, GRID, seed=8)] != ROWS[:50]


def test_every_measure_of_the_default_method_is_there() -> None:
    named = {each.name for each in DEFAULT_METHOD.measures[1:]}
    assert named <= {name for row in ROWS for name in row.values}
    for measure in DEFAULT_METHOD.measures:
        if isinstance(measure, Histogram):  # no edge stands where nobody is
            values = _of(measure.name)
            assert min(values) < measure.edges[1]
            assert max(values) >= measure.edges[-1]


def test_tails_are_heavy_and_cells_uneven() -> None:
    requests = sorted(_of("requests_per_business"))
    assert sum(requests[-30:]) > 0.2 * sum(requests)  # one in a hundred has a fifth of all
    cells = Counter(row.place for row in ROWS).most_common()
    assert cells[0][1] > 50 * cells[-1][1]
    assert all(place in GRID for place, _ in cells)


def test_what_belongs_together_goes_together() -> None:
    both = [
        (log(1 + row.values["answer_time"]), row.values["quotes_accepted"])
        for row in ROWS
        if {"answer_time", "quotes_accepted"} <= row.values.keys()
    ]
    assert correlation(*zip(*both, strict=True)) < -0.2
    assert 0.05 < sum(n > 1 for n in Counter(row.owner for row in ROWS).values()) / 3_000 < 0.2


def test_a_longer_period_has_more_of_the_same_businesses() -> None:
    year = list(invented(3_000, GRID, seed=7, months=12))
    assert [(row.owner, row.place) for row in year] == [(row.owner, row.place) for row in ROWS]
    more = sum(row.values["automation"] for row in year) / sum(_of("automation"))
    assert 3.5 < more < 4.5
