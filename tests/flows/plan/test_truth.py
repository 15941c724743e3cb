"""What is said of a condition over stored mail is what it said of the mail as it came in."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.errors import OperatorError
from flows.language.expressions import compile_condition
from flows.plan.gaps import Gapped, new_text_of, read_gaps
from flows.plan.stored import TEXT, Blank
from flows.plan.truth import Fact, Judge, Truth, all_hold
from tests.depth import times

NAMES: dict[str, Any] = {
    "business": {"domains": ["hudson.example"], "name": "Hudson"},
    "mail": {
        "kind": "complaint",
        "subject": "Boiler of <PERSON_1>",
        "text": read_gaps("Hello,\nthe boiler is cold, says <PERSON_1>. Call <PHONE_1>"),
        "sender": {"name": TEXT, "email": TEXT, "domain": TEXT},
        "to": Blank("texts"),
        "attachments": [{"name": read_gaps("<PERSON_1>.pdf"), "media_type": "t", "size": 9}],
        "has_attachments": True,
    },
}
NAMES["mail"]["subject"] = read_gaps(NAMES["mail"]["subject"])


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ("mail.kind == 'complaint'", Truth.YES),
        ("mail.kind == 'other' and mail.sender.domain == 'x.example'", Truth.NO),
        ("mail.sender.domain == 'x.example' and mail.kind == 'other'", Truth.NO),
        ("mail.sender.domain not in business.domains", Truth.OPEN),
        ("mail.kind == 'complaint' or mail.sender.name == 'Ann'", Truth.YES),
        ("mail.text | mentions('boiler')", Truth.YES),
        ("mail.text | mentions('cancel')", Truth.OPEN),
        ("not mail.text | mentions('boiler')", Truth.NO),
        ("(mail.subject ~ ' ' ~ mail.text) | lower | mentions('cold')", Truth.YES),
        ("mail.subject.startswith('Boiler')", Truth.YES),
        ("mail.subject.startswith('Roof')", Truth.NO),
        ("mail.subject.endswith('Ann')", Truth.OPEN),
        ("mail.subject == 'Boiler of Ann'", Truth.OPEN),
        ("mail.subject == 'Roof of Ann'", Truth.NO),
        ("mail.subject in ['Roof', 'Quote']", Truth.NO),
        ("'boiler' in mail.text", Truth.YES),
        ("'office@hudson.example' in mail.to", Truth.OPEN),
        ("mail.attachments | length == 1", Truth.YES),
        ("mail.attachments[0].name.endswith('.pdf')", Truth.YES),
        ("mail.attachments[0].name == 'Ann.doc'", Truth.NO),
        ("mail.to[0] == 'x' or mail.kind == 'complaint'", Truth.OPEN),
        ("mail.sender.name | number > 3 and mail.kind == 'other'", Truth.OPEN),
        ("mail.colour == 'red'", Truth.FAILS),
        ("mail.subject", Truth.YES),
        ("mail.sender.name", Truth.OPEN),
        ("mail.sender.name is defined", Truth.YES),
    ],
)
def test_each_kind_of_condition_has_its_answer(condition: str, truth: Truth) -> None:
    """Yes or no wherever what was removed cannot change it; else it cannot be known."""
    assert Judge(condition)(NAMES).truth is truth


def test_it_is_told_what_is_not_known() -> None:
    """The names are those that the operator wrote."""
    judge = Judge("mail.sender.domain == 'x' and mail.kind == 'y' and mail.text")
    assert judge.unknown(NAMES) == ("mail.sender.domain", "mail.text")


def test_what_is_known_from_elsewhere_decides() -> None:
    """A condition that held when the mail came in holds, as a whole or as a part of another."""
    condition = "mail.sender.domain not in business.domains"
    fact = Fact(Judge(condition).tree, held=False)
    assert Judge(condition)(NAMES, [fact]).truth is Truth.NO
    assert Judge(f"not ({condition})")(NAMES, [fact]).truth is Truth.YES


def test_no_word_is_whole_beside_a_gap() -> None:
    """`boil` before a gap may have been `boiler`."""
    assert Gapped(("no boil", "")).mentions(["boil"]) is None
    assert Gapped(("no boil ", "")).mentions(["boil"]) is True
    assert Gapped(("", "er")).mentions(["er"]) is None


def test_new_text_may_begin_with_what_was_taken_out_before_it() -> None:
    """An address that began in a quote and ended in new text left no stand-in in the latter."""
    clean = "> I live at <ADDRESS_1>, second floor\nPlease come"
    assert new_text_of("second floor\nPlease come", clean) == "second floor\nPlease come"
    hidden = "> I live at <ADDRESS_1>\nPlease come"
    assert new_text_of("Please come", hidden) == Gapped(("", "Please come"))
    assert new_text_of("Please come", "Please come\n> says <PERSON_1>") == "Please come"


WORDS = st.sampled_from(["boiler", "cold", "Ann", "ann@x.example", "12", "Maße", "ΑΣ", "quote"])
GLUE = st.sampled_from([" ", "\n", "", ", ", "-", "."])


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a text as it came in, and as it is stored."""
    raw, clean = "", ""
    for number in range(draw(st.integers(0, 5))):
        word, glue = draw(WORDS), draw(GLUE)
        gone = draw(st.booleans())
        raw += word + glue
        clean += (f"<THING_{number}>" if gone else word) + glue
    return raw, clean


