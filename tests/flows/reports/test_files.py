"""Figures come out of each file as they went in, and the same figures make the same bytes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymizer.tables.columns import tidy
from anonymizer.tables.method import MEDIAN, Histogram
from anonymizer.tables.publishing import published
from anonymizer.tables.release import Release
from flows.reports.files import (
    BadTable,
    csv_of,
    csv_rows,
    parquet_of,
    parquet_rows,
    release_of,
)
from tests.flows.reports.releases import SMALL


@st.composite
def releases(draw: st.DrawFn) -> Release:
    """What any noise would make of any businesses."""
    cells = len(list(SMALL.grid.cells()))
    numbers = st.integers(-1_000, 2**50)
    noisy = {
        each.name: draw(
            st.lists(
                numbers,
                min_size=cells * len(each.buckets),
                max_size=cells * len(each.buckets),
            )
        )
        for each in SMALL.measures
    }
    return published(noisy, SMALL)


@settings(max_examples=40, deadline=None)
@given(releases())
def test_what_is_written_is_read_back_exactly(release: Release) -> None:
    rows = tidy(release, "2026-Q3")
    csv, parquet = csv_of(release, "2026-Q3"), parquet_of(release, "2026-Q3")

    assert csv_rows(csv) == parquet_rows(parquet) == rows
    assert release_of(rows, SMALL, sufficient=release.sufficient) == release
    same = replace(release)
    assert (csv_of(same, "2026-Q3"), parquet_of(same, "2026-Q3")) == (csv, parquet)


def test_a_median_that_may_lie_in_the_last_bucket_has_no_upper_end() -> None:
    """That bucket has none: whoever read its lower edge as an end would take it for exact."""
    histogram = next(each for each in SMALL.measures if isinstance(each, Histogram))
    above, below = ([0] * len(histogram.buckets) for _ in range(2))
    above[-2], below[0] = 90_000, 90_000  # the last is of those without a value
    for buckets, is_open in ((above, True), (below, False)):
        cells = {each.name: [9_000] * 4 * len(each.buckets) for each in SMALL.measures}
        release = published({**cells, histogram.name: buckets * 4}, SMALL)
        medians = [row for row in tidy(release, "2026-Q3") if row.bucket == MEDIAN]
        assert {row.status for row in medians} == {"A"}
        assert {row.high is None for row in medians} == {is_open}
        assert all(row.low == row.value for row in medians) == is_open


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "first line"),
        (b"\xff", "not CSV"),
        (b"period,industry\n", "first line"),
        (b"{head}\n1,2\n", "line 2 has 2 cells"),
        (b"{head}\np,i,r,m,,u,many,1,2,A\n", "line 2 has a value that is no number"),
        (b"{head}\np,i,r,m,,u,1,NaN,2,A\n", "line 2 has a low that is no number"),
        (b'{head}\n"p\n', "not CSV"),
    ],
)
def test_what_is_no_table_says_where(content: bytes, why: str) -> None:
    head = b"period,industry,region,measure,bucket,unit,value,low,high,status"
    with pytest.raises(BadTable, match=why):
        csv_rows(content.replace(b"{head}", head))


def test_what_is_no_parquet_is_refused() -> None:
    release = published({m.name: [0] * 4 * len(m.buckets) for m in SMALL.measures}, SMALL)
    whole = parquet_of(release, "2026-Q3")
    for content in (b"", b"PAR1", whole[:-9], whole[: len(whole) // 2]):
        with pytest.raises(BadTable, match="not Parquet"):
            parquet_rows(content)
    assert Decimal(0) not in {row.value for row in parquet_rows(whole)}
