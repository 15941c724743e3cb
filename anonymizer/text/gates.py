"""Which rows of rules can match a text at all, told without running their patterns.

Most texts have no card, no passport and no IBAN. A row says in `needs`, `starts` and `digits`
what a text must have; looking for those few words costs a hundredth of running every pattern.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from anonymizer.text.rule import NEEDS_CONTEXT, Rule

_WORD = re.compile(r"[^\W_]+")
_KEY = re.compile(r"[^\W_]{1,4}")
"""The letters by which what stands at the start of a word is looked up."""

Opened = tuple[int, list[int] | None]
"""Place of a row, and where in the text its matches can begin; None means anywhere."""


class Gates:
    """Chooses among *rules* by what stands in a text. Build once, ask for every text."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        everywhere = (1 << len(self._rules)) - 1
        self._needs = _Words(everywhere)
        self._within = _Words(everywhere)
        self._context = _Words(everywhere)
        self._starts: dict[str, dict[str, int]] = defaultdict(dict)
        self._anywhere = everywhere
        for i, rule in enumerate(self._rules):
            self._needs.add(rule.needs, 1 << i)
            self._within.add(rule.within, 1 << i, anywhere=True)
            # A row that counts only beside a context word needs one as well.
            if rule.score == NEEDS_CONTEXT:
                self._context.add(rule.context, 1 << i)
            self._anywhere &= ~(1 << i if rule.starts else 0)
            for word in rule.starts:
                rows = self._starts[_key(word)]
                rows[word] = rows.get(word, 0) | 1 << i

    def open(self, text: str) -> list[Opened]:
        """Return the rows that may match *text*, in their order."""
        low = text.lower()
        keys = _keys(low)
        begins = self._begins(low, keys)
        chosen = self._anywhere
        for bits in begins.values():
            chosen |= bits
        chosen = self._needs.met(low, keys, chosen)
        chosen = self._within.met(low, keys, chosen)
        chosen = self._context.met(low, keys, chosen)
        digits = sum(map(low.count, "0123456789"))
        # Where small letters are longer than capitals, places in the two texts differ.
        shifted = len(low) != len(text)
        opened: list[Opened] = []
        for i, rule in enumerate(self._rules):
            if chosen >> i & 1 and digits >= rule.digits:
                anywhere = shifted or not rule.starts
                opened.append((i, None if anywhere else sorted(_places(low, begins, 1 << i))))
        return opened

    def _begins(self, low: str, keys: set[str]) -> dict[str, int]:
        """Return the words with which a match may begin here, with the rows that they open."""
        return {
            word: bits
            for key in keys & self._starts.keys()
            for word, bits in self._starts[key].items()
            if word in low
        }


class _Words:
    """Words of which a row needs one, and the rows that need them."""

    def __init__(self, everywhere: int) -> None:
        self._free = everywhere
        self._bits: dict[str, dict[str, int]] = defaultdict(dict)

    def add(self, words: Sequence[str], bit: int, *, anywhere: bool = False) -> None:
        """Let the row of *bit* need one of *words*, if there are any."""
        if words:
            self._free &= ~bit
        for word in words:
            rows = self._bits["" if anywhere else _key(word)]
            rows[word] = rows.get(word, 0) | bit

    def met(self, low: str, keys: set[str], chosen: int) -> int:
        """Return which of the *chosen* rows have a word that they need."""
        open_ = chosen & self._free
        for key in keys & self._bits.keys():
            for word, bits in self._bits[key].items():
                if bits & chosen & ~open_ and word in low:
                    open_ |= bits & chosen
        return open_


def _key(word: str) -> str:
    found = _KEY.match(word)
    return found.group() if found else ""


def _keys(low: str) -> set[str]:
    """Return the beginnings, of one to four letters, of all words; and "" for what is none."""
    words = {word[:4] for word in _WORD.findall(low)}
    return words | {word[:size] for word in words for size in (1, 2, 3)} | {""}


def _places(low: str, begins: dict[str, int], bit: int) -> Iterator[int]:
    """Yield where the words that open this row stand at the start of a word."""
    seen: set[int] = set()
    for word, bits in begins.items():
        at = low.find(word) if bits & bit else -1
        while at >= 0:
            if at not in seen and not (at and low[at - 1].isalnum() and word[0].isalnum()):
                seen.add(at)
                yield at
            at = low.find(word, at + 1)
