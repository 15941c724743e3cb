"""Inputs are read by their types; what does not fit is told, and never repeated."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.inputs import read_inputs
from flows.language.inputs import INPUT_TYPES, InputSpec


def spec(kind: str, **more: object) -> InputSpec:
    if kind == "choice":
        more.setdefault("one_of", ("morning", "noon"))
    if kind in {"number", "choice"} and "default" not in more:
        more.setdefault("required", True)
    return InputSpec.model_validate({"type": kind, **more})


def read(kind: str, value: object, **more: object) -> object:
    values, wrong = read_inputs({"x": spec(kind, **more)}, {"x": value}, "US")
    return wrong or values["x"].value


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("text", " No heat.\nCall me. ", "No heat.\nCall me."),
        ("number", "12.50", Decimal("12.50")),
        ("number", 12, Decimal(12)),
        ("number", Decimal("1E+3"), Decimal(1000)),
        ("number", -0.1, Decimal("-0.1")),
        ("date", "2026-03-14", date(2026, 3, 14)),
        ("flag", True, True),
        ("flag", "False", False),
        ("choice", "noon", "noon"),
        ("name", "Ada Byrne", "Ada Byrne"),
        ("phone", "(518) 555-0143", "+15185550143"),
        ("phone", "+44 20 7946 0123", "+442079460123"),
        ("email", "ada@byrne.example", "ada@byrne.example"),
        ("address", "12 Mill Road\nTroy, NY", "12 Mill Road, Troy, NY"),
    ],
)
def test_what_fits_is_taken_as_what_it_is(kind: str, value: object, expected: object):
    found = read(kind, value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 5),
        ("text", ["a"]),
        ("text", "a\x00b"),
        ("text", "x" * 20_001),
        ("number", "1e400"),
        ("number", "12,50"),
        ("number", True),
        ("number", float("nan")),
        ("number", Decimal("Infinity")),
        ("number", 10**16),
        ("number", "١٢"),
        ("date", "14.3.2026"),
        ("date", "2026-02-30"),
        ("date", 20260314),
        ("flag", "yes"),
        ("flag", 1),
        ("choice", "evening"),
        ("name", "Ada\nByrne"),
        ("phone", "call me"),
        ("phone", "12"),
        ("email", "ada@byrne"),
        ("email", "Ada <ada@byrne.example>"),
        ("email", "a@b.example,c@d.example"),
        ("email", "ada@byrne.example\r\nBcc: eve@x.example"),
        ("address", "x" * 301),
    ],
)
def test_what_does_not_fit_is_told_and_not_repeated(kind: str, value: object):
    [wrong] = read(kind, value)  # type: ignore[misc]
    assert wrong.name == "x"
    assert wrong.fix.startswith("must be ")
    assert len(str(value)) < 3 or str(value) not in wrong.fix


def test_what_is_missing_is_told_or_has_its_default():
    specs = {
        "needed": spec("name", required=True),
        "count": spec("number", default=3),
        "when": spec("date"),
        "urgent": spec("flag"),
        "notes": spec("text"),
    }
    values, [wrong] = read_inputs(specs, {"needed": " ", "other": "x"}, "US")
    assert (wrong.name, "is needed" in wrong.fix) == ("needed", True)
    assert {name: each.value for name, each in values.items()} == {
        "count": 3,
        "when": "",
        "urgent": False,
        "notes": "",
    }


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.sampled_from(INPUT_TYPES), ANYTHING)
def test_anything_is_read_or_refused(kind: str, value: object):
    """No traceback, whatever a stranger posts."""
    values, wrong = read_inputs({"x": spec(kind)}, {"x": value}, "US")
    assert len(values) + len(wrong) == 1
