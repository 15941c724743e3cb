"""A line that breaks: a relay before any server of loopback, which cuts connections by chance.

    async with BreakingLine(server.imaps_port) as line:      # clients connect to line.port
        line.breaks(0.4, seed=7)     # of new connections, 40 % end after some bytes
        line.breaks_after(250)       # the next new one ends after 250
        line.cut()                   # all that are open now end
        line.calm()                  # no more

Bytes pass as they are, TLS too, whose own handshake is cut as well as what follows. A broken
connection is dropped on both sides at once, and what was under way in it is lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import socket
from typing import Self

MOST = 20_000
"""Bytes, both ways together, after which a connection that is to break has broken."""


class BreakingLine:
    """Leads to *port* of loopback from another one, `port`; an async context manager."""

    def __init__(self, port: int) -> None:
        self._behind = port
        self.port = self.broken = 0
        self._next: list[float] = []
        self._chance: tuple[random.Random, float] | None = None
        self._live: set[_Relay] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        self.cut()

    def breaks(self, rate: float, seed: int) -> None:
        """Let new connections break with probability *rate*, small numbers of bytes as often
        as large ones.
        """
        self._chance = (random.Random(seed), rate)

    def breaks_after(self, count: int) -> None:
        """Let the next new connection break after *count* bytes, both ways together."""
        self._next.append(count)

    def calm(self) -> None:
        """Break no more; connections that are open stay whole, too."""
        self._chance = None
        self._next.clear()
        for each in self._live:
            each.left = math.inf

    def cut(self) -> None:
        """Break all that is open now."""
        for each in list(self._live):
            each.end()

    def _bytes(self) -> float:
        if self._next:
            return self._next.pop(0)
        if self._chance is None or self._chance[0].random() >= self._chance[1]:
            return math.inf
        return math.exp(self._chance[0].uniform(0, math.log(MOST)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        relay = _Relay(self._bytes(), writer)
        self._live.add(relay)
        try:
            inner, outer = await asyncio.open_connection("127.0.0.1", self._behind)
            relay.writers.append(outer)
            there, back = (reader, writer, outer), (inner, outer, writer)
            await asyncio.gather(relay.carry(*there), relay.carry(*back))
        except OSError:
            pass
        finally:
            relay.end()
            self.broken += relay.left <= 0
            self._live.discard(relay)


class _Relay:
    """One connection, with the bytes that it has left."""

    def __init__(self, left: float, *writers: asyncio.StreamWriter) -> None:
        self.left, self.writers = left, list(writers)

    async def carry(
        self,
        reader: asyncio.StreamReader,
        source: asyncio.StreamWriter,
        writer: asyncio.StreamWriter,
    ) -> None:
        """Pass on what *reader* gives, of the connection that *source* writes to."""
        connection = source.get_extra_info("socket")
        with contextlib.suppress(OSError):
            _acknowledge(connection)
            while chunk := await reader.read(65_536):
                _acknowledge(connection)
                whole, self.left = self.left, self.left - len(chunk)
                if self.left <= 0:
                    writer.write(chunk[: max(0, int(whole))])
                    await writer.drain()
                    break
                writer.write(chunk)
                await writer.drain()
        # Either side that ends ends both: no protocol of mail goes on with half a connection.
        for each in self.writers:
            each.close()

    def end(self) -> None:
        for each in self.writers:
            each.transport.abort()


def _acknowledge(connection: socket.socket) -> None:
    """Acknowledge at once: clients that write in pieces else wait 40 ms for it each time."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
