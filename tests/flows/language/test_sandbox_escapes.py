"""Published ways out of Jinja's sandbox, and ways to make it slow or large, lead nowhere.

Sources: https://portswigger.net/research/server-side-template-injection and the advisories
GHSA-462w-v97r-4m45 (str.format), GHSA-hgjx-89h6-7xvx (str.format_map), CVE-2019-8341
(from_string), GHSA-q2x7-8rv6-6q7h (indirect format), GHSA-cpwx-vrp4-4pq7 (attr filter),
GHSA-gmj6-6f8f-6699 (file names).
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

ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ ''['__class__'] }}",
    "{{ ''|attr('__class__') }}",
    "{{ mail.subject.__class__.__mro__[1].__subclasses__() }}",
    "{{ [].__class__.__base__.__subclasses__() }}",
    "{{ ()|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ mail['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "{{ mail['__cl' ~ 'ass__'] }}",
    "{{ mail.subject['__cl' ~ 'ass__'] }}",
    "{{ self._TemplateReference__context }}",
    "{{ self.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__.__globals__.os }}",
    "{{ namespace.__init__.__globals__.os }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ lipsum }}",
    "{{ range(10) }}",
    "{{ dict(a=1) }}",
    "{{ config.items() }}",
    "{{ request.application.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ url_for.__globals__ }}",
    "{{ g.pop.__globals__.__builtins__ }}",
    "{{ '{0.__class__}'.format(mail) }}",
    "{{ '{a.__class__}'.format_map({'a': 1}) }}",
    "{{ ('%s' % mail).format(mail) }}",
    "{{ 'x'.format|attr('__globals__') }}",
    "{{ '{0.__class__}'|format(mail) }}",
    "{{ ['{0.__class__}'|attr('format')][0](mail) }}",
    "{{ mail|map(attribute='__class__')|list }}",
    "{{ mail|select('callable') }}",
    "{{ [1]|sort(attribute='__class__') }}",
    "{{ mail|xmlattr }}",
    "{{ mail|pprint }}",
    "{{ mail|tojson }}",
    "{{ mail.items() }}",
    "{{ mail.clear() }}",
    "{{ mail.to.append('b') }}",
    "{{ mail.update({'a': 1}) }}",
    "{{ mail.subject.encode() }}",
    "{{ fn('x') }}",
    "{{ fn.__self__ }}",
    "{{ mail.subject.lower.__self__ }}",
    "{{ loop }}",
    "{% for a in mail.to %}{{ loop._iterable }}{% endfor %}",
    "{% for a in mail.to %}{{ loop.cycle('a') }}{% endfor %}",
    "{% for a in mail.to recursive %}{{ loop(mail.to) }}{% endfor %}",
    "{% set x = ''.__class__ %}",
    "{% set ns = namespace() %}{% set ns.x = 1 %}",
    "{% macro m() %}{{ caller() }}{% endmacro %}{{ m.__globals__ }}",
    "{% call mail() %}{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% block b %}{{ super() }}{% endblock %}",
    "{% import 'os' as os %}",
    "{% from 'os' import system %}",
    "{% include '/etc/passwd' %}",
    "{% extends mail.subject %}",
    "{% with a = ''.__class__ %}{{ a }}{% endwith %}",
    "{% autoescape true %}{{ x }}{% endautoescape %}",
    "{% do mail.clear() %}",
    "{% debug %}",
    "{{ _ }}",
    "{{ __builtins__ }}",
    "{{ environment }}",
    "{{ context }}",
    "{{ varargs }}",
    "{{ undefined.__init__.__globals__ }}",
    "{{ (x is defined).__class__ }}",
    "{{ mail.to[mail] }}",
    "{{ {'a': 1} }}",
    "{{ mail is callable }}",
    "{{ mail.subject is sameas mail.subject }}",
]


@pytest.mark.parametrize("template", ESCAPES)
def test_ways_out_of_the_sandbox_are_shut(template: str) -> None:
    with pytest.raises(OperatorError):
        render(template, NAMES)


@pytest.mark.parametrize("template", [each for each in ESCAPES if each.startswith("{{")])
def test_conditions_are_as_shut_as_templates(template: str) -> None:
    with pytest.raises(OperatorError):
        compile_condition(f"({template[2:-2]}) == 1")(NAMES)


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
