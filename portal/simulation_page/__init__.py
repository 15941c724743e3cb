"""What settings of the aggregates would cost, as one self-contained HTML page."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from decimal import Decimal

from anonymizer.tables.method import Measure
from flows.reports.simulating import (
    MONTHS,
    QUARTER,
    SIZES,
    TOTALS,
    Accuracy,
    Simulation,
    Tried,
)
from portal.page import rendered
from portal.simulation_page.charts import COLOURS, Chart, Point, lines

PERIODS = {1: "month", 3: "quarter", 12: "year"}
SEEN = ("10 to 49", "50 to 149", "150 and more", TOTALS)
"""Sizes that have a line; in smaller cells there is never anything."""


def render(simulation: Simulation) -> str:
    """Return the page: no scripts, nothing fetched, and no figure of any business."""
    return rendered(
        "simulate.html.j2",
        styles=["report.css", "simulate.css"],
        made=simulation,
        usual=simulation.usual,
        charts=_Charts(simulation),
        guesses=list(_guesses(simulation)),
        percent=percent,
        plain=plain,
        sure=sure,
        period=lambda each: PERIODS[each.setting.months],
        series=list(zip(SEEN, COLOURS, strict=True)),
        periods=list(zip(PERIODS.values(), COLOURS, strict=False)),
        sizes=[*SIZES, TOTALS],
        totals=TOTALS,
    )


def percent(share: float | None) -> str:
    """Return a share as people read it; a dash where there is none."""
    if share is None:
        return "-"
    return f"{share:.0%}" if share < 10 else "over 1,000%"  # noqa: PLR2004 - ten times


def _guesses(simulation: Simulation) -> Iterator[tuple[Decimal, Decimal, float, float]]:
    """Yield of each epsilon a quarter: a year's, and how sure both at most make a reader."""
    for each in _tried(simulation, months=QUARTER):
        release, year = each.setting.epsilon, each.setting.annual
        yield release, year, _sure(release), _sure(year)


def _sure(epsilon: Decimal) -> float:
    """Return how likely it can get what was as likely as not: the odds grow e^epsilon times."""
    return 1 / (1 + math.exp(-float(epsilon)))


def plain(number: Decimal) -> str:
    """Return an epsilon without zeros that say nothing, and with two digits at most."""
    return f"{number.quantize(Decimal('0.01')).normalize():f}"


def sure(share: float) -> str:
    """Return how sure a reader can be: never quite."""
    return "over 99%" if share >= 0.995 else percent(share)  # noqa: PLR2004 - as it is rounded


def _tried(simulation: Simulation, *, months: int) -> list[Tried]:
    """Return what was tried of a period with the usual minimum, by rising epsilon."""
    minimum = simulation.method.minimum
    return [
        each
        for each in simulation.tried
        if each.setting.months == months and each.setting.minimum == minimum
    ]


class _Charts:
    """The charts of the page, drawn when the page asks for them."""

    def __init__(self, simulation: Simulation) -> None:
        self._made = simulation

    def published(self) -> list[Chart]:
        """Return which share of cells, and of totals, has a figure, by period."""
        return [
            self._by_period("Cells with a figure", lambda each: each.cells),
            self._by_period("Totals with a figure", lambda each: each.totals),
        ]

    def exactness(self, measure: Measure) -> list[Chart]:
        """Return of a measure which figures there would be, and how far off they are."""
        return [
            self._by_size("Published", measure, lambda each: each.published, 1.0),
            self._by_size("Off by", measure, lambda each: each.error, 0.5),
        ]

    def minimums(self) -> list[Chart]:
        """Return what is published with each minimum."""
        epsilon = self._made.method.epsilon
        found = sorted(
            (
                each
                for each in self._made.tried
                if each.setting.months == QUARTER and each.setting.epsilon == epsilon
            ),
            key=lambda each: each.setting.minimum,
        )
        points = [
            Point(str(each.setting.minimum), name, share)
            for each in found
            for name, share in (("cells", each.cells), ("totals", each.totals))
        ]
        return [
            lines(
                "Cells and totals with a figure",
                "minimum of owners",
                points,
                ("cells", "totals"),
                most=1.0,
            )
        ]

    def _by_period(self, caption: str, share: Callable[[Tried], float]) -> Chart:
        points = []
        for months in MONTHS:
            found = _tried(self._made, months=months)
            for quarter, each in zip(_tried(self._made, months=QUARTER), found, strict=True):
                year = plain(quarter.setting.annual)
                points.append(Point(year, PERIODS[months], share(each)))
        return lines(caption, "epsilon a year", points, tuple(PERIODS.values()), most=1.0)

    def _by_size(
        self,
        caption: str,
        measure: Measure,
        share: Callable[[Accuracy], float | None],
        most: float,
    ) -> Chart:
        points = [
            Point(f"{each.setting.epsilon:f}", accuracy.size, share(accuracy))
            for each in _tried(self._made, months=QUARTER)
            for accuracy in each.accuracies
            if accuracy.measure == measure.name and accuracy.size in SEEN
        ]
        return lines(
            f"{measure.title}: {caption.lower()}", "epsilon a quarter", points, SEEN, most=most
        )
