"""Words that are a firm's and no person's: voted so, in a mail address, or shaped so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from anonymizer.text.findings import Finding
from anonymizer.text.name_cues import words
from anonymizer.text.name_cues_lists import is_given_name, is_surname
from anonymizer.text.stand_ins import fold

_COINED = re.compile(
    r"[a-z][A-Z](?<!^Mc.)(?<!^Mac.)(?<!^De.)(?<!^Di.)(?<!^La.)(?<!^Le.)(?<!^Van.)|_"
)
"""A capital inside a word: NetCo, but McCoy and LeBlanc."""

_DOMAIN = re.compile(r"[\w.]@(?:[\w-]{1,40}\.){0,2}([a-zA-Z]{4,30})\.(?:com|net|org|co|biz)\b")
"""The name of a firm in a mail address."""

_SHORT: Final = 3
_LONG: Final = 7
"""Letters of an abbreviation in capitals; one longer than `_SHORT` cannot be spoken."""

_UNSPOKEN = re.compile(r"[^AEIOU]{3}")
"""Letters that no syllable has: NYSERDA, but EZINNE and OKORO are people."""

_VOTES: Final = {"ORGANIZATION": 1, "PERSON": -1}


def firm_words(texts: Sequence[str], found: Sequence[Sequence[Finding]]) -> set[str]:
    """Return the folded words that are firms' rather than people's.

    Those that the model takes for a firm's more often than for a person's, and what stands
    behind the @ of an address in the texts, unless it is somebody's name.
    """
    votes: Counter[str] = Counter()
    for text, findings in zip(texts, found, strict=True):
        for finding in findings:
            vote = _VOTES.get(finding.label, 0)
            if vote:
                named = words(text[finding.start : finding.end])
                votes.update(dict.fromkeys((fold(match.group()) for match in named), vote))
    return {token for token, sum_ in votes.items() if sum_ > 0} | set(_domains(texts))


def _domains(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        if "@" in text:
            for name in set(_DOMAIN.findall(text)):
                if not (is_given_name(name) or is_surname(name)):
                    yield fold(name)


def abbreviation(word: str) -> bool:
    """Return whether *word* is one letter, an abbreviation (NYSERDA) or a coinage (NetCo).

    Never what a list has for a name, but for initials.
    """
    if len(word) < 2:  # noqa: PLR2004 - one letter
        return True
    if word.isupper() and len(word) <= _SHORT:
        return True
    if is_given_name(word) or is_surname(word):
        return False
    if _COINED.search(word):
        return True
    return word.isupper() and len(word) <= _LONG and _UNSPOKEN.search(word) is not None
