"""Webhooks: Business Central calls us when something was posted to the ledger.

A notification says "read on now" and nothing else: its content is never used. It comes half a
minute late, and not at all for changes by delegated administrators; movements are found by
reading on, with or without it.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/
dynamics-subscriptions
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qs

from connectors.business_central.client import Json, literal
from connectors.business_central.company import Company
from connectors.business_central.trouble import Refused
from flows.errors import JigajobError, TransientError

# It lives for three days and is renewed long before, by the clock alone.
RENEWAL: Final = timedelta(days=1)
_LONGEST_TOKEN: Final = 4_096
_MOST_TOLD: Final = 2_000
_RETRY_SECONDS: Final = 60.0
_DID: Final = "subscribe to the ledger"

_log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class Subscription:
    """Keeps one subscription to the ledger of a company, and answers what is then sent.

    *notification_url* is public, over https, and leads to `handle`. *on_change* is called for
    each sign that something may be new.
    """

    def __init__(
        self,
        company: Company,
        *,
        notification_url: str,
        on_change: Callable[[], None],
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._company, self._url = company, notification_url
        self._on_change, self._now = on_change, now
        self._state = secrets.token_urlsafe(48)
        self._id = ""
        self._loop: asyncio.AbstractEventLoop | None = None

    async def keep(self) -> float:
        """Make or renew the subscription, and return the seconds until that is due again.

        Raises:
            SignInNeeded: This account may not subscribe.
            AdministratorError: It is refused, mostly since the address cannot be reached.
            TransientError: Business Central is away.
        """
        self._loop = asyncio.get_running_loop()
        if self._id:
            await self._renew()
        if not self._id:
            made = await self._company.api.post("/subscriptions", await self._body(), did=_DID)
            self._id = str(made["subscriptionId"])
            # What was posted while there was none was told to nobody.
            self._on_change()
        return RENEWAL.total_seconds()

    async def run(self) -> None:
        """Keep the subscription until cancelled; the caller then awaits `close`.

        Raises:
            SignInNeeded, AdministratorError: As `keep`; reading by the clock goes on.
        """
        while True:
            try:
                seconds = await self.keep()
            except TransientError:
                seconds = _RETRY_SECONDS
            await asyncio.sleep(seconds)

    def handle(self, query: str, body: bytes) -> tuple[int, str]:
        """Return status and text of the answer to a POST; its type must be text/plain.

        *query* is the raw query of the URL; the caller bounds the size of *body*. It takes no
        time, and may be called in any thread. What does not bear our secret is refused and
        changes nothing.
        """
        token = parse_qs(query).get("validationToken")
        if token:
            return (200, token[0]) if len(token[0]) <= _LONGEST_TOKEN else (400, "")
        try:
            told = json.loads(body)["value"][:_MOST_TOLD]
            ours = any(self._is_ours(each) for each in told)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            return 400, ""
        if not ours or self._loop is None:
            return 403, ""
        self._loop.call_soon_threadsafe(self._on_change)
        return 200, ""

    async def close(self) -> None:
        """End the subscription; one that cannot be ended runs out by itself."""
        if not self._id:
            return
        try:
            target, etag = await self._held()
            await self._company.api.write("DELETE", target, etag=etag, did=_DID)
        except JigajobError:
            _log.info("a subscription could not be ended and runs out by itself")
        self._id = ""

    def _is_ours(self, told: Json) -> bool:
        state = str(told.get("clientState", ""))
        return hmac.compare_digest(state.encode("utf-8", "replace"), self._state.encode())

    async def _body(self) -> Json:
        path = await self._company.path("generalLedgerEntries")
        return {
            "notificationUrl": self._url,
            "resource": f"/api/v2.0{path}",
            "clientState": self._state,
        }

    async def _renew(self) -> None:
        try:
            target, etag = await self._held()
            body = await self._body()
            await self._company.api.write("PATCH", target, body, etag=etag, did=_DID)
        except Refused as refused:
            if not refused.missing:
                raise
            self._id = ""  # it ran out, or was removed: any odd answer of ours ends it

    async def _held(self) -> tuple[str, str]:
        """Return the path and the version of the subscription."""
        target = f"/subscriptions({literal(self._id)})"
        held = await self._company.api.get(target, fresh=True, did=_DID)
        return target, str(held.get("@odata.etag") or "*")
