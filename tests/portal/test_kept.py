"""A home that was mistyped looks like no business: nothing is made there by looking."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from connectors.sqlite import SqliteStore
from flows.errors import AdministratorError, NothingKept, OperatorError
from flows.keys.records import RESTORING, mark
from flows.ports import Key
from portal.cli.program import app
from portal.settings import Settings
from portal.wiring import SystemClock
from tests.connectors.cosmos_account import cosmos_server
from tests.flows.business import FLOWS, Business, mail
from tests.portal.conftest import typed
from tests.servers.certificates import Certificates
from tests.servers.cosmos import CosmosServer

ID = "abcdefgh"
TAKE_WHAT_IS_KEPT: dict[str, list[str]] = {
    "attachment": [ID, "1", "--out", "OUT"],
    "audit export": ["--out", "OUT"],
    "audit list": [],
    "audit verify": [],
    "backup": ["OUT"],
    "books cancel": [ID],
    "books list": [],
    "books match": [ID, ID],
    "books payments": [],
    "books undo": [ID],
    "books write-off": [ID],
    "consent grant": ["--yes"],
    "consent show": [],
    "consent withdraw": [],
    "disclosures": [],
    "disconnect": ["office"],
    "keys rotate": [],
    "keys show": [],
    "keys shred": ["--yes", "hudson"],
    "ledger": [],
    "migrate": [],
    "outbox approve": [ID],
    "outbox cancel": [ID],
    "outbox list": [],
    "outbox reject": [ID],
    "outbox retry": [ID],
    "outbox show": [ID],
    "plan": [],
    "replay": [ID],
    "rollback": [],
    "show": [ID],
    "suggest": [],
    "teach": ["--list"],
}
"""Each command that works on the records of a business, with words that it takes."""

TAKE_A_POOL: dict[str, list[str]] = {
    "report budget": [],
    "report list": [],
    "report release": ["--period", "2026-Q3", "--out", "OUT"],
}
"""Each command that works on the pool of all businesses, with words that it takes."""

LOOK_ALL_THE_SAME = {"status", "connections"}
TELL_WHAT_IS_DEPLOYED = {"drift", "versions"}
MAY_BEGIN = {"apply", "connect", "demo", "restore", "run", "start", "watch"}
OPEN_NO_RECORDS = {
    "clean eval",
    "clean files",
    "docs",
    "init",
    "report simulate",
    "report verify",
    "runs",
    "schema",
    "test",
    "validate",
}


def commands(command: Any, *words: str) -> Iterator[str]:
    """Yield the words of each command of the program."""
    if not hasattr(command, "commands"):  # a group has; typer brings classes of its own
        yield " ".join(words)
        return
    for name, each in command.commands.items():
        yield from commands(each, *words, name)


@pytest.fixture
def nowhere(tmp_path: Path) -> Settings:
    (tmp_path / "flows.yaml").write_text(FLOWS)
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "1.eml").write_bytes(mail())
    return Settings(home=tmp_path / "home", flows=tmp_path / "flows.yaml")


@pytest.fixture(scope="module")
def server(certificates: Certificates) -> Iterator[CosmosServer]:
    with cosmos_server(certificates) as server:
        yield server


def test_of_each_command_it_is_known_whether_it_may_begin_a_business() -> None:
    """A new command is put where it belongs, and is tested below."""
    opens = {*TAKE_WHAT_IS_KEPT, *LOOK_ALL_THE_SAME, *TELL_WHAT_IS_DEPLOYED, *MAY_BEGIN}
    opens |= {*TAKE_A_POOL}
    assert set(commands(typer.main.get_command(app))) == opens | OPEN_NO_RECORDS


@pytest.mark.parametrize("command", sorted(TELL_WHAT_IS_DEPLOYED))
def test_where_nothing_is_kept_nothing_is_deployed(
    nowhere: Settings, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """That is what it says, and makes nothing."""
    before = sorted(nowhere.flows.parent.rglob("*"))
    typed(nowhere, command)
    assert "nothing is deployed" in capsys.readouterr().out
    assert sorted(nowhere.flows.parent.rglob("*")) == before


@pytest.mark.parametrize("command", TAKE_WHAT_IS_KEPT)
def test_what_takes_records_makes_none_where_there_are_none(
    nowhere: Settings, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names the store in which it looked; neither home nor store nor file is made."""
    before = sorted(nowhere.flows.parent.rglob("*"))
    words = [
        str(nowhere.home.parent / "out") if w == "OUT" else w
        for w in TAKE_WHAT_IS_KEPT[command]
    ]
    with pytest.raises(NothingKept) as caught:
        typed(nowhere, command, *words)
    assert f"nothing is kept of hudson in {nowhere.home}/jigajob.db" in caught.value.what
    assert "run first (jigajob run), or name the home with --home" in caught.value.fix

    elsewhere = nowhere.home.parent / "typo" / "records.db"
    monkeypatch.setenv("JIGAJOB_STORE", str(elsewhere))
    with pytest.raises(NothingKept, match=str(elsewhere)) as caught:
        typed(nowhere, command, *words)
    assert "JIGAJOB_STORE" in caught.value.fix
    assert sorted(nowhere.flows.parent.rglob("*")) == before


