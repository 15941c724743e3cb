"""Business Central's API v2.0 over HTTP: calls that are paced, repeated and told in our errors.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/
"""

from __future__ import annotations

import asyncio
import json as jsons
import logging
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx2

from connectors.business_central.trouble import AnswerLost, error_of
from flows.errors import AdministratorError, TransientError
from flows.pacing import Gate, Waiting, gate_of, retry_after
from flows.ports import Tokens

ADDRESS: Final = "https://api.businesscentral.dynamics.com"
NAME: Final = "Business Central"
LARGEST_PAGE: Final = 20_000
_PLACES: Final = 5
"""Requests at a time of one user; 6,000 in five minutes are not to be reached with them.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/administration/
operational-limits-online
"""

_NO_DATE: Final = "0001-01-01"
_MAX_JSON: Final = 64 << 20
_MAX_ERROR: Final = 1 << 16
# The service itself gives up after eight minutes; an answer after that never comes.
_CALL_SECONDS: Final = 500.0
_PAUSING: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)

# The library logs each address that it calls, and those hold what is looked for.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)

Json = dict[str, Any]
"""One JSON object as Business Central sends or takes it; its decimals are `Decimal`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """One request; `repeatable` ones are made again when their answer is lost."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = field(default=None, repr=False)
    repeatable: bool
    did: str


