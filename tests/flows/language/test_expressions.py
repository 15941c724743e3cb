"""Conditions and templates work on values, say what is wrong, and never repeat a value."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from flows.errors import OperatorError
from flows.language.expressions import compile_condition, render

SECRET = "Magdalena-Quist"

NAMES = {
    "mail": {
        "kind": "service_request",
        "subject": "Leak {{ 7 * 7 }} {% for x in y %}",
        "text": f"From {SECRET}: the pipe leaks.",
        "automatic": "",
        "to": ["office@hudson.example", "ruth@hudson.example"],
        "received_at": datetime(2026, 11, 23, 3, 4, tzinfo=UTC),
        "sent_at": None,
        "attachments": [{"name": "a.pdf", "size": 10}, {"name": "b.jpg", "size": 20}],
        "has_attachments": True,
    },
    "transaction": {"amount": Decimal("-1250.10"), "booked_on": date(2026, 11, 2)},
    "business": {"time_zone": "America/New_York", "domains": ("hudson.example",)},
    "customer": {"name": "", "phone": SECRET},
    "steps": {"details": {"site": "1 Main St", "items": ["p", "q"], "wanted": "2026-11-30"}},
    "now": datetime(2026, 11, 25, 12, 0, tzinfo=UTC),
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("mail.kind == 'service_request'", True),
        ("mail.kind in ['complaint', 'spam']", False),
        ("mail.kind not in ['complaint', 'spam']", True),
        ("not mail.automatic", True),
        ("mail.has_attachments and mail.attachments | length > 1", True),
        ("'LEAK' in mail.subject.upper()", True),
        ("mail.subject.lower().startswith('leak')", True),
        ("mail.text | mentions('pipe', 'boiler')", True),
        ("mail.text | mentions('leak')", False),  # whole words only
        ("transaction.amount == -1250.10", True),  # exact, though 1250.10 has no float
        ("transaction.amount < 0 and transaction.amount | abs > 1000", True),
        ("transaction.amount * 2 == -2500.2", True),
        ("transaction.booked_on.month == 11", True),
        ("mail.received_at.year == 2026", True),
        ("(now - mail.received_at).days >= 2", True),
        ("mail.sent_at is none", True),
        ("quote is defined and quote.total > 5", False),
        ("mail.to[0] == 'office@hudson.example'", True),
        ("'hudson.example' in business.domains", True),
        ("steps.details.items | length == 2", True),  # a value, not a method of a mapping
        ("mail['kind'] == 'service_request'", True),
        ("'ok' if mail.automatic else ''", False),
        ("7 // 2 == 3 and 7 % 2 == 1 and 7 / 2 == 3.5", True),
    ],
)
def test_conditions_hold_or_not(text: str, holds: bool) -> None:
    assert compile_condition(text)(NAMES) is holds


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ("no braces at all", "no braces at all"),
        ("{{ mail.subject }}", "Leak {{ 7 * 7 }} {% for x in y %}"),
        ("Dear {{ customer.name | default('customer') }},", "Dear customer,"),
        ("{{ quote | default('none') }}", "none"),
        ("{{ mail.received_at | date }}", "Sunday, 22 November 2026"),  # New York, not UTC
        ("{{ mail.received_at | date('%-I:%M %p %Z') }}", "10:04 PM EST"),
        ("{{ steps.details.wanted | date('%b %-d, %Y 100%%') }}", "Nov 30, 2026 100%"),
        ("{{ transaction.amount | money('USD') }}", "-$1,250.10"),
        ("{{ transaction.amount | money }}", "-1,250.10"),
        ("{{ 1234.5 | money('CHF') }} {{ 1234.5 | money('JPY') }}", "CHF 1,234.50 JPY 1,235"),
        ("{{ 0.001 | money('EUR') }} {{ -0.001 | money }}", "€0.00 0.00"),
        ("{{ transaction.amount }} {{ 1e20 }} {{ 0.1 + 0.2 }}",
         "-1250.10 100000000000000000000 0.3"),
        ("{{ true }} {{ none }}|{{ mail.to }}",
         "true |office@hudson.example, ruth@hudson.example"),
        ("{% for f in mail.attachments %}{{ loop.index }}. {{ f.name }}\n{% endfor %}",
         "1. a.pdf\n2. b.jpg\n"),
        ("{% for f in mail.attachments if f.size > 15 %}{{ f.name }}{% else %}-{% endfor %}",
         "b.jpg"),
        ("a\n  {% if mail.has_attachments %}\nb\n  {% endif %}\nc\n", "a\nb\nc\n"),
        ("{{ 'a' ~ 1 ~ none ~ 2.50 }}", "a12.5"),
        ("{{ mail.subject[:4] | upper }}{{ mail.subject[0] }}", "LEAKL"),
        ("{{ mail.text | truncate(8) }}", "From Ma…"),
        ("{{ mail.to | join('; ') }}{{ mail.to | first }}", "office@hudson.example; "
         "ruth@hudson.exampleoffice@hudson.example"),
        ("{{ 2.345 | round(2) }} {{ '3' | int + 1 }} {{ '1.5' | number * 2 }}", "2.35 4 3.0"),
        ("{{ 'a\nb' | indent(2) }}", "a\n  b"),
        ("{{ 'tea' | replace('t', 's') | title | trim }}", "Sea"),
        ("{% raw %}{{ x }}{% endraw %}{# gone #}", "{{ x }}"),
    ],
)  # fmt: skip
def test_templates_write(template: str, written: str) -> None:
    assert render(template, NAMES) == written


@pytest.mark.parametrize(
    "template",
    [
        "{{ mail.subjct }}",
        "{{ mail[customer.phone] }}",
        "{{ mail.to[customer.phone] }}",
        "{{ customer.phone + 1 }}",
        "{{ customer.phone | int }}",
        "{{ customer.phone | date }}",
        "{{ customer.phone | money }}",
        "{{ mail.received_at | date(customer.phone ~ '%Q') }}",
        "{{ customer.phone < 5 }}",
        "{{ mail.received_at < customer.phone }}",
        "{{ customer.phone.x }}",
        "{{ customer }}",
        "{% for a in customer.phone %}{% endfor %}",
        "{{ 1 / 0 }}",
        "{{ mail.to[99] }}",
        "{{ mail.text[::0] }}",
        "{{ customer.phone | join }}",
        "{{ 'x' | replace('', customer.phone) }}",
    ],
)
def test_an_error_never_repeats_a_value(template: str) -> None:
    """The error, its context and its pickle hold nothing of the mail."""
    with pytest.raises(OperatorError) as caught:
        render(template, NAMES)
    error = caught.value
    assert error.fix
    assert error.__context__ is None
    assert SECRET not in str(error)
    assert SECRET.encode() not in pickle.dumps(error)


@pytest.mark.parametrize(
    "text",
    [
        "mail.subjct == 'x'",
        "mail[customer.phone]",
        "customer.phone < 5",
        "customer.phone + 1 > 2",
        "customer.phone | int > 2",
        "mail.sent_at > now",
        "customer.phone.x == 1",
        "transaction.amount / 0 > 1",
    ],
)
def test_an_undecidable_condition_never_repeats_a_value(text: str) -> None:
    with pytest.raises(OperatorError) as caught:
        compile_condition(text)(NAMES)
    assert caught.value.__context__ is None
    assert SECRET not in str(caught.value)


def test_the_missing_name_is_named_where_the_operator_wrote_it() -> None:
    with pytest.raises(OperatorError, match="uses 'subjct', which is not there"):
        render("{{ mail.subjct }}", NAMES)
    with pytest.raises(OperatorError, match="uses a name, which is not there"):
        render("{{ mail[customer.phone] }}", NAMES)


def test_what_a_mail_says_is_never_compiled() -> None:
    """Braces in a value come out as they went in, however often the text is rendered."""
    hostile = "{{ mail }}{% for a in b %}{{ ''.__class__ }}{# x"
    names = {"mail": {"subject": hostile, "to": [hostile]}}
    once = render("{{ mail.subject }}{{ mail.to }}{{ mail.subject ~ '' }}", names)
    assert once == hostile * 3


def test_values_are_not_changed() -> None:
    to = ["a", "b"]
    render(
        "{% for a in mail.to %}{{ a }}{% endfor %}{{ mail.to | join }}", {"mail": {"to": to}}
    )
    assert to == ["a", "b"]
