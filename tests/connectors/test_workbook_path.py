"""The whole path: movements out of a workbook, a row into another, on a disk and at Graph."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from portal.settings import Settings
from portal.wiring import open_app
from tests.connectors.outlook_account import mail
from tests.connectors.sign_ins import BACK, sign_in
from tests.connectors.test_outlook_path import GRAPH, graph_of, sweep
from tests.connectors.workbook_files import HEADER, shown, write
from tests.flows.business import TestClock
from tests.servers.graph import GraphServer
from tests.servers.openid import OpenIdProvider
from tests.servers.sign_in import new_user

HEAD = """\
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
"""
FLOWS = """\
flows:
  - id: letters
    name: List who wrote
    triggers: [{mail: office}]
    conditions: ["mail.subject | mentions('letter')"]
    steps:
      - id: list
        uses: row.append
        with: {to: leads, columns: {Subject: "{{ mail.subject }}"}}
  - id: paid
    name: List what was paid
    triggers: [{transaction: books}]
    steps:
      - id: list
        uses: row.append
        with: {to: leads, columns: {Subject: "={{ transaction.reference }}"}}
      - id: file
        uses: row.append
        with: {table: paid, columns: {Amount: "{{ transaction.amount }}"}}
"""
ON_DISK = """\
  books:
    uses: workbook
    path: books.xlsx
    table: Payments
    key: No
    columns: {date: Date, amount: Amount, counterparty: Name, reference: Text}
  leads: {uses: workbook, path: leads.xlsx, table: Leads, key: Id}
"""
ONLINE = """\
  books:
    uses: workbook
    address: ADDRESS
    file: Books/2026.xlsx
    table: Payments
    key: No
    columns: {date: Date, amount: Amount, counterparty: Name, reference: Text}
    sign_in: &app {client_id: CLIENT, tenant: TENANT, scopes: [SCOPE]}
  leads:
    uses: workbook
    address: ADDRESS
    file: Books/leads.xlsx
    table: Leads
    key: Id
    sign_in: *app
"""
ROWS = [
    (1, date(2026, 10, 1), 120.5, "Ada Byron", "INV-1001"),
    (2, date(2026, 10, 2), -40, "Calder Supply", "INV-77"),
    (2, date(2026, 10, 3), 7, "Ada Byron", "twice"),
    (3, "soon", 7, "Ada Byron", "INV-1003"),
    (4, date(2026, 10, 5), 80, "Ada Byron", "INV-1004"),
]
SUBJECTS = ["=INV-1001", "=INV-1004", "Letter 0", "Letter 1"]


def settings_of(tmp_path: Path, sources: str, **more: object) -> Settings:
    (tmp_path / "mail").mkdir()
    for number in range(2):
        (tmp_path / "mail" / f"{number}.eml").write_bytes(mail(number))
    flows = tmp_path / "flows.yaml"
    flows.write_text(HEAD + sources + FLOWS)
    return Settings(home=tmp_path / "home", flows=flows, **more)


async def check_books(settings: Settings) -> None:
    async with open_app(settings) as app:
        states = [posted.output.state async for posted in app.outbox.list()]
        books = (await app.ledger("books")).as_json()
        leads = (await app.ledger("leads")).as_json()
    assert set(states) == {"sent"}
    assert (books["seen"], books["stored"], books["unaccounted"]) == (5, 2, 0)
    assert leads["seen"] == 0
    csv = (settings.home / "rows" / "paid.csv").read_text("utf-8-sig").splitlines()
    assert sorted(line.split(",")[0] for line in csv) == ['"120.50"', '"80"', '"Amount"']


async def test_on_a_disk(tmp_path, cleaner):
    settings = settings_of(tmp_path, ON_DISK)
    write(tmp_path / "books.xlsx", ROWS)
    write(tmp_path / "leads.xlsx", [], header=("Id", "Subject"), table="Leads")
    for _ in range(2):
        assert await sweep(settings, cleaner) == {}
    rows = shown(tmp_path / "leads.xlsx")[3:]
    assert sorted(subject for _, subject in rows) == SUBJECTS
    assert len({key for key, _ in rows}) == 4
    await check_books(settings)


async def test_rows_wait_while_the_workbook_is_open(tmp_path, cleaner):
    settings = settings_of(tmp_path, ON_DISK)
    write(tmp_path / "books.xlsx", ROWS)
    write(tmp_path / "leads.xlsx", [], header=("Id", "Subject"), table="Leads")
    lock = tmp_path / "~$leads.xlsx"
    lock.touch()
    await sweep(settings, cleaner)
    assert shown(tmp_path / "leads.xlsx")[3:] == []
    lock.unlink()
    await sweep(settings, cleaner, TestClock(datetime.now(UTC) + timedelta(minutes=2)))
    await check_books(settings)


@pytest.fixture
def graph(openid: OpenIdProvider) -> Iterator[GraphServer]:
    with graph_of(openid) as server:
        yield server
        assert server.violations == []


async def test_at_microsoft_365(tmp_path, openid, graph, cleaner):
    address = new_user(openid)
    books = graph.books.add(address, "Books/2026.xlsx", HEADER)
    books.table().rows[:] = [
        [books.serial(cell) if isinstance(cell, date) else cell for cell in row] for row in ROWS
    ]
    leads = graph.books.add(address, "Books/leads.xlsx", ("Id", "Subject"), table="Leads")
    sources = (
        ONLINE.replace("ADDRESS", address)
        .replace("CLIENT", openid.register_client(redirect_uris=[BACK]))
        .replace("TENANT", openid.tenants[0])
        .replace("SCOPE", f'"{GRAPH}/Files.ReadWrite"')
    )
    settings = settings_of(
        tmp_path,
        sources,
        authority=openid.origin,
        graph=graph.url.removesuffix("/v1.0"),
        ca=openid.certificates.ca,
    )
    assert await sweep(settings, cleaner) == {"books": "not_connected"}
    async with open_app(settings) as app:
        await sign_in(app.identity("books"), openid, address, scopes=app.scopes("books"))
        assert await app.outbox.hasten() == 2  # what waits for the sign-in
    for _ in range(2):
        assert await sweep(settings, cleaner) == {}
    assert sorted(subject for _, subject in leads.table().rows) == SUBJECTS
    assert (leads.formulas, leads.sessions, books.sessions) == ([], {}, {})
    assert (leads.crowded, books.crowded) == (0, 0)
    await check_books(settings)


async def test_a_row_for_a_workbook_that_is_gone_from_the_file_goes_nowhere_else(
    tmp_path, cleaner
):
    settings = settings_of(tmp_path, ON_DISK)
    write(tmp_path / "books.xlsx", ROWS)
    write(tmp_path / "leads.xlsx", [], header=("Id", "Subject"), table="Leads")
    (tmp_path / "~$leads.xlsx").touch()
    await sweep(settings, cleaner)
    settings.flows.write_text(
        HEAD + FLOWS.partition("  - id: paid")[0].replace("to:", "table:")
    )
    await sweep(settings, cleaner, TestClock(datetime.now(UTC) + timedelta(minutes=2)))
    async with open_app(settings) as app:
        failed = [each async for each in app.outbox.list("failed")]
    assert len(failed) == 4
    assert all("bring leads back under `sources`" in each.note for each in failed)
