"""What people do between two runs: mail comes and goes, flows are edited, sources change."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.flows.business import FLOWS, Business, mail
from tests.portal.conftest import jigajob

OFFICE = "  office: {uses: folder, path: mail}\n"
SECOND = """\
  - id: tell
    name: Tell the owner
    triggers: [{mail: office}]
    steps: [{id: tell, uses: notify, with: {text: "{{ mail.subject }}"}}]
"""


@pytest.fixture
def business(tmp_path: Path, cleaner: object) -> Business:
    """A business with one folder of two mails, after a sweep."""
    made = Business(tmp_path, cleaner)  # type: ignore[arg-type]  # a Cleaner
    made.writes(FLOWS)
    made.gets(mail(name="1"), "mail/1.eml")
    made.gets(mail(name="2"), "mail/2.eml")
    return made


async def _made(business: Business) -> Counter[str]:
    return Counter(posted.output.uses for posted in await business.outputs())


async def test_a_mail_that_comes_is_the_only_one_worked(business: Business) -> None:
    """Also one that is older than all others."""
    await business.sweeps()
    place = business.gets(mail(name="3"), "mail/0-before-all-others")
    os.utime(place, (1, 1))

    done = await business.sweeps()

    assert done.sources["office"].new == 1
    assert await _made(business) == {"job.open": 3, "reply.draft": 3}


async def test_a_mail_that_goes_keeps_its_work(business: Business) -> None:
    """It is counted as gone; its record and outputs stay."""
    await business.sweeps()
    (business.folder / "mail/1.eml").unlink()

    done = await business.sweeps()
    ledger = await business.ledger()

    assert done.sources["office"].new == 0
    assert (ledger["stored"], ledger["gone"], ledger["unaccounted"]) == (2, 1, 0)
    assert len(await business.messages()) == 2


async def test_a_mail_that_is_moved_is_seen_before(business: Business) -> None:
    """It has another place, and nothing happens a second time."""
    await business.sweeps()
    (business.folder / "mail/done").mkdir()
    (business.folder / "mail/1.eml").rename(business.folder / "mail/done/1.eml")

    done = await business.sweeps()

    assert done.sources["office"].skipped == {"duplicate": 1}
    assert (await business.ledger())["gone"] == 1
    assert await _made(business) == {"job.open": 2, "reply.draft": 2}


async def test_an_edited_flow_does_nothing_again_for_old_mail(business: Business) -> None:
    """Neither the changed flow nor a new one; both work on what comes from now on."""
    await business.sweeps()
    business.writes(FLOWS.replace("We will come.", "We will come soon.") + SECOND)

    edited = await business.sweeps()
    before = await _made(business)
    (business.folder / "mail/1.eml").rename(business.folder / "mail/moved.eml")
    await business.sweeps()
    moved = await _made(business)
    business.gets(mail(name="3"), "mail/3.eml")
    await business.sweeps()

    assert edited.sources["office"].new == 0
    assert before == {"job.open": 2, "reply.draft": 2}
    assert moved["job.open"] == moved["reply.draft"] == 2
    after = await business.outputs()
    texts = Counter(p.output.body["text"] for p in after if p.output.uses == "reply.draft")
    assert texts == {"We will come.": 2, "We will come soon.": 1}


async def test_a_source_that_is_taken_out_leaves_its_work(business: Business) -> None:
    """Its mail is not looked at any more; what it brought about stays, and so do decisions."""
    yard = "  yard: {uses: folder, path: yard}\n"
    business.writes(FLOWS.replace(OFFICE, OFFICE + yard))
    business.gets(mail(name="9"), "yard/9.eml")
    await business.sweeps()
    business.writes(FLOWS)
    shutil.rmtree(business.folder / "yard")

    await business.sweeps()
    async with business.open() as app:
        ledgers = [ledger.source async for ledger in app.ledgers()]

    assert ledgers == ["office"]
    assert len(await business.messages()) == 3
    assert await _made(business) == {"job.open": 2, "reply.draft": 2}


async def test_a_flow_that_is_switched_off_does_nothing(business: Business) -> None:
    """And on again, it works on what comes then."""
    business.writes(
        FLOWS.replace("    retention", "    enabled: false\n    retention") + SECOND
    )
    await business.sweeps()
    off = await _made(business)
    business.writes(FLOWS)
    business.gets(mail(name="3"), "mail/3.eml")
    await business.sweeps()

    assert off == {"notify": 2}
    assert await _made(business) == {"notify": 2, "job.open": 1, "reply.draft": 1}


async def test_the_longest_retention_is_taken(business: Business) -> None:
    """A time beyond the end of the calendar is no error."""
    business.writes(FLOWS.replace("30d", "99999y"))

    await business.sweeps()
    business.clock.passes(days=365 * 900)

    assert len(await business.messages()) == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_a_file_without_permission_waits_in_quarantine(business: Business) -> None:
    """It is told once, tried in every sweep, and taken in when it opens."""
    closed = business.folder / "mail/1.eml"
    closed.chmod(0)

    first = (await business.sweeps()).sources["office"]
    again = (await business.sweeps()).sources["office"]
    closed.chmod(0o600)
    opened = (await business.sweeps()).sources["office"]

    assert first.quarantined == {"unreadable": 1}
    assert again.new == 0
    assert opened.stored == 1


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_from_an_empty_folder_to_work_done(tmp_path: Path) -> None:
    """`init`, `validate`, `run` as they stand; then a mail comes, and the next run takes it."""
    (tmp_path / "new").mkdir()
    commands = ("init", "validate", "run")
    made, valid, empty = (jigajob(command, cwd=tmp_path / "new") for command in commands)
    (tmp_path / "new/mail/late.eml").write_bytes(
        mail("Boiler broken", "The boiler leaks, please send somebody to repair it.")
    )
    found = jigajob("run", "--json", cwd=tmp_path / "new")
    waiting = jigajob("outbox", "list", "--json", cwd=tmp_path / "new")

    for done in (made, valid, empty, found, waiting):
        assert done.returncode == 0, done.stderr
        begun = "made a new home: nothing was kept of my-business in .jigajob/jigajob.db\n"
        assert done.stderr == (begun if done is empty else "")
    assert "no problems found" in valid.stdout
    assert "nothing is new" in empty.stdout
    assert json.loads(found.stdout)["new"] == 1
    assert [json.loads(line)["uses"] for line in waiting.stdout.splitlines()] == ["reply.draft"]
    inside = {path.name for path in (tmp_path / "new").iterdir()}
    assert inside == {"flows.yaml", "mail", ".jigajob"}
