"""One text as the rules about children read it: its sentences, its names, its children."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.minor_given import GIVEN
from anonymizer.text.minor_words import (
    ADJECTIVE,
    BRANDS,
    CHILD_WORD,
    CORE,
    NUMBER_WORDS,
    PERSON_WORD,
    POSSESSED,
    THING,
    WAKING,
)
from anonymizer.text.name_cues import words
from anonymizer.text.stand_ins import fold
from anonymizer.text.words import ALSO_WORDS, COMPANY_WORDS, NOT_NAMES

Span = tuple[int, int]

_TOKEN = re.compile(r"[^\W_]+")
_MAYBE_AGE = re.compile(
    r"(?:(?<=[^\W\d_][\s(])|(?<=[^\W\d_]\s\()|(?<=[,:=)-]\s)|(?<=[,-])"
    r"|^)\d{1,3}(?:\.5|\s?1/2|\s?½)?"
    r"(?=[ -]?(?:y(?:ea)?rs?\b|yo\b|y[/.]o|mo(?:nth)?s?\b|mths?\b|w(?:ee)?ks?\b"
    r"|days?[ -]old|años|anos|meses|ans\b|mois|Jahre|Monat|jähr)"
    r"|[ ]?(?:[);!?]|,(?!\d)|\.(?!\d)|$|\n|&|(?:and|but|so|or|y|et|und|now"
    r"|today|who|with|on|next|this|in|to|already|too|when|at"
    r"|he|she|they|we|i|because|n|last|el|la|est|ist|vit|will|has|is|was"
    r"|named|going|a|[a-z]{3,6}day)\b))"
)
_SMALL_NUMBER = re.compile(r"[\s(][12]?\d(?=[\s),.;!?yY-]|$)")
_AGE_BEFORE = re.compile(
    r"(?:\b(?:is|was|am|im|are|hes|shes|be|only|just|almost|turn(?:s|ed|ing)?"
    r"|under|due on|ages?:?|minor:?|in(?:to)? year)"
    r"|['\u2019][sm]|[a-zé](?:,|\s\())[\s(]?$",
    re.IGNORECASE,
)
_AGE_AFTER = re.compile(r"[\s(]1?\d[ -]?(?:y[/.]?o\b|yrs?\b)", re.IGNORECASE)
_AGE_IN_WORDS = re.compile(
    rf"\b(?:turn(?:s|ed|ing)?|is|was|are|he's|she's|age|almost|only"
    rf"|just)\s(?:{'|'.join(sorted(NUMBER_WORDS))})(?![\w-])",
    re.IGNORECASE,
)
_LOUD_LINE = re.compile(r"^(?=[^\n]*[^\W\d_]{2})[^a-zß-öø-ÿ\n]{8,400}$", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?]+[\"')]?(?=\s)|\n[ \t]*\n|\n(?=[ \t]*[-*•])")
_PRONOUN_START = re.compile(
    r"[\s\"'(>-]{0,4}(?:(?:grade|school|team|age|dob|class|allergies)\s?:"
    r"|(?:and |but |so |also |now |because |then |plus )?(?:he|she|his|her|him|they|their"
    r"|it's (?:his|her)|él|ella|su|il|elle|son|sa|er|sie|who)\b)",
    re.IGNORECASE,
)
_MENTION = regex.compile(
    rf"\b{POSSESSED}\s{ADJECTIVE}{{0,3}}(?:{CHILD_WORD})\b(?!-in-law)"
    r"|\binfant (?:in|at)\b|\bthe (?:baby|twins|little (?:one|ones|guy|girl|boy)|toddler|kids?"
    r"|children|boys|girls|newborn|infant|triplets|minor)\b"
    r"|\b(?:shared|joint|sole|full) custody\b"
    r"|\b(?:a|an|with a|two|three|four|small|young|student|camper|pupil"
    r"|child)\s(?:toddler|newborn|infant|preschooler|kids|children|baby"
    r"|minor)\b"
    r"|\b(?:el bebé|la niña|el niño|los niños|la nena|le bébé|la petite"
    r"|le petit|les enfants|das Kind|die Kinder|das Baby)\b"
    r"|recién nacid[oa]|nouveau-né|Neugeboren\w+|\bpediatra\b|\bpédiatre\b"
    r"|\bKinderarzt\b|\bpa?ediatrician\b"
    r"|^[ \t]*(?:child|student|camper|player|pupil|minor)(?:'s)?(?: name)?\s?:",
    regex.IGNORECASE | regex.MULTILINE,
)
_ADULT = regex.compile(
    rf"\b(?:my|our|his|her|their)\s(?:\w+\s)?{PERSON_WORD}\b(?<!little"
    rf" brother)(?<!little sister)|\bI(?:'m|'ve| am| have| had)\b",
    regex.IGNORECASE,
)
_THING = regex.compile(rf"\b{THING}\b", regex.IGNORECASE)
# Words that stand before or after a name in a list of names and belong to none.
_LISTED_1 = """
    mom mum mommy dad daddy mama papa grandma grandpa granny nana aunt auntie uncle coach
    teacher sitter nanny principal school schools camp team troop grade kindergarten
    preschool daycare nursery recess summer spring winter autumn christmas easter hanukkah
    thanksgiving halloween english spanish french german he she they it i we you me him
    them us his her their yes no ok okay sorry btw also plus because since until after
    before during if but and or so then when while where who what which how why both all
    one two three only even still maybe perhaps please thx ps pps note update both
    bathroom bedroom basement upstairs downstairs kids children boys girls baby son
    daughter mis mi el la los las une un le les der die das ein eine mein meine unser
    unsere mon ma mes notre nos nous vous je il elle ich wir er sie es yo tu su sus que
    qui nom nombre name minor child student player camper pupil soccer football hockey
    baseball practice swim dance piano doctor dr mr mrs ms miss sir madam monsieur madame
    señor señora herr frau dob mondays tuesdays wednesdays thursdays fridays saturdays
    sundays der parent parents guardian dcs cps merci gracias danke bonjour hola hallo
    guten buenos
