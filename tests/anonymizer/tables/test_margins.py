"""Margins are reckoned, and hold against what is drawn."""

from __future__ import annotations

import math
from decimal import Decimal
from functools import cache

import numpy as np
import pytest

from anonymizer.tables.margins import Spread
from anonymizer.tables.noise import noise_scale, noisy


def _tail(scale: float, start: int) -> float:
    """Return how often one discrete Laplace noise is *start* (above 0) or more."""
    return math.exp(-start / scale) / (1 + math.exp(-1 / scale))


@pytest.mark.parametrize("scale", [0.2, 1.0, 5.0, 14.3, 120.0])
def test_of_one_noise_margins_are_those_of_the_formula(scale: float) -> None:
    one = Spread(scale, 1)

    inside, above = one.within(0.95), one.above(0.01)

    assert 2 * _tail(scale, inside + 1) <= 0.05
    assert inside == 0 or 2 * _tail(scale, inside) > 0.05
    assert _tail(scale, above) <= 0.01
    assert above == 1 or _tail(scale, above - 1) > 0.01


@cache
def _convolved(scale: float, terms: int) -> np.ndarray:
    """Return the distribution of a sum the slow way, from far below 0 to far above."""
    reach = int(40 * scale) + 40
    one = np.exp(-np.abs(np.arange(-reach, reach + 1)) / scale)
    one /= one.sum()
    together = one
    for _ in range(terms - 1):
        together = np.convolve(together, one)
    return together


@pytest.mark.parametrize(("scale", "terms"), [(0.5, 4), (3.0, 6), (10.0, 12)])
def test_of_a_sum_margins_are_those_of_the_convolution(scale: float, terms: int) -> None:
    chance = _convolved(scale, terms)
    middle = len(chance) // 2
    spread = Spread(scale, terms)
    inside, above = spread.within(0.95), spread.above(0.01)

    assert chance[middle - inside : middle + inside + 1].sum() >= 0.95
    assert chance[middle - inside + 1 : middle + inside].sum() < 0.95
    assert chance[middle + above :].sum() <= 0.01 < chance[middle + above - 1 :].sum()
    assert spread.deviation == pytest.approx(
        float(np.sqrt((chance * (np.arange(len(chance)) - middle) ** 2).sum())), rel=1e-6
    )


@pytest.mark.parametrize("terms", [1, 6, 72])
def test_wide_noise_is_passed_through_in_steps(terms: int) -> None:
    """Ten thousand times as wide, the margin is ten thousand times as wide."""
    fine, coarse = Spread(40.0, terms), Spread(400_000.0, terms)

    assert coarse.within(0.95) == pytest.approx(10_000 * fine.within(0.95), rel=0.01)
    assert coarse.above(0.01) == pytest.approx(10_000 * fine.above(0.01), rel=0.01)


def test_the_drawn_noise_keeps_within_its_margins() -> None:
    """Of 6,000 sums; seven standard deviations of what chance does are allowed."""
    epsilon, terms, sums = Decimal("0.1"), 6, 6_000
    drawn = np.array(noisy([0] * (terms * sums), 1, epsilon)).reshape(sums, terms).sum(axis=1)
    spread = Spread(noise_scale(1, epsilon), terms)

    held = np.mean(np.abs(drawn) <= spread.within(0.95))
    above = np.mean(drawn >= spread.above(0.01))

    assert 0.95 - 0.02 < held < 0.952 + 0.02
    assert above < 0.01 + 0.009


@pytest.mark.parametrize("terms", [1, 6])
@pytest.mark.parametrize("truth", [0, 30, 60, 90, 120, 200])
def test_margins_hold_what_is_told_because_it_reached_a_floor(truth: int, terms: int) -> None:
    """Of what is told, 95 of 100, however rarely it is: drawn with a seed, always the same."""
    spread = Spread(10.0, terms)
    floor = math.ceil(spread.deviation / 0.3)
    chance, decay = np.random.default_rng(1), math.exp(-1 / spread.scale)
    below, above = chance.negative_binomial(terms, 1 - decay, (2, 300_000))
    numbers, times = np.unique(truth + above - below, return_counts=True)
    told = [(int(n), int(t)) for n, t in zip(numbers, times, strict=True) if n >= floor]

    def share_held(from_floor: int) -> float:
        held = sum(
            t
            for n, t in told
            if spread.least(n, from_floor, 0.025) <= truth <= n + spread.within(0.95)
        )
        return held / max(sum(t for _, t in told), 1)

    assert not told or share_held(floor) > 0.94
    if truth == 0:  # what noise alone has lifted there, a margin that knows no floor misses
        assert share_held(-(10**4)) < 0.5


def test_far_above_the_floor_a_margin_is_the_same_on_both_sides() -> None:
    spread = Spread(10.0, 1)

    assert spread.least(500, 48, 0.025) == 500 - spread.within(0.95)
    assert spread.least(48, 48, 0.025) == 0
