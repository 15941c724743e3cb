"""The door for notices of Microsoft 365: they wake a watch; a stranger gets nothing but 4xx."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial

import pytest

from flows.errors import AdministratorError
from flows.ports import Hints
from portal import door as doors
from portal import notifications as kept
from portal.door import MOST_BYTES, Door, Posted
from portal.notifications import notifications
from portal.settings import Settings
from portal.watching import Watch, Watched
from portal.wiring import open_app
from tests.connectors.outlook_account import mail
from tests.connectors.sign_ins import sign_in
from tests.connectors.test_outlook_path import FLOWS, address, graph_of, settings_of
from tests.servers.graph import GraphServer
from tests.servers.ports import free_ports
from tests.servers.tls_front import tls_front

__all__ = ["address"]

SECRET = "Zm9yIHRlc3Rz"
HEAD = "POST /{path} HTTP/1.1\r\nHost: hooks.hudson.example\r\n"


class Taker:
    """Remembers what was posted through a door."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle(self, posted: Posted) -> tuple[int, str]:
        self.taken.append(posted.body)
        return 202, posted.query


class Stranger:
    """Says what it likes to the door, and tells how that was answered."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def says(self, *parts: bytes, pause: float = 0.0) -> int:
        """Return the status of the answer, 0 where the connection ends without one."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            with contextlib.suppress(ConnectionError):
                for part in parts:
                    writer.write(part)
                    await writer.drain()
                    await asyncio.sleep(pause)
            with contextlib.suppress(ConnectionError):
                first = await asyncio.wait_for(reader.readline(), 30)
                return int(first.split()[1]) if first else 0
            return 0
        finally:
            writer.close()

    async def posts(self, path: str, body: bytes = b"{}", *, length: int = -1) -> int:
        lines = f"Content-Length: {length if length >= 0 else len(body)}\r\n"
        return await self.says((HEAD.format(path=path) + lines + "\r\n").encode() + body)


@pytest.fixture
def port() -> int:
    return free_ports(1)[0]


@pytest.fixture
def taker(port: int) -> Iterator[Taker]:
    taker = Taker()
    door = Door("127.0.0.1", port, {SECRET: taker.handle})
    door.open()
    yield taker
    door.close()


@pytest.fixture
def stranger(taker: Taker, port: int) -> Stranger:
    return Stranger(port)


async def test_only_a_post_to_the_unguessable_path_is_taken(stranger, taker):
    """Behind whatever prefix the proxy leaves before it."""
    assert await stranger.posts(SECRET) == 202
    assert await stranger.posts(f"jigajob/{SECRET}") == 202
    for path in ("", "guess", SECRET[:-1], SECRET.lower(), f"{SECRET}/", f"{SECRET}/x", "%00"):
        assert await stranger.posts(path) == 404
    for method in (b"GET", b"PUT", b"HEAD", b"DELETE", b"OPTIONS"):
        said = method + f" /{SECRET} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        assert await stranger.says(said) == 405
    assert taker.taken == [b"{}", b"{}"]


async def test_what_is_too_long_is_refused_unread(stranger, taker):
    """By its announced length, and where it only turns out to be."""
    assert await stranger.posts(SECRET, b"", length=MOST_BYTES + 1) == 413
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    head = HEAD.format(path=SECRET) + "Transfer-Encoding: chunked\r\n\r\n"
    assert await stranger.says(head.encode(), *[chunk] * 17) in {413, 0}
    endless = HEAD.format(path=SECRET) + "X-More: " + "x" * 65_536
    assert await stranger.says(endless.encode()) in {431, 400, 0}
    assert taker.taken == []


@pytest.mark.parametrize(
    "said",
    [
        b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"POST\r\n\r\n",
        b"POST / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/9.9\r\nHost: x\r\n\r\n",
        (HEAD.format(path=SECRET) + "Content-Length: -1\r\n\r\n").encode(),
        (HEAD.format(path=SECRET) + "Content-Length: 9,8\r\n\r\n").encode(),
        (HEAD.format(path=SECRET) + "Transfer-Encoding: chunked\r\n\r\nzz\r\n").encode(),
        (HEAD.format(path="x") + "Transfer-Encoding: chunked\r\n\r\nzz\r\n").encode(),
    ],
)
async def test_what_is_no_http_is_refused(stranger, taker, said, capfd, monkeypatch):
    monkeypatch.setattr(doors, "SECONDS", 1.0)
    assert await stranger.says(said) in {400, 404, 0}
    assert await stranger.posts(SECRET) == 202
    assert taker.taken == [b"{}"]
    assert capfd.readouterr() == ("", "")


