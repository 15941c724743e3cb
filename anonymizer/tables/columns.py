"""A release as a tidy table: one figure a row, and what each column holds.

CSV, Parquet, the data package and the data dictionary are all made of this, so they agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from anonymizer.tables.grid import ALL
from anonymizer.tables.method import MEDIAN, Histogram, Measure, Method
from anonymizer.tables.release import Figure, Release


class TidyRow(NamedTuple):
    """One figure; its fields are the columns, in their order. Suppressed, it has no numbers.

    Of a median that may lie in the last bucket `high` is `None`: that bucket has no end.
    """

    period: str
    industry: str
    region: str
    measure: str
    bucket: str
    unit: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a column holds.

    Attributes:
        name: Its name, a field of `TidyRow`.
        type: `string`, or `number`: a decimal fraction with one digit after the point at most.
        title: What it is, in one line.
        required: Whether every row has it. A bucket is empty in a row that needs none.
        values: All that can stand in it with what each means, where there is such a list.
    """

    name: str
    type: Literal["string", "number"]
    title: str
    required: bool = True
    values: tuple[tuple[str, str], ...] = ()


def tidy(release: Release, period: str) -> list[TidyRow]:
    """Return the figures of *release* as rows, in its order: cells, then totals."""
    measures = {each.name: each for each in release.method.measures}
    return [
        TidyRow(
            period=period,
            industry=figure.place.industry,
            region=figure.place.region,
            measure=figure.measure,
            bucket=figure.bucket,
            unit=_unit(measures[figure.measure], figure, release.method),
            value=figure.value,
            low=figure.low,
            high=_upper_end(measures[figure.measure], figure),
            status=figure.status,
        )
        for figure in release.figures
    ]


def _upper_end(measure: Measure, figure: Figure) -> Decimal | None:
    """Return no end where a margin comes up to the last bucket: in there is any value."""
    if figure.bucket == MEDIAN and figure.high == last_edge(measure):
        return None
    return figure.high


def last_edge(measure: Measure) -> int | None:
    """Return where the last bucket of a histogram begins, which has no end."""
    return measure.edges[-1] if isinstance(measure, Histogram) else None


def columns(method: Method) -> tuple[Column, ...]:
    """Return what the columns of a release by *method* hold, in the order of `TidyRow`."""
    grid = method.grid
    measures = tuple((each.name, each.title) for each in method.measures)
    return (
        Column(name="period", type="string", title="Period that the figure is of"),
        Column(
            name="industry",
            type="string",
            title="Industry",
            values=(*grid.industries.items(), (ALL, "All industries")),
        ),
        Column(
            name="region",
            type="string",
            title="Region",
            values=(*grid.regions.items(), (ALL, "All regions")),
        ),
        Column(name="measure", type="string", title="What is measured", values=measures),
        Column(
            name="bucket",
            type="string",
            title="Lower edge of the bucket counted, `median`, `none` for those without a "
            "value, or empty",
            required=False,
        ),
        Column(
            name="unit",
            type="string",
            title="Unit of the numbers",
            values=tuple(_units(method)),
        ),
        *_numbers(),
        Column(
            name="status",
            type="string",
            title="Status of observation",
            values=(("A", "Published"), ("S", "Suppressed")),
        ),
    )


def _numbers() -> Iterator[Column]:
    title = {
        "value": "The figure, with noise",
        "low": "Lower end of its margin: 95 of 100 margins hold the figure without noise",
        "high": "Upper end of its margin; empty where it has none, since the median may lie in "
        "the last bucket: then so much as the value, or more",
    }
    for name, told in title.items():
        yield Column(name=name, type="number", title=told, required=False)


def _units(method: Method) -> Iterator[tuple[str, str]]:
    counting = method.counting
    yield counting.unit, counting.title
    others = dict.fromkeys(each.unit for each in method.measures)
    yield from ((unit, unit) for unit in others if unit != counting.unit)


def _unit(measure: Measure, figure: Figure, method: Method) -> str:
    is_counted = figure.bucket not in {"", MEDIAN}
    return method.counting.unit if is_counted else measure.unit
