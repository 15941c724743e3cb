"""What the steps of a block do: in order, seeing what they were given and each other alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.engine import Engine, FlowRun
from flows.language.load import parse
from flows.model import CleanMessage
from tests.flows.language.conftest import FLOW, HEAD
from tests.flows.test_engine import message

TOP = HEAD.removesuffix("flows:\n")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DATA = 'data: {t: {key: k, columns: {k: text, n: number}, rows: [{k: "A", n: 2.50}]}}\n'
BLOCKS = """\
blocks:
  tell:
    inputs: {what: text, on: {type: date, default: "2026-01-02"}, times: {type: number, default: 2}}
    steps:
      - {id: note, uses: notify, with: {to: owner, text: "{{ inputs.what }}/{{ inputs.times + 1 }}"}}
      - {id: again, uses: notify, if: inputs.times > 2, with: {to: owner, text: "{{ inputs.on | date('short') }} {{ steps.note.to }}"}}
  outer:
    inputs: {word: text}
    steps:
      - {id: first, uses: block.tell, with: {what: "<{{ inputs.word }}>", times: "{{ data.t['A'].n + 1 }}"}}
      - {id: last, uses: notify, with: {to: owner, text: "{{ steps.first.note.status }}{{ steps.first.again.status }}"}}
"""  # noqa: E501 - one line in the file under test


def mail(subject: str = "Leak", automatic: str = "") -> CleanMessage:
    return CleanMessage(
        id="m1",
        source="office",
        folder="in",
        thread="t",
        received_at=NOW,
        sent_at=NOW,
        kind="other",
        automatic=automatic,  # type: ignore[arg-type]  # a word of the model
        subject=subject,
        text="t",
        new_text="t",
        attachments=(),
    )


def ran(steps: str, item: CleanMessage | None = None) -> FlowRun:
    text = f"{TOP}{DATA}{BLOCKS}flows:\n{FLOW}    steps:\n{steps}"
    engine = Engine(parse(text, Path("flows.yaml")), {})
    [flow] = engine.named(["a"])
    return engine.run(flow, item or mail(), now=NOW)


def texts(run: FlowRun) -> dict[str, str]:
    return {each.step: str(each.body.get("text", each.body)) for each in run.outputs}


def test_the_steps_of_a_block_read_what_it_is_given_and_each_other() -> None:
    run = ran(
        '      - {id: s, uses: block.tell, with: {what: "{{ mail.subject }}", times: 3}}\n'
    )
    assert texts(run) == {"s--note": "Leak/4", "s--again": "1/2/2026 owner"}


def test_a_default_and_an_if_in_the_block_hold() -> None:
    run = ran("      - {id: s, uses: block.tell, with: {what: x}}\n")
    assert texts(run) == {"s--note": "x/3"}
    assert run.values["s--again"] == {"status": "", "to": ""}


def test_blocks_in_blocks_see_their_own_inputs() -> None:
    run = ran("      - {id: o, uses: block.outer, with: {word: hi}}\n")
    said = texts(run)
    assert said["o--first--note"] == "<hi>/4.5"
    assert said["o--first--again"] == "1/2/2026 owner"
    status = run.values["o--first--note"]["status"]
    assert said["o--last"] == f"{status}{status}"


def test_an_if_on_the_use_holds_for_every_step_and_later_steps_read_nothing() -> None:
    use = "      - {id: s, uses: block.outer, if: mail.automatic == '', with: {word: hi}}\n"
    text = '"[{{ steps.s.first.note.to }}]"'
    end = f"      - {{id: e, uses: notify, with: {{to: owner, text: {text}}}}}\n"
    assert texts(ran(use + end, mail(automatic="auto-replied"))) == {"e": "[]"}
    assert texts(ran(use + end))["e"] == "[owner]"


def test_a_mail_that_looks_like_a_template_is_text_in_a_block_too() -> None:
    evil = "{{ business.people }} {% for a in 'xx' %}y{% endfor %}"
    run = ran(
        '      - {id: s, uses: block.outer, with: {word: "{{ mail.subject }}"}}\n', mail(evil)
    )
    assert texts(run)["s--first--note"] == f"<{evil}>/4.5"


def test_an_input_that_is_not_what_the_block_takes_fails_the_flow_without_its_value() -> None:
    use = '      - {id: s, uses: block.tell, with: {what: x, times: "{{ mail.folder }}"}}\n'
    [failed] = ran(use, replace(mail(), folder="Ada Lovelace")).outputs
    assert (failed.state, failed.step) == ("failed", "s--note")
    assert failed.body["problem"] == "the input 'times' of the block 'tell' is not a number"
    assert "Ada" not in str(failed.body)


def test_the_same_mail_gives_the_same_outputs_and_two_uses_give_two() -> None:
    uses = "".join(f"      - {{id: {n}, uses: block.tell, with: {{what: x}}}}\n" for n in "bc")
    first, second = ran(uses), ran(uses)
    ids = [each.id for each in first.outputs]
    assert ids == [each.id for each in second.outputs]
    assert len(set(ids)) == 2


@pytest.mark.parametrize(("key", "number", "runs"), [("A", 2.5, True), ("A", 3, False)])
def test_a_table_is_read_in_the_conditions_of_a_flow(
    key: str, number: float, runs: bool
) -> None:
    same = f"data.t[mail.subject].n == {number}"
    condition = f'    conditions: ["\'{key}\' in data.t", "{same}"]\n'
    step = "    steps: [{id: s, uses: notify, with: {to: owner, text: x}}]\n"
    file = parse(f"{TOP}{DATA}flows:\n{FLOW}{condition}{step}", Path("flows.yaml"))
    matches = Engine(file, {}).matching(message("A"), now=NOW)
    assert (len(matches.flows), matches.undecided) == (int(runs), ())


@pytest.mark.parametrize("kind", ["approve: owner", ""])
def test_approval_of_the_use_is_asked_for_every_step(kind: str) -> None:
    said = f"{kind}, " if kind else ""
    run = ran(f"      - {{id: s, uses: block.tell, {said}with: {{what: x, times: 3}}}}\n")
    assert {each.state for each in run.outputs} == {"waiting" if kind else "approved"}
