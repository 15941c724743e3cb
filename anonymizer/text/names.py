"""Who is named in a request: headers, cues and the model teach names, every text is searched.

A name once known, from the headers or from one certain place, is recognised wherever it
stands in the request; through the roster also in later messages of the thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from anonymizer.text.findings import CUED, WEAK, Finding
from anonymizer.text.firm_words import abbreviation, firm_words
from anonymizer.text.name_cues import name_shaped, words
from anonymizer.text.products import product
from anonymizer.text.request import Person, Request, Role
from anonymizer.text.stand_ins import Register, fold
from anonymizer.text.view import uncapitalised
from anonymizer.text.word_index import WordIndex
from anonymizer.text.words import ALSO_WORDS, COMPANY_WORDS, NOT_NAMES, ROLE_ADDRESSES

Owner = Literal["customer", "supplier", "own", "other", "child"]
# Where one bare name may mean several people, the one whose name is least kept counts.
_PRIVATE_FIRST: tuple[Owner, ...] = ("child", "other", "customer", "supplier", "own")

_GAP = re.compile(r"[ \t]{1,2}|-|")
_AFTER_INITIAL = re.compile(r"(?<!\w)\w\. ?")
_SENTENCE_START = re.compile(r"(?:^|[.!?:>*•\n]|--?)[\s\"'(]*$")
_INITIAL = re.compile(r"\s[A-Z]\.?(?=\s[A-Z][a-z])|\s[A-Z]\.(?=\s|$|,)")
_OWN_LINE = re.compile(r"(?:^|\n)[ \t>-]{0,8}[A-Z]{2,3}[.,]?[ \t]*(?:\n|$)")
_SHORTEST = 2
_LONG = 400
"""Characters from which a text is worth an index of its own."""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whose name the headers give: folded tokens of it, and who it is."""

    tokens: frozenset[str]
    role: Role
    name: str


