"""Flows run again over what is stored: what is out stays out once, what waits gives way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from anonymizer.text.cleaner import Cleaner
from flows.deployments import Deployments
from flows.errors import OperatorError
from flows.language.load import load_whole
from flows.replaying import Replayed, Wish
from flows.replays import Chosen, ReplayDone
from flows.work.books import Books
from portal.wiring import App
from tests.flows.business import FLOWS, Business, mail

TELL = '      - {id: tell, uses: notify, with: {to: owner, text: "Boiler."}}\n'

WEEKLY = """\
  - id: weekly
    name: Tell what the week brings
    triggers: [{schedule: "0 8 * * mon"}]
    steps: [{id: job, uses: notify, with: {to: owner, text: Monday.}}]
"""


@pytest.fixture
async def business(tmp_path: Path, cleaner: Cleaner) -> Business:
    """A job that is open, and a draft that waits."""
    made = Business(tmp_path, cleaner)
    made.writes(FLOWS)
    made.gets(mail())
    await made.sweeps()
    return made


async def replayed(business: Business, *, dry: bool = False, **wish: Any) -> Replayed:
    """Replay the one mail with the flows file as it is now."""

    async def run(app: App) -> ReplayDone:
        replays = app.replays(app.flows.loaded)
        asked = Wish(**wish)
        replays.check(asked)
        ids = [record.id async for record in app.records.each("message")]
        chosen = Chosen(await replays.named(ids), asked)
        if dry:
            return await replays.look(chosen)
        return await replays.run(chosen, runner=lambda _, piece: piece, tell=lambda _: None)

    done: ReplayDone = await business.asks(run)
    assert not done.troubles
    return done.items[0]


async def states(business: Business) -> list[tuple[str, str]]:
    outputs = [each.output for each in await business.outputs()]
    return sorted((each.step, each.state) for each in outputs)


def fates(replayed: Replayed) -> dict[str, str]:
    return {piece.output.step: piece.fate for piece in replayed.pieces}


async def decided(business: Business, verb: str, step: str) -> None:
    for posted in await business.outputs():
        if posted.output.step == step and posted.output.state in ("waiting", "failed"):
            await business.asks(lambda app, i=posted.output.id: getattr(app.outbox, verb)(i))
    await business.asks(lambda app: app.outbox.deliver())


async def test_the_same_flows_change_nothing(business: Business) -> None:
    before = await states(business)
    assert fates(await replayed(business)) == {"job": "out", "answer": "same"}
    assert await states(business) == before


async def test_what_waits_gives_way_and_what_is_out_stays(business: Business) -> None:
    """The draft is made anew, the old one is closed and says by what; the job is one."""
    business.writes(FLOWS.replace("We will come.", "We come tomorrow."))
    done = await replayed(business)
    assert fates(done) == {"job": "out", "answer": "new"}
    assert await states(business) == [
        ("answer", "rejected"),
        ("answer", "waiting"),
        ("job", "sent"),
    ]
    outputs = {each.output.id: each.output for each in await business.outputs()}
    (old,) = done.closed
    (new,) = done.made
    assert outputs[old].superseded_by == new.id
    assert "tomorrow" in str(outputs[new.id].body)


async def test_going_back_brings_back_what_gave_way(business: Business) -> None:
    """As often as somebody changes their mind; one draft waits at a time."""
    for text in ("We come tomorrow.", "We will come.", "We come tomorrow."):
        business.writes(FLOWS.replace("We will come.", text))
        assert fates(await replayed(business)) == {"job": "out", "answer": "new"}
        outputs = [each.output for each in await business.outputs()]
        (draft,) = [each for each in outputs if each.state == "waiting"]
        assert text in str(draft.body)
    assert len(outputs) == 3


async def test_what_was_approved_or_sent_is_never_made_again(business: Business) -> None:
    await decided(business, "approve", "answer")
    for text in ("We come tomorrow.", "We come on Monday."):
        business.writes(FLOWS.replace("We will come.", text))
        assert fates(await replayed(business)) == {"job": "out", "answer": "out"}
    assert await states(business) == [("answer", "sent"), ("job", "sent")]


async def test_what_a_person_rejected_comes_back_waiting(business: Business) -> None:
    """Also where the step asks nobody any more."""
    await decided(business, "reject", "answer")
    business.writes(FLOWS.replace("We will come.", "We come.").replace("approve: owner", ""))
    (made,) = (await replayed(business)).made
    assert (made.step, made.state, made.approver) == ("answer", "waiting", "owner")
    business.writes(FLOWS.replace("We will come.", "Come.").replace("approve: owner", ""))
    (made,) = (await replayed(business)).made
    assert made.state == "waiting"


async def test_a_dry_run_writes_nothing(business: Business) -> None:
    business.writes(FLOWS.replace("We will come.", "We come tomorrow."))
    before = await states(business)
    assert fates(await replayed(business, dry=True)) == {"job": "out", "answer": "new"}
    assert await states(business) == before


async def test_steps_before_the_first_are_computed_and_not_put_out(business: Business) -> None:
    """What comes after them reads what they give."""
    later = FLOWS.replace("We will come.", "It is {{ steps.job.job }}.") + TELL
    business.writes(later)
    done = await replayed(business, flow="repair", step="tell")
    assert fates(done) == {"tell": "new"}
    done = await replayed(business, flow="repair", step="answer")
    assert "It is J-" in str(done.made[0].body)


async def test_a_step_that_uses_a_block_stands_for_its_steps(business: Business) -> None:
    block = """\
      - {id: told, uses: block.tell}
