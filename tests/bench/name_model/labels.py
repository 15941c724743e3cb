"""The classes of each token, and how far to trust them.

They are known of sentences and of texts with marks, and judged of mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from anonymizer.text.gold import Mark
from anonymizer.text.token_classes import CLASSES, MATTERS
from anonymizer.text.tokens import tokens
from anonymizer.text.view import readable
from anonymizer.text.words import NOT_NAMES
from tests.bench.name_model.marked import Marked
from tests.bench.name_model.records import Mail, Sentences, Span

CLASS: Final = {name: number for number, name in enumerate(CLASSES)}
MATTER: Final = {name: number for number, name in enumerate(MATTERS)}
SURE: Final = 0.6
"""Weight from which a label is good enough to score by."""

_SIGNALS: Final = {
    ("spacy", "PERSON"): "spacy person",
    ("spacy", "GPE"): "spacy place",
    ("spacy", "LOC"): "spacy place",
    ("spacy", "FAC"): "spacy place",
    ("spacy", "ORG"): "spacy firm",
    ("rampart", "GIVEN_NAME"): "rampart person",
    ("rampart", "SURNAME"): "rampart person",
    ("rampart", "CITY"): "rampart place",
    ("rampart", "STATE"): "rampart place",
    ("rampart", "BUILDING_NUMBER"): "rampart address",
    ("rampart", "STREET_NAME"): "rampart address",
    ("rampart", "SECONDARY_ADDRESS"): "rampart address",
    ("rampart", "ZIP_CODE"): "rampart address",
    ("cleaner", "PERSON"): "cleaner person",
    ("cleaner", "CHILD"): "cleaner person",
    ("cleaner", "ADDRESS"): "cleaner address",
    ("cleaner", "PLACE"): "cleaner place",
    ("cleaner", "EMAIL"): "cleaner identifier",
    ("cleaner", "PHONE"): "cleaner identifier",
    ("cleaner", "IP"): "cleaner identifier",
    ("cleaner", "LINK"): "cleaner identifier",
    ("cleaner", "CREDENTIAL"): "cleaner identifier",
    ("cleaner", "AGE"): "cleaner identifier",
}
"""What counts of what the teachers say; the rest tells nothing of names."""

_VERDICTS: Final[tuple[tuple[str, str, float], ...]] = (
    ("cleaner identifier", "O", 1.0),
    ("cleaner person", "PERSON", 1.0),
    ("cleaner address + rampart address", "ADDRESS", 1.0),
    ("cleaner address + rampart place", "ADDRESS", 1.0),
    ("cleaner address", "ADDRESS", 0.6),
    ("cleaner place", "LOCATION", 1.0),
    ("rampart person + spacy person + like a name", "PERSON", 1.0),
    ("rampart person + spacy person", "PERSON", 0.0),
    ("rampart person + spacy firm", "O", 0.0),
    ("rampart person + spacy place", "O", 0.0),
    ("rampart person + like a name + long", "PERSON", 0.6),
    ("rampart person", "O", 0.5),
    # The rules of the cleaner threw it out, or it is doubtful.
    ("spacy person", "O", 0.0),
    ("spacy place + capital", "LOCATION", 1.0),
    ("spacy place", "LOCATION", 0.3),
    ("spacy firm", "ORGANIZATION", 1.0),
    ("rampart place + capital", "LOCATION", 0.4),
    ("rampart place", "O", 0.4),
    ("rampart address", "ADDRESS", 0.4),
)
"""Signals that must all be there, the class and its weight; the first row that fits judges."""

_ROWS: Final = tuple(
    (frozenset(row[0].split(" + ")), CLASS[row[1]], row[2]) for row in _VERDICTS
)
_UNMARKED: Final = 0.05
"""Weight with which a word of a text without marks is held to reveal nothing."""

_NAME_OF: Final = {
    "PERSON": "PERSON",
    "CHILD": "PERSON",
    "PLACE": "LOCATION",
    "ADDRESS": "ADDRESS",
}
"""The class of what marks call by a label; others are of no class, and none too surely."""

_NAME_KEPT: Final = {"name": "PERSON", "address": "ADDRESS"}
"""The same by the last part of a kept field's name."""

_INSIDE: Final = frozenset(".,-'’\n")  # noqa: RUF001 - both apostrophes are meant


@dataclass(frozen=True, slots=True)
class Labelled:
    """The tokens of a text, where they start, and for each its classes and their weights.

    Both arrays have a row for names (`CLASSES`) and one for private matters (`MATTERS`).
    """

    words: list[str]
    starts: list[int]
    classes: NDArray[np.int8]
    weights: NDArray[np.float32]


