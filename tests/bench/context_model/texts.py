"""Marked texts as what the network learns from: numbers of pieces, a class for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Final

from anonymizer.text.context_model import CLASSES, FOLDER
from anonymizer.text.gold import LabelledMail, Mark
from anonymizer.text.minor_given import GIVEN
from anonymizer.text.passages import sentence_ends
from anonymizer.text.public_sets import read_labelled
from anonymizer.text.wordpieces import WordPieces, word_stretches
from tests.flows.intake.purpose_samples import OFFICE, SETS, samples

MARKED: Final = Path(__file__).parents[2] / "anonymizer"
LEARNT: Final = (MARKED / "lines", MARKED / "gold" / "a", MARKED / "gold" / "b")
CHOSEN_BY: Final = MARKED / "gold" / "c"

_A_MAIL: Final = 150
"""Characters from which on a text has a tone."""

EITHER: Final = -1
"""Class of a piece of which nothing is to be learnt."""

_NUMBERS: Final = {name: number for number, name in enumerate(CLASSES)}
_OF_CHILDREN: Final[Mapping[str, str]] = {
    "CHILD": "CHILD",
    "AGE": "M_AGE",
    "BIRTH_DATE": "M_BIRTH",
    "SCHOOL": "M_SCHOOL",
    "TEAM": "M_TEAM",
    "HEALTH": "M_HEALTH",
    "FAMILY": "M_OTHER",
    "BELIEF": "M_OTHER",
    "PLACE": "M_OTHER",
}
_OF_ALL: Final[Mapping[str, str]] = {
    **{name: name for name in ("PERSON", "HEALTH", "FAMILY", "MONEY_TROUBLE", "BELIEF")},
    **{name: name for name in ("CREDENTIAL", "AGE", "BIRTH_DATE", "PLACE", "VEHICLE")},
    **dict.fromkeys(("NATIONAL_ID", "SSN", "PASSPORT", "DRIVER_LICENCE"), "ID"),
    **dict.fromkeys(("BANK_ACCOUNT", "IBAN", "CARD"), "BANK"),
    **dict.fromkeys(("DEVICE", "IP"), "DEVICE"),
}
_ONE_NAME = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_NEW_NAMES = tuple(sorted({name.title() for name in GIVEN if name.isalpha()}))
_CROPPED, _RENAMED = 0.4, 0.5
"""Shares of the texts that are learnt in part, and with other names."""

_SHORTEST = 40


@dataclass(frozen=True, slots=True)
class Marked:
    """One text with its marks, and the words of the business that writes and is written to.

    `personal` says whether it is a mail among friends; None where that is not to be learnt.
    """

    text: str
    marks: tuple[Mark, ...]
    own: frozenset[str] = frozenset()
    personal: bool | None = None


@dataclass(frozen=True, slots=True)
class Numbered:
    """Pieces of a text in order, the class of each; `personal` as of `Marked`."""

    pieces: list[int]
    classes: list[int]
    personal: bool | None


def marked(folders: Sequence[Path]) -> Iterator[Marked]:
    """Yield every part of the labelled mails in *folders*."""
    for mail in (mail for folder in folders for mail in read_labelled(folder)):
        for part in mail.request.parts:
            if part.text.strip():
                marks = tuple(mark for mark in mail.marks if mark.part == part.name)
                # Who tells a plumber of a child writes to a plumber still.
                personal = False if len(part.text) >= _A_MAIL else None
                yield Marked(part.text, marks, _own_words(mail), personal)


def among_friends() -> Iterator[Marked]:
    """Yield the invented mails of which is known whether they are personal, without marks."""
    for verdict, personal in (("personal", True), ("business", False)):
        for sample in samples(verdict, "training", (*SETS, *OFFICE)):
            text = f"{sample.subject}\n{sample.text}"
            yield Marked(text, (Mark("text", 0, len(text), "free"),), frozenset(), personal)


def _own_words(mail: LabelledMail) -> frozenset[str]:
    own = " ".join(mail.request.organisations).casefold()
    return frozenset(word for word in re.findall(r"[^\W\d_]{3,}", own))


def numbered(given: Marked, pieces: WordPieces) -> Numbered:
    """Return *given* cut into pieces, each with the class of its word."""
    by_place = _classes_by_place(given)
    result = Numbered([], [], given.personal)
    for start, end in word_stretches(given.text):
        cut = pieces.of(given.text[start:end])
        said = {by_place[i] for i in range(start, end)} - {0}
        word_class = said.pop() if len(said) == 1 else EITHER if said else 0
        if word_class == 0 and given.text[start:end].casefold() in given.own:
            word_class = EITHER
        result.pieces.extend(cut)
        result.classes.extend([word_class] * len(cut))
    return result


def _classes_by_place(given: Marked) -> list[int]:
    classes = [0] * len(given.text)
    for mark in given.marks:
        classes[mark.start : mark.end] = [class_of(mark)] * (mark.end - mark.start)
    return classes


def class_of(mark: Mark) -> int:
    """Return the class of what *mark* marks; `EITHER` where the network has none for it."""
    if mark.kind == "trap":
        return 0
    if mark.kind == "keep" and mark.name.endswith("name"):
        return _NUMBERS["PERSON"]
    names = {**_OF_ALL, **_OF_CHILDREN} if mark.kind == "minor" else _OF_ALL
    known = mark.kind in {"minor", "out"} and mark.name in names
    return _NUMBERS[names[mark.name]] if known else EITHER


def varied(given: Marked, random: Random) -> Marked:
    """Return *given* as it is, with other names, or some of its sentences."""
    if random.random() < _RENAMED:
        given = _renamed(given, random)
    if random.random() < _CROPPED and len(given.text) > _SHORTEST and not given.personal:
        given = _cropped(given, random)
    return given


def _renamed(given: Marked, random: Random) -> Marked:
    new: dict[str, str] = {}
    text, last = "", 0
    marks = []
    for mark in sorted(given.marks, key=lambda mark: mark.start):
        value = given.text[mark.start : mark.end]
        text += given.text[last : mark.start]
        if mark.name in {"CHILD", "PERSON"} and _ONE_NAME.fullmatch(value):
            name = new.setdefault(value.casefold(), random.choice(_NEW_NAMES))
            value = name.lower() if value.islower() else name
        marks.append(Mark(mark.part, len(text), len(text) + len(value), mark.kind, mark.name))
        text += value
        last = mark.end
    return replace(given, text=text + given.text[last:], marks=tuple(marks))


def _cropped(given: Marked, random: Random) -> Marked:
    ends = [0, *sentence_ends(given.text), len(given.text)]
    first = random.randrange(len(ends) - 1)
    start, end = ends[first], ends[min(len(ends) - 1, first + random.randint(1, 5))]
    marks = tuple(
        Mark(m.part, m.start - start, m.end - start, m.kind, m.name)
        for m in given.marks
        if start <= m.start and m.end <= end
    )
    return Marked(given.text[start:end], marks, given.own) if end > start else given


def vocabulary() -> WordPieces:
    """Return the vocabulary that the cleaner uses."""
    return WordPieces(FOLDER / "vocabulary.txt")
