"""Flows are proposed for habits, with counts that can be checked, and for nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from flows.language.expressions import compile_condition
from flows.language.load import parse
from flows.language.spec import FlowsFile
from flows.model import CleanMessage
from flows.suggest import Proposal, suggestions
from flows.suggest.answers import customs
from flows.suggest.history import PastMail, history, past_mail, topic
from flows.suggest.rules import Tried, phrases
from tests.flows.business import FLOWS
from tests.flows.suggest.office import NOW, USUAL, answer, mail, noise, of_kind, papers, usual


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> FlowsFile:
    return parse(FLOWS, tmp_path_factory.mktemp("flows") / "flows.yaml")


def asked(mails: Iterable[PastMail], file: FlowsFile) -> list[Proposal]:
    return suggestions(history(mails, NOW), file, "office")


def a_year(seed: int, *, habit: bool = True) -> list[PastMail]:
    """Return 200 mails of all sorts, and among them 24 that get the usual answer."""
    chance = random.Random(seed)
    mails: list[PastMail] = []
    for number in range(200):
        if habit and number % 8 == 3:
            mails += usual(chance, number)
        else:
            mails += noise(chance, number, answered=chance.random() < 0.5)
    return mails


def both(proposal: Proposal) -> Tried:
    """Return the back-test on the older and the newest mails together."""
    assert proposal.backtest is not None
    counts = zip(*(astuple(each) for each in proposal.backtest), strict=True)
    return Tried(*(sum(pair) for pair in counts))


def holds(proposal: Proposal, past: PastMail) -> bool:
    """Ask the conditions of the proposal of a mail, in the language itself."""
    names = {
        "mail": {
            "kind": past.kind,
            "automatic": past.automatic,
            "subject": past.subject,
            "new_text": past.text,
            "has_attachments": bool(past.papers),
            "sender": {"domain": past.domain},
        },
        "business": {"domains": ["hudson.example"]},
    }
    return all(compile_condition(text)(names) for text in proposal.flow["conditions"])


@pytest.mark.parametrize("seed", range(6))
def test_the_usual_answer_is_proposed(seed: int, file: FlowsFile) -> None:
    """One flow, for those questions alone, that drafts what people say in their answers."""
    (proposal,) = asked(a_year(seed), file)

    step = proposal.flow["steps"][0]
    assert step["uses"] == "reply.draft"
    assert step["approve"] == "owner"
    assert all(line in step["with"]["text"] for line in USUAL)
    assert step["with"]["text"].startswith("Hi{{")
    assert "<" not in step["with"]["text"]
    assert proposal.evidence.count == 25
    assert both(proposal) == Tried(wanted=25, right=25, wrong=0)
    assert any("tankless" in text for text in proposal.flow["conditions"])


@pytest.mark.parametrize("seed", range(6))
def test_where_there_is_no_habit_nothing_is_proposed(seed: int, file: FlowsFile) -> None:
    """Hundreds of mails, half of them answered, each in words of its own."""
    assert asked(a_year(seed, habit=False), file) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_counts_are_those_of_the_conditions(seed: int, file: FlowsFile) -> None:
    """Whoever asks the conditions in the language, of the same mails, counts the same."""
    mails = a_year(seed)
    (proposal,) = asked(mails, file)

    past = history(mails, NOW).settled(timedelta(days=5))
    habit = {each.id for each in past if each.answer and USUAL[1] in each.answer}
    found = [each.id for each in past if holds(proposal, each)]
    wrong = len(set(found) - habit)
    assert both(proposal) == Tried(len(habit), len(set(found) & habit), wrong)
    assert set(proposal.evidence.examples) <= habit


def test_what_a_flow_does_already_is_not_proposed(file: FlowsFile) -> None:
    """Mails that an enabled flow has dealt with are no case for another."""
    chance = random.Random(1)
    mails = [
        each
        for number in range(30)
        for each in usual(chance, number, flows=frozenset({"repair"}))
    ]

    assert asked(mails, file) == []


def test_a_habit_that_is_over_is_not_proposed(file: FlowsFile) -> None:
    """The newest mails have nothing of it any more."""
    chance = random.Random(1)
    mails = [each for number in range(30) for each in usual(chance, number)]
    mails += [each for n in range(30, 200) for each in noise(chance, n, answered=False)]

    assert asked(mails, file) == []


def test_a_question_that_is_often_left_unanswered_gets_no_automatic_answer(
    file: FlowsFile,
) -> None:
    """Nothing tells the answered questions from the many others: no condition is sure."""
    chance = random.Random(1)
    mails: list[PastMail] = []
    for number in range(120):
        question, reply = usual(chance, number)
        mails += [question, reply] if number % 3 == 0 else [question]

    assert asked(mails, file) == []


@pytest.mark.parametrize(
    ("days", "paper", "proposed"),
    [
        (range(3, 300, 30), "pdf", True),
        (range(3, 300, 30), "table", True),
        (range(3, 300, 90), "invoice", True),
        (range(3, 40, 30), "pdf", False),
    ],
)
def test_papers_of_one_sender(days: range, paper: str, proposed: bool, file: FlowsFile) -> None:
    """Statements at a regular pace, or invoices at any."""
    mails = list(papers("bank.example", paper, days, 300))  # type: ignore[arg-type]
    mails += a_year(5, habit=False)

    found = asked(mails, file)

    assert bool(found) is proposed
    for proposal in found:
        assert proposal.flow["conditions"][0] == "mail.sender.domain == 'bank.example'"
        assert proposal.names == ("bank.example",)
        uses = proposal.flow["steps"][0]["uses"]
        assert uses == ("invoice.record" if paper == "invoice" else "row.append")


def test_papers_at_no_pace_are_not_proposed(file: FlowsFile) -> None:
    """A sender who writes now and then."""
    wild = [1, 3, 60, 61, 62, 150, 151, 290]
    mails = [
        each
        for number, day in enumerate(wild, 300)
        for each in papers("agent.example", "pdf", range(day, day + 1), number)
    ]

    assert asked(mails, file) == []


@pytest.mark.parametrize(("answered", "proposed"), [(9, True), (2, False)])
def test_a_kind_that_people_answer(answered: int, proposed: bool, file: FlowsFile) -> None:
    """Requests that are mostly answered become jobs; those that nobody answers do not."""
    found = asked(of_kind("service_request", range(60), answered=answered), file)

    assert bool(found) is proposed
    if found:
        assert [step["uses"] for step in found[0].flow["steps"]] == ["extract", "job.open"]
        assert both(found[0]) == Tried(wanted=54, right=54, wrong=6)


def test_where_no_answer_is_in_the_history_nothing_is_said_of_how_right(
    file: FlowsFile,
) -> None:
    """Sent mail is not connected: the kind is proposed, with its count and no back-test."""
    (found,) = asked(of_kind("service_request", range(60), answered=0), file)

    assert found.backtest is None
    assert found.evidence.count == 60


@pytest.mark.parametrize("seed", range(3))
def test_every_proposal_is_valid_as_it_is_written(seed: int, file: FlowsFile) -> None:
    """The text can be put under `flows:`, and says what the proposal says."""
    mails = a_year(seed)
    mails += papers("bank.example", "pdf", range(3, 300, 30), 300)
    mails += papers("pipes.example", "invoice", range(5, 300, 31), 400)
    mails += of_kind("complaint", range(500, 560), answered=9)

    found = asked(mails, file)

    assert len(found) == 4
    text = FLOWS + "".join(each.yaml for each in found)
    assert yaml.safe_load(text)["flows"][1:] == [dict(each.flow) for each in found]
    ids = [flow.id for flow in parse(text, Path("flows.yaml")).flows]
    assert len(set(ids)) == len(ids)


def test_an_answer_is_found_by_its_thread_or_by_topic_and_people() -> None:
    """The first answer counts, and only one that comes after the question."""
    first = mail(1, subject="Leak", thread="a", correspondent="x")
    by_thread = answer(first, "We come.")
    second = mail(2, subject="Key", thread="b", correspondent="y")
    by_topic = answer(mail(3, subject="RE: key", thread="c", correspondent="y"), "Thanks.")
    third = mail(9, subject="Key", thread="d", correspondent="y")

    past = history([third, by_topic, second, by_thread, first], NOW)

    assert [(each.id, each.answer) for each in past.mails] == [
        ("m0001", "We come."),
        ("m0002", "Thanks."),
        ("m0009", ""),
    ]


@given(
    st.lists(
        st.text(alphabet=st.sampled_from("abc <>PERSON_1{}%.\n?!Hidear,"), max_size=80),
        min_size=4,
        max_size=8,
    )
)
def test_nothing_personal_and_no_code_is_in_what_answers_have_in_common(
    texts: list[str],
) -> None:
    """Not a stand-in, not a number, nothing that a template would take for more than text."""
    usual_ones = [(n, "\n".join([text, *USUAL])) for n, text in enumerate(texts)]

    for custom in customs(usual_ones, 4):
        assert not any(part in custom.text for part in ("<PERSON_1>", "{", "1"))


@pytest.mark.parametrize(
    ("domain", "kept"),
    [
        ("pipes.example", "pipes.example"),
        ("x'or'1'=='1.example", ""),
        ("a.example' or true or '", ""),
        ("{{business.id}}.example", ""),
    ],
)
def test_a_domain_that_is_no_host_name_reaches_no_condition(domain: str, kept: str) -> None:
    """Its sender chose it; as text of a flow it would be code."""
    clean = CleanMessage(
        id="m",
        source="office",
        folder="",
        thread="t",
        received_at=NOW,
        sent_at=None,
        kind="other",
        automatic="",
        subject="",
        text="",
        new_text="",
    )

    assert past_mail(clean, domain=domain, flows=()).domain == kept


def test_phrases_do_not_reach_over_what_was_taken_out() -> None:
    """Neither over a stand-in, nor a number, nor a full stop."""
    found = phrases("Bill for <PERSON_1> Street, unit 4 heating. Boiler plant")

    assert found == {"bill", "street", "unit", "heating", "boiler", "plant", "boiler plant"}


@pytest.mark.parametrize(
    "subject", ["Re: Leak", "AW: RE: leak", "Fwd: leak ", "RE[2]: LEAK", "leak"]
)
def test_a_topic_is_the_subject_as_it_began(subject: str) -> None:
    """Whatever mail programs have put before it."""
    assert topic(subject) == "leak"