def of_marked(given: Marked) -> Labelled:
    """Return the tokens of *given*, each as the mark says that touches it."""
    words, starts = tokens(readable(given.text))
    classes = np.zeros((2, len(words)), np.int8)
    weights = np.ones((2, len(words)), np.float32)
    for mark in given.marks:
        touched = _touched(words, starts, mark.start, mark.end)
        name, matter = _said_by(mark)
        classes[:, touched] = [[name[0]], [matter[0]]]
        weights[:, touched] = [[name[1]], [matter[1]]]
    return Labelled(words, starts, classes, weights)


def _said_by(mark: Mark) -> tuple[tuple[int, float], tuple[int, float]]:
    """Return class and weight of a marked word among names, and among private matters."""
    label = mark.name.rpartition(".")[2]
    if mark.kind in {"free", "apart"}:
        return (CLASS["O"], 0.0), (MATTER["O"], 0.0)
    if mark.kind == "trap":
        return (CLASS["O"], 1.0), (MATTER["O"], 1.0)
    if mark.kind == "keep":
        kept = _NAME_KEPT.get(label)
        return (CLASS[kept or "O"], 1.0 if kept else 0.3), (MATTER["O"], 1.0)
    if label in MATTER:
        # Missed, it leaks: a private word counts twice.
        return (CLASS["O"], 0.5), (MATTER[label], 2.0)
    if label in _NAME_OF:
        return (CLASS[_NAME_OF[label]], 1.0), (MATTER["O"], 1.0)
    return (CLASS["O"], 0.3), (MATTER["O"], 0.3)


def _touched(words: list[str], starts: list[int], first: int, end: int) -> NDArray[np.bool_]:
    """Return for each word whether some of it lies in the characters [first, end)."""
    begins = np.array(starts, np.intp)
    ends = begins + np.array([len(word) for word in words], np.intp)
    touched: NDArray[np.bool_] = (begins < end) & (ends > first)
    return touched


def _names_alone(
    words: list[str],
    starts: list[int],
    classes: NDArray[np.int8],
    weights: NDArray[np.float32],
) -> Labelled:
    """Return what is known of names, where nothing is known of private matters."""
    none, little = np.zeros_like(classes), np.full_like(weights, _UNMARKED)
    return Labelled(words, starts, np.stack([classes, none]), np.stack([weights, little]))


def of_sentences(given: Sentences) -> Labelled:
    """Return the tokens of *given*; each that a span touches is of its class."""
    words, starts = tokens(readable(given.text))
    classes = np.zeros(len(words), np.int8)
    for first, end, label in given.spans:
        classes[_touched(words, starts, first, end)] = CLASS[label]
    return _names_alone(words, starts, classes, np.ones(len(words), np.float32))


def of_mail(mail: Mail) -> Labelled:
    """Return the tokens of *mail*, judged by what the teachers say of their first letters."""
    words, starts = tokens(readable(mail.text))
    classes = np.zeros(len(words), np.int8)
    weights = np.ones(len(words), np.float32)
    marks = _marks(mail)
    for i, (word, start) in enumerate(zip(words, starts, strict=True)):
        said = frozenset(signal for signal, mark in marks.items() if mark[start])
        if said and any(char.isalnum() for char in word):
            classes[i], weights[i] = _judged(said | _looks(word))
    for i in range(1, len(words) - 1):
        if words[i] in _INSIDE and classes[i - 1] == classes[i + 1]:
            classes[i] = classes[i - 1]
    return _names_alone(words, starts, classes, weights)


def said_to_be_people(mail: Mail) -> bytearray:
    """Return for each character of *mail* whether the cleaner takes it for part of a name."""
    return _marks(mail)["cleaner person"]


def _marks(mail: Mail) -> dict[str, bytearray]:
    """Return for each signal the characters that it is about."""
    size = len(mail.text) + 1
    marks = {signal: bytearray(size) for signal in _SIGNALS.values()}
    said: tuple[tuple[str, list[Span]], ...] = (
        ("spacy", mail.spacy),
        ("rampart", mail.rampart),
        ("cleaner", mail.cleaner),
    )
    for teacher, spans in said:
        for start, end, label in spans:
            signal = _SIGNALS.get((teacher, label))
            if signal:
                marks[signal][start:end] = b"\1" * (end - start)
    return marks


def _looks(word: str) -> frozenset[str]:
    looks = set()
    if word[:1].isupper():
        looks.add("capital")
        if word.lower() not in NOT_NAMES:
            looks.add("like a name")
    if len(word) > 2:
        looks.add("long")
    return frozenset(looks)


@cache
def _judged(said: frozenset[str]) -> tuple[int, float]:
    return next(((row[1], row[2]) for row in _ROWS if row[0] <= said), (CLASS["O"], 1.0))