async def test_who_is_slow_is_let_go(stranger, taker, monkeypatch):
    """In the headers, in the body, or before either; nobody else waits for them."""
    monkeypatch.setattr(doors, "SECONDS", 0.7)
    head = HEAD.format(path=SECRET).encode()
    body = head + b"Content-Length: 100\r\n\r\n"
    started = time.monotonic()
    slow = asyncio.gather(
        stranger.says(),
        stranger.says(*[bytes([each]) for each in head], pause=0.1),
        stranger.says(body, *[b"x"] * 100, pause=0.1),
    )
    assert await stranger.posts(SECRET) == 202
    assert await slow == [0, 0, 0]
    assert time.monotonic() - started < 20
    assert taker.taken == [b"{}"]


async def test_who_holds_every_place_holds_them_for_some_seconds(stranger, taker, monkeypatch):
    monkeypatch.setattr(doors, "SECONDS", 1.0)
    monkeypatch.setattr(doors, "MOST_CONNECTIONS", 5)
    holding = [asyncio.create_task(stranger.says()) for _ in range(20)]
    await asyncio.gather(*holding)
    assert await stranger.posts(SECRET) == 202


async def test_a_flood_is_answered_429_until_it_ends(stranger, taker):
    found = [await stranger.posts(SECRET) for _ in range(160)]
    assert set(found) == {202, 429}
    assert len(taker.taken) == found.count(202) < 160
    assert await stranger.posts("guess") == 404
    await asyncio.sleep(0.3)
    assert await stranger.posts(SECRET) == 202


def test_a_place_that_is_taken_is_told(taker, port):
    with pytest.raises(AdministratorError, match=r"cannot listen at 127\.0\.0\.1") as caught:
        Door("127.0.0.1", port, {}).open()
    assert "JIGAJOB_NOTIFICATIONS_LISTEN" in caught.value.fix


@pytest.mark.parametrize(
    "wrong",
    [
        {"notifications_url": "http://hooks.hudson.example"},
        {"notifications_url": "hooks.hudson.example"},
        {"notifications_url": "https://hooks.hudson.example/?x=1"},
        {"notifications_listen": "8787"},
        {"notifications_listen": "127.0.0.1:99999"},
    ],
)
async def test_wrong_settings_are_told(tmp_path, wrong):
    right = {"notifications_url": "https://hooks.hudson.example"}
    settings = Settings(home=tmp_path, flows=tmp_path, **{**right, **wrong})
    with pytest.raises(AdministratorError, match="JIGAJOB_NOTIFICATIONS_"):
        async with notifications(settings, lambda _: {}, print):
            pass


# The whole way: Graph's stand-in, which speaks and demands TLS, posts to our door.


@pytest.fixture
def graph(openid) -> Iterator[GraphServer]:
    with graph_of(openid, certificates=openid.certificates) as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def settings(tmp_path, openid, graph, address, port) -> AsyncIterator[Settings]:
    async with tls_front(openid.certificates, port) as front:
        yield settings_of(
            tmp_path,
            openid,
            graph,
            address,
            notifications_url=f"{front}/hooks",
            notifications_listen=f"127.0.0.1:{port}",
        )


class Watching:
    """A watch over a signed-in mailbox, and what it told."""

    def __init__(self, app, settings, sweep) -> None:
        hinting = {name: box for name, box in app.mailboxes.items() if isinstance(box, Hints)}
        self.watch = Watch(sweep, hinting, every=600)
        self.settings, self.app = settings, app
        self.swept: asyncio.Queue[Watched] = asyncio.Queue()
        self.said: list[str] = []

    async def run(self) -> None:
        subscribe = partial(self.app.accounts.subscriptions, self.app.mailboxes, self.app.banks)
        async with notifications(self.settings, subscribe, self.said.append):
            await self.watch.run(self.swept.put_nowait)

    async def until(self, new: int) -> list[str]:
        """Return why the sweeps ran until *new* mails were taken in."""
        found: list[str] = []
        while new > 0:
            watched = await asyncio.wait_for(self.swept.get(), 30)
            assert watched.troubles == {}
            new -= watched.new
            found.append(watched.why)
        return found


@pytest.fixture
async def watching(settings, openid, address, cleaner) -> AsyncIterator[Watching]:
    async with open_app(settings) as app:
        await sign_in(app.identity("office"), openid, address, scopes=app.scopes("office"))
        sweep = app.sweep(cleaner)
        made = Watching(
            app, settings, lambda: sweep.run(lambda _, piece: piece, lambda *_: None)
        )
        running = asyncio.create_task(made.run())
        yield made
        made.watch.stop()
        await asyncio.wait_for(running, 30)


async def subscribed(graph: GraphServer) -> str:
    """Return the id of the one subscription, once there is one."""
    for _ in range(200):
        if found := graph.subscriptions():
            return found[0]
        await asyncio.sleep(0.05)
    raise AssertionError("nobody subscribed")


