"""What the stand-in's own tests share: two invented mailboxes, and mail to fill them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.servers.graph.client import Client
from tests.servers.graph.server import GraphServer

OFFICE = "office@hahn.example"
ANNA = "anna@hahn.example"
DAY = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def mail(number: int, *, extra: str = "", body: str = "Could you come on Monday?") -> bytes:
    head = (
        f"From: Mona Lind <mona@lind.example>\r\nTo: {OFFICE}\r\nSubject: Request {number}\r\n"
        f"Message-ID: <{number}@lind.example>\r\nDate: Fri, 20 Nov 2026 09:00:00 +0100\r\n"
    )
    return f"{head}{extra}\r\n{body}\r\n".encode()


def fill(server: GraphServer, count: int, folder: str = "inbox") -> list[str]:
    return [
        server.deliver(OFFICE, folder, mail(n), received=DAY + timedelta(hours=n))
        for n in range(count)
    ]


@pytest.fixture
def server() -> Iterator[GraphServer]:
    with GraphServer() as running:
        running.add_mailbox(OFFICE, shared_with=[ANNA])
        running.add_mailbox(ANNA)
        yield running


@pytest.fixture
def client(server: GraphServer) -> Iterator[Client]:
    """A well-behaved caller: at the end nothing broke Microsoft's types."""
    with Client(server, server.grant(OFFICE)) as made:
        yield made
    assert server.violations == []


@pytest.fixture
def rough(server: GraphServer) -> Iterator[Client]:
    """A caller that may break the types."""
    with Client(server, server.grant(OFFICE)) as made:
        yield made
