"""How far figures are off, side by side: by measure and size of cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import fmean, median

from anonymizer.tables.grid import Place
from anonymizer.tables.method import MEDIAN, Count, Histogram, Method, Sum
from anonymizer.tables.release import Release, Row
from flows.reports.simulating import SIZES, TOTALS, around, size_of
from tests.bench.aggregates.exact import At


class Truth:
    """The exact figures of a quarter: of what we have histograms of, median and mean."""

    def __init__(self, rows: Sequence[Row], method: Method) -> None:
        values: dict[At, list[int]] = defaultdict(list)
        self.method, owners = method, defaultdict[Place, int](int)
        for row in rows:
            for place in around(row.place):
                owners[place] += 1
                for name, value in row.values.items():
                    values[place, name].append(value)
        self.sizes = {place: size_of(place, number) for place, number in owners.items()}
        sums = {each.name for each in method.measures if isinstance(each, Sum)}
        once = {at: float(sum(found)) for at, found in values.items() if at[1] in sums}
        once |= {(place, method.measures[0].name): float(n) for place, n in owners.items()}
        several = {at: found for at, found in values.items() if at not in once}
        self.medians = once | {at: float(median(found)) for at, found in several.items()}
        self.means = once | {at: fmean(found) for at, found in several.items()}


class Tally:
    """What one way of publishing gave over some draws, against one truth."""

    def __init__(self, truth: Truth, exact: Mapping[At, float]) -> None:
        self._truth, self._exact, self._draws = truth, exact, 0
        self._off: dict[At, list[float]] = defaultdict(list)

    def add(self, figures: Mapping[At, float]) -> None:
        """Take in the published figures of one draw."""
        self._draws += 1
        for at, value in figures.items():
            exact = self._exact.get(at)
            if exact:
                self._off[at].append(abs(value - exact) / exact)

    def often(self) -> set[At]:
        """Return what is published in at least half of the draws."""
        return {at for at, off in self._off.items() if 2 * len(off) >= self._draws}

    def shown(self, measure: str, size: str) -> float | None:
        """Return the share of figures of places of this *size* that is published."""
        places = self._places(measure, size)
        found = sum(len(self._off[at]) for at in places)
        return found / (self._draws * len(places)) if places else None

    def off(self, measure: str, size: str, among: Collection[At] | None = None) -> float | None:
        """Return the median relative error of those published, or of those *among* them."""
        places = self._places(measure, size)
        errors = [off for at in places if among is None or at in among for off in self._off[at]]
        return median(errors) if errors else None

    def _places(self, measure: str, size: str) -> list[At]:
        return [
            (place, measure)
            for place, found in self._truth.sizes.items()
            if found == size and self._exact.get((place, measure))
        ]


def figures_of(release: Release) -> dict[At, float]:
    """Return what a release publishes; of histograms, their medians."""
    histograms = {each.name for each in release.method.measures if isinstance(each, Histogram)}
    return {
        (each.place, each.measure): float(each.value)
        for each in release.figures
        if each.value is not None
        and each.bucket == (MEDIAN if each.measure in histograms else "")
    }


def lines(
    method: Method, ours: Tally, peers: Mapping[str, Tally], exact: Mapping[str, Tally]
) -> Iterable[str]:
    """Yield a table: ours; noisy peers, all and where we publish; what exact ones hide."""
    among = ours.often()
    heads = ["ours: shown  off"]
    heads += [f"{name}: off  (there)" for name in peers]
    heads += [f"{name}: hidden" for name in exact]
    widths = [max(len(head), 14) for head in heads]
    yield f"{'':24}{'owners':>12}  " + "  ".join(heads)
    for measure in method.measures:
        kind = "" if isinstance(measure, Count | Sum) else " ~"
        for size in (*SIZES, TOTALS):
            shown = ours.shown(measure.name, size)
            if shown is None:
                continue
            name = measure.name
            cells = [f"{_said(shown)} {_said(ours.off(name, size))}"]
            cells += [
                f"{_said(each.off(name, size))} ({_said(each.off(name, size, among))})"
                for each in peers.values()
            ]
            cells += [_said(_rest(each.shown(name, size))) for each in exact.values()]
            told = (f"{c:>{width}}" for c, width in zip(cells, widths, strict=True))
            yield f"{name + kind:24}{size:>12}  " + "  ".join(told)


def _rest(share: float | None) -> float | None:
    return None if share is None else 1 - share


def _said(share: float | None) -> str:
    return "-" if share is None else (f"{share:.0%}" if share < 100 else ">9999%")
