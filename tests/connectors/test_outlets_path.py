"""From a mail to what other programs, folders and the record of disclosures have of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from anonymizer.text.cleaner import Cleaner
from portal.settings import Settings
from tests.flows.business import Business, TestClock, mail
from tests.portal.conftest import jigajob
from tests.servers.certificates import Certificates
from tests.servers.receiver import Cut, Receiver

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDGKCjqOoJl/I="
FLOWS = """\
version: 1
business:
  id: hudson
  name: Hudson Plumbing
  industry: "238220"
  region: US-NY
  time_zone: America/New_York
  domains: [hudson.example]
sources:
  office: {uses: folder, path: mail}
outlets:
  dispatch: {uses: http, url: env:DISPATCH_URL, secret: env:DISPATCH_SECRET, idempotent: true}
  papers: {uses: folder, path: papers}
flows:
  - id: repair
    name: Open a job
    triggers: [{mail: office}]
    keep: [customer.name, customer.email]
    steps:
      - id: job
        uses: job.open
        with: {title: "{{ mail.subject }}"}
      - id: call
        uses: webhook.call
        with:
          to: dispatch
          event: job.opened
          data: {job: "{{ steps.job.job }}", who: "{{ customer.name }}", urgent: true}
      - id: paper
        uses: file.write
        with:
          to: papers
          folder: jobs/new
          name: "{{ steps.job.job }}: {{ mail.subject }}/../../x"
          text: "{{ mail.subject }}"
"""


class Office(Business):
    port = 0
    ca: Path

    @property
    def settings(self) -> Settings:
        return replace(super().settings, allow_hosts=(f"localhost:{self.port}",), ca=self.ca)


@pytest.fixture
def office(tmp_path: Path, cleaner: Cleaner, certificates: Certificates) -> Office:
    # Whoever takes a signed call compares its time with his own.
    made = Office(tmp_path, cleaner, TestClock(datetime.now(UTC)))
    made.ca = certificates.ca
    made.writes(FLOWS)
    made.gets(mail("Cold boiler"))
    return made


def disclosed(office: Office, *words: str) -> list[dict[str, object]]:
    home, flows = str(office.settings.home), str(office.settings.flows)
    done = jigajob("disclosures", "--json", *words, "--home", home, "--flows", flows)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


async def test_a_call_is_signed_and_its_disclosure_is_listed_without_values(
    office: Office, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lost answer is made good by the next delivery; the other side works once."""
    with Receiver(certificates, secret=SECRET, idempotent=True) as receiver:
        monkeypatch.setenv("DISPATCH_URL", receiver.url + "?sig=Quiet-77")
        monkeypatch.setenv("DISPATCH_SECRET", SECRET)
        office.port = receiver.port
        receiver.answers = [Cut()]
        await office.sweeps()
        office.clock.passes(minutes=2)
        await office.sweeps()
    assert len(receiver.asked) == 2
    (call,) = receiver.taken
    assert call.path == "/hooks/jobs?sig=Quiet-77"
    assert call.json["type"] == "job.opened"
    assert call.json["data"] == {
        "job": call.json["data"]["job"],
        "who": "Maria Lopez",
        "urgent": True,
    }
    (paper,) = (office.folder / "papers").rglob("*.txt")
    assert paper.parent == office.folder / "papers" / "jobs" / "new"

    told = disclosed(office)
    assert [(each["uses"], each["receiver"], each["fields"]) for each in told] == [
        ("file.write", "papers: a folder", []),
        ("webhook.call", "dispatch: localhost", ["customer.name"]),
    ]
    assert "Maria" not in json.dumps(told)
    assert "Quiet-77" not in json.dumps(told)
    assert [each["uses"] for each in disclosed(office, "--to", "papers")] == ["file.write"]


async def test_a_host_that_no_administrator_allows_is_never_called(
    office: Office, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fails with what to do, and is no disclosure."""
    with Receiver(certificates) as receiver:
        monkeypatch.setenv("DISPATCH_URL", f"https://localhost:8443/{receiver.port}")
        monkeypatch.setenv("DISPATCH_SECRET", SECRET)
        office.port = receiver.port
        await office.sweeps()
    assert receiver.asked == []
    (call,) = [each for each in await office.outputs() if each.output.uses == "webhook.call"]
    assert call.output.state == "failed"
    assert "JIGAJOB_ALLOW_HOSTS" in call.note
    assert [each["uses"] for each in disclosed(office)] == ["file.write"]
