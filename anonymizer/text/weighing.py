"""What the network that reads passages says, as far as it is to be trusted.

It finds what no rule has words for, and sees that a name is a product's. What a rule says of
other matters stands whatever it says: where the two differ, the rule is right more often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from anonymizer.text.findings import MODEL_RULE, READ, Finding

SURE: Final = 0.45
"""From which score on what the network finds goes, whatever rules say."""

BELIEVED: Final = {
    **dict.fromkeys(("AGE", "BELIEF", "BIRTH_DATE", "FAMILY", "HEALTH"), SURE),
    **dict.fromkeys(("MONEY_TROUBLE", "PLACE", "SCHOOL", "TEAM"), SURE),
    # Numbers have rules that check them; a model or an invoice has numbers too.
    **dict.fromkeys(("CREDENTIAL", "DEVICE", "NATIONAL_ID", "VEHICLE"), 0.8),
    "BANK_ACCOUNT": 0.9,
}
"""By label: from which score on it is believed; names are left to those who know names."""

CHILDREN: Final = 0.8
"""From which score on a name is a child's because the network says so."""

NO_NAME: Final = 0.1
"""Below which score what the network of names guessed at is no name."""

TELLING_LABELS: Final = frozenset(
    ("AGE", "BELIEF", "BIRTH_DATE", "FAMILY", "HEALTH", "MONEY_TROUBLE", "PLACE")
)
"""Labels of rules' findings around which more may be told: worth a second reading."""


def believed(told: Sequence[Finding], ruled: Sequence[Finding]) -> list[Finding]:
    """Return what of all that the network *told* goes beside what rules found (*ruled*).

    What a rule found knows better what it is: whose age, and how old that makes them.
    """
    sure = (f for f in told if f.score >= BELIEVED.get(f.label, 2.0))
    return [replace(f, score=1.0) for f in sure if not _within(f, ruled)]


def childrens_names(told: Sequence[Finding]) -> list[tuple[int, int]]:
    """Return where the network is sure that a name is a child's."""
    return [(f.start, f.end) for f in told if f.label == "CHILD" and f.score >= CHILDREN]


def believable_names(found: Sequence[Finding], told: Sequence[Finding]) -> list[Finding]:
    """Return *found* without the people in whose place the network saw a firm or a product.

    Only what the network of names guessed at is doubted, never what a rule found, and only
    where the passage was read.
    """
    heard = [f for f in told if f.label != READ and f.score >= NO_NAME]
    read = [f for f in told if f.label == READ]
    return [f for f in found if not (_guessed(f) and _within(f, read) and not _met(f, heard))]


def _guessed(finding: Finding) -> bool:
    return finding.label == "PERSON" and finding.rule == MODEL_RULE


def _within(finding: Finding, others: Sequence[Finding]) -> bool:
    return any(o.start <= finding.start and finding.end <= o.end for o in others)


def _met(finding: Finding, heard: Sequence[Finding]) -> bool:
    return any(f.start < finding.end and finding.start < f.end for f in heard)
