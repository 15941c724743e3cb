"""From a mail through its flow, the store and a passing clock: whole sweeps, as they run."""

from __future__ import annotations

import json

import pytest

from flows.errors import TransientError
from flows.outbox import record as outbox_record
from tests.flows.business import FLOWS, Business, mail

HEAD = FLOWS[: FLOWS.index("    retention: 30d")]


async def test_a_step_for_each_of_a_hundred_makes_a_hundred_outputs_once(
    business: Business,
) -> None:
    """More than a batch of the store takes; swept again, and met again, it makes no more."""
    items = ",".join(map(str, range(100)))
    business.writes(
        f"{HEAD}    steps:\n      - {{id: n, uses: notify, foreach: '[{items}]',"
        " with: {text: 'no. {{ item }}'}}\n"
    )
    business.gets(mail())
    await business.sweeps()
    await business.sweeps()
    outputs = await business.outputs()
    assert len({each.output.body["text"] for each in outputs}) == len(outputs) == 100
    assert {each.output.state for each in outputs} == {"sent"}


async def test_stopped_between_two_batches_it_is_made_whole_by_the_next_sweep(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored before the mail was is not made a second time."""
    monkeypatch.setattr(outbox_record, "AT_ONCE", 2)
    business.writes(
        f"{HEAD}    steps:\n      - {{id: n, uses: notify, foreach: '[1,2,3,4,5]',"
        " with: {text: 'no. {{ item }}'}}\n"
    )
    business.gets(mail())
    put_out, calls = outbox_record.put_out, []

    async def stops(*given: object, **how: object) -> bool:
        calls.append(given)
        if len(calls) == 3:
            raise TransientError("the machine went down")
        return await put_out(*given, **how)  # type: ignore[arg-type]  # as it is given

    with monkeypatch.context() as patched:
        patched.setattr(outbox_record, "put_out", stops)
        assert "office" in (await business.sweeps()).troubles
    assert await business.messages() == []
    await business.sweeps()
    texts = [each.output.body["text"] for each in await business.outputs()]
    assert sorted(map(str, texts)) == [f"no. {number}" for number in range(1, 6)]


ANSWERS = """\
    concurrency: KEY
    retention: 30d
    steps:
      - id: answer
        uses: reply.draft
        with: {text: "We come."}
        approve: {by: owner, within: 2d, then: THEN}
      - {id: job, uses: job.open, with: {title: Visit}}
"""


async def test_the_steps_of_one_thread_wait_for_each_other_and_for_the_owner(
    business: Business,
) -> None:
    """A second mail of the thread, too; the mail of another customer does not."""
    lines = ANSWERS.replace("KEY", "thread").replace("THEN", "approve")
    business.writes(HEAD + lines)
    business.gets(mail(name="1"), "mail/1.eml")
    await business.sweeps()
    business.clock.passes(hours=1)
    business.gets(mail("Re: The boiler is cold", name="2", reply_to="1"), "mail/2.eml")
    await business.sweeps()
    states = [(each.output.step, each.output.state) for each in await business.outputs()]
    assert sorted(states) == [("answer", "waiting")] * 2 + [("job", "approved")] * 2

    business.clock.passes(days=2)
    await business.sweeps()
    await business.sweeps()
    outputs = [each for each in await business.outputs() if each.output.flow == "repair"]
    assert {each.output.state for each in outputs} == {"sent"}


async def test_a_deadline_is_kept_by_the_sweep_that_comes_after_it(business: Business) -> None:
    """It is told to the owner, shown until then, and in the log with its authority."""
    lines = ANSWERS.replace("KEY", "customer").replace("THEN", "reject")
    business.writes(HEAD + lines)
    business.gets(mail())
    await business.sweeps()
    (waiting,) = [each for each in await business.outputs() if each.output.state == "waiting"]
    deadline = waiting.output.terms.deadline
    assert deadline is not None
    business.clock.time = deadline.at
    done = await business.sweeps()
    assert done.delivered["sent"] == 2  # the job that waited behind it, and the notice
    states = {each.output.step: each.output.state for each in await business.outputs()}
    assert states == {"answer": "rejected", "job": "sent", "outbox": "sent"}
    told = (business.settings.home / "notices.log").read_text().splitlines()
    assert "does not go out" in json.loads(told[-1])["text"]
    assert "Lopez" not in told[-1]
