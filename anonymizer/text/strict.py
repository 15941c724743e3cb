"""Names in paragraphs whose language the model does not know: more is taken out.

Where a language writes names alone with a capital, a capital inside a sentence is enough.
Where every noun has one, or none has, lists of names and cues decide.
"""

# ruff: noqa: RUF001 - letters of other scripts

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.findings import CUED, MODEL_RULE, Finding
from anonymizer.text.languages import detect, paragraphs
from anonymizer.text.languages_words import WORDS
from anonymizer.text.name_cues_lists import (
    BRANDS,
    ORDINARY,
    PARTICLES,
    is_given_name,
    is_surname,
)
from anonymizer.text.segments import Segment
from anonymizer.text.stand_ins import fold
from anonymizer.text.strict_words import (
    BUSINESS,
    CAPITAL_NOUNS,
    FIRM_WORDS,
    LEGAL_FORMS,
    MODEL_LANGUAGES,
    PLACE_BEFORE,
    SPOKEN,
    STREETS,
)
from anonymizer.text.words import COMPANY_WORDS

_GUESSED = frozenset({"PERSON", "LOCATION", "ORGANIZATION"})
"""What the model guesses at in a language that it does not know."""

RULE: Final = "strict"
"""Rule of the findings made here, followed by a space and the language's code."""

