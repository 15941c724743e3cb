"""What is published, what is not, and what a release always has."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymizer.tables.bounding import bounded
from anonymizer.tables.grid import ALL, Place
from anonymizer.tables.method import MEDIAN, Method
from anonymizer.tables.noise import noisy
from anonymizer.tables.publishing import make_release, published
from anonymizer.tables.release import Figure, Release
from tests.anonymizer.tables.invented import CELLS, GRID, METHOD, crowd

EVERYWHERE = Place(ALL, ALL)


def _noisy(low: int, high: int) -> st.SearchStrategy[dict[str, list[int]]]:
    """Return noisy cells as they may come out, whatever is in them."""
    number = st.integers(low, high)
    return st.fixed_dictionaries(
        {
            each.name: st.lists(
                number, min_size=4 * len(each.buckets), max_size=4 * len(each.buckets)
            )
            for each in METHOD.measures
        }
    )


def _figure(release: Release, place: Place, measure: str, bucket: str = "") -> Figure:
    (found,) = (
        each
        for each in release.figures
        if (each.place, each.measure, each.bucket) == (place, measure, bucket)
    )
    return found


@given(_noisy(-300, 1000))
def test_every_place_has_every_measure_and_bucket(cells: dict[str, list[int]]) -> None:
    """What is there tells nothing; only published figures have numbers."""
    release = published(cells, METHOD)

    places = [*GRID.cells(), *GRID.totals()]
    kinds = [("owners", ""), ("jobs", "")]
    kinds += [("days", bucket) for bucket in ("0", "10", "30", "90", "none", MEDIAN)]
    assert [(each.place, (each.measure, each.bucket)) for each in release.figures] == list(
        product(places, kinds)
    )
    for each in release.figures:
        numbers = (each.value, each.low, each.high)
        if each.status == "S":
            assert numbers == (None, None, None)
        else:
            assert each.low is not None
            assert each.value is not None
            assert each.high is not None
            assert 0 <= each.low <= each.value <= each.high
            assert each.value > 0
    if not release.sufficient:
        assert {each.status for each in release.figures} == {"S"}


@given(_noisy(500, 1000))
def test_totals_are_the_sums_of_the_cells(cells: dict[str, list[int]]) -> None:
    release = published(cells, METHOD)

    def value(place: Place, measure: str, bucket: str) -> Decimal:
        return _figure(release, place, measure, bucket).value or Decimal(0)

    for measure, bucket in [("owners", ""), ("jobs", ""), ("days", "10"), ("days", "none")]:
        inside = {cell: value(cell, measure, bucket) for cell in CELLS}
        for total in GRID.totals():
            parts = [
                number
                for cell, number in inside.items()
                if total.industry in {ALL, cell.industry} and total.region in {ALL, cell.region}
            ]
            assert value(total, measure, bucket) == sum(parts)


@given(_noisy(-300, 1000))
def test_a_place_with_few_owners_publishes_nothing(cells: dict[str, list[int]]) -> None:
    """By the noisy count, 9 + what noise adds to it once in a hundred times: at 0.2, 21."""
    release = published(cells, METHOD)

    for place, count in zip(CELLS, cells["owners"], strict=True):
        shown = [each for each in release.figures if each.place == place and each.status == "A"]
        assert count >= 30 or not shown
        assert count < 30 or not release.sufficient or shown


@given(_noisy(-300, 1000))
def test_what_is_mostly_noise_is_not_published(cells: dict[str, list[int]]) -> None:
    release = published(cells, METHOD)

    for place, number in zip(CELLS, cells["jobs"], strict=True):
        # A standard deviation of 70.7, of 20 jobs at most at 0.4, is 30 % of 235.7.
        assert number >= 236 or _figure(release, place, "jobs").status == "S"


def test_a_median_that_could_be_anything_is_not_published_for_being_large() -> None:
    """Noise alone can put it on the last edge, where its margin seems small beside it."""
    cells = {"owners": [100] * 4, "jobs": [900] * 4, "days": [30, 0, 0, 35, 0] * 4}

    release = published(cells, METHOD)

    assert _figure(release, CELLS[0], "owners").status == "A"
    assert _figure(release, CELLS[0], "days", MEDIAN).status == "S"


def test_too_few_owners_make_an_insufficient_release() -> None:
    surely = replace(METHOD, error=Decimal("1e-9"))  # by METHOD's, a run in a hundred differs

    release = make_release(crowd(dict.fromkeys(CELLS, 2), jobs=5, days=20), surely)

    assert not release.sufficient
    assert len(release.figures) == 9 * 8
    assert {each.status for each in release.figures} == {"S"}


def test_many_owners_are_published_near_the_truth() -> None:
    release = make_release(crowd(dict.fromkeys(CELLS, 1000), jobs=5, days=20), METHOD)

    assert release.sufficient
    for place, size in [(CELLS[0], 1000), (Place("plumbing", ALL), 2000), (EVERYWHERE, 4000)]:
        for figure, truth in [
            (_figure(release, place, "owners"), size),
            (_figure(release, place, "jobs"), 5 * size),
            (_figure(release, place, "days", "10"), size),
            (_figure(release, place, "days", MEDIAN), 20),
        ]:
            assert figure.value == pytest.approx(Decimal(truth), rel=Decimal("0.3"))
        assert _figure(release, place, "days", "90").status == "S"


def test_each_release_draws_new_noise() -> None:
    """There is no seed that somebody could know: two releases agree in no total."""
    rows = crowd(dict.fromkeys(CELLS, 500), jobs=5, days=20)

    first, second = make_release(rows, METHOD), make_release(rows, METHOD)

    assert first.figures != second.figures


def _sizes_of_a_small_cell(runs: int) -> int:
    """Return how often a cell of 9 owners is published beside three large ones."""
    sizes = {**dict.fromkeys(CELLS, 400), CELLS[0]: 9}
    rows = crowd(sizes, jobs=5, days=20)
    exact = bounded(rows, METHOD)
    shown = 0
    for _ in range(runs):
        cells = {
            each.name: noisy(exact[each.name].values, each.sensitivity, each.epsilon)
            for each in METHOD.measures
        }
        shown += _figure(published(cells, METHOD), CELLS[0], "owners").status == "A"
    return shown


def test_a_cell_one_owner_too_small_is_published_as_seldom_as_declared() -> None:
    """Once in a hundred: of 300 draws, more than 16 would come once in 10^7 runs."""
    assert _sizes_of_a_small_cell(300) <= 16


@pytest.mark.parametrize("place", [CELLS[0], Place("plumbing", ALL), EVERYWHERE], ids=str)
def test_margins_hold_the_figure_without_noise(place: Place) -> None:
    """In 95 of 100: of 400 releases, seven standard deviations of chance are allowed."""
    rows = crowd(dict.fromkeys(CELLS, 300), jobs=5, days=20)
    exact = bounded(rows, METHOD)
    size = 300 * {CELLS[0]: 1, EVERYWHERE: 4}.get(place, 2)
    held: dict[tuple[str, str], list[bool]] = {}
    for _ in range(400):
        cells = {
            each.name: noisy(exact[each.name].values, each.sensitivity, each.epsilon)
            for each in METHOD.measures
        }
        release = published(cells, METHOD)
        for (measure, bucket), truth in {
            ("owners", ""): size,
            ("jobs", ""): 5 * size,
            ("days", "10"): size,
            ("days", MEDIAN): 20,
        }.items():
            figure = _figure(release, place, measure, bucket)
            assert figure.low is not None
            assert figure.high is not None
            held.setdefault((measure, bucket), []).append(figure.low <= truth <= figure.high)
    for kind, each in held.items():
        assert np.mean(each) > 0.95 - 7 * (0.95 * 0.05 / 400) ** 0.5, kind


@given(_noisy(-300, 1000))
def test_of_a_place_with_any_figure_the_count_is_published(cells: dict[str, list[int]]) -> None:
    """A total is judged like a cell, though its noise is that of all its cells together."""
    strict = Method(grid=GRID, measures=METHOD.measures, noisiest=Decimal("0.1"))
    for method in (METHOD, strict):
        release = published(cells, method)
        for place in (*CELLS, *GRID.totals()):
            at = [each for each in release.figures if each.place == place]
            assert at[0].measure == "owners"
            assert at[0].status == "A" or {each.status for each in at} == {"S"}
