"""How a release is made: what is measured, within which bounds, with how much noise.

All of it is public and none of it is looked up in the data: whatever depends on the rows of
an owner would tell of that owner. Epsilons are decimal fractions, so that they add up exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Final

from anonymizer.tables.grid import ALL, Grid
from anonymizer.tables.refused import Refused

NONE: Final = "none"
"""The bucket of owners that have no value: with it, an owner is in exactly one bucket."""

MEDIAN: Final = "median"
"""Stands where the bucket stands, of the value that half of the owners are below."""

LARGEST_BOUND: Final = 2**31 - 1
"""So that the clipped rows of four thousand million owners fit into 64 bits."""

SMALLEST_EPSILON: Final = Decimal("0.001")
"""With less, the noise of a bounded sum could come near the end of 64 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many owners there are in a cell: each counts once."""

    name: str
    title: str
    epsilon: Decimal

    @property
    def sensitivity(self) -> int:
        """Return by how much one owner can change what is counted, all buckets together."""
        return 1

    @property
    def unit(self) -> str:
        """Return what is counted, here and in the buckets of histograms: its name."""
        return self.name

    @property
    def buckets(self) -> tuple[str, ...]:
        """Return the one bucket there is, which has no name."""
        return ("",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What all owners in a cell have together; of one owner at most `bound` counts.

    Of a row, what is below 0 counts as 0.
    """

    name: str
    title: str
    unit: str
    bound: int
    epsilon: Decimal

    @property
    def sensitivity(self) -> int:
        """Return by how much one owner can change what is counted, all buckets together."""
        return self.bound

    @property
    def buckets(self) -> tuple[str, ...]:
        """Return the one bucket there is, which has no name."""
        return ("",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """How many owners have a value in each bucket; an owner is in exactly one bucket.

    `edges` rise. Bucket i holds what is at or above edge i and below the next; what is below
    the first counts in the first, and the last bucket has no upper end. Who has no value is in
    the bucket `NONE`, which costs nothing.
    """

    name: str
    title: str
    unit: str
    edges: tuple[int, ...]
    epsilon: Decimal

    @property
    def sensitivity(self) -> int:
        """Return by how much one owner can change what is counted, all buckets together."""
        return 1

    @property
    def buckets(self) -> tuple[str, ...]:
        """Return the lower edges of the buckets as they rise, then `NONE`."""
        return (*map(str, self.edges), NONE)


Measure = Count | Sum | Histogram


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """The whole recipe of a release.

    Attributes:
        grid: Every cell that there is.
        measures: What is measured; the first is the one `Count`, and it decides what is
            published.
        minimum: How many owners a published cell has, but for an error with the probability
            of `error`: judged by the noisy count, never by the true one.
        error: That probability, above 0 and below one half.
        noisiest: A figure whose noise has a standard deviation of more than this share of it
            is not published; a median, of more than this share of its margin's middle.

    Raises:
        Refused: A part of it would make a release that promises what it cannot keep.
    """

    grid: Grid
    measures: tuple[Measure, ...]
    minimum: int = 10
    error: Decimal = field(default=Decimal("0.01"))
    noisiest: Decimal = field(default=Decimal("0.30"))

    def __post_init__(self) -> None:
        if not self.grid.industries or not self.grid.regions:
            raise _wrong("the grid has no cell", "name an industry and a region at least")
        if ALL in self.grid.industries or ALL in self.grid.regions:
            raise _wrong(f"a code of the grid is {ALL!r}", "this is how totals are called")
        counts = [isinstance(each, Count) for each in self.measures]
        if counts.count(True) != 1 or not counts[0]:
            raise _wrong("the first measure is not the one count", "begin with one count")
        if len({each.name for each in self.measures}) < len(self.measures):
            raise _wrong("two measures have the same name", "give each a name of its own")
        if self.minimum < 1 or not 0 < self.error < Decimal("0.5") or self.noisiest <= 0:
            raise _wrong(
                "a limit of what is published is out of its range",
                "minimum is 1 or more, error above 0 and below 0.5, noisiest above 0",
            )
        for measure in self.measures:
            _check(measure)

    @property
    def counting(self) -> Count:
        """Return the count that decides what is published."""
        (count,) = (each for each in self.measures if isinstance(each, Count))
        return count

    @property
    def epsilon(self) -> Decimal:
        """Return what one release costs an owner, who is in one cell with each measure."""
        return sum((measure.epsilon for measure in self.measures), Decimal(0))


def _check(measure: Measure) -> None:
    if not measure.epsilon.is_finite() or measure.epsilon < SMALLEST_EPSILON:
        raise _wrong(
            f"{measure.name!r} has an epsilon of {measure.epsilon}",
            f"give it {SMALLEST_EPSILON} or more, or leave the measure out",
        )
    match measure:
        case Sum(bound=bound) if not 1 <= bound <= LARGEST_BOUND:
            raise _wrong(
                f"{measure.name!r} counts up to {bound} of an owner",
                f"give a bound from 1 to {LARGEST_BOUND}",
            )
        case Histogram(edges=edges) if not edges[1:] or any(a >= b for a, b in pairwise(edges)):
            raise _wrong(
                f"the edges of {measure.name!r} do not rise",
                "give two or more, each above the last",
            )


def _wrong(what: str, fix: str) -> Refused:
    return Refused(f"method: {what}", fix=fix)
