"""Which language a paragraph is written in: by script, then by its small words.

No library: those at hand load for a second and hold 120 MB to be right about the same
paragraphs. English business mail, the usual case, is decided by one set intersection.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.languages_words import ENDINGS, LETTERS, SCRIPTS, WITHIN_SCRIPT, WORDS

_BLANK = re.compile(r"\n[ \t]*\n\s*")

LOOKED_AT = 1_200
"""Characters of a paragraph that are looked at."""

_WORD = regex.compile(r"\p{L}+(?:'\p{L}+)?")
# Addresses, codes and links say nothing of the language around them.
_ELECTRONIC = regex.compile(
    r"\S{0,80}@\S{1,80}|https?://\S{1,300}|www\.\S{1,300}|<[^>\n]{1,80}>"
)
_OTHER_SCRIPT = regex.compile("|".join(f"(?P<{code}>{row})" for code, row in SCRIPTS.items()))
_LEAST = 1.1
_LEAST_SHARE = 0.12
_LEAD = 1.25
_ENGLISH_HITS = 3
_ENGLISH_SHARE = 0.25


def _weights() -> dict[str, dict[str, float]]:
    """Return for each small word what it says for each language; shared words say less."""
    shared = Counter(word for words in WORDS.values() for word in words)
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for language, words in WORDS.items():
        for word in words:
            # One letter is more often an abbreviation than a word.
            weights[word][language] = (0.5 if len(word) == 1 else 1.0) / shared[word] ** 0.5
    return dict(weights)


_WEIGHTS = _weights()
_SMALL = frozenset(_WEIGHTS)
_ENGLISH_ONLY = WORDS["en"] - frozenset().union(*(w for c, w in WORDS.items() if c != "en"))
_ENDINGS = {
    code: regex.compile(rf"\p{{L}}{{2,24}}(?:{row})(?!\p{{L}})")
    for code, row in ENDINGS.items()
}
_ENDING_SAYS = 0.3
_LETTER_SAYS = 1.0
_LETTERS = {letter: code for code, letters in LETTERS.items() for letter in letters}


@lru_cache(maxsize=2_048)
def detect(text: str) -> str:
    """Return the ISO 639-1 code of the language of *text*, "" where it does not tell.

    Meant for a paragraph; of a longer text the first `LOOKED_AT` characters are read. Lists,
    addresses, signatures and code have too few small words and give "". English that names
    foreign people and places stays English.
    """
    piece = text[:LOOKED_AT].replace("\u2019", "'")
    if "@" in piece or "://" in piece or "www." in piece or "<" in piece:
        piece = _ELECTRONIC.sub(" ", piece)
    if not piece.isascii() and (other := _script(piece)):
        return other
    words = set(_WORD.findall(piece.lower()))
    if len(words & _ENGLISH_ONLY) >= max(_ENGLISH_HITS, _ENGLISH_SHARE * len(words)):
        return "en"
    return _by_words(words, piece)


def paragraphs(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield the stretches of *text* between *start* and *end* that blank lines divide."""
    end = len(text) if end is None else end
    for blank in _BLANK.finditer(text, start, end):
        if blank.start() > start:
            yield start, blank.start()
        start = blank.end()
    if start < end:
        yield start, end


def spoken(text: str) -> frozenset[str]:
    """Return the languages of the paragraphs of *text*, those that tell."""
    return frozenset(detect(text[start:end]) for start, end in paragraphs(text)) - {""}


def _script(piece: str) -> str:
    """Return the language of the script that most letters are in, "" where it is Latin."""
    found = Counter(match.lastgroup or "" for match in _OTHER_SCRIPT.finditer(piece))
    if not found:
        return ""
    code, _ = found.most_common(1)[0]
    latin = sum(len(word) for word in regex.findall(r"\p{Latin}+", piece))
    if sum(found.values()) <= latin:
        return ""
    if code == "zh" and found["ja"]:
        return "ja"
    for own, (script, letters) in WITHIN_SCRIPT.items():
        if script == code and any(letter in piece for letter in letters):
            return own
    return code


def _by_words(words: set[str], piece: str) -> str:
    scores: dict[str, float] = defaultdict(float)
    small = words | {word.partition("'")[0] + "'" for word in words if "'" in word}
    for word in small & _SMALL:
        for language, weight in _WEIGHTS[word].items():
            scores[language] += weight
    if not scores:
        return ""
    lower = piece.lower()
    if not piece.isascii():
        for letter in set(lower) & _LETTERS.keys():
            scores[_LETTERS[letter]] += _LETTER_SAYS
    if not words & _ENGLISH_ONLY:
        for language, pattern in _ENDINGS.items():
            scores[language] += _ENDING_SAYS * len(pattern.findall(lower))
    ranked = sorted(scores.values())
    best = max(scores, key=lambda code: scores[code])
    most, second = ranked[-1], ranked[-2] if len(ranked) > 1 else 0.0
    if most < max(_LEAST, _LEAST_SHARE * len(words)) or most < _LEAD * second:
        return ""
    return best
