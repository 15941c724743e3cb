"""How far noise goes: reckoned from the method alone, so that everybody may know it.

A total is a sum of many noisy cells. Its noise is a sum of discrete Laplace noise, which has
heavier tails than a normal distribution of the same spread; so it is reckoned, not assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from anonymizer.tables.method import Measure
from anonymizer.tables.noise import noise_scale

_STEPS: Final = 512
"""Steps in one standard deviation: where there are more whole numbers, some are passed over."""

_REACH: Final = 64
"""Standard deviations, from end to end, beyond which there is next to nothing."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The sum of *terms* independent discrete Laplace noises, each of the scale *scale*."""

    scale: float
    terms: int

    @property
    def deviation(self) -> float:
        """Return its standard deviation."""
        decay = np.exp(-1 / self.scale)
        return float(np.sqrt(2 * self.terms * decay) / -np.expm1(-1 / self.scale))

    @lru_cache(maxsize=1024)  # noqa: B019 - it holds two numbers
    def within(self, share: float) -> int:
        """Return the smallest distance from 0 that it keeps in at least *share* of cases."""
        step, tail = _tails(self)
        outside = 2 * tail[1:]  # at index i: farther away than i steps, on either side
        return int(np.argmax(outside <= 1 - share)) * step

    @lru_cache(maxsize=1024)  # noqa: B019 - it holds two numbers
    def above(self, error: float) -> int:
        """Return the smallest number that it reaches with a probability of at most *error*."""
        step, tail = _tails(self)
        return int(np.argmax(tail <= error)) * step

    @lru_cache(maxsize=4096)  # noqa: B019 - it holds two numbers
    def least(self, number: int, floor: int, share: float) -> int:
        """Return the lower end of a margin for *number*, told because it is *floor* or more.

        What noise has lifted to the floor is told and what it has pushed below is not, so just
        above the floor more is too high than too low. From a figure below the end, what is
        told would be *number* or more in less than *share* of cases. It is 0 or above; far
        above the floor, it is where it would be without one.
        """
        step, tail = _tails(self)
        lifted = np.arange(min(-(-number // step) + 1, len(tail)))  # in steps, down to 0
        to_floor = lifted - (number - floor) // step
        told = np.where(
            to_floor >= 0,
            tail[np.maximum(to_floor, 0)],
            1 - tail[np.clip(1 - to_floor, 0, len(tail) - 1)],
        )
        likely = np.flatnonzero(tail[lifted] >= share * told)
        return max(number - int(likely[-1]) * step, 0)


def noise_of(measure: Measure, terms: int = 1) -> Spread:
    """Return the noise of a number of *measure* that is a sum of so many noisy ones."""
    return Spread(noise_scale(measure.sensitivity, measure.epsilon), terms)


@lru_cache(maxsize=256)
def _tails(spread: Spread) -> tuple[int, NDArray[np.float64]]:
    """Return the step, and the probabilities of being i steps above 0 or more, from i = 0.

    The characteristic function of a sum is the product of those of its terms; one inverse
    Fourier transform makes probabilities of it. Exact but for rounding where the step is 1,
    otherwise in error by what two steps hold, which is a five-hundredth of the spread.
    """
    step = max(1, int(spread.deviation / _STEPS))
    points = 1 << int(np.ceil(np.log2(max(spread.deviation / step, 1) * _REACH)))
    angles = 2 * np.pi * np.fft.rfftfreq(points) / step
    decay, rise = np.exp(-1 / spread.scale), np.expm1(-1 / spread.scale) ** 2
    one = rise / (rise + 4 * decay * np.sin(angles / 2) ** 2)
    chance = np.clip(np.fft.irfft(one**spread.terms, points), 0, None)
    upwards = chance[: points // 2]  # symmetric: the rest lies below 0
    return step, np.cumsum(upwards[::-1])[::-1]
