"""Where mail comes from, and how we are let in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRef:
    """One message in a mailbox, not yet fetched.

    `native_id` never changes while the message exists in this source and is never reused
    for another message. It may hold personal data (a path): it is never stored unsealed.
    `received_on` is the day on which the server says that it came, where there is a server.
    """

    native_id: str
    folder: str
    size: int
    received_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPage:
    """Some messages, the cursor from which the next page follows, and whether one does."""

    refs: tuple[MailRef, ...]
    cursor: str
    more: bool


class Mailbox(Protocol):
    """A place that holds mail."""

    async def page(self, cursor: str, limit: int) -> MailPage:
        """Return at most *limit* (1 to 1,000) messages after *cursor*; "" is the start.

        Following cursors to the end shows each message that was there throughout at least
        once. A cursor that the source no longer honours starts a full listing by itself.

        Raises:
            TransientError: The source is away or asks for a pause.
            AdministratorError: The source is missing or closed to us.
        """

    async def fetch(self, ref: MailRef) -> bytes:
        """Return the message as RFC 5322 bytes, as the source holds it.

        Raises:
            SkipItem: This one message cannot be read (`unreadable`, `gone`, `too_large`).
        """

    def census(self) -> AsyncIterator[MailRef]:
        """Yield every message that the source holds now, counted anew and by itself.

        The ledger is checked against this, so it shares no state with `page`.
        """

    async def close(self) -> None:
        """Let go of connections and files."""


class Tokens(Protocol):
    """Gives access tokens of one account for one service; whoever holds it sees no others."""

    async def token(self, *, refused: str = "") -> str:
        """Return an access token that is good for some minutes.

        With *refused*, a token that the service has just turned away, another one.

        Raises:
            SignInNeeded: Somebody has to sign in again, or an administrator has to act.
            TransientError: The identity provider is away.
        """


@runtime_checkable
class Hints(Protocol):
    """A mailbox that tells by itself when something has changed."""

    async def changed(self, seconds: float) -> bool:
        """Return True once something may be new, False after *seconds* without a sign.

        A hint only: what is new is found by `Mailbox.page`, and a missed hint by its next
        call. Nothing is raised for a source that is away; it is then silent.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """How many messages the server counts in a folder on a day; without *day*: on all days."""

    folder: str
    day: date | None
    number: int


@runtime_checkable
class DayCounts(Mailbox, Protocol):
    """A mailbox whose server counts what came, apart from any listing of ours.

    Every `MailRef` of such a mailbox has a `received_on`, and the days are the same.
    """

    async def day_counts(self, days: Collection[date]) -> Sequence[DayCount]:
        """Return the count of every folder as a whole, and of each of *days* but for zeros.

        Raises:
            TransientError, AdministratorError: As `Mailbox.page`.
        """

    def of_day(self, folder: str, day: date) -> AsyncIterator[MailRef]:
        """Yield the messages that the server finds in *folder* when asked for that day.

        Raises:
            TransientError, AdministratorError: As `Mailbox.page`.
        """
