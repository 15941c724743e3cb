"""Change notifications: Graph calls us when something may be new in a mailbox.

A notification says "read on now" and nothing else: its content is never used. Mail is found
by reading on, with or without it.

Sources: https://learn.microsoft.com/graph/change-notifications-delivery-webhooks ;
https://learn.microsoft.com/graph/change-notifications-lifecycle-events ;
https://learn.microsoft.com/graph/api/resources/subscription
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

from connectors.outlook.client import Graph, Json, home, part
from connectors.outlook.trouble import Refused
from flows.errors import JigajobError, TransientError

# Graph allows 10,080 minutes; what a killed process leaves behind should end sooner.
LIFETIME: Final = timedelta(days=2)
_LONGEST_TOKEN: Final = 4_096
_MOST_TOLD: Final = 2_000
_RETRY_SECONDS: Final = 60.0

_log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class Subscriptions:
    """Keeps one subscription to the mail of *address*, and answers what Graph then sends.

    *notification_url* is public, over https, and leads to `handle`. *on_change* is called for
    each sign that something may be new (`OutlookMailbox.poke`). A shared mailbox can only be
    watched by an app of its own right, not by somebody who signed in: poll it.
    """

    def __init__(
        self,
        graph: Graph,
        address: str,
        *,
        notification_url: str,
        on_change: Callable[[], None],
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._graph, self._address, self._url = graph, address, notification_url
        self._on_change, self._now = on_change, now
        self._state = secrets.token_urlsafe(48)
        self._id = ""
        self._renew_at = datetime.min.replace(tzinfo=UTC)
        self._due = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def keep(self) -> float:
        """Make, renew or make anew the subscription as needed.

        Returns the seconds until the next call is due; `run` makes these calls.

        Raises:
            SignInNeeded: This account may not subscribe to this mailbox.
            AdministratorError: Graph refuses, mostly since it cannot reach the address.
            TransientError: Graph is away.
        """
        self._loop = asyncio.get_running_loop()
        self._due.clear()
        if self._id and self._now() >= self._renew_at:
            await self._renew()
        if not self._id:
            await self._create()
            # What changed while there was none was told to nobody.
            self._on_change()
        return max((self._renew_at - self._now()).total_seconds(), 1.0)

    async def run(self) -> None:
        """Keep the subscription until cancelled; the caller then awaits `close`.

        Raises:
            SignInNeeded, AdministratorError: As `keep`; polling goes on without it.
        """
        while True:
            try:
                seconds = await self.keep()
            except TransientError:
                seconds = _RETRY_SECONDS
            try:
                async with asyncio.timeout(seconds):
                    await self._due.wait()
            except TimeoutError:
                continue

    def handle(self, query: str, body: bytes) -> tuple[int, str]:
        """Return status and text of the answer to a POST; its type must be text/plain.

        *query* is the raw query of the URL; the caller bounds the size of *body*. It takes no
        time, so that Graph has its answer within its three seconds, and may be called in any
        thread. What does not bear our secret is refused and changes nothing.
        """
        token = parse_qs(query).get("validationToken")
        if token:
            return (200, token[0]) if len(token[0]) <= _LONGEST_TOKEN else (400, "")
        try:
            told = json.loads(body)["value"]
            ours = [each for each in told[:_MOST_TOLD] if self._is_ours(each)]
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            return 400, ""
        if not ours or self._loop is None:
            return 403, ""
        self._loop.call_soon_threadsafe(self._take, ours)
        return 202, ""

    async def close(self) -> None:
        """End the subscription; one that cannot be ended runs out by itself."""
        subscription, self._id = self._id, ""
        if not subscription:
            return
        try:
            await self._call("DELETE", f"/subscriptions/{part(subscription)}", None)
        except JigajobError:
            _log.info("a subscription could not be ended and runs out by itself")

    def _is_ours(self, told: Json) -> bool:
        state = str(told.get("clientState", ""))
        return hmac.compare_digest(state.encode("utf-8", "replace"), self._state.encode())

    def _take(self, ours: list[Json]) -> None:
        for told in ours:
            event = told.get("lifecycleEvent")
            if event and told.get("subscriptionId") == self._id:
                if event == "subscriptionRemoved":
                    self._id = ""
                if event != "missed":
                    self._renew_at = self._now()
                    self._due.set()
        self._on_change()

    async def _create(self) -> None:
        expires = self._now() + LIFETIME
        body = {
            "changeType": "created,updated",
            "notificationUrl": self._url,
            "lifecycleNotificationUrl": self._url,
            "resource": home(self._address).removeprefix("/") + "/messages",
            "expirationDateTime": _time(expires),
            "clientState": self._state,
        }
        made = await self._call("POST", "/subscriptions", body, repeatable=False)
        self._id = str(made["id"])
        self._renew_at = self._now() + LIFETIME / 2

    async def _renew(self) -> None:
        body = {"expirationDateTime": _time(self._now() + LIFETIME)}
        try:
            await self._call("PATCH", f"/subscriptions/{part(self._id)}", body)
        except Refused as refused:
            if not refused.missing:
                raise
            self._id = ""  # it ran out, or was removed
        else:
            self._renew_at = self._now() + LIFETIME / 2

    async def _call(
        self, method: str, path: str, body: Json | None, *, repeatable: bool = True
    ) -> Json:
        answer = await self._graph.call(
            method,
            self._address,
            path,
            json=body,
            repeatable=repeatable,
            did="subscribe to mail",
            permission="Mail.Read",
        )
        return answer.json()


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
