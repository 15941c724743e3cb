"""The quarters by which is counted and released.

They begin and end at midnight UTC for everybody: a public constant, where a business's own
time zone would be one more thing that tells of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Final

from flows.errors import OperatorError

SETTLING: Final = timedelta(days=7)
"""What happened on a day is counted so long after it, with the answers that came meanwhile."""

CLOSING: Final = timedelta(days=14)
"""So long after its end, a quarter takes in nothing more."""

_LABEL: Final = re.compile(r"([0-9]{4})-Q([1-4])")
_MONTHS: Final = 3


@dataclass(frozen=True, order=True)
class Period:
    """A quarter of a year by its label, as `Period("2026-Q3")`; they sort by time.

    Raises:
        OperatorError: The label is none.
    """

    label: str

    def __post_init__(self) -> None:
        found = _LABEL.fullmatch(self.label)
        if found is None or not 2000 <= int(found[1]) < date.max.year:  # noqa: PLR2004
            raise OperatorError(
                f"{self.label!r} is no quarter", fix="give year and quarter, as in 2026-Q3"
            )

    def __str__(self) -> str:
        return self.label

    @classmethod
    def of(cls, day: date) -> Period:
        """Return the quarter that the day is in; of a time, it is to be one in UTC."""
        return cls(f"{day.year}-Q{(day.month - 1) // _MONTHS + 1}")

    @cached_property
    def start(self) -> datetime:
        """Return when it begins."""
        return self._turn(0)

    @cached_property
    def end(self) -> datetime:
        """Return when it has ended: the next one's start."""
        return self._turn(1)

    @property
    def settled(self) -> datetime:
        """Return from when on everything in it can be counted."""
        return self.end + SETTLING

    @property
    def cut_off(self) -> datetime:
        """Return when it is decided who counts; only then it can be released."""
        return self.end + CLOSING

    @property
    def before(self) -> Period:
        """Return the quarter before."""
        return Period.of(self.start - timedelta(days=1))

    @property
    def after(self) -> Period:
        """Return the quarter after."""
        return Period.of(self.end)

    def _turn(self, quarters: int) -> datetime:
        year, number = int(self.label[:4]), int(self.label[-1]) - 1 + quarters
        return datetime(year + number // 4, number % 4 * _MONTHS + 1, 1, tzinfo=UTC)
