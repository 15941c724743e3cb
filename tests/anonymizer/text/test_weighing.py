"""What the network that reads passages says counts as far as it is to be trusted."""

from __future__ import annotations

from anonymizer.text.findings import CONTEXT, MODEL_RULE, READ, Finding
from anonymizer.text.weighing import (
    BELIEVED,
    CHILDREN,
    NO_NAME,
    believable_names,
    believed,
    childrens_names,
)

ALL_READ = Finding(0, 100, READ, CONTEXT)


def heard(start: int, end: int, label: str, score: float) -> Finding:
    return Finding(start, end, label, CONTEXT, score=score)


def test_the_network_is_believed_by_itself_when_it_is_sure() -> None:
    sure = heard(40, 46, "HEALTH", BELIEVED["HEALTH"])
    unsure = heard(60, 66, "HEALTH", BELIEVED["HEALTH"] - 0.01)
    assert [f.start for f in believed([ALL_READ, sure, unsure], [])] == [40]


def test_what_a_rule_found_already_keeps_the_rules_name() -> None:
    ruled = Finding(30, 50, "ADDRESS", "street")
    inside, beyond = heard(44, 49, "AGE", 0.9), heard(44, 52, "AGE", 0.9)
    assert believed([inside, beyond], [ruled]) == [heard(44, 52, "AGE", 1.0)]


def test_of_numbers_it_has_to_be_surer() -> None:
    score = BELIEVED["HEALTH"]
    assert believed([heard(0, 4, "CREDENTIAL", score), heard(5, 9, "VEHICLE", score)], []) == []


def test_names_are_left_to_those_who_know_names() -> None:
    person = heard(40, 46, "PERSON", 0.99)
    assert believed([ALL_READ, person], []) == []
    assert childrens_names([heard(0, 4, "CHILD", CHILDREN), person]) == [(0, 4)]
    assert childrens_names([heard(0, 4, "CHILD", CHILDREN - 0.01)]) == []


def test_only_a_name_that_a_network_guessed_is_doubted() -> None:
    guessed = Finding(10, 15, "PERSON", MODEL_RULE)
    cued = Finding(20, 25, "PERSON", "greeting")
    assert believable_names([guessed, cued], [ALL_READ]) == [cued]


def test_a_name_is_not_doubted_where_nothing_was_read() -> None:
    guessed = Finding(10, 15, "PERSON", MODEL_RULE)
    assert believable_names([guessed], []) == [guessed]
    assert believable_names([guessed], [Finding(12, 40, READ, CONTEXT)]) == [guessed]


def test_anything_private_in_its_place_confirms_a_name() -> None:
    guessed = Finding(10, 15, "PERSON", MODEL_RULE)
    assert believable_names([guessed], [ALL_READ, heard(8, 12, "CHILD", NO_NAME)]) == [guessed]
    assert believable_names([guessed], [ALL_READ, heard(15, 20, "CHILD", 0.9)]) == []
