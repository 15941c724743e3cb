"""Who asks, and what they may: bearer tokens, scopes, shared mailboxes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.servers.graph.clock import Clock
    from tests.servers.graph.state import Mailbox

ALL_SCOPES = frozenset(
    {
        "Mail.ReadWrite",
        "Mail.Send",
        "Mail.ReadWrite.Shared",
        "Mail.Send.Shared",
        "User.Read",
        "Files.ReadWrite",
        "Sites.ReadWrite.All",
        "Calendars.ReadWrite",
        "Calendars.ReadWrite.Shared",
        "Tasks.ReadWrite",
        "ChannelMessage.Send",
        "ChatMessage.Send",
    }
)
AUDIENCE = "https://graph.microsoft.com"
ALL_ROLES = frozenset({"Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite"})


class TokenRefused(Exception):
    """The token is no good; the reason is told to the caller as Graph tells it."""

    def __init__(self, reason: str = "invalid") -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who a token speaks for. Without `user` it is an application by itself.

    `mailboxes` limits an application, as Exchange does by role-based access; empty: all.
    """

    user: str = ""
    scopes: frozenset[str] = ALL_SCOPES
    mailboxes: frozenset[str] = frozenset()

    def may(self, mailbox: Mailbox, deed: str) -> bool:
        """Return whether *deed* ("read", "write", "send", …) is allowed in *mailbox*.

        An application by itself adds no tasks, and nobody does to another's lists.
        """
        if deed.endswith("tasks") and mailbox.address != self.user.lower():
            return False
        if not self.user:
            own = not self.mailboxes or mailbox.address in self.mailboxes
            return own and self._holds(deed, "")
        if mailbox.address == self.user.lower():
            return self._holds(deed, "")
        return self.user.lower() in mailbox.shared_with and self._holds(deed, ".Shared")

    def _holds(self, deed: str, ending: str) -> bool:
        enough = {
            "read": {"Mail.Read", "Mail.ReadWrite"},
            "write": {"Mail.ReadWrite"},
            "send": {"Mail.Send"},
            "see_calendar": {"Calendars.Read", "Calendars.ReadWrite"},
            "calendar": {"Calendars.ReadWrite"},
            "see_tasks": {"Tasks.Read", "Tasks.ReadWrite"},
            "tasks": {"Tasks.ReadWrite"},
        }[deed]
        return any(f"{scope}{ending}" in self.scopes for scope in enough)


class Tokens:
    """The tokens that this server gave out by itself."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._given: dict[str, tuple[Caller, datetime, str]] = {}
        self._revoked: set[str] = set()

    def give(self, caller: Caller, seconds: float, audience: str = AUDIENCE) -> str:
        token = "eyJ0" + secrets.token_urlsafe(24)
        until = self._clock.now() + timedelta(seconds=seconds)
        self._given[token] = caller, until, audience
        return token

    def revoke(self, token: str) -> None:
        self._revoked.add(token)

    def check(self, token: str) -> Caller:
        """Return who *token* speaks for.

        Raises:
            TokenRefused: It was never given out, was revoked, has expired, or is for another.
        """
        if token not in self._given or token in self._revoked:
            raise TokenRefused("invalid")
        caller, until, audience = self._given[token]
        if audience != AUDIENCE:
            raise TokenRefused("audience")
        if self._clock.now() >= until:
            raise TokenRefused("expired")
        return caller


def lowered(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(address.lower() for address in addresses)
