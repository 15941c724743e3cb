"""Webhooks of Business Central: made, renewed and ended; strangers change nothing."""

import asyncio
import json
from datetime import date, timedelta

import pytest

from connectors.business_central import Subscription
from connectors.business_central.subscription import RENEWAL
from flows.errors import AdministratorError, SignInNeeded
from flows.ports import Hints
from portal.door import Door
from portal.notifications import taken
from portal.settings import Settings
from portal.wiring import open_app
from tests.connectors.business_central_account import Account, Granted
from tests.servers.business_central import BusinessCentralServer
from tests.servers.ports import free_ports

PATH = "hooks-of-the-books"


@pytest.fixture
def server():
    with BusinessCentralServer() as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def account(server):
    account = Account(server)
    yield account
    await account.close()


class Watched:
    """A ledger that is subscribed to, behind the portal's own door."""

    def __init__(self, account, company=None):
        self.ledger = account.ledger()
        (port,) = free_ports(1)
        self.subscription = Subscription(
            company or account.company(),
            notification_url=f"http://127.0.0.1:{port}/{PATH}",
            on_change=self.ledger.poke,
        )
        self.door = Door("127.0.0.1", port, {PATH: taken(self.subscription)})


@pytest.fixture
async def watched(account):
    watched = Watched(account)
    await asyncio.to_thread(watched.door.open)
    yield watched
    await asyncio.to_thread(watched.door.close)


async def test_a_posting_wakes_whoever_waits_for_the_ledger(server, account, watched):
    assert isinstance(watched.ledger, Hints)
    await watched.subscription.keep()
    assert await watched.ledger.changed(5)  # what came before it was told to nobody
    assert not await watched.ledger.changed(0.05)
    entry = account.books.move(480, "x", on=date(2026, 3, 2))
    told = await asyncio.to_thread(server.subscriptions.notify, entry["id"], account.books.now)
    assert told == [200]
    assert await watched.ledger.changed(5)


async def test_it_is_renewed_with_its_version_before_its_three_days_are_over(
    server, account, watched
):
    assert timedelta(seconds=await watched.subscription.keep()) == RENEWAL
    (before,) = server.subscriptions.held.values()
    ends = before["expirationDateTime"]
    account.books.now += RENEWAL
    server.asked.clear()
    await watched.subscription.keep()
    (after,) = server.subscriptions.held.values()
    assert after["expirationDateTime"] > ends
    renewal = server.asked[-1]
    assert (renewal.method, renewal.headers["if-match"][:3]) == ("PATCH", 'W/"')


async def test_one_that_ran_out_is_made_anew(server, account, watched):
    await watched.subscription.keep()
    (before,) = server.subscriptions.held
    server.subscriptions.expire(account.books.now + timedelta(days=4))
    assert await watched.ledger.changed(5)
    await watched.subscription.keep()
    (after,) = server.subscriptions.held
    assert after != before
    assert await watched.ledger.changed(5)


async def test_it_ends_with_the_watch(server, watched):
    await watched.subscription.keep()
    await watched.subscription.close()
    await watched.subscription.close()
    assert server.subscriptions.held == {}


async def test_an_address_that_cannot_be_reached_is_refused(server, account):
    watched = Watched(account)  # its door stays shut
    with pytest.raises(AdministratorError, match="refused to subscribe to the ledger"):
        await watched.subscription.run()
    assert server.subscriptions.held == {}


async def test_who_may_not_subscribe_is_told(account):
    tokens = Granted(account.server, "reader@hudson.example", "read")
    watched = Watched(account, account.company(tokens=tokens))
    with pytest.raises(SignInNeeded, match="subscribe to the ledger"):
        await watched.subscription.run()


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ("validationToken=abc%20d", b"", 200),
        (f"validationToken={'x' * 5000}", b"", 400),
        ("", b"{", 400),
        ("", b"[]", 400),
        ("", b'{"value": 5}', 400),
        ("", b'{"value": ["x"]}', 400),
        ("", json.dumps({"value": [{"clientState": "guessed"}]}).encode(), 403),
        ("", b'{"value": []}', 403),
    ],
)
async def test_strangers_change_nothing(watched, query, body, status):
    await watched.subscription.keep()
    assert await watched.ledger.changed(5)
    answer, text = watched.subscription.handle(query, body)
    assert answer == status
    assert text == ("abc d" if status == 200 else "")
    assert not await watched.ledger.changed(0.05)


FLOWS = """\
version: 1
business:
  {id: hudson, name: Hudson, industry: "238220", region: US-NY, time_zone: America/New_York}
sources:
  books: {uses: business_central, company: Hudson, address: books@hudson.example}
flows:
  - id: booked
    name: Booked
    triggers: [{transaction: books}]
    steps:
      - {id: tell, uses: notify, with: {text: x}}
"""


async def test_books_are_subscribed_to_by_their_name(tmp_path):
    flows = tmp_path / "flows.yaml"
    flows.write_text(FLOWS)
    async with open_app(Settings(home=tmp_path / "home", flows=flows)) as app:
        found = app.accounts.subscriptions(app.mailboxes, app.banks, str.upper)
        assert set(found) == {"books"}
        assert isinstance(app.banks["books"], Hints)