_SCRIPTS_WITHOUT_CAPITALS = frozenset(
    ("ar", "fa", "ur", "he", "hi", "bn", "pa", "th", "ja", "ko", "zh", "ka", "am")
)
_PART = r"\p{Lu}(?:\.|[\p{L}\p{M}]{0,32}(?:['-]\p{L}{1,24}){0,3})"
_LINK = "(?:" + "|".join(sorted(PARTICLES)) + ")"
_SEQUENCE = regex.compile(
    r"(?<![\p{L}\p{N}@._/'-])"
    rf"{_PART}(?:[ ](?:{_LINK}[ ]){{0,2}}{_PART}){{0,4}}(?![\p{{L}}\p{{N}}@_/])"
)
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*+(?:['-]\p{L}++)*+")
_OPENING = regex.compile(r"(?:^|[.!?:;\n>*•¿¡\t|(\"«„]|--)[ \t\"'«„(*>¿¡-]*$")
_TAIL = regex.compile(r"[ ,&]{1,3}(?:[\p{L}.]+[ ]){0,2}?([\p{L}.]+)")
_LEGAL_REACH = 40
_FIRM_REACH = 48
_BEFORE = regex.compile(
    r"(\p{L}+|\d{4,5})[ ,]{1,2}(?:(?:de la|de l'|de|du|des|da|do|di|del|della)[ ])?$"
)
_STREETS = [regex.compile(row, regex.IGNORECASE) for row in STREETS]
_INITIALS = 4
_SHORT = 3
_TOKEN = regex.compile(r"\p{L}[\p{L}\p{M}]+")
_FAMILY = regex.compile(r"[ ](?:(?:بن|ابن|بنت|آل|أبو|عبد)[ ])?[\p{L}\p{M}]{3,16}")
_SERVANT = regex.compile(r"(?<!\p{L})عبد[ ]?ال\p{Arabic}{3,12}(?:[ ]ال\p{Arabic}{2,14})?")
_PREFIXES = ("و", "ل", "ب", "ו", "ל", "ב")
# Given names that mail says as words.
_WORDS_TOO = frozenset(
    (
        "שלום",
        "אור",
        "טל",
        "חן",
        "سلام",
        "أمل",
        "نور",
        "كريم",
        "جميل",
        "شكري",
        "صعب",
        "صباح",
        "على",
        "سعر",
    )
)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a sequence: can it be part of a name, is it surely a given name."""

    start: int
    text: str
    named: bool
    sure: bool


def main_language(texts: Sequence[str]) -> str:
    """Return the language in which most of *texts* is written, "" where none tells."""
    sizes: dict[str, int] = {}
    for text in texts:
        for start, end in paragraphs(text):
            code = detect(text[start:end])
            if code:
                sizes[code] = sizes.get(code, 0) + end - start
    return max(sizes, key=lambda code: sizes[code], default="")


def read_strictly(
    text: str, found: Sequence[Finding], segments: Sequence[Segment] = (), *, mail: str = ""
) -> tuple[list[Finding], tuple[str, ...]]:
    """Return *found* as it should be with strict reading, and the languages so read, sorted.

    In paragraphs of a language without a model, the people and places that the model sees
    are words that it cannot read; what is found strictly takes their place. *mail* is the
    language of texts that do not tell theirs, such as a subject.
    """
    strict = list(strict_paragraphs(text, segments, mail=mail))
    if not strict:
        return list(found), ()
    starts = [start for start, _, _ in strict]
    kept = []
    for finding in found:
        at = bisect_right(starts, finding.start) - 1
        unread = at >= 0 and finding.start < strict[at][1]
        if not (unread and finding.rule == MODEL_RULE and finding.label in _GUESSED):
            kept.append(finding)
    extra, languages = _in_paragraphs(text, strict)
    return kept + extra, languages


def strict_paragraphs(
    text: str, segments: Sequence[Segment] = (), *, mail: str = ""
) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, language) of the paragraphs in languages without a model, in order.

    A paragraph too short to tell has the language of most of the text, or of the *mail*.
    """
    pieces = list(_pieces(text, segments))
    told = [detect(text[start:end]) for start, end in pieces]
    if not any(code not in MODEL_LANGUAGES for code in [*told, mail] if code):
        return
    whole = main_language([text]) or mail
    for (start, end), code in zip(pieces, told, strict=True):
        language = code or whole
        if language and language not in MODEL_LANGUAGES:
            yield start, end, language


def _in_paragraphs(
    text: str, strict: Sequence[tuple[int, int, str]]
) -> tuple[list[Finding], tuple[str, ...]]:
    found: list[Finding] = []
    for start, end, language in strict:
        rule = f"{RULE} {language}"
        piece = text[start:end]
        spans = [(CUED, span) for span in strict_names(piece, language)]
        spans += [("LOCATION", span) for span in strict_places(piece, language)]
        spans += [("ADDRESS", span) for span in strict_addresses(piece)]
        found += [
            Finding(start + low, start + high, label, rule) for label, (low, high) in spans
        ]
    return found, tuple(sorted({language for _, _, language in strict}))


def strict_reason(rule: str) -> str:
    """Return what to add to the reason of a finding, "" where its rule is none of ours."""
    if not rule.startswith(RULE + " "):
        return ""
    code = rule.removeprefix(RULE + " ")
    return f"in a language read strictly ({SPOKEN.get(code, code)})"


def _pieces(text: str, segments: Sequence[Segment]) -> Iterator[tuple[int, int]]:
    for start, end in [(s.start, s.end) for s in segments] or [(0, len(text))]:
        yield from paragraphs(text, start, end)


def strict_names(text: str, language: str) -> list[tuple[int, int]]:
    """Return the stretches of *text*, a paragraph, that may be names of people."""
    if language in _SCRIPTS_WITHOUT_CAPITALS:
        return list(_listed(text)) + list(_by_capitals(text, language))
    return list(_by_capitals(text, language))


def strict_addresses(text: str) -> list[tuple[int, int]]:
    """Return the street addresses of *text* that do not follow the name of a firm."""
    found = [match.span() for street in _STREETS for match in street.finditer(text)]
    return [span for span in found if not _of_a_firm(text, span[0])]


def _of_a_firm(text: str, start: int) -> bool:
    before = text[max(0, start - _FIRM_REACH) : start]
    words = {word.casefold().strip(".") for word in regex.findall(r"[\p{L}.]+", before)}
    return not words.isdisjoint(FIRM_WORDS | COMPANY_WORDS | LEGAL_FORMS)


def strict_places(text: str, language: str) -> list[tuple[int, int]]:
    """Return the capitalised words of *text* that follow a word that leads to a place."""
    found = []
    for match in _SEQUENCE.finditer(text):
        words = [m.group() for m in _WORD.finditer(match.group())]
        plausible = all(_named(word, language, set()) or word in PARTICLES for word in words)
        if plausible and _after_place(text, match.start(), language):
            found.append(match.span())
    return found


def _by_capitals(text: str, language: str) -> Iterator[tuple[int, int]]:
    nouns = language in CAPITAL_NOUNS
    small = {m.group() for m in _WORD.finditer(text) if m.group().islower()}
    for found in _SEQUENCE.finditer(text):
        words = [
            _Word(
                found.start() + m.start(),
                m.group(),
                named=_named(m.group(), language, small),
                sure=_sure(m.group()),
            )
            for m in _WORD.finditer(found.group())
        ]
        if _is_firm(text, found.end(), words):
            continue
        opens = _OPENING.search(text[max(0, found.start() - 6) : found.start()]) is not None
        label = text[found.end() : found.end() + 2].lstrip().startswith(":")
        if opens and not _opens_with_name(words, label=label):
            words = words[1:]
        if _after_place(text, found.start(), language) and not any(w.sure for w in words):
            continue
        yield from _runs(words, nouns=nouns)


def _opens_with_name(words: Sequence[_Word], *, label: bool) -> bool:
    """Return whether the first word of a sentence is part of the name that follows it."""
    first, *rest = words
    if first.sure:
        return not label
    if len(first.text) == 1 and rest and not label:
        return rest[0].named
    if label or not first.named or not rest or rest[0].text in PARTICLES:
        return False
    if any(word.sure for word in rest):
        return False
    return is_surname(rest[-1].text)


def _runs(words: Sequence[_Word], *, nouns: bool) -> Iterator[tuple[int, int]]:
    """Yield the runs of words that can be a name; among nouns, those with a given name."""
    run: list[_Word] = []
    for word in [*words, None]:
        if word and (word.named or (run and word.text.lower() in PARTICLES)):
            run.append(word)
            continue
        while run and run[-1].text.lower() in PARTICLES:
            run.pop()
        while nouns and run and not (run[0].sure or _family_name(run)):
            run.pop(0)
        if any(len(part.text) > 1 for part in run):
            yield run[0].start, run[-1].start + len(run[-1].text)
        run = []


def _family_name(run: Sequence[_Word]) -> bool:
    """Return whether among nouns this is an initial or unknown word with a surname."""
    first, *rest = run
    return (
        bool(rest)
        and is_surname(rest[-1].text)
        and (len(first.text) == 1 or fold(first.text) not in ORDINARY)
        and not is_surname(first.text)
    )


def _sure(word: str) -> bool:
    return len(word) > 2 and is_given_name(word)  # noqa: PLR2004 - shorter ones are words


def _named(word: str, language: str, small: set[str]) -> bool:
    """Return whether a capitalised word of this language can be part of a name."""
    if len(word) == 1:  # an initial
        return True
    low = word.casefold()
    folded = fold(word)
    if low in BUSINESS or folded in BUSINESS or low in WORDS.get(language, frozenset()):
        return False
    if folded in BRANDS or low in FIRM_WORDS or (low in small and not is_given_name(word)):
        return False
    if word.isupper() and len(word) <= _INITIALS and not is_given_name(word):
        return False
    return folded not in ORDINARY or is_surname(word) or is_given_name(word) or len(word) > 3  # noqa: PLR2004


def _is_firm(text: str, end: int, words: Sequence[_Word]) -> bool:
    lows = [word.text.casefold() for word in words]
    if any(low in FIRM_WORDS or low in COMPANY_WORDS or low in BRANDS for low in lows):
        return True
    tail = _TAIL.match(text, end, min(len(text), end + _LEGAL_REACH))
    return tail is not None and tail[1].casefold().rstrip(".") in LEGAL_FORMS


def _after_place(text: str, start: int, language: str) -> bool:
    before = _BEFORE.search(text[max(0, start - 24) : start])
    if before is None:
        return False
    return before[1].isdigit() or before[1].casefold() in PLACE_BEFORE.get(
        language, frozenset()
    )


def _listed(text: str) -> Iterator[tuple[int, int]]:
    """Yield names of the lists in a script without capitals, with the word that follows."""
    for compound in _SERVANT.finditer(text):
        yield compound.span()
    for found in _TOKEN.finditer(text):
        word = found.group()
        start = found.start()
        if word in _WORDS_TOO:
            continue
        if not is_given_name(word):
            prefix = next((p for p in _PREFIXES if word.startswith(p)), "")
            bare = word[len(prefix) :]
            if not prefix or len(bare) <= _SHORT or not is_given_name(bare):
                continue
            start += len(prefix)
        end = found.end()
        family = _FAMILY.match(text, end)
        if family and _may_be_family(family.group()):
            end = family.end()
        yield start, end


def _may_be_family(following: str) -> bool:
    word = following.rpartition(" ")[2]
    return word.startswith("ال") or is_surname(word) or is_given_name(word)
