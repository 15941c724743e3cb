"""Posts change notifications, and tries again while nobody takes them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import cached_property
from threading import Lock
from typing import Any

import httpx

from tests.servers.certificates import Certificates
from tests.servers.graph.wire import Json

ANSWER_WITHIN = 3.0
"""Seconds in which a notification must be answered; a handshake has ten.

Source: https://learn.microsoft.com/graph/change-notifications-delivery-webhooks
"""
_HANDSHAKE_WITHIN = 10.0
_TRIES = 5


class Postman:
    """Lives in the server's loop; `post` may be called from any thread."""

    def __init__(
        self, *, certificates: Certificates | None, check: Callable[[str, str, Any], bool]
    ) -> None:
        self._certificates, self._check = certificates, check
        self._loop: asyncio.AbstractEventLoop | None = None
        self._under_way = 0
        self._lock = Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self.undelivered: list[str] = []

    @property
    def secure(self) -> bool:
        """Tell whether everything here speaks TLS."""
        return self._certificates is not None

    def open(self) -> None:
        """Begin to post; called in the loop."""
        self._loop = asyncio.get_running_loop()

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        context = self._certificates.trusting() if self._certificates else True
        return httpx.AsyncClient(verify=context, trust_env=False)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if "_client" in self.__dict__:
            await self._client.aclose()

    def post(self, url: str, body: Json) -> None:
        """Post *body* as soon as may be."""
        self._check("notification", "ChangeNotificationCollection", body)
        if self._loop is None:
            return
        with self._lock:
            self._under_way += 1
        self._loop.call_soon_threadsafe(self._start, url, body)

    def settle(self, timeout: float) -> None:
        """Wait until all is posted.

        Raises:
            TimeoutError: It was not within *timeout* seconds.
        """
        limit = time.monotonic() + timeout
        while self._under_way:
            if time.monotonic() > limit:
                raise TimeoutError(f"{self._under_way} notifications are still under way")
            time.sleep(0.005)

    async def validate(self, url: str, token: str) -> str:
        """Carry out the handshake; return what was wrong, "" for nothing."""
        try:
            answer = await self._client.post(
                url,
                params={"validationToken": token},
                headers={"content-type": "text/plain; charset=utf-8"},
                timeout=_HANDSHAKE_WITHIN,
            )
        except httpx.HTTPError as error:
            return f"The address could not be reached: {type(error).__name__}."
        if answer.status_code != 200:
            return f"HTTP status code is '{answer.status_code}'."
        if answer.headers.get("content-type", "").split(";")[0] != "text/plain":
            return "Must respond with the content type text/plain."
        if answer.text != token:
            return "Must respond with the validation token as it was sent, decoded."
        return ""

    def _start(self, url: str, body: Json) -> None:
        task = asyncio.ensure_future(self._deliver(url, body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, url: str, body: Json) -> None:
        try:
            for attempt in range(_TRIES):
                try:
                    answer = await self._client.post(url, json=body, timeout=ANSWER_WITHIN)
                    if answer.is_success:
                        return
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.05 * 2**attempt)
            self.undelivered.append(url)
        finally:
            with self._lock:
                self._under_way -= 1
