"""Plans and test cases with what steps, triggers and outlets can be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from anonymizer.text.cleaner import Cleaner
from flows.plan.report import Plan
from flows.plan.truth import Truth
from portal.planning import plan_history, plan_mail
from portal.wiring import App
from tests.flows.business import Business, mail
from tests.portal.conftest import jigajob
from tests.portal.words import CASES, WORDS

pytestmark = pytest.mark.slow


@pytest.fixture
async def business(tmp_path: Path, cleaner: Cleaner) -> Business:
    """Two mails, a call by hand, a Monday, and what other flows made of that."""
    made = Business(tmp_path, cleaner)
    made.writes(WORDS)
    made.gets(mail())
    made.gets(mail(sender="Ada Byrne <ada@byrne.example>", name="2"), "mail/2.eml")
    await made.sweeps()
    made.clock.passes(days=7)

    async def call(app: App) -> None:
        calls = app.calls(cleaner)
        for key, notes in (("1", "The drain is full, says Tom Oakfield."), ("2", "A leak.")):
            given = {"who": "Ada Byrne", "notes": notes}
            await calls.run(await calls.take(calls.by_hand(), given, by="", key=key))

    await made.asks(call)
    await made.sweeps()
    return made


async def planned(business: Business, flows: str = WORDS) -> Plan:
    business.writes(flows)
    before = business.folder / "before.yaml"
    before.write_text(WORDS, "utf-8")
    return await plan_history(
        business.settings, days=90, against=before, tell=lambda _: None, clock=business.clock
    )


def outputs(plan: Plan) -> dict[str, dict[str, int]]:
    return {flow.id: dict(flow.changes) for flow in plan.flows}


async def test_flows_that_ran_would_do_the_same_again(business: Business) -> None:
    """Of every kind of trigger; nothing goes anywhere."""
    plan = await planned(business)
    assert outputs(plan) == {
        "papers": {"same": 6},
        "chained": {"same": 2},
        "weekly": {"same": 1},
        "remind": {},
        "booking": {"same": 1},
    }
    kinds = {"mail": 2, "transaction": 0, "overdue": 0, "output": 2, "schedule": 1, "manual": 2}
    assert plan.looked_at == kinds
    assert not any(flow.unplanned for flow in plan.flows)
    assert not any(flow.silent for flow in plan.flows)


async def test_a_schedule_that_is_new_says_that_it_has_no_past(business: Business) -> None:
    plan = await planned(business, WORDS.replace("id: weekly", "id: monthly"))
    assert {flow.id: flow.silent for flow in plan.flows if flow.silent} == {
        "monthly": ("schedule",)
    }


async def test_what_an_edit_changes_of_each_is_told(business: Business) -> None:
    """Texts of ticks, calls and chains; another deadline; what cannot be known of a call."""
    text = WORDS
    for old, new in (
        ('to: crew, text: "', 'to: crew, text: "Crew: '),
        ("{{ output.body.title }}", "Job {{ output.body.title }}"),
        ("within: 2d", "within: 3d"),
        ("mentions('drain')", "mentions('blocked')"),
    ):
        assert old in text
        text = text.replace(old, new)
    plan = await planned(business, text)
    assert outputs(plan) == {
        "papers": {"same": 4, "changed": 2},
        "chained": {"changed": 2},
        "weekly": {"changed": 1},
        "remind": {},
        "booking": {"not known": 1},
    }
    papers, *_, booking = plan.flows
    (answer, _) = [each for each in papers.outputs if each.change == "changed"]
    assert "fails" not in {item.truth.value for item in papers.items}
    assert answer.approval == "owner within 72 h, then ask dispatcher"
    assert booking.reasons == {"inputs.notes": 1}  # of the other nothing was taken out


async def test_raw_mail_sets_off_what_it_leads_to(business: Business) -> None:
    """Outputs start other flows; nothing is written into folders."""
    files = sorted((business.folder / "given").iterdir())
    plan = await plan_mail(
        business.settings, business.folder / "mail", source="", tell=lambda _: None
    )
    told = {flow.id: (flow.count(Truth.YES), flow.unplanned) for flow in plan.flows}
    assert told == {
        "papers": (2, ()),
        "chained": (2, ()),
        "weekly": (0, ("schedule",)),
        "remind": (0, ()),
        "booking": (0, ("manual",)),
    }
    assert files == sorted((business.folder / "given").iterdir())


def test_cases_run_with_them(business: Business, tmp_path: Path) -> None:
    """One output for each attachment, who is asked, and what starts by it."""
    business.writes(WORDS)
    path = tmp_path / "flows.test.yaml"
    path.write_text(CASES, "utf-8")
    done = jigajob("test", path, XDG_CACHE_HOME=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
