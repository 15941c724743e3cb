from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.errors import OperatorError
from flows.reports.periods import Period

DAYS = st.dates(date(2000, 1, 1), date(9998, 12, 31))


@given(DAYS)
def test_every_day_is_in_exactly_one_quarter(day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    period = Period.of(day)

    assert period.start <= noon < period.end
    assert Period.of(noon) == period


@given(DAYS)
def test_quarters_follow_each_other_without_a_gap(day: date) -> None:
    period = Period.of(day)
    if period.label == "9998-Q4":
        return

    assert period.after.start == period.end
    assert period.after.before == period
    assert period < period.after


def test_a_quarter_is_settled_a_week_after_its_end_and_closed_a_week_later() -> None:
    period = Period("2026-Q4")

    assert period.end == datetime(2027, 1, 1, tzinfo=UTC)
    assert period.settled - period.end == timedelta(days=7)
    assert period.cut_off - period.end == timedelta(days=14)


@pytest.mark.parametrize(
    "label", ["", "2026", "2026-Q5", "2026-Q0", "2026Q3", "1999-Q1", "9999-Q1", "2026-Q3 "]
)
def test_what_is_no_quarter_is_refused_with_an_example(label: str) -> None:
    with pytest.raises(OperatorError, match="2026-Q3"):
        Period(label)
