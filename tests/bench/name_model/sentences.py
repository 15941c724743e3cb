"""Invented sentences from templates: what each word is, is known.

A template is a line of `templates/LANGUAGE.txt`. `{person}` is a slot of `invented.SLOTS`,
anew at each place; `{person1}` is the same wherever it stands in the line. `\\n` ends a line,
`#` begins a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from tests.bench.name_model import invented_words as words
from tests.bench.name_model.invented import CLASS_OF, SLOTS, Inventor, Locale
from tests.bench.name_model.records import Sentences, Span
from tests.bench.steps import say

TEMPLATES: Final = Path(__file__).with_name("templates")
ENGLISH: Final = "en"

_SLOT = re.compile(r"\{([a-z]+)(\d?)\}")
_OTHER_LANGUAGES: Final = 0.2
_SEPARATORS: Final = (" ", " ", "\n", "\n\n")


def templates(language: str) -> list[str]:
    """Return the templates of *language*, in the order of its file."""
    lines = (TEMPLATES / f"{language}.txt").read_text("utf-8").splitlines()
    return [line.replace("\\n", "\n") for line in lines if line and not line.startswith("#")]


def slots(template: str) -> list[str]:
    """Return the names of the slots of *template*, in order, without their digits."""
    return [match[1] for match in _SLOT.finditer(template)]


def filled(template: str, inventor: Inventor, locale: Locale) -> Sentences:
    """Return *template* with its slots filled, mostly from *locale*."""
    text, at, spans = "", 0, list[Span]()
    same: dict[str, str] = {}
    for match in _SLOT.finditer(template):
        text += template[at : match.start()]
        at = match.end()
        own = inventor.random.random() < 0.8
        value = same.get(match[0])
        if value is None:
            value = inventor.fill(match[1], locale if own else inventor.locale())
        if match[2]:
            same[match[0]] = value
        if match[1] in CLASS_OF:
            spans.append((len(text), len(text) + len(value), CLASS_OF[match[1]]))
        text += value
    return Sentences(text + template[at:], spans)


def sentences(count: int, seed: int) -> Iterator[Sentences]:
    """Yield *count* short texts of one to five sentences, one in five not in English."""
    inventor = Inventor(seed)
    known = {language: templates(language) for language in (ENGLISH, *words.LANGUAGES)}
    say(f"{sum(map(len, known.values()))} templates, {len(SLOTS)} slots")
    for done in range(count):
        yield _in_some_case(_some_sentences(inventor, known), inventor.random)
        if done % 10_000 == 9_999:
            say(f"{done + 1:,} of {count:,}")


def _some_sentences(inventor: Inventor, known: dict[str, list[str]]) -> Sentences:
    random = inventor.random
    language, many = ENGLISH, random.choice([1, 1, 2, 3, 4])
    locale = inventor.locale() if random.random() < 0.6 else None
    if random.random() < _OTHER_LANGUAGES:
        shares = words.LANGUAGE_SHARES
        language, many = random.choices(list(shares), list(shares.values()))[0], many + 1
        abroad = random.random() < 0.3
        locale = inventor.locale(() if abroad else words.LANGUAGES[language])
    text, spans = "", list[Span]()
    for _ in range(many):
        template = random.choice(known[language])
        more = filled(template, inventor, locale or inventor.locale())
        text += random.choice(_SEPARATORS) if text else ""
        spans += [(len(text) + s, len(text) + e, label) for s, e, label in more.spans]
        text += more.text
    return Sentences(text, spans)


def _in_some_case(given: Sentences, random: Random) -> Sentences:
    """Return *given* at times in capitals, in small letters, or with its names in capitals."""
    text, lot = given.text, random.random()
    if lot < 0.06:
        text = text.upper()
    elif lot < 0.13:
        text = text.lower()
    elif lot < 0.18:
        for start, end, _ in given.spans:
            text = text[:start] + text[start:end].upper() + text[end:]
    # Some letters are two in the other case; then the spans would be wrong.
    return Sentences(text if len(text) == len(given.text) else given.text, given.spans)
