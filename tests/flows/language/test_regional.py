"""Filters that ask where the business is; and every example of the reference is true."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.errors import OperatorError
from flows.language.expressions import render
from flows.language.filter_examples import EXAMPLES, NAMES
from flows.language.grammar import FILTER_NAMES
from flows.language.regional import REGIONAL
from flows.language.rows import rows_of
from flows.language.tables import Table
from tests.depth import times
from tests.flows.language.conftest import FLOW, HEAD

ROOT = Path(__file__).parents[3]
PRICES = Table.model_validate(
    {
        "key": "sku",
        "columns": {"sku": "text", "price": "number"},
        "rows": [{"sku": "PUMP-2", "price": 480}],
    }
)


def shown(expression: str, region: str = "US-NY", **names: object) -> str:
    business = {"region": region, "time_zone": "America/New_York"}
    return render(f"{{{{ {expression} }}}}", {"business": business, **names})


@pytest.mark.parametrize("name", sorted(FILTER_NAMES))
def test_each_filter_gives_what_the_reference_says(name: str) -> None:
    example = EXAMPLES[name]
    names = {**NAMES, "data": rows_of({"prices": PRICES})}
    assert render(f"{{{{ {example.expression} }}}}", names) == example.gives
    assert name in example.expression


def test_each_example_stands_in_the_reference() -> None:
    page = (ROOT / "docs" / "flows.md").read_text(encoding="utf-8")
    assert EXAMPLES.keys() == FILTER_NAMES
    for example in EXAMPLES.values():
        written = " ".join(example.expression.replace("|", "\\|").split())
        assert f"| `{written}` |" in page


AT = datetime(2026, 11, 3, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("region", "short", "long", "time"),
    [
        ("US-NY", "11/3/2026", "November 3, 2026", "3:05 PM"),
        ("CA-ON", "2026-11-03", "November 3, 2026", "3:05 PM"),
        ("GB", "03/11/2026", "3 November 2026", "15:05"),
        ("DE", "03.11.2026", "3 November 2026", "15:05"),
        ("NL", "03-11-2026", "3 November 2026", "15:05"),
        ("AU", "03/11/2026", "3 November 2026", "3:05 PM"),
        ("", "03/11/2026", "3 November 2026", "15:05"),
    ],
)
def test_dates_are_written_as_people_there_do(
    region: str, short: str, long: str, time: str
) -> None:
    forms = [shown(f"at | date('{form}')", region, at=AT) for form in ("short", "long", "time")]
    assert forms == [short, long, time]
    assert shown("at | date('iso')", region, at=AT) == "2026-11-03"
    assert shown("at | date('%H.%M')", region, at=AT) == "15.05"


@pytest.mark.parametrize(
    ("region", "currency", "amount", "written"),
    [
        ("US-NY", "USD", "1234.5", "$1,234.50"),
        ("US-NY", "CHF", "1234.5", "CHF 1,234.50"),
        ("US-NY", "JPY", "1234.5", "JPY 1,235"),
        ("US-NY", "KWD", "1234.5", "KWD 1,234.500"),
        ("US-NY", "USD", "-1234.5", "-$1,234.50"),
        ("US-NY", "USD", "-0.001", "$0.00"),
        ("US-NY", "", "1234.5", "1,234.50"),
        ("GB", "GBP", "1234.5", "£1,234.50"),
        ("DE", "EUR", "1234567.5", "1.234.567,50\xa0€"),
        ("DE", "EUR", "-5", "-5,00\xa0€"),
        ("DE", "", "1234.5", "1.234,50"),
        ("FR", "EUR", "1234.5", "1\xa0234,50\xa0€"),
        ("NL", "EUR", "1234.5", "€\xa01.234,50"),
        ("CH", "CHF", "1234.5", "CHF\xa01\N{RIGHT SINGLE QUOTATION MARK}234.50"),
    ],
)
def test_money_is_written_as_people_there_do(
    region: str, currency: str, amount: str, written: str
) -> None:
    assert shown(f"a | money('{currency}')", region, a=Decimal(amount)) == written


@pytest.mark.parametrize(
    ("region", "given_", "form", "written"),
    [
        ("US-NY", "+1 518-555-0143", "national", "(518) 555-0143"),
        ("US-NY", "518.555.0143", "international", "+1 518-555-0143"),
        ("US-NY", "(518) 555 0143", "e164", "+15185550143"),
        ("GB", "020 7946 0018", "international", "+44 20 7946 0018"),
        ("GB", "+1 518 555 0143", "international", "+1 518-555-0143"),
        ("DE", "030 23125 014", "e164", "+493023125014"),
        ("", "+44 20 7946 0018", "national", "020 7946 0018"),
        ("US-NY", "ring the bell", "national", "ring the bell"),
        ("US-NY", "", "e164", ""),
        ("US-NY", "9" * 200, "national", "9" * 200),
    ],
)
def test_phones_are_written_as_people_there_do(
    region: str, given_: str, form: str, written: str
) -> None:
    assert shown(f"p | phone('{form}')", region, p=given_) == written


def test_what_a_machine_is_to_dial_is_a_number_or_an_error() -> None:
    with pytest.raises(OperatorError, match="a phone number is needed") as caught:
        shown("p | phone('e164')", p="ask for Ada")
    assert "Ada" not in str(caught.value)


@pytest.mark.parametrize(
    ("given_", "line", "lines"),
    [
        (
            "12 Main St,  Albany, NY 12207",
            "12 Main St, Albany, NY 12207",
            "12 Main St\nAlbany, NY 12207",
        ),
        ("Hauptstr. 5\n10115 Berlin", "Hauptstr. 5, 10115 Berlin", "Hauptstr. 5\n10115 Berlin"),
        ("1 High St, Leeds, LS1 4DY", "1 High St, Leeds, LS1 4DY", "1 High St\nLeeds\nLS1 4DY"),
        ("", "", ""),
    ],
)
def test_addresses_fit_a_line_or_an_envelope(given_: str, line: str, lines: str) -> None:
    assert shown("a | address", a=given_) == line
    assert shown("a | address('lines')", a=given_) == lines


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-01-31", "1m", "2026-02-28"),
        ("2028-01-31", "1m", "2028-02-29"),
        ("2028-02-29", "1y", "2029-02-28"),
        ("2026-01-31", "-2m", "2025-11-30"),
        ("2026-12-15", "1m", "2027-01-15"),
        ("2026-03-01", "-1d", "2026-02-28"),
        ("2026-03-01", "2w", "2026-03-15"),
        ("2026-03-01", "36h", "2026-03-02T12:00:00"),
    ],
)
def test_a_day_is_moved_by_the_calendar(start: str, span: str, end: str) -> None:
    assert shown(f"d | plus('{span}')", d=date.fromisoformat(start)) == end
    assert shown(f"d | plus('{span}')", d=start) == end


def test_days_keep_the_hour_when_clocks_change_and_hours_keep_their_length() -> None:
    """In New York clocks went back on 1 November 2026 at two."""
    before = datetime(2026, 10, 31, 13, 0, tzinfo=UTC)
    assert shown("at | plus('1d') | date('time')", at=before) == "9:00 AM"
    assert shown("at | plus('24h') | date('time')", at=before) == "8:00 AM"


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-28", 1, "2026-11-30"),
        ("2026-11-30", -1, "2026-11-27"),
        ("2026-11-25", 0, "2026-11-25"),
        ("2026-11-25", 10, "2026-12-09"),
    ],
)
def test_business_days_leave_weekends_out(start: str, days: int, end: str) -> None:
    assert shown(f"'{start}' | business_days({days})") == end


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("now | plus('3x')", "'3x' is not a span of time"),
        ("now | plus('three days')", "'three days' is not a span of time"),
        ("now | date('shrt')", "'shrt' is not a form of date"),
        ("mail.text | phone('E.164')", "'E.164' is not a form of phone"),
        ("mail.text | address('block')", "'block' is not a form of address"),
    ],
)
def test_validate_knows_the_words_that_filters_take(
    expression: str, expected: str, told
) -> None:
    step = (
        f'    steps: [{{id: a, uses: job.open, with: {{title: "{{{{ {expression} }}}}"}}}}]\n'
    )
    said = told(HEAD + FLOW + step)
    assert expected in said
    assert "\n  fix: " in said


CALLS = st.sampled_from(sorted(REGIONAL)) | st.just("slug")
ARGUMENTS = st.sampled_from(
    [
        *("", "('short')", "('lines')", "('e164')", "('9999y')", "('-99999m')", "('99999h')"),
        *("(2000)", "(-2000)", "(99999)", "('EUR')", "(v)", "('%Y')", "(none)"),
    ]
)
VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text(max_size=30)
    | st.dates()
    | st.datetimes(timezones=st.none() | st.just(UTC))
    | st.lists(st.text(max_size=3), max_size=3)
)
REGIONS = st.sampled_from(["US-NY", "DE", "ZZ", "", "x", None, 3])


@settings(max_examples=times(150), deadline=None)
@given(VALUES, CALLS, ARGUMENTS, REGIONS)
def test_any_value_anywhere_gives_text_or_an_error(
    value: object, name: str, argument: str, region: object
) -> None:
    business = {"region": region, "time_zone": "America/New_York"}
    with suppress(OperatorError):
        made = render(f"{{{{ v | {name}{argument} }}}}", {"v": value, "business": business})
        assert isinstance(made, str)
        assert len(made) < 1_000