async def test_mail_that_comes_is_taken_in_at_once(watching, graph, address, capfd):
    """Though the clock would start the next sweep in ten minutes only."""
    await subscribed(graph)
    await asyncio.to_thread(graph.settle)
    for number in range(3):
        started = time.monotonic()
        graph.deliver(address, "inbox", mail(number))
        assert set(await watching.until(1)) <= {"office", "start"}
        assert time.monotonic() - started < 20
    assert watching.said == []
    assert graph.undelivered == []
    assert capfd.readouterr() == ("", "")


async def test_a_clean_stop_ends_the_subscription(watching, graph):
    await subscribed(graph)
    watching.watch.stop()
    for _ in range(100):
        if not graph.subscriptions():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the subscription is still there")


@pytest.mark.parametrize("event", ["reauthorizationRequired", "subscriptionRemoved", "missed"])
async def test_what_befalls_a_subscription_is_mended(watching, graph, address, event):
    before = await subscribed(graph)
    graph.lifecycle(before, event)
    await asyncio.to_thread(graph.settle)
    after = await subscribed(graph)
    assert (after != before) == (event == "subscriptionRemoved")
    if event == "reauthorizationRequired":
        for _ in range(100):
            if any(e.method == "PATCH" and before in e.path for e in graph.journal):
                break
            await asyncio.sleep(0.05)
    graph.deliver(address, "inbox", mail(1))
    await watching.until(1)


async def test_strangers_do_not_keep_a_watch_from_its_work(
    watching, graph, address, port, monkeypatch
):
    """Floods, forged secrets, deep JSON, slow bodies: 4xx, and the mail is taken in."""
    monkeypatch.setattr(doors, "SECONDS", 2.0)
    subscription = await subscribed(graph)
    path = _path(graph)
    stranger, found, stop = Stranger(port), set[int](), asyncio.Event()
    forged = {"subscriptionId": subscription, "clientState": "x" * 64, "changeType": "created"}

    async def attack(path: str, body: bytes) -> None:
        while not stop.is_set():
            found.add(await stranger.posts(path, body))

    attacks = [
        asyncio.create_task(attack(*each))
        for each in [
            ("guess", b"x" * 50_000),
            ("guess", b"{}"),
            (path, json.dumps({"value": [forged] * 50}).encode()),
            (path, b'{"value":' + b"[" * 100_000),
            (path, b""),
        ]
    ]
    slow = HEAD.format(path=path).encode() + b"Content-Length: 99\r\n\r\nx"
    attacks += [asyncio.create_task(stranger.says(slow)) for _ in range(10)]
    await asyncio.sleep(0.5)
    for number in range(2):
        graph.deliver(address, "inbox", mail(number))
        watching.app.mailboxes["office"].poke()  # in a flood a notice may have to come again
        await watching.until(1)
    stop.set()
    await asyncio.gather(*attacks)
    assert found <= {400, 403, 404, 429, 0}
    assert 404 in found


def _path(graph: GraphServer) -> str:
    """Return the unguessable part, of which only Graph knows."""
    (one,) = graph._subscriptions._held.values()
    found = re.fullmatch(
        r"https://localhost:\d+/hooks/([\w-]{43})", one.shown["notificationUrl"]
    )
    assert found
    return found[1]


async def test_where_microsoft_cannot_reach_us_the_clock_goes_on(  # noqa: PLR0917
    settings, openid, graph, address, cleaner, monkeypatch
):
    """It is said once, with what to do; mail is read all the same, and it is tried again."""
    monkeypatch.setattr(kept, "RETRY_SECONDS", 0.2)
    (nobody,) = free_ports(1)
    unreachable = f"https://localhost:{nobody}"
    wrong = replace(settings, notifications_url=unreachable)
    graph.deliver(address, "inbox", mail(1))
    async with open_app(wrong) as app:
        await sign_in(app.identity("office"), openid, address, scopes=app.scopes("office"))
        sweep = app.sweep(cleaner)
        watching = Watching(app, wrong, lambda: sweep.run(lambda _, p: p, lambda *_: None))
        running = asyncio.create_task(watching.run())
        await watching.until(1)
        for _ in range(200):
            if sum("/subscriptions" in e.path for e in graph.journal) >= 2:
                break
            await asyncio.sleep(0.05)
        watching.watch.stop()
        await asyncio.wait_for(running, 30)
    (said,) = watching.said
    assert said.startswith("office: no notifications, it is read by the clock: ")
    assert "fix: " in said


async def test_a_shared_mailbox_is_read_by_the_clock(tmp_path, openid, graph, address):
    """Whoever signed in for somebody else's mailbox may not subscribe to it."""
    settings = settings_of(tmp_path, openid, graph, address)
    text = settings.flows.read_text()
    assert "    trust: []\n" in FLOWS
    settings.flows.write_text(
        text.replace("    trust: []\n", "    trust: []\n    shared: true\n")
    )
    async with open_app(settings) as app:
        assert app.accounts.subscriptions(app.mailboxes, app.banks, str.upper) == {}
