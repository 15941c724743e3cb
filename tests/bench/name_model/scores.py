"""How well weights tell names and private matters, on texts that were kept aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from anonymizer.text.token_classes import TokenClasses
from tests.bench.name_model.labels import SURE, Labelled, of_mail, of_marked, of_sentences
from tests.bench.name_model.marked import marked_mails, marked_texts
from tests.bench.name_model.network import HEADS, Head
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
    """Tokens by what they are (rows) and what they are taken for (columns) of *classes*."""

    classes: tuple[str, ...]
    counts: NDArray[np.int64]

    def precision(self, name: str) -> float:
        """Return the share of what is taken for *name* that is it; 0 where nothing is."""
        return self._share(name, 0)

    def recall(self, name: str) -> float:
        """Return the share of *name* that is taken for it; 0 where there is none."""
        return self._share(name, 1)

    def found(self) -> float:
        """Return the share of what is of a class that is taken for any; 0 where none is."""
        some = self.counts[1:]
        return float(some[:, 1:].sum() / max(1, some.sum()))

    def line(self) -> str:
        """Return precision/recall of each class, and what is found as any, in one line."""
        each = (f"{n} {self.precision(n):.3f}/{self.recall(n):.3f}" for n in self.classes)
        return "  ".join([*each, f"any -/{self.found():.3f}"])

    def _share(self, name: str, axis: int) -> float:
        number = self.classes.index(name)
        return float(self.counts[number, number] / max(1, self.counts.sum(axis)[number]))


def score(
    build: Path, weights: Path, pipeline: Any, gold: Sequence[Path], unseen: Sequence[Path] = ()
) -> dict[str, Score]:
    """Return the scores of *weights* by kind of text and head.

    Kinds are what was kept aside of the sentences and mail in *build* and of the texts with
    marks, those in *gold* among them, and all labelled mails in *unseen*. What mail is labelled
    is itself the teachers' opinion; of the others it is known.
    """
    classes = TokenClasses(pipeline, weights)
    found: dict[str, Score] = {}
    for kind, texts in _aside(build, gold, unseen):
        for head, counts in zip(HEADS, _counted(classes, texts), strict=True):
            if counts.any():
                found[f"{kind}, {_TELLS[head]}"] = Score(head.classes, counts)
    return found


_TELLS: Final[dict[Head, str]] = dict(zip(HEADS, ("names", "private matters"), strict=True))


def _aside(
    build: Path, gold: Sequence[Path], unseen: Sequence[Path]
) -> Iterator[tuple[str, Iterator[Labelled]]]:
    if (build / SENTENCES).is_file():
        known = (s for s in read_sentences(build / SENTENCES) if kept_aside(s.text))
        yield "sentences", map(of_sentences, islice(known, MOST))
    if (build / MAILS).is_file():
        judged = (m for m in read_mails(build / MAILS) if kept_aside(m.text))
        yield "mail", map(of_mail, islice(judged, MOST))
    yield "marks", (of_marked(m) for m in marked_texts(gold) if kept_aside(m.text))
    for folder in unseen:
        yield f"unseen {folder.name}", map(of_marked, marked_mails([folder]))


def _counted(classes: TokenClasses, texts: Iterable[Labelled]) -> list[NDArray[np.int64]]:
    """Return for each head how many tokens of a class are taken for which."""
    counts = [np.zeros((len(head.classes),) * 2, np.int64) for head in HEADS]
    ends = np.cumsum([len(head.classes) for head in HEADS])[:-1]
    rest = iter(texts)
    while some := list(islice(rest, _AT_ONCE)):
        found = classes.probabilities([text.words for text in some])
        for text, probable in zip(some, found, strict=True):
            for row, columns in enumerate(np.split(probable, ends, axis=1)):
                sure = text.weights[row] >= SURE
                taken = columns[sure].argmax(1)
                np.add.at(counts[row], (text.classes[row][sure], taken), 1)
    return counts
