"""`jigajob plan`: what the flows would have done, told without doing any of it."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from flows.errors import StoreError
from flows.plan.read_only import ReadOnly
from flows.plan.report import CHANGES
from flows.ports import Key, Record, Write
from portal.planning import plan_history
from portal.settings import Settings
from portal.wiring import open_app
from portal.wiring.planning import open_history
from tests.portal.conftest import ROOT, Ran, jigajob

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

AGES = 3_650
"""Days back that hold all of the example."""


@pytest.fixture(scope="module")
def home(demo: Ran, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example's home: others look at that one, too."""
    return shutil.copytree(demo.home, tmp_path_factory.mktemp("plan") / "home")


def planned(home: Path, *more: str | Path, flows: Path = ROOT / "flows.yaml") -> dict[str, Any]:
    words = ["--home", home, "--flows", flows, "plan", "--days", str(AGES), "--format", "json"]
    done = jigajob(*words, *more)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's flows, in which somebody has changed some."""
    folder = tmp_path_factory.mktemp("edited")
    shutil.copytree(ROOT / "templates", folder / "templates")
    text = (ROOT / "flows.yaml").read_text("utf-8")
    for old, new in (
        ("Quote wanted: {{ mail.subject }}", "Please quote: {{ mail.subject }}"),
        ("- mail.kind == 'complaint'\n", "- mail.text | mentions('leak')\n"),
        ("- id: payment-notice", "- id: announced"),
        ("keep: [customer.name, site.address]", "keep: [customer.name, customer.phone]"),
    ):
        assert old in text
        text = text.replace(old, new)
    (folder / "flows.yaml").write_text(text, "utf-8")
    return folder / "flows.yaml"


def test_flows_that_ran_would_do_the_same_again(home: Path) -> None:
    """Nothing is new, changed, gone or unknown where the flows are those that ran."""
    plan = planned(home)
    outputs = {change: sum(f["outputs"][change] for f in plan["flows"]) for change in CHANGES}
    assert outputs.pop("same") > 100
    assert set(outputs.values()) == {0}
    assert sum(flow["not_known"] + flow["fails"] for flow in plan["flows"]) == 0


def test_what_an_edit_changes_is_told(home: Path, edited: Path) -> None:
    """By flow: changed texts, what is not made any more, and what nobody can know."""
    plan = planned(home, "--against", ROOT / "flows.yaml", flows=edited)
    flows = {flow["id"]: flow for flow in plan["flows"]}
    quotes = flows["quote-request"]
    assert quotes["outputs"]["changed"] == quotes["matches"] > 0
    changed = [o for i in quotes["items"] for o in i["outputs"] if o["change"] == "changed"]
    assert all(o["before"]["text"].startswith("Quote wanted") for o in changed)
    assert all(o["body"]["text"].startswith("Please quote") for o in changed)
    assert flows["complaint"]["not_known_because"].keys() == {
        "mail.text",
        "mail.sender.domain",
    }
    assert flows["payment-notice"]["removed"]
    assert flows["payment-notice"]["outputs"]["gone"] == flows["announced"]["matches"] > 0
    assert flows["schedule-change"]["not_kept_then"].keys() == {"customer.phone"}
    told = json.dumps(flows["schedule-change"])
    assert "not kept then" in told or flows["schedule-change"]["outputs"]["changed"] == 0


def test_without_knowing_what_ran_nothing_is_guessed(home: Path, edited: Path) -> None:
    """Who wrote a mail is not stored: flows that ask for it are not known."""
    plan = planned(home, flows=edited)
    flows = {flow["id"]: flow for flow in plan["flows"]}
    assert flows["quote-request"]["not_known_because"].keys() == {"mail.sender.domain"}
    assert "not known" in plan["compared_with"]


