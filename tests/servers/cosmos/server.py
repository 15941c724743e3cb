"""The server: TLS on loopback in a thread of its own, and the hands of the tests in it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import unquote
from uuid import uuid4

from aiohttp import web

from tests.servers.cosmos.access import Access, AsyncIdentity, Identity
from tests.servers.cosmos.account import Account, definition
from tests.servers.cosmos.container import Container, Item, Values
from tests.servers.cosmos.desk import Desk, Order
from tests.servers.cosmos.faults import AFTER, Fault, Faults
from tests.servers.cosmos.wire import Answer, Asked, Json, Refusal, Untaught, refused

if TYPE_CHECKING:
    from tests.servers.certificates import Certificates

_LARGEST_TAKEN = 16 * 1024 * 1024
_SLOW = 0.5
_GOODBYE = 0.01
"""Seconds that a client has to end TLS properly."""


class Clock(Protocol):
    """Tells the server's time."""

    def now(self) -> datetime: ...


class RealClock:
    """The time of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One request: what it was, what came of it, and what it was charged.

    `steps` are the operations of a batch; `items` is how many records the answer told of or
    the request wrote; `fault` is what was put in its way.
    """

    operation: str
    status: int
    charge: float
    container: str = ""
    values: Values = ()
    steps: tuple[str, ...] = ()
    items: int = 0
    sent: int = 0
    fault: str = ""


