"""One call of another program: what is sent, and what its answer means.

Sources: https://github.com/standard-webhooks/standard-webhooks (headers and signature) ;
https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header ;
https://www.rfc-editor.org/rfc/rfc9110 section 15
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import logging
import re
import ssl
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

import httpx2

from connectors.webhook.reach import Reach, Target
from flows.errors import (
    AdministratorError,
    DeliveryUnknown,
    JigajobError,
    OperatorError,
    Throttled,
    TransientError,
)
from flows.pacing import retry_after
from flows.ports import Clock

_SECONDS: Final = 120.0
"""How long one call may take: as long as a Logic App may take to answer.

Source: https://learn.microsoft.com/azure/logic-apps/logic-apps-limits-and-configuration
"""

_TIMEOUT: Final = httpx2.Timeout(_SECONDS, connect=10.0)
_KEY_BYTES: Final = range(24, 65)
_TOKEN: Final = re.compile(r"[\x21-\x7e]+")
_LATER: Final = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    }
)
"""Answers after which nothing has happened on the other side."""

_FIXES: Final[Mapping[int, str]] = {
    401: "check `secret` and `token` of the outlet, and what the other side has",
    403: "check `secret` and `token` of the outlet, and what the other side allows",
    404: "check `url` of the outlet: the other side has nothing there",
    405: "check `url` of the outlet: the other side takes no POST there",
    410: "the other side has ended this address: ask for the new one",
    413: "send less in `data` of the step",
    415: "the other side takes no JSON: check `url` of the outlet",
    422: "compare `data` of the step with what the other side asks for",
}
_OTHER_FIX: Final = "compare `data` of the step with what the other side asks for"

# The library logs each address that it calls, and those may be secrets.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Caller:
    """Posts JSON to one address: read anew from *url* each time, which may be a secret.

    *key* and *token* read what signs a call and what lets us in. *tls* verifies the other
    side. Redirects are not followed, proxies not used, and no answer's body is ever read.
    """

    def __init__(
        self,
        url: Callable[[], str],
        reach: Reach,
        *,
        clock: Clock,
        key: Callable[[], str] | None = None,
        token: Callable[[], str] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._url, self._reach, self._clock = url, reach, clock
        self._key, self._token, self._tls = key, token, tls

    @property
    def host(self) -> str:
        """Return the host that is called; empty where the address cannot be read."""
        try:
            return httpx2.URL(self._url()).host
        except (JigajobError, httpx2.InvalidURL, ValueError):
            return ""

    async def post(self, call_id: str, content: bytes, *, repeatable: bool) -> str:
        """Post *content*, and return the host that has taken it.

        A call that is *repeatable* may be made again when nobody knows what became of it.

        Raises:
            OperatorError: The address may not be called, or the other side refuses.
            AdministratorError: A secret cannot be read, or the certificate is not trusted.
            Throttled, TransientError: Not taken; again is safe.
            DeliveryUnknown: Not *repeatable*, and nobody knows whether it was taken.
        """
        target = await self._reach.target(self._url())
        headers = {"content-type": "application/json", "user-agent": "JigAjob"}
        headers |= {"idempotency-key": call_id, "webhook-id": call_id, **self._let_in()}
        headers |= self._signed(call_id, content)
        try:
            async with asyncio.timeout(_SECONDS):
                status, answered = await self._sent(target, headers, content)
        except (httpx2.RequestError, TimeoutError):
            # `from None`: what the library says names the address.
            raise _lost(f"{target.host} did not answer", repeatable=repeatable) from None
        _judge(target.host, status, answered, repeatable=repeatable)
        return target.host

    async def _sent(
        self, target: Target, headers: Mapping[str, str], content: bytes
    ) -> tuple[int, Mapping[str, str]]:
        async with httpx2.AsyncClient(
            verify=self._tls or True, timeout=_TIMEOUT, trust_env=False, follow_redirects=False
        ) as client:
            for address in target.addresses:
                try:
                    return await _at(client, target, address, headers, content)
                except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                    if _distrusted(error):
                        raise AdministratorError(
                            f"the certificate of {target.host} is not trusted",
                            fix="have it mended there; for an authority of the own network"
                            " let JIGAJOB_CA name a file with its certificate",
                        ) from None
        raise TransientError(f"{target.host} cannot be reached now")

    def _let_in(self) -> Mapping[str, str]:
        if self._token is None:
            return {}
        token = self._token().strip()
        if not _TOKEN.fullmatch(token):
            raise AdministratorError(
                "the `token` of an outlet has characters that no header can bear",
                fix="put the token alone where flows.yaml says that it is read from",
            )
        return {"authorization": f"Bearer {token}"}

    def _signed(self, call_id: str, content: bytes) -> Mapping[str, str]:
        moment = str(int(self._clock.now().timestamp()))
        headers = {"webhook-timestamp": moment}
        if self._key is None:
            return headers
        key = _key_of(self._key())
        text = b".".join((call_id.encode("ascii"), moment.encode("ascii"), content))
        signature = base64.b64encode(hmac.digest(key, text, hashlib.sha256)).decode("ascii")
        return {**headers, "webhook-signature": f"v1,{signature}"}


async def _at(
    client: httpx2.AsyncClient,
    target: Target,
    address: str,
    headers: Mapping[str, str],
    content: bytes,
) -> tuple[int, Mapping[str, str]]:
    """Make the call at an address that was checked, under the name of the host."""
    extensions = {} if address == target.host else {"sni_hostname": target.host}
    named = {"host": target.url.netloc.decode("ascii"), **headers}
    async with client.stream(
        "POST",
        target.url.copy_with(host=address),
        headers=named,
        content=content,
        extensions=extensions,
    ) as response:
        return response.status_code, response.headers


def _judge(host: str, status: int, headers: Mapping[str, str], *, repeatable: bool) -> None:
    """Return if the call was taken; raise what else its answer means, as `Caller.post`."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    seconds = retry_after(headers)
    at_work = status == HTTPStatus.CONFLICT and repeatable  # on the call before this one
    if status in _LATER or at_work or (status >= HTTPStatus.INTERNAL_SERVER_ERROR and seconds):
        if seconds:
            raise Throttled(f"{host} asked for a pause ({status})", retry_after=seconds)
        raise TransientError(f"{host} cannot take calls now ({status})")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _lost(f"{host} failed ({status})", repeatable=repeatable)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise OperatorError(
            f"{host} sends calls on to another address ({status}), which is not followed",
            fix="find out which, and give that as `url` of the outlet",
        )
    raise OperatorError(
        f"{host} refused the call ({status})", fix=_FIXES.get(status, _OTHER_FIX)
    )


def _lost(what: str, *, repeatable: bool) -> JigajobError:
    if repeatable:
        return TransientError(what)
    return DeliveryUnknown(
        what, fix="see whether it took the call; approve the output only if it did not"
    )


def _distrusted(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _key_of(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.strip().removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) not in _KEY_BYTES:
        raise AdministratorError(
            "the `secret` of an outlet is not base64 of 24 to 64 bytes",
            fix="take the one that the other side has given, or make one:"
            " `openssl rand -base64 32`",
        )
    return key
