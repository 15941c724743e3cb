"""Parts of the real pipeline swapped for what is often done instead, and does not protect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from anonymizer.tables import bounding, owners, publishing
from anonymizer.tables.grid import ALL, Place
from anonymizer.tables.method import Histogram, Measure, Method, Sum
from anonymizer.tables.release import Release, Row
from flows.reports import eligibility, releasing
from flows.rights.consent import Consent
from tests.anonymizer.tables.attacks.attack import Sabotage

Patch = pytest.MonkeyPatch
Noise = Callable[[Sequence[int], int, Decimal], Sequence[int | float]]

_noisy, _bounded, _share = publishing.noisy, publishing.bounded, bounding._share
_make_release = publishing.make_release
_numbers, _median = publishing._Judged._numbers, publishing._Judged._median


def _noise(name: str, instead: Noise) -> Sabotage:
    return Sabotage(name, lambda patch: patch.setattr(publishing, "noisy", instead))


def _seeded(values: Sequence[int], sensitivity: int, epsilon: Decimal) -> list[int]:
    drawn = np.random.default_rng(1).laplace(0, sensitivity / float(epsilon), len(values))
    return [value + round(noise) for value, noise in zip(values, drawn, strict=True)]


def _floats(values: Sequence[int], sensitivity: int, epsilon: Decimal) -> list[float]:
    drawn = np.random.default_rng().laplace(0, sensitivity / float(epsilon), len(values))
    return [value + noise for value, noise in zip(values, drawn.tolist(), strict=True)]


def _run_over(values: Sequence[int], sensitivity: int, epsilon: Decimal) -> list[int]:
    return [max(min(v, 2**31 - 1), -(2**31)) for v in _noisy(values, sensitivity, epsilon)]


NO_NOISE = _noise("no noise", lambda values, *_: list(values))
NOISE_OF_A_SEED = _noise("noise of a fixed seed", _seeded)
ROUNDING = _noise(
    "rounding to 5 in place of noise", lambda v, *_: [round(n / 5) * 5 for n in v]
)
HALF_THE_NOISE = _noise("half the noise that is declared", lambda v, s, e: _noisy(v, s, 2 * e))
EPSILON_FOR_EACH = _noise(
    "the whole epsilon for each of three measures", lambda v, s, e: _noisy(v, s, 3 * e)
)
FLOAT_NOISE = _noise("floating-point noise", _floats)
THIRTY_TWO_BITS = _noise("sums in 32 bits", _run_over)


def _unclipped(measure: Measure, value: int | None) -> tuple[int, int]:
    return (0, value or 0) if isinstance(measure, Sum) else _share(measure, value)


def _by_the_data(rows: Iterable[Row], method: Method) -> Release:
    there = list(rows)
    measures = tuple(
        replace(each, bound=max((row.values.get(each.name, 1) for row in there), default=1))
        if isinstance(each, Sum)
        else each
        for each in method.measures
    )
    return _make_release(there, replace(method, measures=measures))


def _tenants(rows: Iterable[Row], _: Method) -> list[Row]:
    return [replace(row, owner=f"{row.owner}/{n}") for n, row in enumerate(rows)]


NO_CLIP = Sabotage("no clip", lambda patch: patch.setattr(bounding, "_share", _unclipped))
BOUND_OF_THE_DATA = Sabotage(
    "the bound looked up in the data",
    lambda patch: patch.setattr(publishing, "make_release", _by_the_data),
)
TENANT_AS_UNIT = Sabotage(
    "the tenant as unit, not the owner",
    lambda patch: patch.setattr(owners, "one_per_owner", _tenants),
)


def _no_threshold(patch: Patch) -> None:
    patch.setattr(publishing, "_enough", lambda *_: 0)


def _exactly(patch: Patch) -> dict[str, bounding.Exact]:
    """Keep what is exact beyond the bounding, where no shipped part can see it any more."""
    kept: dict[str, bounding.Exact] = {}

    def bounded(rows: Iterable[Row], method: Method) -> dict[str, bounding.Exact]:
        kept.update(_bounded(rows, method))
        return kept

    patch.setattr(publishing, "bounded", bounded)
    return kept


def _truly(
    kept: dict[str, bounding.Exact], judged: publishing._Judged, measure: Measure
) -> list[int]:
    there = copy(judged)
    there.cells = {name: each.values for name, each in kept.items()}
    return _numbers(there, measure)


def _true_count(patch: Patch) -> None:
    kept = _exactly(patch)

    def truly_enough(judged: publishing._Judged) -> bool:
        method = judged.method
        return _truly(kept, judged, method.counting)[0] >= method.minimum

    for name in ("has_enough", "is_told"):
        patch.setattr(publishing._Judged, name, property(truly_enough))


def _exact_totals(patch: Patch) -> None:
    kept = _exactly(patch)

    def numbers(judged: publishing._Judged, measure: Measure) -> list[int]:
        if judged.place.is_total:
            return _truly(kept, judged, measure)
        return _numbers(judged, measure)

    patch.setattr(publishing._Judged, "_numbers", numbers)


def _true_medians(patch: Patch) -> None:
    kept = _exactly(patch)

    def median(judged: publishing._Judged, measure: Histogram, _: Sequence[int]) -> object:
        return _median(judged, measure, _truly(kept, judged, measure)[:-1])

    patch.setattr(publishing._Judged, "_median", median)


NO_THRESHOLD = Sabotage("no threshold", _no_threshold)
THRESHOLD_ON_TRUE_COUNT = Sabotage("a threshold on the true count", _true_count)
TRUE_MEDIANS = Sabotage("medians of the true values", _true_medians)
EXACT_TOTALS = Sabotage("exact totals", _exact_totals)


def _somebody(rows: Iterable[Row]) -> set[Place]:
    cells = {row.place for row in rows}
    return cells | {
        t for p in cells for t in (replace(p, industry=ALL), replace(p, region=ALL))
    }


def _there(rows: Iterable[Row], method: Method) -> Release:
    there = list(rows)
    release, places = _make_release(there, method), _somebody(there) | {Place(ALL, ALL)}
    return replace(release, figures=tuple(f for f in release.figures if f.place in places))


def _zeros(rows: Iterable[Row], method: Method) -> Release:
    there = list(rows)
    release, places = _make_release(there, method), _somebody(there) | {Place(ALL, ALL)}
    zero = Decimal(0)
    figures = tuple(
        f if f.place in places else replace(f, status="A", value=zero, low=zero, high=zero)
        for f in release.figures
    )
    return replace(release, figures=figures)


ONLY_CELLS_WITH_SOMEBODY = Sabotage(
    "only cells that have somebody",
    lambda patch: patch.setattr(publishing, "make_release", _there),
)
ZEROS_PRINTED = Sabotage(
    "zeros printed where nobody is",
    lambda patch: patch.setattr(publishing, "make_release", _zeros),
)


def _granted_ever(rows: Sequence[Consent], _: object = None) -> tuple[Consent, ...]:
    return tuple(row for row in rows if row.state == "granted")


def _anew(patch: Patch) -> None:
    patch.setattr(releasing, "latest", lambda *_: None)
    _no_stop(patch)


def _no_stop(patch: Patch) -> None:
    patch.setattr(releasing, "after", lambda *_: Decimal(0))


WITHDRAWAL_IGNORED = Sabotage(
    "withdrawal ignored", lambda patch: patch.setattr(eligibility, "grants", _granted_ever)
)
NO_CONSENT_NEEDED = Sabotage(
    "whoever lies in the pool counts",
    lambda patch: patch.setattr(eligibility, "_why_not", lambda *_: ""),
)
NOISE_ON_EACH_REQUEST = Sabotage("new noise on each request", _anew)
NO_BUDGET_STOP = Sabotage("no stop when the budget is spent", _no_stop)
