"""Who asks, and whether they may: signatures of the account's key, and tokens of its own.

Source: "Access control in the Azure Cosmos DB SQL API" (REST), "Data plane role-based access
control": a role knows actions on data and `readMetadata`; databases and containers are made
by the management plane alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import unquote

from azure.core.credentials import AccessToken, AccessTokenInfo

from tests.servers.cosmos.wire import Asked, Refusal

SKEW = timedelta(minutes=15)
TYPES = ("dbs", "colls", "docs", "pkranges", "offers")
_UNKNOWN = "The input authorization token can't serve the request."


class Access:
    """The key of an account and the tokens that it gave out."""

    def __init__(self) -> None:
        self.key = base64.b64encode(secrets.token_bytes(64)).decode()
        self._tokens: dict[str, float] = {}
        self._revoked: set[str] = set()

    def grant(self, seconds: float = 3600) -> str:
        """Return a new token, good for *seconds*."""
        token = "eyJ0" + secrets.token_urlsafe(24)
        self._tokens[token] = time.time() + seconds
        return token

    def revoke(self) -> None:
        """Let no token be good that was given out so far."""
        self._revoked |= set(self._tokens)

    def until(self, token: str) -> int:
        return int(self._tokens[token])

    def check(self, asked: Asked) -> None:
        """Let a request pass, or not.

        Raises:
            Refusal: 401, by a wrong key or token; 403, too old, or not for tokens.
        """
        given = dict(
            part.partition("=")[::2]
            for part in unquote(asked.header("authorization")).split("&")
        )
        if given.get("type") == "aad" and given.get("ver") == "1.0":
            self._by_token(given.get("sig", ""), asked)
        elif given.get("type") == "master" and given.get("ver") == "1.0":
            self._by_key(given.get("sig", ""), asked)
        else:
            raise Refusal(401, _UNKNOWN)

    def _by_token(self, token: str, asked: Asked) -> None:
        if token in self._revoked or self._tokens.get(token, 0) <= time.time():
            raise Refusal(401, _UNKNOWN)
        if asked.method != "GET" and len(asked.parts) <= 4:
            raise Refusal(
                403,
                "Request blocked by Auth: the principal does not have required RBAC"
                " permissions to perform this action; it can only be done through the"
                " management plane.",
                substatus=5300,
            )

    def _by_key(self, signature: str, asked: Asked) -> None:
        date = asked.header("x-ms-date")
        kind, link = _named(asked.parts)
        text = f"{asked.method.lower()}\n{kind}\n{link}\n{date.lower()}\n\n"
        digest = hmac.digest(base64.b64decode(self.key), text.encode(), hashlib.sha256)
        if not hmac.compare_digest(base64.b64encode(digest).decode(), signature):
            raise Refusal(
                401,
                f"{_UNKNOWN} Please check that the expected payload is built as per"
                " the protocol, and check the key being used.",
            )
        if abs(datetime.now(UTC) - parsedate_to_datetime(date)) > SKEW:
            raise Refusal(403, "The authorization token is not valid at the current time.")


class Identity:
    """A sign-in as azure-identity's are: fetches tokens of a stand-in, sync and async."""

    def __init__(self, access: Access, seconds: float = 3600) -> None:
        self._access, self._seconds = access, seconds
        self.scopes: list[tuple[str, ...]] = []

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        self.scopes.append(scopes)
        token = self._access.grant(self._seconds)
        return AccessToken(token, self._access.until(token))

    def close(self) -> None:
        """There is nothing to close."""


class AsyncIdentity(Identity):
    """The same for `azure.cosmos.aio`."""

    async def get_token(self, *scopes: str, **more: Any) -> AccessToken:  # type: ignore[override]
        return Identity.get_token(self, *scopes, **more)

    async def get_token_info(self, *scopes: str, **_: Any) -> AccessTokenInfo:
        given = Identity.get_token(self, *scopes)
        return AccessTokenInfo(given.token, given.expires_on)

    async def close(self) -> None:  # type: ignore[override]
        """There is nothing to close."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """There is nothing to close."""


def _named(parts: tuple[str, ...]) -> tuple[str, str]:
    """Return the kind of resource and the link that a signature is made over."""
    if not parts:
        return "", ""
    if len(parts) % 2:
        return parts[-1], "/".join(parts[:-1])
    return parts[-2], "/".join(parts)
