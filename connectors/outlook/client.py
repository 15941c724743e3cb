"""Microsoft Graph v1.0 over HTTP: calls that are paced, repeated and told in our errors.

Every call asks for immutable ids: an id got without that dies when its message moves.

Source: https://learn.microsoft.com/graph/outlook-immutable-id
"""

from __future__ import annotations

import asyncio
import json as jsons
import logging
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx2

from connectors.outlook.trouble import AnswerLost, error_of
from flows.errors import AdministratorError, TransientError
from flows.pacing import Gate, Waiting, gate_of, retry_after
from flows.ports import Tokens

GRAPH: Final = "https://graph.microsoft.com/v1.0"
IMMUTABLE: Final = 'IdType="ImmutableId"'
_PLACES: Final = 4
"""Requests at a time in one mailbox.

Source: https://learn.microsoft.com/graph/throttling-limits (Outlook service limits)
"""

_MAX_JSON: Final = 64 << 20
_MAX_ERROR: Final = 1 << 16
_CALL_SECONDS: Final = 300.0
_PAUSING: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)

# The library logs each address that it calls, and those hold mailboxes and delta tokens.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)

Json = dict[str, Any]
"""One JSON object as Graph sends or takes it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Graph answered with success; *whole* is false where the body was over the limit."""

    status: int
    content: bytes = field(repr=False)
    whole: bool
    headers: Mapping[str, str] = field(repr=False)

    def json(self) -> Json:
        """Return the body as a JSON object, empty where there is no body.

        Raises:
            TransientError: It is none, or too long.
        """
        try:
            read = jsons.loads(self.content or b"{}") if self.whole else None
        except (ValueError, RecursionError):
            read = None
        if not isinstance(read, dict):
            raise TransientError("Microsoft Graph gave an answer that is not as documented")
        return read


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `target` is a path below the version, or a link that Graph gave.

    `refusals` are returned and not raised. `repeatable` calls are made again when the answer
    is lost. `places` are how many of the mailbox's four it takes. `did` and `permission` are
    for the error, should it be refused.
    """

    method: str
    target: str
    address: str
    query: Mapping[str, str] = field(default_factory=dict)
    json: Json | None = None
    prefer: str = ""
    more_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    repeatable: bool
    whole_mailbox: bool = False
    refusals: bool = False
    max_bytes: int = _MAX_JSON
    did: str
    permission: str

    def headers(self, token: str) -> dict[str, str]:
        """Return the headers to send."""
        prefer = f"{IMMUTABLE}, {self.prefer}" if self.prefer else IMMUTABLE
        headers = {"Authorization": f"Bearer {token}", "Prefer": prefer, **self.more_headers}
        return headers | ({"Content-Type": "application/json"} if self.json is not None else {})


class Graph:
    """Graph for one account, whose tokens it is given; safe to be shared by tasks.

    *patience* is how many seconds one call waits in all, for pauses that Graph asks for and
    between attempts; *first_pause* is the first wait after a failure, doubled each time.
    Whoever made it closes it; used again, it opens new connections.
    """

    def __init__(
        self,
        tokens: Tokens,
        *,
        url: str = GRAPH,
        tls: ssl.SSLContext | None = None,
        patience: float = 60.0,
        first_pause: float = 0.5,
    ) -> None:
        self.url = url.rstrip("/")
        self.first_pause = first_pause
        self._origin = httpx2.URL(self.url)
        self._tokens, self._tls, self._patience = tokens, tls, patience
        self._client: httpx2.AsyncClient | None = None

    async def get(
        self,
        address: str,
        target: str,
        query: Mapping[str, str] | None = None,
        *,
        prefer: str = "",
        did: str = "read mail",
        permission: str = "Mail.Read",
    ) -> Json:
        """Return one JSON resource or page; *did* and *permission* as for `call`.

        Raises:
            Refused: It is not there, or the link is no longer good.
            SignInNeeded, Throttled, TransientError: As `call`.
        """
        answer = await self.call(
            "GET", address, target, query=query, prefer=prefer, did=did, permission=permission
        )
        return answer.json()

    async def listed(
        self,
        address: str,
        target: str,
        query: Mapping[str, str] | None = None,
        *,
        did: str = "read mail",
        permission: str = "Mail.Read",
    ) -> AsyncIterator[Json]:
        """Yield the elements of a collection, over all of its pages; else as `get`.

        Raises:
            Refused, SignInNeeded, Throttled, TransientError: As `get`.
        """
        link: str | None = target
        while link:
            page = await self.get(address, link, query, did=did, permission=permission)
            for element in page.get("value", ()):
                yield element
            following = page.get("@odata.nextLink")
            if following == link:
                raise TransientError("Microsoft Graph gave the same page as the next one")
            link, query = following, None

    async def call(
        self,
        method: str,
        address: str,
        target: str,
        *,
        query: Mapping[str, str] | None = None,
        json: Json | None = None,
        prefer: str = "",
        headers: Mapping[str, str] | None = None,
        repeatable: bool = True,
        whole_mailbox: bool = False,
        refusals: bool = False,
        max_bytes: int = _MAX_JSON,
        did: str = "read mail",
        permission: str = "Mail.Read",
    ) -> Answer:
        """Make one call in the mailbox *address*, and return the successful answer.

        *repeatable* calls are made again when their answer is lost; *whole_mailbox* ones wait
        until nothing else runs there. *did* and *permission* go into the error of a refusal;
        with *refusals* one is returned as an answer instead, but for that of a token.

        Raises:
            Refused: Graph says no; the call had no effect.
            SignInNeeded: The token, also a renewed one, or what it permits is not enough.
            AnswerLost: Not *repeatable*, and it may have had its effect.
            TransientError: Graph is away; `Throttled` where it asks for too long a pause.
        """
        call = Call(
            method=method, target=self.at(target), address=address, query=query or {},
            json=json,
            prefer=prefer,
            more_headers=headers or {},
            repeatable=repeatable, whole_mailbox=whole_mailbox, refusals=refusals,
            max_bytes=max_bytes, did=did, permission=permission,
        )  # fmt: skip
        return await self._until_answered(call)

    async def _until_answered(self, call: Call) -> Answer:
        waiting = Waiting("Microsoft Graph", self._patience, self.first_pause)
        token, renewed = await self._tokens.token(), False
        gate = gate_of(self.url, call.address, _PLACES)
        while True:
            try:
                answer = await self._once(call, token, gate, waiting)
            except (httpx2.RequestError, TimeoutError) as error:
                # `from None`: what the library says names addresses and links.
                if not (call.repeatable or _never_left(error)):
                    raise AnswerLost("Microsoft Graph did not answer") from None
                await waiting.pause()
                continue
            if good(answer.status):
                return answer
            if answer.status == HTTPStatus.UNAUTHORIZED and not renewed:
                token, renewed = await self._tokens.token(refused=token), True
            elif answer.status == HTTPStatus.TOO_MANY_REQUESTS or (
                failed(answer.status) and call.repeatable
            ):
                asked = retry_after(answer.headers)
                if asked is not None and answer.status in _PAUSING:
                    gate.close_for(asked)
                else:
                    await waiting.pause()
            elif failed(answer.status):
                # Whoever takes it up again must not come back sooner than Graph has asked.
                gate.close_for(retry_after(answer.headers) or 0.0)
                raise AnswerLost(f"Microsoft Graph failed ({answer.status})")
            elif call.refusals and answer.status != HTTPStatus.UNAUTHORIZED:
                return answer
            else:
                raise error_of(
                    answer.status,
                    answer.content,
                    did=call.did,
                    address=call.address,
                    permission=call.permission,
                )

    async def _once(self, call: Call, token: str, gate: Gate, waiting: Waiting) -> Answer:
        url = call.target
        if call.query:
            url += "?" + urlencode(call.query, quote_via=quote, safe="$")
        body = None if call.json is None else jsons.dumps(call.json).encode()
        enter = gate.all_places if call.whole_mailbox else gate.place
        async with enter(waiting), asyncio.timeout(_CALL_SECONDS):
            headers = call.headers(token)
            async with self._stream(call.method, url, headers, body) as response:
                most = call.max_bytes if good(response.status_code) else _MAX_ERROR
                return await _read(response, most)

    async def put_range(self, link: str, content: bytes, start: int, total: int) -> Answer:
        """Put *content*, from byte *start* of *total*, to the link of an upload session.

        The link is its own authorisation: no token is sent with it, to whatever host it leads.

        Source: https://learn.microsoft.com/graph/outlook-large-attachments

        Raises:
            AnswerLost: Nothing came back, or a refusal: begin a new session.
        """
        if httpx2.URL(link).scheme != self._origin.scheme:
            raise AdministratorError("Microsoft Graph named an upload address without TLS")
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Range": f"bytes {start}-{start + len(content) - 1}/{total}",
        }
        try:
            async with asyncio.timeout(_CALL_SECONDS):
                async with self._stream("PUT", link, headers, content) as response:
                    answer = await _read(response, _MAX_ERROR)
        except (httpx2.RequestError, TimeoutError):
            raise AnswerLost("Microsoft Graph did not answer to an upload") from None
        if not good(answer.status):
            raise AnswerLost(f"Microsoft Graph broke off an upload ({answer.status})")
        return answer

    def at(self, target: str) -> str:
        """Return the whole address of a path, or a link of Graph's as it is.

        Raises:
            AdministratorError: The link leads to another host, which must not get our token.
        """
        if target.startswith("/"):
            return self.url + target
        try:
            link = httpx2.URL(target)
            here = self._origin
            same = (link.scheme, link.host, link.port) == (here.scheme, here.host, here.port)
        except httpx2.InvalidURL:
            same = False
        if not same:
            raise AdministratorError(
                "a link of Microsoft Graph leads to another host; it was not followed",
                fix="read the mailbox from the start; if it happens again, report it",
            )
        return target

    async def close(self) -> None:
        """Let go of the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _stream(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None
    ) -> AbstractAsyncContextManager[httpx2.Response]:
        if self._client is None:
            self._client = httpx2.AsyncClient(
                verify=self._tls or True, timeout=httpx2.Timeout(60.0, connect=15.0)
            )
        return self._client.stream(method, url, headers=headers, content=content)


def good(status: int) -> bool:
    """Tell whether a call had its effect."""
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def failed(status: int) -> bool:
    """Tell whether the other side broke down, so that the effect is not known."""
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR


def home(address: str) -> str:
    """Return the path of a mailbox."""
    return f"/users/{quote(address, safe='@')}"


def part(native_id: str) -> str:
    """Return an id as part of a path."""
    return quote(native_id, safe="")


def literal(text: str) -> str:
    """Return *text* as a string of an OData filter."""
    return "'" + text.replace("'", "''") + "'"


def _never_left(error: Exception) -> bool:
    return isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout)


async def _read(response: httpx2.Response, limit: int) -> Answer:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > limit:
            return Answer(response.status_code, bytes(content[:limit]), False, response.headers)
    return Answer(response.status_code, bytes(content), True, response.headers)
