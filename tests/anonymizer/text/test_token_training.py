"""The classifier of tokens can learn: what it is taught, how, and how well it is scored."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymizer.text.engine import NameModel
from anonymizer.text.gold import unmarked
from anonymizer.text.token_classes import (
    CLASSES,
    MATTERS,
    OFFSETS,
    WEIGHTS,
    TokenClasses,
)
from flows.errors import OperatorError
from tests.bench.name_model import invented_words, labels, scores, sentences, swaps
from tests.bench.name_model.batches import Lexicon, Numbered
from tests.bench.name_model.invented import SLOTS
from tests.bench.name_model.labels import of_marked, of_sentences
from tests.bench.name_model.marked import LABELLED, Marked, marked_lines, marked_mails
from tests.bench.name_model.network import HEADS, Array, Batch, Network, Parameters, fresh
from tests.bench.name_model.rampart import WINDOW, windows
from tests.bench.name_model.records import Sentences
from tests.bench.name_model.training import (
    GROUPS,
    OLD_LAYERS,
    Learner,
    Plan,
    encoder,
    encoder_layers,
    mixed,
    over_and_over,
    rate_of,
    write,
)

COLUMNS = len(CLASSES) + len(MATTERS)
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


MARKED = (
    "My son [[minor.CHILD|Tim]] is [[minor.AGE|nine]] and has [[minor.HEALTH|asthma]].",
    "The gate code is [[out.CREDENTIAL|4417]], write to [[out.EMAIL|ama@mail.example]].",
    "[[keep.customer.name|Ama]] of [[keep.site.address|1 Elm Street]]: [[free|she]] rang.",
    "The [[trap|ten year old]] boiler in [[out.PLACE|Yonkers]] leaks.",
)


def marked(line: str) -> Marked:
    """Return the text of *line* and its marks."""
    text, marks = unmarked("text", line, lambda at: f"character {at}")
    return Marked(text, tuple(marks))


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
        classes=np.stack([random.integers(0, len(h.classes), len(mask)) for h in HEADS]),
        weights=mask * random.uniform(0.3, 1, (len(HEADS), len(mask))),
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
        assert {"H2", "h2", "O2", "o2"} < gradients.keys()
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
        labelled += [of_marked(marked(line)) for line in MARKED]
        numbered = [lexicon.numbered(text) for text in labelled]
        lexicon.look_up(model.pipeline, GROUPS)
        with np.load(WEIGHTS) as stored:
            network = Network({k: stored[k].astype(np.float32) for k in stored.files})
        batch = lexicon.batch(numbered)
        inside = batch.mask[:, 0] > 0
        read = network.probabilities(batch)[inside]
        expected = model.classes.probabilities([text.words for text in labelled])
        assert read.shape[1] == COLUMNS
        np.testing.assert_allclose(read, np.concatenate(expected), atol=1e-4)
        truth = np.concatenate([text.classes for text in labelled], 1)
        assert truth.any(1).all()
        assert (batch.classes[:, inside] == truth).all()
        assert not batch.weights[:, ~inside].any()

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
        texts += [lexicon.numbered(of_marked(marked(line))) for line in MARKED]
        lexicon.look_up(model.pipeline, GROUPS)
        network = Network(fresh(encoder_layers(model.pipeline), GROUPS, seed=0))
        learner = Learner(network, lexicon, Plan(rate=0.05), steps=100)
        losses = learner.learn(texts for _ in range(15))
        even = np.log(len(CLASSES)) + np.log(len(MATTERS))
        assert losses[0] == pytest.approx(even, rel=0.01)
        assert losses[-1] < losses[0] / 2
        write(tmp_path / "weights.npz", network.p)
        learnt = TokenClasses(model.pipeline, tmp_path / "weights.npz")
        (classes,) = learnt.probabilities([["Maria", "Lopez"]])
        assert classes[:, : len(CLASSES)].argmax(1).tolist() == [CLASSES.index("PERSON")] * 2
        (matters,) = learnt.probabilities([["has", "asthma", "."]])
        told = matters[:, len(CLASSES) :].argmax(1).tolist()
        assert told == [0, MATTERS.index("HEALTH"), 0]

    def test_both_heads_learn_at_the_full_rate_and_layers_of_spacy_at_half(self) -> None:
        p = tiny_parameters(4, 7)
        slow = {name for name in p if rate_of(name) < 1}
        assert slow == {f"{name}{i}" for name in "WbGc" for i in range(OLD_LAYERS)}

    @given(st.lists(st.integers(1, 40)), st.floats(0, 90), st.integers(1, 30))
    def test_texts_with_marks_come_evenly_among_the_others(
        self, lengths: list[int], tokens_each: float, count: int
    ) -> None:
        pieces = [numbered(length, at) for at, length in enumerate(lengths, 1)]
        public = numbered(5, 0)
        given = mixed(
            ([public] for _ in range(count)), over_and_over(pieces, Random(1)), tokens_each
        )
        seen, longest = 0, max(lengths, default=0)
        for done, batch in enumerate(given, 1):
            assert batch[0] is public
            seen += sum(len(piece.words) for piece in batch[1:])
            assert not pieces or 0 <= seen - done * tokens_each + 1e-6 < longest + 1e-5
        assert done == count
        assert bool(seen) == bool(pieces and tokens_each)

    def test_all_texts_with_marks_come_before_one_comes_again(self) -> None:
        pieces = [numbered(1, at) for at in range(9)]
        again = over_and_over(pieces, Random(2))
        for _ in range(3):
            assert sorted(int(next(again).words[0]) for _ in pieces) == list(range(9))


def numbered(length: int, word: int) -> Numbered:
    """Return a text of one word, repeated."""
    shape = (len(HEADS), length)
    words = np.full(length, word, np.int32)
    return Numbered(words, np.zeros(shape, np.int8), np.ones(shape, np.float32))


class TestMarks:
    def test_say_what_each_word_is_and_how_surely(self) -> None:
        said = {}
        for line in MARKED:
            text = of_marked(marked(line))
            for word, names, sure in zip(
                text.words, text.classes.T, text.weights.T, strict=True
            ):
                told = CLASSES[names[0]], MATTERS[names[1]]
                said[word] = (*told, *sure.round(3).tolist())
        assert said["Tim"] == ("PERSON", "O", 1, 1)
        assert said["nine"] == ("O", "AGE", 0.5, 2)
        assert said["asthma"] == ("O", "HEALTH", 0.5, 2)
        assert said["4417"] == ("O", "CREDENTIAL", 0.5, 2)
        assert said["ama@mail.example"] == pytest.approx(("O", "O", 0.3, 0.3))
        assert said["Ama"] == ("PERSON", "O", 1, 1)
        assert said["Elm"] == ("ADDRESS", "O", 1, 1)
        assert said["she"] == ("O", "O", 0, 0)
        assert said["ten"] == said["boiler"] == ("O", "O", 1, 1)
        assert said["Yonkers"] == ("LOCATION", "O", 1, 1)

    def test_are_hardly_missed_where_a_text_bears_none(self) -> None:
        text = of_sentences(invented(INVENTED[0]))
        assert not text.classes[1].any()
        assert text.weights[0].min() == 1
        assert text.weights[1].max() < 0.1

    @pytest.mark.parametrize(
        "path", sorted(LABELLED.glob("*.txt")), ids=lambda path: str(path.stem)
    )
    def test_of_every_invented_line_are_whole_and_bear_labels_that_there_are(
        self, path: Path
    ) -> None:
        texts = list(marked_lines(path))
        assert texts
        assert not [text for text in texts if "[[" in text.text or "]]" in text.text]
        for text in texts:
            assert all(text.text[mark.start : mark.end].strip() for mark in text.marks)
            assert not any(mark.kind == "keep" for mark in text.marks)

    def test_of_the_invented_lines_cover_every_private_matter(self) -> None:
        texts = (text for path in LABELLED.glob("*.txt") for text in marked_lines(path))
        assert {mark.name for text in texts for mark in text.marks} >= set(MATTERS[1:])

    def test_that_are_wrong_are_told_with_their_line_and_without_its_words(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "lines.txt"
        path.write_text("# one\n\nFine.\nShe is [[out.ILL|unwell]].\n", encoding="utf-8")
        with pytest.raises(OperatorError, match=rf"{path.name}:4: 'ILL' is no label") as error:
            list(marked_lines(path))
        assert "unwell" not in str(error.value)

    def test_of_labelled_mails_are_read_of_subject_and_text(self, tmp_path: Path) -> None:
        (tmp_path / "mails.yaml").write_text(
            "- id: a\n  from: b\n  subject: '[[minor.CHILD|Tim]]'\n"
            "  text: He is [[minor.AGE|9]].\n- {id: c, from: d, text: Hi}\n",
            encoding="utf-8",
        )
        texts = list(marked_mails([tmp_path]))
        assert [text.text for text in texts] == ["Tim", "He is 9.", "Hi"]
        assert [[mark.name for mark in text.marks] for text in texts] == [
            ["CHILD"],
            ["AGE"],
            [],
        ]
        with pytest.raises(OperatorError, match="there is no"):
            list(marked_mails([tmp_path / "nowhere"]))


class TestScore:
    def test_is_told_of_names_and_of_private_matters(
        self, model: NameModel, tmp_path: Path
    ) -> None:
        unseen = tmp_path / "set"
        unseen.mkdir()
        (unseen / "mails.yaml").write_text(
            "- id: a\n  from: b\n  text: '[[out.PERSON|Maria Lopez]] has diabetes.'\n",
            encoding="utf-8",
        )
        found = scores.score(tmp_path, WEIGHTS, model.pipeline, (), [unseen])
        assert set(found) == {
            f"{kind}, {tells}"
            for kind in ("marks", "unseen set")
            for tells in ("names", "private matters")
        }
        names = found["unseen set, names"]
        assert names.counts.sum() == 5
        assert names.counts[CLASSES.index("PERSON")].sum() == 2
        assert found["marks, private matters"].counts.shape == (len(MATTERS),) * 2

    def test_counts_what_is_found_as_another_class_as_found(self) -> None:
        result = scores.Score(("O", "AGE", "TEAM"), np.array([[7, 1, 0], [1, 2, 1], [0, 0, 0]]))
        assert result.found() == pytest.approx(3 / 4)
        assert result.precision("AGE") == pytest.approx(2 / 3)
        assert result.recall("AGE") == pytest.approx(2 / 4)
        assert result.recall("TEAM") == 0


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
