"""The public constants: every business has exactly one cell, whatever its codes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import product
from string import ascii_uppercase, digits

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymizer.tables.bounding import Exact, bounded
from anonymizer.tables.grid import ALL, Place
from anonymizer.tables.medians import median_of
from anonymizer.tables.method import MEDIAN, Count, Histogram
from anonymizer.tables.owners import one_per_owner
from anonymizer.tables.publishing import drawn
from flows.language.spec import Business
from flows.reports.default_method import (
    ANNUAL_CAP,
    DEFAULT_METHOD,
    ELSEWHERE,
    GRID,
    OTHER,
    place_of,
)
from flows.reports.synthetic import invented

STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE"
    " NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
)


def pattern(name: str) -> str:
    return str(Business.model_json_schema()["properties"][name]["pattern"])


@given(
    st.from_regex(pattern("industry"), fullmatch=True),
    st.from_regex(pattern("region"), fullmatch=True),
)
def test_every_industry_and_region_of_a_flows_file_is_in_exactly_one_cell(
    industry: str, region: str
) -> None:
    place = place_of(industry, region)

    assert [each for each in GRID.cells() if each == place] == [place]


def test_every_code_of_up_to_five_digits_and_every_region_has_a_cell() -> None:
    codes = ("".join(each) for size in range(2, 6) for each in product(digits, repeat=size))
    cells = {place_of(code, "US-NY") for code in codes}
    assert cells == {place for place in GRID.cells() if place.region == "northeast"}

    letters = ["".join(each) for each in product(ascii_uppercase, repeat=2)]
    states = {f"US-{each}": place_of("238220", f"US-{each}").region for each in letters}
    assert {region for region, cell in states.items() if cell != ELSEWHERE} == {
        f"US-{state}" for state in STATES.split()
    }
    alone = {each for each in letters if place_of("238220", each).region != ELSEWHERE}
    assert alone == {"CA"}


@pytest.mark.parametrize(
    ("industry", "region", "cell"),
    [
        ("238220", "US-NY", Place("plumbing_hvac", "northeast")),
        ("23822", "CA-ON", Place("plumbing_hvac", "canada")),
        ("238210", "US-DC", Place("electrical", "south")),
        ("238160", "US-SC", Place("roofing", "south")),
        ("238320", "US-OH", Place("finishing", "midwest")),
        ("238910", "US-HI", Place("other_trades", "west")),
        ("238", "CA", Place("other_trades", "canada")),
        ("236118", "US-TX", Place("remodeling", "south")),
        ("561730", "US-CA", Place("landscaping", "west")),
        ("561710", "US-PR", Place("pest_control", ELSEWHERE)),
        ("561790", "PR", Place("cleaning", ELSEWHERE)),
        ("811412", "US", Place("repair", ELSEWHERE)),
        ("531311", "CL-RM", Place("property", ELSEWHERE)),
        ("531210", "US-DE", Place(OTHER, "south")),
        ("23", "GB-ENG", Place(OTHER, ELSEWHERE)),
    ],
)
def test_a_business_is_where_the_sources_say(industry: str, region: str, cell: Place) -> None:
    assert place_of(industry, region) == cell


def test_the_method_costs_what_is_promised_and_four_releases_fit_into_a_year() -> None:
    method = DEFAULT_METHOD
    assert method.epsilon == Decimal("0.5")
    assert method.epsilon * 4 == ANNUAL_CAP
    assert len(GRID.industries) == 12
    assert len(GRID.regions) == 6
    assert isinstance(method.measures[0], Count)
    assert len({each.name for each in method.measures}) == len(method.measures)
    for measure in method.measures:
        if isinstance(measure, Histogram):
            assert list(measure.edges) == sorted(set(measure.edges))


def test_of_the_medians_that_are_published_as_many_margins_hold_as_is_promised() -> None:
    """Of those, not of all: where noise makes a margin too narrow, the median is published.

    With margins that hold for 95 in 100 of all medians, 94 of the published ones would hold.
    """
    businesses = one_per_owner(invented(2000, GRID, seed=7), DEFAULT_METHOD)
    exact = bounded(businesses, DEFAULT_METHOD)
    without_noise = _without_noise(exact)
    held = []
    for _ in range(80):
        for each in drawn(exact, DEFAULT_METHOD).figures:
            if each.bucket == MEDIAN and each.status == "A":
                assert each.low is not None
                assert each.high is not None
                truth = without_noise[each.place, each.measure]
                held.append(each.low <= truth <= each.high)
    assert len(held) > 1000
    assert np.mean(held) > 0.953


def _without_noise(exact: Mapping[str, Exact]) -> dict[tuple[Place, str], Decimal]:
    """Return the medians of the exact histograms of all places."""
    found = {}
    for measure in DEFAULT_METHOD.measures:
        if isinstance(measure, Histogram):
            values = np.reshape(exact[measure.name].values, (-1, len(measure.buckets)))
            for place in (*GRID.cells(), *GRID.totals()):
                inside = [
                    place.industry in {cell.industry, ALL}
                    and place.region in {cell.region, ALL}
                    for cell in GRID.cells()
                ]
                buckets = values[inside].sum(axis=0)[:-1].tolist()
                median = median_of(buckets, measure.edges, 0)
                tenths = (
                    Decimal(median.value).quantize(Decimal("0.1")) if median else Decimal(-1)
                )
                found[place, measure.name] = tenths
    return found
