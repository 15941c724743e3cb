"""How often a step runs, what follows where it fails, and on which terms its outputs go out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine import Engine, FlowRun
from flows.errors import OperatorError
from flows.language.load import load
from flows.language.spec import StepSpec
from flows.making import OutputMaker
from flows.model import Attachment, CleanMessage
from flows.steps.contract import Draft
from flows.terms import Deadline
from tests.flows.business import START

HEAD = """\
version: 1
business: {id: hudson, name: Hudson, industry: "238220", region: US-NY, time_zone: America/New_York}
sources: {office: {uses: folder, path: mail}}
flows:
  - id: a
    name: A
    triggers: [{mail: office}]
"""  # noqa: E501 - one line in the file under test

Ran = Callable[..., FlowRun]


@pytest.fixture
def ran(tmp_path: Path) -> Ran:
    """Return a function that runs a flow of these lines over a mail."""

    def run(lines: str, **about: object) -> FlowRun:
        path = tmp_path / "flows.yaml"
        path.write_text(HEAD + lines)
        file = load(path)
        return Engine(file, {}).run(file.flows[0], clean(**about), now=START)

    return run


def files(*names: str) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(name=name, media_type="application/pdf", size=at)
        for at, name in enumerate(names)
    )


def clean(**about: object) -> CleanMessage:
    base = CleanMessage(
        id="m1",
        source="office",
        folder=".",
        thread="t1",
        received_at=START,
        sent_at=None,
        kind="service_request",
        automatic="",
        subject="No heat",
        text="It is cold.",
        new_text="It is cold.",
        attachments=files("a.pdf", "b.pdf", "c.pdf"),
    )
    return replace(base, **about)  # type: ignore[arg-type]  # fields of a message


def texts(run: FlowRun) -> list[Any]:
    return [each.body.get("text") or each.body.get("problem") for each in run.outputs]


EACH = """\
    steps:
      - id: each
        uses: notify
        foreach: mail.attachments
        with: {text: "{{ loop.index }}/{{ loop.length }} {{ item.name }} {{ item.size }}"}
"""


def test_a_step_runs_once_for_each_of_a_list(ran: Ran) -> None:
    run = ran(EACH)
    assert texts(run) == ["1/3 a.pdf 0", "2/3 b.pdf 1", "3/3 c.pdf 2"]
    assert run.values["each"] == {"items": [{"status": "noted", "to": "owner"}] * 3}


def test_every_turn_has_an_id_of_its_own_that_stays(ran: Ran) -> None:
    """Run again after a crash, the same outputs come out; none of them hides another."""
    first, second = ran(EACH), ran(EACH)
    assert [each.id for each in first.outputs] == [each.id for each in second.outputs]
    assert len({each.id for each in first.outputs}) == 3
    more = ran(EACH, attachments=files("a.pdf", "b.pdf", "c.pdf", "d.pdf"))
    assert [each.id for each in more.outputs[:3]] == [each.id for each in first.outputs]


def test_the_condition_is_asked_for_each(ran: Ran) -> None:
    """A turn that it leaves out puts nothing out, and is not among the results."""
    run = ran(EACH + "        if: item.name != 'b.pdf'\n")
    assert texts(run) == ["1/3 a.pdf 0", "3/3 c.pdf 2"]
    assert len(run.values["each"]["items"]) == 2  # type: ignore[arg-type]  # a list


def test_later_steps_read_what_each_turn_returned(ran: Ran) -> None:
    lines = """\
    steps:
      - {id: jobs, uses: job.open, foreach: "['Boiler', 'Pump']", with: {title: "{{ item }}"}}
      - id: told
        uses: notify
        with: {text: "{% for job in steps.jobs.items %}{{ job.title }} {% endfor %}"}
      - id: again
        uses: notify
        foreach: steps.jobs.items[1:]
        with: {text: "{{ item.job }}"}
