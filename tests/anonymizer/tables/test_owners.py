"""Who owns several businesses is one owner."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anonymizer.tables.method import Method
from anonymizer.tables.owners import one_per_owner
from anonymizer.tables.release import Row
from tests.anonymizer.tables.invented import CELLS, DAYS, METHOD, OWNERS, row, rows_of

several = st.lists(rows_of(st.sampled_from("abc")), max_size=12)


def test_sums_add_up_and_the_rest_is_of_the_largest() -> None:
    small = row("a", CELLS[0], jobs=3, days=5)
    large = row("a", CELLS[3], jobs=9, days=40)

    (merged,) = one_per_owner([small, large], METHOD)

    assert merged == row("a", CELLS[3], jobs=12, days=40)


def test_what_the_largest_has_not_stays_away() -> None:
    (merged,) = one_per_owner([row("a", jobs=1, days=5), row("a", jobs=2)], METHOD)

    assert merged == row("a", jobs=3)


def test_what_the_method_does_not_measure_is_left_out() -> None:
    """The pool may hold more than a method asks for, or what an earlier one asked for."""
    kept = Method(grid=METHOD.grid, measures=(OWNERS, DAYS))

    (merged,) = one_per_owner([row("a", days=5, jobs=9), row("a", CELLS[2], days=7)], kept)

    assert merged == row("a", CELLS[2], days=7)


@given(several, st.randoms())
def test_the_order_of_rows_makes_no_difference(rows: list[Row], chance: object) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert one_per_owner(shuffled, METHOD) == one_per_owner(rows, METHOD)


@given(several)
def test_an_owner_changes_nobody_elses_row(rows: list[Row]) -> None:
    """Else one owner could change two rows, and weigh twice what is declared."""
    everybody = one_per_owner(rows, METHOD)
    without = one_per_owner([each for each in rows if each.owner != "a"], METHOD)

    assert without == [each for each in everybody if each.owner != "a"]
    assert len({each.owner for each in everybody}) == len(everybody)
