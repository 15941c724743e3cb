"""The whole path: sign-in by MSAL, movements of the ledger, a payment matched, a quote made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import jwt
import pytest
from typer.testing import CliRunner

from portal.cli.program import app as program
from portal.settings import Settings
from portal.wiring import open_app
from tests.connectors.sign_ins import BACK, sign_in
from tests.servers.business_central import Books, BusinessCentralServer, TokenRefused
from tests.servers.openid import OpenIdProvider
from tests.servers.sign_in import new_user, token_for

SERVICE = "https://api.businesscentral.dynamics.com"
GRAPH_SCOPE = "https://graph.microsoft.com/Mail.Read"
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
  office: {{uses: folder, path: mail}}
  books:
    uses: business_central
    company: Hudson
    address: {address}
    sign_in:
      client_id: {client}
      tenant: {tenant}
      scopes: ["{service}/.default"]
flows:
  - id: asked
    name: Quote what was asked for
    triggers: [{{mail: office}}]
    conditions: ["mail.subject | mentions('quote')"]
    keep: [customer.name]
    steps:
      - id: quote
        uses: quote.send
        with:
          books: books
          lines: [{{account: "40100", text: Boiler service, price: 480.00 USD}}]
          send: true
        approve: owner
  - id: booked
    name: Note what was booked
    triggers: [{{transaction: books}}]
    steps:
      - id: row
        uses: row.append
        with:
          table: booked
          columns:
            amount: "{{{{ transaction.amount }}}}"
            of: "{{{{ transaction.reference }}}}"
"""
LETTER = b"""\
From: Ada Byron <ada@byron.example>
To: office@hudson.example
Subject: A quote for the boiler
Message-ID: <1@byron.example>
Date: Thu, 26 Feb 2026 10:00:00 +0000

Please send us a quote for the boiler service.
"""


def accepted(openid: OpenIdProvider, token: str) -> str:
    """Return whose token for Business Central it is: a person's, or an app's own."""
    try:
        claims = jwt.decode(token, openid._key.public_key(), ["RS256"], audience=SERVICE)
    except jwt.InvalidTokenError:
        raise TokenRefused from None
    if claims["idtyp"] == "app":
        if "API.ReadWrite.All" not in claims["roles"]:
            raise TokenRefused
        return str(claims["appid"])
    return str(claims["preferred_username"])


@pytest.fixture
def server(openid: OpenIdProvider) -> Iterator[BusinessCentralServer]:
    with BusinessCentralServer(
        tenant=openid.tenants[0], accepts=lambda token: accepted(openid, token)
    ) as server:
        yield server
        assert server.violations == []


@pytest.fixture
def address(openid: OpenIdProvider, server: BusinessCentralServer) -> str:
    user = new_user(openid)
    server.user(user, "read", "write")
    return user


@pytest.fixture
def books(server: BusinessCentralServer) -> Books:
    books = server.company("Hudson")
    books.customer("10000", "Ada Byron", "ada@byron.example")
    return books


@pytest.fixture
def settings(
    tmp_path: Path, openid: OpenIdProvider, server: BusinessCentralServer, address: str
) -> Settings:
    client = openid.register_client(redirect_uris=[BACK])
    flows, mail = tmp_path / "flows.yaml", tmp_path / "mail"
    flows.write_text(
        FLOWS.format(address=address, client=client, tenant=openid.tenants[0], service=SERVICE)
    )
    mail.mkdir()
    (mail / "1.eml").write_bytes(LETTER)
    return Settings(
        home=tmp_path / "home",
        flows=flows,
        authority=openid.origin,
        business_central=server.url,
        ca=openid.certificates.ca,
    )


async def sweep(settings: Settings, cleaner: object) -> dict[str, str]:
    async with open_app(settings) as app:
        done = await app.sweep(cleaner).run(lambda _, piece: piece, lambda *_: None)
        return {source: getattr(e, "why", str(e)) for source, e in done.troubles.items()}


async def test_from_sign_in_to_rows_and_a_quote_that_was_sent(
    settings, openid, books, address, cleaner
):
    assert await sweep(settings, cleaner) == {"books": "not_connected"}
    async with open_app(settings) as app:
        await sign_in(app.identity("books"), openid, address, scopes=app.scopes("books"))
    books.move(480, "Payment of Invoice PS-INV1", on=date(2026, 3, 2))
    for _ in range(2):
        assert await sweep(settings, cleaner) == {}
    rows = (settings.home / "rows" / "booked.csv").read_text().splitlines()
    assert len(rows) == 2
    assert "480" in rows[1]
    assert "PS-INV1" in rows[1]
    assert books.rows["salesQuotes"] == []

    async with open_app(settings) as app:
        (waiting,) = [each async for each in app.outbox.list("waiting")]
        await app.outbox.approve(waiting.output.id)
    for _ in range(2):
        assert await sweep(settings, cleaner) == {}
    (quote,) = books.rows["salesQuotes"]
    assert (quote["status"], quote["customerNumber"]) == ("Sent", "10000")
    assert books.mails == [quote["number"]]
    async with open_app(settings) as app:
        found = (await app.ledger("books")).as_json()
        (sent,) = [each async for each in app.outbox.list("sent") if "quote" in each.note]
    assert (found["seen"], found["stored"], found["unaccounted"]) == (1, 1, 0)
    assert quote["number"] in sent.note


