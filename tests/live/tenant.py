"""A mailbox of a real tenant for tests: who signs in to it, and a folder that holds mail.

Told by environment variables; tests that miss one are skipped and say which. Other clouds are
named as for the program itself, by `JIGAJOB_AUTHORITY`, `JIGAJOB_GRAPH` and `JIGAJOB_CA`.
"""

from __future__ import annotations

import email
import email.policy
import os
import ssl
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self
from uuid import uuid4

import httpx2
import pytest

from connectors.identity import AppRegistration
from connectors.outlook import Graph, OutlookMailbox
from flows.ports import MailRef, Tokens
from portal.settings import Settings, read_settings

NEEDED = {
    "JIGAJOB_LIVE_MAILBOX": "the address of a mailbox that is there for tests alone",
    "JIGAJOB_LIVE_TENANT": "its directory ID or domain",
    "JIGAJOB_LIVE_CLIENT_ID": "an app registration with Mail.ReadWrite for that mailbox",
    "JIGAJOB_LIVE_SECRET": "its client secret",
}
PERSON = "JIGAJOB_LIVE_PERSON_CLIENT_ID"
"""An app registration that allows device codes; a person signs in while the test waits."""

RECEIVED = {"id": "Integer 0xe07", "value": "1"}
"""PidTagMessageFlags as read, and not as unsent: what is made with it is no draft.

Source: https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxcmsg
"""
TRIES = 5


@dataclass(frozen=True, slots=True)
class Tenant:
    """What the environment says."""

    mailbox: str
    directory: str
    client_id: str
    secret: str = field(repr=False)
    settings: Settings = field(default_factory=lambda: read_settings(None, None))

    def app(self, *, client_id: str = "", secret: str | None = None) -> AppRegistration:
        """Return the app that reads by itself, or with *client_id* one for people."""
        given = self.secret if secret is None else secret
        return AppRegistration(
            client_id=client_id or self.client_id,
            tenant=self.directory,
            authority=self.settings.authority,
            secret=None if client_id else lambda: given,
        )

    @property
    def scopes(self) -> tuple[str, ...]:
        """Return what the app asks for."""
        return (f"{self.settings.graph}/.default",)

    def graph(self, tokens: Tokens) -> Graph:
        """Return Graph; whoever asked closes it."""
        return Graph(tokens, url=f"{self.settings.graph}/v1.0", tls=self.tls())

    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.settings.ca)


def tenant_of_environment() -> Tenant:
    """Return the tenant; skips the test where the environment names none."""
    missing = [f"{name} ({what})" for name, what in NEEDED.items() if not os.environ.get(name)]
    if missing:
        pytest.skip(f"no real tenant to test against: set {', '.join(missing)}")
    return Tenant(*(os.environ[name] for name in NEEDED))


def told(message: bytes) -> bytes:
    """Return subject and text: what is left of a message that Exchange writes anew."""
    parsed = email.message_from_bytes(message, policy=email.policy.default)
    body = parsed.get_body(("plain", "html"))
    text = body.get_content() if body else ""
    return f"{parsed['Subject']}\n{' '.join(text.split())}".encode()


class Told(OutlookMailbox):
    """The mailbox under test, whose messages are compared by what they tell."""

    async def fetch(self, ref: MailRef) -> bytes:
        return told(await super().fetch(ref))


class Folder:
    """A folder of its own in the mailbox, as the mailbox contract wants a holder."""

    def __init__(self, tenant: Tenant, graph: Graph, token: str) -> None:
        self._tenant, self._graph = tenant, graph
        self._home = f"/v1.0/users/{tenant.mailbox}"
        self._client = httpx2.Client(
            base_url=tenant.settings.graph,
            headers={"Authorization": f"Bearer {token}", "Prefer": 'IdType="ImmutableId"'},
            verify=tenant.tls(),
            timeout=60,
        )
        self.name = f"JigAjob test {uuid4().hex[:8]}"
        self._id = ""

    def __enter__(self) -> Self:
        made = self._call("POST", "/mailFolders", {"displayName": self.name})
        self._id = made["id"]
        return self

    def __exit__(self, *_: object) -> None:
        self._call("POST", f"/mailFolders/{self._id}/permanentDelete")
        self._client.close()

    def open(self) -> Told:
        return Told(self._graph, self._tenant.mailbox, folders=(self.name,))

    def shown(self, message: bytes) -> bytes:
        return told(message)

    def put(self, message: bytes) -> str:
        subject, text = told(message).decode().split("\n", 1)
        body = {
            "subject": subject,
            "body": {"contentType": "text", "content": text},
            "singleValueExtendedProperties": [RECEIVED],
        }
        return str(self._call("POST", f"/mailFolders/{self._id}/messages", body)["id"])

    def remove(self, handle: str) -> None:
        # DELETE would only move it to Deleted Items.
        self._call("POST", f"/messages/{handle}/permanentDelete")

    def replace(self, handle: str, message: bytes) -> None:
        self.remove(handle)
        self.put(message)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        for _ in range(TRIES):
            answer = self._client.request(method, f"{self._home}{path}", json=body)
            if answer.status_code != HTTPStatus.TOO_MANY_REQUESTS:
                break
            time.sleep(float(answer.headers.get("Retry-After", 1)))
        # Its text would quote what is in the mailbox.
        assert answer.is_success, (method, answer.status_code)
        return answer.json() if answer.content else None
