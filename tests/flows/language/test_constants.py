"""What fails for every item is told before any comes, and nothing else is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.errors import OperatorError
from flows.language.constants import constant_faults
from flows.language.expressions import render
from flows.language.filter_examples import EXAMPLES
from flows.language.grammar import parse_template
from flows.language.regional import REGIONAL

VALUES = (
    *("", "a leak", "12.50", "2026-03-14", "+15185550143"),
    *(Decimal("12.50"), 0, -3, True),
    *(date(2026, 3, 14), datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)),
    *([], ["a", "b"]),
)
BUSINESSES = (
    {"region": "US-NY", "time_zone": "America/New_York"},
    {"region": "DE-BE", "time_zone": "Europe/Berlin"},
)
ARGUMENTS = st.sampled_from(
    [
        *(
            "'%d %B'",
            "'%Q'",
            "'short'",
            "'USD'",
            "'usd'",
            "''",
            "'a'",
            "', '",
            "'3d'",
            "'-9999y'",
        ),
        *(
            "0",
            "1",
            "5",
            "-1",
            "2000",
            "-2001",
            "99999999",
            "1.5",
            "'7'",
            "true",
            "none",
            "[1]",
        ),
        *("2 - 2", "'a' ~ 'b'", "1 + 1"),
    ]
)
FILTERS = st.sampled_from(sorted(EXAMPLES.keys() - {"lookup"}))


@settings(max_examples=400, deadline=None)
@given(FILTERS, st.lists(ARGUMENTS, max_size=3))
def test_a_filter_that_is_told_to_fail_fails_for_all_that_it_takes(
    name: str, arguments: list[str]
) -> None:
    text = f"{{{{ value | {name}({', '.join(arguments)}) }}}}"
    try:
        tree = parse_template(text)
    except Exception:  # noqa: BLE001 - what is told of its form is tried elsewhere
        return
    faults = list(constant_faults(tree, text))
    surely = [
        each for each in faults if "out of range" not in each.what or "never" in each.what
    ]
    surely = [each for each in surely if "currency" not in each.what]
    worked = [value for value in VALUES for home in BUSINESSES if _works(text, value, home)]
    assert not (surely and worked), (text, surely, worked)


def _works(text: str, value: object, business: dict[str, str]) -> bool:
    try:
        render(text, {"value": value, "business": business})
    except OperatorError:
        return False
    return True


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_nothing_is_told_of_the_examples_of_the_reference(name: str) -> None:
    text = f"{{{{ {EXAMPLES[name].expression} }}}}"
    assert not list(constant_faults(parse_template(text), text))


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'abc'.startswith(mail.subject) }}",
        "{{ 'abc'.upper() }}",
        "{{ [1, 2][:mail.received_at.hour] | join }}",
        "{{ 3 < mail.received_at.hour < 5 }}",
        "{{ 0 / mail.received_at.hour }}",
        "{% for each in ['a', 'b'] %}{{ loop.index }}{% endfor %}",
    ],
)
def test_nothing_is_told_of_what_an_item_decides(text: str) -> None:
    assert not list(constant_faults(parse_template(text), text))


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'x' * 0 }}",
        "{{ mail.received_at.hour > 1 / 0 }}",
        "{{ [1, 2][2] }}",
        "{{ 'abc' | number }}",
        "{{ 1 % (3 - 3) }}",
        "{{ 'today' | date }}",
        "{{ 'a' < 1 }}",
    ],
)
def test_a_constant_that_cannot_be_worked_out_is_told_where_it_stands(text: str) -> None:
    assert len(list(constant_faults(parse_template(text), text))) == 1
    with pytest.raises(OperatorError):
        render(text, {"mail": {"received_at": datetime(2026, 3, 14, tzinfo=UTC)}})


def test_regional_filters_are_tried_wherever_the_business_is() -> None:
    """A national number is one in some country alone."""
    for name in REGIONAL:
        assert name in EXAMPLES
    text = "{{ '5185550143' | phone('e164') }}"
    assert not list(constant_faults(parse_template(text), text))
