"""The whole path at Microsoft's stand-ins: sign-in by MSAL, mail by Graph, an answer sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from flows.ports import Clock
from portal.settings import Settings
from portal.wiring import open_app
from tests.connectors.outlook_account import mail
from tests.connectors.sign_ins import BACK, sign_in
from tests.servers.graph import Caller, GraphServer, TokenRefused
from tests.servers.openid import OpenIdProvider
from tests.servers.sign_in import new_user

GRAPH = "https://graph.microsoft.com"
FLOWS = """\
version: 1
business:
  id: hudson
  name: Hudson Plumbing
  industry: "238220"
  region: US-NY
  time_zone: America/New_York
  domains: [hudson.example]
  addresses: [{address}]
sources:
  office:
    uses: outlook
    address: {address}
    trust: []
    sign_in:
      client_id: {client}
      tenant: {tenant}
      scopes: ["{graph}/Mail.ReadWrite", "{graph}/Mail.Send"]
flows:
  - id: letters
    name: Answer and mark
    triggers: [{{mail: office}}]
    conditions: ["mail.subject | mentions('letter')"]
    keep: [customer.name]
    steps:
      - id: answer
        uses: reply.send
        with: {{text: "We have your message."}}
      - id: mark
        uses: mail.mark
        with: {{category: JigAjob}}
"""


def graph_of(openid: OpenIdProvider, **options: Any) -> GraphServer:
    """Return a Graph that takes the tokens of *openid*."""
    key = openid._key.public_key()

    def accepts(token: str) -> Caller:
        try:
            claims = jwt.decode(token, key, ["RS256"], audience=GRAPH)
        except jwt.InvalidTokenError:
            raise TokenRefused("invalid") from None
        scopes = frozenset(str(claims.get("scp", "")).split())
        return Caller(user=claims["preferred_username"], scopes=scopes)

    return GraphServer(accepts=accepts, **options)


@pytest.fixture
def graph(openid: OpenIdProvider) -> Iterator[GraphServer]:
    with graph_of(openid) as server:
        yield server
        assert server.violations == []


@pytest.fixture
def address(openid: OpenIdProvider, graph: GraphServer) -> str:
    user = new_user(openid)
    graph.add_mailbox(user)
    return user


def settings_of(
    tmp_path: Path,
    openid: OpenIdProvider,
    graph: GraphServer,
    address: str,
    *,
    text: str = FLOWS,
    **more: str,
) -> Settings:
    """Return the settings of a business with the mailbox *address* at these stand-ins."""
    flows = tmp_path / "flows.yaml"
    client = openid.register_client(redirect_uris=[BACK])
    flows.write_text(
        text.format(address=address, client=client, tenant=openid.tenants[0], graph=GRAPH)
    )
    return Settings(
        home=tmp_path / "home",
        flows=flows,
        authority=openid.origin,
        graph=graph.url.removesuffix("/v1.0"),
        ca=openid.certificates.ca,
        **more,
    )


@pytest.fixture
def settings(
    tmp_path: Path, openid: OpenIdProvider, graph: GraphServer, address: str
) -> Settings:
    return settings_of(tmp_path, openid, graph, address)


async def sweep(
    settings: Settings, cleaner: object, clock: Clock | None = None
) -> dict[str, str]:
    async with open_app(settings, clock) as app:
        done = await app.sweep(cleaner).run(lambda _, piece: piece, lambda *_: None)
        return {source: getattr(e, "why", str(e)) for source, e in done.troubles.items()}


async def test_from_sign_in_to_an_answer_in_sent_items(
    settings, openid, graph, address, cleaner
):
    assert await sweep(settings, cleaner) == {"office": "not_connected"}
    async with open_app(settings) as app:
        await sign_in(app.identity("office"), openid, address, scopes=app.scopes("office"))
    for number in range(3):
        graph.deliver(address, "inbox", mail(number))
    for _ in range(2):
        assert await sweep(settings, cleaner) == {}

    assert sorted(held.properties["subject"] for held in graph.sent(address)) == [
        "Re: Letter 0",
        "Re: Letter 1",
        "Re: Letter 2",
    ]
    assert graph.drafts(address) == []
    marked = [held.properties["categories"] for held in graph.messages(address, "inbox")]
    assert marked == [["JigAjob"]] * 3
    async with open_app(settings) as app:
        found = (await app.ledger("office")).as_json()
    assert (found["seen"], found["stored"], found["unaccounted"]) == (3, 3, 0)


async def test_consent_that_is_withdrawn_is_told_to_the_owner(
    settings, openid, graph, address, cleaner
):
    async with open_app(settings) as app:
        await sign_in(app.identity("office"), openid, address, scopes=app.scopes("office"))
        client = app.file.sources["office"].sign_in.client_id
    openid.set_lifetimes(access=30)
    try:
        async with open_app(settings) as app:
            await sign_in(app.identity("office"), openid, address, scopes=app.scopes("office"))
        openid.withdraw_consent(address, client)
        assert await sweep(settings, cleaner) == {"office": "consent_withdrawn"}
    finally:
        openid.set_lifetimes(access=3600)
    notices = (settings.home / "notices.log").read_text()
    assert "jigajob connect office" in notices
