"""The classifier of tokens: where tokens stand, what it remembers, and that it can learn."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymizer.text import token_classes
from anonymizer.text.engine import NameModel
from anonymizer.text.token_classes import CLASSES, OFFSETS, WEIGHTS, TokenClasses, stretches
from anonymizer.text.tokens import tokens
from tests.bench.name_model import invented_words, labels, sentences, swaps
from tests.bench.name_model.batches import Lexicon
from tests.bench.name_model.invented import SLOTS
from tests.bench.name_model.labels import of_sentences
from tests.bench.name_model.network import Array, Batch, Network, Parameters, fresh
from tests.bench.name_model.rampart import WINDOW, windows
from tests.bench.name_model.records import Sentences
from tests.bench.name_model.training import (
    GROUPS,
    Learner,
    Plan,
    encoder,
    encoder_layers,
    write,
)

INVENTED = (
    ("Hi Dave, ", "PERSON:Maria Lopez", " of 4B has no water."),
    ("We moved from ", "LOCATION:Yonkers", " to ", "ADDRESS:12 Elm Street", " in May."),
    ("", "ORGANIZATION:Brodex Supply", " sent ", "PERSON:Amina", " to look at the boiler."),
    ("Please order two cartridges and one valve by Friday.",),
)


def invented(pieces: tuple[str, ...]) -> Sentences:
    """Return the sentence in *pieces*, of which `CLASS:words` is of that class."""
    text, spans = "", []
    for piece in pieces:
        label, colon, words = piece.partition(":")
        if colon:
            spans.append((len(text), len(text) + len(words), label))
        text += words if colon else piece
    return Sentences(text, spans)


@pytest.fixture(scope="module")
def model() -> NameModel:
    loaded = NameModel()
    loaded.load()
    return loaded


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
    """Return the classes of *words* as if the network were certain."""
    numbers = [CLASSES.index(said.get(word, "O")) for word in words]
    return np.eye(len(CLASSES), dtype=np.float32)[numbers]


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

    @given(st.lists(st.sampled_from(["Ama", "\n", ",", "  ", "12"])), st.integers(0, 9_999))
    def test_begin_and_end_with_words_and_never_overlap(
        self, cut: list[str], seed: int
    ) -> None:
        words, starts = tokens("".join(cut))
        classes = np.random.default_rng(seed).dirichlet(np.ones(5) / 5, len(words))
        found = stretches(words, starts, classes.astype(np.float32))
        assert {start for start, _, _ in found} <= set(starts)
        assert {end for _, end, _ in found} <= {
            start + len(word) for word, start in zip(words, starts, strict=True)
        }
        assert all(first[1] <= second[0] for first, second in pairwise(found))


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
        assert alone.shape == (len(text), len(CLASSES))
        np.testing.assert_allclose(alone.sum(1), 1, atol=1e-5)

    def test_give_an_empty_text_an_empty_answer(self, model: NameModel) -> None:
        none, some = model.classes.probabilities([[], ["Maria"]])
        assert none.shape == (0, len(CLASSES))
        assert some.shape == (1, len(CLASSES))

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


def tiny_batch(width: int, groups: int) -> Batch:
    """Return ten words of three texts, with a gap of random length after each."""
    random = np.random.default_rng(3)
    mask = np.array([0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 1, 1, 0], float)
    counts = np.array([0, 2, 0, 1, 0, 0, 3, 1, 2, 1, 1, 0, 2, 1, 0])
    return Batch(
        words=random.normal(size=(len(mask), width)) * mask[:, None],
        groups=random.integers(0, groups, counts.sum()),
        bounds=np.concatenate([[0], np.cumsum(counts)]),
        mask=mask[:, None],
        classes=random.integers(0, len(CLASSES), len(mask)),
        weights=mask * random.uniform(0.3, 1, len(mask)),
    )


def tiny_parameters(width: int, groups: int) -> Parameters:
    """Return random parameters in double precision, none of them zero."""
    random = np.random.default_rng(4)
    shapes = ((3, 3 * width, width), (3, width), (width,), (width,))
    layers = [tuple(random.normal(size=shape) for shape in shapes) for _ in OFFSETS]
    start = fresh(layers, groups, seed=1)
    return {k: v.astype(float) + random.normal(0, 0.3, v.shape) for k, v in start.items()}


class TestLearning:
    def test_gradients_are_those_of_numeric_differences(self) -> None:
        batch, p = tiny_batch(4, 7), tiny_parameters(4, 7)
        network = Network(p)

        def loss() -> float:
            return network.loss_and_gradients(batch, 0.2, np.random.default_rng(5))[0]

        _, gradients = network.loss_and_gradients(batch, 0.2, np.random.default_rng(5))
        assert gradients.keys() == p.keys()
        random, step = np.random.default_rng(6), 1e-6
        for name, value in p.items():
            flat = value.reshape(-1)
            for i in random.choice(flat.size, min(6, flat.size), replace=False):
                kept = flat[i]
                flat[i] = kept + step
                above = loss()
                flat[i] = kept - step
                numeric = (above - loss()) / (2 * step)
                flat[i] = kept
                exact = gradients[name].reshape(-1)[i]
                assert exact == pytest.approx(numeric, rel=1e-4, abs=1e-7), (name, i)

    def test_reads_as_the_cleaner_does(self, model: NameModel) -> None:
        lexicon = Lexicon()
        labelled = [of_sentences(invented(pieces)) for pieces in INVENTED]
        numbered = [lexicon.numbered(text) for text in labelled]
        lexicon.look_up(model.pipeline, GROUPS)
        with np.load(WEIGHTS) as stored:
            network = Network({k: stored[k].astype(np.float32) for k in stored.files})
        batch = lexicon.batch(numbered)
        read = network.probabilities(batch)[batch.mask[:, 0] > 0]
        expected = model.classes.probabilities([text.words for text in labelled])
        np.testing.assert_allclose(read, np.concatenate(expected), atol=1e-4)
        truth = np.concatenate([text.classes for text in labelled])
        assert (batch.classes[batch.mask[:, 0] > 0] == truth).all()

    def test_starts_from_the_layers_of_spacy(self, model: NameModel) -> None:
        layers = encoder_layers(model.pipeline)
        network = Network(fresh(layers, GROUPS, seed=0))
        given = np.random.default_rng(0).normal(size=(20, 96)).astype(np.float32)
        x: Array = given
        for i in range(len(layers)):
            x = x + network._layer(x, i)[0]
        # At either end spaCy sees padding where we see nothing.
        np.testing.assert_allclose(
            x[4:-4], encoder(model.pipeline).predict([given])[0][4:-4], atol=1e-4
        )

    def test_a_few_steps_lower_the_loss(self, model: NameModel, tmp_path: Path) -> None:
        lexicon = Lexicon()
        texts = [lexicon.numbered(of_sentences(invented(pieces))) for pieces in INVENTED]
        lexicon.look_up(model.pipeline, GROUPS)
        network = Network(fresh(encoder_layers(model.pipeline), GROUPS, seed=0))
        learner = Learner(network, lexicon, Plan(rate=0.05), steps=100)
        losses = [learner.step(texts) for _ in range(15)]
        assert losses[0] == pytest.approx(np.log(len(CLASSES)), rel=0.01)
        assert losses[-1] < losses[0] / 2
        write(tmp_path / "weights.npz", network.p)
        learnt = TokenClasses(model.pipeline, tmp_path / "weights.npz")
        (classes,) = learnt.probabilities([["Maria", "Lopez"]])
        assert classes.argmax(1).tolist() == [CLASSES.index("PERSON")] * 2


class TestTeaching:
    @pytest.mark.parametrize("language", [sentences.ENGLISH, *invented_words.LANGUAGES])
    def test_every_slot_of_a_template_can_be_filled(self, language: str) -> None:
        known = sentences.templates(language)
        assert known
        assert {
            slot for template in known for slot in sentences.slots(template)
        } <= SLOTS.keys()
        # A slot that is misspelt would stand in the sentence as it is.
        assert not [t for t in known if t.count("{") != len(sentences.slots(t))]

    def test_the_same_seed_invents_the_same_sentences_and_knows_what_is_in_them(self) -> None:
        pytest.importorskip("faker", reason="Faker is for training alone, and not installed")
        some = list(sentences.sentences(60, seed=3))
        assert some == list(sentences.sentences(60, seed=3))
        known = [(each.text[s:e], name) for each in some for s, e, name in each.spans]
        assert {name for _, name in known} == set(CLASSES[1:])
        assert all(words and words == words.strip() for words, _ in known)

    def test_every_verdict_is_about_signals_that_there_are(self) -> None:
        signals = {part for verdict in labels._VERDICTS for part in verdict[0].split(" + ")}
        assert signals <= {*labels._SIGNALS.values(), "capital", "like a name", "long"}

    @given(st.integers(0, 3 * WINDOW))
    def test_windows_judge_every_token_once(self, length: int) -> None:
        found = list(windows(length))
        judged = [i for _, begin, end in found for i in range(begin, end)]
        assert judged == list(range(length))
        assert all(first <= begin and end <= first + WINDOW for first, begin, end in found)

    def test_places_move_with_the_names_before_them(self) -> None:
        text = "Ana, Bo"
        places = swaps._places([(0, 3, "Maximilian"), (5, 7, "Al")], len(text))
        assert places == [0, 1, 2, 10, 11, 12, 13, 14]
        assert swaps._places([(0, 3, "Bo")], 4) == [0, 1, 2, 2, 3]
