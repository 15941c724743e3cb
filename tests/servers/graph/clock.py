"""The server's time: real, and moved forward by tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Real time plus what tests have added."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, *, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


def stamp(moment: datetime) -> str:
    """Return *moment* as Graph writes it: UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
