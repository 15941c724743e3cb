"""What never holds is told, and nothing else is: tried out over every item of a small world."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.language.claims import Claims
from flows.language.expressions import compile_condition
from flows.language.grammar import parse_condition
from flows.language.load import checked
from flows.language.logic import negated, possible
from flows.language.vocabulary import condition_scope
from tests.depth import times
from tests.flows.language.conftest import FLOW, HEAD

SCOPE = condition_scope(["mail"], {"office": "mail"}, fields=())
KINDS = ("complaint", "spam", "other", "newsletter")
ATOMS = st.sampled_from(
    [
        *(f"mail.kind == '{kind}'" for kind in KINDS),
        *(f"mail.kind != '{kind}'" for kind in KINDS[:2]),
        "mail.kind in ['complaint', 'spam']",
        "mail.kind not in ['other', 'spam']",
        *(f"mail.received_at.hour {op} 3" for op in ("<", "<=", ">", ">=", "==", "!=")),
        *(f"mail.received_at.hour {op} 5" for op in ("<", "<=", ">", ">=", "==", "!=")),
        *(f"{n} < mail.received_at.hour" for n in (2, 22, 23)),
        "3 < mail.received_at.hour < 5",
        *("mail.automatic", "mail.automatic == ''", "mail.automatic == 'list'"),
        *("mail.has_attachments", "mail.has_attachments == true"),
        *("mail.subject == 'a'", "mail.subject", "mail.subject == ''", "mail.subject != 'a'"),
        *("mail.subject | mentions('a')", "mail.subject > 'a'", "mail.subject <= ''"),
        *("mail.attachments | length > 0", "mail.attachments | length == 1"),
        "mail.attachments | length < 1",
        *(
            "1 == 2",
            "'a' == 'a'",
            "2 > 1",
            "1 in [2, 3]",
            "'b' | length",
            "mail.kind == 'sp' ~ 'am'",
        ),
        *(
            "mail.received_at.hour > 2 + 1",
            "mail.received_at.hour * 0 == 1",
            "mail.subject == ''",
        ),
    ]
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda t: f"({' '.join(t)})"
        ),
        inner.map(lambda text: f"(not {text})"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
    ),
    max_leaves=6,
)


def _worlds() -> list[dict[str, object]]:
    dimensions = (
        KINDS,
        [datetime(2026, 3, 1, hour, tzinfo=UTC) for hour in (2, 3, 4, 5, 6, 23)],
        ("", "list"),
        (True, False),
        ("", "a", "b"),
        ([], [{"name": "n", "media_type": "m", "size": 1}]),
    )
    names = ("kind", "received_at", "automatic", "has_attachments", "subject", "attachments")
    return [
        {"mail": dict(zip(names, each, strict=True))} for each in itertools.product(*dimensions)
    ]


WORLDS = _worlds()


@settings(max_examples=times(100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CONDITIONS, min_size=1, max_size=3))
def test_what_is_told_to_never_hold_holds_for_no_item(conditions: list[str]) -> None:
    """And what is told to hold always fails for none; each mail of a small world is tried."""
    claims = [Claims(SCOPE, "raw", "f").of(parse_condition(text)) for text in conditions]
    compiled = [compile_condition(text) for text in conditions]
    if not possible(claims):
        assert not any(all(holds(world) for holds in compiled) for world in WORLDS)
    if not possible([negated(claims[0])]):
        assert all(compiled[0](world) for world in WORLDS)


@pytest.mark.parametrize(
    "condition",
    [
        "mail.kind == 'spam' and mail.kind == 'other'",
        "mail.kind == 'spam' and not mail.kind == 'spam'",
        "mail.kind in ['spam', 'other'] and mail.kind not in ['other', 'spam']",
        "mail.automatic and mail.automatic == ''",
        "mail.received_at.hour > 5 and mail.received_at.hour < 3",
        "mail.received_at.hour > 5 and mail.received_at.hour < 6",
        "mail.received_at.month == 13",
        "mail.received_at.hour > 23",
        "3 > mail.received_at.hour > 5",
        "mail.has_attachments and not mail.has_attachments",
        "mail.text | mentions('leak') and not mail.text | mentions('leak')",
        "mail.subject == 'a' and mail.subject == 'b'",
        "(mail.kind == 'spam' or mail.kind == 'other') and mail.kind == 'complaint'",
        "mail.attachments | length < 0",
        "not (mail.kind != 'spam' or mail.kind != 'other')",
        "1 == 2",
        "not 'a' == 'a'",
        "mail.kind == 'spam' and 3 < 1 + 1",
        "mail.received_at.hour > 20 + 5",
        "'a' | length > 5",
    ],
)
def test_what_never_holds_is_found(condition: str) -> None:
    assert not possible([Claims(SCOPE, "raw", "f").of(parse_condition(condition))])


def _told(flows: str) -> list[tuple[str, int]]:
    found = checked(HEAD + flows, Path("flows.yaml"))
    return [(each.code, each.where.line) for each in found.problems]


STEPS = """\
    steps:
      - {id: inv, uses: invoice.record, if: mail.has_attachments}
