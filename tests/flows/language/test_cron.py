"""A schedule is due when its fields say so, once, whatever clocks do in spring and autumn."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.language.cron import checked_cron, newest_tick

NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # its clocks change by half an hour
SPRING = datetime(2026, 3, 8, tzinfo=NEW_YORK)  # 02:00 to 03:00 is skipped
AUTUMN = datetime(2026, 11, 1, tzinfo=NEW_YORK)  # 01:00 to 02:00 comes twice


def ticks(cron: str, day: datetime, zone: ZoneInfo = NEW_YORK) -> list[str]:
    """Return what is due on a day, found as sweeps find it that look every five minutes."""
    found = []
    seen = now = day.astimezone(UTC)
    while now < (day + timedelta(days=1)).astimezone(UTC):
        now += timedelta(minutes=5)
        tick = newest_tick(cron, zone, seen, now)
        if tick is not None:
            found.append(tick.astimezone(UTC).strftime("%H:%M"))
            seen = tick
    return found


def test_what_the_clock_skips_is_due_once_it_has_skipped_it():
    """At 03:00 daylight time, which is 07:00 UTC."""
    assert ticks("30 2 * * *", SPRING) == ["07:00"]
    assert ticks("*/30 2 * * *", SPRING) == ["07:00"]
    assert ticks("15 2,3 * * *", SPRING) == ["07:00", "07:15"]


def test_what_the_clock_shows_twice_is_due_the_first_time_alone():
    """At 01:30 daylight time, 05:30 UTC, and not again an hour later."""
    assert ticks("30 1 * * *", AUTUMN) == ["05:30"]
    assert ticks("*/30 1 * * *", AUTUMN) == ["05:00", "05:30"]


def test_what_is_due_every_hour_keeps_step_with_real_time():
    """There are 23 hours in the day of spring, and 25 in that of autumn."""
    assert len(ticks("0 * * * *", SPRING)) == 23
    assert len(ticks("0 * * * *", AUTUMN)) == 25


def test_a_clock_that_changes_by_half_an_hour_is_no_other_case():
    day = datetime(2026, 10, 4, tzinfo=LORD_HOWE)  # 02:00 to 02:30 is skipped
    assert len(ticks("15 2 * * *", day, LORD_HOWE)) == 1
    day = datetime(2026, 4, 5, tzinfo=LORD_HOWE)  # 01:30 to 02:00 comes twice
    assert len(ticks("45 1 * * *", day, LORD_HOWE)) == 1


def test_only_the_newest_of_many_is_found():
    """After a year of silence, as fast as after a day."""
    now = datetime(2026, 6, 15, 15, 2, tzinfo=UTC)
    tick = newest_tick("*/5 * * * *", NEW_YORK, now - timedelta(days=365), now)
    assert tick == datetime(2026, 6, 15, 15, 0, tzinfo=UTC)
    tick = newest_tick("0 8 * * mon-fri", NEW_YORK, now - timedelta(days=365), now)
    assert tick == datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


def test_rare_days_are_found():
    """The last of February in a leap year; the last Friday of a month."""
    now = datetime(2026, 6, 15, tzinfo=UTC)
    assert newest_tick("0 9 29 2 *", NEW_YORK, now - timedelta(days=4000), now).year == 2024
    assert newest_tick("0 9 * * 5L", NEW_YORK, now - timedelta(days=40), now).day == 29


@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(0, 59),
    st.integers(0, 23),
)
@settings(max_examples=150, deadline=None)
def test_a_day_has_one_tick_of_a_fixed_time(day: date, minute: int, hour: int):
    """Whatever the time and the day, from one midnight to the next."""
    start = datetime.combine(day, time(), NEW_YORK)
    end = start + timedelta(days=1)
    cron = f"{minute} {hour} * * *"
    before = start.astimezone(UTC) - timedelta(seconds=1)
    last = newest_tick(cron, NEW_YORK, before, end.astimezone(UTC) - timedelta(seconds=1))
    assert last is not None
    assert newest_tick(cron, NEW_YORK, before, last - timedelta(seconds=1)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        *("", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *"),
        *("* * * * 8", "0 8 * * mon-", "0 8 31 2 *", "a b c d e", "*/0 * * * *", "@daily"),
        *("5-1 * * * *", "0 0 * * 1#6"),
    ],
)
def test_what_is_never_due_is_refused(wrong: str):
    with pytest.raises(ValueError, match="minute, hour, day of the month"):
        checked_cron(wrong)
