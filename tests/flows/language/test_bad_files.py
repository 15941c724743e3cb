"""Every wrong file is told with the place, what is wrong, and what to do: word for word."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from flows.errors import FlowsFileError, Problem
from flows.language.schema import json_schema
from flows.language.yaml_reader import read
from tests.flows.language.conftest import FLOW, HEAD


@dataclass(frozen=True)
class Case:
    title: str
    schema: str
    text: str
    expected: str


def _cases() -> list[Case]:
    written = Path(__file__).with_name("bad_files.txt").read_text(encoding="utf-8")
    cases = []
    for part in re.split(r"^===== ", written, flags=re.MULTILINE)[1:]:
        first, _, rest = part.partition("\n")
        title, schema = first.split(" | ")
        text, expected = rest.split("----- expected\n")
        text = text.replace("%head\n", HEAD).replace("%flow\n", FLOW)
        cases.append(Case(title, schema, text, expected.strip()))
    return cases


CASES = _cases()


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_the_operator_is_told_where_what_and_how(
    case: Case, told: Callable[[str], str]
) -> None:
    assert told(case.text) == case.expected


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_the_schema_says_what_it_can_see(case: Case) -> None:
    if case.schema == "unreadable":
        problems: tuple[Problem, ...]
        try:
            problems = read(case.text, "flows.yaml").problems
        except FlowsFileError as error:
            problems = error.problems
        assert problems
        return
    errors = list(Draft202012Validator(json_schema()).iter_errors(read(case.text, "x").data))
    assert bool(errors) == (case.schema == "refuses")


def test_there_are_many_cases_and_each_tells_a_fix() -> None:
    assert len({case.title for case in CASES}) == len(CASES) >= 80
    for case in CASES:
        lines = case.expected.splitlines()
        assert all(re.match(r"flows\.yaml:\d+:\d+: \S", line) for line in lines[::2]), (
            case.title
        )
        assert all(re.match(r"  fix: \S", line) for line in lines[1::2]), case.title
