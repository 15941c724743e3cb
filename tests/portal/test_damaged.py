"""One record that is damaged is named, and keeps nobody from looking at the others."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from anonymizer.text.cleaner import Cleaner
from connectors.sqlite import SqliteStore
from flows.errors import AdministratorError, Unopened
from flows.model import Invoice
from flows.money import Money
from flows.ports import Key, Record, Where
from flows.records import WORK
from tests.connectors.cosmos_account import cosmos_server, cosmos_store
from tests.flows.business import FLOWS, Business, TestClock, mail
from tests.portal.conftest import typed
from tests.servers.certificates import Certificates
from tests.servers.cosmos import CosmosServer

BROKEN = [b"{", b"[]", b"\xff\xfe", b'{"v": 7}', b'{"v": ""}', b"null"]


@pytest.fixture
def business(tmp_path: Path, cleaner: Cleaner) -> Business:
    """Two mails, their outputs, and two invoices."""
    made = Business(tmp_path, cleaner)
    made.writes(FLOWS)
    made.gets(mail(name="1"), "mail/1.eml")
    made.gets(mail(name="2"), "mail/2.eml")
    asyncio.run(_filled(made))
    return made


async def _filled(business: Business) -> None:
    await business.sweeps()
    async with business.open() as app:
        work = app.records.in_scope(WORK)
        for number in ("INV-1", "INV-2"):
            money = Money(amount=Decimal(480), currency="USD")
            invoice = Invoice(id=number, number=number, direction="receivable", money=money)
            fields = {"state": "open", "recorded": number}
            await work.store.create(
                work.key, await work.seal("invoice", number, invoice, fields)
            )


def damaged(business: Business, kind: str) -> str:
    """Change one byte of what is sealed in the first record of a kind; return its id."""
    with closing(sqlite3.connect(business.settings.database)) as database, database:
        found = database.execute(
            "SELECT id, sealed FROM record WHERE kind = ? ORDER BY id", (kind,)
        ).fetchone()
        spoilt = found[1][:-1] + bytes([found[1][-1] ^ 1])
        database.execute(
            "UPDATE record SET sealed = ? WHERE kind = ? AND id = ?", (spoilt, kind, found[0])
        )
    return str(found[0])


@pytest.mark.parametrize(
    ("kind", "command", "left"),
    [
        ("message", "status", ': 1}, "starts"'),
        ("arrival", "status", '"stored": 1'),
        ("arrival", "ledger", '"stored": 1'),
        ("invoice", "books list", "INV-2"),
    ],
)
def test_lists_go_on_with_the_others_and_name_what_is_left_out(
    business: Business, kind: str, command: str, left: str, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = damaged(business, kind)
    typed(business.settings, command, "--json")
    told = capsys.readouterr()
    assert left in told.out
    assert told.err.startswith("1 records cannot be opened, and are left out:\n")
    assert f"what is sealed in {kind} {broken} was altered" in told.err
    assert "fix: restore a backup" in told.err


def test_an_output_that_does_not_open_is_shown_as_failed_and_the_others_as_they_are(
    business: Business, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = damaged(business, "output")
    typed(business.settings, "outbox list --all --json")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 4
    (failed,) = [row for row in rows if row["state"] == "failed"]
    assert failed["id"] == broken
    assert f"output {broken} was altered" in failed["note"]
    typed(business.settings, "status --json")
    assert broken in json.loads(capsys.readouterr().out)["waiting"]


def test_whoever_asks_for_it_is_told_which_it_is_and_what_to_do(business: Business) -> None:
    broken = damaged(business, "message")
    with pytest.raises(Unopened, match=f"message {broken}") as caught:
        typed(business.settings, "show", broken)
    assert "jigajob restore" in caught.value.fix


def spoilt(path: Path, fields: bytes) -> str:
    """Write other bytes over what is readable of the first mail; return its id."""
    with closing(sqlite3.connect(path)) as database, database:
        (found,) = database.execute(
            "SELECT id FROM record WHERE kind = 'message' ORDER BY id"
        ).fetchone()
        database.execute(
            "UPDATE record SET fields = CAST(? AS TEXT) WHERE kind = 'message' AND id = ?",
            (fields, found),
        )
    return str(found)


@pytest.mark.parametrize("fields", [*BROKEN, b'{"v": "sx"}'])
def test_what_is_damaged_in_the_clear_is_named_as_well(
    business: Business, fields: bytes
) -> None:
    broken = spoilt(business.settings.database, fields)
    with pytest.raises(AdministratorError, match=f"message {broken} is damaged") as caught:
        typed(business.settings, "status")
    assert "jigajob restore" in caught.value.fix


@pytest.mark.parametrize("fields", BROKEN)
@pytest.mark.parametrize("end", ["put", "delete", "purge", "expire"])
async def test_a_damaged_record_can_be_written_over_and_removed(
    tmp_path: Path, fields: bytes, end: str
) -> None:
    """Nothing of it is left, also not where it is looked up."""
    path, key, clock = tmp_path / "store.db", Key("hudson", "intake"), TestClock()
    store = SqliteStore(path, clock=clock)
    expires = clock.now() + timedelta(days=1)
    found = Record(kind="message", id="a", fields={"state": "old"}, expires_at=expires)
    await store.put(key, found)
    spoilt(path, fields)
    if end == "put":
        await store.put(key, replace(found, fields={"state": "new"}))
    elif end == "delete":
        await store.delete(key, "message", "a")
    elif end == "purge":
        await store.purge(key)
    else:
        clock.passes(days=2)
        await store.sweep()
    read = (await store.query(key, "message", where=[Where("state", "=", "new")])).records
    assert [each.id for each in read] == (["a"] if end == "put" else [])
    await store.close()
    with closing(sqlite3.connect(path)) as database:
        assert not database.execute("SELECT 1 FROM look_up WHERE value = 'sold'").fetchall()


@pytest.fixture
def server(certificates: Certificates) -> Iterator[CosmosServer]:
    with cosmos_server(certificates) as server:
        yield server


async def test_a_document_that_is_damaged_is_named(
    server: CosmosServer, tmp_path: Path, business: Business
) -> None:
    async with business.open() as app:
        key = replace(app.records.key)
    store = cosmos_store(server, tmp_path / "blobs")
    await store.create(key, Record(kind="message", id="abc", fields={"kind": "x"}))
    (item,) = server.items("jigajob", "records")
    item.body["f"]["kind"] = 7
    with pytest.raises(AdministratorError, match="message sabc is damaged"):
        await store.get(key, "message", "abc")
    await store.close()
