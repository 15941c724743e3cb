"""Real mail that nobody wrote for us: all of it is accounted for, and nothing breaks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.portal.conftest import ROOT, Ran, jigajob

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.slow,
    pytest.mark.timeout(1200),
]

CORPORA = Path(os.environ.get("JIGAJOB_CORPORA", ROOT / "../shared/data")).resolve()
ENRON = 300
"""Files of this corpus that are read here; the rest is like them."""

FLOWS = """\
version: 1
business:
  id: corpora
  name: The Reader
  industry: "541000"
  region: US-NY
  time_zone: America/New_York
sources:
  spamassassin: {uses: folder, path: spamassassin}
  mail-parser: {uses: folder, path: mail-parser}
  enron: {uses: folder, path: enron}
flows:
  - id: anything
    name: Everything that asks for something
    triggers: [{mail: spamassassin}, {mail: mail-parser}, {mail: enron}]
    conditions:
      - mail.kind in ['service_request', 'quote_request', 'schedule_change', 'complaint']
    keep: [customer.name, customer.phone, site.address]
    steps:
      - id: details
        uses: extract
        with: {fields: {site: address, wanted: date, hour: time, phone: phone, sum: amount}}
      - id: job
        uses: job.open
        with: {title: "{{ mail.subject }}", notes: "{{ mail.new_text }}"}
      - id: visit
        uses: event.add
        with: {title: "{{ mail.subject }}", start: "{{ steps.details.wanted }} {{ steps.details.hour }}"}
      - {id: answer, uses: reply.draft, with: {text: "Hello {{ customer.name }}"}}
      - id: row
        uses: row.append
        with: {table: all, columns: {subject: "{{ mail.subject }}", sum: "{{ steps.details.sum }}"}}
  - id: papers
    name: Everything that is to be paid
    triggers: [{mail: spamassassin}, {mail: mail-parser}, {mail: enron}]
    conditions:
      - mail.kind in ['supplier_invoice', 'customer_invoice', 'payment_notice']
    keep: [supplier.name]
    steps:
      - {id: invoice, uses: invoice.record, with: {direction: payable}}
      - {id: tell, uses: notify, with: {text: "{{ steps.invoice.status }}: {{ mail.subject }}"}}
"""  # noqa: E501 - lines in the file under test


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the corpora and a flows file that works on all of them."""
    for name in ("spamassassin", "mail-parser", "enron-berkeley"):
        if not (CORPORA / name).is_dir():
            pytest.skip(f"the corpus {name} is not at {CORPORA}")
    folder = tmp_path_factory.mktemp("corpora")
    for name in ("spamassassin", "mail-parser"):
        (folder / name).symlink_to(CORPORA / name)
    files = sorted((CORPORA / "enron-berkeley").rglob("*.txt"))
    for path in files[:: max(1, len(files) // ENRON)][:ENRON]:
        place = folder / "enron" / path.parent.name / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    (folder / "flows.yaml").write_text(FLOWS)
    return folder


@pytest.fixture(scope="module")
def read(corpora: Path) -> subprocess.CompletedProcess[str]:
    """A run over them."""
    return jigajob("run", "--home", corpora / "home", cwd=corpora)


def _sources(corpora: Path) -> dict[str, dict[str, Any]]:
    done = jigajob("ledger", "--json", "--home", corpora / "home", cwd=corpora)
    assert done.returncode == 0, done.stderr
    return {row["source"]: row for row in map(json.loads, done.stdout.splitlines())}


def test_a_run_ends_well(read: subprocess.CompletedProcess[str]) -> None:
    """Exit 0, and no word of anything that nobody foresaw."""
    assert read.returncode == 0, read.stderr
    assert "unforeseen" not in read.stdout + read.stderr
    assert "Traceback" not in read.stdout + read.stderr


def test_every_file_is_accounted_for(
    corpora: Path, read: subprocess.CompletedProcess[str]
) -> None:
    """Counted anew by the source and by us, and nothing failed for want of our own care."""
    assert read.returncode == 0
    for name, row in _sources(corpora).items():
        files = [path for path in (corpora / name).resolve().rglob("*") if path.is_file()]
        parts = row["stored"] + sum(row["skipped"].values()) + row["quarantined"]

        assert row["unaccounted"] == 0, name
        assert row["seen"] == parts >= len(files), name
        assert {"failed", "malformed"}.isdisjoint(row["quarantined_by_reason"]), name
        assert row["stored"] > 0, name


def test_no_step_fails_on_real_mail(
    corpora: Path, read: subprocess.CompletedProcess[str]
) -> None:
    """What a step cannot read it leaves empty; a failure is for what the operator wrote."""
    assert read.returncode == 0

    async def failed(app: Any) -> list[str]:
        return [posted.note async for posted in app.outbox.list("failed", "unknown")]

    home = Ran(corpora / "home", corpora / "flows.yaml", "", corpora)
    assert home.look(failed) == []


def test_a_second_run_stores_nothing_new(
    corpora: Path, read: subprocess.CompletedProcess[str]
) -> None:
    """Everything was settled by the first."""
    assert read.returncode == 0
    before = _sources(corpora)

    again = jigajob("run", "--json", "--home", corpora / "home", cwd=corpora)

    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["new"] == 0
    assert _sources(corpora) == before
