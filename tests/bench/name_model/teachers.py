"""Public mail, labelled by three teachers; what they make of each other is in `labels`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain, islice, zip_longest
from pathlib import Path
from random import Random
from typing import Any, Final

from anonymizer.text.cleaner import Cleaner
from anonymizer.text.engine import NameModel
from anonymizer.text.request import Part, Person, Request
from anonymizer.text.view import readable
from flows.errors import OperatorError, SkipItem
from flows.intake.parse import parse
from flows.intake.parties import OwnAddresses
from flows.model import Message
from tests.bench.name_model.rampart import Rampart
from tests.bench.name_model.records import Mail, Span
from tests.bench.steps import say

ROOT: Final = Path(__file__).parents[3]
CORPORA: Final = Path(os.environ.get("JIGAJOB_CORPORA", ROOT.parent / "shared" / "data"))
MAIL_FOLDERS: Final = ("enron-berkeley", "spamassassin")
"""Raw mail, headers and all. Sets whose names are labelled stay out: they score the cleaner."""

_LONGEST, _SHORTEST = 12_000, 20
_SPACY: Final = frozenset({"PERSON", "GPE", "LOC", "FAC", "ORG"})


def labelled_mails(most: int, seed: int) -> Iterator[Mail]:
    """Yield up to *most* mails of the public corpora with what the teachers say of them.

    Raises:
        OperatorError: a library is not installed, or there is no corpus.
    """
    rampart, cleaner, model = Rampart(), Cleaner(), NameModel()
    model.load()
    for done, (name, message) in enumerate(islice(_messages(seed), most), 1):
        text = message.text[:_LONGEST]
        read = readable(text)
        yield Mail(
            name, text, _entities(model, read), rampart.find(read), _gone(cleaner, message)
        )
        if done % 100 == 0:
            say(f"{done:,} mails")


def public_mails(most: int, seed: int, longest: int) -> Iterator[tuple[str, list[Span]]]:
    """Yield how up to *most* public mails begin, and what the cleaner takes out of that.

    Raises:
        OperatorError: there is no corpus.
    """
    cleaner = Cleaner()
    for _, message in islice(_messages(seed), most):
        yield message.text[:longest], _gone(cleaner, message, longest)


def public_texts(most: int, seed: int, longest: int) -> Iterator[str]:
    """Yield how up to *most* public mails begin.

    Raises:
        OperatorError: there is no corpus.
    """
    yield from (message.text[:longest] for _, message in islice(_messages(seed), most))


def _messages(seed: int) -> Iterator[tuple[str, Message]]:
    for path in _paths(seed):
        try:
            message = parse(
                path.read_bytes(), source="corpus", folder=path.parent.name, own=OwnAddresses()
            )
        except SkipItem:
            continue
        if len(message.text) >= _SHORTEST:
            yield f"{path.parent.parent.name}/{path.parent.name}/{path.name}", message


def _paths(seed: int) -> list[Path]:
    """Return the files of all corpora, one of each in turn, shuffled by *seed*."""
    sets = []
    for name in MAIL_FOLDERS:
        paths = [p for p in sorted((CORPORA / name).rglob("*.txt")) if p.parent.name != name]
        Random(seed).shuffle(paths)
        sets.append(paths)
    if not any(sets):
        raise OperatorError(
            f"there is no public mail in {CORPORA}",
            fix="set JIGAJOB_CORPORA to the folder of the corpora, or train on sentences alone",
        )
    return [path for path in chain.from_iterable(zip_longest(*sets)) if path]


def _entities(model: NameModel, text: str) -> list[Span]:
    with model.pipeline.memory_zone():
        found: Any = model.pipeline(text).ents
        return [(e.start_char, e.end_char, e.label_) for e in found if e.label_ in _SPACY]


def _gone(cleaner: Cleaner, message: Message, longest: int = _LONGEST) -> list[Span]:
    """Return what the cleaner takes out of *message*, knowing the people of its headers."""
    parties = (message.sender, *message.to, *message.cc)
    request = Request(
        parts=(Part(name="text", text=message.text[:longest]),),
        people=tuple(Person(name=p.name, email=p.email) for p in parties),
    )
    (cleaned,) = cleaner.clean([request])
    return [(removal.start, removal.end, removal.label) for removal in cleaned.removals]
