"""An account at the stand-in of Graph, as the tests of the Outlook connector use it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from connectors.outlook import Graph, OutlookMailbox
from tests.servers.graph import GraphServer

ADDRESS = "office@hudson.example"
START = datetime(2026, 3, 1, tzinfo=UTC)


class Granted:
    """Tokens of one user at the stand-in, renewed as often as one is refused."""

    def __init__(self, server: GraphServer, user: str = ADDRESS, **limits: object) -> None:
        self.server, self.user, self.limits = server, user, limits
        self.held, self.renewals = server.grant(user, **limits), 0

    async def token(self, *, refused: str = "") -> str:
        if refused == self.held:
            self.renewals += 1
            self.held = self.server.grant(self.user, **self.limits)
        return self.held


class Account:
    """A mailbox with mail in it, and what opens it as often as asked; closes all it opened."""

    def __init__(self, server: GraphServer, address: str = ADDRESS) -> None:
        self.server, self.address, self.count = server, address, 0
        self.graphs: list[Graph] = []
        server.add_mailbox(address)

    def graph(self, tokens=None, **options) -> Graph:
        tokens = tokens or Granted(self.server, self.address)
        settings = {"url": self.server.url, "first_pause": 0.01, **options}
        self.graphs.append(Graph(tokens, **settings))
        return self.graphs[-1]

    def mailbox(self, *, graph=None, **options) -> OutlookMailbox:
        return OutlookMailbox(graph or self.graph(), self.address, **options)

    def put(self, folder: str = "inbox", body: bytes = b"The boiler leaks.\n") -> str:
        """Deliver a letter, received a second after the one before."""
        number, self.count = self.count, self.count + 1
        received = START + timedelta(seconds=number)
        return self.server.deliver(self.address, folder, mail(number, body), received=received)

    async def close(self) -> None:
        for graph in self.graphs:
            await graph.close()


def mail(number: int, body: bytes = b"The boiler leaks.\n") -> bytes:
    return (
        b"From: Ada <ada@customer.example>\nTo: office@hudson.example\n"
        b"Subject: Letter %d\nMessage-ID: <%d@customer.example>\n"
        b"Date: Thu, 4 Jan 2024 10:00:00 +0000\n\n%s" % (number, number, body)
    )


async def sweep(mailbox: OutlookMailbox, cursor: str = "", limit: int = 3, *, each=None):
    """Return ids and cursor after following the cursors to the end; *each* runs per page."""
    found: list[str] = []
    for _ in range(500):
        page = await mailbox.page(cursor, limit)
        assert len(page.refs) <= limit
        found += [ref.native_id for ref in page.refs]
        cursor = page.cursor
        if each:
            each()
        if not page.more:
            return found, cursor
    raise AssertionError("the cursors never come to an end")


@asynccontextmanager
async def well_behaved():
    """Give an account at a server; in the end it has asked nothing that Graph forbids."""
    with GraphServer() as server:
        account = Account(server)
        yield account
        await account.close()
        assert server.violations == []
        assert server.hasty == []
        assert server.high_water(ADDRESS) <= 4
        asked = [each for each in server.journal if not each.fault and each.status != 401]
        assert all(entry.immutable for entry in asked)