SUBJECTS = st.sampled_from(
    """mail.subject; mail.text; mail.subject ~ mail.text; mail.text | lower; mail.kind;
    mail.subject | trim; mail.sender.name; mail.text.upper(); mail.subject + mail.text;
    mail.sender.name | default('cold'); mail.subject | title; mail.subject[0];
    mail.subject | truncate(3); mail.to | join""".replace("\n", " ").split(";")
)
VALUES = st.sampled_from(
    ["'boiler'", "'cold'", "'Ann'", "''", "'boiler '", "'12'", "mail.kind"]
)
SIMPLE = st.one_of(
    st.builds("({}) | mentions({})".format, SUBJECTS, VALUES),
    st.builds("({}) == {}".format, SUBJECTS, VALUES),
    st.builds("({}) != {}".format, SUBJECTS, VALUES),
    st.builds("{} in ({})".format, VALUES, SUBJECTS),
    st.builds("({}) not in ['boiler', 'Ann']".format, SUBJECTS),
    st.builds("({}).startswith({})".format, SUBJECTS, VALUES),
    st.builds("({}).endswith({})".format, SUBJECTS, VALUES),
    st.builds("({})".format, SUBJECTS),
    st.builds("({}) | number > 3".format, SUBJECTS),
    st.builds("({}) | length > 6".format, SUBJECTS),
    st.builds("({}) < {}".format, SUBJECTS, VALUES),
    st.sampled_from(["mail.to[0] == 'Ann'", "'Ann' in mail.to", "mail.gone", "mail.to"]),
    st.sampled_from(["(mail.sender.name is none)", "(mail.to[0] is defined)"]),
)
CONDITIONS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("(not {})".format, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({}) == ({})".format, inner, inner),
    ),
    max_leaves=5,
)


def as_it_was(conditions: list[str], names: dict[str, Any]) -> Truth:
    try:
        held = all(compile_condition(each)(names) for each in conditions)
    except OperatorError:
        return Truth.FAILS
    return Truth.YES if held else Truth.NO


@settings(max_examples=times(150), deadline=None)
@given(st.lists(CONDITIONS, min_size=1, max_size=3), texts(), texts(), texts(), st.booleans())
def test_yes_and_no_are_what_the_mail_itself_gave(
    conditions: list[str],
    subject: tuple[str, str],
    text: tuple[str, str],
    sender: tuple[str, str],
    addressed: bool,
) -> None:
    """Whatever stood in the gaps, an answer over stored text is never the wrong one."""
    to = [sender[0]] if addressed else []
    raw = {
        "mail": {
            "kind": "cold",
            "subject": subject[0],
            "text": text[0],
            "to": to,
            "sender": {"name": sender[0]},
        }
    }
    stored = {
        "mail": {
            "kind": "cold",
            "subject": read_gaps(subject[1]),
            "text": read_gaps(text[1]),
            "to": Blank("texts"),
            "sender": {"name": TEXT},
        }
    }
    said = all_hold(Judge(each)(stored) for each in conditions).truth
    assert said in (Truth.OPEN, as_it_was(conditions, raw))
