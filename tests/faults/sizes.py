"""How long the campaigns are: short by default, as long as the environment says.

`JIGAJOB_KILLS=500` is so many `kill -9`, of three sorts together; `JIGAJOB_POWER_FAILURES=5000`
so many failures of power under a store, and a tenth of that under whole sweeps. With `pytest
-s`, each campaign tells what it found.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Final

SEED: Final = 20261101

KILLS: Final = int(os.environ.get("JIGAJOB_KILLS", "50"))
COMMAND_KILLS: Final = max(3, KILLS // 25)
SENDING_KILLS: Final = (KILLS - COMMAND_KILLS) * 4 // 5
SWEEP_KILLS: Final = KILLS - COMMAND_KILLS - SENDING_KILLS

POWER_FAILURES: Final = int(os.environ.get("JIGAJOB_POWER_FAILURES", "300"))
PATH_FAILURES: Final = max(20, POWER_FAILURES // 10)
A_SEED: Final = 50
"""Failures of one recorded run; then another is recorded, from the next seed."""
STEPS: Final = 150
LETTERS: Final = 24


def tell(what: str, counts: Mapping[str, object]) -> None:
    """Print what a campaign found, in one line: numbers, and how many things a list has."""
    numbers = {
        name: len(found) if isinstance(found, list) else found
        for name, found in counts.items()
        if name != "where"
    }
    told = ", ".join(f"{name} {number}" for name, number in numbers.items())
    sys.stdout.write(f"\n{what}, seed {SEED}: {told}\n")
