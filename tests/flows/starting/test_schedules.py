"""A flow with a schedule runs once for each moment that a sweep finds due."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.flows.business import FLOWS, Business

HEAD = FLOWS.partition("flows:\n")[0]
DIGEST = (
    HEAD
    + """\
flows:
  - id: digest
    name: Remind the crew
    triggers: [{schedule: "0 8 * * mon-fri"}]
    retention: 30d
    steps:
      - id: tell
        uses: notify
        with: {to: crew, text: "{{ schedule.at | date('%a %H:%M') }} of {{ business.name }}"}
"""
)


@pytest.fixture
def office(business: Business) -> Business:
    business.writes(DIGEST)
    business.clock.time = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)  # Monday 07:00 in New York
    return business


async def texts(business: Business) -> list[str]:
    return [str(each.output.body["text"]) for each in await business.outputs()]


async def test_it_runs_once_when_it_is_due(office: Business) -> None:
    """In the business's own time, and not for what lay before it was first seen."""
    assert (await office.sweeps()).started == 0
    office.clock.passes(minutes=59)
    assert (await office.sweeps()).started == 0
    office.clock.passes(minutes=1)
    assert (await office.sweeps()).started == 1
    for _ in range(3):
        office.clock.passes(hours=2)
        assert (await office.sweeps()).started == 0
    assert await texts(office) == ["Mon 08:00 of Hudson Plumbing"]
    office.clock.passes(days=1)
    assert (await office.sweeps()).started == 1


async def test_after_a_pause_only_the_newest_counts(office: Business) -> None:
    """Nobody gets ten reminders at once after a fortnight; Sunday has the one of Friday."""
    await office.sweeps()
    office.clock.passes(days=13)
    assert (await office.sweeps()).started == 1
    assert await texts(office) == ["Fri 08:00 of Hudson Plumbing"]


async def test_two_schedules_of_one_moment_are_one_run(office: Business) -> None:
    office.writes(DIGEST.replace('mon-fri"}]', 'mon-fri"}, {schedule: "0 8 2 11 *"}]'))
    await office.sweeps()
    office.clock.passes(hours=2)
    assert (await office.sweeps()).started == 1
    assert (await office.sweeps()).started == 0


async def test_one_that_was_switched_off_starts_anew(office: Business) -> None:
    """What came while it was off is not made up for."""
    await office.sweeps()
    office.writes(DIGEST.replace("    retention", "    enabled: false\n    retention"))
    office.clock.passes(days=2)
    await office.sweeps()
    office.writes(DIGEST)
    assert (await office.sweeps()).started == 0
    office.clock.passes(days=1)
    assert (await office.sweeps()).started == 1


async def test_conditions_hold_for_the_moment(office: Business) -> None:
    """On Mondays alone, though the schedule names five days."""
    office.writes(
        DIGEST.replace("    retention", "    conditions: [schedule.at.day == 3]\n    retention")
    )
    await office.sweeps()
    office.clock.passes(hours=2)
    assert (await office.sweeps()).started == 0
    office.clock.passes(days=1)
    assert (await office.sweeps()).started == 1


async def test_it_is_kept_as_long_as_its_flow_says(office: Business) -> None:
    await office.sweeps()
    office.clock.passes(hours=2)
    await office.sweeps()
    async with office.open() as app:
        [record] = [record async for record in app.records.each("start")]
    assert (record.expires_at - office.clock.now()).days == 30
    assert record.fields["by"] == "schedule"
    assert record.fields["version"]
