"""`$batch`: up to twenty requests in one, each judged alone.

Four of them are in one mailbox at a time; `dependsOn` puts one after another.
Source: https://learn.microsoft.com/graph/json-batching
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import random
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.servers.graph.desk import AT_ONCE, Desk
from tests.servers.graph.faults import Fault, Faults
from tests.servers.graph.wire import Answer, Asked, Call, Json, Refusal

MOST = 20


class Batch:
    """Answers a batch by asking the desk for each request in it."""

    def __init__(self, desk: Desk, faults: Faults, note: Callable[..., None]) -> None:
        self._desk, self._faults, self._note = desk, faults, note
        self._dice = random.Random(0)

    async def run(self, call: Call) -> Answer:
        requests: list[Json] = call.json["requests"]
        _check(requests)
        places = asyncio.Semaphore(AT_ONCE)
        done: dict[str, asyncio.Task[Json]] = {}

        async def one(request: Json) -> Json:
            for other in request.get("dependsOn") or ():
                before = await done[other]
                if before["status"] >= 400:
                    failed = Refusal(424, "FailedDependency", "A request it depends on failed.")
                    return _response(request["id"], self._desk.refused(failed))
            async with places:
                return await self._answer(call, request)

        for request in _sorted(requests):
            done[request["id"]] = asyncio.ensure_future(one(request))
        responses = list(await asyncio.gather(*done.values()))
        self._dice.shuffle(responses)
        return Answer(body={"responses": responses}, shape="BatchAnswer")

    async def _answer(self, whole: Call, request: Json) -> Json:
        parts = urlsplit(request["url"])
        headers = {k.lower(): v for k, v in (request.get("headers") or {}).items()}
        asked = Asked(request["method"], f"/v1.0{parts.path}", parts.query, headers, batch=True)
        fault = _softened(self._faults.pick(asked.method, asked.target))
        inner = Call(
            method=asked.method,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers=headers,
            body=b"",
            caller=whole.caller,
            base=whole.base,
        )
        try:
            inner.body = _body(request, headers)
            answer = await self._desk.answer(asked, inner, fault)
        except Refusal as refusal:
            answer = self._desk.refused(refusal, asked)
        self._note(asked, answer.status, fault, inner)
        return _response(request["id"], answer)


def _check(requests: list[Json]) -> None:
    if not 1 <= len(requests) <= MOST:
        raise Refusal(
            400, "BadRequest", f"Number of batch request steps exceeds the maximum of {MOST}."
        )
    ids = [request["id"] for request in requests]
    if len(set(ids)) < len(ids):
        raise Refusal(400, "BadRequest", "The ids of the requests in a batch must differ.")
    for request in requests:
        after = request.get("dependsOn") or []
        if len(after) > 1 or not set(after) <= set(ids) - {request["id"]}:
            raise Refusal(
                400, "BadRequest", "dependsOn must name one other request of the batch."
            )
        if not request["url"].startswith("/") or request["url"].startswith("/$batch"):
            raise Refusal(400, "BadRequest", "The url must be relative and begin with '/'.")


def _sorted(requests: list[Json]) -> list[Json]:
    """Return each request after the one it depends on."""
    ordered: list[Json] = []
    waiting = list(requests)
    while waiting:
        known = {request["id"] for request in ordered}
        ready = [r for r in waiting if set(r.get("dependsOn") or ()) <= known]
        if not ready:
            raise Refusal(400, "BadRequest", "dependsOn goes round in a circle.")
        ordered += ready
        waiting = [request for request in waiting if request not in ready]
    return ordered


def _body(request: Json, headers: dict[str, str]) -> bytes:
    body: Any = request.get("body")
    if body is None:
        return b""
    if "content-type" not in headers:
        raise Refusal(400, "BadRequest", "A request with a body needs a Content-Type header.")
    if isinstance(body, dict):
        return json.dumps(body).encode()
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        raise Refusal(400, "BadRequest", "A body that is no JSON must be base64.") from None


def _response(request_id: str, answer: Answer) -> Json:
    headers = {name.title(): value for name, value in answer.headers.items()}
    response: Json = {"id": request_id, "status": answer.status, "headers": headers}
    if isinstance(answer.body, dict):
        headers["Content-Type"] = "application/json"
        response["body"] = answer.body
    elif answer.body is not None:
        headers["Content-Type"] = answer.content_type or "text/plain"
        raw = answer.body
        response["body"] = base64.b64encode(raw).decode() if isinstance(raw, bytes) else raw
    return response


def _softened(fault: Fault | None) -> Fault | None:
    """Return what stands for a cut connection inside a batch, where there is none to cut."""
    if fault is None or not fault.kind.startswith("cut"):
        return fault
    return Fault("503" if fault.kind == "cut_before" else "504_after", fault.retry_after)
