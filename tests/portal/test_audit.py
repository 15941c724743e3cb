"""`jigajob audit` as the owner uses it, and what the other commands leave in it."""

from __future__ import annotations

import json
import pwd
from collections import Counter
from dataclasses import replace
from os import getuid
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from anonymizer.text.cleaner import Cleaner
from portal.settings import Settings
from portal.wiring import open_app
from tests.contract.outlet import output
from tests.flows.business import Business
from tests.portal.conftest import jigajob
from tests.portal.test_books import BANK, BOOKS

ME = f"cli:{pwd.getpwuid(getuid()).pw_name}"


@pytest.fixture
async def business(tmp_path: Path, cleaner: Cleaner) -> Business:
    """An invoice, and a payment of it."""
    made = Business(tmp_path, cleaner)
    made.writes(BOOKS)
    (tmp_path / "mail").mkdir()
    made.gets(BANK, "bank/1.csv")
    body = {"number": "HP-1041", "amount": "480.00", "currency": "USD"}
    body |= {"direction": "receivable", "party": "Ada Byrne", "due": "2026-10-01"}
    given = output("invoice.record", 1041, body)
    await made.asks(lambda app: app.register.deliver(given))
    await made.sweeps()
    return made


def ran(business: Business, *words: str) -> CompletedProcess[str]:
    home, flows = business.settings.home, business.settings.flows
    return jigajob(*words, "--home", str(home), "--flows", str(flows))


def listed(business: Business, *words: str) -> list[dict[str, Any]]:
    done = ran(business, "audit", "list", "--json", *words)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def actions(business: Business) -> Counter[str]:
    return Counter(each["action"] for each in listed(business, "--last", "0"))


async def test_a_run_that_does_nothing_new_appends_nothing(business: Business) -> None:
    async with business.open() as app:
        before = await app.audit.log.root()
    await business.sweeps()
    async with business.open() as app:
        assert await app.audit.log.root() == before


async def test_a_run_tells_of_other_flows_once(business: Business) -> None:
    """With the hash of the file and the version of each flow."""
    business.writes(BOOKS.replace("Match payments", "Match what comes in"))
    await business.sweeps()
    await business.sweeps()
    first, second = listed(business, "--action", "flows.change")
    assert first["actor"] == second["actor"] == "engine"
    assert first["subjects"][0] != second["subjects"][0]
    assert first["subjects"][1:] == second["subjects"][1:]  # a name changes no version


def test_what_is_looked_at_and_decided_is_recorded(business: Business) -> None:
    """Who, what and by which command; of the engine's own work, too."""
    shown = json.loads(
        ran(business, "books", "payments", "--all", "--json").stdout.split("\n")[1]
    )
    assert ran(business, "books", "list", "--all").returncode == 0
    assert ran(business, "show", shown["id"]).returncode == 0
    (matched,) = shown["outputs"]
    assert ran(business, "books", "undo", matched).returncode == 0
    assert ran(business, "books", "match", shown["id"], "HP-1041").returncode == 0
    assert ran(business, "books", "cancel", "HP-1041").returncode == 0
    found = listed(business, "--subject", shown["id"])
    by_person = [(e["action"], e["authority"]) for e in found if e["actor"] != "engine"]
    assert by_person == [
        ("record.read", "command books payments"),
        ("record.read", "command show"),
        ("payment.unmark", "command books undo"),
        ("payment.mark", "command books match"),
    ]
    assert {e["who"] for e in found if e["actor"] != "engine"} == {ME}
    assert len({e["actor"] for e in found if e["who"] == ME}) == 1
    assert [e["action"] for e in found if e["actor"] == "engine"] == ["payment.mark"] * 2


def test_reading_the_log_is_recorded_once(business: Business) -> None:
    for words in (["list"], ["list", "--subject", "nothing"], ["verify"]):
        assert ran(business, "audit", *words).returncode == 0
    counts = actions(business)
    assert (counts["audit.read"], counts["audit.verify"]) == (3, 1)