"""
    run = ran(lines)
    assert [each.uses for each in run.outputs] == ["job.open", "job.open", "notify", "notify"]
    assert texts(run)[2] == "Boiler Pump"
    jobs: Any = run.values["jobs"]["items"]
    assert texts(run)[3] == jobs[1]["job"]


def test_an_empty_list_puts_nothing_out(ran: Ran) -> None:
    run = ran(EACH, attachments=())
    assert (run.outputs, run.values["each"]) == ((), {"items": []})


def test_a_list_that_is_too_long_fails_as_a_whole_and_says_what_to_do(ran: Ran) -> None:
    run = ran(EACH, attachments=files(*(f"{at}.pdf" for at in range(101))))
    (failed,) = run.outputs
    assert failed.state == "failed"
    assert "has 101 items" in str(failed.body["problem"])
    assert failed.body["fix"] == "take some of them, as in (mail.attachments)[:100]"
    cut = EACH.replace("mail.attachments", "(mail.attachments)[:100]")
    assert len(ran(cut, attachments=files(*"x" * 101)).outputs) == 100


def test_what_is_no_list_at_run_time_fails_without_its_value(ran: Ran) -> None:
    lines = """\
    steps:
      - id: n
        uses: notify
        foreach: mail.attachments if mail.has_attachments else mail.subject
        with: {text: x}
"""
    (failed,) = ran(lines, subject="Ruth Kepler", attachments=()).outputs
    assert "no list" in str(failed.body["problem"])
    assert "Kepler" not in str(failed.body)


@given(
    turns=st.lists(st.integers(min_value=0, max_value=99), unique=True, max_size=20),
    items=st.lists(st.integers(min_value=0, max_value=1 << 32), unique=True, max_size=20),
)
def test_no_two_outputs_of_a_step_have_one_id(turns: list[int], items: list[int]) -> None:
    """Whatever numbers a step gives its drafts, in whichever turns, reports and notices too."""
    step = StepSpec.model_validate(
        {"id": "s", "uses": "notify", "on_error": {"notify": "owner"}}
    )
    make = OutputMaker(flow="a", version="v", item=clean(), spec=step, now=START)
    every = [
        output
        for turn in [None, *turns]
        for maker in [replace(make, turn=turn)]
        for output in (
            *(maker.output(Draft(body={}, summary="", item=item)) for item in items),
            *maker.failed(OperatorError("broken")),
        )
    ]
    assert len({each.id for each in every}) == len(every)
    assert len({each.item for each in every}) == len(every)
    assert max(each.item for each in every) < 1 << 53  # as JSON has it
    assert all((each.item < 0) == (each.state == "failed") for each in every)


FAILS = """\
    steps:
      - id: visit
        uses: event.add
        with: {title: Visit, start: "2026-12-01 09:00", duration: "{{ mail.subject }}"}
        on_error: ON_ERROR
      - {id: after, uses: notify, with: {text: "it was {{ steps.visit.status }}"}}
"""


def test_a_step_that_fails_stops_the_flow_unless_it_says_otherwise(ran: Ran) -> None:
    run = ran(FAILS.replace("ON_ERROR", "stop"))
    assert [each.state for each in run.outputs] == ["failed"]
    assert [each.id for each in run.outputs] == [
        each.id for each in ran(FAILS.replace("        on_error: ON_ERROR\n", "")).outputs
    ]


def test_the_flow_goes_on_where_that_is_wished_and_can_ask(ran: Ran) -> None:
    """What failed is on record all the same; what it would have returned is empty."""
    on = FAILS.replace("ON_ERROR", "continue")
    failed, told = ran(on).outputs
    assert (failed.state, failed.item) == ("failed", -1)
    assert told.body["text"] == "it was failed"
    asked = on.replace("it was {{ steps.visit.status }}", "from {{ steps.visit.start }}.")
    assert ran(asked).outputs[1].body["text"] == "from ."
    went_well = ran(on, subject="1h").outputs
    assert [each.state for each in went_well] == ["approved", "approved"]
    assert went_well[1].body["text"] != "it was failed"


def test_what_returns_no_status_is_done_or_failed_or_left_out(ran: Ran) -> None:
    lines = """\
    steps:
      - {id: x, uses: extract, with: {fields: {at: date}}, on_error: continue, if: CONDITION}
      - {id: n, uses: notify, with: {text: "[{{ steps.x.status }}]"}}
"""
    for condition, status in (
        ("mail.has_attachments", "done"),
        ("not mail.has_attachments", ""),
        ("mail.sent_at.year > 2000", "failed"),
    ):
        run = ran(lines.replace("CONDITION", f'"{condition}"'))
        assert run.outputs[-1].body["text"] == f"[{status}]"


def test_one_turn_that_fails_costs_the_others_nothing_or_ends_them(ran: Ran) -> None:
    lines = """\
    steps:
      - id: visit
        uses: event.add
        foreach: "['1h', 'soon', '2h']"
        with: {title: Visit, start: "2026-12-01 09:00", duration: "{{ item }}"}
        on_error: ON_ERROR
      - {id: after, uses: notify, with: {text: "after"}}
