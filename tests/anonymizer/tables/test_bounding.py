"""No owner weighs more than declared, and no row is lost."""

from __future__ import annotations

import pickle
import traceback
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymizer.tables.bounding import bounded
from anonymizer.tables.grid import ALL, Place
from anonymizer.tables.refused import Refused
from anonymizer.tables.release import Row
from tests.anonymizer.tables.invented import CELLS, METHOD, row, rows, values


@given(rows(), st.sampled_from(CELLS), values)
def test_one_owner_more_changes_no_more_than_declared(
    others: list[Row], place: Place, brought: dict[str, int]
) -> None:
    before = bounded(others, METHOD)
    after = bounded([*others, Row(owner="new", place=place, values=brought)], METHOD)

    for measure in METHOD.measures:
        pairs = zip(before[measure.name].values, after[measure.name].values, strict=True)
        changed = [(cell, b - a) for cell, (a, b) in enumerate(pairs) if a != b]
        assert sum(abs(change) for _, change in changed) <= measure.sensitivity
        # In one cell of the grid only: that is why cells do not add up to more epsilon.
        here = CELLS.index(place)
        assert {cell // len(measure.buckets) for cell, _ in changed} <= {here}


@given(rows(), st.randoms())
def test_the_order_of_rows_makes_no_difference(given_rows: list[Row], chance: object) -> None:
    shuffled = list(given_rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    first, second = bounded(given_rows, METHOD), bounded(shuffled, METHOD)

    assert {name: each.values for name, each in first.items()} == {
        name: each.values for name, each in second.items()
    }


@given(rows())
def test_every_owner_is_counted_and_in_one_bucket(given_rows: list[Row]) -> None:
    exact = bounded(given_rows, METHOD)
    per_cell = Counter(each.place for each in given_rows)

    assert exact["owners"].values == [per_cell[cell] for cell in CELLS]
    width = 5
    days = exact["days"].values
    assert [sum(days[i * width : (i + 1) * width]) for i in range(4)] == exact["owners"].values


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(-5, 0), (0, 0), (9, 0), (10, 1), (29, 1), (30, 2), (90, 3), (2**80, 3), (None, 4)],
)
def test_a_value_is_in_the_bucket_of_its_edge(days: int | None, bucket: int) -> None:
    brought = {} if days is None else {"days": days}

    exact = bounded([Row(owner="a", place=CELLS[1], values=brought)], METHOD)

    assert exact["days"].values == [int(i == 5 + bucket) for i in range(20)]


@pytest.mark.parametrize(
    ("jobs", "counted"), [(-(2**70), 0), (0, 0), (20, 20), (21, 20), (2**70, 20)]
)
def test_a_sum_is_clipped(jobs: int, counted: int) -> None:
    assert bounded([row("a", jobs=jobs)], METHOD)["jobs"].values == [counted, 0, 0, 0]


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ([row("acme-77", jobs=4711), row("acme-77", jobs=4711)], "more than one row"),
        ([row("acme-77", Place("acme-77", "n"), jobs=4711)], "industry or region"),
        ([row("acme-77", Place(ALL, ALL), jobs=4711)], "industry or region"),
        ([row("acme-77", jobs=4711, acme_77=4711)], "not measured"),
        ([row("acme-77", owners=4711)], "not measured"),
        ([row("acme-77", jobs=4711.5)], "whole number"),  # type: ignore[arg-type]
        ([row("acme-77", jobs=True)], "whole number"),
    ],
)
def test_what_does_not_fit_is_refused_and_not_told(bad: list[Row], what: str) -> None:
    with pytest.raises(Refused, match=what) as refused:
        bounded(bad, METHOD)

    told = "".join(traceback.format_exception(refused.value)) + repr(refused.value)
    assert "acme" not in told.replace(__file__, "")
    assert "4711" not in told
    assert str(pickle.loads(pickle.dumps(refused.value))) == str(refused.value)


def test_exact_figures_and_rows_have_no_text() -> None:
    rows_given = [row(f"owner-{i}", jobs=13) for i in range(47)]
    exact = bounded(rows_given, METHOD)

    for told in (repr(exact), str(exact["jobs"]), f"{exact}", repr(rows_given)):
        assert "47" not in told
        assert "13" not in told
        assert "611" not in told
        assert "owner-" not in told
