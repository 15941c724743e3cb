"""The end of a sign-in in a browser on this machine: a page on loopback takes the answer.

Source: https://www.rfc-editor.org/rfc/rfc8252 section 7.3
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qsl, urlsplit

_MOST_BYTES: Final = 64_000
_SECONDS: Final = 10.0
_PAGE: Final = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>JigAjob</title>"
    "<p>JigAjob has your answer. You may close this window and go back to the terminal."
)


class Loopback:
    """Waits on a free port of 127.0.0.1 for the answer of one sign-in; a context manager."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._answers: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", 0, limit=_MOST_BYTES
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    @property
    def url(self) -> str:
        """Return the redirect address; registered is `http://localhost`, with any port."""
        assert self._server  # noqa: S101 - within the context only
        return f"http://localhost:{self._server.sockets[0].getsockname()[1]}"

    async def answer(self, state: str) -> dict[str, str]:
        """Return the fields of the answer to the sign-in with this *state*; wait for it."""
        while True:
            fields = await self._answers.get()
            if fields.get("state") == state:
                return fields

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                fields = await _fields(reader)
                found = "state" in fields
                writer.write(_response(_PAGE if found else "", found=found))
                await writer.drain()
                if found:
                    self._answers.put_nowait(fields)
        except (TimeoutError, OSError, ValueError, asyncio.IncompleteReadError):
            pass  # no browser, or one that has gone: the right one still comes
        except asyncio.LimitOverrunError:
            pass  # nor is this one
        finally:
            writer.close()


async def _fields(reader: asyncio.StreamReader) -> dict[str, str]:
    """Return the fields of a request: of its form, else of its address."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ", 2)
    if method != "POST":
        return dict(parse_qsl(urlsplit(target).query))
    headers = dict(line.lower().split(":", 1) for line in lines if ":" in line)
    length = min(int(headers.get("content-length", "0")), _MOST_BYTES)
    return dict(parse_qsl((await reader.readexactly(length)).decode("ascii")))


def _response(page: str, *, found: bool) -> bytes:
    head = (
        f"HTTP/1.1 {'200 OK' if found else '404 Not Found'}\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(page)}\r\n"
        "Content-Security-Policy: default-src 'none'\r\n"
        "Referrer-Policy: no-referrer\r\n"
        "Cache-Control: no-store\r\n"
        "Connection: close\r\n\r\n"
    )
    return (head + page).encode()
