"""What people see of what waits: until when they may decide, and what goes out after what."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from anonymizer.text.cleaner import Cleaner
from tests.flows.business import FLOWS, Business, mail
from tests.portal.conftest import typed

LINES = """\
    concurrency: thread
    steps:
      - id: answer
        uses: reply.draft
        with: {text: "We come."}
        approve: {by: owner, within: 2d, then: {ask: dispatcher}}
      - {id: job, uses: job.open, with: {title: Visit}}
"""


@pytest.fixture
def business(tmp_path: Path, cleaner: Cleaner) -> Business:
    """A business whose one mail was swept: a draft waits, and a job behind it."""
    made = Business(tmp_path, cleaner)
    made.clock.time = datetime.now(UTC)  # as the command has it
    made.writes(FLOWS[: FLOWS.index("    retention: 30d")] + LINES)
    made.gets(mail())
    asyncio.run(made.sweeps())
    return made


def rows(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    found = map(json.loads, capsys.readouterr().out.splitlines())
    return sorted(found, key=lambda row: ["reply.draft", "job.open"].index(row["uses"]))


def test_the_list_shows_the_deadline_and_what_waits_behind(
    business: Business, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(business.settings, "outbox list")
    shown = " ".join(capsys.readouterr().out.split())
    assert "decide by" in shown
    assert "then ask" in shown
    typed(business.settings, "outbox list --json")
    draft, job = rows(capsys)
    assert (draft["state"], draft["then"], draft["next_at"]) == (
        "waiting",
        "ask dispatcher",
        None,
    )
    assert datetime.fromisoformat(draft["decide_by"]) > business.clock.now()
    assert (job["state"], job["after"], job["decide_by"]) == ("approved", draft["id"], None)
    assert f"goes out after {draft['id'][:10]}" in shown


def test_what_is_approved_lets_go_what_waited_behind_it(
    business: Business, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(business.settings, "outbox list --json")
    draft, job = rows(capsys)
    typed(business.settings, f"outbox approve {draft['id']}")
    assert f"{draft['id']} sent" in capsys.readouterr().out
    typed(business.settings, f"outbox show {job['id']}")
    assert json.loads(capsys.readouterr().out)["state"] == "sent"
