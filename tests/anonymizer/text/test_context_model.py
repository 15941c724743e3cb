"""The network that reads passages tells people's matters from the trade's, place by place."""

from __future__ import annotations

import pytest

from anonymizer.text.context_model import LEAST, LONGEST, ContextModel
from anonymizer.text.findings import CONTEXT, Finding

SURE = 0.5
CHILD = "My daughter Noor is nine and has asthma, so the boiler can't stay off."
TRADE = "The boiler is nine years old, the junior plumber says, and the class A vent is minor."


@pytest.fixture(scope="module")
def model() -> ContextModel:
    return ContextModel()


def read(model: ContextModel, text: str, start: int = 0) -> dict[str, Finding]:
    (found,) = model.read([(text, start, len(text))])
    return {text[f.start : f.end]: f for f in found if f.score >= SURE}


def test_what_is_said_of_a_child_is_told_as_a_childs(model: ContextModel) -> None:
    found = read(model, CHILD)
    labels = {text: (finding.label, finding.minor) for text, finding in found.items()}
    assert labels["Noor"] == ("CHILD", True)
    assert labels["nine"] == ("AGE", True)
    assert labels["asthma"] == ("HEALTH", True)


def test_the_same_words_of_the_trade_are_nothing(model: ContextModel) -> None:
    assert read(model, TRADE) == {}


def test_findings_stand_in_places_of_the_whole_text(model: ContextModel) -> None:
    before = "Unit 9, second floor.\n"
    assert read(model, before + CHILD, len(before)).keys() == read(model, CHILD).keys()


def test_scores_are_probabilities_and_bear_the_networks_mark(model: ContextModel) -> None:
    (found,) = model.read([(CHILD, 0, len(CHILD))])
    assert found
    assert all(LEAST <= f.score <= 1 and f.rule == CONTEXT for f in found)
    assert all(f.start < f.end and CHILD[f.start].isalnum() for f in found)


def test_passages_are_read_side_by_side_nearly_as_alone(model: ContextModel) -> None:
    """Eight bits a weight: what is read beside a passage moves its scores, but a little.

    How much is up to the processor: without VNNI, sums of eight bits are cut off.
    """
    texts = [CHILD, TRADE, CHILD[:30]]
    together = model.read([(text, 0, len(text)) for text in texts])
    for text, found in zip(texts, together, strict=True):
        (alone,) = model.read([(text, 0, len(text))])
        scores = {(f.start, f.end): f.score for f in alone}
        for finding in found:
            if finding.score > 2 * LEAST:
                known = scores.get((finding.start, finding.end), 0.0)
                assert known == pytest.approx(finding.score, abs=0.3)


def test_a_passage_longer_than_is_read_at_once_is_read_to_its_end(model: ContextModel) -> None:
    text = "The pump runs well. " * LONGEST + CHILD
    assert "Noor" in read(model, text)


@pytest.mark.parametrize("text", ["", " \n ", "...", "\u2603" * 5, "a" * 10_000])
def test_any_text_is_read(model: ContextModel, text: str) -> None:
    assert model.read([]) == []
    assert len(model.read([(text, 0, len(text))])) == 1
