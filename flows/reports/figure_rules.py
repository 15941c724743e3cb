"""The rules that the figures of a release keep, as its manifest states them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from anonymizer.tables.columns import TidyRow, columns, last_edge
from anonymizer.tables.grid import ALL, Place
from anonymizer.tables.margins import noise_of
from anonymizer.tables.method import MEDIAN, Histogram, Method
from anonymizer.tables.publishing import threshold
from flows.reports.describing import CSV
from flows.reports.finding import Finding
from flows.reports.manifest import Manifest

_MOST: Final = 20
"""Findings of one table that are told one by one."""

_Found = Iterator[str]
_Figures = Mapping[tuple[Place, str, str], TidyRow]


def figure_findings(
    rows: Sequence[TidyRow], manifest: Manifest, method: Method
) -> Iterator[Finding]:
    """Yield what is wrong with the rows of a table: the first of them, then how many more."""
    found = list(_found(rows, manifest, method))
    yield from (Finding(CSV, what) for what in found[:_MOST])
    if len(found) > _MOST:
        yield Finding(CSV, f"and {len(found) - _MOST} more")


def _found(rows: Sequence[TidyRow], manifest: Manifest, method: Method) -> _Found:
    wanted = [*_keys(method)]
    figures = {(Place(row.industry, row.region), row.measure, row.bucket): row for row in rows}
    if len(rows) != len(wanted) or [*figures] != wanted:
        yield "its rows are not every place, measure and bucket of the method, each once"
        return
    ends = {each.name: last_edge(each) for each in method.measures}
    for number, row in enumerate(rows, 2):
        for what in (*_formed(row, manifest, method), *_told(row, ends.get(row.measure))):
            yield f"line {number}: {what}"
    if not manifest.sufficient and any(row.status == "A" for row in rows):
        yield "figures are published though the manifest says that there were too few owners"
    if manifest.method.threshold != threshold(method, cells=1):
        yield "the manifest's threshold is not that of its method"
    yield from _judged(figures, method)
    yield from _summed(figures, method)


def _keys(method: Method) -> Iterator[tuple[Place, str, str]]:
    for place in (*method.grid.cells(), *method.grid.totals()):
        for measure in method.measures:
            for bucket in measure.buckets:
                yield place, measure.name, bucket
            if isinstance(measure, Histogram):
                yield place, measure.name, MEDIAN


def _formed(row: TidyRow, manifest: Manifest, method: Method) -> _Found:
    if row.period != manifest.period:
        yield "it is of another period"
    for column in columns(method):
        allowed = {value for value, _ in column.values}
        if allowed and getattr(row, column.name) not in allowed:
            yield f"{column.name} is none of the values that the method has"


def _told(row: TidyRow, last_edge: int | None) -> _Found:
    numbers = [each for each in (row.low, row.value, row.high) if each is not None]
    if row.status == "S":
        if numbers:
            yield "it is suppressed, and tells a number all the same"
        return
    opens = last_edge if row.bucket == MEDIAN else None
    if row.value is None or row.low is None or (row.high is None and opens is None):
        yield "it is published, and lacks a number"
        return
    if opens is not None and row.high is not None and row.high >= opens:
        yield "its margin ends in the last bucket, which has no end"
    if numbers != sorted(numbers):
        yield "its value is not within its margin"
    digits = Decimal("0.1") if row.bucket == MEDIAN else Decimal(1)
    if any(number % digits for number in numbers):
        yield "it has more digits than a release has"


def _judged(figures: _Figures, method: Method) -> _Found:
    """Check that what is published is of enough owners, and not mostly noise."""
    counting = method.counting.name
    for place in (*method.grid.cells(), *method.grid.totals()):
        cells = _cells(place, method)
        count = figures[place, counting, ""].value
        shown = [row for (at, *_), row in figures.items() if at == place and row.status == "A"]
        if shown and (count is None or count < threshold(method, cells=cells)):
            yield f"{_named(place)}: it is published, and its count is below the threshold"
        for measure in method.measures:
            deviation = Decimal(noise_of(measure, cells).deviation)
            for bucket in measure.buckets:
                value = figures[place, measure.name, bucket].value
                if value is not None and deviation > method.noisiest * value:
                    yield f"{_named(place)}: {measure.name} {bucket} is mostly noise"


def _cells(place: Place, method: Method) -> int:
    """Return of how many cells a place is made."""
    industries = len(method.grid.industries) if place.industry == ALL else 1
    regions = len(method.grid.regions) if place.region == ALL else 1
    return industries * regions


def _named(place: Place) -> str:
    return f"industry {place.industry}, region {place.region}"


def _summed(figures: _Figures, method: Method) -> _Found:
    """Check each total of which every part is published: it is their sum."""
    for place in method.grid.totals():
        for parts in _parts(place, method):
            for measure in method.measures:
                for bucket in measure.buckets:
                    total = figures[place, measure.name, bucket].value
                    values = [figures[part, measure.name, bucket].value for part in parts]
                    known = [value for value in values if value is not None]
                    if total is None or len(known) < len(values):
                        continue
                    if sum(known) != total:
                        yield f"{_named(place)}: {measure.name} {bucket} is not the sum"


def _parts(place: Place, method: Method) -> Iterator[list[Place]]:
    """Yield the lists of places that a total is the sum of."""
    industries, regions = method.grid.industries, method.grid.regions
    if place.industry == ALL:
        yield [Place(industry, place.region) for industry in industries]
    if place.region == ALL:
        yield [Place(place.industry, region) for region in regions]
