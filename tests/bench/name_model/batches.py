"""Labelled texts as rows of numbers, and batches of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from anonymizer.text.token_classes import GAP, WIDTH, embedding, grams
from tests.bench.name_model.labels import Labelled
from tests.bench.name_model.network import Array, Batch

_AT_ONCE = 2_000
NOTHING = 0
"""Number of the empty word, which stands in gaps."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A text with its words as numbers of a `Lexicon`, their classes and weights."""

    words: NDArray[np.int32]
    classes: NDArray[np.int8]
    weights: NDArray[np.float32]

    def cut(self, length: int) -> list[Numbered]:
        """Return the text in pieces of at most *length* words."""
        return [
            Numbered(self.words[at:end], self.classes[at:end], self.weights[at:end])
            for at in range(0, len(self.words), length)
            for end in [at + length]
        ]


class Lexicon:
    """Gives each word a number, then knows its vector and letter groups."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": NOTHING}
        self._vectors: Array = np.zeros((1, WIDTH), np.float32)
        self._groups: NDArray[np.intp] = np.zeros(0, np.intp)
        self._starts: NDArray[np.intp] = np.zeros(2, np.intp)

    def __len__(self) -> int:
        return len(self._numbers) - 1

    def numbered(self, text: Labelled) -> Numbered:
        """Return *text* in numbers."""
        known = self._numbers
        words = [known.setdefault(word, len(known)) for word in text.words]
        return Numbered(np.array(words, np.int32), text.classes, text.weights)

    def look_up(self, pipeline: Any, buckets: int) -> None:
        """Compute the vectors of spaCy's *pipeline* and the letter groups of all words.

        Words that are numbered later are not in batches until the next call.
        """
        words = list(self._numbers)[1:]
        embed = embedding(pipeline)
        vectors = [np.zeros((1, WIDTH), np.float32)]
        for first in range(0, len(words), _AT_ONCE):
            with pipeline.memory_zone():
                doc = Doc(pipeline.vocab, words=words[first : first + _AT_ONCE])
                vectors.append(embed.predict([doc])[0])
        self._vectors = np.vstack(vectors)
        groups = [np.array(grams(word, buckets), np.intp) for word in ("", *words)]
        self._groups = np.concatenate(groups)
        self._starts = np.cumsum([0, *map(len, groups)])

    def batch(self, texts: Sequence[Numbered]) -> Batch:
        """Return *texts* in one row, with a gap in front and after each."""
        gap = np.full(GAP, NOTHING, np.int32)
        words = np.concatenate([gap, *(row for t in texts for row in (t.words, gap))])
        classes = np.zeros(len(words), np.intp)
        weights = np.zeros(len(words), np.float32)
        inside = np.concatenate(
            [np.zeros(GAP, bool)]
            + [np.arange(len(t.words) + GAP) < len(t.words) for t in texts]
        )
        classes[inside] = np.concatenate([t.classes for t in texts])
        weights[inside] = np.concatenate([t.weights for t in texts])
        counts = np.diff(self._starts)[words]
        bounds = np.concatenate([[0], np.cumsum(counts)])
        places = np.arange(bounds[-1]) + np.repeat(self._starts[words] - bounds[:-1], counts)
        return Batch(
            self._vectors[words],
            self._groups[places],
            bounds,
            inside[:, None].astype(np.float32),
            classes,
            weights,
        )
