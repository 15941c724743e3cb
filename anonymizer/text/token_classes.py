"""What each token of a text is: part of a person's name, a town, a street address, a firm.

A small convolutional network over spaCy's own word embeddings. Compared with spaCy's
transition-based decoder on the same embeddings it costs less time and finds more names, above
all those that are rare in English. `tests/bench/name_model` trains such weights and says how
those beside this file were made.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

Array = NDArray[np.float32]

CLASSES: Final = ("O", "PERSON", "LOCATION", "ADDRESS", "ORGANIZATION")
WEIGHTS: Final = Path(__file__).with_name("token_classes.npz")
OFFSETS: Final = (1, 1, 1, 1, 4)
"""How far to each side a layer looks; together a token sees eight neighbours on each."""

GAP: Final = 6
"""Empty rows between two texts, so that none sees the other."""

WIDTH: Final = 96
_MOST_TYPES: Final = 60_000
"""Distinct words remembered (up to 50 MB); then their vectors are computed anew."""
_AT_ONCE: Final = 4_000


def grams(word: str, buckets: int) -> list[int]:
    """Return the buckets of the letter groups of *word*, ascending; none without a letter."""
    if not any(char.isalpha() for char in word):
        return []
    inner = f"<{word.lower()[:20]}>"
    groups = {inner[i : i + n] for n in (3, 4) for i in range(len(inner) - n + 1)}
    groups |= {"P" + inner[:3], "S" + inner[-4:], "S" + inner[-5:]}
    return sorted(zlib.crc32(group.encode()) % buckets for group in groups)


class TokenClasses:
    """The network, with the embeddings of *pipeline*'s entity recogniser beneath it."""

    def __init__(self, pipeline: Any, weights: Path = WEIGHTS) -> None:  # noqa: ANN401 - spaCy's Language
        self._pipeline = pipeline
        self._embed = embedding(pipeline)
        with np.load(weights) as stored:
            self._p: dict[str, Array] = {k: stored[k].astype(np.float32) for k in stored.files}
        self._rows: dict[str, int] = {}
        self._table = np.zeros((1024, WIDTH), np.float32)

    def probabilities(self, texts: Sequence[Sequence[str]]) -> list[Array]:
        """Return for each list of words an array of probabilities: words by classes."""
        return [classes for classes, _ in self.read(texts)]

    def read(self, texts: Sequence[Sequence[str]]) -> list[tuple[Array, Array]]:
        """Return for each list of words its probabilities, and what the network saw.

        Both are arrays with a row a word; what it saw is made of what it made of the word
        among its neighbours, then of the word alone.
        """
        lengths = [len(text) for text in texts]
        total = sum(lengths) + GAP * (len(texts) + 1)
        words, mask = np.zeros((total, WIDTH), np.float32), np.zeros((total, 1), np.float32)
        starts, at = [], GAP
        rows = self._rows_of([word for text in texts for word in text])
        done = 0
        for length in lengths:
            starts.append(at)
            words[at : at + length] = self._table[rows[done : done + length]]
            mask[at : at + length] = 1.0
            at += length + GAP
            done += length
        found, seen = self._forward(words, mask)
        return [
            (found[s : s + n], seen[s : s + n]) for s, n in zip(starts, lengths, strict=True)
        ]

    def _forward(self, words: Array, mask: Array) -> tuple[Array, Array]:
        p, x = self._p, words
        for layer, offset in enumerate(OFFSETS):
            x = (x + self._layer(x, layer, offset)) * mask
        seen: Array = np.concatenate([x, words], 1)
        hidden = np.maximum(seen @ p["H"] + p["h"], 0)
        scores = hidden @ p["O"] + p["o"]
        scores -= scores.max(1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(1, keepdims=True)
        return scores, seen

    def _layer(self, x: Array, layer: int, offset: int) -> Array:
        """Return maxout over three pieces of each token with its neighbours, normalised."""
        p = self._p
        seen = with_neighbours(x, offset)
        most: Array = seen @ p[f"W{layer}"][0] + p[f"b{layer}"][0]
        for piece in (1, 2):
            np.maximum(most, seen @ p[f"W{layer}"][piece] + p[f"b{layer}"][piece], out=most)
        most -= most.mean(1, keepdims=True)
        most *= 1 / np.sqrt(np.einsum("ij,ij->i", most, most)[:, None] / WIDTH + 1e-8)
        most *= p[f"G{layer}"]
        most += p[f"c{layer}"]
        return most

    def _rows_of(self, words: Sequence[str]) -> list[int]:
        """Return where in the table the vector of each word is; a new word is computed once."""
        if len(self._rows) > _MOST_TYPES:
            self._rows.clear()
        new = [word for word in dict.fromkeys(words) if word not in self._rows]
        for first in range(0, len(new), _AT_ONCE):
            self._add(new[first : first + _AT_ONCE])
        return [self._rows[word] for word in words]

    def _add(self, words: Sequence[str]) -> None:
        with self._pipeline.memory_zone():  # else the vocabulary grows with every mail
            doc = Doc(self._pipeline.vocab, words=list(words))
            vectors = self._embed.predict([doc])[0] + self._spelled(words)
        first, last = len(self._rows), len(self._rows) + len(words)
        while last > len(self._table):
            self._table = np.concatenate([self._table, np.zeros_like(self._table)])
        self._table[first:last] = vectors
        self._rows.update(zip(words, range(first, last), strict=True))

    def _spelled(self, words: Iterable[str]) -> Array:
        """Return for each word the mean vector of its letter groups."""
        table = self._p["gram"]
        rows = [grams(word, len(table)) for word in words]
        return np.stack(
            [table[row].mean(0) if row else np.zeros(WIDTH, np.float32) for row in rows]
        )


def with_neighbours(x: Array, offset: int) -> Array:
    """Return each row of *x* between those *offset* before and after it, 0 at the ends."""
    width = x.shape[1]
    seen = np.zeros((len(x), 3 * width), x.dtype)
    seen[offset:, :width] = x[:-offset]
    seen[:, width : 2 * width] = x
    seen[:-offset, 2 * width :] = x[offset:]
    return seen


def embedding(pipeline: Any) -> Any:  # noqa: ANN401 - a part of spaCy's untyped model
    """Return the embedding layer of the entity recogniser: words in, vectors out."""
    layers = pipeline.get_pipe("ner").model.get_ref("tok2vec").walk()
    return next(
        layer
        for layer in layers
        if layer.name.startswith("extract_features") and layer.name.endswith(">>ragged2list")
    )


LEAST: Final = {"PERSON": 0.22, "LOCATION": 0.4, "ADDRESS": 0.4, "ORGANIZATION": 0.4}
"""Probability from which a token counts as its likeliest class: what leaks costs more."""


def stretches(
    words: Sequence[str], starts: Sequence[int], classes: Array
) -> list[tuple[int, int, str]]:
    """Return (start, end, class) in characters of what *classes* say, in order.

    Words of one class that adjoin are one stretch. What looks like a town right behind a
    name is its last part: "Sofia Lima".
    """
    likeliest = classes[:, 1:].argmax(1) + 1
    sure = classes[np.arange(len(classes)), likeliest]
    floors = np.array([2.0, *(LEAST.get(name, 2.0) for name in CLASSES[1:])])
    labels = np.where(sure >= floors[likeliest], likeliest, 0)
    found: list[tuple[int, int, str]] = []
    last, before = -2, ""
    for i in np.flatnonzero(labels).tolist():
        if not words[i].strip():
            continue
        name, end = CLASSES[labels[i]], starts[i] + len(words[i])
        if last == i - 1 and before == "PERSON" and name == "LOCATION":
            name = before
        if last == i - 1 and before == name:
            found[-1] = (found[-1][0], end, name)
        else:
            found.append((starts[i], end, name))
        last, before = i, name
    return found
