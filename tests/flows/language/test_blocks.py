"""Blocks: steps that several flows use, each fault told once and where it is mended."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.errors import FlowsFileError
from flows.language.inner_steps import InnerStep
from flows.language.load import checked, parse
from flows.language.spec import FlowsFile
from flows.language.versions import flow_version
from tests.depth import times
from tests.flows.language.conftest import FLOW, HEAD

TOP = HEAD.removesuffix("flows:\n")
BLOCKS = """\
blocks:
  tell:
    inputs: {text: text, job: {type: text, default: "", description: its id}}
    steps:
      - {id: note, uses: notify, with: {to: owner, text: "{{ inputs.text }}"}}
      - id: list
        uses: row.append
        if: inputs.job != ''
        approve: dispatcher
        with: {table: told, columns: {job: "{{ inputs.job }}", to: "{{ steps.note.to }}"}}
"""
USE = """\
    steps:
      - {id: job, uses: job.open, with: {title: x}}
      - id: say
        uses: block.tell
        if: mail.automatic == ''
        approve: owner
        with: {text: "Job {{ steps.job.job }}", job: "{{ steps.job.job }}"}
      - {id: end, uses: notify, with: {to: owner, text: "{{ steps.say.list.status }}"}}
"""
Told = Callable[[str], str]


def _file(blocks: str, steps: str) -> FlowsFile:
    return parse(f"{TOP}{blocks}flows:\n{FLOW}{steps}", Path("flows.yaml"))


def test_a_use_becomes_the_steps_of_the_block() -> None:
    steps = _file(BLOCKS, USE).flows[0].steps
    assert [step.id for step in steps] == ["job", "say--note", "say--list", "end"]
    note, listed = (step for step in steps if isinstance(step, InnerStep))
    assert (note.uses, listed.uses) == ("notify", "row.append")
    assert [frame.condition for frame in listed.frames] == ["mail.automatic == ''"]
    assert listed.condition == "inputs.job != ''"


def test_what_the_using_step_says_holds_where_the_block_says_nothing() -> None:
    by_id = {step.id: step for step in _file(BLOCKS, USE).flows[0].steps}
    assert by_id["say--note"].approve == "owner"
    assert by_id["say--list"].approve == "dispatcher"
    assert by_id["end"].approve is None


def test_a_fixed_input_can_name_a_template_file(tmp_path: Path) -> None:
    (tmp_path / "hello.txt").write_text("Hello {{ inputs.who }} {{ steps.first.to }}")
    blocks = """\
blocks:
  greet:
    inputs: {template: text, who: text}
    steps:
      - {id: first, uses: notify, with: {to: owner, text: x}}
      - {id: mail, uses: reply.draft, with: {template: "{{ inputs.template }}"}}
