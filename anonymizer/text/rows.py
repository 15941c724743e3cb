"""Rows of rules run over a text: each where its gate is open, with its context read.

Light: what checks an operator's rows runs them as the cleaner does, without Presidio.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.gates import Gates
from anonymizer.text.languages import spoken
from anonymizer.text.rule import Rule

THRESHOLD = 0.4
"""Least score that counts."""

CONTEXT = 0.5
"""What a context word nearby adds to the score."""

ENGLISH = frozenset({"en"})
"""What a text speaks that has nothing for the rows of other languages."""

_BEFORE, _AFTER, _RIGHT_BEFORE = 64, 32, 24
"""Characters around a finding in which context and contrary words are looked for."""


@dataclass(frozen=True, slots=True)
class _Row:
    rule: Rule
    pattern: regex.Pattern[str]
    near: regex.Pattern[str] | None
    unless: regex.Pattern[str] | None


class Rows:
    """Rules ready to run; each pattern is compiled when its gate first opens."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._gates = Gates(rules)
        self._rules = tuple(rules)
        self._rows: list[_Row | None] = [None] * len(self._rules)

    def find(self, text: str) -> Iterator[tuple[Rule, int, int, float]]:
        """Yield (rule, start, end, score) of what counts, row by row."""
        opened = self._gates.open(text)
        english = any(self._rules[i].abroad for i, _ in opened) and spoken(text) == ENGLISH
        for i, places in opened:
            if english and self._rules[i].abroad:
                continue
            row = self._rows[i] or self._compiled(i)
            for start, end in _matches(row.pattern, text, places):
                score = _score(row, text, start, end)
                if score < THRESHOLD:
                    continue
                if row.rule.narrow is None:
                    yield row.rule, start, end, score
                    continue
                for low, high in row.rule.narrow(text[start:end]):
                    yield row.rule, start + low, start + high, score

    def _compiled(self, place: int) -> _Row:
        """Return the row at *place*, compiled when its gate first opens."""
        row = self._rows[place] = _row(self._rules[place])
        return row


def _row(rule: Rule) -> _Row:
    flags = regex.MULTILINE if rule.cased else regex.MULTILINE | regex.IGNORECASE
    return _Row(
        rule,
        regex.compile(rule.pattern, flags),
        _words(rule.context) if rule.context else None,
        _words(rule.unless, r"\W{0,3}(?:(?:number|no|id|is)\b\W{0,3}){0,2}$")
        if rule.unless
        else None,
    )


def _words(words: Sequence[str], tail: str = r"\b") -> regex.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return regex.compile(
        r"\b(?:" + "|".join(map(regex.escape, longest_first)) + ")" + tail, regex.IGNORECASE
    )


def _matches(
    pattern: regex.Pattern[str], text: str, places: list[int] | None
) -> Iterator[tuple[int, int]]:
    """Yield the matches of a pattern, tried anywhere or at the given places alone."""
    if places is None:
        found = pattern.finditer(text)
    else:
        # Unlike those of a search over all, these may overlap; what was found stays found.
        found = (match for at in places if (match := pattern.match(text, at)))
    for match in found:
        start, end = match.span()
        if start < end:
            yield start, end


def _score(row: _Row, text: str, start: int, end: int) -> float:
    """Return the score of a match, 0 where its check or a contrary word says no."""
    rule = row.rule
    if rule.check is not None and not rule.check(text[start:end]):
        return 0.0
    if row.unless is not None and row.unless.search(text, max(0, start - _RIGHT_BEFORE), start):
        return 0.0
    if row.near is not None and row.near.search(text, max(0, start - _BEFORE), end + _AFTER):
        return min(1.0, rule.score + CONTEXT)
    return rule.score
