"""Medians, and how far they may be off, out of a noisy histogram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise


@dataclass(frozen=True, slots=True)
class Median:
    """A median and the ends of its margin, all three between the first and the last edge."""

    value: float
    low: float
    high: float


def median_of(buckets: Sequence[int], edges: Sequence[int], margin: int) -> Median | None:
    """Return the median of those who have a value, out of noisy *buckets* with these *edges*.

    It is the median of what is counted: within a bucket, owners are taken as evenly spread,
    and what lies beyond the last edge as lying on it. So the last edge means "that or more".
    As often as the sum of the noise of all buckets keeps within *margin*, so often do `low` and
    `high` hold the median of the histogram without noise.

    At the true median, as many owners lie below as above. So every value belongs to the
    margin at which the noisy numbers below and above differ by no more than noise may. This
    tries one value, the true one, and needs no allowance for trying many.

    `None` where noise left nobody with a value.
    """
    total = sum(buckets)
    if total <= 0:
        return None
    # How many more lie below an edge than at or above it: from -total up, by the buckets.
    over = [2 * below - total for below in accumulate(buckets[:-1], initial=0)]
    near = [
        value
        for segment in zip(pairwise(edges), pairwise(over), strict=True)
        for value in _where_within(*segment, margin)
    ]
    if over[-1] <= margin:
        near.append(edges[-1])
    low, high = float(min(near)), float(max(near))
    return Median(min(max(_crossing(edges, _rising(over)), low), high), low, high)


def _where_within(
    ends: tuple[int, int], over: tuple[int, int], margin: int
) -> tuple[float, ...]:
    """Return the first and last point between *ends* where a line is within ±*margin*."""
    (left, right), (start, stop) = ends, over
    if start == stop:
        return ends if abs(start) <= margin else ()
    enters, leaves = sorted((level - start) / (stop - start) for level in (-margin, margin))
    if leaves < 0 or enters > 1:
        return ()
    return tuple(left + min(max(share, 0), 1) * (right - left) for share in (enters, leaves))


def _rising(numbers: Sequence[int]) -> list[float]:
    """Return the nearest numbers that never fall: true counts below an edge never do."""
    pools: list[tuple[float, int]] = []
    for number in numbers:
        mean, size = float(number), 1
        while pools and pools[-1][0] >= mean:
            before, many = pools.pop()
            mean, size = (mean * size + before * many) / (size + many), size + many
        pools.append((mean, size))
    return [mean for mean, size in pools for _ in range(size)]


def _crossing(edges: Sequence[int], over: Sequence[float]) -> float:
    """Return where *over* first reaches 0; the last edge, if it does not before."""
    for (left, right), (start, stop) in zip(pairwise(edges), pairwise(over), strict=True):
        if stop >= 0:
            share = max(-start, 0) / (stop - start) if stop > start else 0.0
            return left + min(share, 1) * (right - left)
    return float(edges[-1])
