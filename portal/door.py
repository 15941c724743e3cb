"""A door for what is posted from outside: to known paths on loopback, and nothing else.

A reverse proxy in front of it speaks TLS. The door has a thread and an event loop of its own:
what strangers send takes no turn of the work, and the work keeps no sender waiting. It keeps
no log: some paths are secrets, and what is posted is read by its taker alone.

Source: https://www.rfc-editor.org/rfc/rfc9110 section 15.5 (which refusal says what)
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from flows.errors import AdministratorError


@dataclass(frozen=True, slots=True)
class Posted:
    """One POST: its raw query, its headers by their names in small letters, its body."""

    query: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


Handler = Callable[[Posted], Awaitable[tuple[int, str]]]
"""Takes a POST, and returns status and text of its answer."""

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MOST_BYTES: Final = 1 << 20
MOST_CONNECTIONS: Final = 64
SECONDS: Final = 8.0
"""How long a connection lasts, whatever happens on it; it carries one request."""

_START_SECONDS: Final = 10.0
_MOST_HEADERS: Final = 32_768


class Rate:
    """Lets through *a_second* on average, and *burst* at once."""

    def __init__(self, a_second: float, burst: int) -> None:
        self._a_second, self._burst = a_second, float(burst)
        self._left, self._at = float(burst), time.monotonic()

    def allows(self) -> bool:
        """Tell whether one more may pass, and count it if so."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._a_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Paths:
    """The application behind the door: each handler at its path, 4xx everywhere else.

    A path is the last part of the address, so that a proxy may put others before it.
    """

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self._handlers = {path: (each, Rate(20, 100)) for path, each in handlers.items()}

    async def __call__(
        self, scope: MutableMapping[str, Any], receive: Receive, send: Send
    ) -> None:
        """Answer one request; of the interface ASGI."""
        status, text = await self._answer(scope, receive)
        body = text.encode("utf-8", "replace")
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", b"%d" % len(body)),
            (b"x-content-type-options", b"nosniff"),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(
        self, scope: MutableMapping[str, Any], receive: Receive
    ) -> tuple[int, str]:
        known = self._handlers.get(scope["path"].rpartition("/")[2])
        if known is None:
            return 404, ""
        handler, rate = known
        if scope["method"] != "POST":
            return 405, ""
        if not rate.allows():
            return 429, ""
        try:
            body = await _body(scope, receive)
        except ConnectionError:
            return 400, ""  # nobody is there to read it
        if body is None:
            return 413, ""
        headers = {n.decode("latin-1"): v.decode("latin-1") for n, v in scope["headers"]}
        return await handler(Posted(scope["query_string"].decode("latin-1"), headers, body))


async def _body(scope: MutableMapping[str, Any], receive: Receive) -> bytes | None:
    """Return the body, None where it is too long.

    Raises:
        ConnectionError: The connection ended before it.
    """
    told = dict(scope["headers"]).get(b"content-length", b"0")
    if int(told) > MOST_BYTES:
        return None
    body = bytearray()
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ConnectionError
        body += event.get("body", b"")
        if len(body) > MOST_BYTES:
            return None
        if not event.get("more_body"):
            return bytes(body)


class _Brief(H11Protocol):
    """HTTP/1.1 on connections that end after some seconds, and of which there are few."""

    _end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn types it
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        self._end = self.loop.call_later(SECONDS, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._end:
            self._end.cancel()
        super().connection_lost(exc)


class Door:
    """Serves *handlers*, by path, at *host* and *port*; opened and closed once.

    Handlers are called in the thread and event loop of the door.
    """

    def __init__(self, host: str, port: int, handlers: Mapping[str, Handler]) -> None:
        self._host, self._port = host, port
        config = uvicorn.Config(
            Paths(handlers),
            http=_Brief,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            h11_max_incomplete_event_size=_MOST_HEADERS,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        """Return as soon as the door is open.

        Raises:
            AdministratorError: Nobody can listen there.
        """
        try:
            listener = socket.create_server((self._host, self._port), backlog=MOST_CONNECTIONS)
        except OSError as error:
            raise AdministratorError(
                f"cannot listen at {self._host}:{self._port} ({error.strerror})",
                fix="set JIGAJOB_NOTIFICATIONS_LISTEN to a free port of this machine",
            ) from None
        self._thread = threading.Thread(
            target=asyncio.run, args=(self._serve(listener),), name="door", daemon=True
        )
        self._thread.start()
        limit = time.monotonic() + _START_SECONDS
        while not self._server.started and self._thread.is_alive():
            if time.monotonic() > limit:
                break
            time.sleep(0.01)
        if not self._server.started:
            raise AdministratorError("the door for what is posted from outside did not open")

    def close(self) -> None:
        """Return when the last connection has ended, after a second at the latest."""
        self._server.should_exit = True
        if self._thread:
            self._thread.join(_START_SECONDS)

    async def _serve(self, listener: socket.socket) -> None:
        # What a stranger breaks in the middle of a request is told to nobody.
        asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
        with listener:
            await self._server.serve(sockets=[listener])
