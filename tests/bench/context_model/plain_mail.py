"""Public mail as what is mostly business: teaches the network to leave real mail alone."""

from __future__ import annotations

from collections.abc import Iterator

from anonymizer.text.gold import Mark
from tests.bench.context_model.texts import Marked
from tests.bench.name_model.teachers import public_mails

_LONGEST = 1_000
_PEOPLE = frozenset({"PERSON", "CHILD"})


def plain_mails(most: int, seed: int) -> Iterator[Marked]:
    """Yield up to *most* beginnings of public mails.

    Names that the cleaner takes out are people's, but no children's; what else it takes out
    counts neither way.

    Raises:
        OperatorError: there is no public mail.
    """
    for text, gone in public_mails(most, seed, _LONGEST):
        marks = tuple(
            Mark("text", start, end, "out" if label in _PEOPLE else "free", "PERSON")
            for start, end, label in gone
        )
        yield Marked(text, marks)
