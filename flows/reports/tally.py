"""What one business has counted of a quarter so far; sealed, and only while it agrees.

Counts are kept and not what they were counted from: messages expire before a quarter is over.
All of it can be added up day by day, and medians come from how often each value was there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from flows.reports.default_method import LEAST


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of one quarter.

    Attributes:
        period: Label of the quarter.
        since: From when on is counted: its start, or when the business agreed.
        until: Everything before that is counted, and nothing after it.
        requests: Requests of customers by mail.
        answers: How many of them were answered after so many minutes.
        quotes: Keyed hashes of the numbers of quotes that were made.
        quotes_unnumbered: Quotes that have no number.
        outputs: Pieces of work that went out.
        given: The pool has it; then nothing but this is kept here.
    """

    period: str
    since: datetime
    until: datetime
    requests: int = 0
    answers: Mapping[int, int] = field(default_factory=dict)
    quotes: frozenset[str] = frozenset()
    quotes_unnumbered: int = 0
    outputs: int = 0
    given: bool = False

    def __repr__(self) -> str:
        """Return nothing of what was counted."""
        return f"Tally({self.period}, …)"

    def with_more(self, more: Tally) -> Tally:
        """Return both together, where *more* begins where this one ends."""
        if (more.period, more.since) != (self.period, self.until):
            raise ValueError("what is added begins where the tally ends")
        return replace(
            self,
            until=more.until,
            requests=self.requests + more.requests,
            answers=dict(Counter(self.answers) + Counter(more.answers)),
            quotes=self.quotes | more.quotes,
            quotes_unnumbered=self.quotes_unnumbered + more.quotes_unnumbered,
            outputs=self.outputs + more.outputs,
        )


def values_of(
    tally: Tally, *, invoiced: frozenset[str], paid: Mapping[int, int]
) -> dict[str, int]:
    """Return what a business contributes, by the measures of the default method.

    *invoiced* are the keyed hashes of all quotes that an invoice names, *paid* is how many
    invoices were paid after so many days. Of too few, there is no median and no share.
    """
    quotes = len(tally.quotes) + tally.quotes_unnumbered
    values = {"requests_per_business": tally.requests, "automation": tally.outputs}
    if sum(tally.answers.values()) >= LEAST:
        values["answer_time"] = median(tally.answers)
    if quotes >= LEAST:
        values["quotes_accepted"] = share(len(tally.quotes & invoiced), quotes)
    if sum(paid.values()) >= LEAST:
        values["payment_days"] = median(paid)
    return values


def median(counts: Mapping[int, int]) -> int:
    """Return the value in the middle, the lower of two; *counts* is how often each is there."""
    middle = (sum(counts.values()) + 1) // 2
    for value in sorted(counts):
        middle -= counts[value]
        if middle <= 0:
            return value
    raise ValueError("nothing has no median")


def share(part: int, whole: int) -> int:
    """Return *part* of *whole* in percent, halves up; a whole number of 0 to 100."""
    return (200 * part + whole) // (2 * whole)
