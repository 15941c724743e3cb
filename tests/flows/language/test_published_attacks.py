"""Published ways out of Jinja's sandbox and ways to burst a YAML reader lead nowhere.

The cases are read from beside this file, each with the source that published it:
`published_attacks.txt` holds templates, `published_bombs.txt` YAML.
"""

from __future__ import annotations

import re
import time
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.errors import FlowsFileError, OperatorError
from flows.language.expressions import compile_condition, evaluate, render
from flows.language.load import parse
from flows.language.rows import rows_of
from flows.language.tables import Table
from tests.flows.language.conftest import FLOW, HEAD, STEPS

NAMES = {
    "mail": {"subject": "x" * 1000, "text": "y" * 500_000, "to": ["a"] * 900},
    "fn": print,
}
GOOD = HEAD + FLOW + STEPS
UNKNOWN = "is not a key of a flows file"
MOST_SECONDS = 3.0
MOST_BYTES = 200_000_000


@dataclass(frozen=True)
class Case:
    title: str
    source: str
    text: str


def _cases(name: str) -> list[Case]:
    written = Path(__file__).with_name(name).read_text(encoding="utf-8")
    cases = []
    for part in re.split(r"^===== ", written, flags=re.MULTILINE)[1:]:
        first, _, text = part.partition("\n")
        title, source = first.split(" | ")
        cases.append(Case(title, source, text.strip("\n")))
    return cases


def _unrolled(text: str) -> str:
    """Return a bomb as it is thrown: `⟨[*5000⟩` is 5,000 brackets, `⟨good⟩` a sound file."""
    text = re.sub(
        r"⟨(.+?)\*(\d+)⟩", lambda m: m[1].replace("¶", "\n") * int(m[2]), text, flags=re.DOTALL
    )
    text = re.sub(r"⟨U\+([0-9A-F]+)⟩", lambda m: chr(int(m[1], 16)), text)
    return text.replace("⟨good⟩", GOOD)


ATTACKS = _cases("published_attacks.txt")
BOMBS = _cases("published_bombs.txt")
EXPRESSIONS = [
    each for each in ATTACKS if re.fullmatch(r"\{\{(?:(?!\{\{|\{%).)*\}\}", each.text)
]


def named(case: Case) -> str:
    return case.title


@pytest.mark.parametrize("case", ATTACKS, ids=named)
def test_as_a_template_it_is_refused(case: Case) -> None:
    started = time.process_time()
    for run in (render, evaluate):
        with pytest.raises(OperatorError) as caught:
            run(case.text, NAMES)
        assert caught.value.fix
    assert time.process_time() - started < MOST_SECONDS


@pytest.mark.parametrize("case", EXPRESSIONS, ids=named)
def test_as_a_condition_it_is_refused(case: Case) -> None:
    with pytest.raises(OperatorError):
        compile_condition(f"({case.text[2:-2]}) == 1")(NAMES)


@pytest.mark.parametrize("case", ATTACKS, ids=named)
def test_in_a_mail_it_is_only_text(case: Case) -> None:
    """What somebody writes into a mail is shown, whatever it looks like, and never run."""
    names = {"mail": {"subject": case.text}}
    shown = "Re: {{ mail.subject }}"
    assert render(shown, names) == f"Re: {case.text}"
    assert evaluate("{{ mail.subject }}", names) == case.text
    assert render("{{ mail.subject | replace('Re: ', '') | trim }}", names)


def test_most_of_them_are_refused_before_anything_runs() -> None:
    """`jigajob validate` names them; the rest fails when it is worked out, as above."""
    passed = []
    for case in ATTACKS:
        quoted = case.text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        step = f'    steps: [{{id: a, uses: job.open, with: {{title: "{quoted}"}}}}]\n'
        try:
            parse(HEAD + FLOW + step, Path("flows.yaml"))
        except FlowsFileError as error:
            assert all(each.where.line > 7 for each in error.problems), case.title  # noqa: PT017
        else:
            passed.append(case.title)
    assert len(passed) <= 14, passed


@pytest.mark.parametrize("case", BOMBS, ids=named)
def test_a_bomb_is_refused_with_its_place(case: Case) -> None:
    text = _unrolled(case.text)
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(FlowsFileError) as caught:
        parse(text, Path("flows.yaml"))
    spent, (_, peak) = time.process_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent < MOST_SECONDS
    assert peak < MOST_BYTES
    # Not only for the new key at the top, in which most of them lie.
    assert [each for each in caught.value.problems if UNKNOWN not in each.what]
    for problem in caught.value.problems:
        assert 1 <= problem.where.line <= text.count("\n") + text.count("\r") + 1
        assert problem.fix


def test_every_case_has_a_source_and_a_name_of_its_own() -> None:
    for cases, least in ((ATTACKS, 190), (BOMBS, 35)):
        assert len({case.title for case in cases}) == len(cases) >= least
        assert all(case.source.strip() and case.text.strip() for case in cases)


STORED = ["{{ 7*7 }}", "{% for a in 'x' %}{% endfor %}", "{{ mail.__class__ }}", "=1+1"]


@pytest.mark.parametrize("cell", STORED)
def test_in_a_table_or_an_input_it_is_only_text(cell: str) -> None:
    """A cell is a value too; and what a step returned is, when a block is given it."""
    rows = [{"sku": "A", "name": cell}]
    columns = {"sku": "text", "name": "text"}
    table = Table.model_validate({"key": "sku", "columns": columns, "rows": rows})
    names = {"data": rows_of({"t": table}), "inputs": {"given": cell}}
    assert render("{{ data.t['A'].name }}", names) == cell
    assert render("{{ 'A' | lookup('t', 'name') }}", names) == cell
    assert render("{{ inputs.given }}", names) == cell
