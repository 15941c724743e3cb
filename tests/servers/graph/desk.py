"""Takes one request, whole or out of a batch, and returns its answer.

In this order: the token, trouble ordered by the test, the mailbox and the right to it, a
place among the four requests at a time, the body against its schema, the operation, the
answer against its schema.
"""

from __future__ import annotations

import asyncio
import inspect
import secrets
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable
from threading import RLock
from typing import Any, Protocol

from tests.servers.graph.access import Caller, TokenRefused
from tests.servers.graph.clock import Clock, stamp
from tests.servers.graph.delta import gone
from tests.servers.graph.faults import Fault
from tests.servers.graph.routes import Route, Router, steps_of
from tests.servers.graph.schema import Schemas, named
from tests.servers.graph.state import Mailbox
from tests.servers.graph.wire import Answer, Asked, Call, Refusal
from tests.servers.graph.workbooks import joined

AT_ONCE = 4
"""Requests at a time in one mailbox.

Source: https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits
"""
MOST_BYTES = 4 * 1024 * 1024
"""A request to Graph may hold this much."""
_STATED = {
    "413": ("RequestEntityTooLarge", "The request is too large."),
    "500": ("InternalServerError", "An internal server error occurred."),
    "502": ("BadGateway", "The server had no answer from another one."),
    "503": ("ServiceUnavailable", "The service is temporarily unavailable."),
    "504": ("GatewayTimeout", "The server had no answer from another one in time."),
}


_RESYNC = {"gone_resync": "resyncRequired", "gone_state": "syncStateNotFound"}


class Office(Protocol):
    """What a desk needs to know of the server it stands in."""

    lock: RLock
    clock: Clock
    latency: float
    violations: list[str]
    accepts: Callable[[str], Caller]

    def mailbox(self, key: str) -> Mailbox: ...