class Api:
    """One environment for one account, whose tokens it is given; safe to be shared by tasks.

    Args:
        tokens: Give the account's access tokens.
        account: Whose they are; all calls for it share one pace.
        environment: Its name, as the administration centre has it.
        tenant: Directory ID or domain; empty for that of the token.
        url: Where the service is.
        tls: Which certificates to trust.
        patience: Seconds that one call waits in all, in pauses and between attempts.
        first_pause: The first wait after a failure, doubled each time.
    """

    def __init__(
        self,
        tokens: Tokens,
        *,
        account: str,
        environment: str,
        tenant: str = "",
        url: str = ADDRESS,
        tls: ssl.SSLContext | None = None,
        patience: float = 60.0,
        first_pause: float = 0.5,
    ) -> None:
        self.environment = environment
        self._service = url.rstrip("/")
        parts = filter(None, (tenant, environment))
        self.url = "/".join([f"{self._service}/v2.0", *map(part, parts), "api/v2.0"])
        self._tokens, self._account, self._tls = tokens, account, tls
        self._patience, self._first_pause = patience, first_pause
        self._client: httpx2.AsyncClient | None = None

    async def get(
        self,
        target: str,
        query: Mapping[str, str] | None = None,
        *,
        size: int = 0,
        fresh: bool = False,
        did: str = "read",
    ) -> Json:
        """Return one resource or page, of *size* elements at most.

        *target* is a path, or a link that Business Central gave. What is not to be *fresh* is
        read from a copy of the database, which may lag behind by some seconds.

        Raises:
            Refused: It is not there, or the question is wrong.
            SignInNeeded: The account is unknown there, or may not read it.
            TransientError: The service is away; `Throttled` where it asks for too long a pause.
            AdministratorError: The link leads elsewhere.
        """
        headers = {} if fresh else {"Data-Access-Intent": "ReadOnly"}
        if size:
            headers["Prefer"] = f"odata.maxpagesize={min(size, LARGEST_PAGE)}"
        url = self._at(target)
        if query:
            url += "?" + urlencode(query, quote_via=quote, safe="$,()'")
        call = _Call(method="GET", url=url, headers=headers, repeatable=True, did=did)
        return await self._until_answered(call)

    async def listed(
        self, target: str, query: Mapping[str, str], *, fresh: bool = False, did: str = "read"
    ) -> AsyncIterator[Json]:
        """Yield the elements of a collection, over all of its pages.

        Raises:
            Refused, SignInNeeded, TransientError, AdministratorError: As `get`.
        """
        page = await self.get(target, query, size=LARGEST_PAGE, fresh=fresh, did=did)
        while True:
            for element in elements(page):
                yield element
            link = next_link(page)
            if not link:
                return
            page = await self.get(link, size=LARGEST_PAGE, fresh=fresh, did=did)

    async def post(
        self, target: str, json: Json | None = None, *, etag: str = "", did: str
    ) -> Json:
        """Create a resource, or carry an action out, and return what comes back.

        *etag* is the version that an action is meant for.

        Raises:
            Refused, SignInNeeded, Changed, AnswerLost, TransientError: As `write`.
        """
        return await self.write("POST", target, json, etag=etag, did=did)

    async def write(
        self, method: str, target: str, json: Json | None = None, *, etag: str, did: str
    ) -> Json:
        """Make one call that changes something, never twice, and return what comes back.

        Raises:
            Refused, SignInNeeded, TransientError: As `get`; nothing was done.
            Changed: The resource has another version by now; nothing was done.
            AnswerLost: It may have been done.
        """
        headers = {"If-Match": etag} if etag else {}
        body = None
        if json is not None:
            headers["Content-Type"] = "application/json"
            body = jsons.dumps(json, default=_number).encode()
        url = self._at(target)
        call = _Call(
            method=method, url=url, headers=headers, body=body, repeatable=False, did=did
        )
        return await self._until_answered(call)

    async def environments(self) -> list[str]:
        """Return the names of the environments that the account may know of.

        Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/
        api-get-environments

        Raises:
            Refused, SignInNeeded, TransientError: As `get`.
        """
        url = f"{self._service}/environments/v1.1"
        call = _Call(
            method="GET", url=url, headers={}, repeatable=True, did="list environments"
        )
        found = elements(await self._until_answered(call))
        return sorted(str(each.get("name") or "") for each in found)

    async def close(self) -> None:
        """Let go of the connections; used again, it opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _at(self, target: str) -> str:
        if target.startswith("/"):
            return self.url + target
        if not target.startswith(f"{self.url}/"):  # it must not get our token
            raise AdministratorError(
                "a link of Business Central leads out of its environment; it was not followed",
                fix="if it happens again, report it",
            )
        return target

    async def _until_answered(self, call: _Call) -> Json:
        waiting = Waiting(NAME, self._patience, self._first_pause)
        token, renewed = await self._tokens.token(), False
        gate = gate_of(self._service, self._account, _PLACES)
        while True:
            try:
                status, content, headers = await self._once(call, token, gate, waiting)
            except (httpx2.RequestError, TimeoutError) as error:
                # `from None`: what the library says names addresses and links.
                if not (call.repeatable or _never_left(error)):
                    raise AnswerLost(f"{NAME} did not answer") from None
                await waiting.pause()
                continue
            if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
                if (read := _read(content)) is not None:
                    return read
                what = f"{NAME} gave an answer that is not as documented"
                raise TransientError(what) if call.repeatable else AnswerLost(what)
            if status == HTTPStatus.UNAUTHORIZED and not renewed:
                token, renewed = await self._tokens.token(refused=token), True
            elif status == HTTPStatus.TOO_MANY_REQUESTS or (
                _failed(status) and call.repeatable
            ):
                asked = retry_after(headers)
                if asked is not None and status in _PAUSING:
                    gate.close_for(asked)
                else:
                    await waiting.pause()
            elif _failed(status):
                raise AnswerLost(f"{NAME} failed ({status})")
            else:
                raise error_of(status, content, did=call.did, where=self.environment)

    async def _once(
        self, call: _Call, token: str, gate: Gate, waiting: Waiting
    ) -> tuple[int, bytes, Mapping[str, str]]:
        if self._client is None:
            self._client = httpx2.AsyncClient(
                verify=self._tls or True, timeout=httpx2.Timeout(_CALL_SECONDS, connect=15.0)
            )
        headers = {"Authorization": f"Bearer {token}", **call.headers}
        async with gate.place(waiting), asyncio.timeout(_CALL_SECONDS):
            stream = self._client.stream(
                call.method, call.url, headers=headers, content=call.body
            )
            async with stream as response:
                most = (
                    _MAX_ERROR if response.status_code >= HTTPStatus.BAD_REQUEST else _MAX_JSON
                )
                content = bytearray()
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > most:
                        break  # half an object is no JSON, and told as such
                return response.status_code, bytes(content), response.headers


def elements(page: Json) -> list[Json]:
    """Return the elements of a page of a collection."""
    found = page.get("value")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def next_link(page: Json) -> str:
    """Return the link to the page after this one, or nothing."""
    return str(page.get("@odata.nextLink") or "")


def part(name: str) -> str:
    """Return a name as part of a path."""
    return quote(name, safe="")


def literal(text: str) -> str:
    """Return *text* as a string of an OData filter."""
    return "'" + text.replace("'", "''") + "'"


def day(text: object) -> date | None:
    """Return a date of the API, None for its blank one.

    Raises:
        ValueError: It is none.
    """
    return None if text in {None, "", _NO_DATE} else date.fromisoformat(str(text))


def _number(value: object) -> float:
    """Return a decimal as JSON writes numbers: the shortest float is what was meant."""
    assert isinstance(value, Decimal)  # noqa: S101 - we put in nothing else
    return float(value)


def _read(content: bytes) -> Json | None:
    try:
        read = jsons.loads(content or b"{}", parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _failed(status: int) -> bool:
    """Tell whether the other side broke down, so that the effect is not known."""
    timed_out = status == HTTPStatus.REQUEST_TIMEOUT
    return timed_out or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _never_left(error: Exception) -> bool:
    return isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout)
