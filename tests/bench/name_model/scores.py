"""How well weights tell the classes apart, on sentences and mail that were kept aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from anonymizer.text.token_classes import CLASSES, TokenClasses
from tests.bench.name_model.labels import SURE, Labelled, of_mail, of_sentences
from tests.bench.name_model.records import (
    MAILS,
    SENTENCES,
    kept_aside,
    read_mails,
    read_sentences,
)

MOST: Final = 2_000
"""Texts of each kind that are scored."""

_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class Score:
    """Tokens by what they are (rows) and what they are taken for (columns)."""

    counts: NDArray[np.int64]

    def precision(self, name: str) -> float:
        """Return the share of what is taken for *name* that is it; 0 where nothing is."""
        return self._share(name, 0)

    def recall(self, name: str) -> float:
        """Return the share of *name* that is taken for it; 0 where there is none."""
        return self._share(name, 1)

    def line(self) -> str:
        """Return precision/recall of each class, in one line."""
        return "  ".join(f"{n} {self.precision(n):.3f}/{self.recall(n):.3f}" for n in CLASSES)

    def _share(self, name: str, axis: int) -> float:
        number = CLASSES.index(name)
        return float(self.counts[number, number] / max(1, self.counts.sum(axis)[number]))


def score(build: Path, weights: Path, pipeline: Any) -> dict[str, Score]:
    """Return the scores of *weights* on the kinds of text that lie in *build*.

    What mail is labelled is itself the teachers' opinion; of sentences it is known.
    """
    classes = TokenClasses(pipeline, weights)
    return {name: _scored(classes, texts) for name, texts in _aside(build)}


def _aside(build: Path) -> Iterator[tuple[str, Iterator[Labelled]]]:
    if (build / SENTENCES).is_file():
        known = (s for s in read_sentences(build / SENTENCES) if kept_aside(s))
        yield "sentences", map(of_sentences, islice(known, MOST))
    if (build / MAILS).is_file():
        judged = (m for m in read_mails(build / MAILS) if kept_aside(m))
        yield "mail", map(of_mail, islice(judged, MOST))


def _scored(classes: TokenClasses, texts: Iterable[Labelled]) -> Score:
    counts = np.zeros((len(CLASSES), len(CLASSES)), np.int64)
    rest = iter(texts)
    while some := list(islice(rest, _AT_ONCE)):
        found = classes.probabilities([text.words for text in some])
        for text, probable in zip(some, found, strict=True):
            sure = text.weights >= SURE
            np.add.at(counts, (text.classes[sure], probable[sure].argmax(1)), 1)
    return Score(counts)
