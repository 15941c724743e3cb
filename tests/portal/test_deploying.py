"""`apply`, `rollback`, `versions`, `drift` and `replay` as an operator uses them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from anonymizer.text.cleaner import Cleaner
from flows.deployments import Deployments
from portal.wiring import App
from tests.flows.business import FLOWS, Business, mail
from tests.portal.conftest import jigajob
from tests.portal.test_audit import listed, ran

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

OTHER = FLOWS.replace("We will come.", "We come tomorrow.")


@pytest.fixture
def business(tmp_path: Path, cleaner: Cleaner) -> Business:
    made = Business(tmp_path, cleaner)
    made.writes(FLOWS)
    made.gets(mail())
    return made


def said(done: CompletedProcess[str], code: int = 0) -> str:
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_what_is_applied_runs_until_the_next_apply(business: Business) -> None:
    """Edits wait, and are shown; going back is a deployment of its own."""
    assert "nothing is deployed" in said(ran(business, "drift"))
    assert not business.settings.home.exists()
    assert "deployment 1 runs" in said(ran(business, "apply", "--yes"))
    assert "nothing to deploy" in said(ran(business, "apply"))
    assert "is what is deployed" in said(ran(business, "drift"))

    business.writes(OTHER)
    shown = said(ran(business, "drift"), 1)
    assert "changed  repair: step answer (with)" in shown
    assert "-    text: We will come.\n+    text: We come tomorrow.\n" in shown
    assert "deployment 1, which runs (1 flow)" in shown
    assert "differs from deployment 1" in said(ran(business, "status"))

    assert "deployment 2 runs" in said(ran(business, "apply", "--yes"))
    assert "deployment 3, as 1 was" in said(ran(business, "rollback", "--yes"))
    rows = [json.loads(line) for line in said(ran(business, "versions", "--json")).splitlines()]
    assert [(row["number"], row["restores"]) for row in rows] == [(3, 1), (2, None), (1, None)]
    assert [row["changed"] for row in rows] == [
        {"repair": "changed"},
        {"repair": "changed"},
        {"repair": "new"},
    ]
    assert rows[0]["hash"] == rows[2]["hash"]
    assert re.search(r"20\d\d-\d\d-\d\d \d\d:\d\d E[SD]T", said(ran(business, "versions")))
    assert "+    text: We come tomorrow." in said(ran(business, "versions", "2"))
    applied = [each for each in listed(business, "--action", "flows") if each["subjects"]]
    assert [each["action"] for each in applied] == ["flows.apply"] * 2 + ["flows.rollback"]
    assert applied[2]["subjects"][0] == "deployment:3"


def test_nobody_is_deployed_for_who_does_not_say_yes(business: Business) -> None:
    home = ["--home", business.settings.home, "--flows", business.settings.flows]
    for answer in ("n\n", ""):
        assert jigajob("apply", *home, stdin=answer).returncode == 1
    assert "nothing is deployed" in said(ran(business, "versions"))
    assert "nothing is kept" in said(ran(business, "audit", "list"), 1)


def test_a_file_with_problems_deploys_nothing_and_stops_nothing(business: Business) -> None:
    """What is deployed runs on while somebody edits, as long as the business is known."""
    said(ran(business, "apply", "--yes"))
    business.writes(FLOWS.replace("job.open", "job.opne"))
    assert "job.opne" in said(ran(business, "apply", "--yes"), 1)
    told = said(ran(business, "status"))
    assert "has 1 problem; deployment 1 runs all the same" in told
    assert "job.opne" in said(ran(business, "drift"), 1)


def test_going_back_takes_something_to_go_back_to(business: Business) -> None:
    assert "nothing is kept" in said(ran(business, "rollback"), 1)
    said(ran(business, "apply", "--yes"))
    assert "there is no deployment" in said(ran(business, "rollback"), 1)
    assert "there is no deployment 9" in said(ran(business, "rollback", "9"), 1)
    assert "is what runs" in said(ran(business, "rollback", "1"))


async def test_a_bundle_is_sealed(business: Business) -> None:
    """Whoever reads the store reads no word of the flows."""
    said(ran(business, "apply", "--yes"))
    found = b"".join(path.read_bytes() for path in business.settings.home.glob("jigajob.db*"))
    assert b"deployment" in found
    assert b"We will come" not in found

    async def bundle(app: App) -> str:
        return (await Deployments(app.records).bundle(1)).texts["flows.yaml"]

    assert await business.asks(bundle) == FLOWS


async def test_a_replay_is_shown_asked_and_told(business: Business) -> None:
    """Under Prefect, like a run; what is out is not put out again."""
    await business.sweeps()
    business.writes(OTHER)
    since = ("--flow", "repair", "--since", "2026-10-01")
    shown = said(ran(business, "replay", *since, "--dry-run"))
    assert "is out, and is not made again" in shown
    assert "gives way" in shown
    assert len(await business.outputs()) == 2
    assert "1 put out" in said(ran(business, "replay", *since, "--yes"))
    states = sorted(each.output.state for each in await business.outputs())
    assert states == ["rejected", "sent", "waiting"]
    (row,) = said(ran(business, "replay", *since, "--dry-run", "--json")).splitlines()
    assert [each["fate"] for each in json.loads(row)["outputs"]] == ["out", "same"]
    business.writes(OTHER.replace("id: job", "id: open"))
    refused = said(ran(business, "replay", *since, "--yes"), 1)
    assert "--new open" in refused


@pytest.mark.parametrize(
    "words",
    [
        ("replay",),
        ("replay", "--since", "2026-10-01"),
        ("replay", "x", "--flow", "repair", "--since", "2026-10-01"),
        ("replay", "nosuch"),
        ("replay", "x", "--json"),
        ("replay", "x", "--flow", "nosuch"),
        ("replay", "x", "--version", "4"),
    ],
    ids=" ".join,
)
def test_a_replay_of_nothing_says_what_to_do(
    business: Business, words: tuple[str, ...]
) -> None:
    said(ran(business, "apply", "--yes"))
    assert "fix: " in said(ran(business, *words), 1)