def issued(books: Books, price: float) -> dict[str, object]:
    """Post an invoice of so much, and return it."""
    customer = books.rows["customers"][0]
    line = {"lineType": "Account", "lineObjectNumber": "40100", "quantity": 1}
    lines = [line | {"unitPrice": price}]
    made = books.insert(
        "salesInvoices", {"customerId": customer["id"], "salesInvoiceLines": lines}
    )
    books.post(made)
    return made


async def test_invoices_of_the_books_are_met_by_their_payments(
    settings, openid, books, address, cleaner
):
    """What is paid there is matched here; a name is stored only where a flow keeps it."""
    text = settings.flows.read_text()
    settings.flows.write_text(text + PAY)
    async with open_app(settings) as app:
        await sign_in(app.identity("books"), openid, address, scopes=app.scopes("books"))
    paid, owed = issued(books, 480), issued(books, 120)
    assert await sweep(settings, cleaner) == {}
    async with open_app(settings) as app:
        states = {each.number: each.state for each in await app.register.invoices()}
    assert states == {paid["number"]: "open", owed["number"]: "open"}

    books.pay(paid)
    assert await sweep(settings, cleaner) == {}
    async with open_app(settings) as app:
        found = {each.number: each for each in await app.register.invoices()}
        (settlement,) = await app.register.settlements()
    assert [each.number for each in settlement.parts] == [paid["number"]]
    assert found[paid["number"]].state == "paid"
    assert (found[owed["number"]].state, found[owed["number"]].party) == ("open", "")

    settings.flows.write_text(text + PAY.replace("steps:", "keep: [customer.name]\n    steps:"))
    owed["status"] = "Canceled"
    books.touch(owed)
    assert await sweep(settings, cleaner) == {}
    async with open_app(settings) as app:
        found = {each.number: each for each in await app.register.invoices()}
    assert (found[owed["number"]].state, found[owed["number"]].party) == (
        "canceled",
        "Ada Byron",
    )


PAY = """\
  - id: pay
    name: Match payments
    triggers: [{transaction: books}]
    steps: [{id: match, uses: payment.match}]
"""


async def test_an_app_reads_by_its_own_right(settings, openid, server, books, cleaner):
    settings.flows.with_name("app.secret").write_text("s3cret\n")
    app = openid.register_client(secret="s3cret", roles={SERVICE: ["API.ReadWrite.All"]})
    text = settings.flows.read_text()
    text = re.sub(r"client_id: \S+", f"client_id: {app}\n      secret: file:app.secret", text)
    settings.flows.write_text(text)
    books.move(480, "x", on=date(2026, 3, 2))
    # Consented to, but not yet entered under Microsoft Entra Applications.
    assert await sweep(settings, cleaner) == {"books": "not_permitted"}
    server.user(app, "read")
    assert await sweep(settings, cleaner) == {}
    assert (settings.home / "rows" / "booked.csv").read_text().count("480") == 1


async def test_a_token_for_another_service_does_not_let_in(openid, server, books, address):
    import httpx2

    token = token_for(openid, address, [GRAPH_SCOPE])
    async with httpx2.AsyncClient() as client:
        answer = await client.get(
            f"{server.url}/v2.0/production/api/v2.0/companies",
            headers={"Authorization": f"Bearer {token}"},
        )
    assert answer.status_code == 401


async def test_the_scopes_are_those_of_the_service(settings):
    text = settings.flows.read_text()
    settings.flows.write_text(text.replace(f'scopes: ["{SERVICE}/.default"]', ""))
    async with open_app(settings) as app:
        assert app.scopes("books") == (f"{settings.business_central}/.default",)
    assert Settings(home=settings.home, flows=settings.flows).business_central == SERVICE


def test_connections_tell_of_the_books(settings, monkeypatch):
    given = ["--home", str(settings.home), "--flows", str(settings.flows)]
    monkeypatch.setenv("JIGAJOB_AUTHORITY", settings.authority)
    monkeypatch.setenv("JIGAJOB_BUSINESS_CENTRAL", settings.business_central)
    shown = CliRunner().invoke(program, ["connections", "--json", *given])
    assert shown.exit_code == 3
    assert '"source": "books"' in shown.stdout
    assert '"kind": "business_central"' in shown.stdout
    assert "connect books" in shown.stdout
