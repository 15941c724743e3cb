"""The command line: how each command ends, what it prints, and what it never prints."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from connectors.sqlite import SqliteStore
from flows.ports import Key, Record
from tests.portal.conftest import PROGRAM, ROOT, Ran, jigajob

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

BAD_FLOWS = """\
version: 1
business: {id: b, name: B, industry: "238220", region: US-NY, time_zone: America/New_York}
sources: {office: {uses: folder, path: mail}}
flows:
  - id: a
    name: A
    triggers: [{mail: offise}]
    steps: [{id: s, uses: job.opne, with: {title: x}}]
"""


def _rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def home(demo: Ran, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example after its first run, for tests that change it."""
    copy = tmp_path_factory.mktemp("cli") / "home"
    shutil.copytree(demo.home, copy)
    return copy


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--help"], 0, "Commands"),
        (["--version"], 0, "jigajob "),
        (["schema"], 0, '"$schema"'),
        (["validate", "--flows", "bad.yaml"], 1, "bad.yaml:7:23"),
        (["status", "--flows", "bad.yaml"], 1, "fix: "),
        (["run", "--flows", "bad.yaml"], 1, "job.open"),
        (["validate", "no-such.yaml"], 1, "fix: "),
        (["validate", "."], 1, "fix: "),
        (["validate", "latin.yaml"], 1, "fix: "),
        (["init", "taken"], 1, "taken/mail is there already"),
        (["show", "--flows", "good.yaml", "o"], 1, "nothing is kept of b"),
        (["outbox", "show", "--flows", "good.yaml", "\udcff%'"], 1, "nothing is kept of b"),
        ([], 2, "Usage"),
        (["outbox"], 2, "Usage"),
        (["rnu"], 2, "rnu"),
        (["run", "--hme", "x"], 2, "--hme"),
        (["outbox", "approve"], 2, "ID"),
        (["run", "--flows", "good.yaml", "--home", "bad.yaml/home"], 3, "--home"),
        (["run", "--flows", "good.yaml", "--home", "bad.yaml"], 3, "--home"),
        (["ledger", "--flows", "good.yaml"], 1, "nothing is kept of b"),
    ],
    ids=lambda value: (
        " ".join(value).encode("ascii", "replace").decode() if isinstance(value, list) else ""
    ),
)
def test_how_commands_end(tmp_path: Path, arguments: list[str], code: int, says: str) -> None:
    """0 done, 1 the user's file or data, 2 usage, 3 the world; always with what to do."""
    (tmp_path / "bad.yaml").write_text(BAD_FLOWS)
    good = BAD_FLOWS.replace("offise", "office").replace("opne", "open")
    (tmp_path / "good.yaml").write_text(good)
    (tmp_path / "latin.yaml").write_bytes(
        BAD_FLOWS.replace("name: A", "name: \xc9").encode("latin-1")
    )
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken/mail").touch()

    done = jigajob(*arguments, cwd=tmp_path)

    assert done.returncode == code, done.stderr
    assert says in (done.stderr if code in {1, 3} else done.stdout + done.stderr)
    assert "Traceback" not in done.stderr
    assert "unforeseen" not in done.stderr


def test_a_lost_key_is_told(home: Path, tmp_path: Path) -> None:
    """Without its key file the data cannot be read, is not touched, and the error says why."""
    shutil.copytree(home, tmp_path / "home")
    shutil.rmtree(tmp_path / "home/keys")

    for command in (["status"], ["outbox", "list"], ["demo"]):
        done = jigajob(*command, "--home", tmp_path / "home")

        assert done.returncode == 3
        assert "key" in done.stderr
        assert "fix: " in done.stderr
        assert "Traceback" not in done.stderr
    shutil.copytree(home / "keys", tmp_path / "home/keys", dirs_exist_ok=True)
    assert jigajob("status", "--home", tmp_path / "home").returncode == 0


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    """A file that is no database ends in an error, and stays as it was."""
    (tmp_path / "home").mkdir()
    database = tmp_path / "home/jigajob.db"
    database.write_bytes(b"not a database " * 1_000)

    done = jigajob("status", "--home", tmp_path / "home")

    assert done.returncode == 3
    assert "jigajob.db" in done.stderr
    assert "Traceback" not in done.stderr
    assert database.read_bytes() == b"not a database " * 1_000


