"""A flow that waits for another's output runs once for each that reaches the state."""

from __future__ import annotations

import pytest

from flows.starts import START, Reached
from tests.flows.business import FLOWS, Business, mail

CHAIN = (
    FLOWS.replace("        approve: owner\n", "")
    + """\
  - id: told
    name: Tell of the job
    triggers: [{output: {flow: repair, step: job, state: sent}}]
    retention: 30d
    steps:
      - id: tell
        uses: notify
        with:
          to: crew
          text: "{{ output.flow }}/{{ output.step }} {{ output.state }}: {{ output.body.title }}
            for {{ output.body.customer }}"
  - id: heard
    name: Write it down
    triggers: [{output: {flow: told, step: tell}}]
    steps:
      - id: row
        uses: row.append
        with: {table: told, columns: {text: "{{ output.body.text }}"}}
"""
)


@pytest.fixture
def office(business: Business) -> Business:
    business.writes(CHAIN)
    return business


async def by(business: Business, flow: str) -> list[dict[str, object]]:
    found = [each.output for each in await business.outputs()]
    return [dict(each.body) for each in found if each.flow == flow]


async def test_a_chain_runs_to_its_end_in_one_sweep(office: Business) -> None:
    """Each link once; what the first flow keeps, the others do not see."""
    await office.sweeps()
    office.gets(mail())
    done = await office.sweeps()
    assert done.started == 2
    [told] = await by(office, "told")
    assert told["text"] == "repair/job sent: The boiler is cold for <CUSTOMER_NAME>"
    assert "Maria Lopez" in str(await by(office, "repair"))
    assert len(await by(office, "heard")) == 1
    for _ in range(3):
        office.clock.passes(minutes=50)
        assert (await office.sweeps()).started == 0


async def test_the_first_sweep_of_all_counts(office: Business) -> None:
    """A trigger looks from the moment before the sweep that brings it its first output."""
    office.gets(mail())
    assert (await office.sweeps()).started == 2


async def test_what_it_keeps_itself_is_passed_on(office: Business) -> None:
    office.writes(
        CHAIN.replace(
            "    retention: 30d\n    steps:\n      - id: tell",
            "    keep: [customer.name]\n    steps:\n      - id: tell",
        )
    )
    office.gets(mail())
    await office.sweeps()
    [told] = await by(office, "told")
    assert str(told["text"]).endswith("for Maria Lopez")
    async with office.open() as app:
        records = [r async for r in app.records.each("start")]
        starts = [await app.records.open(r, START) for r in records]
    kept = {s.flow: (dict(s.kept), s.depth) for s in starts if isinstance(s, Reached)}
    assert kept == {"told": ({"customer.name": "Maria Lopez"}, 1), "heard": ({}, 2)}
    assert "Maria" not in str(await by(office, "heard"))


async def test_what_was_before_the_trigger_starts_nothing(office: Business) -> None:
    """Nobody is written to about last year's jobs because a flow is new."""
    office.writes(FLOWS)
    office.gets(mail())
    await office.sweeps()
    office.clock.passes(minutes=5)
    office.writes(CHAIN)
    assert (await office.sweeps()).started == 0
    office.gets(mail(name="2"), "mail/2.eml")
    assert (await office.sweeps()).started == 2


@pytest.mark.parametrize(
    ("state", "verb", "first", "then"),
    [
        ("waiting", "reject", 1, 0),
        ("rejected", "reject", 0, 1),
        ("approved", "approve", 0, 1),
        ("sent", "approve", 0, 1),
        ("failed", "approve", 0, 0),
        ("rejected", "approve", 0, 0),
        ("approved", "reject", 0, 0),
    ],
)
async def test_each_state_is_met_when_it_comes(
    business: Business, state: str, verb: str, first: int, then: int
) -> None:
    """What a person decides between two sweeps is found by the second."""
    trigger = f"{{output: {{flow: repair, step: answer, state: {state}}}}}"
    business.writes(
        FLOWS
        + f"""\
  - id: told
    name: Tell
    triggers: [{trigger}]
    steps:
      - {{id: tell, uses: notify, with: {{text: "{{{{ output.state }}}}"}}}}
"""
    )
    business.gets(mail())
    assert (await business.sweeps()).started == first
    business.clock.passes(hours=3)
    async with business.open() as app:
        [waits] = [each async for each in app.outbox.list("waiting") if each.output.approver]
        await getattr(app.outbox, verb)(waits.output.id)
        await app.outbox.deliver()
    business.clock.passes(hours=3)
    assert (await business.sweeps()).started == then
    assert (await business.sweeps()).started == 0
    assert [each["text"] for each in await by(business, "told")] == [state] * (first + then)


async def test_a_step_that_fails_starts_what_waits_for_that(business: Business) -> None:
    """Its problem can be told; it had never waited, nor been approved."""
    (business.folder / "templates").mkdir()
    (business.folder / "templates" / "gone.txt").write_text(
        "{{ 1 / (mail.subject | length - mail.subject | length) }}"
    )
    flows = FLOWS.replace('text: "We will come."', "template: gone.txt")
    for state, text in (
        ("failed", "body.problem"),
        ("waiting", "state"),
        ("approved", "state"),
    ):
        flows += f"""\
  - id: {state}
    name: Tell
    triggers: [{{output: {{flow: repair, step: answer, state: {state}}}}}]
    steps:
      - {{id: tell, uses: notify, with: {{text: "{{{{ output.{text} }}}}"}}}}
"""
    business.writes(flows)
    business.gets(mail())
    await business.sweeps()
    [told] = await by(business, "failed")
    assert "cannot be calculated" in str(told["text"])
    assert await by(business, "waiting") == await by(business, "approved") == []


async def test_conditions_look_at_the_output(office: Business) -> None:
    condition = """conditions: ["output.body.title == 'Another'"]"""
    office.writes(
        CHAIN.replace(
            "    retention: 30d\n    steps:\n      - id: tell",
            f"    {condition}\n    steps:\n      - id: tell",
        )
    )
    office.gets(mail())
    assert (await office.sweeps()).started == 0
