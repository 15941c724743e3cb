"""Tables on a narrow screen, and times on the business's clock."""

from __future__ import annotations

import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from flows.language.load import zone_of
from flows.plan.report import FlowPlan, Plan, PlannedItem
from flows.plan.truth import Truth
from portal.cli import screens
from portal.cli.planning_screen import show
from portal.overview import Overview
from tests.flows.business import FLOWS


def _shown(width: int, *, whole: tuple[str, ...]) -> str:
    made = screens.table("", "id", "step", "what", whole=whole)
    made.add_row("0123456789", "quote-request/\nanswer-the-customer", "A new pump " * 9)
    out = io.StringIO()
    Console(file=out, width=width).print(made)
    return out.getvalue()


def test_a_name_is_not_broken_where_another_column_can_be() -> None:
    assert "answer-the-customer" not in _shown(40, whole=())
    for width in (80, 40):
        assert "answer-the-customer" in _shown(width, whole=("id", "step"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (FLOWS, "2026-11-27 15:30 EST"),
        (FLOWS.replace("steps:", "stepz:"), "2026-11-27 15:30 EST"),
        (FLOWS.replace("America/New_York", "Mars"), "2026-11-27 20:30 UTC"),
        ("", "2026-11-27 20:30 UTC"),
    ],
)
def test_times_are_those_of_the_business_and_bear_their_zone(
    text: str, shown: str, tmp_path: Path
) -> None:
    """Also where something else is wrong in the file."""
    (tmp_path / "flows.yaml").write_text(text, "utf-8")
    at = datetime(2026, 11, 27, 20, 30, tzinfo=UTC)
    assert screens.moment(at, zone_of(tmp_path / "flows.yaml")) == shown
    summer = datetime(2026, 7, 1, 20, 30, tzinfo=UTC)
    berlin = ZoneInfo("Europe/Berlin")
    assert screens.moment(summer, berlin, seconds=True) == "2026-07-01 22:30:00 CEST"


def test_a_plan_counts_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    day = datetime(2026, 11, 27, tzinfo=UTC)
    plan = Plan(over="history", since=day, until=day)
    plan.looked_at.update(mail=107, webhook=1, overdue=2)
    show(plan)
    shown = capsys.readouterr().out
    assert "looked at 107 mails, 1 call, 2 overdue invoices" in shown


def test_a_plan_tells_of_a_schedule_of_which_nothing_was_noticed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An empty row would read as if the flow did nothing."""
    day = datetime(2026, 11, 27, tzinfo=UTC)
    made = FlowPlan(id="weekly", name="Weekly", as_noticed=("schedule", "manual"))
    made.items.append(PlannedItem(id="x", kind="manual", at=day, title="", truth=Truth.YES))
    show(Plan(over="history", since=day, until=day, flows=[made]))
    shown = capsys.readouterr().out
    assert "weekly: nothing set it off by schedule; only what was noticed then" in shown
    assert "0 outputs of 1 item; approvals: nobody asked; about 2 records written" in shown


def test_what_started_flows_is_told_without_a_mark(capsys: pytest.CaptureFixture[str]) -> None:
    view = Overview(business="hudson", new={}, starts=Counter(manual=1))
    screens.show_overview(view, command="status", home=".jigajob", page="")
    assert "\nFlows were started by: 1 manual\n" in capsys.readouterr().out
