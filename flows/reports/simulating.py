"""What epsilon, minimum and length of period would cost in accuracy, tried on invented data.

Releases are made as they are made of real rows, several times for each choice, and compared
with the exact figures that nobody sees of real rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from statistics import median
from typing import Final

from anonymizer.tables.bounding import bounded
from anonymizer.tables.grid import ALL, Place
from anonymizer.tables.method import MEDIAN, Count, Histogram, Measure, Method, Sum
from anonymizer.tables.owners import one_per_owner
from anonymizer.tables.publishing import drawn
from anonymizer.tables.release import Figure, Release, Row
from flows.reports.synthetic import invented

EPSILONS: Final = tuple(map(Decimal, ("0.1", "0.25", "0.5", "1", "2")))
"""Of a quarter; a year has four times as much."""
MINIMUMS: Final = (3, 5, 10, 20, 50)
MONTHS: Final = (1, 3, 12)
"""Of a period: a month, a quarter, a year."""
QUARTER: Final = 3

SIZES: Final[Mapping[str, int]] = {
    "1 to 9": 1,
    "10 to 49": 10,
    "50 to 149": 50,
    "150 and more": 150,
}
"""Cells by how many owners are in them, and the least of each."""
TOTALS: Final = "totals"

COUNTED: Final = frozenset({"requests", "quotes", "outputs"})
"""Units of which a longer period has more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One choice: epsilon of one release, minimum of owners, months in a period."""

    epsilon: Decimal
    minimum: int
    months: int

    @property
    def annual(self) -> Decimal:
        """Return the epsilon of all releases of a year."""
        return self.epsilon * 12 / self.months


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How well one measure came out in places of one size, over all draws.

    Attributes:
        measure: Its name.
        size: One of `SIZES` for cells, or `TOTALS`.
        figures: How many figures there could be, over all draws.
        published: Which share of them was published, 0 to 1.
        error: Median of |published - exact| / exact, where published; None without any. Of a
            histogram it is the error of its median.
        width: Median of half the 95 % band by the published figure; None without any.
    """

    measure: str
    size: str
    figures: int
    published: float
    error: float | None
    width: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of one setting: the share of cells and of totals with a figure, and how exact.

    A place counts as published where its number of businesses is. `error` and `width` are the
    medians over every published figure.
    """

    setting: Setting
    cells: float
    totals: float
    error: float | None
    width: float | None
    accuracies: tuple[Accuracy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What was tried on how many invented businesses; `usual` is the method as it stands."""

    method: Method
    businesses: int
    owners: int
    sizes: Mapping[str, int]
    seed: int
    draws: int
    tried: tuple[Tried, ...]

    @property
    def usual(self) -> Tried:
        """Return what came of the method as it stands, once a quarter."""
        wanted = Setting(
            epsilon=self.method.epsilon, minimum=self.method.minimum, months=QUARTER
        )
        return next(each for each in self.tried if each.setting == wanted)


def settings(method: Method) -> Iterator[Setting]:
    """Yield what is tried: each epsilon with each period, then each minimum, each once.

    The epsilon of a month is a third of a quarter's, that of a year four times as much: the
    budget of the year stays the same.
    """
    epsilons = sorted({*EPSILONS, method.epsilon})
    for months in MONTHS:
        for epsilon in epsilons:
            share = (epsilon * months / QUARTER).quantize(Decimal("0.0001"), ROUND_DOWN)
            yield Setting(epsilon=share.normalize(), minimum=method.minimum, months=months)
    for minimum in sorted({*MINIMUMS} - {method.minimum}):
        yield Setting(epsilon=method.epsilon, minimum=minimum, months=QUARTER)


def method_with(setting: Setting, method: Method) -> Method:
    """Return *method*, which is one of quarters, with what *setting* says.

    Measures share the epsilon as they did. Bounds and edges of what a longer period has more
    of grow with it.
    """
    share, months = setting.epsilon / method.epsilon, setting.months
    measures = tuple(_measure(each, share, months) for each in method.measures)
    return replace(method, measures=measures, minimum=setting.minimum)


