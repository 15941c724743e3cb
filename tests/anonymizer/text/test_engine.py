"""What the engine reads closely, and what it leaves to rules, so that time stays bounded."""

from __future__ import annotations

import pytest

from anonymizer.text.cleaner import READ_CLOSELY, Cleaner
from anonymizer.text.engine import Asked, Engine
from anonymizer.text.findings import CONTEXT, READ, Finding
from anonymizer.text.request import Part, Request

PRIVATE = "My son Tim is nine and has asthma, so please no paint fumes before Friday."
TRADE = "Please send 40 feet of half-inch copper pipe and two ball valves to the yard."


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def ruled(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.rule != CONTEXT]


def test_what_may_be_private_is_read_and_says_so(engine: Engine) -> None:
    (found,) = engine.find([Asked(PRIVATE)])
    assert any(f.label == READ and f.start == 0 for f in found)
    assert any(f.label == "HEALTH" and f.rule == CONTEXT for f in found)


def test_trade_without_a_sign_is_not_read(engine: Engine) -> None:
    (found,) = engine.find([Asked(TRADE)])
    assert [finding for finding in found if finding.rule == CONTEXT] == []


def test_what_is_not_asked_closely_is_left_to_rules_and_not_mixed_up(engine: Engine) -> None:
    plainly, closely = engine.find([Asked(PRIVATE, closely=False), Asked(PRIVATE)])
    assert plainly == ruled(closely)
    assert engine.find([Asked(PRIVATE, closely=False)])[0] == plainly


def test_rules_read_to_the_end_of_a_part_that_is_too_long_to_read_closely(
    cleaner: Cleaner,
) -> None:
    text = (TRADE + "\n\n") * (READ_CLOSELY // len(TRADE) + 1) + "Write to ann@mail.example."
    (cleaned,) = cleaner.clean([Request(parts=(Part(name="text", text=text),))])
    assert cleaned.texts["text"].endswith("Write to <EMAIL_1>.")
