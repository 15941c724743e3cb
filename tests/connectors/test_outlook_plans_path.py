"""Calendar, tasks and Teams on the whole path: rights are asked for where a flow uses them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest

from flows.language.load import parse
from portal.settings import Settings
from portal.wiring import open_app
from portal.wiring.scopes import planned
from tests.connectors.outlook_account import mail
from tests.connectors.sign_ins import BACK, sign_in
from tests.connectors.test_outlook_path import sweep
from tests.flows.business import TestClock
from tests.servers.graph import Caller, GraphServer, TokenRefused
from tests.servers.openid import OpenIdProvider
from tests.servers.sign_in import new_user

FLOWS = """\
version: 1
business:
  id: hudson
  name: Hudson Plumbing
  industry: "238220"
  region: US-NY
  time_zone: America/New_York
sources:
  office:
    uses: outlook
    address: {address}
    trust: []
    sign_in: {{client_id: {client}, tenant: {tenant}}}
outlets:
  team: {{uses: teams, source: office, chat: "19:def@thread.v2"}}
  other: {{uses: teams, source: office, team: 11111111-2222-3333-4444-555555555555,
          channel: "19:abc@thread.tacv2"}}
flows:
  - id: visits
    name: Book and tell
    triggers: [{{mail: office}}]
    steps:
"""
STEPS = """\
      - id: visit
        uses: event.add
        with: {title: "{{ mail.subject }}", start: "2026-03-14 09:30", to: office}
      - id: todo
        uses: task.add
        with: {title: "{{ mail.subject }}", due: "2026-03-14", to: office}
      - id: tell
        uses: teams.post
        with: {text: "{{ mail.subject }}", to: team}
"""
QUIET = """\
      - id: mark
        uses: mail.mark
        with: {category: JigAjob}
"""

CHAT, TASKS = "ChatMessage.Send", "Tasks.ReadWrite"


@pytest.fixture
def graph(openid: OpenIdProvider) -> Iterator[GraphServer]:
    """A Graph for which tokens are asked by its own address, as at Microsoft."""
    key = openid._key.public_key()

    def accepts(token: str) -> Caller:
        try:
            claims = jwt.decode(token, key, ["RS256"], audience=server.origin)
        except jwt.InvalidTokenError:
            raise TokenRefused("invalid") from None
        scopes = frozenset(str(claims.get("scp", "")).split())
        return Caller(user=claims["preferred_username"], scopes=scopes)

    with GraphServer(accepts=accepts) as server:
        yield server
        assert server.violations == []


@pytest.fixture
def address(openid: OpenIdProvider, graph: GraphServer) -> str:
    user = new_user(openid)
    graph.add_mailbox(user)
    graph.plans.add_room("19:def@thread.v2", [user])
    return user


@pytest.fixture
def settings(
    tmp_path: Path, openid: OpenIdProvider, graph: GraphServer, address: str
) -> Settings:
    flows = tmp_path / "flows.yaml"
    client, tenant = openid.register_client(redirect_uris=[BACK]), openid.tenants[0]
    flows.write_text(FLOWS.format(address=address, client=client, tenant=tenant) + QUIET)
    return Settings(
        home=tmp_path / "home",
        flows=flows,
        authority=openid.origin,
        graph=graph.origin,
        ca=openid.certificates.ca,
    )


async def connect(settings: Settings, openid: OpenIdProvider, address: str) -> tuple[str, ...]:
    async with open_app(settings) as app:
        scopes = app.scopes("office")
        await sign_in(app.identity("office"), openid, address, scopes=scopes)
        return tuple(scope.rpartition("/")[2] for scope in scopes)


async def states(settings: Settings) -> dict[str, str]:
    async with open_app(settings) as app:
        return {each.output.uses: each.output.state async for each in app.outbox.list()}


async def test_a_right_is_asked_for_once_a_flow_uses_it_and_mail_does_not_wait_for_it(
    settings, openid, graph, address, cleaner
):
    assert await connect(settings, openid, address) == ("Mail.ReadWrite", "Mail.Send")
    settings.flows.write_text(settings.flows.read_text().replace(QUIET, STEPS))
    graph.deliver(address, "inbox", mail(1))
    clock = TestClock()
    assert await sweep(settings, cleaner, clock) == {}
    assert set((await states(settings)).values()) == {"approved"}
    assert graph.plans.events(address) == []

    asked = await connect(settings, openid, address)
    assert asked == (
        "Mail.ReadWrite",
        "Mail.Send",
        "Calendars.ReadWrite",
        "ChatMessage.Send",
        "Tasks.ReadWrite",
    )
    clock.passes(hours=2)
    assert await sweep(settings, cleaner, clock) == {}
    assert set((await states(settings)).values()) == {"sent"}
    assert len(graph.plans.events(address)) == 1
    assert len(graph.plans.tasks(address)) == 1
    assert len(graph.plans.messages("19:def@thread.v2")) == 1


@pytest.mark.parametrize(
    ("sign_in", "steps", "wanted"),
    [
        ("client_id: x", QUIET, ()),
        ("client_id: x", STEPS.replace(", to: office", "", 1), (CHAT, TASKS)),
        ("secret: env:S", STEPS[: STEPS.index("      - id: todo")], ()),
    ],
)  # fmt: skip
def test_no_right_is_asked_for_that_no_flow_uses(sign_in, steps, wanted, tmp_path):
    text = FLOWS.format(address="office@hudson.example", client="x", tenant="hudson.example")
    if "secret" in sign_in:  # as an app nobody posts; that is found before
        text = text.replace("client_id: x", sign_in)
        text = "".join(
            line
            for line in text.splitlines(keepends=True)
            if not line.startswith(("outlets:", "  team:", "  other:", "          channel:"))
        )
    file = parse(text + steps, tmp_path / "flows.yaml")
    assert planned(file, "office") == wanted
