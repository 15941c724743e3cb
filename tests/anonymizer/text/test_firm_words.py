"""Firms are told from people by how their words are written and where they stand."""

from __future__ import annotations

import pytest

from anonymizer.text.findings import MODEL_RULE, Finding
from anonymizer.text.firm_words import abbreviation, firm_words


@pytest.mark.parametrize(
    "word", ["HP", "NYSERDA", "PDVSA", "NetCo", "KeySpan", "ACME_EAST", "x"]
)
def test_abbreviations_and_coinages_are_no_people(word: str) -> None:
    assert abbreviation(word)


@pytest.mark.parametrize("word", ["EZINNE", "OKORO", "FitzGerald", "JoAnn", "MaryAnn"])
def test_names_that_look_like_abbreviations_or_coinages_are_people(word: str) -> None:
    assert not abbreviation(word)


@pytest.mark.parametrize("word", ["Maria", "McCoy", "MacLeod", "LeBlanc", "DiMaggio", "SMITH"])
def test_names_are_no_abbreviations(word: str) -> None:
    assert not abbreviation(word)


def test_what_stands_behind_the_at_is_a_firm_unless_it_is_a_name() -> None:
    texts = ["write to d.foti@brightflow.com or office@whitlock.com"]
    assert "brightflow" in firm_words(texts, [[]])
    assert "smith" not in firm_words(["write to office@smith.com"], [[]])


def test_a_word_is_the_firms_when_it_is_so_more_often() -> None:
    text = "Halden pays. Halden asks. Halden waits."
    places = [text.index("Halden", at) for at in (0, 10, 24)]
    labels = ("ORGANIZATION", "PERSON", "ORGANIZATION")
    found = [
        Finding(at, at + 6, label, MODEL_RULE) for at, label in zip(places, labels, strict=True)
    ]
    assert firm_words([text], [found]) == {"halden"}
    assert firm_words([text], [found[:2]]) == set()