class Desk:
    """Answers requests; counts how many are in each mailbox at once."""

    def __init__(
        self, office: Office, schemas: Schemas, inside: Router, outside: Router
    ) -> None:
        self._office, self._schemas = office, schemas
        self._inside, self._outside = inside, outside
        self._present: Counter[str] = Counter()
        self.high_water: Counter[str] = Counter()
        self.throttled: Counter[str] = Counter()
        self.hasty: list[str] = []
        self._asked_to_wait: dict[tuple[str, str], float] = {}

    async def caller(self, authorization: str) -> Caller:
        """Return who asks.

        Raises:
            Refusal: 401, in Graph's words.
        """
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise unauthenticated("Access token is empty.")
        try:
            found: Any = self._office.accepts(token.strip())
            caller: Caller = await found if inspect.isawaitable(found) else found
        except TokenRefused as refused:
            said = {
                "expired": "Lifetime validation failed, the token is expired.",
                "audience": "Access token validation failure. Invalid audience.",
            }
            raise unauthenticated(said.get(refused.reason, "Invalid token.")) from None
        return caller

    async def answer(self, asked: Asked, call: Call, fault: Fault | None) -> Answer:
        """Return the answer to *call*; a refusal is one too."""
        return await self.judged(asked, lambda: self._answer(call, fault))

    async def judged(self, asked: Asked, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return what *work* answers, checked; what it refuses or fails at is an answer too."""
        self._note_haste(asked)
        try:
            answer = await work()
        except Refusal as refusal:
            answer = self.refused(refusal, asked)
        except Exception:  # noqa: BLE001 - a fault of the stand-in must show in the test
            self._office.violations.append(
                f"the stand-in itself failed at {asked.method} {asked.path}:\n"
                + traceback.format_exc()
            )
            failed = Refusal(500, "InternalServerError", "The stand-in itself failed.")
            answer = self.refused(failed, asked)
        if wait := int(answer.headers.get("retry-after", "0")):
            self._asked_to_wait[asked.method, asked.target] = time.monotonic() + wait
        if answer.shape:
            self._check(f"answer to {asked.method} {asked.path}", answer.shape, answer.body)
        return answer

    def _note_haste(self, asked: Asked) -> None:
        """Note a request that comes again before the time it was asked to wait is over."""
        until = self._asked_to_wait.pop((asked.method, asked.target), 0.0)
        if time.monotonic() < until - 0.05:
            self.hasty.append(f"{asked.method} {asked.path}")

    def refused(self, refusal: Refusal, asked: Asked | None = None) -> Answer:
        inner = {
            "date": stamp(self._office.clock.now()).rstrip("Z"),
            "request-id": secrets.token_hex(16),
            "client-request-id": asked.headers.get("client-request-id", "") if asked else "",
        }
        if refusal.inner:
            inner |= {"code": refusal.inner, "message": refusal.message}
        body = {
            "error": {"code": refusal.code, "message": refusal.message, "innerError": inner}
        }
        return Answer(refusal.status, body, "Error", headers=refusal.headers)

    def refuse_as_ordered(self, fault: Fault) -> None:
        """Refuse as the test has ordered, before anything takes effect."""
        wait = {"retry-after": str(fault.retry_after)}
        match fault.kind:
            case "401":
                raise unauthenticated("Lifetime validation failed, the token is expired.")
            case "429":
                raise Refusal(429, "TooManyRequests", "Too many requests.", wait)
            case "503":
                raise Refusal(503, *_STATED["503"], wait)
            case "413" | "500" | "502" | "504":
                raise Refusal(int(fault.kind), *_STATED[fault.kind])
            case "sync_state_40x":
                raise Refusal(404, "syncStateNotFound", "The sync state is not found.")
            case _:
                return

    async def _answer(self, call: Call, fault: Fault | None) -> Answer:
        steps = joined(steps_of(call.path))
        rest = self._locate(call, steps)
        route, call.places = (self._outside if rest is None else self._inside).find(
            call.method, steps if rest is None else rest
        )
        if call.mailbox is not None and not call.caller.may(call.mailbox, route.deed):
            raise Refusal(
                403,
                "ErrorAccessDenied",
                "Access is denied. Check credentials and try again.",
            )
        if call.mailbox is None:
            return await self._carried_out(call, route, fault)
        address = call.mailbox.address
        self._enter(address)
        try:
            await asyncio.sleep(self._office.latency)
            if fault and fault.kind == "slow":
                await asyncio.sleep(0.5)
            return await self._carried_out(call, route, fault)
        finally:
            self._present[address] -= 1

    def _enter(self, address: str) -> None:
        if self._present[address] >= AT_ONCE:
            self.throttled[address] += 1
            raise Refusal(
                429,
                "ApplicationThrottled",
                "Application is over its MailboxConcurrency limit.",
                {"retry-after": "1"},
            )
        self._present[address] += 1
        self.high_water[address] = max(self.high_water[address], self._present[address])

    async def _carried_out(self, call: Call, route: Route, fault: Fault | None) -> Answer:
        kind = fault.kind if fault else ""
        if fault:
            self.refuse_as_ordered(fault)
        if kind in _RESYNC:
            raise gone(call, call.path[len(call.root) :].strip("/"), _RESYNC[kind])
        self._check_body(call, route)
        with self._office.lock:
            found: Any = (
                route.operation(call, kind) if route.is_delta else route.operation(call)
            )
        answer: Answer = await found if inspect.isawaitable(found) else found
        if kind == "504_after":
            raise Refusal(504, *_STATED["504"])
        return answer

    def _locate(self, call: Call, steps: list[str]) -> list[str] | None:
        """Set the mailbox of *call* and return the steps below it; None where there is none."""
        if steps[0].lower() == "me":
            if not call.caller.user:
                raise Refusal(
                    400,
                    "BadRequest",
                    "/me request is only valid with delegated authentication flow.",
                )
            call.mailbox = self._office.mailbox(call.caller.user)
            call.root, rest = call.path[: len("/me")], steps[1:]
        elif steps[0].lower() == "users" and steps[2:3] == ["drive"]:
            return None
        elif steps[0].lower() == "users" and len(steps) > 1:
            call.mailbox = self._office.mailbox(steps[1])
            call.root, rest = _start(call.path), steps[2:]
        else:
            return None
        return rest or ["."]

    def _check_body(self, call: Call, route: Route) -> None:
        if len(call.body) > MOST_BYTES:
            raise Refusal(413, *_STATED["413"])
        if route.takes_mime and not call.is_json and call.body:
            return
        if not route.takes:
            return
        body = named(route.takes, call.json)
        if not call.body and route.takes == "Reply":
            return
        if self._check(f"request {call.method} {call.path}", route.takes, body):
            raise Refusal(
                400,
                "RequestBodyRead",
                "The request body does not fit the type of the resource or action.",
            )

    def _check(self, where: str, shape: str, body: Any) -> bool:
        problems = self._schemas.problems(shape, body)
        self._office.violations += [f"{where}: {problem}" for problem in problems]
        return bool(problems)


def unauthenticated(message: str) -> Refusal:
    return Refusal(
        401,
        "InvalidAuthenticationToken",
        message,
        {"www-authenticate": 'Bearer realm="", error="invalid_token"'},
    )


def _start(path: str) -> str:
    """Return `/users/…` of a path, as it was written."""
    parts = path.split("/")
    return "/".join(parts[:2] if "(" in parts[1] else parts[:3])
