"""The same mail with other people's names: the teachers' labels, without learning who wrote."""

from __future__ import annotations

from anonymizer.text.tokens import tokens
from tests.bench.name_model.invented import Inventor
from tests.bench.name_model.labels import said_to_be_people
from tests.bench.name_model.records import Mail, Span


def swapped(mail: Mail, inventor: Inventor) -> Mail:
    """Return *mail* with names of one locale in place of those that the cleaner found.

    The same word becomes the same name throughout; what the teachers say moves along.
    """
    new = _new_names(mail, inventor)
    text, at = "", 0
    for start, end, name in new:
        text += mail.text[at:start] + name
        at = end
    text += mail.text[at:]
    places = _places(new, len(mail.text))
    return Mail(
        mail.id,
        text,
        _moved(mail.spacy, places),
        _moved(mail.rampart, places),
        _moved(mail.cleaner, places),
    )


def _new_names(mail: Mail, inventor: Inventor) -> list[Span]:
    """Return (start, end, new name) of each word to put another in place of, in order."""
    people, locale = said_to_be_people(mail), inventor.locale()
    names: dict[str, str] = {}
    new: list[Span] = []
    last = -2
    for i, (word, start) in enumerate(zip(*tokens(mail.text), strict=True)):
        if not (people[start] and word[0].isupper() and word.isalpha() and len(word) > 1):
            continue
        if word.lower() not in names:
            invent = inventor.last if last == i - 1 else inventor.first
            names[word.lower()] = invent(locale).split()[0]
        name = names[word.lower()]
        new.append((start, start + len(word), name.upper() if word.isupper() else name))
        last = i
    return new


def _places(new: list[Span], length: int) -> list[int]:
    """Return where each place of a text of *length* is once the *new* names stand in it.

    A place inside a name is as far inside the new one, or where that ends.
    """
    places: list[int] = []
    shift = 0
    for start, end, name in new:
        places += range(len(places) + shift, start + shift)
        places += [min(i, start + len(name)) + shift for i in range(start, end)]
        shift += len(name) - (end - start)
    return [*places, *range(len(places) + shift, length + 1 + shift)]


def _moved(spans: list[Span], places: list[int]) -> list[Span]:
    return [(places[start], places[end], label) for start, end, label in spans]
