"""The pipeline withstands every attack, and no attack overlooks a sabotaged pipeline.

About half a minute on one core. A sound pipeline fails with a probability below 1e-6.
"""

from __future__ import annotations

import pytest

from anonymizer.tables.evidence import code_digest, evidence
from tests.anonymizer.tables.attacks import results
from tests.anonymizer.tables.attacks.attack import Attack, Sabotage
from tests.anonymizer.tables.attacks.every import ATTACKS

SABOTAGED = [(attack, sabotage) for attack in ATTACKS for sabotage in attack.sabotages]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_pipeline_withstands(attack: Attack) -> None:
    outcome = attack.run()

    assert outcome.passed, outcome.measured


@pytest.mark.parametrize(
    ("attack", "sabotage"), SABOTAGED, ids=[f"{a.name}-{s.name}" for a, s in SABOTAGED]
)
def test_a_sabotaged_pipeline_does_not(attack: Attack, sabotage: Sabotage) -> None:
    outcome = attack.sabotaged(sabotage)

    assert not outcome.passed, outcome.measured


def test_what_ships_is_of_this_code_and_says_what_these_tests_show() -> None:
    """Run `python -m tests.bench.attacks --write` after each change of the pipeline."""
    shipped = results.shipped()

    assert shipped["code"] == code_digest()
    assert shipped["passed"] == shipped["attacks"] == len(ATTACKS)
    assert shipped["caught"] == shipped["sabotages"] == len(SABOTAGED)
    names = {a.name: [s.name for s in a.sabotages] for a in ATTACKS}
    assert {n: list(r["sabotages"]) for n, r in shipped["results"].items()} == names
    assert evidence() == {**shipped, "of_this_code": True}


def test_the_page_says_what_ships() -> None:
    assert results.told() == results.table(results.shipped())


def test_each_criterion_of_quebec_is_tried() -> None:
    tried = {criterion for attack in ATTACKS for criterion in attack.against}

    assert tried == {"individualization", "correlation", "inference"}