"""
_EDGE = NOT_NAMES | frozenset(_LISTED_1.split())
_REACH = 400
_TITLES = ("Dr", "Mr", "Mrs", "Ms", "St")
_PAIRS, _BACK = 2, 3
_BEFORE, _AFTER, _CLOSE = 140, 140, 300


def trimmed_name(text: str, start: int, end: int, *, sure: bool = False) -> Span | None:
    """Return the part of a stretch that can be a person's name, None if there is none."""
    found = [(m.start() + start, m.end() + start, m.group()) for m in words(text[start:end])]
    tokens = [fold(word) for _, _, word in found]
    if not COMPANY_WORDS.isdisjoint(tokens[1:]) or (BRANDS - GIVEN).intersection(tokens):
        return None
    while found and _no_name(found[-1][2], sure=sure and len(found) == 1):
        found.pop()
    while found and _no_name(found[0][2], sure=sure and len(found) == 1):
        found.pop(0)
    if not found or not any(len(word) > 1 for _, _, word in found):
        return None
    for position, (at, _, word) in enumerate(found):
        token = fold(word)
        if position and (token in COMPANY_WORDS or (token in _EDGE and token not in GIVEN)):
            if token in COMPANY_WORDS:
                return None
            return found[0][0], found[position - 1][1]
        del at
    return found[0][0], found[-1][1]


def _no_name(word: str, *, sure: bool) -> bool:
    token = fold(word)
    if token in _EDGE:
        return not (sure and token in GIVEN)
    return _THING.fullmatch(word) is not None


