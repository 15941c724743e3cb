"""The noise is what it says, costs what it says, and is known in one file."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from decimal import Decimal
from math import exp
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymizer.tables.method import LARGEST_BOUND, SMALLEST_EPSILON
from anonymizer.tables.noise import noise_scale, noisy
from anonymizer.tables.refused import Refused

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("anonymizer", "connectors", "flows", "portal")


def test_each_number_comes_as_often_as_its_distribution_says() -> None:
    """Every bound is over seven standard deviations away: it fails once in 10^11 runs."""
    drawn = Counter(noisy([0] * 40_000, 1, Decimal("0.5")))
    decay = exp(-0.5)

    for number in range(-4, 5):
        chance = (1 - decay) / (1 + decay) * decay ** abs(number)
        assert abs(drawn[number] / 40_000 - chance) < 7 * (chance / 40_000) ** 0.5


@given(
    st.integers(1, LARGEST_BOUND),
    st.integers(1, 5000).map(lambda thousandth: thousandth * SMALLEST_EPSILON),
)
@settings(max_examples=200, deadline=None)
def test_no_noise_costs_more_than_declared(bound: int, epsilon: Decimal) -> None:
    """`noisy` asks OpenDP, and refuses where it reckons more: it never needs to."""
    assert len(noisy([0], bound, epsilon)) == 1


def test_it_counts_in_64_bits() -> None:
    """In OpenDP's 32 bits, this sum would come out as 2,147,483,647."""
    (drawn,) = noisy([10**12], 1, Decimal(1))

    assert abs(drawn - 10**12) < 1000


def test_the_largest_bound_with_least_epsilon_stays_far_from_the_end() -> None:
    scale = noise_scale(LARGEST_BOUND, SMALLEST_EPSILON)

    # Noise of more than 1,000 scales comes once in e^1000 draws.
    assert LARGEST_BOUND * 2**30 + 1000 * scale < 2**62


def test_what_leaves_no_room_for_noise_is_refused() -> None:
    with pytest.raises(Refused, match="too large") as refused:
        noisy([2**62 + 1], 1, Decimal(1))

    assert str(2**62 + 1) not in str(refused.value)


def test_opendp_is_known_to_one_file_and_loads_at_the_first_noise() -> None:
    knowing = [
        path.relative_to(ROOT)
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if "import opendp" in (text := path.read_text(encoding="utf-8"))
        or "from opendp" in text
    ]
    program = "import sys, anonymizer.tables.publishing; print('opendp' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert knowing == [Path("anonymizer/tables/noise.py")]
    assert done.stdout.strip() == "False"


def test_only_the_feature_that_weakens_nothing_is_on() -> None:
    from opendp.mod import GLOBAL_FEATURES

    noisy([0], 1, Decimal(1))

    assert set(GLOBAL_FEATURES) == {"contrib"}
