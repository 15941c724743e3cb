"""Children of a whole request: a child found in one text is masked in every other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.findings import Finding
from anonymizer.text.minor_births import MONTHS
from anonymizer.text.minor_given import GIVEN, shorts_among
from anonymizer.text.minor_scene import Scene, speaks_of_children, trimmed_name
from anonymizer.text.minors import Minors, find_belongings, find_minors
from anonymizer.text.name_cues import words
from anonymizer.text.names import Names
from anonymizer.text.request import Request
from anonymizer.text.stand_ins import fold
from anonymizer.text.words import NOT_NAMES

Span = tuple[int, int]

_FILE_NAME = regex.compile(
    r"[\w()+-](?:[\w().+ -]{0,60}[\w()-])?\.(?:jpe?g|png|gif|heic|heif|webp|bmp"
    r"|tiff?|mp4|mov|avi|m4v|3gp|pdf|docx?|xlsx?)\b",
    regex.IGNORECASE,
)
_PICTURE = regex.compile(
    r"\.(?:jpe?g|png|gif|heic|heif|webp|bmp|tiff?|mp4|mov|avi|m4v|3gp)$", regex.IGNORECASE
)
_NOT_A_DAY = regex.compile(
    r"(?:\b(?:in|on|of|by|until|till|since|before|after|from|this|next|last"
    r"|early|late|mid|through|to|for)\s|\d\s?)$",
    regex.I,
)
_A_DAY_AFTER = regex.compile(r"\s?\.?,?\s?\d|\s(?:of\s)?\d{4}")
_FOND = ("chen", "lein", "ito", "ita", "ie", "y", "i")
_SHORTEST_STEM = 3
_SEPARATE = regex.compile(r"[^\W\d_]+")


def add_minors(
    request: Request,
    names: Names,
    plain: Sequence[str],
    certain: Sequence[list[Span]],
    personal: Sequence[list[Finding]],
    *,
    heard: Sequence[Sequence[Span]],
) -> None:
    """Find the children of all texts first: a name in one is masked in every other.

    *heard* are, per text, names of whom it is known otherwise that they are children's.
    """
    threaded = any("CHILD" in stand_in for stand_in in request.roster.assigned.values())
    if not (threaded or any(heard) or any(map(speaks_of_children, plain))):
        return
    day = (request.at or datetime.now(UTC)).date()
    scenes: list[Scene] = []
    grown: list[str] = []
    for text, spans, findings in zip(plain, certain, personal, strict=True):
        people = names.spans(text, spans)
        minors, scene = find_minors(text, people, region=request.region, at=day)
        scenes.append(scene)
        grown += [fold(text[start:end]) for start, end in minors.grown]
        _take(names, text, spans, findings, minors)
    for text, spans, findings, near in zip(plain, certain, personal, heard, strict=True):
        _take(names, text, spans, findings, Minors(near=_young(text, near, grown)))
    _short_forms(names, scenes)
    _take_belongings(names, scenes, certain, personal, threaded=threaded)
    spoken = any(f.minor for findings in personal for f in findings)
    for text, findings in zip(plain, personal, strict=True):
        findings.extend(_file_names(names, text, spoken=spoken))


def _take_belongings(
    names: Names,
    scenes: Sequence[Scene],
    certain: Sequence[list[Span]],
    personal: Sequence[list[Finding]],
    *,
    threaded: bool,
) -> None:
    """Note what else the texts say of the children who are known by now."""
    months = _named_like_months([scene.text for scene in scenes], personal)
    for scene, spans, findings in zip(scenes, certain, personal, strict=True):
        text = scene.text
        mentions = list(_mentions(names, text, threaded=threaded))
        for start, end in _months(text, months):
            spans.append((start, end))
            findings.append(Finding(start, end, "CHILD", "child", minor=True))
        if mentions or scene.mentions():
            mentions += [s for s in scene.people if names.owner(text[s[0] : s[1]]) == "other"]
        told = find_belongings(scene, mentions, author=names.author_is_minor)
        _take(names, text, spans, findings, told)


def _young(text: str, heard: Sequence[Span], grown: Sequence[str]) -> list[Span]:
    """Return the names among *heard*, but those of whom the text says that they are grown."""
    shaped = (trimmed_name(text, start, end) for start, end in heard)
    return [span for span in shaped if span and fold(text[span[0] : span[1]]) not in grown]


def _named_like_months(plain: Sequence[str], personal: Sequence[Sequence[Finding]]) -> set[str]:
    """Return the names of children that are months as well: June, May."""
    return {
        text[finding.start : finding.end]
        for text, findings in zip(plain, personal, strict=True)
        for finding in findings
        if finding.rule == "child" and fold(text[finding.start : finding.end]) in MONTHS
    }


def _take(
    names: Names, text: str, spans: list[Span], findings: list[Finding], minors: Minors
) -> None:
    """Note what one text says of children: their names become known for all texts."""
    findings.extend(minors.findings)
    names.author_is_minor = names.author_is_minor or minors.author
    grown = {fold(text[start:end]) for start, end in minors.grown}
    for start, end in dict.fromkeys(
        minors.names + [s for s in minors.near if names.owner(text[s[0] : s[1]]) == "other"]
    ):
        if fold(text[start:end]) in grown:
            continue
        spans.append((start, end))
        findings.append(Finding(start, end, "CHILD", "child", minor=True))
        names.children |= _own_tokens(names, text[start:end])
        names.learn((match.group() for match in words(text[start:end])), "other")


def _own_tokens(names: Names, name: str) -> set[str]:
    """Return the tokens of a child's name that are not the family's in the headers."""
    tokens = [fold(match.group()) for match in words(name)]
    # The family's name is the parents' as well: they are no children by it.
    tokens = tokens[:-1] if len(tokens) > 1 else tokens
    shared = {token for person in names.people for token in person.tokens}
    own = {token for token in tokens if token not in shared and len(token) > 1}
    own = own or set(tokens[:1])
    # "Miriams Elternabend": the genitive of a language without an apostrophe.
    own |= {token[:-1] for token in own if token.endswith("s") and token[:-1] in GIVEN}
    return {token for token in own if token not in NOT_NAMES}


def _short_forms(names: Names, scenes: Sequence[Scene]) -> None:
    """Take short forms that the texts use for a child: "Gabby" of Gabriella."""
    if not names.children:
        return
    heads = {token for person in names.people for token in person.tokens}
    used = {
        fold(match.group())
        for scene in scenes
        for match in words(scene.text)
        if match.group()[0].isupper()
    } - heads
    used = {word for word in used if word not in NOT_NAMES}
    for name in list(names.children):
        names.children |= shorts_among(used, name)
        names.children |= {word for word in used if _a_pet_form(word, name)}


def _a_pet_form(word: str, name: str) -> bool:
    """Return whether *word* is a name's beginning with a fond ending: "Naty" of Natalie."""
    ending = next((end for end in _FOND if word.endswith(end)), None)
    stem = word[: -len(ending)] if ending else ""
    return len(stem) >= _SHORTEST_STEM and word not in GIVEN and name.startswith(stem)


