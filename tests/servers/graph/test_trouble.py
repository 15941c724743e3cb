"""Tokens, shared mailboxes, throttling, batches and faults of the Graph stand-in."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

import httpx
import pytest

from tests.servers.certificates import Certificates
from tests.servers.graph import Caller, GraphServer, TokenRefused
from tests.servers.graph.client import IMMUTABLE, Client
from tests.servers.graph.examples import ANNA, OFFICE, client, fill, mail, rough, server
from tests.servers.graph.faults import EVERYDAY

__all__ = ["client", "rough", "server"]

DELTA = "/me/mailFolders/inbox/messages/delta"
SUBJECT = {"subject": "Visit"}


def test_tokens_must_be_there_alive_and_ours(server: GraphServer) -> None:
    token = server.grant(OFFICE, seconds=60)
    with Client(server, token) as client:
        assert client.get("/me")["mail"] == OFFICE
        missing = client.ask("GET", "/me", headers={"authorization": ""})
        server.clock.advance(seconds=61)
        assert client.refused("GET", "/me") == (401, "InvalidAuthenticationToken")
    assert missing.status_code == 401
    assert "www-authenticate" in missing.headers
    fresh = server.grant(OFFICE)
    server.revoke(fresh)
    with Client(server, fresh) as client:
        assert client.refused("GET", "/me")[0] == 401
    with Client(server, server.grant(OFFICE, audience="https://outlook.office.com")) as client:
        assert "Invalid audience" in client.ask("GET", "/me").json()["error"]["message"]


def test_the_check_of_tokens_can_be_given() -> None:
    def accepts(token: str) -> Caller:
        if token != "ours":
            raise TokenRefused("audience")
        return Caller(user=OFFICE)

    with GraphServer(accepts=accepts) as server:
        server.add_mailbox(OFFICE)
        with Client(server, "ours") as ours, Client(server, "theirs") as theirs:
            assert ours.get("/me")["mail"] == OFFICE
            answer = theirs.ask("GET", "/me")
        assert "Invalid audience" in answer.json()["error"]["message"]


def test_other_mailboxes_need_sharing_and_the_scope(server: GraphServer) -> None:
    fill(server, 1)
    listed = f"/users/{OFFICE}/messages"
    narrow = server.grant(ANNA, scopes={"Mail.ReadWrite", "Mail.Send"})
    with Client(server, server.grant(ANNA)) as anna, Client(server, narrow) as own:
        assert len(anna.get(listed)["value"]) == 1
        assert own.refused("GET", listed) == (403, "ErrorAccessDenied")
    with Client(server, server.grant(OFFICE)) as office:
        assert office.refused("GET", f"/users/{ANNA}/messages") == (403, "ErrorAccessDenied")
        assert office.refused("GET", "/users/no@hahn.example") == (404, "ErrorInvalidUser")
    assert server.violations == []


def test_an_application_has_no_me_and_its_limits(server: GraphServer) -> None:
    with Client(server, server.grant_application(mailboxes=[OFFICE])) as app:
        assert app.get(f"/users/{OFFICE}")["mail"] == OFFICE
        assert app.refused("GET", "/me") == (400, "BadRequest")
        assert app.refused("GET", f"/users/{ANNA}") == (403, "ErrorAccessDenied")
    with Client(server, server.grant_application(roles={"Mail.Read"})) as reader:
        assert reader.refused("POST", f"/users/{ANNA}/messages", json=SUBJECT)[0] == 403


async def test_the_fifth_request_at_a_time_is_throttled() -> None:
    with GraphServer(latency=0.1) as server:
        server.add_mailbox(OFFICE)
        headers = {"authorization": f"Bearer {server.grant(OFFICE)}"}
        async with httpx.AsyncClient(headers=headers, trust_env=False) as http:
            asked = (http.get(f"{server.url}/me") for _ in range(6))
            answers = await asyncio.gather(*asked)

        refused = [answer for answer in answers if answer.status_code == 429]
        assert len(refused) == 2
        assert refused[0].json()["error"]["code"] == "ApplicationThrottled"
        assert int(refused[0].headers["retry-after"]) >= 1
        assert (server.high_water(OFFICE), server.throttled(OFFICE)) == (4, 2)
        assert server.violations == []


def test_ordered_refusals_come_as_often_as_ordered(server: GraphServer, client: Client) -> None:
    server.faults.fail_next("/delta", "429", times=2, retry_after=3, method="GET")
    server.faults.fail_next(r"/me$", "503", skip=1)

    assert client.get("/me")
    assert client.ask("GET", "/me").status_code == 503
    first = client.ask("GET", DELTA)
    assert (first.status_code, first.headers["retry-after"]) == (429, "3")
    assert client.ask("GET", DELTA).status_code == 429
    assert client.ask("GET", DELTA).status_code == 200
    assert server.hasty == [f"GET /v1.0{DELTA}", f"GET /v1.0{DELTA}"]
    assert [entry.status for entry in server.journal] == [200, 503, 429, 429, 200]
    assert [entry.fault for entry in server.journal] == ["", "503", "429", "429", ""]


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "cut_midway"])
def test_cut_connections_with_and_without_effect(
    server: GraphServer, client: Client, kind: Any
) -> None:
    draft = client.ask("POST", "/me/messages", json={"toRecipients": []}).json()
    client.ask(
        "PATCH",
        f"/me/messages/{draft['id']}",
        json={"toRecipients": [{"emailAddress": {"address": ANNA}}]},
    )
    path = f"/me/messages/{draft['id']}" + ("" if kind == "cut_midway" else "/send")
    server.faults.fail_next(path, kind)

    with pytest.raises(httpx.TransportError):
        client.ask("GET" if kind == "cut_midway" else "POST", path)

    assert len(server.sent(OFFICE)) == (kind == "cut_after")
    assert server.journal[-1].status == 0
    assert client.get("/me")


def test_a_gateway_may_give_up_on_what_was_done(server: GraphServer, client: Client) -> None:
    server.faults.fail_next("/me/messages$", "504_after")
    server.faults.fail_next("/me/messages$", "504")

    assert client.ask("POST", "/me/messages", json=SUBJECT).status_code == 504
    assert client.ask("POST", "/me/messages", json=SUBJECT).status_code == 504
    assert len(server.drafts(OFFICE)) == 1


def test_delta_pages_repeat_shuffle_and_come_empty(server: GraphServer, client: Client) -> None:
    ids = fill(server, 6)
    two = {"prefer": f"{IMMUTABLE}, odata.maxpagesize=2"}
    server.faults.fail_next("skiptoken", "repeat_page")
    server.faults.fail_next("skiptoken", "empty_page")
    server.faults.fail_next("skiptoken", "shuffle_page")

    entries, _ = client.round(DELTA, headers=two)

    told = [one["id"] for one in entries]
    # Newest first; the second page brings the first again, the last is turned about.
    assert told == [ids[5], ids[4], ids[5], ids[4], ids[3], ids[2], ids[0], ids[1]]


def test_resync_on_demand(server: GraphServer, client: Client) -> None:
    fill(server, 1)
    _, link = client.round(DELTA)
    for kind, status, code in (
        ("gone_resync", 410, "resyncRequired"),
        ("gone_state", 410, "syncStateNotFound"),
        ("sync_state_40x", 404, "syncStateNotFound"),
    ):
        server.faults.fail_next("/delta", kind)  # type: ignore[arg-type]
        assert client.ask("GET", DELTA).status_code == 200, "a round that begins has no state"
        answer = client.ask("GET", link)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert ("location" in answer.headers) == (status == 410)
    assert client.ask("GET", link).status_code == 200


def test_chance_is_the_same_for_the_same_seed(server: GraphServer, client: Client) -> None:
    def statuses() -> list[int]:
        server.faults.random(rate=0.4, kinds=("429", "500", "503"), seed=5)
        return [client.ask("GET", "/me").status_code for _ in range(40)]

    first = statuses()

    assert first == statuses()
    assert {200, 429, 500, 503} == set(first)
    server.faults.calm()
    assert client.ask("GET", "/me").status_code == 200


@pytest.mark.parametrize("seed", range(5))
def test_whatever_goes_wrong_the_server_stands(
    server: GraphServer, client: Client, seed: int
) -> None:
    """Under all faults at once each draft is there or not; nothing half, nothing broken."""
    kinds = tuple(kind for kind in EVERYDAY if kind != "slow")
    server.faults.random(rate=0.4, kinds=kinds, seed=seed)
    told = set()
    for _ in range(60):
        with suppress(httpx.TransportError, ValueError):
            told.add(client.ask("POST", "/me/messages", json=SUBJECT).json().get("id"))
        with suppress(httpx.TransportError):
            client.ask("GET", DELTA)
    server.faults.calm()

    held = {draft.id for draft in server.drafts(OFFICE)}
    effects = sum(e.status == 201 for e in server.journal)
    lost = sum(e.fault in {"cut_after", "cut_midway", "504_after"} for e in server.journal)
    assert told - {None} <= held
    assert effects < len(held) <= effects + lost
    assert client.get("/me")["mail"] == OFFICE


def test_a_batch_judges_each_request_alone(server: GraphServer, client: Client) -> None:
    ids = fill(server, 2)
    wish = {"Prefer": IMMUTABLE}
    requests = [
        {"id": "1", "method": "GET", "url": f"/me/messages/{ids[0]}", "headers": wish},
        {"id": "2", "method": "GET", "url": f"/me/messages/{ids[1]}"},
        {"id": "3", "method": "GET", "url": f"/me/messages/{ids[0]}/$value", "headers": wish},
        {"id": "4", "method": "POST", "url": "/me/messages", "body": SUBJECT, "headers": {
            "Content-Type": "application/json"}},
        {"id": "5", "method": "GET", "url": "/me", "dependsOn": ["2"]},
        {"id": "6", "method": "GET", "url": "/me", "dependsOn": ["4"]},
        {"id": "7", "method": "POST", "url": "/me/messages", "body": SUBJECT},
    ]  # fmt: skip

    answer = client.ask("POST", "/$batch", json={"requests": requests}).json()

    told = {one["id"]: one for one in answer["responses"]}
    statuses = {name: one["status"] for name, one in told.items()}
    assert statuses == {"1": 200, "2": 404, "3": 200, "4": 201, "5": 424, "6": 200, "7": 400}
    assert told["1"]["body"]["subject"] == "Request 0"
    assert isinstance(told["3"]["body"], str)
    assert server.high_water(OFFICE) <= 4


def test_a_batch_has_its_limits(server: GraphServer, client: Client) -> None:
    def ask(*requests: dict[str, Any]) -> tuple[int, str]:
        return client.refused("POST", "/$batch", json={"requests": list(requests)})

    me = {"method": "GET", "url": "/me"}
    assert ask(*({"id": str(n), **me} for n in range(21)))[0] == 400
    assert ask({"id": "1", **me}, {"id": "1", **me})[0] == 400
    assert ask({"id": "1", **me, "dependsOn": ["9"]})[0] == 400
    server.faults.fail_next("/me$", "429")
    twenty = [{"id": str(n), **me} for n in range(20)]
    answer = client.ask("POST", "/$batch", json={"requests": twenty}).json()
    assert sorted(one["status"] for one in answer["responses"]) == [200] * 19 + [429]
    assert server.throttled(OFFICE) == 0
    assert sum(entry.batch for entry in server.journal) == 20


def test_bad_requests_are_told_apart(client: Client) -> None:
    junk = {"content": b"{", "headers": {"content-type": "application/json"}}
    assert client.refused("GET", "/me/colour") == (400, "BadRequest")
    assert client.refused("PUT", "/me/messages")[0] == 405
    assert client.refused("POST", "/me/mailFolders", **junk) == (400, "BadRequest")
    assert client.refused("POST", "/me/mailFolders", content=b"x")[0] == 415
    assert client.refused("GET", "/me/messages?$top=0")[0] == 400
    assert client.refused("GET", "/me/messages?$colour=1")[0] == 400


def test_tls_with_an_own_certificate(certificates: Certificates) -> None:
    with GraphServer(certificates=certificates) as server:
        server.add_mailbox(OFFICE)
        headers = {"authorization": f"Bearer {server.grant(OFFICE)}"}
        trusted = certificates.trusting()
        with httpx.Client(verify=trusted, headers=headers, trust_env=False) as http:
            assert http.get(f"{server.url}/me").json()["mail"] == OFFICE


def test_many_messages_are_walked_quickly(server: GraphServer, client: Client) -> None:
    """Ten thousand messages are no burden; the check against the types is included."""
    for number in range(10_000):
        server.deliver(OFFICE, "inbox", mail(number))
    wish = {"prefer": f"{IMMUTABLE}, odata.maxpagesize=200"}

    entries, _ = client.round(f"{DELTA}?$select=receivedDateTime", headers=wish)

    assert len({one["id"] for one in entries}) == 10_000
    assert len(json.dumps(entries[0])) < 1000
