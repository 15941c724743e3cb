"""Ten tasks of an office work as written, and mistakes in them are told at their line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from flows.engine import Engine
from flows.language.load import parse
from flows.model import CleanMessage, CleanTransaction, Invoice, Money, Overdue
from tests.tasks.mistakes import HERE, MISTAKES, TASKS, Mistake, problems, seeded, text_of
from tests.tasks.mistakes_n8n import N8N

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
MAIL = CleanMessage(
    id="m1", source="office", folder="", thread="t", received_at=NOW, sent_at=NOW,
    kind="other", automatic="", subject="Quote Q-1042", text="", new_text="",
    kept={"customer.name": "Ann Lee", "customer.email": "ann@lee.example"},
)  # fmt: skip
PAID = CleanTransaction(
    id="x1", source="bank", account="checking", booked_on=date(2026, 3, 4), reference="",
    money=Money(amount=Decimal("480.00"), currency="USD"), counterparty="",
)  # fmt: skip
OWED = Invoice(
    id="i1", number="INV-7", direction="receivable", email="ann@lee.example", party="Ann Lee",
    money=Money(amount=Decimal("480.00"), currency="USD"), due_on=date(2026, 2, 1),
)  # fmt: skip
DOES = {
    "at-night": ["job.open", "notify"],
    "complaint": ["job.open", "notify", "reply.draft"],
    "leads": ["row.append", "notify"],
    "papers": ["mail.mark"],
    "payments": ["row.append"],
    "quote-accepted": ["job.open", "event.add", "notify"],
    "reminder": ["mail.send"],
    "repair-request": ["job.open", "reply.send"],
    "reschedule": ["event.add", "reply.draft"],
    "supplier-invoice": ["invoice.record", "notify"],
}


def _item(task: str) -> CleanMessage | CleanTransaction | Overdue:
    if task == "payments":
        return PAID
    if task == "reminder":
        return Overdue(id="v1", invoice=OWED, after="14d", days=31, source="office")
    text = "We accept. Please come on 9 March 2026 at 9:30."
    return replace(MAIL, text=text, new_text=text)


@pytest.mark.parametrize("task", TASKS)
def test_a_task_validates_and_does_what_it_says(task: str) -> None:
    assert problems(text_of(task)) == ()
    file = parse(text_of(task), Path("flows.yaml"))
    engine = Engine(file, {})

    done = engine.run(file.flows[0], _item(task), now=NOW)

    assert [(each.uses, each.state == "failed") for each in done.outputs] == [
        (uses, False) for uses in DOES[task]
    ]


def test_there_are_ten_tasks() -> None:
    assert len(TASKS) == 10


@pytest.mark.parametrize(
    "mistake", MISTAKES, ids=lambda mistake: f"{mistake.task}-{mistake.kind}"
)
def test_a_mistake_is_told_at_its_line(mistake: Mistake) -> None:
    text, line = seeded(mistake)
    assert line in {each.where.line for each in problems(text)}


def test_there_are_thirty_mistakes_and_more() -> None:
    assert len(MISTAKES) >= 30
    assert len({(each.task, each.kind) for each in MISTAKES}) == len(MISTAKES)
    assert {each.task for each in MISTAKES} == set(TASKS)


@pytest.mark.parametrize("task", TASKS)
def test_a_task_as_n8n_exports_it_is_one_whole_path(task: str) -> None:
    """Each node is reached, by a name that is there; so its lines are those of a task done."""
    export = json.loads((HERE / "peers" / f"{task}.n8n.json").read_text(encoding="utf-8"))
    names = {node["name"] for node in export["nodes"]}
    reached = {
        end["node"]
        for outs in export["connections"].values()
        for out in outs["main"]
        for end in out
    }
    assert names - reached == {export["nodes"][0]["name"]}
    assert reached <= names


def test_mistakes_among_peers_are_made_in_texts_that_are_there() -> None:
    for peer, ending in (("actions", ".actions.yaml"), ("n8n", ".n8n.json")):
        for mistake in MISTAKES:
            right, _ = mistake.among(peer) or ("", "")
            assert right in (HERE / "peers" / f"{mistake.task}{ending}").read_text("utf-8")
    assert set(N8N) <= {(each.task, each.kind) for each in MISTAKES}
