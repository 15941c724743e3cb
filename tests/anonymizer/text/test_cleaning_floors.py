"""Floors of quality on public labelled text; `tests.bench.cleaning` prints the whole table."""

from __future__ import annotations

import pytest

from anonymizer.text.cleaner import Cleaner
from tests.bench import cleaning

pytestmark = [pytest.mark.corpus, pytest.mark.slow]


@pytest.fixture(scope="module")
def find(cleaner: Cleaner) -> cleaning.Find:
    return cleaning.ours(cleaner)


def test_labelled_sentences_leak_little(find: cleaning.Find) -> None:
    if not (cleaning.CORPORA / "presidio-research").is_dir():
        pytest.skip(f"no presidio-research in {cleaning.CORPORA}")
    score = cleaning.characters(find)
    most = {
        "PERSON": 0.12,
        "ADDRESS": 0.15,
        "PHONE": 0.05,
        "CARD": 0.01,
        "EMAIL": 0.0,
        "IBAN": 0.01,
        "SSN": 0.0,
        "IP": 0.0,
    }
    over = {
        label: score.leak[label] for label, floor in most.items() if score.leak[label] > floor
    }
    assert not over
    assert score.over < 0.06


def test_real_threads_keep_few_names(find: cleaning.Find) -> None:
    if not (cleaning.CORPORA / "emailcoref-seed").is_dir():
        pytest.skip(f"no emailcoref-seed in {cleaning.CORPORA}")
    score = cleaning.name_words(find)
    assert score.leak["NAME"] < 0.10
    assert score.over < 0.03
