"""`jigajob plan` beside what is deployed: after an edit, an apply and a rollback."""

from __future__ import annotations

from pathlib import Path

import pytest

from anonymizer.text.cleaner import Cleaner
from flows.deployments import Deployments
from flows.language.load import load_bundle, load_whole
from flows.plan.report import FlowPlan, Plan
from flows.plan.truth import Truth
from portal.cli.planning_screen import show
from portal.planning import plan_history
from portal.wiring import App
from tests.flows.business import FLOWS, Business, mail

pytestmark = pytest.mark.slow

TOMORROW = FLOWS.replace("We will come.", "We come tomorrow.")
FROM_LOPEZ = FLOWS.replace(
    "\"mail.subject | mentions('boiler')\"", "\"mail.sender.domain == 'lopez.example'\""
)
DAYS = 90


@pytest.fixture
async def business(tmp_path: Path, cleaner: Cleaner) -> Business:
    """A mail about a boiler and one about a roof, dealt with by the file as it lies there."""
    made = Business(tmp_path, cleaner)
    made.writes(FLOWS)
    made.gets(mail())
    made.gets(mail("The roof leaks", name="2"), "mail/2.eml")
    await made.sweeps()
    return made


async def planned(business: Business, flows: str, against: Path | None = None) -> Plan:
    business.writes(flows)
    return await plan_history(
        business.settings,
        days=DAYS,
        against=against,
        tell=lambda _: None,
        clock=business.clock,
    )


async def applied(business: Business, flows: str, restores: int = 0) -> None:
    business.writes(flows)
    business.clock.passes(hours=1)

    async def deploy(app: App) -> None:
        deployments = Deployments(app.records)
        loaded = load_whole(business.settings.flows)
        if restores:
            loaded = load_bundle(await deployments.bundle(restores), "an old one")
        over = await deployments.number()
        now = business.clock.now()
        await deployments.deploy(loaded, app.audit, now, over=over, restores=restores)

    await business.asks(deploy)


def changes(plan: Plan) -> dict[str, int]:
    told = {change: n for flow in plan.flows for change, n in flow.changes.items()}
    return {change: n for change, n in told.items() if n}


def repair(plan: Plan) -> FlowPlan:
    return next(flow for flow in plan.flows if flow.id == "repair")


async def test_what_an_edit_changes_of_what_is_deployed_is_told(business: Business) -> None:
    """A run with the file, the same applied, then edited."""
    assert changes(await planned(business, FLOWS)) == {"same": 2}
    await applied(business, FLOWS)
    same = await planned(business, FLOWS)
    assert changes(same) == {"same": 2}
    assert same.compared_with.startswith("what deployment 1, which runs,")
    edited = await planned(business, TOMORROW)
    assert changes(edited) == {"same": 1, "changed": 1}
    (answer,) = [o for o in repair(edited).outputs if o.change == "changed"]
    assert answer.before is not None
    assert answer.before["text"] == "We will come."
    assert answer.body["text"] == "We come tomorrow."


async def test_items_of_before_are_compared_with_what_the_deployed_flows_make_of_them(
    business: Business,
) -> None:
    """What is deployed differs from what ran then, and the file does not differ from it."""
    await applied(business, TOMORROW)
    assert changes(await planned(business, TOMORROW)) == {"same": 2}
    back = await planned(business, FLOWS)
    assert changes(back) == {"same": 1, "changed": 1}
    (answer,) = [o for o in repair(back).outputs if o.change == "changed"]
    assert answer.before is not None
    assert answer.before["text"] == "We come tomorrow."


async def test_after_a_rollback_it_is_what_runs_again(business: Business) -> None:
    """Mail of each time is compared with what the restored flows make of it."""
    await applied(business, FLOWS)
    await applied(business, TOMORROW)
    business.gets(mail("The boiler again", name="3"), "mail/3.eml")
    await business.sweeps()
    await applied(business, TOMORROW, restores=1)
    assert changes(await planned(business, FLOWS)) == {"same": 4}
    ahead = await planned(business, TOMORROW)
    assert changes(ahead) == {"same": 2, "changed": 2}
    assert ahead.compared_with.startswith("what deployment 3, which runs,")


async def test_each_mail_is_believed_of_the_flows_that_ran_for_it(business: Business) -> None:
    """Who wrote is not stored: yes and no where the flows of then asked, else not known."""
    await applied(business, FROM_LOPEZ)
    business.gets(mail("The door jams", name="4"), "mail/4.eml")
    await business.sweeps()
    plan = await planned(business, FROM_LOPEZ)
    answers = {item.title: item.truth for item in repair(plan).items}
    assert answers == {
        "The boiler is cold": Truth.OPEN,
        "The roof leaks": Truth.OPEN,
        "The door jams": Truth.YES,
    }
    assert changes(plan) == {"same": 2}
    back = await planned(business, FLOWS)
    # Of the boiler it is not known whether what is deployed would have made anything.
    assert changes(back) == {"not known": 2, "gone": 2}


async def test_what_either_may_have_asked_is_not_known(business: Business) -> None:
    """That no flow took a mail tells only of flows that were there whenever it came."""
    other = FROM_LOPEZ.replace("lopez", "ada")
    await applied(business, other)
    business.gets(mail("The gate squeaks", name="5"), "mail/5.eml")
    await business.sweeps()
    answers = {item.title: item.truth for item in repair(await planned(business, other)).items}
    assert answers["The gate squeaks"] is Truth.OPEN  # the file may have been asked instead

    await applied(business, FROM_LOPEZ)
    await business.sweeps()
    business.clock.passes(days=40)
    business.gets(mail("The lock", name="6").replace(b"05 Oct", b"09 Dec"), "mail/6.eml")
    business.gets(
        mail("The key", name="7", sender="Ada <ada@ada.example>").replace(b"05 Oct", b"09 Dec"),
        "mail/7.eml",
    )
    await business.sweeps()
    plan = repair(await planned(business, FROM_LOPEZ))
    answers = {item.title: item.truth for item in plan.items}
    assert answers["The lock"] is Truth.YES
    assert "The key" not in answers  # no: nothing else was in force since it was written


async def test_flows_that_another_file_held_are_known_by_their_digest(
    business: Business, tmp_path: Path
) -> None:
    """Before anything was deployed a copy of the file that ran tells; another does not."""
    copy = tmp_path / "before.yaml"
    copy.write_text(FLOWS, "utf-8")
    told = await planned(business, TOMORROW, against=copy)
    assert "before.yaml ran then" in told.compared_with
    copy.write_text(FLOWS + "# another\n", "utf-8")
    told = await planned(business, TOMORROW, against=copy)
    assert "not known" in told.compared_with


async def test_that_somebody_else_is_asked_is_a_difference(
    business: Business, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing but `approve` differs: who is asked before and now, on a line of its own."""
    await applied(business, FLOWS)
    other = FLOWS.replace("approve: owner", "approve: dispatcher")
    plan = await planned(business, other)
    (answer,) = [o for o in repair(plan).outputs if o.change != "same"]
    show(plan)
    told = capsys.readouterr().out
    assert "\ufffd" not in told
    assert any(line.strip().startswith("asked: owner before") for line in told.splitlines())
    assert (answer.change, answer.before) == ("changed", None)
    assert (answer.approval_before, answer.approval) == ("owner", "dispatcher")
    until = FLOWS.replace("approve: owner", "approve: {by: owner, within: 2d, then: approve}")
    (answer,) = [
        o for o in repair(await planned(business, until)).outputs if o.change != "same"
    ]
    assert answer.approval == "owner within 48 h, then approve"