blocks:
  tell:
    steps:
      - {id: owner, uses: notify, with: {to: owner, text: "Boiler."}}
      - {id: crew, uses: notify, with: {to: crew, text: "Boiler."}}
"""
    business.writes(FLOWS + block)
    done = await replayed(business, flow="repair", step="told")
    assert fates(done) == {"told--owner": "new", "told--crew": "new"}
    done = await replayed(business, flow="repair", step="told--crew")
    assert fates(done) == {"told--crew": "out"}
    with pytest.raises(OperatorError, match="no step 'tol'"):
        await replayed(business, flow="repair", step="tol")


async def test_a_step_by_another_name_is_not_taken_for_a_new_one(business: Business) -> None:
    """It is put out only where a person says that it does other work."""
    await decided(business, "approve", "answer")
    business.writes(FLOWS.replace("id: answer", "id: reply"))
    done = await replayed(business)
    assert fates(done) == {"job": "out", "reply": "renamed"}
    assert done.pieces[1].of == "repair/answer"
    assert await states(business) == [("answer", "sent"), ("job", "sent")]
    assert fates(await replayed(business, new=frozenset({"reply"})))["reply"] == "new"


async def test_a_step_that_was_rejected_does_not_do_the_work_of_its_successor(
    business: Business,
) -> None:
    """It has done its work under the other name, and is not to do it again under the old."""
    await decided(business, "reject", "answer")
    business.writes(FLOWS.replace("id: answer", "id: reply"))
    assert fates(await replayed(business))["reply"] == "new"
    await decided(business, "approve", "reply")
    business.writes(FLOWS.replace("We will come.", "We come."))
    assert fates(await replayed(business))["answer"] == "renamed"


async def test_what_waits_of_a_step_that_is_no_more_is_closed(business: Business) -> None:
    """Else somebody could let go what the flow does not do any more, or does elsewhere."""
    business.writes(FLOWS.replace("id: answer", "id: reply"))
    assert fates(await replayed(business)) == {"job": "out", "reply": "new"}
    assert await states(business) == [
        ("answer", "rejected"),
        ("job", "sent"),
        ("reply", "waiting"),
    ]


async def test_what_waits_of_a_step_that_does_nothing_now_is_closed(business: Business) -> None:
    off = "uses: reply.draft\n        if: not mail.subject"
    business.writes(FLOWS.replace("uses: reply.draft", off))
    done = await replayed(business)
    assert (fates(done), len(done.closed)) == ({"job": "out"}, 1)
    assert await states(business) == [("answer", "rejected"), ("job", "sent")]


async def test_a_flow_by_another_name_is_not_taken_for_a_new_one(business: Business) -> None:
    business.writes(FLOWS.replace("id: repair", "id: boilers"))
    assert (await replayed(business)).left == {
        "repair": "it is not among the flows that run now"
    }
    done = await replayed(business, flow="boilers")
    assert set(fates(done).values()) == {"renamed"}


async def test_a_step_that_failed_and_goes_well_now_is_closed(
    tmp_path: Path, cleaner: Cleaner
) -> None:
    """So nobody has to reject its report."""
    business = Business(tmp_path, cleaner)
    bad = FLOWS.replace("We will come.", "{{ 1 // (mail.subject | length - 18) }}")
    business.writes(bad)
    business.gets(mail())
    await business.sweeps()
    assert ("answer", "failed") in await states(business)
    business.writes(FLOWS)
    done = await replayed(business)
    assert fates(done)["answer"] == "new"
    assert [state for step, state in await states(business) if step == "answer"] == [
        "rejected",
        "waiting",
    ]


async def test_what_a_doubt_held_back_a_replay_holds_back(
    tmp_path: Path, cleaner: Cleaner
) -> None:
    """Nobody can judge the sender again; what was found then counts."""
    business = Business(tmp_path, cleaner)
    business.writes(FLOWS)
    business.gets(mail(sender="Hudson <office@huds0n.example>"))
    await business.sweeps()
    assert await states(business) == [("answer", "waiting"), ("job", "waiting")]
    business.writes(FLOWS.replace("{{ mail.subject }}", "Boiler: {{ mail.subject }}"))
    done = await replayed(business)
    assert {output.step: output.state for output in done.made} == {
        "job": "waiting",
        "answer": "waiting",
    }
    assert done.made[0].body["reasons"]


async def test_mail_that_goes_out_by_itself_waits_in_a_replay(business: Business) -> None:
    sends = FLOWS.replace("reply.draft", "reply.send").replace("approve: owner", "")
    imap = "uses: imap, address: office@hudson.example, host: mail.example"
    smtp = "password: 'env:OFFICE', smtp: {host: mail.example}"
    path = business.folder / "other.yaml"
    path.write_text(sends.replace("uses: folder, path: mail", f"{imap}, {smtp}"))

    async def run(app: App) -> Sequence[Replayed]:
        replays = app.replays(load_whole(path))
        ids = [record.id async for record in app.records.each("message")]
        chosen = Chosen(await replays.named(ids), Wish())
        return (await replays.look(chosen)).items

    (done,) = await business.asks(run)
    assert [(each.step, each.state) for each in done.made] == [("answer", "waiting")]


async def test_of_two_replays_of_two_versions_at_once_one_sends(business: Business) -> None:
    """Each sees what the other has put out, or comes second."""
    flows = business.folder / "flows.yaml"
    versions = []
    for number in range(4):
        flows.write_text(FLOWS + TELL.replace("Boiler.", f"Boiler {number}."))
        versions.append(load_whole(flows))

    async def run(app: App) -> list[Replayed]:
        ids = [record.id async for record in app.records.each("message")]
        each = [app.replays(loaded)._replay for loaded in versions]
        return await asyncio.gather(
            *(replay.run("message", ids[0], Wish(), Books()) for replay in each)
        )

    done = await business.asks(run)
    made = [output for each in done for output in each.made if output.step == "tell"]
    assert len(made) == 1


async def test_a_replay_is_recorded_with_what_it_closed(business: Business) -> None:
    business.writes(FLOWS.replace("We will come.", "We come tomorrow."))
    done = await replayed(business)

    async def entries(app: App) -> list[Any]:
        return [each.entry async for each in app.audit.log.entries()]

    found = {each.action: each for each in await business.asks(entries)}
    assert set(found["flows.replay"].subjects) == {done.item, done.made[0].id}
    assert found["output.supersede"].subjects == done.closed
    assert found["flows.replay"].actor.startswith("cli:")


async def test_a_flow_whose_time_is_over_does_not_run_again(business: Business) -> None:
    """A copy elsewhere lets the mail live on, and what the first flow sent is forgotten."""
    both = (
        FLOWS.replace(
            "  office: {uses: folder, path: mail}",
            "  office: {uses: folder, path: mail}\n  second: {uses: folder, path: second}",
        )
        + """\
  - id: longer
    name: Keep it longer
    triggers: [{mail: second}]
    retention: 1y
    steps: [{id: tell, uses: notify, with: {to: owner, text: "Boiler."}}]
