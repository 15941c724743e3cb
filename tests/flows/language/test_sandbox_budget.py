"""Ways to make an expression slow or large end in an error, soon and small.

Ways out of the sandbox are in `test_published_attacks.py`.
"""

from __future__ import annotations

import time

import pytest

from flows.errors import OperatorError
from flows.language.expressions import compile_condition, render

NAMES = {
    "mail": {"subject": "x" * 1000, "text": "y" * 5_000_000, "to": ["a"] * 900},
    "wide": ["x"] * 100_000,
    "fn": print,
}

NESTED = "{% for a in mail.to %}{% for b in mail.to %}{% for c in mail.to %}x"
ENDS = "{% endfor %}{% endfor %}{% endfor %}"

HEAVY = [
    "{{ 2 ** 999999999 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 'a' * 1000000000 }}",
    "{{ [1] * 1000000000 }}",
    "{{ mail.subject * 1000000 }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ 1e308 * 1e308 }}",
    "{{ 999999999999999999999999999999 * 999999999999999999999999999999 }}",
    "{{ 1e400 }}",
    f"{{{{ {'9' * 5000} }}}}",
    "{{ mail.subject | replace('x', mail.subject) | replace('x', mail.subject)"
    " | replace('x', mail.subject) }}",
    "{{ mail.text | replace('', mail.text) }}",
    "{{ mail.text | indent(40) ~ mail.text ~ mail.text ~ mail.text ~ mail.text }}",
    "{{ mail.text | date('%9999999d') }}",
    "{{ mail.text | int }}",
    "{{ mail.text }}",
    "{{ mail.to | join(mail.text) }}",
    "{% for a in wide %}{{ a }}{% endfor %}",
    NESTED + ENDS,
    NESTED + "{% for d in mail.to %}{% endfor %}" + ENDS,
    "{% for a in mail.to %}{% for b in mail.to %}{% if mail.text[1:] == 'x' %}{% endif %}"
    "{% endfor %}{% endfor %}",
    "{% for a in mail.to %}{{ 'x' * 0 if false else '" + "x" * 2000 + "' }}{% endfor %}",
    "{% for a in mail.to %}{% if '" + "z" * 200 + "' in mail.text %}{% endif %}"
    "{% if 'yz' in mail.text %}{% endif %}{% if mail.text | upper == 'x' %}{% endif %}"
    "{% endfor %}",
    "x" * 64_001 + "{{ mail.subject }}",
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "{{ " + "not " * 5000 + "1 }}",
    "{{ " + "-" * 5000 + "1 }}",
    "{{ " + "[" * 5000 + "]" * 5000 + " }}",
    "{{ mail" + ".x" * 5000 + " }}",
    "{{ mail" + "|upper" * 5000 + " }}",
    "{{ 1" + " + 1" * 5000 + " }}",
    "{{ 1" + " if 1 else 1" * 500 + " }}",
    "{% if 1 %}" * 500 + "{% endif %}" * 500,
    "{{" * 20_000,
    "{%" * 20_000,
    "{#" * 20_000,
    "{% raw %}" * 5_000,
]  # fmt: skip


@pytest.mark.parametrize("template", HEAVY, ids=[each[:50] for each in HEAVY])
def test_nothing_takes_long_or_grows_large(template: str) -> None:
    started = time.process_time()
    with pytest.raises(OperatorError):
        render(template, NAMES)
    assert time.process_time() - started < 3


def test_a_large_mail_is_no_error_in_itself() -> None:
    """Bounds are on what an expression makes; a mail of 5 MB can be asked about."""
    assert compile_condition("'zz' in (mail.subject ~ mail.text) | lower")(NAMES) is False
    assert compile_condition("mail.text | mentions('leak')")(NAMES) is False
    assert render("{{ mail.text | truncate(10) }}", NAMES) == "y" * 9 + "…"
