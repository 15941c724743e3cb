"""Own recognisers of a flows file become rules; what their tests say is not repeated."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from jsonschema import Draft202012Validator

from flows.errors import FlowsFileError
from flows.language.own_rules import own_rules
from flows.language.schema import json_schema
from flows.language.spec import FlowsFile
from flows.language.yaml_reader import read
from tests.flows.language.conftest import FLOW, HEAD
from tests.flows.language.conftest import STEPS as JOB

BLOCK = r"""anonymizer:
  recognisers:
    - name: member number
      label: MEMBER_NUMBER
      pattern: '\bHM-\d{5}\b'
      reason: a member's number
      context: [member]
      check: luhn
      tests:
        finds: [Member no. HM-00000]
        leaves: [Part HM-00000]
"""
FILE = HEAD.replace("flows:\n", BLOCK + "flows:\n") + FLOW + JOB


def test_rows_become_rules(load_text: Callable[[str], FlowsFile]) -> None:
    (rule,) = own_rules(load_text(FILE))
    assert (rule.name, rule.label) == ("own: member number", "MEMBER_NUMBER")
    assert (rule.pattern, rule.context) == (r"\bHM-\d{5}\b", ("member",))
    assert rule.check is not None
    assert rule.reason == "a member's number"


def test_a_file_without_the_block_has_none(load_text: Callable[[str], FlowsFile]) -> None:
    assert own_rules(load_text(HEAD + FLOW + JOB)) == ()


def test_the_schema_knows_the_block() -> None:
    validator = Draft202012Validator(json_schema())
    assert validator.is_valid(read(FILE, "x").data)
    assert not validator.is_valid(read(FILE.replace("MEMBER_NUMBER", "member"), "x").data)


def test_no_test_text_is_repeated_in_an_error(load_text: Callable[[str], FlowsFile]) -> None:
    for wrong in (
        FILE.replace("[Member no. HM-00000]", "[Anna]"),
        FILE.replace("[Part HM-00000]", "{Anna: 1}"),
    ):
        with pytest.raises(FlowsFileError) as error:
            load_text(wrong)
        assert "Anna" not in str(error.value)
