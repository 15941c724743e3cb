"""The class of each token, and how far to trust it: known of sentences, judged of mail."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from anonymizer.text.token_classes import CLASSES
from anonymizer.text.tokens import tokens
from anonymizer.text.view import readable
from anonymizer.text.words import NOT_NAMES
from tests.bench.name_model.records import Mail, Sentences, Span

CLASS: Final = {name: number for number, name in enumerate(CLASSES)}
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
_INSIDE: Final = frozenset(".,-'’\n")  # noqa: RUF001 - both apostrophes are meant


@dataclass(frozen=True, slots=True)
class Labelled:
    """The tokens of a text, where they start, and for each its class and weight."""

    words: list[str]
    starts: list[int]
    classes: NDArray[np.int8]
    weights: NDArray[np.float32]


def of_sentences(given: Sentences) -> Labelled:
    """Return the tokens of *given*; each that a span touches is of its class."""
    words, starts = tokens(readable(given.text))
    classes = np.zeros(len(words), np.int8)
    ends = [start + len(word) for word, start in zip(words, starts, strict=True)]
    for first, end, label in given.spans:
        touched = (np.array(starts) < end) & (np.array(ends) > first)
        classes[touched] = CLASS[label]
    return Labelled(words, starts, classes, np.ones(len(words), np.float32))


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
    return Labelled(words, starts, classes, weights)


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
