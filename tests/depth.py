"""How far properties and races of chance are tried: `JIGAJOB_DEPTH=10` tries ten times as much.

The numbers at the tests are what two processors get through in minutes. Every run draws other
examples, so that many short runs see as much as one long one.
"""

from __future__ import annotations

import os
from typing import Final

DEPTH: Final = int(os.environ.get("JIGAJOB_DEPTH", "1"))


def times(number: int) -> int:
    """Return how many examples, seeds or rounds to try where *number* are by default."""
    return number * DEPTH