@dataclass(slots=True)
class Scene:
    """A text with what the rules ask of it; `text` has the length of the given one."""

    text: str
    people: list[Span]
    majority: int
    at: date
    wakes: dict[str, list[int]]
    zones: list[Span]
    small: frozenset[str]
    children: list[Span] = field(default_factory=list)
    everywhere: bool = False
    _ends: list[int] | None = None
    _mentions: list[Span] | None = None

    def windows(self, wake: frozenset[str] | None) -> Iterator[Span]:
        """Yield the stretches around words of *wake*, apart and in order; None: all of it."""
        if wake is None:
            yield 0, len(self.text)
            return
        hits = sorted(at for word in wake & self.wakes.keys() for at in self.wakes[word])
        low = high = -1
        for at in hits:
            if high < 0 or at - _BEFORE > high:
                if high > 0:
                    yield low, high
                low = self._line_start(at - _BEFORE)
            high = self._line_end(at + _AFTER)
        if high > 0:
            yield low, high

    def about_children(self, wake: frozenset[str] | None) -> Iterator[Span]:
        """Yield the windows of *wake* that have a mention of a child close by."""
        mentions = self.mentions()
        for low, high in self.windows(wake):
            place = bisect_left(mentions, (low - 2 * _CLOSE, 0))
            if self.everywhere or (place < len(mentions) and mentions[place][0] < high):
                yield low, high

    def _line_start(self, at: int) -> int:
        """Return where a window may begin: not within a word."""
        if at <= 0:
            return 0
        return self.text.find(" ", at, at + 40) + 1 or at

    def _line_end(self, at: int) -> int:
        if at >= len(self.text):
            return len(self.text)
        found = self.text.find("\n", at - 40, at)
        return found if found > 0 else self.text.find(" ", at, at + 40) + 1 or at

    def ends(self) -> list[int]:
        """Return where the sentences end, in order."""
        if self._ends is None:
            self._ends = [
                m.end()
                for m in _SENTENCE_END.finditer(self.text)
                if not self.text.endswith(_TITLES, 0, m.start())
            ]
        return self._ends

    def sentence(self, at: int) -> Span:
        """Return the sentence around *at*, at most a reach to each side."""
        ends = self.ends()
        place = bisect_right(ends, at)
        low = ends[place - 1] if place else 0
        high = ends[place] if place < len(ends) else len(self.text)
        return max(low, at - _REACH), min(high, at + _REACH)

    def known(self, start: int, end: int) -> bool:
        """Return whether the stretch is a name by more than its capital."""
        first = fold(self.text[start:end].split()[0].split("-")[0])
        if first in GIVEN:
            return first not in self.small or first not in ALSO_WORDS
        place = bisect_right(self.people, (start, len(self.text)))
        near = self.people[max(0, place - _PAIRS) : place + 1]
        return any(low < end and start < high for low, high in near) and first not in self.small

    def plausible(self, start: int, end: int) -> bool:
        """Return whether the stretch is no common word that only begins a sentence."""
        first = self.text[start:end].split()[0]
        token = fold(first)
        return token in GIVEN or token not in self.small or self.known(start, end)

    def mentions(self) -> list[Span]:
        """Return where the text speaks of a child, in order."""
        if self._mentions is None:
            found = [
                m.span()
                for low, high in self.zones
                for m in _MENTION.finditer(self.text, low, high)
            ]
            self._mentions = sorted({*found, *self.children})
        return self._mentions

    def forget(self) -> None:
        """Look for mentions of children anew: more of them are known now."""
        self._mentions = None

    def child_near(self, start: int, end: int) -> bool:
        """Return whether the sentence speaks of a child, or goes on about one."""
        if self.everywhere:
            return True
        low, high = self.sentence(start)
        if self._mentioned(low, max(high, end)):
            return True
        if not _PRONOUN_START.match(self.text, low):
            return False
        for _ in range(_BACK):
            if low <= 0:
                return False
            low, _ = self.sentence(max(0, low - 2))
            if self._mentioned(low, start):
                return True
        return False

    def _mentioned(self, low: int, high: int) -> bool:
        mentions = self.mentions()
        place = bisect_left(mentions, (low, 0))
        return place < len(mentions) and mentions[place][0] < high

    def antecedent(self, at: int) -> Span | None:
        """Return the name that a pronoun at *at* stands for: the closest one before it.

        None where something nearer may be meant: another person without a name.
        """
        low, _ = self.sentence(at)
        if low > 0:
            low, _ = self.sentence(max(0, low - 2))
        first = bisect_left(self.people, (low, 0))
        last = bisect_left(self.people, (at, 0))
        before = [span for span in self.people[first:last] if span[1] <= at]
        if not before:
            return None
        between = self.text[before[-1][1] : at]
        return None if _ADULT.search(between) else before[-1]


