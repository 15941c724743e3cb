"""The schema, the validator and the starter say the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from anonymizer.text.fields import KEEP_FIELDS
from flows.errors import FlowsFileError
from flows.language.load import load, parse
from flows.language.schema import json_schema
from flows.language.spec import FlowsFile
from flows.language.starter import STARTER
from flows.language.yaml_reader import read
from flows.steps.registry import STEPS
from tests.depth import times
from tests.flows.language.conftest import FLOW, HEAD
from tests.flows.language.conftest import STEPS as JOB

ROOT = Path(__file__).parents[3]
VALIDATOR = Draft202012Validator(json_schema())


def test_the_schema_is_a_schema_and_is_plain_json() -> None:
    schema = json.loads(json.dumps(json_schema()))
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_starter_is_valid_alone_in_a_folder(load_text: Callable[[str], FlowsFile]) -> None:
    file = load_text(STARTER)
    assert [flow.id for flow in file.flows] == ["repair-request", "leads", "supplier-invoice"]
    assert VALIDATOR.is_valid(read(STARTER, "x").data)


def test_what_the_starter_comments_out_is_valid_too(
    load_text: Callable[[str], FlowsFile],
) -> None:
    text, count = re.subn(r"^  # (?=(- |  |bank:))", "  ", STARTER, flags=re.MULTILINE)
    assert count == 11
    assert load_text(text).flows[-1].id == "payments"


def test_the_projects_own_flows_are_valid() -> None:
    path = ROOT / "flows.yaml"
    assert len(load(path).flows) >= 5
    assert list(VALIDATOR.iter_errors(read(path.read_text(encoding="utf-8"), "x").data)) == []


def test_an_editor_is_offered_every_step_and_every_field() -> None:
    definitions = json_schema()["$defs"]
    assert definitions["StepSpec"]["properties"]["uses"]["anyOf"][0]["enum"] == list(STEPS)
    keep = definitions["FlowSpec"]["properties"]["keep"]["items"]["enum"]
    assert keep == [field.name for field in KEEP_FIELDS]


def test_every_key_is_described() -> None:
    """An editor shows the description beside each word that it offers."""
    for name, definition in json_schema()["$defs"].items():
        if name.startswith("with."):
            continue  # the steps' own
        for key, field in definition.get("properties", {}).items():
            assert field.get("description"), f"{name}.{key}"


@pytest.mark.parametrize("uses", STEPS)
def test_the_schema_knows_the_options_of_each_step(uses: str) -> None:
    text = f"{HEAD}{FLOW}    steps: [{{id: a, uses: {uses}, with: {{no_such_option: 1}}}}]\n"
    assert not VALIDATOR.is_valid(read(text, "x").data)


@pytest.mark.parametrize(
    "options",
    [
        "uses: payment.match, with: {days: '{{ 30 + 30 }}'}",
        "uses: job.open, with: {title: '{{ now }}', priority: '{{ now }}'}",
        "uses: notify, with: {to: '{{ business.id }}', text: x}",
        "uses: row.append, with: {table: 't{{ now.year }}', columns: {a: '{{ now }}'}}",
    ],
)
def test_a_template_may_stand_for_any_single_value(options: str) -> None:
    trigger = "transaction: bank" if "payment" in options else "mail: office"
    text = f"{HEAD}{FLOW}    steps: [{{id: a, {options}}}]\n".replace("mail: office", trigger)
    assert VALIDATOR.is_valid(read(text, "x").data)
    assert parse(text, Path("flows.yaml")).flows[0].steps[0].options


WORDS = """
    id name uses with if approve keep retention steps triggers mail transaction path columns
    date amount title fields table text days wiht
"""
KEYS = st.sampled_from(WORDS.split())
VALUES = st.recursive(
    st.sampled_from([None, True, 1, 2.5, "a", "A b", "180d", "folder", "office", "job.open"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=6,
)


@settings(max_examples=times(60), deadline=None)
@given(st.data())
def test_what_the_schema_refuses_the_validator_refuses(data: st.DataObject) -> None:
    """Otherwise an editor would underline what works."""
    tree = read(HEAD + FLOW + JOB, "x").data
    spot: object = tree
    while isinstance(spot, dict | list) and spot:
        parent = spot
        key = data.draw(
            st.sampled_from(list(spot) if isinstance(spot, dict) else range(len(spot)))
        )
        spot = parent[key]
        if data.draw(st.booleans()):
            break
    if isinstance(parent, dict) and data.draw(st.booleans()):
        key = data.draw(KEYS)
    parent[key] = data.draw(VALUES)
    if VALIDATOR.is_valid(tree):
        return
    with pytest.raises(FlowsFileError):
        parse(json.dumps(tree), Path("flows.yaml"))


def test_an_editor_is_offered_what_the_file_has() -> None:
    """Its sources by what they give, its roles, its templates; nothing else is refused."""
    text = HEAD + FLOW + JOB.replace("uses: job.open", "approve: owner, uses: job.open")
    live = json_schema(parse(text, Path("flows.yaml")), ["confirm.txt.j2"])["$defs"]
    assert live["MailTrigger"]["properties"]["mail"]["examples"] == ["office"]
    assert live["TransactionTrigger"]["properties"]["transaction"]["examples"] == ["bank"]
    assert live["StepSpec"]["properties"]["approve"]["examples"] == ["owner"]
    assert live["with.reply.draft"]["properties"]["template"]["examples"] == ["confirm.txt.j2"]
    other = read(text.replace("approve: owner", "approve: dispatcher"), "x").data
    assert VALIDATOR.is_valid(other)