def _mentions(names: Names, text: str, *, threaded: bool) -> Iterator[Span]:
    """Yield where a child's name stands in *text*; *threaded*: also a child of the thread."""
    if not (names.children or threaded):
        return
    for match in words(text):
        word = match.group()
        if fold(word) in names.children or (
            threaded and word[0].isupper() and names.register.known(word).startswith("CHILD_")
        ):
            yield match.span()


def _months(text: str, months: set[str]) -> Iterator[Span]:
    """Yield where June is a child and no month: no day or preposition of time stands by."""
    for month in months:
        for match in regex.finditer(rf"\b{month}\b", text):
            day = _A_DAY_AFTER.match(text, match.end())
            if not day and not _NOT_A_DAY.search(
                text, max(0, match.start() - 12), match.start()
            ):
                yield match.span()


def _file_names(names: Names, text: str, *, spoken: bool) -> Iterator[Finding]:
    """Yield the names of files that a child's name is part of.

    Where children are *spoken* of, any given name in that of a picture is taken as a child's.
    """
    if "." not in text or not (names.children or spoken):
        return
    for match in _FILE_NAME.finditer(text):
        tokens = {
            fold(piece.group()) for piece in _SEPARATE.finditer(match.group().replace("_", " "))
        }
        if tokens & names.children or (
            spoken and _PICTURE.search(match.group()) and tokens & GIVEN
        ):
            start = match.start()
            yield Finding(start, match.end(), "FILE_NAME", "minors", minor=True)