def test_all_that_lists_speaks_json(home: Path) -> None:
    """`--json` gives one object a line, of the same keys in every line, and nothing else."""
    at = ("--home", home, "--json")

    (status,) = _rows(jigajob("status", *at))
    ledger = _rows(jigajob("ledger", *at))
    quarantine = _rows(jigajob("ledger", "--quarantined", *at))
    waiting = _rows(jigajob("outbox", "list", *at))
    every = _rows(jigajob("outbox", "list", "--all", *at))

    assert {"business", "new", "sources", "outputs", "waiting", "removed"} <= set(status)
    assert status["sources"] == ledger
    wanted = {"source", "seen", "stored", "skipped", "quarantined", "unaccounted"}
    assert all(wanted <= set(row) for row in ledger)
    assert len(quarantine) == sum(row["quarantined"] for row in ledger)
    assert all({"source", "reason", "pointer"} <= set(row) for row in quarantine)
    assert {row["id"] for row in waiting} == set(status["waiting"])
    assert {row["id"] for row in waiting} < {row["id"] for row in every}
    assert len({tuple(row) for row in every}) == 1


def test_problems_of_a_file_speak_json(tmp_path: Path) -> None:
    """`validate --json` gives a line for each problem, with its place and the cure."""
    (tmp_path / "bad.yaml").write_text(BAD_FLOWS)

    done = jigajob("validate", "--json", "--flows", tmp_path / "bad.yaml")
    rows = [json.loads(line) for line in done.stdout.splitlines()]

    assert done.returncode == 1
    assert [row["range"]["start"]["line"] for row in rows] == [6, 7]
    keys = {"file", "range", "severity", "code", "source", "message", "fix"}
    assert all(set(row) == keys for row in rows)


def test_screens_for_people_hold_the_same(home: Path) -> None:
    """Tables are plain lines where there is no terminal, and fit one where there is."""
    status = jigajob("status", "--home", home).stdout
    waiting = jigajob("outbox", "list", "--home", home).stdout
    ledger = jigajob("ledger", "--by-folder", "--by-day", "--home", home).stdout
    (row, *_) = _rows(jigajob("outbox", "list", "--home", home, "--json"))

    assert "What came in" in status
    assert "overview.html" in status
    assert row["id"][:10] in waiting
    assert "office by folder" in ledger
    assert "office by day" in ledger
    assert "\x1b" not in status + waiting + ledger


def _waiting(home: Path, uses: str) -> list[str]:
    rows = _rows(jigajob("outbox", "list", "--home", home, "--json"))
    return [row["id"] for row in rows if row["uses"] == uses]


def test_the_life_of_an_output(home: Path) -> None:
    """Shown whole, approved by the beginning of its id, out as a file, and then decided."""
    first, second, *_ = _waiting(home, "reply.draft")

    shown = json.loads(jigajob("outbox", "show", "--home", home, first[:12]).stdout)
    approved = jigajob("outbox", "approve", "--home", home, first[:12])
    again = jigajob("outbox", "approve", "--home", home, first)
    too_late = jigajob("outbox", "reject", "--home", home, first)
    rejected = jigajob("outbox", "reject", "--home", home, second)
    after = jigajob("outbox", "approve", "--home", home, second)

    assert shown["id"] == first
    assert {"to", "subject", "text"} <= set(shown["body"])
    assert approved.returncode == 0, approved.stderr
    assert f"{first} sent" in approved.stdout
    draft = home / "drafts" / f"{first}.eml"
    assert shown["body"]["subject"] in draft.read_text("utf-8")
    assert oct(draft.stat().st_mode)[-3:] == "600"
    assert again.returncode == 1
    assert too_late.returncode == 1
    assert "is sent" in too_late.stderr
    assert rejected.stdout.startswith(f"{second} rejected")
    assert "is rejected" in after.stderr
    assert not (home / "drafts" / f"{second}.eml").exists()
    assert {first, second}.isdisjoint(_waiting(home, "reply.draft"))


def test_an_unknown_id_stops_before_anything_is_decided(home: Path) -> None:
    """Of several ids, one wrong: none is approved, nothing goes out."""
    before = _waiting(home, "reply.draft")

    done = jigajob("outbox", "approve", "--home", home, before[0], "onone", before[1])

    assert done.returncode == 1
    assert "onone" in done.stderr
    assert _waiting(home, "reply.draft") == before
    assert not (home / "drafts" / f"{before[0]}.eml").exists()


def test_what_fails_on_the_way_out_can_be_tried_again(home: Path) -> None:
    """A folder that is in the way: exit 1 and why; out of the way: tried again, it goes out."""
    *_, other, last = _waiting(home, "event.add")
    shutil.rmtree(home / "calendar", ignore_errors=True)
    (home / "calendar").write_text("in the way")

    failed = jigajob("outbox", "approve", "--home", home, last, other)
    listed = jigajob("outbox", "list", "--home", home)
    rows = {
        row["id"]: row for row in _rows(jigajob("outbox", "list", "--home", home, "--json"))
    }
    closed = jigajob("outbox", "cancel", "--home", home, other)
    (home / "calendar").unlink()
    sent = jigajob("outbox", "retry", "--home", home, last)
    none = jigajob("outbox", "retry", "--home", home, "--failed")
    unsaid = jigajob("outbox", "retry", "--home", home)

    assert failed.returncode == 1
    assert f"{last} approved: " in failed.stdout
    assert "tried again after " in failed.stdout
    assert last[:10] in listed.stdout
    assert "next try" in listed.stdout
    assert rows[last]["attempts"] == 1
    assert rows[last]["next_at"] > rows[last]["changed_at"]
    assert closed.stdout.startswith(f"{other} rejected")
    assert sent.returncode == 0, sent.stdout + sent.stderr
    assert "can be tried again" in none.stdout
    assert (unsaid.returncode, "--failed" in unsaid.stderr) == (1, True)
    assert [path.suffix for path in (home / "calendar").iterdir() if path.suffix] == [".ics"]


