"""What the failure of a try means: again, and when, or no more.

Who must act decides. What heals by itself is tried again after a random time below a limit
that doubles with each try (full jitter): workers that failed together do not come back
together. What the person who runs the machine has to mend is tried again about every hour, so
that nothing is hammered, and goes out by itself once it is mended. Both end as failed when
they were tried often enough for long enough: an answer that is a week late does harm. What
only the operator can mend fails at once, and what may be out already is never tried again.

Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ;
https://www.rfc-editor.org/rfc/rfc5321 section 4.5.4.1 (mail is given up after 4 to 5 days)
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from flows.errors import (
    AdministratorError,
    DeliveryUnknown,
    JigajobError,
    SignInNeeded,
    Throttled,
    TransientError,
)
from flows.outbox.record import Change
from flows.terms import Terms

FIRST: Final = timedelta(minutes=1)
"""Limit of the first pause; each later one is twice as long."""

CEILING: Final = timedelta(hours=6)
"""Limit of any pause."""

SLOWLY: Final = timedelta(hours=1)
"""Limit of a pause until somebody has acted; it is half of that at least."""

LONGEST_PAUSE: Final = timedelta(days=1)
"""A longer pause is not granted, whatever the other side asks for."""

FOR: Final = timedelta(days=4)
TRIES: Final = 12
"""An output is given up when it was tried this often, over at least that time."""


@dataclass(frozen=True, slots=True)
class Try:
    """One try: of which output, which one it is, when the first was, when this one ended.

    *broken_off* is whether the try before came to no end; *looking_up* whether, for that
    reason, this one only looked whether the output is out. *terms* may say how often and how
    long it is tried: each of both limits is one then, where else both have to be reached.
    """

    output_id: str
    number: int
    since: datetime
    ended: datetime
    broken_off: bool = False
    looking_up: bool = False
    terms: Terms = field(default_factory=Terms)

    @property
    def last(self) -> bool:
        """Tell whether no other is to follow."""
        attempts, within = self.terms.attempts, self.terms.within
        if not attempts and within is None:
            return self.number >= TRIES and self.ended - self.since >= FOR
        often = bool(attempts) and self.number >= attempts
        return often or (within is not None and self.ended - self.since >= within)

    def next_at(self, pause: timedelta) -> datetime:
        """Return when the next one is, if it is after *pause*: the last one at its limit."""
        after_it = self.ended + pause
        within = self.terms.within
        return after_it if within is None else min(after_it, self.since + within)


def after(error: Exception, tried: Try) -> Change:
    """Return what becomes of an output whose try has failed."""
    pause = _pause(error, tried)
    if pause is None or tried.last:
        unsure = tried.looking_up or not _is_known(error)
        return Change(
            "unknown" if unsure else "failed",
            _note(error) if pause is None else _given_up(error, tried),
            attempts=tried.number,
            since=tried.since,
        )
    least, most = (length.total_seconds() for length in pause)
    return Change(
        "sending" if tried.looking_up else "approved",
        _note(error),
        # No secret hangs on it.
        next_at=tried.next_at(timedelta(seconds=random.uniform(least, most))),  # noqa: S311
        attempts=tried.number,
        since=tried.since,
    )


def limit(number: int) -> timedelta:
    """Return how long the pause after try *number* (from 1) may be, where nobody must act."""
    return min(FIRST * (1 << min(number - 1, 20)), CEILING)


def _pause(error: Exception, tried: Try) -> tuple[timedelta, timedelta] | None:
    """Return how long to wait at least and at most; None where waiting is no cure."""
    match error:
        case Throttled():
            asked = min(timedelta(seconds=max(error.retry_after, 0)), LONGEST_PAUSE)
            return asked, asked + limit(tried.number)
        case TransientError():
            return timedelta(), limit(tried.number)
        case SignInNeeded():
            return SLOWLY / 2, SLOWLY
        case AdministratorError() if not tried.looking_up:
            return SLOWLY / 2, SLOWLY
        case _:
            return None


def _is_known(error: Exception) -> bool:
    """Tell whether it is sure that nothing went out."""
    return isinstance(error, JigajobError) and not isinstance(error, DeliveryUnknown)


def _note(error: Exception) -> str:
    if isinstance(error, JigajobError):
        return str(error)
    what = f"its outlet stopped on an unforeseen {type(error).__name__}"
    if isinstance(error, TimeoutError):
        what = "its outlet gave no answer in time"
    return f"{what}\n  fix: see whether it went out; approve it if not"


def _given_up(error: Exception, tried: Try) -> str:
    """Return what happened, how often it was tried, since when, and what to do."""
    what, fix = str(error), ""
    if isinstance(error, JigajobError):
        what, fix = error.what, error.fix
    first = f"{tried.since:%Y-%m-%d %H:%M} UTC"
    verb = "looked up" if tried.looking_up else "tried"
    begin = tried.output_id[:10]
    again = f"`jigajob outbox retry {begin}` tries again"
    if tried.looking_up:
        again = f"see whether it went out; `jigajob outbox approve {begin}` sends it again"
    return (
        f"{what}; given up: {verb} {tried.number} times since {first}\n"
        f"  fix: {f'{fix}; then ' if fix else ''}{again},"
        f" `jigajob outbox cancel {begin}` closes it"
    )
