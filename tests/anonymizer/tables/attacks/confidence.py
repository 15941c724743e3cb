"""What counts of trials show, with so little doubt that a test may fail on it."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence

from scipy.stats import beta, binom

DOUBT = 1e-8
"""With which probability one bound is wrong: a run asks for some dozens of them."""

THRESHOLDS = 40
"""About so many are tried, wherever the scores lie."""


def is_chance(hits: int, trials: int, probability: float) -> bool:
    """Tell whether as many hits come about where each trial has at most *probability*."""
    return bool(binom.sf(hits - 1, trials, probability) >= DOUBT)


def epsilon_at_least(inside: Sequence[float], outside: Sequence[float]) -> float:
    """Return an epsilon that whatever told *inside* from *outside* spends at least.

    Both hold the attacker's score of independent trials, with the owner in and without. Exact
    (Clopper-Pearson) bounds on how often a score reaches one of some thresholds, the doubt
    shared among them: with probability 1 - DOUBT the true epsilon is not smaller.

    Source: Jagielski, Ullman, Oprea, "Auditing Differentially Private Machine Learning", 2020.
    """
    one, other = sorted(inside), sorted(outside)
    scores = sorted({*one, *other})
    thresholds = scores[:: max(1, len(scores) // THRESHOLDS)]
    doubt = DOUBT / (8 * len(thresholds))
    most = 0.0
    for threshold in thresholds:
        reached = [_reached(one, threshold), _reached(other, threshold)]
        missed = [(trials - hits, trials) for hits, trials in reached]
        for first, second in (reached, reached[::-1], missed, missed[::-1]):
            low, high = _least(*first, doubt), _most(*second, doubt)
            most = max(most, math.log(low / high) if low > high else 0.0)
    return most


def _reached(scores: Sequence[float], threshold: float) -> tuple[int, int]:
    return len(scores) - bisect_left(scores, threshold), len(scores)


def _least(hits: int, trials: int, doubt: float) -> float:
    return float(beta.ppf(doubt, hits, trials - hits + 1)) if hits else 0.0


def _most(hits: int, trials: int, doubt: float) -> float:
    return float(beta.ppf(1 - doubt, hits + 1, trials - hits)) if hits < trials else 1.0