"""
    )
    business.writes(both)
    business.gets(mail(), "second/1.eml")
    await business.sweeps()
    business.clock.passes(days=40)
    done = await replayed(business)
    assert "retention" in done.left["repair"]
    assert fates(done) == {"tell": "out"}


@pytest.mark.parametrize(
    ("wish", "what"),
    [
        ({"flow": "nosuch"}, "no flow 'nosuch'"),
        ({"flow": "weekly"}, "'weekly' runs for neither mail nor movements"),
        ({"step": "job"}, "of which flow"),
        ({"flow": "repair", "step": "jbo"}, "no step 'jbo'"),
        ({"new": frozenset({"jbo"})}, "no step 'jbo'"),
    ],
)
async def test_a_wish_that_fits_nothing_is_refused(
    business: Business, wish: dict[str, Any], what: str
) -> None:
    business.writes(FLOWS + WEEKLY)
    with pytest.raises(OperatorError, match=what):
        await replayed(business, **wish)


async def test_what_is_deployed_runs_whatever_the_file_says(business: Business) -> None:
    """And the number of it is known to the run."""

    async def deploy(app: App) -> None:
        loaded = load_whole(business.settings.flows)
        await Deployments(app.records).deploy(loaded, app.audit, app.clock.now(), over=0)

    await business.asks(deploy)
    business.writes(FLOWS.replace("We will come.", "Never."))
    business.gets(mail(name="2"), "mail/2.eml")
    await business.sweeps()
    drafts = [e.output for e in await business.outputs() if e.output.step == "answer"]
    assert len(drafts) == 2
    assert {output.flow_version for output in drafts} == {drafts[0].flow_version}
    assert not any("Never" in str(output.body) for output in drafts)
    assert await business.asks(_number) == 1


async def _number(app: App) -> int:
    return app.flows.number
