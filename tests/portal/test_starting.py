"""`jigajob start`, and webhooks of a real `jigajob watch`: what they print and how they end."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.signing import key_of, signed
from tests.flows.starting.test_calls import BOOKING
from tests.portal.conftest import PROGRAM, ROOT, jigajob
from tests.servers.ports import free_ports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SECRET = "0123456789abcdef0123456789abcdef"
QUIET = """\
  - id: quiet
    name: By mail alone
    triggers: [{mail: office}]
    steps: [{id: tell, uses: notify, with: {text: "{{ mail.subject }}"}}]
  - id: share
    name: Tell a share
    triggers: [{manual: true}]
    inputs: {among: {type: number, required: true}}
    steps: [{id: tell, uses: notify, with: {to: owner, text: "{{ 1 / inputs.among }}"}}]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("starting")
    (folder / "mail").mkdir()
    (folder / "flows.yaml").write_text(BOOKING + QUIET)
    return folder


def start(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return jigajob("start", *arguments, cwd=folder, SITE_SECRET=SECRET)


def test_a_flow_is_started_by_hand(folder: Path) -> None:
    """What comes of it is told; the same id again does nothing again; the audit log knows."""
    inputs = ["--input", "who=Ada Byrne", "--input", "notes=Call Tom Oakfield, please."]
    done = start(folder, "booking", *inputs, "--id", "monday")
    assert done.returncode == 0, done.stderr
    output, state, told = done.stdout.strip().split(" ", 2)
    assert (state, output[0]) == ("sent", "o")
    assert told.startswith("Open job J-")
    shown = jigajob("outbox", "show", output, cwd=folder)
    body = json.loads(shown.stdout)["body"]
    assert (body["customer"], "Oakfield" in body["notes"]) == ("Ada Byrne", False)

    again = start(folder, "booking", *inputs, "--id", "monday", "--json")
    row = json.loads(again.stdout)
    assert (row["again"], [each["id"] for each in row["outputs"]]) == (True, [output])
    found = jigajob("show", row["start"], cwd=folder)
    assert json.loads(found.stdout)["record"] == "start"
    entries = jigajob("audit", "list", "--action", "flow.start", "--json", cwd=folder)
    assert len(entries.stdout.splitlines()) == 2
    status = jigajob("status", "--json", cwd=folder)
    assert json.loads(status.stdout)["starts"] == {"manual": 1}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["bookin"], "did you mean 'booking'?"),
        (["quiet"], "add `- manual: true` to its triggers"),
        (["booking"], "who is needed: a name on one line"),
        (["booking", "--input", "who"], "an --input says not which one it is"),
        (["booking", "--input", "who=A", "--input", "who=B"], "is given twice"),
        (["booking", "--input", "whom=A"], "did you mean 'who'?"),
        (["booking", "--input", "who=A", "--input", "wanted=soon"], "a day such as 2026-03-14"),
        (["booking", "--input", "who=A", "--id", "x" * 129], "the id is too long"),
    ],
)
def test_what_is_wrong_is_told(folder: Path, arguments: list[str], says: str) -> None:
    done = start(folder, *arguments)
    assert done.returncode == 1
    assert says in done.stderr
    assert "fix: " in done.stderr


def test_what_failed_is_told_once_with_what_to_do(folder: Path) -> None:
    done = start(folder, "share", "--input", "among=0")
    first, second = done.stdout.splitlines()
    assert (done.returncode, first.count("cannot be calculated")) == (1, 1)
    assert second == "  fix: check for division by nothing"


def test_a_watch_serves_webhooks(folder: Path) -> None:
    """Under the name of the source, on loopback; the sweep that follows runs the flow."""
    port = free_ports(1)[0]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SITE_SECRET": SECRET,
        "JIGAJOB_NOTIFICATIONS_LISTEN": f"127.0.0.1:{port}",
    }
    with subprocess.Popen(
        [*PROGRAM, "watch", "--every", "1h", "--sweeps", "2"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as watch:
        try:
            assert _posted(port, {"who": "Eve Alder"}) == 202
            printed = watch.communicate(timeout=120)[0]
        finally:
            watch.kill()
    assert "sweep (site)" in printed or "1 sent" in printed, printed
    listed = jigajob("outbox", "list", "--all", "--json", cwd=folder)
    rows = [json.loads(line) for line in listed.stdout.splitlines()]
    assert [row["state"] for row in rows if row["flow"] == "booking"] == ["sent", "sent"]
    ledger = jigajob("ledger", "--json", cwd=folder)
    site = [json.loads(line) for line in ledger.stdout.splitlines()]
    assert [each["stored"] for each in site if each["source"] == "site"] == [1]


def _posted(port: int, given: dict[str, str]) -> int:
    """Return the status of the answer, as soon as somebody answers."""
    for _ in range(600):
        body = json.dumps(given).encode()
        headers = signed(key_of(SECRET), "call-1", datetime.now(UTC), body)
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/site", data=body, headers=headers, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except urllib.error.URLError:
            time.sleep(0.2)
    return 0