"""


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("if: \"steps.inv.status == 'read' and not mail.has_attachments\", ", [("never", 10)]),
        ("if: \"steps.inv.status == '' and mail.has_attachments\", ", [("never", 10)]),
        ("if: steps.inv.count == 0 and not mail.has_attachments, ", []),
        ("if: steps.inv.count == 2 and not mail.has_attachments, ", [("never", 10)]),
        ("if: steps.inv.status == 'unsure', ", []),
        ("if: mail.kind != 'spam' or mail.kind != 'other', ", [("always", 10)]),
        ("if: \"'a' == 'a'\", ", [("always", 10)]),
        ("if: 1 > 2, ", [("never", 10)]),
    ],
)
def test_what_earlier_steps_gave_counts(last: str, told: list[tuple[str, int]]) -> None:
    """A step that was skipped returns nothing, and one that ran something."""
    step = f"      - {{id: tell, uses: notify, {last}with: {{text: x}}}}\n"
    assert _told(FLOW + STEPS + step) == told


def test_a_source_that_does_not_trigger_the_flow_is_never_the_mails() -> None:
    head = HEAD.replace("sources: {", "sources: {home: {uses: folder, path: home}, ")
    text = f"{head}{FLOW}    conditions: [mail.source == 'home']\n{STEPS}"
    assert [each.code for each in checked(text, Path("flows.yaml")).problems] == ["never"]


ANSWER = "    steps: [{id: a, uses: reply.draft, with: {text: x}}]\n"
JOB = "    steps: [{id: a, uses: job.open, with: {title: x}}]\n"
SPAM = "    conditions: [mail.kind == 'spam']\n"
OTHER = "    conditions: [mail.kind == 'other']\n"
MACHINE = "    conditions: [mail.automatic]\n"
WORD = "    conditions: [mail.subject | mentions('x')]\n"


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        (ANSWER, ANSWER, True),
        (SPAM + ANSWER, OTHER + ANSWER, False),
        (SPAM + ANSWER, WORD + ANSWER, True),
        (SPAM + ANSWER, SPAM + JOB, False),
        (JOB, JOB, True),
        (ANSWER, "    enabled: false\n" + ANSWER, False),
        (
            "    conditions: [mail.automatic]\n" + JOB,
            "    conditions: [not mail.automatic]\n" + JOB,
            False,
        ),
    ],
)
def test_two_flows_that_may_do_the_same_to_one_mail_are_told(
    first: str, second: str, clash: bool
) -> None:
    text = FLOW + first + FLOW.replace("id: a", "id: b") + second
    assert [code for code, _ in _told(text)] == ["conflict"] * clash


def test_flows_of_different_sources_do_not_meet() -> None:
    head = HEAD.replace("sources: {", "sources: {home: {uses: folder, path: home}, ")
    other = FLOW.replace("id: a", "id: b").replace("office", "home")
    assert checked(head + FLOW + ANSWER + other + ANSWER, Path("flows.yaml")).problems == ()


def test_one_flow_that_may_answer_twice_is_told() -> None:
    """Unless its steps exclude each other."""
    step = "{{id: {}, uses: reply.draft, if: mail.automatic {} '', with: {{text: x}}}}"
    for op, told in (("==", ["conflict"]), ("!=", [])):
        steps = f"    steps: [{step.format('p', '==')}, {step.format('q', op)}]\n"
        assert [code for code, _ in _told(FLOW + steps)] == told
