"""The ledger against what a mail server counts itself, on a real Dovecot, whole path."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors.imap import ImapMailbox
from flows.intake.ledger import SourceLedger
from flows.ports import MailRef
from portal.settings import Settings
from portal.wiring import App, open_app
from tests.connectors.test_mail_path import FLOWS, letter, sweep
from tests.portal.conftest import jigajob
from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import OFFICE, PASSWORD

TODAY = datetime.now(UTC).date()
ZONE = ZoneInfo("Pacific/Auckland")
SOURCES = "    folders: [INBOX, Jobs]\n    trust:"


@pytest.fixture(scope="module")
def server(certificates: Certificates) -> Iterator[Dovecot]:
    """A Dovecot whose days are those of New Zealand, half a day ahead of ours."""
    extra = f"import_environment = TZ={ZONE}"
    with Dovecot(certificates, passwords={OFFICE: PASSWORD}, extra=extra) as started:
        yield started


@pytest.fixture
def settings(
    tmp_path: Path,
    certificates: Certificates,
    server: Dovecot,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    monkeypatch.setenv("OFFICE_PASSWORD", PASSWORD)
    flows = FLOWS.format(imap=server.imaps_port, smtp=1).replace("    trust:", SOURCES)
    (tmp_path / "flows.yaml").write_text(flows.partition("      - id: draft")[0] + JOB)
    return Settings(home=tmp_path / "home", flows=tmp_path / "flows.yaml", ca=certificates.ca)


JOB = """\
      - id: job
        uses: job.open
        with: {title: "{{ mail.subject }}"}
"""


@pytest.fixture
async def mail(server: Dovecot, settings: Settings, cleaner) -> AsyncIterator[None]:
    """Letters of the last days in two folders and one of long ago, all taken in."""
    now = time.time()
    lying = [(folder, days) for folder in ("INBOX", "Jobs") for days in (0, 1, 1, 5)]
    for number, (folder, days) in enumerate([*lying, ("INBOX", 90)]):
        server.load(OFFICE, [letter(number)], folder, received=now - days * 86_400)
    await sweep(settings, cleaner)
    yield
    server.expunge(OFFICE, "ALL")
    server.delete_folder(OFFICE, "Jobs")


def day_there(days: int) -> date:
    """Return the day on which mail of so many times 24 hours ago came, where the server stands.

    Not so many days back on the calendar there: summer time began in between.
    """
    return (datetime.now(UTC) - timedelta(days=days)).astimezone(ZONE).date()


async def forget(app: App, folder: str, days: int) -> MailRef:
    """Take one arrival out of the store, as if its mail had been passed over."""
    day = day_there(days)
    census = app.mailboxes["office"].census()
    [ref, *_] = [r async for r in census if (r.folder, r.received_on) == (folder, day)]
    found = await app.records.record_id("arrival", "office", ref.native_id)
    await app.records.store.delete(app.records.key, "arrival", found)
    return ref


def rows(ledger: SourceLedger) -> list[tuple[object, ...]]:
    return [(d.folder, d.day, d.says, d.accounted, d.missing) for d in ledger.disagreements]


async def test_a_healthy_mailbox_agrees(settings, mail):
    async with open_app(settings) as app:
        ledger = await app.ledger("office", 30)
        unasked = await app.ledger("office")
    assert rows(ledger) == []
    assert ledger.compared_since == TODAY - timedelta(days=29)
    assert ledger.total.stored == 9
    assert (unasked.compared_since, unasked.total) == (None, ledger.total)


async def test_a_day_short_of_one_is_shown_and_its_mail_named(settings, mail):
    async with open_app(settings) as app:
        lost = await forget(app, "Jobs", 1)
        ledger = await app.ledger("office", 30)
    assert rows(ledger) == [("Jobs", lost.received_on, 2, 1, 1)]
    assert ledger.missing == [lost]
    assert lost.received_on == day_there(1)


async def test_days_not_asked_for_stand_in_one_row(settings, mail):
    async with open_app(settings) as app:
        lost = await forget(app, "INBOX", 90)
        ledger = await app.ledger("office", 3)
    assert rows(ledger) == [("INBOX", None, 2, 1, 1)]
    assert ledger.missing == [lost]


async def test_what_our_own_listing_overlooks_is_found(settings, mail, monkeypatch):
    census = ImapMailbox.census

    async def short(self: ImapMailbox) -> AsyncIterator[MailRef]:
        async for ref in census(self):
            if (ref.folder, ref.received_on) != (lost.folder, lost.received_on):
                yield ref

    async with open_app(settings) as app:
        lost = await forget(app, "INBOX", 5)
        monkeypatch.setattr(ImapMailbox, "census", short)
        assert (await app.ledger("office")).missing == []
        ledger = await app.ledger("office", 30)
    assert rows(ledger) == [("INBOX", lost.received_on, 1, 0, 1)]
    assert ledger.missing == [lost]


async def test_mail_that_comes_while_it_counts_is_no_disagreement(
    settings, server, mail, monkeypatch
):
    census = ImapMailbox.census

    async def busy(self: ImapMailbox) -> AsyncIterator[MailRef]:
        server.load(OFFICE, [letter(70)], received=time.time())
        async for ref in census(self):
            yield ref
        server.load(OFFICE, [letter(71), letter(72)], received=time.time())

    monkeypatch.setattr(ImapMailbox, "census", busy)
    async with open_app(settings) as app:
        ledger = await app.ledger("office", 30)
    (row,) = rows(ledger)
    assert row[2:] == (2, 1, 1)  # the one that the census saw: no run has taken it in
    assert len(ledger.missing) == 1


async def test_the_command_says_which_days_and_repairs(settings, mail, certificates):
    async with open_app(settings) as app:
        lost = await forget(app, "INBOX", 5)
    at = ("--home", settings.home, "--flows", settings.flows)
    ca = {"JIGAJOB_CA": str(certificates.ca)}

    told = jigajob("ledger", "--days", "9", *at, **ca).stdout
    (row,) = [json.loads(jigajob("ledger", "--json", *at, **ca).stdout)]
    repaired = jigajob("ledger", "--repair", *at, **ca).stdout

    assert "Where a mailbox counts otherwise" in told
    assert f"office: unaccounted in INBOX of {lost.received_on}: {lost.native_id}" in told
    assert row["compared_since"] == (TODAY - timedelta(days=29)).isoformat()
    assert row["disagreements"] == [
        {
            "folder": "INBOX",
            "day": lost.received_on.isoformat(),
            "mailbox_says": 1,
            "accounted_for": 0,
            "missing": 1,
        }
    ]
    assert "office: 1 fetched again" in repaired
    assert "the mailbox's own count agrees" in repaired
    assert "counts otherwise" not in repaired
