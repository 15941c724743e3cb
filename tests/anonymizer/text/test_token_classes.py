"""The classifier of tokens: where tokens stand, what it tells, what it remembers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anonymizer.text import token_classes
from anonymizer.text.engine import NameModel
from anonymizer.text.token_classes import (
    CLASSES,
    MATTERS,
    TokenClasses,
    stretches,
)
from anonymizer.text.tokens import tokens
from tests.bench.name_model import invented_words

COLUMNS = len(CLASSES) + len(MATTERS)


class TestTokens:
    @given(st.text())
    def test_cover_every_character_that_is_no_blank(self, text: str) -> None:
        words, starts = tokens(text)
        ends = [start + len(word) for word, start in zip(words, starts, strict=True)]
        assert words == [text[s:e] for s, e in zip(starts, ends, strict=True)]
        assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
        between = zip([0, *ends], [*starts, len(text)], strict=True)
        assert not "".join(text[end:start] for end, start in between).strip()

    def test_cut_names_from_what_is_written_to_them(self) -> None:
        words, _ = tokens("Maria's o'clock: Mr. J. Lopez/Kim, 4.5 m\n\nama@mail.example!")
        assert words == [
            *("Maria", "'s", "o", "'", "clock", ":", "Mr.", "J.", "Lopez", "/", "Kim", ","),
            *("4.5", "m", "\n\n", "ama@mail.example", "!"),
        ]


def as_if(words: list[str], said: dict[str, str]) -> token_classes.Array:
    """Return the probabilities of *words* as if the network were certain."""
    blocks = []
    for known in (CLASSES, MATTERS):
        names = [said.get(word, "O") for word in words]
        numbers = [known.index(name) if name in known else 0 for name in names]
        blocks.append(np.eye(len(known), dtype=np.float32)[numbers])
    return np.concatenate(blocks, 1)


class TestStretches:
    def test_have_exact_offsets(self) -> None:
        text = "Call  Maria  Lopez-Ruiz\n(in Yonkers)."
        words, starts = tokens(text)
        people = dict.fromkeys(("Maria", "Lopez", "-", "Ruiz"), "PERSON")
        found = stretches(words, starts, as_if(words, people | {"Yonkers": "LOCATION"}))
        assert [(text[start:end], name) for start, end, name in found] == [
            ("Maria  Lopez-Ruiz", "PERSON"),
            ("Yonkers", "LOCATION"),
        ]

    def test_take_what_looks_like_a_town_right_behind_a_name_for_its_last_part(self) -> None:
        words, starts = tokens("Ask Sofia Lima in Lima")
        classes = as_if(words, {"Sofia": "PERSON", "Lima": "LOCATION"})
        assert stretches(words, starts, classes) == [(4, 14, "PERSON"), (18, 22, "LOCATION")]

    def test_tell_private_matters_behind_the_names(self) -> None:
        words, starts = tokens("Ask Ama, who has lung cancer")
        said = {"Ama": "PERSON", "lung": "HEALTH", "cancer": "HEALTH"}
        found = stretches(words, starts, as_if(words, said))
        assert found == [(4, 7, "PERSON"), (17, 28, "HEALTH")]

    @given(st.lists(st.sampled_from(["Ama", "\n", ",", "  ", "12"])), st.integers(0, 9_999))
    def test_begin_and_end_with_words_and_never_overlap(
        self, cut: list[str], seed: int
    ) -> None:
        words, starts = tokens("".join(cut))
        random = np.random.default_rng(seed)
        blocks = [
            random.dirichlet(np.ones(len(known)) / len(known), len(words))
            for known in (CLASSES, MATTERS)
        ]
        found = stretches(words, starts, np.concatenate(blocks, 1).astype(np.float32))
        assert {start for start, _, _ in found} <= set(starts)
        assert {end for _, end, _ in found} <= {
            start + len(word) for word, start in zip(words, starts, strict=True)
        }
        for known in (CLASSES, MATTERS):
            block = [each for each in found if each[2] in known]
            assert all(first[1] <= second[0] for first, second in pairwise(block))


def coined_words(seed: int) -> Iterator[str]:
    """Yield words that are in no dictionary, each once."""
    random, seen = Random(seed), set[str]()
    while True:
        word = "".join(random.choices(invented_words.SYLLABLES, k=4)).capitalize()
        if word not in seen:
            seen.add(word)
            yield word


class TestTokenClasses:
    def test_read_a_text_alike_whatever_else_is_in_the_batch(self, model: NameModel) -> None:
        text, _ = tokens("Thanks, Maria Lopez, 12 Elm Street")
        before, _ = tokens("Please call Mr.")
        behind, _ = tokens("Yonkers and Brodex Supply GmbH")
        (alone,) = model.classes.probabilities([text])
        _, among, _ = model.classes.probabilities([before, text, behind])
        np.testing.assert_allclose(among, alone, atol=1e-5)
        assert alone.shape == (len(text), COLUMNS)
        np.testing.assert_allclose(alone[:, : len(CLASSES)].sum(1), 1, atol=1e-5)
        np.testing.assert_allclose(alone[:, len(CLASSES) :].sum(1), 1, atol=1e-5)

    def test_give_an_empty_text_an_empty_answer(self, model: NameModel) -> None:
        none, some = model.classes.probabilities([[], ["Maria"]])
        assert none.shape == (0, COLUMNS)
        assert some.shape == (1, COLUMNS)

    def test_leave_no_word_of_a_mail_in_the_vocabulary(self, model: NameModel) -> None:
        words = list(islice(coined_words(1), 20_000))
        vocabulary = model.pipeline.vocab
        # spaCy's own len() counts words also that it has forgotten.
        before = sum(1 for _ in vocabulary), len(vocabulary.strings)
        for first in range(0, len(words), 5_000):
            model.classes.probabilities([words[first : first + 5_000]])
        assert (sum(1 for _ in vocabulary), len(vocabulary.strings)) == before
        assert words[0] not in vocabulary.strings

    def test_remember_a_bounded_number_of_words(self, model: NameModel) -> None:
        classes = TokenClasses(model.pipeline)
        most, at_once = token_classes._MOST_TYPES, 10_000
        words, largest = coined_words(2), 0
        text = ["Maria", "Lopez", "lives", "in", "Yonkers"]
        (before,) = classes.probabilities([text])
        for _ in range(most // at_once + 2):
            classes._rows_of(list(islice(words, at_once)))
            largest = max(largest, len(classes._rows))
        assert most < largest <= most + at_once
        assert len(classes._rows) < largest
        (after,) = classes.probabilities([text])
        np.testing.assert_allclose(after, before, atol=1e-5)
