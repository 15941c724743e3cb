"""Every step is described well enough for the validator and the reference."""

from __future__ import annotations

import subprocess
import sys

import pytest

from anonymizer.text.fields import KEEP_FIELDS
from flows.intake.cleaning import ROUTING
from flows.steps.registry import STEPS
from tests.flows.steps.contexts import context, mail, payment

PLAIN = {
    "extract": {"fields": {"site": "address", "day": "date"}},
    "job.open": {"title": "T"},
    "reply.draft": {"text": "Hello"},
    "reply.send": {"text": "Hello"},
    "mail.draft": {"to": "a@b.example", "subject": "S", "text": "Hello"},
    "mail.send": {"to": "a@b.example", "subject": "S", "text": "Hello"},
    "mail.mark": {"category": "JigAjob"},
    "invoice.record": {},
    "quote.send": {"books": "books", "lines": [{"text": "Hello"}]},
    "invoice.open": {"books": "books", "lines": [{"text": "Hello"}]},
    "payment.match": {},
    "event.add": {"title": "T", "start": "2026-03-14 09:00"},
    "row.append": {"table": "leads", "columns": {"a": "b"}},
    "notify": {"text": "x"},
}


def test_all_steps_are_there_under_their_names():
    assert set(STEPS) == set(PLAIN)
    assert all(step.uses == name for name, step in STEPS.items())


@pytest.mark.parametrize("name", PLAIN)
def test_every_step_and_every_option_says_what_it_is(name):
    step = STEPS[name]
    assert step.summary.endswith(".")
    assert step.options.__doc__
    for option, field in step.options.model_fields.items():
        assert field.description or option == "notes", option


@pytest.mark.parametrize("name", PLAIN)
def test_a_step_returns_what_it_says_it_returns(name):
    step = STEPS[name]
    options = step.options.model_validate(PLAIN[name])
    assert step.returns(options) == step.returns(PLAIN[name])
    for kind, item in (("mail", mail("Hello")), ("transaction", payment())):
        if kind in step.on:
            found = step.run(context(item, kept={"customer.email": "a@b.example"}), options)
            assert set(found.values) == step.returns(options)


@pytest.mark.parametrize("name", PLAIN)
def test_the_same_item_gives_the_same_result(name):
    step = STEPS[name]
    options = step.options.model_validate(PLAIN[name])
    item = mail("Invoice INV-7, total $5.00") if "mail" in step.on else payment()
    assert step.run(context(item), options) == step.run(context(item), options)


def test_needs_are_fields_that_can_be_kept():
    known = {field.name for field in KEEP_FIELDS} | ROUTING
    assert all(step.needs <= known for step in STEPS.values())


def test_the_registry_loads_without_the_heavy_libraries():
    heavy = [
        "dateparser",
        "phonenumbers",
        "price_parser",
        "presidio_analyzer",
        "spacy",
        "prefect",
    ]
    code = (
        "import sys, flows.steps.registry\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"
