"""What words mean where they stand: a child's school, somebody's illness, a code of a door.

A small transformer (six layers of MiniLM, eight bits a weight) that was trained on marked
mail: `tests/bench/context_model` says how. It is far larger than the network of names, so it
reads only the passages that `passages.py` picks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import onnxruntime  # type: ignore[import-untyped]  # it ships no types
from numpy.typing import NDArray

from anonymizer.text.findings import CONTEXT, Finding
from anonymizer.text.wordpieces import END, START, WordPieces, word_stretches

FOLDER: Final = Path(__file__).with_name("context")

CLASSES: Final[Mapping[str, tuple[str, bool]]] = MappingProxyType(
    {
        "O": ("", False),
        "CHILD": ("CHILD", True),
        "M_AGE": ("AGE", True),
        "M_BIRTH": ("BIRTH_DATE", True),
        "M_SCHOOL": ("SCHOOL", True),
        "M_TEAM": ("TEAM", True),
        "M_HEALTH": ("HEALTH", True),
        "M_OTHER": ("FAMILY", True),
        "PERSON": ("PERSON", False),
        "HEALTH": ("HEALTH", False),
        "FAMILY": ("FAMILY", False),
        "MONEY_TROUBLE": ("MONEY_TROUBLE", False),
        "BELIEF": ("BELIEF", False),
        "CREDENTIAL": ("CREDENTIAL", False),
        "AGE": ("AGE", False),
        "BIRTH_DATE": ("BIRTH_DATE", False),
        "PLACE": ("PLACE", False),
        "ID": ("NATIONAL_ID", False),
        "BANK": ("BANK_ACCOUNT", False),
        "VEHICLE": ("VEHICLE", False),
        "DEVICE": ("DEVICE", False),
    }
)
"""The classes in the order of the network's output: label, and whether it is a child's."""

LEAST: Final = 0.1
"""Probability of anything private from which a word is told at all."""

LONGEST: Final = 160
"""Pieces that are read at once; longer passages are read in overlapping parts."""

_AT_ONCE: Final = 2_048
"""Pieces of a batch: more costs memory and gains nothing."""

_LABELS = tuple(CLASSES.values())

_SMALL = """
    of in on at to for from with by and or but so as since after before until till is are am
    was were be been being has have had having do does did get gets got went came i we you he
    she it they me us him them this that these those who which there here just now still m s
    re ve ll d year years yr yrs old
    de en con y o por para es está son fue ha he que du et ou est sont sur pour avec dans ce
    cette je il elle on nous qui
    und oder in im am an auf mit von zu zum zur ist sind war hat ich er sie wir
"""
SMALL_WORDS: Final = frozenset(_SMALL.split())
"""Words that are not taken out at the ends of a finding: they tell nothing of anybody."""

Passage = tuple[str, int, int]
"""A text, and where in it the passage begins and ends."""

Array = NDArray[np.float32]


class ContextModel:
    """The network, loaded. Not to be shared between threads."""

    def __init__(self, folder: Path = FOLDER) -> None:
        options = onnxruntime.SessionOptions()
        # One thread: a process a core does more than two threads on one text.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._network = onnxruntime.InferenceSession(
            str(folder / "classes.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._pieces = WordPieces(folder / "vocabulary.txt")

    def read(self, passages: Sequence[Passage]) -> list[list[Finding]]:
        """Return what stands in each passage, in places of its text, in order.

        Findings are single words or several of one class; their `score` is the probability
        that the likeliest of their words is private, from `LEAST` on.
        """
        parts = [
            (number, part)
            for number, passage in enumerate(passages)
            for part in self._parts(passage)
        ]
        found: list[list[Finding]] = [[] for _ in passages]
        for batch in _batches([len(part[1]) for _, part in parts]):
            read = self._run([parts[i][1][1] for i in batch])
            for i, classes in zip(batch, read, strict=True):
                number, (words, _, owners) = parts[i]
                text = passages[number][0]
                found[number] += _stretches(text, words, _by_word(classes, owners, len(words)))
        return [sorted(findings, key=lambda f: (f.start, f.end)) for findings in found]

    def _parts(
        self, passage: Passage
    ) -> Iterator[tuple[list[tuple[int, int]], list[int], list[int]]]:
        """Yield words, their pieces, and to which word each belongs, `LONGEST` at a time."""
        text, start, end = passage
        words: list[tuple[int, int]] = []
        pieces: list[int] = []
        owners: list[int] = []
        for low, high in word_stretches(text, start, end):
            cut = self._pieces.of(text[low:high])
            if len(pieces) + len(cut) > LONGEST - 2:
                yield words, pieces, owners
                words, pieces, owners = [], [], []
            owners += [len(words)] * len(cut)
            pieces += cut
            words.append((low, high))
        if pieces:
            yield words, pieces, owners

    def _run(self, texts: Sequence[Sequence[int]]) -> list[Array]:
        """Return for each list of pieces an array of probabilities: pieces by classes."""
        lengths = np.array([len(text) + 2 for text in texts])
        pieces = np.zeros((len(texts), int(lengths.max())), np.int64)
        for row, text in zip(pieces, texts, strict=True):
            row[: len(text) + 2] = (START, *text, END)
        (classes,) = self._network.run(["classes"], {"pieces": pieces, "lengths": lengths})
        return [row[1 : n - 1] for row, n in zip(classes, lengths, strict=True)]


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield indices of parts, of like length together."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * (lengths[i] + 2) > _AT_ONCE:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _by_word(classes: Array, owners: Sequence[int], count: int) -> Array:
    """Return the mean of each word's pieces: words by classes."""
    summed = np.zeros((count, classes.shape[1]), np.float32)
    np.add.at(summed, owners, classes)
    summed /= np.bincount(owners, minlength=count)[:, None].astype(np.float32)
    return summed


def _stretches(
    text: str, words: Sequence[tuple[int, int]], classes: Array
) -> Iterator[Finding]:
    """Yield adjoining words of one class as one finding, without small words at its ends."""
    private = 1 - classes[:, 0]
    likeliest = classes[:, 1:].argmax(1) + 1
    run: list[int] = []
    for i in (*np.flatnonzero(private >= LEAST).tolist(), -1):
        if run and (i != run[-1] + 1 or likeliest[i] != likeliest[run[0]]):
            while run and _says_nothing(text, words[run[-1]]):
                run.pop()
            while run and _says_nothing(text, words[run[0]]):
                run.pop(0)
            if run:
                label, minor = _LABELS[likeliest[run[0]]]
                score = float(private[run].max())
                start, end = words[run[0]][0], words[run[-1]][1]
                yield Finding(start, end, label, CONTEXT, minor, score)
            run = []
        run.append(i)


def _says_nothing(text: str, word: tuple[int, int]) -> bool:
    """Return whether a mark or a small word stands here, which tells nothing of anybody."""
    start, end = word
    return not text[start].isalnum() or text[start:end].casefold() in SMALL_WORDS
