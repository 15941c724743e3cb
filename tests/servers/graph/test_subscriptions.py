"""Change notifications of the Graph stand-in, with a real receiver on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.servers.graph import GraphServer
from tests.servers.graph.client import Client
from tests.servers.graph.clock import stamp
from tests.servers.graph.examples import ANNA, OFFICE, client, fill, mail, rough, server

__all__ = ["client", "rough", "server"]


class Receiver:
    """Takes notifications; `refuse` says how many are answered 503 first."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.refuse = 0
        self.echoes = True
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                token = parse_qs(urlsplit(self.path).query).get("validationToken")
                if token:
                    self._say(200, token[0] if outer.echoes else "hello")
                elif outer.refuse:
                    outer.refuse -= 1
                    self._say(503, "")
                else:
                    outer.taken += json.loads(body)["value"]
                    self._say(202, "")

            def _say(self, status: int, text: str) -> None:
                self.send_response(status)
                self.send_header("content-type", "text/plain; charset=utf-8")
                self.send_header("content-length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}/notify"
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


def wanted(server: GraphServer, receiver: Receiver, **more: Any) -> dict[str, Any]:
    return {
        "changeType": "created,updated,deleted",
        "notificationUrl": receiver.url,
        "lifecycleNotificationUrl": receiver.url,
        "resource": "me/mailFolders('inbox')/messages",
        "expirationDateTime": stamp(server.clock.now() + timedelta(days=6)),
        "clientState": "secretClientValue",
        **more,
    }


def test_changes_are_posted_with_the_client_state(
    server: GraphServer, client: Client, receiver: Receiver
) -> None:
    made = client.ask("POST", "/subscriptions", json=wanted(server, receiver))
    new = server.deliver(OFFICE, "inbox", mail(1))
    server.mark(OFFICE, new, read=True)
    server.move(OFFICE, new, "archive")
    server.deliver(OFFICE, "archive", mail(2))
    server.settle()

    assert made.status_code == 201
    assert {one["changeType"] for one in receiver.taken} == {"created", "updated", "deleted"}
    assert len(receiver.taken) == 3
    for one in receiver.taken:
        assert one["clientState"] == "secretClientValue"
        assert one["subscriptionId"] == made.json()["id"]
        assert one["resourceData"]["id"] == new


def test_a_notice_that_nobody_takes_is_posted_again(
    server: GraphServer, client: Client, receiver: Receiver
) -> None:
    client.ask("POST", "/subscriptions", json=wanted(server, receiver))
    receiver.refuse = 2
    fill(server, 1)
    server.settle()
    assert len(receiver.taken) == 1
    receiver.refuse = 99
    fill(server, 1)
    server.settle()
    assert server.undelivered == [receiver.url]


def test_subscription_is_renewed_and_expires(
    server: GraphServer, client: Client, receiver: Receiver
) -> None:
    made = client.ask("POST", "/subscriptions", json=wanted(server, receiver)).json()
    where = f"/subscriptions/{made['id']}"
    later = stamp(server.clock.now() + timedelta(days=6, hours=20))

    renewed = client.ask("PATCH", where, json={"expirationDateTime": later})
    change = {"lifecycleNotificationUrl": receiver.url, "expirationDateTime": later}
    fixed = client.refused("PATCH", where, json=change)

    assert renewed.json()["expirationDateTime"] == later
    assert fixed == (400, "InvalidRequest")
    assert [one["id"] for one in client.get("/subscriptions")["value"]] == [made["id"]]
    server.clock.advance(seconds=7 * 86400)
    fresh = server.grant(OFFICE)
    with Client(server, fresh) as again:
        body = {"expirationDateTime": stamp(server.clock.now() + timedelta(days=1))}
        assert again.refused("GET", where) == (404, "ResourceNotFound")
        assert again.refused("PATCH", where, json=body) == (404, "ResourceNotFound")
    fill(server, 1)
    server.settle()
    assert receiver.taken == []


def test_lifecycle_events(server: GraphServer, client: Client, receiver: Receiver) -> None:
    made = client.ask("POST", "/subscriptions", json=wanted(server, receiver)).json()
    where = f"/subscriptions/{made['id']}"

    server.lifecycle(made["id"], "reauthorizationRequired")
    fill(server, 1)
    server.settle()
    resting = [one.get("lifecycleEvent") for one in receiver.taken]
    assert client.ask("POST", f"{where}/reauthorize").status_code == 204
    fill(server, 1)
    server.settle()
    awake = len(receiver.taken)
    server.lifecycle(made["id"], "missed")
    server.settle()
    server.lifecycle(made["id"], "subscriptionRemoved")
    server.settle()

    assert resting == ["reauthorizationRequired"]
    assert awake == 2
    events = [one["lifecycleEvent"] for one in receiver.taken if "lifecycleEvent" in one]
    assert events == ["reauthorizationRequired", "missed", "subscriptionRemoved"]
    assert client.refused("DELETE", where) == (404, "ResourceNotFound")
    assert server.subscriptions() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"notificationUrl": "http://notify.example/"},
        {"expirationDateTime": "2020-01-01T00:00:00Z"},
        {"expirationDateTime": "2999-01-01T00:00:00Z"},
        {"clientState": "x" * 129},
        {"changeType": "moved"},
        {"resource": "me/mailFolders"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_subscriptions_that_are_refused(
    server: GraphServer, client: Client, receiver: Receiver, wrong: dict[str, str]
) -> None:
    body = wanted(server, receiver, **wrong)
    assert client.refused("POST", "/subscriptions", json=body)[0] == 400
    assert server.subscriptions() == []


def test_the_handshake_must_be_answered_with_the_token(
    server: GraphServer, client: Client, receiver: Receiver
) -> None:
    receiver.echoes = False
    body = wanted(server, receiver)
    assert client.refused("POST", "/subscriptions", json=body) == (400, "ValidationError")


def test_shared_mailboxes_cannot_be_subscribed_to(
    server: GraphServer, receiver: Receiver
) -> None:
    body = wanted(server, receiver, resource=f"users/{OFFICE}/messages")
    with Client(server, server.grant(ANNA)) as anna:
        assert anna.get(f"/users/{OFFICE}")["mail"] == OFFICE
        assert anna.refused("POST", "/subscriptions", json=body) == (403, "ErrorAccessDenied")
    with Client(server, server.grant_application(mailboxes=[OFFICE])) as app:
        assert app.ask("POST", "/subscriptions", json=body).status_code == 201
    assert server.violations == []
