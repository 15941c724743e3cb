"""Which kept fields an output tells: none is left out that stands there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.disclosed import disclosed

KEPT = {
    "customer.name": "Maria Lopez-García",
    "customer.phone": "(518) 555-0143",
    "customer.address": "12 Elm Street\nAlbany NY",
    "customer.email": "maria@lopez.example",
    "customer.account": "",
}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, ()),
        ({"text": "We will come on Monday."}, ()),
        ({"text": "Dear MARIA LOPEZ-GARCÍA,"}, ("customer.name",)),
        ({"text": "Dear Maria,"}, ("customer.name",)),
        ({"text": "Marianne wrote"}, ()),
        ({"phone": "+1 518-555-0143"}, ("customer.phone",)),
        ({"phone": "+15185550143"}, ("customer.phone",)),
        ({"site": "12 Elm  Street Albany NY"}, ("customer.address",)),
        # An address tells the name that stands in it.
        (
            {"data": {"a": [{"b": "<maria@lopez.example>"}]}},
            ("customer.email", "customer.name"),
        ),
        ({"data": {"a": [True, 5, None]}}, ()),
    ],
)
def test_a_field_is_told_however_its_value_is_written(body, told):
    assert disclosed(body, KEPT) == told


@given(st.dictionaries(st.sampled_from(sorted(KEPT)), st.text(min_size=1, max_size=40)))
def test_what_stands_there_as_it_is_is_always_told(kept):
    body = {"text": " and ".join(kept.values())}
    full = {name for name, value in kept.items() if value.strip()}
    assert set(disclosed(body, kept)) == full
