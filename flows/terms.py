"""What a flow says about how an output goes out, carried on the output itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """Until when somebody may decide, and what becomes of the output `then`.

    `ask` is the role that is asked then, where that is what becomes of it.
    """

    at: datetime
    then: Literal["reject", "approve", "ask"]
    ask: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How one output goes out, where its flow says more than nothing.

    `lane` is the key of `concurrency`: outputs of one lane go out one at a time, in the order
    in which they were made, and of one run by `place`. What is stored is its keyed hash.
    `attempts` (0: as the outbox has it) and `within` limit the tries, `timeout` each of them.
    `tells` is the role that is told where it cannot go out.
    """

    lane: str = ""
    place: int = 0
    attempts: int = 0
    within: timedelta | None = None
    timeout: timedelta | None = None
    deadline: Deadline | None = None
    tells: str = ""

    @property
    def let_go(self) -> bool:
        """Tell whether the output goes out if nobody decides."""
        return self.deadline is not None and self.deadline.then == "approve"

    def held(self) -> Terms:
        """Return them for an output about which a person has to decide, whenever that is."""
        return replace(self, deadline=None) if self.let_go else self


PLAIN: Final = Terms()
"""Those of what a flow says nothing about: nearly all, so they are not stored."""
