"""The server in its thread, and what tests do to it from Python."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import Self

import uvicorn

from tests.servers.certificates import Certificates
from tests.servers.graph.access import (
    ALL_ROLES,
    ALL_SCOPES,
    AUDIENCE,
    Caller,
    Tokens,
    lowered,
)
from tests.servers.graph.app import App
from tests.servers.graph.attachments import Attachments
from tests.servers.graph.batch import Batch
from tests.servers.graph.books import Books
from tests.servers.graph.clock import Clock
from tests.servers.graph.control import MailControl
from tests.servers.graph.delta import Delta
from tests.servers.graph.delta import Tokens as DeltaTokens
from tests.servers.graph.desk import Desk
from tests.servers.graph.drafts import Drafts
from tests.servers.graph.faults import Faults
from tests.servers.graph.plans import Plans
from tests.servers.graph.postman import Postman
from tests.servers.graph.routes import Router, mailbox_routes, outer_routes
from tests.servers.graph.schema import schemas
from tests.servers.graph.state import Change, Folder, Item, Mailbox, Names
from tests.servers.graph.subscriptions import Lifecycle, Subscriptions
from tests.servers.graph.wire import Entry
from tests.servers.graph.workbooks import Workbooks


class GraphServer(MailControl):
    """A Graph of one's own on loopback; a context manager. See the package for its use."""

    def __init__(
        self,
        *,
        certificates: Certificates | None = None,
        accepts: Callable[[str], Caller] | None = None,
        latency: float = 0.001,
        seed: int = 0,
        sent_items_after: float = 0.0,
    ) -> None:
        super().__init__()
        self.clock = Clock()
        self.books = Books(self.clock)
        self.plans = Plans(self.clock, self.lock)
        self.faults = Faults(seed)
        self.latency = latency
        self.violations: list[str] = []
        self.journal: list[Entry] = []
        self._names = Names(seed)
        self._tokens = Tokens(self.clock)
        self.accepts = accepts or self._tokens.check
        self._delta_tokens = DeltaTokens()
        self._certificates = certificates
        self.sent_items_after = sent_items_after
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._socket = _listening()
        self._host = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._build()

    def _build(self) -> None:
        """Put the parts together."""
        self._postman = Postman(certificates=self._certificates, check=self._keeps_to)
        self._subscriptions = Subscriptions(
            clock=self.clock, postman=self._postman, find=self.mailbox
        )
        self._drafts = drafts = Drafts(
            name=self._names.make, mailboxes=self.mailboxes, later=self._later
        )
        attachments = Attachments(
            name=self._names.make, clock=self.clock, origin=lambda: self.origin
        )
        inside = Router(mailbox_routes(Delta(self._delta_tokens), drafts, attachments))
        inside.add(self.plans.inside())
        outside = Router([])
        self._desk = Desk(self, schemas(), inside, outside)
        app = App(
            desk=self._desk,
            faults=self.faults,
            journal=self.journal.append,
            now=self.clock.now,
            base=lambda: self.url,
            uploads=attachments.upload,
            lock=self.lock,
        )
        batch = Batch(self._desk, self.faults, app.note)
        outside.add(outer_routes(self._subscriptions, batch))
        outside.add(self.plans.outside())
        outside.add(Workbooks(self.books, latency=lambda: self.latency).routes())
        self._uvicorn = uvicorn.Server(self._config(app))

    @property
    def url(self) -> str:
        """Return the address of this Graph, with its version."""
        return f"{self.origin}/v1.0"

    @property
    def origin(self) -> str:
        """Return scheme, host and port."""
        return f"{'https' if self._certificates else 'http'}://{self._host}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, name="graph", daemon=True)
        self._thread.start()
        limit = time.monotonic() + 20
        while not self._uvicorn.started:
            if time.monotonic() > limit or not self._thread.is_alive():
                raise RuntimeError("the Graph stand-in did not start")
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the server and wait for its thread."""
        self._uvicorn.should_exit = True
        self._uvicorn.force_exit = True
        if self._thread:
            self._thread.join(10)
        self._socket.close()

    # Who may do what

    def add_mailbox(
        self, address: str, *, name: str = "", shared_with: Iterable[str] = ()
    ) -> None:
        with self.lock:
            self.mailboxes[address.lower()] = Mailbox(
                address=address,
                name=name or address.partition("@")[0].title(),
                shared_with=lowered(shared_with),
                names=self._names,
                clock=self.clock,
                tell=self._tell,
            )

    def grant(
        self,
        user: str,
        *,
        scopes: Iterable[str] = ALL_SCOPES,
        seconds: float = 3600,
        audience: str = AUDIENCE,
    ) -> str:
        caller = Caller(user=user.lower(), scopes=frozenset(scopes))
        return self._tokens.give(caller, seconds, audience)

    def grant_application(
        self,
        *,
        roles: Iterable[str] = ALL_ROLES,
        mailboxes: Iterable[str] = (),
        seconds: float = 3600,
    ) -> str:
        caller = Caller(scopes=frozenset(roles), mailboxes=lowered(mailboxes))
        return self._tokens.give(caller, seconds)

    def revoke(self, token: str) -> None:
        self._tokens.revoke(token)

    # What was asked, time and trouble

    def high_water(self, address: str) -> int:
        return self._desk.high_water[address.lower()]

    def throttled(self, address: str) -> int:
        return self._desk.throttled[address.lower()]

    @property
    def hasty(self) -> list[str]:
        """Return the requests that came again before their Retry-After was over."""
        return self._desk.hasty

    def send(self, address: str, message_id: str) -> None:
        """Send a draft, as a person does in Outlook."""
        with self.lock:
            mailbox = self.mailbox(address)
            self._drafts.send_off(mailbox, mailbox.item(message_id, immutable=True))

    def expire_delta(self, address: str) -> None:
        with self.lock:
            self._delta_tokens.expire(address.lower())

    def subscriptions(self) -> list[str]:
        """Return the ids of the subscriptions that are alive."""
        return self._subscriptions.ids()

    def lifecycle(self, subscription_id: str, event: Lifecycle) -> None:
        with self.lock:
            self._subscriptions.lifecycle(subscription_id, event)

    def settle(self, timeout: float = 5) -> None:
        self._postman.settle(timeout)

    @property
    def undelivered(self) -> list[str]:
        """Return the addresses that took a notification in none of five tries."""
        return self._postman.undelivered

    # Inside

    def _config(self, app: App) -> uvicorn.Config:
        return uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            ssl_certfile=self._certificates.server if self._certificates else None,
            ssl_keyfile=self._certificates.key if self._certificates else None,
            timeout_keep_alive=60,
        )

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._postman.open()
        try:
            await self._uvicorn.serve(sockets=[self._socket])
        finally:
            await self._postman.close()

    def _later(self, deed: Callable[[], None]) -> None:
        """Do what happens to a sent message when it has left."""

        def now() -> None:
            with self.lock:
                deed()

        if self.sent_items_after and self._loop:
            # From whichever thread: `send` is called by the test's own.
            self._loop.call_soon_threadsafe(self._loop.call_later, self.sent_items_after, now)
        else:
            now()

    def _tell(
        self, mailbox: Mailbox, change: Change, item: Item, folder: Folder, *, moved: bool
    ) -> None:
        self._subscriptions.tell(mailbox, change, item, folder, moved=moved)

    def _keeps_to(self, where: str, shape: str, body: object) -> bool:
        problems = schemas().problems(shape, body)
        self.violations += [f"{where}: {problem}" for problem in problems]
        return not problems


def _listening() -> socket.socket:
    """Return a socket on a free port. Only one that says TCP is freed of Nagle's delay."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.bind(("127.0.0.1", 0))
    made.listen(128)
    return made
