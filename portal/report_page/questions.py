"""The questions of an analyst, and which measures of a release answer them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from anonymizer.tables.method import Measure, Method

OTHER: Final = "Other"

QUESTIONS: Final = {
    "How many businesses are counted?": ("businesses",),
    "How many requests does a business get?": ("requests_per_business",),
    "How fast are answers?": ("answer_time",),
    "How often do quotes turn into jobs?": ("quotes_accepted",),
    "How soon are invoices paid?": ("payment_days",),
    "How much work is done by automation?": ("automation",),
}
"""Each question with the names of the measures that answer it, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the measures of one method that answer it, in the order of the method."""

    text: str
    measures: tuple[Measure, ...]


def questions(method: Method) -> Iterator[Question]:
    """Yield every question that the method answers; the last holds what nobody asked."""
    asked = {name for names in QUESTIONS.values() for name in names}
    for text, names in QUESTIONS.items():
        if found := tuple(each for each in method.measures if each.name in names):
            yield Question(text, found)
    if left := tuple(each for each in method.measures if each.name not in asked):
        yield Question(OTHER, left)
