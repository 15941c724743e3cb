"""Where a listing stands: a stretch of time, read whole, and how much of it was shown."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Final, Self

DAY: Final = 86_400
LONGEST: Final = 400 * DAY
OVERLAP: Final = 3_600
"""Seconds that the next sweep reads again: what Stripe shows late is then still seen."""


@dataclass(frozen=True, slots=True)
class Place:
    """The seconds from `start` on, `width` of them; `shown` entries of them were given.

    `began` is where this sweep's first stretch began. `event` is the newest event that was
    heeded, by its id; empty before the end of the first sweep.
    """

    start: int
    width: int = DAY
    shown: int = 0
    began: int = 0
    event: str = ""

    @classmethod
    def read(cls, cursor: str, first: int) -> Self:
        """Return the place that a cursor says, the start from *first* on if it says none."""
        try:
            found = json.loads(cursor)
            place = cls(
                int(found["start"]),
                int(found["width"]),
                int(found["shown"]),
                int(found["began"]),
                str(found["event"]),
            )
        except (ValueError, KeyError, TypeError):
            return cls(first, began=first)
        sound = place.start >= 0 and 1 <= place.width <= LONGEST and place.shown >= 0
        return place if sound else cls(first, began=first)

    @property
    def end(self) -> int:
        """Return the first second after the stretch."""
        return self.start + self.width

    def until(self, now: int) -> Self:
        """Return this stretch, ending with the second before *now* at the latest."""
        return replace(self, width=max(1, min(self.width, now - self.start)))

    def next(self) -> Self:
        """Return the stretch after this one, twice as long: quiet years take few calls."""
        return replace(self, start=self.end, width=min(2 * self.width, LONGEST), shown=0)

    def cursor(self) -> str:
        """Return the cursor from which this place is read again."""
        return json.dumps(asdict(self))