def test_a_plan_writes_nothing_but_that_somebody_looked(home: Path) -> None:
    """Every record stays as it is, and so does every file that outlets write."""
    settings = Settings(home=home, flows=ROOT / "flows.yaml")

    async def records() -> dict[tuple[str, str, str], str]:
        async with open_app(settings) as app:
            found = {}
            cursor, more = "", True
            while more:
                page = await app.records.store.changes(
                    Key(app.file.business.id), cursor=cursor, limit=1_000
                )
                found |= {(r.scope, r.kind, r.id): r.etag for r in page.records}
                cursor, more = page.cursor, bool(page.records)
            return {name: etag for name, etag in found.items() if name[0] != "audit"}

    def files() -> dict[str, bytes]:
        outlets = ("drafts", "calendar", "rows", "notices.log")
        every = (p for o in outlets for p in ((home / o).rglob("*"), [home / o]))
        return {str(p): p.read_bytes() for each in every for p in each if p.is_file()}

    before = asyncio.run(records()), files()
    planned(home)
    assert (asyncio.run(records()), files()) == before
    listed = jigajob("--home", home, "audit", "list", "--action", "record.read", "--json")
    assert "command plan" in listed.stdout


def test_what_a_plan_works_on_cannot_be_written(home: Path) -> None:
    """Its store refuses every write, so a step or outlet that tried would stop the plan."""

    async def tried() -> None:
        settings = Settings(home=home, flows=ROOT / "flows.yaml")
        async with open_history(settings) as opened:
            records = opened.history.records
            assert isinstance(records.store, ReadOnly)
            record = Record(kind="output", id="o1")
            key, store = records.key, records.store
            for write in (
                lambda: store.create(key, record),
                lambda: store.put(key, record),
                lambda: store.delete(key, "output", "o1"),
                lambda: store.batch(key, [Write(op="put", record=record)]),
                lambda: store.purge(key),
            ):
                with pytest.raises(StoreError, match="only reads"):
                    await write()

    asyncio.run(tried())


def test_a_plan_asks_no_other_machine(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No address is looked up and no connection made, even with sources that are far away."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a plan reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    settings = Settings(home=home, flows=ROOT / "flows.yaml")
    plan = asyncio.run(plan_history(settings, days=AGES, against=None, tell=lambda _: None))
    assert plan.looked_at["mail"] > 100


def test_a_folder_of_raw_mail_needs_no_home_and_leaves_nothing(tmp_path: Path) -> None:
    """It is parsed and cleaned in memory: nothing is compared, and nothing unknown."""
    folder = tmp_path / "mail"
    folder.mkdir()
    for name in ("1001-leak-under-sink.eml", "1001-no-heat.eml"):
        shutil.copy(ROOT / "tests/mails/inbox" / name, folder)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    words = ("--home", tmp_path / "home", "--flows", ROOT / "flows.yaml", "plan")
    done = jigajob(*words, "--mail", folder, "--format", "json", TMPDIR=str(temporary))
    assert done.returncode == 0, done.stderr
    flows = {flow["id"]: flow for flow in json.loads(done.stdout)["flows"]}
    assert flows["repair-request"]["matches"] == 2
    assert flows["repair-request"]["kept"]["customer.name"] == 2
    assert sum(flow["not_known"] for flow in flows.values()) == 0
    assert not (tmp_path / "home").exists()
    assert not any(p.is_file() for p in temporary.rglob("*"))


def test_the_page_stands_alone_and_shows_what_changed(
    home: Path, edited: Path, tmp_path: Path
) -> None:
    """No script, nothing fetched, for its owner only; changed lines are marked."""
    page = tmp_path / "plan.html"
    planned(home, "--against", ROOT / "flows.yaml", "--html", page, flows=edited)
    text = page.read_text("utf-8")
    assert page.stat().st_mode & 0o777 == 0o600
    assert not re.search(r"<(script|link|img|iframe)|src=|url\(|href=\"[^#]", text)
    assert re.search(r"<del>text: Quote wanted.*?</del>\s*<ins>text: Please quote", text)


def test_without_anything_stored_it_says_what_to_do(tmp_path: Path) -> None:
    """And makes no home."""
    done = jigajob("--home", tmp_path / "home", "plan")
    assert done.returncode == 1
    assert "nothing is kept" in done.stderr
    assert "fix: run first" in done.stderr
    assert not (tmp_path / "home").exists()
