"""The HTTP side: reads a request, asks the desk, writes the answer or cuts the connection."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from functools import cache
from threading import RLock
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from tests.servers.graph.desk import MOST_BYTES, Desk
from tests.servers.graph.faults import Fault, Faults
from tests.servers.graph.wire import Answer, Asked, Call, Entry, Refusal

Scope = dict[str, Any]
Journal = Callable[..., None]
_ROOT = "/v1.0"


class App:
    """An ASGI application; it reaches through to the connection where that is to be cut."""

    def __init__(
        self,
        *,
        desk: Desk,
        faults: Faults,
        journal: Callable[[Entry], None],
        now: Callable[[], Any],
        base: Callable[[], str],
        uploads: Callable[[str, str, dict[str, str], bytes], Answer],
        lock: RLock,
    ) -> None:
        self._desk, self._faults, self._journal = desk, faults, journal
        self._now, self._base, self._uploads, self._lock = now, base, uploads, lock

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        request = Request(scope, receive, send)
        asked = Asked(
            request.method,
            scope["raw_path"].decode("ascii"),
            scope["query_string"].decode("ascii"),
            {
                name.lower(): ", ".join(request.headers.getlist(name))
                for name in request.headers
            },
        )
        fault = self._faults.pick(asked.method, asked.target)
        try:
            if fault and fault.kind == "cut_before":
                self.note(asked, 0, fault)
                await _cut(send)
                return
            body = await request.body()
        except ClientDisconnect:
            return
        call: Call | None = None
        if asked.path.startswith("/upload/"):
            answer = await self._desk.judged(asked, lambda: self._uploaded(asked, body, fault))
        else:
            call, answer = await self._graph(asked, body, fault)
        lost = fault is not None and fault.kind.startswith("cut")
        self.note(asked, 0 if lost else answer.status, fault, call)
        response = _response(answer, asked)
        if fault and fault.kind == "cut_after":
            await _cut(send)
        elif fault and fault.kind == "cut_midway":
            await _half(response, send)
        else:
            await response(scope, receive, send)

    def note(
        self, asked: Asked, status: int, fault: Fault | None, call: Call | None = None
    ) -> None:
        """Write a line of the journal."""
        self._journal(
            Entry(
                method=asked.method,
                path=asked.path,
                query=asked.query,
                headers=_names(frozenset(asked.headers)),
                status=status,
                fault=fault.kind if fault else "",
                mailbox=call.mailbox.address if call and call.mailbox else "",
                batch=asked.batch,
                immutable=call.immutable if call else False,
                at=self._now(),
            )
        )

    async def _graph(
        self, asked: Asked, body: bytes, fault: Fault | None
    ) -> tuple[Call | None, Answer]:
        try:
            call = await self._call(asked, body)
        except Refusal as refusal:
            return None, self._desk.refused(refusal, asked)
        return call, await self._desk.answer(asked, call, fault)

    async def _call(self, asked: Asked, body: bytes) -> Call:
        if not asked.path.startswith(f"{_ROOT}/"):
            raise Refusal(400, "BadRequest", "Invalid version: only v1.0 is known here.")
        if len(body) > MOST_BYTES:
            raise Refusal(413, "RequestEntityTooLarge", "The request is too large.")
        return Call(
            method=asked.method,
            path=asked.path.removeprefix(_ROOT),
            query=_options(asked.query),
            headers=asked.headers,
            body=body,
            caller=await self._desk.caller(asked.headers.get("authorization", "")),
            base=self._base(),
        )

    async def _uploaded(self, asked: Asked, body: bytes, fault: Fault | None) -> Answer:
        if fault:
            self._desk.refuse_as_ordered(fault)
        token = asked.path.removeprefix("/upload/")
        with self._lock:
            return self._uploads(asked.method, token, asked.headers, body)


@cache
def _names(names: frozenset[str]) -> frozenset[str]:
    """Return the same set for the same names, so that a long journal stays small."""
    return names


def _options(query: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in options:
            raise Refusal(
                400, "BadRequest", f"Query option '{name}' was specified more than once."
            )
        options[name] = value
    return options


def _response(answer: Answer, asked: Asked) -> Response:
    headers = {
        "request-id": secrets.token_hex(16),
        "client-request-id": asked.headers.get("client-request-id", ""),
        **answer.headers,
    }
    body = answer.body
    if isinstance(body, dict):
        kind = "application/json;odata.metadata=minimal;odata.streaming=true"
        content = json.dumps(body, ensure_ascii=False).encode()
        return Response(content, answer.status, headers, f"{kind};IEEE754Compatible=false")
    if body is None:
        return Response(b"", answer.status, headers)
    kind = answer.content_type or "text/plain"
    return Response(
        body.encode() if isinstance(body, str) else body, answer.status, headers, kind
    )


async def _half(response: Response, send: Callable[[Any], Awaitable[None]]) -> None:
    half = bytes(response.body)[: len(response.body) // 2]
    start = {"status": response.status_code, "headers": response.raw_headers}
    await send({"type": "http.response.start", **start})
    await send({"type": "http.response.body", "body": half, "more_body": True})
    await asyncio.sleep(0.01)
    await _cut(send)


async def _cut(send: Any) -> None:
    """Drop the connection without a word. uvicorn has no word for it, so reach through."""
    send.__self__.transport.abort()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
