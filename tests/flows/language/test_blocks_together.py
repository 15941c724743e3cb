"""Blocks with the other words of the language: kept fields, inputs, outputs, outlets."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.engine import Engine
from flows.language.load import checked, parse
from flows.starts import Call, InputValue
from tests.flows.language.conftest import FLOW, HEAD

TOP = HEAD.removesuffix("flows:\n")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TELL = """\
blocks:
  tell:
    inputs: {what: text}
    steps: [{id: note, uses: notify, with: {to: owner, text: "{{ inputs.what }}"}}]
  outer:
    steps: [{id: in, uses: job.open, with: {title: "{{ site.address }}"}}]
"""
MANUAL = """\
flows:
  - id: a
    name: A
    triggers: [{manual: true}]
    inputs: {what: {type: text, required: true}, size: {type: number, required: true}}
    steps:
"""


def problems(text: str) -> list[tuple[str, str]]:
    return [(each.code, each.what) for each in checked(text, Path("flows.yaml")).problems]


@pytest.mark.parametrize(
    ("use", "unused"),
    [
        ("{id: s, uses: block.outer}", []),
        ("{id: s, uses: block.tell, with: {what: '{{ site.address }}'}}", []),
        ("{id: s, uses: block.tell, with: {what: x}}", ["site.address"]),
    ],
    ids=["in the block", "in what it is given", "nowhere"],
)
def test_what_is_kept_and_unused_is_told_with_the_texts_of_blocks(
    use: str, unused: list[str]
) -> None:
    text = f"{TOP}{TELL}flows:\n{FLOW}    keep: [site.address]\n    steps: [{use}]\n"
    expected = [("unused", f"'{name}' is kept, and nothing uses it") for name in unused]
    assert problems(text) == expected


def test_the_inputs_of_a_block_hide_those_of_the_flow() -> None:
    steps = """\
      - id: own
        uses: notify
        with: {to: owner, text: "{{ inputs.what }} {{ inputs.size + 1 }}"}
      - {id: s, uses: block.tell, with: {what: "<{{ inputs.what }}>"}}
"""
    engine = Engine(parse(TOP + TELL + MANUAL + steps, Path("flows.yaml")), {})
    [flow] = engine.named(["a"])
    given = {"what": InputValue("text", "hot"), "size": InputValue("number", "2")}
    call = Call(id="c1", flow="a", by="", at=NOW, inputs=given)

    run = engine.run(flow, call, now=NOW)

    assert [(each.step, each.body["text"]) for each in run.outputs] == [
        ("own", "hot 3"),
        ("s--note", "<hot>"),
    ]


def test_a_block_does_not_see_the_inputs_of_the_flow() -> None:
    """It would fit that one flow alone; what it needs, it is given."""
    block = TELL.replace("{{ inputs.what }}", "{{ inputs.size }}")
    use = "      - {id: s, uses: block.tell, with: {what: x}}\n"
    [(code, what)] = problems(TOP + block + MANUAL + use)
    assert (code, what) == ("name", "there is no 'inputs.size'")


def test_an_output_of_a_step_in_a_block_starts_another_flow() -> None:
    """By the whole id, which is the one that outputs have."""
    step = "{id: s, uses: block.tell, with: {what: x}}"
    uses = f"{TOP}{TELL}flows:\n{FLOW}    steps: [{step}]\n"
    other = """\
  - id: b
    name: B
    triggers: [{output: {flow: a, step: STEP, state: sent}}]
    steps: [{id: t, uses: notify, with: {to: owner, text: "{{ output.body.text }}"}}]
"""
    assert problems(uses + other.replace("STEP", "s--note")) == []
    assert problems(uses + other.replace("STEP", "s")) == [
        ("trigger", "the flow 'a' has no step 's'")
    ]


def test_a_step_in_a_block_puts_work_only_where_there_is_an_outlet() -> None:
    call = "{id: c, uses: webhook.call, with: {to: out, data: {a: b}}}"
    block = f"blocks:\n  call: {{steps: [{call}]}}\n"
    use = f"flows:\n{FLOW}    steps: [{{id: s, uses: block.call}}]\n"
    outlet = (
        "outlets: {out: {uses: http, url: 'vault:dispatch-address', token: 'vault:token'}}\n"
    )
    assert problems(TOP + outlet + block + use) == []
    assert problems(TOP + block + use) == [
        ("outlet", "'out' is nothing under outlets that `uses: http`")
    ]
