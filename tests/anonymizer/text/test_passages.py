"""Passages hold whole sentences around a sign, and nothing of the rest."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anonymizer.text.passages import OFFSETS, Gate, passages
from anonymizer.text.token_classes import with_neighbours

MAIL = (
    "The pump is on the north wall. It hums at night. My son is nine. He sleeps above it.\n"
    "Please bring a new one on Tuesday. The old one is yours. Thanks for all you do for us."
)


def test_a_sign_opens_its_sentence_and_those_beside_it() -> None:
    (passage,) = passages(MAIL, [MAIL.index("nine")])
    assert MAIL[slice(*passage)].strip() == (
        "It hums at night. My son is nine. He sleeps above it."
    )


def test_without_a_sign_nothing_is_read() -> None:
    assert list(passages(MAIL, [])) == []


def test_passages_that_touch_are_one() -> None:
    signs = [MAIL.index("nine"), MAIL.index("Tuesday")]
    assert len(list(passages(MAIL, signs))) == 1


def test_a_line_that_was_wrapped_goes_on() -> None:
    text = "My neighbour tells me that the heat pump which you put in last spring\nis loud."
    (passage,) = passages(text, [text.index("neighbour")])
    assert passage == (0, len(text))


def test_of_a_long_sentence_beside_only_the_near_part_is_read() -> None:
    text = "word " * 500 + "end. He is nine. " + "word " * 500
    (passage,) = passages(text, [text.index("nine")])
    assert passage[1] - passage[0] < 600


@given(text=st.text(alphabet="ab .!?\n-", max_size=400), signs=st.lists(st.integers(0, 399)))
def test_every_sign_is_read_and_passages_stand_apart_in_order(
    text: str, signs: list[int]
) -> None:
    places = [place for place in signs if place < len(text) and not text[place].isspace()]
    found = list(passages(text, places))
    assert all(any(start <= place < end for start, end in found) for place in places)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))


def test_a_megabyte_is_cut_in_a_second() -> None:
    text = "He is nine and the boiler is not. " * 30_000
    began = time.process_time()
    assert list(passages(text, range(0, len(text), 50)))
    assert time.process_time() - began < 5


def test_neighbours_beyond_the_ends_are_nothing() -> None:
    x = np.arange(1, 4, dtype=np.float32)[:, None]
    assert with_neighbours(x, 1).tolist() == [[0, 1, 2], [1, 2, 3], [2, 3, 0]]
    assert with_neighbours(x, 5).tolist() == [[0, 1, 0], [0, 2, 0], [0, 3, 0]]


def test_the_gate_scores_each_word_of_texts_of_any_length() -> None:
    gate = Gate()
    for length in (1, max(OFFSETS), 40):
        scores = gate.scores(np.zeros((length, 192), np.float32))
        assert scores.shape == (length,)
        assert np.isfinite(scores).all()
