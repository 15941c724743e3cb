"""Discrete Laplace noise by OpenDP, the only place that knows it.

OpenDP samples exactly, from the system's randomness, without floating-point noise that could
be read back. It offers no seed: what was drawn cannot be drawn again.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, Final

from anonymizer.tables.refused import Refused

_TRIFLE: Final = 1 + Fraction(1, 2**48)
_FARTHEST: Final = 2**62
"""Beyond it, 64 bits could run full with the noise, and what runs full tells."""


@cache
def noise_scale(sensitivity: int, epsilon: Decimal) -> float:
    """Return the scale of the noise: its standard deviation is about 1.41 times as much.

    A trifle larger than it must be, since floating point could make it a trifle too small.
    """
    return float(Fraction(sensitivity) / Fraction(epsilon) * _TRIFLE)


def noisy(values: Sequence[int], sensitivity: int, epsilon: Decimal) -> list[int]:
    """Return *values* in their order, each with discrete Laplace noise of its own.

    The whole costs *epsilon*, provided that one owner changes *values* by *sensitivity* at
    most, all together. Results may be below 0 and are not cut off there.

    Raises:
        Refused: A value does not leave room for noise in 64 bits, or OpenDP reckons that the
            noise would cost more than *epsilon*.
    """
    if any(abs(value) > _FARTHEST for value in values):
        raise Refused("a sum is too large to put noise on", fix="lower the bound of the method")
    library = _library()
    # Without T="i64" it counts in 32 bits, where large sums run full.
    mechanism = library.m.make_laplace(
        library.vector_domain(library.atom_domain(T="i64")),
        library.l1_distance(T="i64"),
        scale=noise_scale(sensitivity, epsilon),
    )
    if Fraction(mechanism.map(sensitivity)) > Fraction(epsilon):
        raise Refused(
            f"noise for an epsilon of {epsilon} cannot be made",
            fix="give the measure an epsilon with fewer digits",
        )
    drawn: list[int] = mechanism(list(values))
    return drawn


@cache
def _library() -> Any:  # noqa: ANN401 - it types its constructors by hand, and not these
    import opendp.prelude as library  # noqa: PLC0415 - half a second, only for a release

    # Its proofs are not vetted by its standards; the other two features would weaken ours.
    library.enable_features("contrib")
    return library