def test_the_log_can_be_asked_by_time_and_action(business: Business) -> None:
    ran(business, "books", "list")
    ran(business, "outbox", "list")
    everything = listed(business, "--last", "0")
    assert [e["sequence"] for e in everything] == [*range(1, len(everything) + 1)]
    begun = listed(business, "--since", "2026-10-01", "--until", "2026-11-02")
    assert {e["actor"] for e in begun} == {"engine"}
    assert listed(business, "--since", "2999-01-01T10:00") == []
    assert {e["action"] for e in listed(business, "--action", "record")} == {"record.read"}
    assert len(listed(business, "--last", "2")) == 2
    for wrong in (["--action", "glance"], ["--since", "soon"], ["--action", ""]):
        done = ran(business, "audit", "list", *wrong)
        assert (done.returncode, "fix:" in done.stderr) == (1, True)


def test_the_list_names_people_in_a_table(business: Business) -> None:
    ran(business, "books", "list")
    shown = ran(business, "audit", "list").stdout
    assert ME in shown
    assert "command books list" in shown


def test_verify_shows_a_root_to_keep_and_takes_it_the_next_time(business: Business) -> None:
    first = ran(business, "audit", "verify")
    root = first.stdout.partition("root: ")[2].split()[0]
    assert (first.returncode, "nothing was changed" in first.stdout) == (0, True)
    again = ran(business, "audit", "verify", "--root", root, "--json")
    said = json.loads(again.stdout)
    assert (said["whole"], said["findings"]) == (True, [])
    number, _, hash_ = root.partition(":")
    forged = ran(business, "audit", "verify", "--root", f"{number}:{hash_[::-1]}")
    assert forged.returncode == 3
    assert f"WRONG  entry {number} of " in forged.stdout
    assert ran(business, "audit", "verify", "--root", "7").returncode == 1


async def test_verify_finds_an_older_store_by_the_file_beside_it(business: Business) -> None:
    database = business.settings.database
    async with business.open():
        pass  # what is in its log goes into the file
    older = database.read_bytes()
    for _ in range(3):
        ran(business, "books", "list")
    database.write_bytes(older)
    done = ran(business, "audit", "verify", "--json")
    assert done.returncode == 3
    assert {each["rule"] for each in json.loads(done.stdout)["findings"]} <= {"root", "cut"}


async def test_a_log_whose_keys_are_gone_is_still_verified(business: Business) -> None:
    """Its entries are whole; that the details do not open is told."""
    ran(business, "books", "list")
    (Path(business.settings.keys) / "wrapping.key").unlink()
    done = ran(business, "audit", "verify", "--json")
    assert "not recorded" in done.stderr
    said = json.loads(done.stdout)
    assert {each["rule"] for each in said["findings"]} == {"payload"}
    shown = ran(business, "audit", "list", "--json")
    assert (shown.returncode, ME in shown.stdout) == (0, False)


async def test_an_export_is_for_its_owner_alone_and_never_over_a_file(
    business: Business, tmp_path: Path
) -> None:
    out = tmp_path / "audit.jsonl"
    done = ran(business, "audit", "export", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert out.stat().st_mode & 0o777 == 0o600
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert lines[0]["business"] == "hudson"
    assert ran(business, "audit", "export", "--out", str(out)).returncode == 1
    assert actions(business)["audit.export"] == 2


async def test_a_run_tells_of_other_settings_once(business: Business) -> None:
    """By name; what they are is sealed. Back at the defaults, that is told as well."""
    changed = replace(business.settings, stripe="https://stripe.hudson.example")

    async def run(settings: Settings) -> None:
        async with open_app(settings, business.clock) as app:
            sweep = app.sweep(business.cleaner)
            await sweep.run(lambda _, piece: piece, lambda *_: None)

    assert actions(business)["settings.change"] == 0
    for settings in (changed, changed, business.settings, business.settings):
        await run(settings)
    first, second = listed(business, "--action", "settings")
    assert [each.partition(":")[0] for each in first["subjects"]] == ["JIGAJOB_STRIPE"]
    assert first["details"] == {"JIGAJOB_STRIPE": "https://stripe.hudson.example"}
    assert "stripe.hudson" not in str(first["subjects"])
    assert second["subjects"] == []
