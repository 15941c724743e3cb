"""`job.open`, `event.add`, `row.append` and `notify`."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from flows.steps import event, job, notify, row
from tests.flows.steps.contexts import context, mail, payment


def job_of(item, **options):
    return job.STEP.run(context(item), job.Options(**{"title": "Leak"} | options))


def test_a_job_has_the_same_reference_each_time_and_another_for_another_mail():
    first, again = job_of(mail("a")), job_of(mail("a", received_at=context(mail()).now))
    assert first.values["job"] == again.values["job"]
    assert job_of(mail("a", id="m2")).values["job"] != first.values["job"]
    assert first.values["job"].startswith("J-")
    assert first.outputs[0].body["job"] == first.values["job"]


def test_a_job_from_a_movement_on_the_account_is_possible():
    assert job_of(payment()).values["job"]


@pytest.mark.parametrize(
    ("given", "meant"), [("HIGH", "high"), ("urgent", "urgent"), ("", "normal")]
)
def test_a_priority_is_one_of_four(given, meant):
    assert job_of(mail(), priority=given).values["priority"] == meant


def test_a_wrong_priority_is_refused_and_a_template_is_not():
    with pytest.raises(ValidationError):
        job.Options(title="x", priority="asap")
    job.Options(title="x", priority="{{ steps.a.b }}")
    assert job_of(mail(), priority="{x}").values["priority"] == "normal"


def test_a_title_is_one_line():
    assert job_of(mail(), title="a\r\nb\x00\u2028c").values["title"] == "a b c"
    assert job_of(mail(), title="").values["title"] == "Job without a title"


def event_of(start, **options):
    used = event.Options(**{"title": "Visit", "start": start} | options)
    return event.STEP.run(context(mail()), used)


@pytest.mark.parametrize(
    ("start", "duration", "begins", "ends"),
    [
        ("2026-03-04 09:30", "1h", "2026-03-04T09:30:00-05:00", "2026-03-04T10:30:00-05:00"),
        ("2026-03-14T09:30", "1h30m", "2026-03-14T09:30:00-04:00", "2026-03-14T11:00:00-04:00"),
        (
            "2026-03-14 14:00+00:00",
            "30m",
            "2026-03-14T10:00:00-04:00",
            "2026-03-14T10:30:00-04:00",
        ),
        ("2026-03-14 ", "1h", "2026-03-14", "2026-03-15"),
        ("2026-03-14", "2d", "2026-03-14", "2026-03-16"),
        # The clocks go forward that night: half past two is shown as half past three.
        ("2026-03-08 02:30", "1h", "2026-03-08T03:30:00-04:00", "2026-03-08T04:30:00-04:00"),
        ("2026-03-08 01:30", "1h", "2026-03-08T01:30:00-05:00", "2026-03-08T03:30:00-04:00"),
    ],
)
def test_an_event_is_in_the_zone_of_the_business(start, duration, begins, ends):
    found = event_of(start, duration=duration)
    assert found.values == {"status": "added", "start": begins, "end": ends}
    assert found.outputs[0].body["all_day"] == ("T" not in begins)


@pytest.mark.parametrize(
    "start",
    [
        "",
        " 09:30",
        "Tuesday",
        "2026-02-30",
        "2026-03-14 25:00",
        "14.3.2026",
        "9999-12-31 23:59",
    ],
)
def test_without_a_clear_start_there_is_no_event(start):
    found = event_of(start)
    assert found.values["status"] == "no_date"
    assert found.outputs == ()


@pytest.mark.parametrize("duration", ["", "0m", "1", "1x", "-1h", "61d"])
def test_a_length_that_is_none_is_refused(duration):
    with pytest.raises(ValidationError):
        event_of("2026-03-14", duration=duration)


def row_of(**options):
    return row.STEP.run(context(mail()), row.Options(**{"table": "leads"} | options))


def test_a_row_for_a_workbook_names_it():
    result = row_of(table=None, to="books", columns={"a": "b"})
    [draft] = result.outputs
    assert (draft.into, draft.body["cells"]) == ("books", {"a": "b"})
    assert result.values["table"] == "books"


@pytest.mark.parametrize("options", [{"table": None}, {"to": "books"}])
def test_a_row_goes_to_one_place(options):
    with pytest.raises(ValidationError, match="either 'table' or 'to'"):
        row_of(columns={"a": "b"}, **options)


def test_a_row_keeps_its_cells_and_their_order():
    [draft] = row_of(columns={"b": "1", "a": ""}).outputs
    assert draft.body == {"table": "leads", "columns": ["b", "a"], "cells": {"b": "1", "a": ""}}


@pytest.mark.parametrize("name", ["", "output_id", "Output_ID", "a\nb", "x" * 65])
def test_a_column_that_a_table_cannot_have_is_refused(name):
    with pytest.raises(ValidationError):
        row_of(columns={name: "x"})


@pytest.mark.parametrize("name", ["../x", "A", "a b", ""])
def test_a_table_is_named_by_a_slug(name):
    with pytest.raises(ValidationError):
        row_of(table=name, columns={"a": "b"})


def test_a_notice_goes_to_a_role():
    options = notify.Options(to="dispatcher", text="x\ny")
    [draft] = notify.STEP.run(context(mail()), options).outputs
    assert draft.body == {"to": "dispatcher", "text": "x\ny"}
    with pytest.raises(ValidationError):
        notify.Options(text="")
