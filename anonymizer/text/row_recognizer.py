"""One Presidio recogniser that runs all rows of rules, gated, and reads their context.

Presidio's own `PatternRecognizer` is one object per pattern: it runs each over every text,
gives up on a slow one with a log line, and leaves context to a second pass over all results.
Here a row runs where its gate is open, and what it finds has its final score.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import regex  # type: ignore[import-untyped]  # it ships no types
from presidio_analyzer import LocalRecognizer, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts

from anonymizer.text.gates import Gates
from anonymizer.text.rule import Rule

THRESHOLD = 0.4
"""Least score that counts."""

CONTEXT = 0.5
"""What a context word nearby adds to the score."""

_BEFORE, _AFTER, _RIGHT_BEFORE = 64, 32, 24
"""Characters around a finding in which context and contrary words are looked for."""


@dataclass(frozen=True, slots=True)
class _Row:
    rule: Rule
    pattern: regex.Pattern[str]
    near: regex.Pattern[str] | None
    unless: regex.Pattern[str] | None


class RowsRecognizer(LocalRecognizer):
    """All rows as one recogniser; every result has the name of its row."""

    def __init__(self, rules: Sequence[Rule], *, language: str = "en") -> None:
        self._gates = Gates(rules)
        self._rules = tuple(rules)
        self._rows: list[_Row | None] = [None] * len(self._rules)
        super().__init__(
            supported_entities=sorted({rule.label for rule in rules}),
            name="rows",
            supported_language=language,
        )

    def load(self) -> None:
        """Nothing to load: each pattern is compiled when its gate first opens."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Return what counts, unsorted, overlapping, context already in the score."""
        del entities, nlp_artifacts
        return [
            RecognizerResult(
                rule.label,
                start,
                end,
                score,
                recognition_metadata={
                    RecognizerResult.RECOGNIZER_NAME_KEY: rule.name,
                    RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                },
            )
            for rule, start, end, score in self.find(text)
        ]

    def find(self, text: str) -> Iterator[tuple[Rule, int, int, float]]:
        """Yield (rule, start, end, score) of what counts, row by row."""
        for i, places in self._gates.open(text):
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


class AsFound(ContextAwareEnhancer):
    """Leaves scores alone: the rows have read their context already.

    Presidio's own walks all tokens for each result and finds "lic" in "public".
    """

    def __init__(self) -> None:
        super().__init__(
            context_similarity_factor=0.0,
            min_score_with_context_similarity=0.0,
            context_prefix_count=0,
            context_suffix_count=0,
        )

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[Any],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Return *raw_results* as they are."""
        del text, nlp_artifacts, recognizers, context
        return raw_results


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