def test_any_record_is_found_by_the_beginning_of_its_id(home: Path) -> None:
    """A mail by way of the output that it triggered; an ambiguous beginning is told."""
    rows = _rows(jigajob("outbox", "list", "--all", "--home", home, "--json"))
    trigger = next(row["trigger"] for row in rows if row["uses"] == "job.open")

    mail = json.loads(jigajob("show", "--home", home, trigger[:16]).stdout)
    vague = jigajob("show", "--home", home, "o")

    assert mail["id"] == trigger
    assert vague.returncode == 1
    assert "several records" in vague.stderr


@pytest.mark.parametrize("command", ["outbox list --all --json", "schema", "--help", "status"])
def test_a_reader_that_leaves_early_is_no_error(home: Path, command: str) -> None:
    """`jigajob … | head -1` ends well and complains of nothing."""
    program = " ".join(f"'{word}'" for word in PROGRAM)

    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{program} --home '{home}' {command} | head -1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_where_home_is_given(home: Path, tmp_path: Path) -> None:
    """After the command, before it, by the environment; the nearer one wins."""
    expected = jigajob("ledger", "--json", "--home", home).stdout
    flows = ROOT / "flows.yaml"

    before = jigajob("--home", home, "ledger", "--json")
    environment = jigajob("ledger", "--json", JIGAJOB_HOME=str(home))
    both = jigajob(
        "--home", tmp_path / "a", "ledger", "--json", "--home", home, JIGAJOB_HOME="b"
    )
    named = jigajob(
        "ledger", "--json", cwd=tmp_path, JIGAJOB_HOME=str(home), JIGAJOB_FLOWS=str(flows)
    )

    assert expected
    assert [done.stdout for done in (before, environment, both, named)] == [expected] * 4
    assert not (tmp_path / "a").exists()
    assert not (ROOT / "b").exists()


def test_looking_changes_nothing(home: Path) -> None:
    """That somebody looked is recorded; nothing else changes, neither records nor files."""
    records, files, entries = asyncio.run(_records(home)), _files(home), len(_audit(home))

    for command in (["status"], ["ledger"], ["outbox", "list"], ["ledger", "--quarantined"]):
        assert jigajob(*command, "--home", home).returncode == 0

    assert asyncio.run(_records(home)) == records
    assert _files(home) == files
    new = [(entry["action"], entry["authority"]) for entry in _audit(home)[entries:]]
    assert new == [
        ("record.read", "command status"),
        ("record.read", "command outbox list"),
        ("record.read", "command ledger --quarantined"),
        ("audit.read", "command audit"),
    ]


async def _records(home: Path) -> list[Record]:
    """Every record but those of the audit log, as the store holds it."""
    store = SqliteStore(home / "jigajob.db")
    key, cursor, before, found = Key("hudson-plumbing"), "", None, list[Record]()
    while cursor != before:
        page = await store.changes(key, cursor=cursor)
        before, cursor = cursor, page.cursor
        found += [record for record in page.records if record.scope != "audit"]
    await store.close()
    return found


def _audit(home: Path) -> list[dict[str, Any]]:
    return _rows(jigajob("audit", "list", "--last", "0", "--json", "--home", home))


def _files(home: Path) -> dict[str, int]:
    return {
        str(path.relative_to(home)): path.stat().st_mtime_ns
        for path in home.rglob("*")
        if path.is_file() and not path.name.startswith(("jigajob.db", "audit.roots"))
    }


def test_the_home_is_its_owners_alone(demo: Ran) -> None:
    """Nobody else on the machine can look into the home."""
    assert demo.home.stat().st_mode & 0o077 == 0
    keys = [path for path in (demo.home / "keys").iterdir() if path.is_file()]
    assert keys
    assert all(path.stat().st_mode & 0o077 == 0 for path in keys)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_home_without_write_permission(tmp_path: Path) -> None:
    """Exit 3, and what to do about it."""
    tmp_path.chmod(0o500)

    done = jigajob("status", "--home", tmp_path / "home")

    tmp_path.chmod(0o700)
    assert done.returncode == 3
    assert "Permission denied" in done.stderr