"""
    steps = "    steps: [{id: g, uses: block.greet, with: {template: hello.txt, who: you}}]\n"
    text = f"{TOP}{blocks}flows:\n{FLOW}{steps}"
    file = parse(text, tmp_path / "flows.yaml")
    assert file.flows[0].steps[1].options == {"template": "hello.txt"}
    (tmp_path / "hello.txt").write_text("Hello {{ inputs.whom }}")
    with pytest.raises(FlowsFileError, match=r"hello\.txt:1:10: there is no 'inputs\.whom'"):
        parse(text, tmp_path / "flows.yaml")
    worked_out = text.replace("template: hello.txt", 'template: "{{ mail.subject }}"')
    with pytest.raises(FlowsFileError, match="the name of a template file is fixed"):
        parse(worked_out, tmp_path / "flows.yaml")


def test_blocks_may_use_blocks() -> None:
    blocks = BLOCKS + (
        "  twice:\n"
        "    inputs: {word: text}\n"
        "    steps:\n"
        '      - {id: one, uses: block.tell, with: {text: "1 {{ inputs.word }}"}}\n'
        '      - {id: two, uses: block.tell, if: inputs.word, with: {text: "x", job: y}}\n'
    )
    steps = "    steps: [{id: a, uses: block.twice, with: {word: hi}}]\n"
    made = _file(blocks, steps).flows[0].steps
    assert [step.id for step in made] == [
        *("a--one--note", "a--one--list", "a--two--note", "a--two--list")
    ]
    last = made[-1]
    assert isinstance(last, InnerStep)
    assert [frame.inputs for frame in last.frames] == [
        {"word": "hi"},
        {"text": "x", "job": "y"},
    ]


def _version(blocks: str, steps: str = USE) -> str:
    return flow_version(_file(blocks, steps).flows[0], {}, {})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("to: owner, text", "to: dispatcher, text"),
        ("if: inputs.job != ''", "if: inputs.job == ''"),
        ("id: list", "id: row"),
        ("table: told", "table: others"),
        ('default: ""', "default: none"),
    ],
)
def test_the_version_of_a_flow_changes_with_its_block(old: str, new: str) -> None:
    assert old in BLOCKS
    steps = USE.replace("say.list", "say.note").replace(', job: "{{ steps.job.job }}"', "")
    assert _version(BLOCKS.replace(old, new), steps) != _version(BLOCKS, steps)


def test_the_version_stays_while_the_block_does_the_same() -> None:
    other = "  unused: {steps: [{id: s, uses: notify, with: {to: owner, text: x}}]}\n"
    assert _version(BLOCKS + other) == _version(BLOCKS)
    assert _version(BLOCKS.replace("its id", "the id of the job")) == _version(BLOCKS)


S = "      - {id: s, uses: notify, with: {to: owner, text: x}}\n"
CASES = {
    "no such block": (
        BLOCKS,
        "    steps: [{id: s, uses: block.tel, with: {text: x}}]\n",
        "18:27: there is no block 'tel'\n  fix: use tell, the only one",
    ),
    "no blocks at all": (
        "",
        "    steps: [{id: s, uses: block.tell}]\n",
        "8:27: there is no block 'tell'\n  fix: add it under `blocks`",
    ),
    "a missing input": (
        BLOCKS,
        "    steps: [{id: s, uses: block.tell}]\n",
        "18:13: the block 'tell' needs 'text'\n  fix: add `text:` under `with`",
    ),
    "an input that it has not": (
        BLOCKS,
        "    steps: [{id: s, uses: block.tell, with: {text: x, jb: y}}]\n",
        "18:55: 'jb' is no input of the block 'tell'\n"
        "  fix: did you mean 'job'? use one of job, text",
    ),
    "an input of another kind": (
        BLOCKS.replace("text: text,", "text: text, n: {type: number, default: 1},"),
        "    steps: [{id: s, uses: block.tell, with: {text: x, n: three}}]\n",
        "18:58: the input 'n' must be a number, not text\n"
        '  fix: write digits, or a template: "{{ transaction.amount }}"',
    ),
    "prose for an input that is a number": (
        BLOCKS.replace("text: text,", "text: text, n: {type: number, default: 1},"),
        '    steps: [{id: s, uses: block.tell, with: {text: x, n: "{{ mail.text }}"}}]\n',
        "18:58: the input 'n' must be a number, and 'mail.text' is text as people write it\n",
    ),
    "a list for an input": (
        BLOCKS,
        "    steps: [{id: s, uses: block.tell, with: {text: [x]}}]\n",
        "18:52: the input 'text' must be text, not a list\n  fix: put it in quotes",
    ),
    "an unknown kind of input": (
        BLOCKS.replace("text: text,", "text: txt,"),
        USE,
        "6:20: 'txt' is not a value of 'text'\n"
        "  fix: did you mean 'text'? use one of date, flag, number, text",
    ),
    "a fault in the block": (
        BLOCKS.replace("inputs.text", "inputs.txt"),
        USE + "      - {id: again, uses: block.tell, with: {text: y}}\n",
        "8:62: there is no 'inputs.txt'\n"
        "  fix: did you mean 'inputs.text'? use one of inputs.job, inputs.text",
    ),
    "a step of the flow, read in the block": (
        BLOCKS.replace("steps.note.to", "steps.job.job"),
        USE,
        "13:72: there is no 'steps.job'\n  fix: use steps.note, the only one",
    ),
    "a fault in a block that nothing uses": (
        f"{BLOCKS}  other:\n    steps:\n{S.replace('notify', 'notfy')}",
        USE,
        "16:23: there is no step 'notfy'\n  fix: did you mean 'notify'?",
    ),
    "what the flow does not keep": (
        BLOCKS.replace("{{ inputs.text }}", "{{ customer.name }}"),
        USE,
        "21:15: the block 'tell' does not fit here: this flow does not keep 'customer.name'"
        " (flows.yaml:8:62)\n  fix: add customer.name to its `keep`",
    ),
    "an inner step that is not there": (
        BLOCKS,
        USE.replace("steps.say.list", "steps.say.lst"),
        "25:61: there is no 'steps.say.lst'\n"
        "  fix: did you mean 'steps.say.list'? use one of steps.say.list, steps.say.note",
    ),
    "an inner value that is not there": (
        BLOCKS,
        USE.replace("list.status", "list.stat"),
        "25:61: there is no 'steps.say.list.stat'\n"
        "  fix: did you mean 'steps.say.list.status'? use one of",
    ),
    "inputs outside of a block": (
        BLOCKS,
        USE.replace("{{ steps.say.list.status }}", "{{ inputs.text }}"),
        "25:61: 'inputs' is not there: no webhook triggers this flow and nobody starts it by"
        " hand\n  fix: add a webhook or manual trigger, or use the mail instead",
    ),
    "a block that uses itself": (
        "blocks:\n  a:\n    steps: [{id: s, uses: block.a}]\n",
        "    steps: [{id: s, uses: block.a}]\n",
        "6:27: the block 'a' uses itself\n  fix: remove this step, or use another block",
    ),
    "blocks that use each other": (
        "blocks:\n"
        "  a: {steps: [{id: s, uses: block.b}]}\n"
        "  b: {steps: [{id: s, uses: block.c}]}\n"
        "  c: {steps: [{id: s, uses: block.a}]}\n",
        "    steps: [{id: s, uses: block.c}]\n",
        "5:29: the block 'a' uses itself by way of b, c\n"
        "  fix: remove this step, or use another block",
    ),
    "two steps of one id in a block": (
        f"blocks:\n  a:\n    steps:\n{S}{S}",
        "    steps: [{id: s, uses: block.a}]\n",
        "8:14: another step has the id 's'\n  fix: choose another one; the first is in line 7",
    ),
    "an id that the block's step would have": (
        f"blocks:\n  a:\n    steps:\n{S}",
        "    steps: [{id: b, uses: block.a}, {id: b--s, uses: notify, with: {text: x}}]\n",
        "12:18: the id 'b--s' is that of a step in the block 'a'\n",
    ),
    "ids that are too long together": (
        f"blocks:\n  a:\n    steps:\n{S}".replace("id: s", f"id: {'s' * 40}"),
        f"    steps: [{{id: {'b' * 40}, uses: block.a}}]\n",
        "12:18: with the steps of its block this id is longer than 63 characters\n",
    ),
    "a send in a block, where the source is a folder": (
        f"blocks:\n  a:\n    steps:\n{S}".replace(
            "notify, with: {to: owner, text: x}", "reply.send, with: {text: x}"
        ),
        "    steps: [{id: b, uses: block.a}]\n",
        "7:23: 'reply.send' needs a mailbox, and 'office' is a folder\n",
    ),
}


@pytest.mark.parametrize(("blocks", "steps", "expected"), CASES.values(), ids=CASES)
def test_each_fault_is_told_once_where_it_is_mended(
    blocks: str, steps: str, expected: str, told: Told
) -> None:
    said = told(f"{TOP}{blocks}flows:\n{FLOW}{steps}")
    assert said.startswith(f"flows.yaml:{expected}")
    assert len(re.findall("^flows.yaml", said, re.MULTILINE)) == 1, said


JOBS = "blocks:\n  b: {steps: [{id: j, uses: job.open, with: {title: x}}]}\n"


@pytest.mark.parametrize(
    ("condition", "fights"),
    [("", True), ("    conditions: [mail.kind == 'spam']\n", False)],
)
def test_flows_that_do_one_thing_twice_are_told_through_blocks(
    condition: str, fights: bool
) -> None:
    other = FLOW.replace("id: a", "id: z") + "    conditions: [mail.kind == 'complaint']\n"
    steps = "    steps: [{id: u, uses: block.b}]\n"
    text = f"{TOP}{JOBS}flows:\n{FLOW}{condition}{steps}{other}{steps}"
    found = checked(text, Path("flows.yaml"))
    assert found.file is not None
    told = [each.what for each in found.problems if each.code == "conflict"]
    expected = ["step 'u--j' of flow 'a' (line 5) may open a job for the same mail"]
    assert told == (expected if fights else [])


def test_no_blocks_make_a_bomb(told: Told) -> None:
    ten = ", ".join(f"{{id: s{n}, uses: block.NAME}}" for n in range(10))
    blocks = "".join(
        f"  b{n}: {{steps: [{ten.replace('NAME', f'b{n - 1}')}]}}\n" for n in range(1, 9)
    )
    base = "blocks:\n  b0: {steps: [{id: s, uses: notify, with: {to: owner, text: x}}]}\n"
    started = time.process_time()
    said = told(f"{TOP}{base}{blocks}flows:\n{FLOW}    steps: [{{id: a, uses: block.b8}}]\n")
    assert "the block 'b3' comes to more than 200 steps" in said
    assert "blocks use each other more than 5 deep" in said
    assert time.process_time() - started < 3


def test_a_flow_has_a_bounded_number_of_steps(told: Told) -> None:
    many = ", ".join(
        f"{{id: s{n}, uses: notify, with: {{to: owner, text: x}}}}" for n in range(150)
    )
    uses = "".join(f"      - {{id: u{n}, uses: block.a}}\n" for n in range(7))
    blocks = f"blocks:\n  a: {{steps: [{many}]}}\n"
    said = told(f"{TOP}{blocks}flows:\n{FLOW}    steps:\n{uses}")
    assert "with those of its blocks the flow has more than 1,000 steps" in said


LINKS = st.dictionaries(
    st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefg"), max_size=4), max_size=6
)


@settings(max_examples=times(60), deadline=None)
@given(LINKS, st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=3))
def test_any_blocks_that_use_any_others(links: dict[str, list[str]], used: list[str]) -> None:
    """Whatever uses whatever: all steps in their places, or errors; never without an end."""
    plain = {"uses": "notify", "with": {"to": "owner", "text": "x"}}

    def steps(names: list[str]) -> list[object]:
        calls = [{"id": f"c{n}", "uses": f"block.{name}"} for n, name in enumerate(names)]
        return [*calls, {"id": "own", **plain}]

    blocks = {name: {"steps": steps(names)} for name, names in links.items()}
    flow = {"id": "f", "name": "F", "triggers": [{"mail": "office"}], "steps": steps(used)}
    text = TOP + yaml.safe_dump({"blocks": blocks, "flows": [flow]})

    def count(names: list[str]) -> int:
        return 1 + sum(count(links[name]) for name in names)

    try:
        made = parse(text, Path("flows.yaml")).flows[0].steps
    except FlowsFileError as error:
        assert error.problems  # noqa: PT017
        return
    assert len(made) == count(used)
    assert len({step.id for step in made}) == len(made)
    assert not [step for step in made if step.uses.startswith("block.")]
