"""Notices of Microsoft 365 that a mailbox changed: the door for them, and who asks for them.

They wake a watch, and say nothing more: mail is found by reading on. Where there is none, or
Microsoft cannot reach us, the watch reads on by the clock as before.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final, Protocol
from urllib.parse import urlsplit

from flows.errors import AdministratorError, JigajobError
from portal.door import Door, Handler, Posted
from portal.settings import Settings

RETRY_SECONDS: Final = 600.0
"""Pause after which a refused subscription is tried again."""

_CLOSE_SECONDS: Final = 10.0
_LISTEN: Final = re.compile(r"\[?([0-9A-Za-z.:-]+?)\]?:([0-9]{1,5})")
_MOST_PORT: Final = 65_535


class Subscription(Protocol):
    """What has a mailbox tell us of changes."""

    def handle(self, query: str, body: bytes) -> tuple[int, str]:
        """Return status and text of the answer to what is posted; called in any thread."""

    async def run(self) -> None:
        """Keep the subscription until cancelled.

        Raises:
            AdministratorError: It is refused.
        """

    async def close(self) -> None:
        """End the subscription."""


Subscribe = Callable[[Callable[[str], str]], Mapping[str, Subscription]]
"""Returns subscriptions by source; is given what makes the address for a source."""


@asynccontextmanager
async def notifications(
    settings: Settings,
    subscribe: Subscribe,
    tell: Callable[[str], None],
    hooks: Mapping[str, Handler] | None = None,
) -> AsyncIterator[None]:
    """Keep the subscriptions while the context lasts, if the settings give an address.

    *tell* is told, once, of each source that cannot be subscribed to. *hooks* are what else is
    posted to, by its path; they are served where no address is given, too.

    Raises:
        AdministratorError: The settings are wrong, or nobody can listen there.
    """
    handlers, kept = dict(hooks or {}), dict[str, Subscription]()
    if settings.notifications_url:
        public = _public(settings)

        def address(source: str) -> str:
            paths[source] = secrets.token_urlsafe(32)
            return f"{public}/{paths[source]}"

        paths: dict[str, str] = {}
        kept = dict(subscribe(address))
        handlers |= {paths[source]: taken(each) for source, each in kept.items()}
    elif not handlers:
        yield
        return
    door = Door(*listening(settings), handlers)
    await asyncio.to_thread(door.open)
    running = [asyncio.create_task(_keep(name, each, tell)) for name, each in kept.items()]
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.gather(*map(_end, kept.values()))
        await asyncio.to_thread(door.close)


def taken(kept: Subscription) -> Handler:
    """Return what a door hands the POSTs for a subscription to."""

    async def handle(posted: Posted) -> tuple[int, str]:
        return kept.handle(posted.query, posted.body)

    return handle


async def _keep(source: str, kept: Subscription, tell: Callable[[str], None]) -> None:
    told = ""
    while True:
        try:
            await kept.run()
        except JigajobError as error:
            if error.what != told:
                told = error.what
                tell(f"{source}: no notifications, it is read by the clock: {error}")
        await asyncio.sleep(RETRY_SECONDS)


async def _end(kept: Subscription) -> None:
    try:
        async with asyncio.timeout(_CLOSE_SECONDS):
            await kept.close()
    except (TimeoutError, JigajobError):
        return  # it runs out by itself


def _public(settings: Settings) -> str:
    """Return the public address without its last slash."""
    public = urlsplit(settings.notifications_url)
    if public.scheme != "https" or not public.hostname or public.query or public.fragment:
        raise AdministratorError(
            "JIGAJOB_NOTIFICATIONS_URL is no address that Microsoft 365 posts to",
            fix="give the https:// address of your reverse proxy, without a query:"
            " https://hooks.hudson.example/jigajob",
        )
    return settings.notifications_url.rstrip("/")


def listening(settings: Settings) -> tuple[str, int]:
    """Return host and port at which to listen for what is posted.

    Raises:
        AdministratorError: The setting is wrong.
    """
    found = _LISTEN.fullmatch(settings.notifications_listen)
    if not found or int(found[2]) > _MOST_PORT:
        raise AdministratorError(
            "JIGAJOB_NOTIFICATIONS_LISTEN is no host and port",
            fix="give both, as in 127.0.0.1:8787",
        )
    return found[1], int(found[2])
