"""Medians out of noisy histograms, with margins that are true."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymizer.tables.margins import Spread
from anonymizer.tables.medians import Median, median_of
from anonymizer.tables.noise import noise_scale, noisy

EDGES = (0, 10, 30, 90)
buckets = st.lists(st.integers(-50, 500), min_size=4, max_size=4)


def _exactly(buckets: Sequence[int], edges: Sequence[int] = EDGES) -> float:
    """Return the median by laying all owners out in a row: slow, and another way."""
    laid = [
        left + (right - left) * (place + 0.5) / 200
        for left, right, many in zip(edges, edges[1:], buckets, strict=False)
        for place in range(200)
        for _ in range(many)
    ]
    laid += [float(edges[-1])] * (200 * buckets[-1])
    return float(np.median(laid))


@pytest.mark.parametrize(
    "buckets", [(4, 4, 4, 4), (9, 1, 1, 0), (0, 7, 0, 0), (1, 0, 0, 3), (2, 5, 3, 8)]
)
def test_without_noise_it_is_the_median(buckets: tuple[int, ...]) -> None:
    found = median_of(buckets, EDGES, 0)

    assert found is not None
    assert found.value == pytest.approx(_exactly(buckets), abs=0.5)
    assert found.low <= found.value <= found.high


def test_the_last_edge_means_that_or_more() -> None:
    assert median_of((1, 0, 0, 9), EDGES, 2) == Median(90.0, 90.0, 90.0)


def test_where_noise_left_nobody_there_is_no_median() -> None:
    assert median_of((3, -9, 2, 1), EDGES, 5) is None


@given(buckets, st.integers(0, 2000))
def test_a_median_lies_within_its_margin_and_the_edges(given: list[int], margin: int) -> None:
    found = median_of(given, EDGES, margin)

    assert (found is None) == (sum(given) <= 0)
    if found:
        assert EDGES[0] <= found.low <= found.high <= EDGES[-1]
        assert found.low - 1e-9 <= found.value <= found.high + 1e-9


@given(buckets)
def test_more_noise_never_means_a_narrower_margin(given: list[int]) -> None:
    found = [median_of(given, EDGES, margin) for margin in (0, 5, 50, 500)]

    for narrow, wide in pairwise(found):
        if narrow and wide:
            assert wide.low <= narrow.low
            assert narrow.high <= wide.high


@pytest.mark.parametrize(
    "truth",
    [(20, 30, 25, 25), (50, 50, 0, 0), (10, 10, 10, 70), (0, 0, 1, 40), (5, 90, 5, 0)],
    ids=["even", "on an edge", "beyond the last edge", "few", "in one bucket"],
)
def test_margins_hold_the_median_of_the_histogram_without_noise(
    truth: tuple[int, ...],
) -> None:
    """In 95 of 100: of 2,000 draws, seven standard deviations of chance are allowed."""
    runs, epsilon = 2000, Decimal("0.15")
    margin = Spread(noise_scale(1, epsilon), len(truth)).within(0.95)
    exact = median_of(truth, EDGES, 0)
    drawn = np.array(noisy(list(truth) * runs, 1, epsilon)).reshape(runs, len(truth))
    assert exact is not None

    found = [median_of([int(n) for n in each], EDGES, margin) for each in drawn]
    held = [
        each.low <= exact.value + 1e-9 and exact.value - 1e-9 <= each.high
        for each in found
        if each
    ]

    assert np.mean(held) > 0.95 - 7 * (0.95 * 0.05 / len(held)) ** 0.5
    # And not by margins that say nothing: with three times the owners they are narrower.
    many = [
        median_of([int(n) + 3 * t for n, t in zip(each, truth, strict=True)], EDGES, margin)
        for each in drawn
    ]
    assert np.mean([m.high - m.low for m in many if m]) < 0.8 * np.mean(
        [m.high - m.low for m in found if m]
    )
