"""Conditions that tell some mails of the history from all others, found by search.

Each is a text of the language, and says on the history what it would say on the mail: it asks
only for what the clean mail still holds. Where the words of a mail were taken out, a condition
that asks for a word is false here, and may be true of the mail as it comes in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from flows.language.filters import mentions
from flows.suggest.history import PastMail, topic

MOST_CONDITIONS: Final = 3
_PHRASES: Final = 60
"""Phrases of which conditions are tried, those that tell most first."""
_WIDTH: Final = 12
_SEARCHED: Final = 600
"""Characters of a mail in which phrases are looked for; what it is about stands early."""

_WORD: Final = re.compile(r"<[A-Z][A-Z0-9_]*>|[^\W\d_]+(?:['\u2019][^\W\d_]+)?|[^\s\w]|\d+")
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_STOP: Final = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "i",
        "in", "is", "it", "me", "my", "of", "on", "or", "our", "please", "re", "that", "the",
        "this", "to", "was", "we", "with", "you", "your", "thanks", "thank", "hi", "hello",
        "dear",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions that all must hold, and the mails of which they do, as bits by position."""

    conditions: tuple[str, ...]
    mask: int


@dataclass(frozen=True, slots=True)
class Tried:
    """How a rule did: of `wanted` mails it found `right`, and `wrong` others beside them."""

    wanted: int
    right: int
    wrong: int

    @property
    def precision(self) -> float:
        """Return which share of what it found was wanted, 0 to 1."""
        return self.right / (self.right + self.wrong) if self.right else 0.0


def bits(positions: Iterable[int]) -> int:
    """Return a set of positions as bits."""
    return sum(1 << position for position in set(positions))


def tried(rule: Rule, wanted: int, among: int) -> Tried:
    """Return how *rule* does for the mails *wanted*, looking only *among* some (bits)."""
    right = (rule.mask & wanted & among).bit_count()
    wrong = (rule.mask & ~wanted & among).bit_count()
    return Tried((wanted & among).bit_count(), right, wrong)


def best_rule(mails: Sequence[PastMail], wanted: int, among: int) -> Rule | None:
    """Return the rule that best tells *wanted* from the rest *among* these mails (bits).

    None where nothing tells them apart. Short rules win over long ones that are no better.
    """
    chosen = wanted & among
    atoms = list(_atoms(mails, [n for n in range(len(mails)) if chosen >> n & 1]))
    every = Rule((), (1 << len(mails)) - 1)
    best: Rule | None = None
    front = [every]
    for _ in range(MOST_CONDITIONS):
        longer: dict[int, Rule] = {}
        for rule in front:
            for atom in atoms:
                mask = rule.mask & atom.mask
                if mask != rule.mask:
                    longer.setdefault(mask, Rule((*rule.conditions, *atom.conditions), mask))
        front = sorted(longer.values(), key=lambda rule: _rank(rule, wanted, among))[:_WIDTH]
        if front and (best is None or _gain(front[0], best, wanted, among)):
            best = front[0]
    return best


def _rank(rule: Rule, wanted: int, among: int) -> tuple[float, int]:
    """Return by what the better rule comes first; of two alike the one that is shorter."""
    return -_worth(rule, wanted, among), len("".join(rule.conditions))


def _gain(rule: Rule, before: Rule, wanted: int, among: int) -> bool:
    return _worth(rule, wanted, among) > _worth(before, wanted, among) + 0.02


def _worth(rule: Rule, wanted: int, among: int) -> float:
    """Return F with precision counted double; a wrong answer costs more than a missed one."""
    got = tried(rule, wanted, among)
    if not got.right:
        return 0.0
    precision = got.right / (got.right + got.wrong + 0.5)  # few cases prove little
    recall = got.right / got.wanted
    return 1.25 * precision * recall / (0.25 * precision + recall)


def _atoms(mails: Sequence[PastMail], wanted: Collection[int]) -> Iterator[Rule]:
    """Yield single conditions that hold of some of the *wanted* mails."""
    chosen = [mails[position] for position in wanted]
    for domain in sorted({mail.domain for mail in chosen if mail.domain}):
        mask = bits(n for n, mail in enumerate(mails) if mail.domain == domain)
        yield Rule((f"mail.sender.domain == {_literal(domain)}",), mask)
    for kind in sorted({mail.kind for mail in chosen} - {"other"}):
        mask = bits(n for n, mail in enumerate(mails) if mail.kind == kind)
        yield Rule((f"mail.kind == '{kind}'",), mask)
    if any(mail.papers for mail in chosen):
        yield Rule(
            ("mail.has_attachments",), bits(n for n, mail in enumerate(mails) if mail.papers)
        )
    yield from _phrase_atoms(mails, chosen, "subject")
    yield from _phrase_atoms(mails, chosen, "new_text")


def _phrase_atoms(
    mails: Sequence[PastMail], chosen: Sequence[PastMail], part: str
) -> Iterator[Rule]:
    here = Counter(phrase for mail in chosen for phrase in phrases(_part(mail, part)))
    least = max(2, len(chosen) // 5)
    # What one private person alone writes may be a name that nobody recognised as one.
    told = {
        (phrase, mail.domain or mail.correspondent)
        for mail in chosen
        for phrase in phrases(_part(mail, part))
    }
    people = Counter(phrase for phrase, who in told)
    common = [
        phrase
        for phrase, count in here.items()
        if count >= least and (people[phrase] > 1 or all(mail.domain for mail in chosen))
    ]
    everywhere = Counter(
        phrase for mail in mails for phrase in phrases(_part(mail, part)) & set(common)
    )
    common.sort(key=lambda each: (-(here[each] ** 2) / everywhere[each], len(each), each))
    for phrase in common[:_PHRASES]:
        mask = bits(n for n, mail in enumerate(mails) if mentions(_whole(mail, part), phrase))
        yield Rule((f"mail.{part} | mentions({_literal(phrase)})",), mask)


def phrases(text: str) -> frozenset[str]:
    """Return the runs of one to three words in *text*, none that ends in a filler.

    A run never reaches over punctuation, a number or what stands for something personal.
    """
    runs: list[list[str]] = [[]]
    for word in _WORD.findall(text):
        if _LETTERS.fullmatch(word):
            runs[-1].append(word.casefold())
        else:
            runs.append([])
    found: set[str] = set()
    for run in runs:
        for start in range(len(run)):
            for end in range(start + 1, min(start + 3, len(run)) + 1):
                if run[start] not in _STOP and run[end - 1] not in _STOP:
                    found.add(" ".join(run[start:end]))
    return frozenset(each for each in found if len(each) > 2)  # noqa: PLR2004 - `pm`, `st`


def _part(mail: PastMail, part: str) -> str:
    return topic(mail.subject) if part == "subject" else mail.text[:_SEARCHED]


def _whole(mail: PastMail, part: str) -> str:
    return mail.subject if part == "subject" else mail.text


def _literal(text: str) -> str:
    """Return *text*, of letters, dots and blanks, as it is written in a condition."""
    return f'"{text}"' if "'" in text else f"'{text}'"
