"""What `webhook.call`, `task.add`, `teams.post` and `file.write` put out."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from flows.steps import file, task, teams, webhook
from tests.flows.steps.contexts import context, mail


def ran(step, **options):
    return step.STEP.run(context(mail("Hello")), step.STEP.options.model_validate(options))


def body_of(step, **options):
    (draft,) = ran(step, **options).outputs
    assert draft.into == options["to"]
    return draft.body


def test_a_call_says_what_happened_and_only_what_it_was_given():
    data = {"job": "J-1", "urgent": True, "lines": [{"text": "a", "price": 4.5}]}
    body = body_of(webhook, to="dispatch", event="job.opened", data=data)
    assert body == {"event": "job.opened", "data": data}
    assert str(body_of(webhook, to="dispatch", data=data)["event"]).count(".") == 1


def test_a_call_is_bounded():
    deep = {}
    for _ in range(20):
        deep = {"a": deep}
    for data in (deep, {"a": "x" * 300_000}, {}):
        with pytest.raises(ValidationError):
            webhook.STEP.options.model_validate({"to": "dispatch", "data": data})


@pytest.mark.parametrize(
    ("due", "kept"),
    [("2026-03-14", "2026-03-14"), ("2026-03-14 09:30", "2026-03-14"), ("soon", ""), ("", "")],
)
def test_a_task_is_due_on_a_clear_day_or_none(due, kept):
    body = body_of(task, to="office", title="Call\nAda", due=due)
    assert (body["due"], body["title"]) == (kept, "Call Ada")


def test_a_message_is_bounded_and_its_title_one_line():
    body = body_of(teams, to="team", title="a\nb", text="x" * 50_000)
    assert body["title"] == "a b"
    assert len(str(body["text"])) == 10_000


def test_a_file_has_a_name_that_every_system_takes():
    assert body_of(file, to="papers", name="J-1: Leak?", text="x")["name"] == "J-1- Leak-.txt"