@dataclass(slots=True)
class Names:
    """What is known about names in one request; built up by `learn`, asked by `spans`."""

    register: Register
    people: list[Known] = field(default_factory=list)
    header: dict[str, Owner] = field(default_factory=dict)
    learnt: dict[str, Owner] = field(default_factory=dict)
    children: set[str] = field(default_factory=set)
    lowercase: set[str] = field(default_factory=set)
    firms: set[str] = field(default_factory=set)
    organisations: re.Pattern[str] | None = None
    author_is_minor: bool = False
    indices: dict[str, WordIndex] = field(default_factory=dict)

    def learn(self, tokens: Iterable[str], owner: Owner) -> None:
        """Take tokens of a name that was found in a text; common words are not taken."""
        for token in map(fold, tokens):
            if token not in self.header and token not in self.firms and not self.weak(token):
                self.learnt.setdefault(token, owner)

    def weak(self, token: str) -> bool:
        """Return whether a folded token says too little to be looked for by itself."""
        return (
            len(token) <= _SHORTEST
            or token in ALSO_WORDS
            or token in NOT_NAMES
            or token in self.lowercase
        )

    def owner(self, text: str) -> Owner:
        """Return whose name *text* is."""
        tokens = [fold(match.group()) for match in words(text)]
        full = [token for token in tokens if len(token) > 1] or tokens
        roles: set[Owner] = {
            person.role for person in self.people if person.tokens.issuperset(full)
        }
        whole = len(full) > 1 and bool(roles)
        if not whole and any(token in self.children or self._child(token) for token in full):
            return "child"
        if not roles:
            return "other"
        if not whole and any(self._thread_other(token) for token in full) and "own" in roles:
            return "other"
        owner = next(owner for owner in _PRIVATE_FIRST if owner in roles)
        return "child" if owner == "customer" and self.author_is_minor else owner

    def spans(self, text: str, certain: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return where names stand in *text*, whole names as one, in order.

        *certain* are the stretches that cues and the model gave for this text.
        """
        index = self.index(text)
        hits = list(certain)
        for token in self._sought(index):
            hits += index.capital[token]
        hits += self._doubtful(text, index)
        hits += self._small(index)
        return [
            (start, end)
            for start, end in _joined(text, sorted(hits))
            if not (self.protected(text, start, end) or self._product(text, start, end))
        ]

    def index(self, text: str) -> WordIndex:
        """Return the words of *text*; those of long texts are kept for the next question."""
        found = self.indices.get(text)
        if found is None:
            found = WordIndex.of(text)
            if len(text) > _LONG:
                self.indices[text] = found
        return found

    def _sought(self, index: WordIndex) -> Iterator[str]:
        """Yield the words with a capital in *index* that are names wherever they stand."""
        for token in index.capital:
            if len(token) < _SHORTEST:
                continue
            if token in self.children:
                yield token
            elif token in ALSO_WORDS or token in NOT_NAMES:
                continue
            elif token in self.header or token in self.learnt or self.register.known(token):
                yield token

    def _doubtful(self, text: str, index: WordIndex) -> Iterator[tuple[int, int]]:
        """Yield where a header name that is also a word stands, but not opens a sentence."""
        for token in self.header:
            if (token in ALSO_WORDS or token in NOT_NAMES) and token not in self.children:
                for start, end in index.capital.get(token, ()):
                    if not _SENTENCE_START.search(text[max(0, start - 12) : start]):
                        yield start, end

    def _small(self, index: WordIndex) -> Iterator[tuple[int, int]]:
        """Yield where names of the headers and of children are written small."""
        for token in self.header:
            if (
                len(token) > 3  # noqa: PLR2004 - shorter ones are words
                and token not in ALSO_WORDS
                and token not in NOT_NAMES
            ):
                yield from index.written_small(token)
        for token in self.children:
            if token not in ALSO_WORDS:
                yield from index.written_small(token)

    def _child(self, token: str) -> bool:
        return self.register.known(token).startswith("CHILD_")

    def _thread_other(self, token: str) -> bool:
        return token in self.learnt or bool(self.register.known(token))

    def _product(self, text: str, start: int, end: int) -> bool:
        """Return whether the words are a product's, and no name that the headers know."""
        known = self.header.keys() | self.children
        mine = any(fold(match.group()) in known for match in words(text[start:end]))
        return not mine and product(text, start, end)

    def protected(self, text: str, start: int, end: int) -> bool:
        """Return whether the name is part of an organisation's."""
        if self.organisations is not None:
            before = max(0, start - 80)
            for found in self.organisations.finditer(text, before, min(len(text), end + 80)):
                if found.start() <= start and end <= found.end():
                    return True
        return _runs_into_company(text, end)


_COMPANY_TAIL = re.compile(
    r"(?:[ ](?:&[ ])?(?-i:[A-Z])[\w'-]*){0,2}?[ ](?:&[ ])?(" + "|".join(
        sorted((w for w in COMPANY_WORDS if w.isalpha()), key=len, reverse=True)
    ) + r")\b\.?",
    re.IGNORECASE,
)  # fmt: skip


def _runs_into_company(text: str, end: int) -> bool:
    """Return whether capitalised words from *end* on lead to the word of a firm."""
    found = _COMPANY_TAIL.match(text, end)
    return found is not None and text[found.start(1)].isupper()


def known_people(request: Request) -> list[Known]:
    """Return the people of the headers whose name or address tells who they are."""
    people: list[Known] = []
    for person in request.people:
        tokens = {fold(match.group()) for match in words(person.name)}
        shaped = name_shaped(person.name)
        if shaped or person.role in {"customer", "other"}:
            tokens |= set(local_part_tokens(person))
        tokens = (
            {token for token in tokens if token} if shaped else tokens - _not_people(tokens)
        )
        if tokens:
            people.append(Known(frozenset(tokens), person.role, person.name.strip()))
    return people


def _not_people(tokens: set[str]) -> set[str]:
    return {t for t in tokens if t in NOT_NAMES or t in COMPANY_WORDS or t in ROLE_ADDRESSES}


def local_part_tokens(person: Person) -> list[str]:
    """Return the name tokens that a mail address gives away: `maria.lopez@` → both."""
    local = person.email.partition("@")[0]
    parts = [fold(part) for part in re.split(r"[._+\-\d]+", local)]
    if any(part in ROLE_ADDRESSES for part in parts):
        return []
    if len([part for part in parts if part]) < 2:  # noqa: PLR2004 - one word may be anything
        given = {fold(match.group()) for match in words(person.name)}
        parts = [part for part in parts if part in given or not given]
    return [part for part in parts if len(part) > _SHORTEST and part not in NOT_NAMES]


def squeezed_tokens(person: Person, capitalised: set[str]) -> set[str]:
    """Return words of the text that an address like `jsmith@` or `smithj@` contains."""
    local = fold(person.email.partition("@")[0])
    if not local.isalpha() or local in ROLE_ADDRESSES:
        return set()
    return {
        word
        for word in (local, local[1:], local[:-1])
        if len(word) > 3 and word in capitalised and word not in NOT_NAMES  # noqa: PLR2004
    }


def collect(
    request: Request, register: Register, texts: Sequence[str], found: Sequence[list[Finding]]
) -> tuple[Names, list[list[tuple[int, int]]]]:
    """Return the names of a request, and per text the stretches that are certainly names."""
    names = Names(register, known_people(request))
    names.organisations = _organisations(request)
    _take_headers(names, request, texts)
    names.firms = firm_words(texts, found) - set(names.header)
    certain = []
    for text, findings in zip(texts, found, strict=True):
        spans = _certain(text, findings, names)
        certain.append(spans)
        for start, end in spans:
            if not names.protected(text, start, end):
                names.learn((m.group() for m in words(text[start:end])), "other")
    return names, certain


def _take_headers(names: Names, request: Request, texts: Sequence[str]) -> None:
    """Note the tokens that headers give, and which words the texts write small."""
    for person in names.people:
        for token in person.tokens:
            if len(token) >= _SHORTEST:
                names.header.setdefault(token, person.role)
    capitalised: set[str] = set()
    for text in texts:
        index = names.index(text)
        capitalised |= index.capital.keys()
        if not uncapitalised(text):
            names.lowercase |= index.plain
    names.lowercase -= set(names.header)
    for given in request.people:
        for token in squeezed_tokens(given, capitalised):
            names.header.setdefault(token, given.role)
            names.people.append(Known(frozenset({token}), given.role, ""))


def _certain(text: str, findings: Sequence[Finding], names: Names) -> list[tuple[int, int]]:
    """Return where cues and the model see names in *text*."""
    cued = [f for f in findings if f.label == CUED]
    spans = [
        (f.start, f.end)
        for f in cued
        if not (_something_else(f, findings) or _a_firms(text[f.start : f.end], names))
    ]
    for finding in findings:
        if finding.label == "PERSON":
            spans += _plausible(text, finding.start, finding.end, names)
    streets = [f for f in findings if f.label == "ADDRESS"]
    return [
        (start, end)
        for start, end in spans
        # The Alder of "18 Alder Street" is nobody to look for elsewhere.
        if not any(s.start <= start and end <= s.end for s in streets)
    ]


def _a_firms(name: str, names: Names) -> bool:
    """Return whether every word of *name* is known as a firm's."""
    return all(fold(match.group()) in names.firms for match in words(name))


def _something_else(cued: Finding, findings: Sequence[Finding]) -> bool:
    """Return whether the model sees a firm where the cue sees a name, or a weak cue a town."""
    others = {"ORGANIZATION", "LOCATION"} if cued.rule == WEAK else {"ORGANIZATION"}
    return any(
        f.label in others and f.start < cued.end and cued.start < f.end for f in findings
    )


def _plausible(text: str, start: int, end: int, names: Names) -> list[tuple[int, int]]:
    """Return the parts of what the model calls a person that can be a name, line by line."""
    spans = []
    for line in re.finditer(r"[^\n\t<>|=:;]+", text[start:end]):
        found = list(words(line.group()))
        while found and _never(found[-1].group(), names):
            found.pop()
        while found and _never(found[0].group(), names):
            found.pop(0)
        begin = start + line.start()
        if not found or all(_abbreviation(m.group(), names) for m in found):
            if found and _signs_alone(text, begin + found[0].start(), begin + found[-1].end()):
                spans.append((begin + found[0].start(), begin + found[-1].end()))
            continue
        if any(m.group().casefold() in COMPANY_WORDS for m in found[1:]):
            continue
        if all(fold(m.group()) in names.firms for m in found):
            continue
        spans.append((begin + found[0].start(), begin + found[-1].end()))
    return spans


def _signs_alone(text: str, start: int, end: int) -> bool:
    """Return whether `[start, end)` are initials on a line of their own, as people sign."""
    if not 2 <= end - start <= 3 or not text[start:end].isupper():  # noqa: PLR2004 - "MK", "MJK"
        return False
    return _OWN_LINE.match(text, max(0, text.rfind("\n", 0, start)), end + 2) is not None


def _abbreviation(word: str, names: Names) -> bool:
    """Return whether this is an abbreviation or coinage that no header knows for a name."""
    return abbreviation(word) and (len(word) < _SHORTEST or fold(word) not in names.header)


def _never(word: str, names: Names) -> bool:
    token = fold(word)
    if token in names.header:
        return False
    # Jan is a month, Ján a man.
    if token in NOT_NAMES and (word.isascii() or word.casefold() in NOT_NAMES):
        return True
    # What also stands there in small letters is a word of this mail.
    return token in names.lowercase and token not in ALSO_WORDS


def _adjoin(text: str, end: int, start: int) -> bool:
    """Return whether nothing but a space, a hyphen or an initial's point lies between."""
    return bool(
        _GAP.fullmatch(text, end, start)
        or (end > 0 and _AFTER_INITIAL.fullmatch(text, end - 1, start))
    )


def _joined(text: str, hits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in hits:
        initial = _INITIAL.match(text, end)
        if initial:
            end = initial.end()  # noqa: PLW2901 - "Maria J. Lopez" is one name
        if joined and (start <= joined[-1][1] or _adjoin(text, joined[-1][1], start)):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _organisations(request: Request) -> re.Pattern[str] | None:
    """Return a pattern of what stays readable: firms, and header names that are no person's."""
    firms = {name.strip() for name in request.organisations}
    firms |= {
        person.name.strip()
        for person in request.people
        if person.role in {"own", "supplier"} and not name_shaped(person.name)
    }
    firms = {firm for firm in firms if len(firm) >= _SHORTEST}
    if not firms:
        return None
    longest_first = sorted(firms, key=lambda firm: (-len(firm), firm))
    pattern = "|".join(re.escape(firm).replace(r"\ ", r"\s+") for firm in longest_first)
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)
