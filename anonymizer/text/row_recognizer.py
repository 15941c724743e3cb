"""One Presidio recogniser that runs all rows of rules, gated, and reads their context.

Presidio's own `PatternRecognizer` is one object per pattern: it runs each over every text,
gives up on a slow one with a log line, and leaves context to a second pass over all results.
Here a row runs where its gate is open, and what it finds has its final score.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from presidio_analyzer import LocalRecognizer, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts

from anonymizer.text.rows import Rows
from anonymizer.text.rule import Rule


class RowsRecognizer(LocalRecognizer):
    """All rows as one recogniser; every result has the name of its row."""

    def __init__(self, rules: Sequence[Rule], *, language: str = "en") -> None:
        self._rows = Rows(rules)
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
            for rule, start, end, score in self._rows.find(text)
        ]


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
