"""Of what a flow keeps nothing is passed on to one that does not keep it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.starting.passing_on import without


@pytest.mark.parametrize(
    ("field", "value", "text", "expected"),
    [
        ("customer.name", "Ada Byrne", "For Ada Byrne, 2 h", "For <CUSTOMER_NAME>, 2 h"),
        (
            "customer.name",
            "Ada Byrne",
            "Dear ADA, Mrs\nByrne",
            "Dear <CUSTOMER_NAME>, Mrs\n<CUSTOMER_NAME>",
        ),
        ("customer.name", "Ada Byrne", "Canada, Byrneville", "Canada, Byrneville"),
        ("customer.phone", "518-555-0143", "call +15185550143.", "call <CUSTOMER_PHONE>."),
        ("customer.phone", "+15185550143", "call (518) 555-0143", "call <CUSTOMER_PHONE>"),
        ("customer.phone", "518-555-0143", "order 5185", "order 5185"),
        ("site.address", "12 Mill Road, Troy", "at 12  Mill Road\nTroy!", "at <SITE_ADDRESS>!"),
        ("customer.email", "ada@byrne.example", "to Ada@Byrne.example", "to <CUSTOMER_EMAIL>"),
        ("customer.email", "", "to nobody", "to nobody"),
        ("customer.name", ".*", "all of it", "all of it"),
    ],
)
def test_values_go_however_they_are_written(field: str, value: str, text: str, expected: str):
    assert without(text, [(field, value)]) == expected


def test_it_goes_from_everything_in_a_body():
    body = {"to": "Ada Byrne", "cells": {"a": ["x Ada Byrne", 3, None, True]}}
    found = without(body, [("customer.name", "Ada Byrne")])
    assert found == {
        "to": "<CUSTOMER_NAME>",
        "cells": {"a": ["x <CUSTOMER_NAME>", 3, None, True]},
    }


@given(st.text(), st.text(min_size=1), st.text())
def test_no_value_breaks_it(before: str, value: str, after: str):
    """A name is no pattern."""
    found = without(f"{before} {value} {after}", [("customer.name", value)])
    assert isinstance(found, str)
