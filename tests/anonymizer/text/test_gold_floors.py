"""Floors of quality on the project's own labelled mails, invented and written for it.

Rules are written with an eye on half `a`; half `b` is only ever scored, so that its figures
say what mail does that nobody has seen. `jigajob clean eval tests/anonymizer/gold` prints all.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from anonymizer.text.cleaner import Cleaner
from anonymizer.text.public_sets import read_labelled
from anonymizer.text.scoring import Score, score

GOLD = Path(__file__).parents[1] / "gold"


@pytest.fixture(scope="module")
def scored(cleaner: Cleaner) -> Score:
    return score(read_labelled(GOLD), cleaner)


MINORS_OUT = {"a": 0.46, "b": 0.40}
OTHERS_OUT = {"a": 0.60, "b": 0.40}
TRAPS_KEPT = {"a": 0.98, "b": 0.80}
FIELDS_KEPT = {"a": 0.90, "b": 0.80}
OVER_MASKED = {"a": 0.07, "b": 0.10}


@pytest.mark.parametrize("half", ["a", "b"])
def test_what_belongs_to_children_goes(scored: Score, half: str) -> None:
    assert 1 - scored.groups[half].of("minor").leak >= MINORS_OUT[half]


@pytest.mark.parametrize("half", ["a", "b"])
def test_what_is_personal_goes(scored: Score, half: str) -> None:
    assert 1 - scored.groups[half].of("out").leak >= OTHERS_OUT[half]


@pytest.mark.parametrize("half", ["a", "b"])
def test_what_only_looks_personal_stays(scored: Score, half: str) -> None:
    assert scored.groups[half].of("trap").share >= TRAPS_KEPT[half]


@pytest.mark.parametrize("half", ["a", "b"])
def test_kept_fields_stay(scored: Score, half: str) -> None:
    assert scored.groups[half].of("keep").share >= FIELDS_KEPT[half]


@pytest.mark.parametrize("half", ["a", "b"])
def test_the_rest_is_left_alone(scored: Score, half: str) -> None:
    assert scored.groups[half].over <= OVER_MASKED[half]
