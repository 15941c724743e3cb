"""Words are cut as the network's vocabulary wants them, whatever they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymizer.text.context_model import FOLDER
from anonymizer.text.wordpieces import UNKNOWN, WordPieces, word_stretches


@pytest.fixture(scope="module")
def pieces() -> WordPieces:
    return WordPieces(FOLDER / "vocabulary.txt")


@pytest.fixture(scope="module")
def vocabulary() -> list[str]:
    return (FOLDER / "vocabulary.txt").read_text("utf-8").split("\n")


@pytest.mark.parametrize(
    ("word", "cut"),
    [
        ("boiler", "boiler"),
        ("Boiler", "boiler"),
        ("unaffable", "una ##ffa ##ble"),
        ("Zoë", "zoe"),
        ("1234", "123 ##4"),
        (",", ","),
    ],
)
def test_words_are_cut_from_the_left_into_the_longest_known(
    pieces: WordPieces, vocabulary: list[str], word: str, cut: str
) -> None:
    assert [vocabulary[number] for number in pieces.of(word)] == cut.split()


@pytest.mark.parametrize("word", ["☃", "x" * 41, ""])
def test_what_the_vocabulary_cannot_spell_is_one_unknown(pieces: WordPieces, word: str) -> None:
    assert pieces.of(word) == (UNKNOWN,)


@given(text=st.text(max_size=200))
def test_words_stand_in_order_apart_and_leave_out_only_blanks(text: str) -> None:
    last = 0
    for start, end in word_stretches(text):
        assert last <= start < end
        assert not text[last:start].strip()
        last = end
    assert not text[last:].strip()