"""
    on = ran(lines.replace("ON_ERROR", "continue"))
    assert [each.state for each in on.outputs] == ["approved", "failed", "approved", "approved"]
    items: Any = on.values["visit"]["items"]
    assert [each["status"] == "failed" for each in items] == [False, True, False]
    stopped = ran(lines.replace("ON_ERROR", "stop"))
    assert [each.state for each in stopped.outputs] == ["approved", "failed"]
    assert "after" not in texts(stopped)


def test_somebody_is_told_that_a_step_failed_in_words_without_the_mail(ran: Ran) -> None:
    lines = FAILS.replace("ON_ERROR", "{notify: dispatcher}")
    failed, notice = ran(lines, subject="Ruth Kepler, 12 Oak St").outputs
    assert failed.state == "failed"
    assert (notice.uses, notice.state, notice.item >= 0) == ("notify", "approved", True)
    assert notice.body["to"] == "dispatcher"
    said = str(notice.body["text"])
    assert "'a' stopped at its step 'visit'" in said
    assert failed.id[:10] in said
    assert "Kepler" not in f"{said} {notice.summary}"


TERMS = """\
    concurrency: CONCURRENCY
    keep: [customer.name, customer.email]
    steps:
      - id: one
        uses: notify
        with: {text: x}
        retry: {attempts: 5, within: 2d}
        timeout: 90s
        on_error: {notify: owner}
        approve: {by: owner, within: 36h, then: THEN}
      - {id: two, uses: notify, with: {text: y}}
"""


def test_outputs_carry_the_terms_of_their_step(ran: Ran) -> None:
    lines = TERMS.replace("CONCURRENCY", "thread")
    one, two = ran(lines.replace("THEN", "{ask: dispatcher}")).outputs
    assert (one.state, one.approver) == ("waiting", "owner")
    assert (one.terms.attempts, one.terms.within) == (5, timedelta(days=2))
    assert one.terms.timeout == timedelta(seconds=90)
    assert one.terms.tells == "owner"
    at = START + timedelta(hours=36)
    assert one.terms.deadline == Deadline(at=at, then="ask", ask="dispatcher")
    assert (one.terms.place, two.terms.place) == (0, 1)
    assert one.terms.lane == two.terms.lane != ""
    assert two.terms.deadline is None
    (rejected, _) = ran(lines.replace("THEN", "reject")).outputs
    assert rejected.terms.deadline == Deadline(at=at, then="reject")


def test_a_lane_is_of_a_thread_a_customer_or_what_an_expression_gives(ran: Ran) -> None:
    def lane(key: str, **about: object) -> str:
        lines = TERMS.replace("THEN", "reject").replace("CONCURRENCY", key)
        return ran(lines, **about).outputs[0].terms.lane

    assert lane("thread") == lane("thread", id="m2") != lane("thread", thread="t2")
    ruth = {"customer.email": "Ruth@kepler.example", "customer.name": "Ruth"}
    again = {"customer.email": " ruth@Kepler.example", "customer.name": "R. Kepler"}
    assert lane("customer", kept=ruth) == lane("customer", kept=again) != ""
    assert lane("customer", kept={}) == ""
    assert lane('"{{ mail.folder }}"') == lane('"{{ mail.folder }} "', thread="t2") != ""
    assert lane('"{{ mail.folder }}"', folder="t1") != lane("thread")
    assert lane('"{% if mail.automatic %}{{ mail.folder }}{% endif %}"') == ""


def test_a_lane_that_cannot_be_worked_out_stops_the_flow_before_its_steps(ran: Ran) -> None:
    lines = TERMS.replace("THEN", "reject").replace("CONCURRENCY", '"{{ mail.sent_at.year }}"')
    (failed,) = ran(lines).outputs
    assert (failed.state, failed.step) == ("failed", "concurrency")


def test_no_deadline_lets_go_what_the_step_itself_asks_about(ran: Ran) -> None:
    """An invoice of which something is unsure waits for a person, however long that takes."""
    lines = """\
    steps:
      - {id: i, uses: invoice.record, approve: {by: dispatcher, within: 1d, then: THEN}}
"""
    (unsure,) = ran(lines.replace("THEN", "approve"), text="INV-1", new_text="INV-1").outputs
    assert (unsure.state, unsure.approver, unsure.terms.deadline) == ("waiting", "owner", None)
    (unsure,) = ran(lines.replace("THEN", "reject"), text="INV-1", new_text="INV-1").outputs
    assert unsure.terms.deadline is not None
