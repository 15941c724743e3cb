"""The published figures of a release by place, measure and bucket; no suppressed one is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from anonymizer.tables.columns import last_edge
from anonymizer.tables.grid import ALL, Place
from anonymizer.tables.method import MEDIAN, Histogram, Measure, Method, Sum
from anonymizer.tables.release import Release
from flows.reports.published import Published

EVERYWHERE: Final = Place(ALL, ALL)


@dataclass(frozen=True, slots=True)
class Known:
    """A published figure, and between what it lies without its noise in 95 of 100 cases.

    Where it `opens`, `high` is the edge of the last bucket, which has no end: so much or more.
    """

    value: Decimal
    low: Decimal
    high: Decimal
    opens: bool = False

    def apart(self, other: Known) -> bool:
        """Return whether the two bands have nothing in common."""
        return self.low > other.high or self.high < other.low


class Figures:
    """What can be looked up in one release."""

    def __init__(self, release: Release) -> None:
        edges = {each.name: last_edge(each) for each in release.method.measures}
        self._known = {
            (each.place, each.measure, each.bucket): Known(
                each.value,
                each.low,
                each.high,
                opens=each.bucket == MEDIAN and each.high == edges[each.measure],
            )
            for each in release.figures
            if each.status == "A"
            and each.value is not None
            and each.low is not None
            and each.high is not None
        }

    def at(self, place: Place, measure: Measure, bucket: str | None = None) -> Known | None:
        """Return a figure, else nothing where it is suppressed.

        Of a histogram the median, unless a *bucket* is named.
        """
        if bucket is None:
            bucket = headline_bucket(measure)
        return self._known.get((place, measure.name, bucket))

    def any_of(self, measure: Measure) -> bool:
        """Return whether anything of the measure is published."""
        return any(name == measure.name for _, name, _ in self._known)

    def any_opens(self, measure: Measure) -> bool:
        """Return whether a median of the measure, or its margin, reaches the last bucket."""
        return any(
            name == measure.name and known.opens for (_, name, _), known in self._known.items()
        )


@dataclass(frozen=True, slots=True)
class Past:
    """A period with its figures, where they can be compared with the newest."""

    period: str
    method: Method
    figures: Figures


def past(releases: Sequence[Published]) -> list[Past]:
    """Return that of the last release, which comes last, and each before it, by time.

    Of a period released anew, what was released last. Periods after that of the last release
    are left out: an earlier one may be released late, or anew.
    """
    newest = releases[-1].period
    kept = {each.period: each.release for each in releases if each.period <= newest}
    return [Past(period, each.method, Figures(each)) for period, each in sorted(kept.items())]


def headline_bucket(measure: Measure) -> str:
    """Return the bucket of the one figure that stands for the measure."""
    return MEDIAN if isinstance(measure, Histogram) else ""


def comparable(measure: Measure, method: Method) -> bool:
    """Return whether a method measured the same in the same way, so that figures compare."""
    for each in method.measures:
        if each.name == measure.name:
            if isinstance(measure, Sum) and isinstance(each, Sum):
                return (each.unit, each.bound) == (measure.unit, measure.bound)
            if isinstance(measure, Histogram) and isinstance(each, Histogram):
                return each.unit == measure.unit
            return type(each) is type(measure)
    return False