def _measure(measure: Measure, share: Decimal, months: int) -> Measure:
    epsilon = (measure.epsilon * share).quantize(Decimal("0.00001"), ROUND_DOWN)
    match measure:
        case Sum():
            bound = max(1, measure.bound * months // QUARTER)
            return replace(measure, epsilon=epsilon, bound=bound)
        case Histogram(unit=unit) if unit in COUNTED:
            edges = sorted({edge * months // QUARTER for edge in measure.edges})
            return replace(measure, epsilon=epsilon, edges=tuple(edges))
        case _:
            return replace(measure, epsilon=epsilon)


def simulate(
    businesses: int,
    method: Method,
    *,
    seed: int,
    draws: int,
    tell: Callable[[int, int], None],
) -> Simulation:
    """Return how exact releases of so many invented *businesses* would be.

    *tell* hears how many releases are made, and of how many. The businesses are the same for
    each *seed*; the noise is not, since nobody can choose it.
    """
    asked = list(settings(method))
    tried: list[Tried] = []
    periods: dict[int, Truth] = {}
    for number, setting in enumerate(asked):
        chosen = method_with(setting, method)
        if setting.months not in periods:
            made = invented(businesses, method.grid, seed=seed, months=setting.months)
            periods[setting.months] = Truth(one_per_owner(made, chosen), chosen)
        judge = Judge(periods[setting.months])
        exact = bounded(judge.truth.rows, chosen)
        for draw in range(draws):
            judge.look_at(drawn(exact, chosen))
            tell(number * draws + draw + 1, len(asked) * draws)
        tried.append(judge.tried(setting))
    return Simulation(
        method=method,
        businesses=businesses,
        owners=len(periods[QUARTER].rows),
        sizes=periods[QUARTER].cells_by_size(),
        seed=seed,
        draws=draws,
        tried=tuple(tried),
    )


def exact_figures(rows: Iterable[Row], method: Method) -> dict[tuple[Place, str], float]:
    """Return by place and measure what a release would say without bounds, noise and buckets.

    Of a histogram, the median of its values. Nothing where nobody has a value. For invented
    rows only.
    """
    values: dict[tuple[Place, str], list[int]] = defaultdict(list)
    for row in rows:
        for place in around(row.place):
            for measure in method.measures:
                value = 1 if isinstance(measure, Count) else row.values.get(measure.name)
                if value is not None:
                    values[place, measure.name].append(value)
    medians = {each.name for each in method.measures if isinstance(each, Histogram)}
    return {
        at: float(median(found) if at[1] in medians else sum(found))
        for at, found in values.items()
    }


def around(place: Place) -> tuple[Place, ...]:
    """Return the cell itself and the totals that it is in."""
    return (
        place,
        Place(place.industry, ALL),
        Place(ALL, place.region),
        Place(ALL, ALL),
    )


def size_of(place: Place, owners: float) -> str:
    """Return the class of a place with so many owners, at least one."""
    if place.is_total:
        return TOTALS
    return [size for size, least in SIZES.items() if owners >= least][-1]


class Truth:
    """Invented rows, what is exact of them, and which size each place with anybody has."""

    def __init__(self, rows: Sequence[Row], method: Method) -> None:
        self.rows, self.method = rows, method
        self.exact = exact_figures(rows, method)
        count = method.measures[0].name
        self.sizes = {
            place: size_of(place, owners)
            for (place, measure), owners in self.exact.items()
            if measure == count
        }

    def cells_by_size(self) -> dict[str, int]:
        """Return how many cells there are of each size; empty ones are in none."""
        found = list(self.sizes.values())
        return {size: found.count(size) for size in SIZES}


class Judge:
    """Compares releases of the same invented rows with what is exact, and remembers."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self._could: dict[tuple[str, str], int] = defaultdict(int)
        self._errors: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._widths: dict[tuple[str, str], list[float]] = defaultdict(list)

    def look_at(self, release: Release) -> None:
        """Take in one release."""
        measures = self.truth.method.measures
        medians = {each.name for each in measures if isinstance(each, Histogram)}
        for figure in release.figures:
            wanted = MEDIAN if figure.measure in medians else ""
            if figure.bucket == wanted and figure.place in self.truth.sizes:
                self._take(figure)

    def _take(self, figure: Figure) -> None:
        at = (figure.measure, self.truth.sizes[figure.place])
        self._could[at] += 1
        if figure.value is None or figure.low is None or figure.high is None:
            return
        value = float(figure.value)
        exact = self.truth.exact.get((figure.place, figure.measure), 0.0)
        self._errors[at].append(abs(value - exact) / exact if exact else 1.0)
        half = float(figure.high - figure.low) / 2
        self._widths[at].append(half / value if value else 1.0)

    def tried(self, setting: Setting) -> Tried:
        """Return what came of *setting* over the releases looked at."""
        count = self.truth.method.measures[0].name
        accuracies = tuple(
            Accuracy(
                measure=measure.name,
                size=size,
                figures=self._could[measure.name, size],
                published=_share(
                    len(self._errors[measure.name, size]), self._could[measure.name, size]
                ),
                error=_median(self._errors[measure.name, size]),
                width=_median(self._widths[measure.name, size]),
            )
            for measure in self.truth.method.measures
            for size in (*SIZES, TOTALS)
            if self._could[measure.name, size]
        )
        counted = [each for each in accuracies if each.measure == count]
        return Tried(
            setting=setting,
            cells=_published(each for each in counted if each.size != TOTALS),
            totals=_published(each for each in counted if each.size == TOTALS),
            error=_median([error for found in self._errors.values() for error in found]),
            width=_median([width for found in self._widths.values() for width in found]),
            accuracies=accuracies,
        )


def _published(found: Iterable[Accuracy]) -> float:
    each = list(found)
    shown = sum(one.published * one.figures for one in each)
    return _share(shown, sum(one.figures for one in each))


def _share(part: float, whole: int) -> float:
    return part / whole if whole else 0.0


def _median(found: Sequence[float]) -> float | None:
    return median(found) if found else None
