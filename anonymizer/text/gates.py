"""Which rows of rules can match a text at all, told without running their patterns.

Most texts have no card, no passport and no IBAN. A row says in `needs` and `digits` what a
text must have; looking for those few words costs a hundredth of running every pattern.
"""

from __future__ import annotations

from collections.abc import Sequence

from anonymizer.text.rule import NEEDS_CONTEXT, Rule


class Gates:
    """Chooses among *rules* by what stands in a text. Build once, ask for every text."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self._by_word: dict[str, int] = {}
        self._by_context: dict[str, int] = {}
        self._free = self._without_context = 0
        for i, rule in enumerate(self._rules):
            bit = 1 << i
            self._free |= 0 if rule.needs else bit
            for word in rule.needs:
                self._by_word[word] = self._by_word.get(word, 0) | bit
            # A row that counts only beside a context word needs one as well.
            lone = rule.score != NEEDS_CONTEXT or not rule.context
            self._without_context |= bit if lone else 0
            for word in () if lone else rule.context:
                self._by_context[word] = self._by_context.get(word, 0) | bit
        self._digits = tuple((rule.digits, 1 << i) for i, rule in enumerate(self._rules))

    def open(self, text: str) -> list[int]:
        """Return the places in *rules*, ascending, of the rows that may match *text*."""
        low = text.lower()
        words, context = self._free, self._without_context
        for word, bits in self._by_word.items():
            if bits & ~words and word in low:
                words |= bits
        for word, bits in self._by_context.items():
            if bits & ~context and word in low:
                context |= bits
        digits = sum(map(text.count, "0123456789"))
        chosen = words & context
        return [
            i for i, (least, bit) in enumerate(self._digits) if chosen & bit and digits >= least
        ]

    def rows_for(self, text: str) -> list[Rule]:
        """Return the rows that may match *text*, in their order; the others cannot."""
        return [self._rules[i] for i in self.open(text)]
