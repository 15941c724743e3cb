"""What stands before a plain server in the world outside: a reverse proxy that speaks TLS.

async with tls_front(certificates, port) as origin:     # "https://localhost:PORT"
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.servers.certificates import Certificates


@contextlib.asynccontextmanager
async def tls_front(certificates: Certificates, port: int) -> AsyncIterator[str]:
    """Give the https origin that leads to *port* of 127.0.0.1, whoever listens there."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            inner, outer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(_carry(reader, outer), _carry(inner, writer))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=certificates.serving())
    try:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
    writer.close()
