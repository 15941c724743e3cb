"""What an attack is, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pytest

Criterion = Literal["individualization", "correlation", "inference"]
"""What must not be possible. Source: CQLR A-2.1, r. 0.1, s. 2 (Québec, 2024)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether the pipeline stood, and what was measured, in words for a table."""

    passed: bool
    measured: str


@dataclass(frozen=True, slots=True)
class Sabotage:
    """One part of the real pipeline swapped for one that does not protect."""

    name: str
    swap: Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One attack on the pipeline as it is imported when it runs.

    Attributes:
        name: What the field calls it.
        knows: What the attacker has beside the releases.
        criterion: When the pipeline stands.
        against: Which of the three criteria of Québec it tries.
        run: Attacks, seconds long; takes nothing, since the pipeline is found by import.
        sabotages: Swaps of which it must notice each.
    """

    name: str
    knows: str
    criterion: str
    against: tuple[Criterion, ...]
    run: Callable[[], Outcome]
    sabotages: tuple[Sabotage, ...]

    def sabotaged(self, sabotage: Sabotage) -> Outcome:
        """Attack the pipeline with one part swapped, and put it back."""
        with pytest.MonkeyPatch.context() as patch:
            sabotage.swap(patch)
            return self.run()
