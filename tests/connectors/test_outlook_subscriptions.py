"""Change notifications from the stand-in of Graph to a receiver on loopback."""

import asyncio
import json
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest

from connectors.outlook import Subscriptions
from connectors.outlook.subscriptions import LIFETIME
from flows.errors import AdministratorError, SignInNeeded
from tests.connectors.outlook_account import ADDRESS, Account, Granted, sweep
from tests.servers.graph import GraphServer


class Receiver:
    """An HTTP server that has what is posted handled in the event loop, as the portal does."""

    def __init__(self, loop):
        self.handle, outer = lambda _query, _body: (503, ""), self

        async def handled(query, body):
            return outer.handle(query, body)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                handling = handled(urlsplit(self.path).query, body)
                status, text = asyncio.run_coroutine_threadsafe(handling, loop).result(5)
                self.send_response(status)
                self.send_header("content-type", "text/plain")
                self.send_header("content-length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks/outlook"
        self.thread = Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
async def receiver():
    receiver = Receiver(asyncio.get_running_loop())
    yield receiver
    await asyncio.to_thread(receiver.close)


@pytest.fixture
async def account():
    with GraphServer() as server:
        account = Account(server)
        yield account
        await account.close()
        assert server.violations == []
        assert server.undelivered == []


class Watched:
    """A mailbox, its subscription and how often it was told of a change."""

    def __init__(self, account, receiver, **options):
        self.server, self.told = account.server, 0
        self.mailbox = account.mailbox()

        def change():
            self.told += 1
            self.mailbox.poke()

        self.subscriptions = Subscriptions(
            account.graph(**options),
            ADDRESS,
            notification_url=receiver.url,
            on_change=change,
            now=account.server.clock.now,
        )
        receiver.handle = self.subscriptions.handle

    async def settle(self):
        await asyncio.to_thread(self.server.settle, 5)

    def told_since(self):
        told, self.told = self.told, 0
        return told


@pytest.fixture
def watched(account, receiver):
    async def make(**options):
        return Watched(account, receiver, **options)

    return make


async def test_new_mail_wakes_the_mailbox_and_delta_finds_it(account, watched):
    it = await watched()
    _, cursor = await sweep(it.mailbox)
    assert 0 < await it.subscriptions.keep() <= LIFETIME.total_seconds()
    assert await it.mailbox.changed(5)  # what came before it was made was told to nobody
    put = account.put()
    assert await it.mailbox.changed(5)
    assert (await sweep(it.mailbox, cursor))[0] == [put]
    await it.settle()
    await it.subscriptions.close()
    assert account.server.subscriptions() == []


async def test_it_is_renewed_before_it_ends(account, watched):
    it = await watched()
    seconds = await it.subscriptions.keep()
    (before,) = account.server.subscriptions()
    account.server.clock.advance(seconds=seconds + 1)
    await it.subscriptions.keep()
    assert account.server.subscriptions() == [before]
    account.server.clock.advance(seconds=seconds + 1)
    assert account.server.subscriptions() == [before]
    it.told_since()
    account.server.clock.advance(seconds=3 * LIFETIME.total_seconds())
    await it.subscriptions.keep()
    (after,) = account.server.subscriptions()
    assert after != before
    assert it.told_since() == 1


async def test_a_removed_one_is_made_anew(account, watched):
    it = await watched()
    running = asyncio.create_task(it.subscriptions.run())
    assert await it.mailbox.changed(5)
    (before,) = account.server.subscriptions()
    account.server.lifecycle(before, "subscriptionRemoved")
    assert await it.mailbox.changed(5)  # told of the removal, then of the new one
    await it.settle()
    assert account.server.subscriptions() or await it.mailbox.changed(5)
    (after,) = account.server.subscriptions()
    assert after != before
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await it.subscriptions.close()


async def test_reauthorization_renews_at_once(account, watched):
    it = await watched()
    await it.subscriptions.keep()
    (only,) = account.server.subscriptions()
    account.server.lifecycle(only, "reauthorizationRequired")
    await it.settle()
    await it.subscriptions.keep()
    assert [e.method for e in account.server.journal if only in e.path] == ["PATCH"]
    it.told_since()
    account.put()
    await it.settle()
    assert it.told_since() == 1


async def test_what_was_missed_is_read(account, watched):
    it = await watched()
    await it.subscriptions.keep()
    it.told_since()
    account.server.lifecycle(account.server.subscriptions()[0], "missed")
    await it.settle()
    assert it.told_since() == 1


async def test_what_does_not_bear_our_secret_changes_nothing(watched):
    it = await watched()
    await it.subscriptions.keep()
    it.told_since()
    for state in ("", "guess", None, 7, "\ud800"):
        body = json.dumps({"value": [{"subscriptionId": "x", "clientState": state}]})
        assert it.subscriptions.handle("", body.encode()) == (403, "")
    assert it.subscriptions.handle("", b'{"value": []}') == (403, "")
    await asyncio.sleep(0)
    assert it.told_since() == 0


async def test_before_there_is_a_subscription_nothing_is_taken(watched):
    it = await watched()
    state = it.subscriptions._state
    body = json.dumps({"value": [{"subscriptionId": "x", "clientState": state}]})
    assert it.subscriptions.handle("", body.encode()) == (403, "")
    assert it.told == 0


NONSENSE = [b"", b"{", b"[]", b'{"value": 1}', b'{"value": ["x"]}', b'{"value": {}}']
DEEP = [b'{"value":' + b"[" * 500_000, b'{"value": [' + b'{"a":' * 200_000, b"1" * 1_000_000]


@pytest.mark.parametrize("body", NONSENSE + DEEP, ids=lambda body: str(body[:12]))
async def test_what_is_no_notification_is_refused(watched, body):
    it = await watched()
    assert it.subscriptions.handle("", body) == (400, "")
    assert it.told == 0


async def test_a_validation_token_is_echoed_decoded(watched):
    handle = (await watched()).subscriptions.handle
    assert handle("validationToken=a%20b%2Bc+d", b"") == (200, "a b+c d")
    assert handle("validationToken=" + "x" * 5_000, b"") == (400, "")


async def test_an_address_that_does_not_answer_is_told(account, watched, receiver):
    it = await watched()
    receiver.handle = lambda _query, _body: (500, "")
    with pytest.raises(AdministratorError):
        await it.subscriptions.keep()
    assert account.server.subscriptions() == []


async def test_a_shared_mailbox_cannot_be_watched_by_who_signed_in(account, receiver):
    account.server.add_mailbox("team@hudson.example", shared_with=(ADDRESS,))
    subscriptions = Subscriptions(
        account.graph(Granted(account.server)),
        "team@hudson.example",
        notification_url=receiver.url,
        on_change=lambda: None,
        now=lambda: datetime.now(UTC),
    )
    receiver.handle = subscriptions.handle
    with pytest.raises(SignInNeeded):
        await subscriptions.keep()