@pytest.mark.parametrize("command", TAKE_A_POOL)
def test_where_there_is_no_pool_none_is_made(nowhere: Settings, command: str) -> None:
    """It names the place in which it looked, and the setting that says another."""
    before = sorted(nowhere.flows.parent.rglob("*"))
    words = [
        str(nowhere.home.parent / "out") if w == "OUT" else w for w in TAKE_A_POOL[command]
    ]
    with pytest.raises(NothingKept, match=f"no pool of counts in {nowhere.home}") as caught:
        typed(nowhere, command, *words)
    assert "JIGAJOB_POOL" in caught.value.fix
    assert sorted(nowhere.flows.parent.rglob("*")) == before


@pytest.mark.parametrize("command", ["status", "outbox list", "keys shred"])
def test_in_a_container_without_the_business_nothing_is_made_either(
    nowhere: Settings, command: str, server: CosmosServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIGAJOB_STORE", server.url)
    monkeypatch.setenv("JIGAJOB_STORE_KEY", server.key)
    if command in LOOK_ALL_THE_SAME:
        typed(nowhere, command)
    else:
        with pytest.raises(NothingKept, match=server.url):
            typed(nowhere, command, *TAKE_WHAT_IS_KEPT[command])
    assert not [*server.items("jigajob", "records")]
    assert not nowhere.home.exists()


@pytest.mark.parametrize("command", sorted(LOOK_ALL_THE_SAME))
def test_what_looks_at_the_sources_tells_what_they_hold_and_makes_nothing(
    nowhere: Settings, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(nowhere.flows.parent.rglob("*"))
    typed(nowhere, command, "--json")
    told = capsys.readouterr()
    assert told.err == f"nothing is kept of hudson in {nowhere.home}/jigajob.db yet\n"
    if command == "status":
        (office,) = json.loads(told.out)["sources"]
        assert (office["seen"], office["stored"]) == (1, 0)
    assert sorted(nowhere.flows.parent.rglob("*")) == before


async def _backed_up(business: Business) -> None:
    business.writes(FLOWS)
    business.gets(mail())
    await business.sweeps()


def test_who_looked_first_can_restore_all_the_same(
    tmp_path: Path, cleaner: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """`status`, `connections` and `audit list` leave nothing that is in the way."""
    (tmp_path / "old").mkdir()
    business = Business(tmp_path / "old", cleaner)
    asyncio.run(_backed_up(business))
    typed(business.settings, "backup", str(tmp_path / "b"))
    new = Settings(home=tmp_path / "new", flows=business.settings.flows)
    typed(new, "status")
    typed(new, "connections")
    with pytest.raises(NothingKept):
        typed(new, "audit list")
    shutil.copytree(business.settings.keys, new.keys)
    typed(new, "restore", str(tmp_path / "b.jigajob"))
    capsys.readouterr()
    typed(new, "outbox list", "--json")
    assert "reply.draft" in capsys.readouterr().out


@pytest.mark.parametrize("command", sorted({*TAKE_WHAT_IS_KEPT, *LOOK_ALL_THE_SAME, "run"}))
def test_half_a_business_is_said_to_be_half(nowhere: Settings, command: str) -> None:
    """Whatever is typed, the way on is the same restore; only shredding is another."""

    async def half() -> None:
        store = SqliteStore(nowhere.database)
        begun = mark(RESTORING, SystemClock().now(), archive="a")
        await store.create(Key("hudson", "keys"), begun)
        await store.close()

    asyncio.run(half())
    if command == "keys shred":
        typed(nowhere, command, "--yes", "hudson")
        return
    words = [
        str(nowhere.home / "out") if w == "OUT" else w
        for w in TAKE_WHAT_IS_KEPT.get(command, [])
    ]
    with pytest.raises(AdministratorError, match="not restored to its end") as caught:
        typed(nowhere, command, *words)
    assert "`jigajob restore` again" in caught.value.fix
    assert not isinstance(caught.value, OperatorError)