class CosmosServer:
    """One account on loopback; a context manager."""

    def __init__(self, certificates: Certificates, *, clock: Clock | None = None) -> None:
        self.clock = clock or RealClock()
        self.latency = 0.0
        self.faults, self.access = Faults(), Access()
        self.journal: list[Entry] = []
        self.violations: list[str] = []
        self.lock = threading.RLock()
        self.account = Account(lambda: self.clock.now().timestamp())
        self._desk = Desk(self.account, lambda: self.url)
        self._certificates = certificates
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    @property
    def url(self) -> str:
        """Where the account is: https, 127.0.0.1."""
        return f"https://127.0.0.1:{self._port}/"

    @property
    def key(self) -> str:
        """The account's key; what `azure-cosmos` takes as a credential."""
        return self.access.key

    def identity(self, seconds: float = 3600) -> Identity:
        """A sign-in for `azure.cosmos`, as azure-identity's are."""
        return Identity(self.access, seconds)

    def async_identity(self, seconds: float = 3600) -> AsyncIdentity:
        """A sign-in for `azure.cosmos.aio`."""
        return AsyncIdentity(self.access, seconds)

    # What tests make and look at

    def create_container(
        self,
        database: str,
        name: str,
        *,
        paths: Sequence[str],
        default_ttl: int | None = None,
        indexing: Json | None = None,
    ) -> None:
        """Make a container, and its database where there is none, as `deploy/` would."""
        made = definition(name, paths, default_ttl=default_ttl, indexing=indexing)
        with self.lock:
            if database not in self.account.databases:
                self.account.create_database(database)
            self.account.create_container(database, made)

    def container(self, database: str, name: str) -> Container:
        """The container itself."""
        return self.account.container(database, name)

    def items(self, database: str, name: str) -> list[Item]:
        """Every live item."""
        with self.lock:
            return list(self.container(database, name).scan("", "FF"))

    def split(self, database: str, name: str) -> None:
        """Split each physical partition in two, as growth does."""
        with self.lock:
            self.container(database, name).split()

    def tally(self) -> dict[str, tuple[int, float]]:
        """Calls and request units by operation, since the start or `forget`."""
        told: dict[str, tuple[int, float]] = {}
        for entry in list(self.journal):
            calls, charge = told.get(entry.operation, (0, 0.0))
            told[entry.operation] = calls + 1, charge + entry.charge
        return told

    def forget(self) -> None:
        """Begin a new journal."""
        self.journal = []

    # The thread

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        runner, listening = self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(_stop(runner, listening))
        self._loop.close()

    async def _start(self) -> tuple[web.AppRunner, asyncio.Server]:
        app = web.Application(client_max_size=_LARGEST_TAKEN)
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        assert runner.server is not None
        listening = await self._loop.create_server(
            runner.server,
            "127.0.0.1",
            0,
            ssl=self._certificates.serving(),
            ssl_shutdown_timeout=_GOODBYE,
        )
        self._port = listening.sockets[0].getsockname()[1]
        return runner, listening

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        path = request.raw_path.partition("?")[0].strip("/")
        parts = tuple(unquote(part) for part in path.split("/")) if path else ()
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.method, parts, headers, body)
        if self.latency:
            await asyncio.sleep(self.latency)
        with self.lock:
            answer, fault = self._answer(asked)
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(_SLOW)
        if fault is not None and fault.kind.startswith("cut"):
            if request.transport is not None:
                request.transport.abort()
            raise ConnectionResetError
        content = answer.content()
        kind = {"content-type": "application/json"} if content else {}
        return web.Response(body=content, status=answer.status, headers=answer.headers | kind)

    def _answer(self, asked: Asked) -> tuple[Answer, Fault | None]:
        order, fault = Order("unknown", lambda _: Answer(500)), None
        try:
            self.access.check(asked)
            order = self._desk.order(asked)
            fault = self.faults.pick(order.operation, conditional=bool(order.others))
            answer = self._done(order, fault)
        except Refusal as refusal:
            answer = refused(refusal)
            if fault is not None and fault.kind in AFTER:
                answer = _troubled(fault)
        except Untaught as untaught:
            self.violations.append(f"not taught: {untaught}")
            answer = refused(Refusal(501, f"The stand-in was not taught: {untaught}."))
        except Exception as broken:  # noqa: BLE001 - a fault of the stand-in must show in the test
            self.violations.append(f"broken: {broken!r}")
            answer = refused(Refusal(500, "The stand-in is broken."))
        self._finish(asked, order, answer, fault)
        return answer, fault

    def _done(self, order: Order, fault: Fault | None) -> Answer:
        kind = fault.kind if fault else ""
        if fault is None or kind == "slow":
            return order.do(None)
        if kind.endswith("_page"):
            return order.do(self.faults.share() if kind == "short_page" else 0.0)
        if kind == "412":
            order.meddle()
            return order.do(None)
        if kind in AFTER:
            order.do(None)
        return _troubled(fault)

    def _finish(self, asked: Asked, order: Order, answer: Answer, fault: Fault | None) -> None:
        container = order.container
        answer.headers |= {
            "x-ms-request-charge": f"{answer.charge:.2f}",
            "x-ms-activity-id": asked.header("x-ms-activity-id") or str(uuid4()),
            "date": time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime()),
        }
        if container is not None:
            name = next(iter(container.ranges)).id
            where = container.place(order.values) if order.values else ""
            name = next((r.id for r in container.ranges if r.low <= where < r.high), name)
            asked_of = asked.header("x-ms-documentdb-partitionkeyrangeid")
            answer.headers |= {
                "x-ms-session-token": f"{asked_of or name}:-1#{container.lsn}",
                "x-ms-alt-content-path": "/".join(asked.parts[:4]),
                "x-ms-content-path": container.rid,
                "lsn": str(container.lsn),
            }
        entry = Entry(
            operation=order.operation,
            status=answer.status,
            charge=answer.charge,
            container=container.name if container else "",
            values=order.values,
            steps=order.steps,
            items=answer.items,
            sent=len(asked.body),
            fault=fault.kind if fault else "",
        )
        self.journal.append(entry)


async def _stop(runner: web.AppRunner, listening: asyncio.Server) -> None:
    """End what is open, and what still waits, such as a handshake that a client began."""
    listening.close()
    await runner.cleanup()
    waiting = asyncio.all_tasks() - {asyncio.current_task()}
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await asyncio.sleep(2 * _GOODBYE)


def _troubled(fault: Fault) -> Answer:
    status = int(fault.kind[:3]) if fault.kind[:3].isdigit() else 503
    substatus = {429: 3200}.get(status, 0)
    answer = refused(Refusal(status, "Trouble was asked for.", substatus=substatus, charge=0))
    if status == 429:
        answer.headers["x-ms-retry-after-ms"] = str(fault.retry_after_ms)
    return answer
