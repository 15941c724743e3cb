"""Finds names by the places in a mail where a name must stand; the rows are elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.languages import spoken
from anonymizer.text.name_cues_foreign import foreign_cues
from anonymizer.text.name_cues_lists import (
    NEVER,
    ORDINARY,
    PARTICLES,
    is_given_name,
    is_surname,
)
from anonymizer.text.name_cues_people import PEOPLE
from anonymizer.text.name_cues_rows import CUES, FOREIGN_LETTERS, NAME, PART, REACH, Cue
from anonymizer.text.stand_ins import fold
from anonymizer.text.strict_words import MODEL_LANGUAGES
from anonymizer.text.words import COMPANY_WORDS, NOT_NAMES, ROLE_ADDRESSES

__all__ = ["NAME", "Cue", "cued_names", "name_shaped", "words"]

_LIST = regex.compile(
    r"\s*(?:[;\n]|,(?=\s)|\s(?:and|&)\s|/(?=\p{Lu}\p{Ll}))\s*", regex.IGNORECASE
)
_WORD = regex.compile(r"[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*(?:'(?!s\b)[\p{L}\p{M}]+)*")
_ADDRESS = regex.compile(r"[<\[(][^>\])\n]*@[^>\])\n]*[>\])]?|\S*@\S*|/[A-Za-z]\w*(?:/\w+)*")


def words(text: str) -> Iterator[regex.Match[str]]:
    """Yield the words of *text*: letters, with inner hyphens and apostrophes, without "'s"."""
    yield from _WORD.finditer(text)


def name_shaped(text: str) -> bool:
    """Return whether these words can be somebody's name and not a firm's or a phrase."""
    found = [fold(match.group()) for match in words(text)]
    return (
        0 < len(found) <= 6  # noqa: PLR2004 - more is a sentence
        and any(len(word) > 1 for word in found)
        and not any(word in COMPANY_WORDS or word in ROLE_ADDRESSES for word in found)
        and not any(word in NOT_NAMES for word in found)
    )


def cued_names(text: str) -> Iterator[tuple[int, int, Cue]]:
    """Yield (start, end, cue) of each name that stands where a name must stand."""
    low = text.lower()
    small: set[str] | None = None
    for cue in _rows(text):
        if cue.gate and not any(word in low for word in cue.gate):
            continue
        for found in _places(text, cue):
            start = found.start("name")
            for begin, end in _pieces(found.group("name"), cue):
                if cue.doubtful:
                    small = small if small is not None else _small_words(text)
                    if not _believed(text[start + begin : start + end], cue, small):
                        continue
                yield start + begin, start + end, cue


def _places(text: str, cue: Cue) -> Iterator[regex.Match[str]]:
    if cue.anchor is None:
        yield from cue.pattern.finditer(text)
        return
    for anchor in cue.anchor.finditer(text):
        at = anchor.start()
        found = cue.pattern.search(text, max(0, at - REACH), at)
        if found:
            yield found


def _rows(text: str) -> Iterator[Cue]:
    """Yield the rows worth trying on *text*."""
    yield from CUES
    yield from PEOPLE
    languages = spoken(text)
    if not (text.isascii() or languages - MODEL_LANGUAGES):
        yield from FOREIGN_LETTERS
    for language in sorted(languages):
        yield from foreign_cues(language)


def _small_words(text: str) -> set[str]:
    return {match.group() for match in words(text) if match.group().islower()}


def _believed(name: str, cue: Cue, small: set[str]) -> bool:
    """Return whether what stands in a doubtful place can be nothing but a name."""
    found = [match.group() for match in words(name)]
    folded = [fold(word) for word in found]
    given = any(is_given_name(word) for word in found)
    if len(found) == 1:
        word = found[0]
        short = len(word) < 3 or (word.isupper() and len(word) < 4)  # noqa: PLR2004 - "HP", "AC"
        listed = given or (word.isupper() and is_surname(word))
        if short or folded[0] in ORDINARY or (folded[0] in small and not word.islower()):
            return False
        return listed if cue.listed else listed or not word.isupper()
    telling = [word for word in folded if len(word) > 1 and word not in PARTICLES]
    if any(word in NEVER for word in telling):
        return False
    if given or any(is_surname(word) for word in found):
        return True
    return not (cue.listed or any(word in ORDINARY or word in small for word in telling))


def _pieces(value: str, cue: Cue) -> Iterator[tuple[int, int]]:
    """Split a list of names; without addresses, trailing points and what is no name."""
    plain = _ADDRESS.sub(lambda found: " " * len(found.group()), value)
    begin = 0
    if cue.rule in {"header", "before an address"} and _last_first(plain):
        yield from _trimmed(plain, 0, len(plain))
        return
    for split in _LIST.finditer(plain):
        yield from _trimmed(plain, begin, split.start())
        begin = split.end()
    yield from _trimmed(plain, begin, len(plain))


def _last_first(text: str) -> bool:
    """Return whether this is one name turned round: "Lopez, Maria J."."""
    return (
        regex.fullmatch(rf"\W*{PART}(?:[ -]{PART})?,\s{PART}(?:\s{PART})?\W*", text) is not None
    )


def _trimmed(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    found = list(words(text[begin:end]))
    while found and fold(found[-1].group()) in NOT_NAMES:
        found.pop()
    while found and fold(found[0].group()) in NOT_NAMES:
        found.pop(0)
    if found and name_shaped(text[begin + found[0].start() : begin + found[-1].end()]):
        yield begin + found[0].start(), begin + found[-1].end()
