"""Invented owners in a grid so wide that one release is thousands of independent trials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from anonymizer.tables.grid import Grid, Place
from anonymizer.tables.method import Count, Histogram, Method, Sum
from anonymizer.tables.release import Figure, Release, Row

BOUND = 100
"""Of an owner's requests so many count."""

COUNT, REQUESTS, ANSWER = "businesses", "requests", "answer_time"
BUCKETS = (0, 60, 240)


def wide(trades: int, regions: int) -> Grid:
    """Return so many invented trades in so many invented regions."""
    return Grid(
        {f"t{number:03}": f"Trade {number}" for number in range(trades)},
        {f"r{number:03}": f"Region {number}" for number in range(regions)},
    )


def method(
    grid: Grid, count: str = "0.20", requests: str = "0.15", answer: str = "0.15"
) -> Method:
    """Return one measure of each kind; what they cost together is that of a shipped release."""
    return Method(
        grid=grid,
        measures=(
            Count(name=COUNT, title="Businesses", epsilon=Decimal(count)),
            Sum(
                name=REQUESTS,
                title="Requests",
                unit="requests",
                bound=BOUND,
                epsilon=Decimal(requests),
            ),
            Histogram(
                name=ANSWER,
                title="Time to the first answer",
                unit="minutes",
                edges=BUCKETS,
                epsilon=Decimal(answer),
            ),
        ),
    )


def owner(place: Place, name: str, requests: int, answer: int) -> Row:
    """Return the row of one owner, whose name is only its own in that place."""
    return Row(
        owner=f"{place.industry}/{place.region}/{name}",
        place=place,
        values={REQUESTS: requests, ANSWER: answer},
    )


def crowd(places: Iterable[Place], number: int) -> Iterator[Row]:
    """Yield *number* owners in each place, busy ones; in the last bucket is none of them."""
    for place in places:
        for n in range(number):
            yield owner(place, str(n), BOUND - n % 20, BUCKETS[n % 2])


def read(release: Release, measure: str, bucket: str = "") -> dict[Place, Figure]:
    """Return the figures of a measure by place, as an analyst finds them."""
    return {f.place: f for f in release.figures if (f.measure, f.bucket) == (measure, bucket)}


def values(release: Release, measure: str, bucket: str = "") -> dict[Place, Decimal]:
    """Return what is published of a measure by place, cells and totals."""
    figures = read(release, measure, bucket).items()
    return {place: f.value for place, f in figures if f.value is not None}


def in_cells(release: Release, measure: str, bucket: str = "") -> dict[Place, Decimal]:
    """Return what is published of a measure by cell."""
    published = values(release, measure, bucket).items()
    return {place: value for place, value in published if not place.is_total}
