"""Every attack, in the order in which they are told."""

from __future__ import annotations

from typing import Final

from tests.anonymizer.tables.attacks import (
    averaging,
    differencing,
    dominance,
    float_grid,
    margins,
    membership,
    opt_out,
    reconstruction,
    register,
    side_channel,
    small_cells,
)
from tests.anonymizer.tables.attacks.attack import Attack

ATTACKS: Final[tuple[Attack, ...]] = (
    differencing.ATTACK,
    dominance.ATTACK,
    margins.ATTACK,
    small_cells.ATTACK,
    opt_out.ATTACK,
    averaging.ATTACK,
    membership.ATTACK,
    reconstruction.ATTACK,
    float_grid.ATTACK,
    register.ATTACK,
    side_channel.ATTACK,
)
