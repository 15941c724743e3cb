"""Every step is described well enough for the validator and the reference."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, time
from decimal import Decimal

import pytest

from anonymizer.text.fields import KEEP_FIELDS
from flows.intake.cleaning import ROUTING
from flows.language.kinds import nothing, skippable
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
    "task.add": {"to": "office", "title": "T", "due": "2026-03-14"},
    "file.write": {"to": "papers", "name": "a.txt", "text": "x"},
    "teams.post": {"to": "team", "text": "x"},
    "webhook.call": {"to": "dispatch", "data": {"job": "J-1"}},
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
            told = step.returns(options)
            assert set(found.values) == set(told)
            skipped = {key: skippable(leaf) for key, leaf in told.items()}
            for values, leaves in ((found.values, told), (nothing(told), skipped)):
                assert all(_is(values[key], leaf) for key, leaf in leaves.items())


def _is(value, leaf):
    """A value is what it is said to be, or empty."""
    if leaf.kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    read = {"date": datetime.fromisoformat, "number": Decimal, "time": time.fromisoformat}
    if value and leaf.holds in read:
        read[leaf.holds](value)
    return isinstance(value, str) and (not leaf.choices or value in leaf.choices)


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