def scene_of(text: str, people: Iterable[Span], majority: int, at: date) -> Scene:
    """Return the scene of a text; *people* are the stretches where names stand, in order."""
    spans = list(people)
    small = frozenset(word for word in _TOKEN.findall(text) if word[0].islower())
    read = _capitalised(text, spans, small)
    wakes, zones = _wakes(read)
    return Scene(read, spans, majority, at, wakes, zones, small)


_PHRASE_WORDS = frozenset({"little", "pre", "primary"})
_PHRASES = re.compile(
    r"\b(?:(?:little|lil|big) (?:ones?|guys?|man|men|dudes?|lady|ladies"
    r"|princess|fella|angel|bug)"
    r"|pre-k|(?:at|in|of|from|starts?|finish\w*) primary(?= school|[.,;!?]| (?:at|and|in)\b)"
    r"|(?-i:[A-Z][\w']+ Primary))\b",
    re.IGNORECASE,
)


def speaks_of_children(text: str) -> bool:
    """Return whether *text* has any word or age by which people speak of children."""
    words_of_it = set(_TOKEN.findall(text.lower()))
    if not CORE.isdisjoint(words_of_it) or (
        not _PHRASE_WORDS.isdisjoint(words_of_it) and _PHRASES.search(text)
    ):
        return True
    return any(True for _ in _likely_ages(text, words_of_it))


def _likely_ages(text: str, tokens: Collection[str]) -> Iterator[int]:
    """Yield where a small number, or one in words, stands as an age would."""
    for match in _SMALL_NUMBER.finditer(text):
        at = match.start()
        if _AGE_BEFORE.search(text, max(0, at - 10), at + 1) or _AGE_AFTER.match(text, at):
            yield at
    if not NUMBER_WORDS.isdisjoint(tokens):
        for match in _AGE_IN_WORDS.finditer(text):
            yield match.start()


def _wakes(text: str) -> tuple[dict[str, list[int]], list[Span]]:
    """Return where words stand that wake rules, numbers as "0", and the zones to read."""
    tokens = [
        (m.group(), m.start()) for m in _TOKEN.finditer(text.lower()) if m.group() in WAKING
    ]
    core = [at for word, at in tokens if word in CORE]
    core += _likely_ages(text, {word for word, _ in tokens})
    if any(word in _PHRASE_WORDS for word, _ in tokens):
        core += [match.start() for match in _PHRASES.finditer(text)]
    core.sort()
    zones = list(_zones(core, len(text)))
    tokens += [
        ("0", match.start())
        for low, high in zones
        for match in _MAYBE_AGE.finditer(text, low, high)
    ]
    wakes: dict[str, list[int]] = {}
    for word, at in tokens:
        place = bisect_left(core, at - _CLOSE)
        if place < len(core) and core[place] <= at + _CLOSE:
            wakes.setdefault(word, []).append(at)
    return wakes, zones


def _zones(core: Sequence[int], length: int) -> Iterator[Span]:
    """Yield the stretches around *core*, apart and in order."""
    low = high = -1
    for at in core:
        if high < 0 or at - _CLOSE > high:
            if high > 0:
                yield low, high
            low = max(0, at - _CLOSE)
        high = min(length, at + _CLOSE)
    if high > 0:
        yield low, high


def _capitalised(text: str, people: list[Span], small: frozenset[str]) -> str:
    """Return *text*, same length, with capitals on names and on nothing else where it shouts.

    Lines in capitals are written small first; then names that people write small get theirs.
    """
    read = text
    loud = _LOUD_LINE.search(text) is not None
    if loud:
        read = _LOUD_LINE.sub(lambda line: _lower(line.group()), text)
        small = small | {word for word in _TOKEN.findall(read) if word[0].islower()}
    given = [word for word in small & GIVEN if word not in ALSO_WORDS and word not in NOT_NAMES]
    if given:
        read = re.sub(
            rf"(?<![\w@./-])(?:{'|'.join(map(re.escape, given))})(?![\w@]|\.\w)",
            lambda m: m.group()[0].upper() + m.group()[1:],
            read,
        )
    if loud or not any(c.isupper() for c in text):
        for start, end in people:
            name = read[start:end]
            titled = name.title()
            if len(titled) == len(name):
                read = read[:start] + titled + read[end:]
    return read


def _lower(line: str) -> str:
    lowered = line.lower()
    return lowered if len(lowered) == len(line) else line
