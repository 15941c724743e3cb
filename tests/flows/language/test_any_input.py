"""Whatever a file holds: a FlowsFile, or an error that teaches, in bounded time."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from copy import deepcopy
from pathlib import Path

import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jinja2 import nodes
from jinja2.parser import Parser

from flows.errors import FlowsFileError, OperatorError, Place, Problem
from flows.language.alike import read_alike
from flows.language.expressions import compile_condition, render
from flows.language.grammar import _expression, _names_alone
from flows.language.load import decoded, load, parse
from flows.language.sandbox import sandbox
from flows.language.spec import FlowsFile
from flows.language.starter import STARTER
from flows.language.yaml_reader import read
from tests.flows.language.conftest import FLOW, HEAD, STEPS

STARTER_DATA = read(STARTER, "flows.yaml").data
COUNT = int(os.environ.get("JIGAJOB_FUZZ", "75"))
FAST = settings(max_examples=COUNT, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MOST_SECONDS = 5.0

SYNTAX = st.sampled_from(
    [
        *"{}[]():,-&*!|>'\"%@`#?=\n\t \r\0<.~\\_",
        *(
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "  ",
            "- ",
            ": ",
            "<<: ",
            "&a ",
            "*a",
            "!!str ",
            "---\n",
        ),
        *(
            "mail",
            ".kind",
            "steps.",
            "id: ",
            "uses: ",
            "with: ",
            "flows:",
            "not ",
            " is ",
            "if ",
        ),
        *("{% for a in ", "{% endfor %}", "|", "==", "\u2028", "\u00a0", "é", "\U0001d518"),
        *(
            "1e9",
            "null",
            "|upper",
            "|uper",
            "self",
            "__x__",
            "{% set a=1 %}",
            "{% macro a() %}",
        ),
    ]
)
SOUP = st.lists(SYNTAX, max_size=60).map("".join)

KEYS = st.text(max_size=12) | st.sampled_from(["id", "uses", "with"])
ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | SOUP,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def _answer(text: str) -> None:
    started = time.process_time()
    problems: tuple[Problem, ...] = ()
    try:
        assert isinstance(parse(text, Path("flows.yaml")), FlowsFile)
    except FlowsFileError as error:
        problems = error.problems or (Problem(Place("", 0, 0), "", ""),)
    lines = text.count("\n") + text.count("\r") + 2
    for problem in problems:
        assert problem.what
        assert problem.fix
        assert 1 <= problem.where.line <= lines
        assert problem.where.column >= 1
        assert "\n" not in problem.what + problem.fix
    assert time.process_time() - started < MOST_SECONDS


@FAST
@given(st.text(max_size=400) | SOUP)
def test_any_text(text: str) -> None:
    _answer(text)


@FAST
@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    try:
        text = decoded(raw, "flows.yaml")
    except OperatorError:
        return
    _answer(text)


@FAST
@given(st.binary(max_size=200))
def test_any_file(tmp_path_factory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "flows.yaml"
    path.write_bytes(raw)
    with suppress(OperatorError):
        assert isinstance(load(path), FlowsFile)


@FAST
@given(st.data())
def test_a_good_file_with_something_broken_in_it(data: st.DataObject) -> None:
    """One stretch of the starter is replaced by syntax soup."""
    start = data.draw(st.integers(0, len(STARTER)))
    end = data.draw(st.integers(start, min(len(STARTER), start + 30)))
    _answer(STARTER[:start] + data.draw(SOUP) + STARTER[end:])


@FAST
@given(st.data())
def test_a_good_file_with_any_value_in_any_place(data: st.DataObject) -> None:
    """One value, wherever it is, becomes something of any type."""
    tree = deepcopy(STARTER_DATA)
    spot, key = tree, None
    while isinstance(spot, dict | list) and spot:
        parent = spot
        key = data.draw(
            st.sampled_from(list(spot) if isinstance(spot, dict) else range(len(spot)))
        )
        spot = parent[key]
        if data.draw(st.booleans()):
            break
    parent[key] = data.draw(ANY_VALUE)
    _answer(yaml.safe_dump(tree, allow_unicode=True))


@FAST
@given(SOUP | st.text(max_size=80))
def test_any_condition_and_template_in_a_file(text: str) -> None:
    written = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10_000).strip()
    _answer(f"{HEAD}{FLOW}    conditions: [{written}]\n{STEPS}")
    _answer(f"{HEAD}{FLOW}    steps: [{{id: a, uses: job.open, with: {{title: {written}}}}}]\n")


@FAST
@given(SOUP | st.text(max_size=80), ANY_VALUE)
def test_any_expression_on_any_value(text: str, value: object) -> None:
    names = {"mail": {"kind": value, "subject": value}, "steps": value}
    with suppress(OperatorError):
        assert isinstance(render(text, names), str)
    with suppress(OperatorError):
        assert isinstance(compile_condition(text)(names), bool)


PIECES = st.sampled_from(
    [
        "{{ mail.kind }}",
        "{{a}}",
        "{{ not }}",
        "{{ a.b_c.d9 }}",
        "{{ a.not }}",
        "{{ a }}}",
        "{{{ a }}",
        "x",
        "\n",
        "}}",
        "{",
        "{ {",
        " ",
        "{{ a}}",
        "{{  a }}",
        "{{- a }}",
        "{{ A.b }}",
        "{{ _a }}",
    ]
)


@FAST
@given(st.lists(PIECES, max_size=8).map("".join))
def test_the_short_way_reads_templates_as_jinja_does(text: str) -> None:
    short = _names_alone(text)
    if short is not None:
        assert short == Parser(sandbox(), text).parse()


QUOTES = st.sampled_from(
    [
        *("'a'", '"b"', "'it\"s'", "''", "'", '"', "'\\n'", "'é' 'ü'", "'\ue0000\ue000'", "\n"),
        *("mail", " == ", " in ", " and ", " | replace(", ", ", ")", "[", "]", " + ", ".x"),
    ]
)


@FAST
@given(st.lists(QUOTES, max_size=12).map("".join))
@example("+".join(["'a'"] * 450))
def test_conditions_that_differ_in_texts_are_read_as_jinja_does(text: str) -> None:
    alike = read_alike(text, _expression)
    if alike is not None:
        alone = _expression(text)
        assert alike == alone
        assert alike is not read_alike(text, _expression)
        lines = [[each.lineno for each in tree.find_all(nodes.Node)] for tree in (alike, alone)]
        assert lines[0] == lines[1]


FORMS = [
    "{{{{ v{} }}}}",
    "{{% for a in v{} %}}{{{{ a }}}}{{{{ loop.last }}}}{{% endfor %}}",
    "{{% if v{} %}}x{{% endif %}}",
]
OPERATIONS = (
    [
        f" | {name}"
        for name in ("abs", "capitalize", "date", "default", "first", "indent", "int")
    ]
    + [f" | {name}" for name in ("join", "last", "length", "lower", "money", "number", "round")]
    + [f" | {name}" for name in ("title", "trim", "truncate", "upper", "mentions('x')")]
    + [" | replace(v, v)", " | date(v)", " | money(v)", " | truncate(v)", " | round(v)"]
    + [" + v", " - v", " * v", " / v", " // v", " % v", " ~ v", " == v", " < v", " in v"]
    + ["[v]", "[0]", "[1:]", "[v:v:v]", ".year", ".x", ".lower()", ".startswith(v)", " is odd"]
)


@FAST
@given(st.lists(st.sampled_from(OPERATIONS), max_size=3), st.sampled_from(FORMS), ANY_VALUE)
def test_any_operation_on_any_value(operations: list[str], form: str, value: object) -> None:
    with suppress(OperatorError):
        assert isinstance(render(form.format("".join(operations)), {"v": value}), str)
