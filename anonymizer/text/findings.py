"""One thing found in a text, and how overlapping ones become one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

# Where two findings overlap, the one further up names the stretch. Secrets come first: a
# card number inside what looks like a kept phone number must go.
PRECEDENCE: tuple[str, ...] = (
    "CREDENTIAL",
    "CARD",
    "IBAN",
    "BANK_ACCOUNT",
    "SSN",
    "NATIONAL_ID",
    "DRIVER_LICENCE",
    "PASSPORT",
    "STAND_IN",
    "EMAIL",
    "CHILD",
    "BIRTH_DATE",
    "SCHOOL",
    "TEAM",
    "FILE_NAME",
    "IP",
    "DEVICE",
    "VEHICLE",
    "ADDRESS",
    "PHONE",
    "HEALTH",
    "BELIEF",
    "FAMILY",
    "MONEY_TROUBLE",
    "AGE",
    "PROFILE",
    # What is more than a link to a page of the business - a mail address in it - names it.
    "LINK",
    "PLACE",
    "PERSON",
)
CUED = "CUED_NAME"
"""Label of a stretch where a name must stand; the names of a request are made of these."""

MODEL_RULE = "SpacyRecognizer"
"""Rule of what the language model finds: the name of Presidio's recogniser."""

CONTEXT = "context"
"""Rule of what the network that reads passages finds: proposals with a score."""

READ = "READ"
"""Label of a passage that this network has read; its rule is `CONTEXT`."""

WEAK = "weak cue"
"""Rule of one that gives way to a town."""

_RANK = {label: rank for rank, label in enumerate(PRECEDENCE)}


@dataclass(frozen=True, slots=True)
class Asked:
    """A text to find things in: a view without lone surrogates, at most `view.CHUNK` long.

    *closely*: passages of it that may be private are read by the large network as well.
    """

    text: str
    closely: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch `[start, end)` of a text, its label, and which rule saw it.

    `minor` says that it is about a child, so that nothing can keep it. `score` is how likely
    it is private, 0 to 1; what a rule finds is sure.
    """

    start: int
    end: int
    label: str
    rule: str = ""
    minor: bool = False
    score: float = 1.0


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings in order, overlapping ones joined; nothing found gets lost.

    A joined stretch covers all that was found and bears the label that stands first in
    `PRECEDENCE`.
    """
    joined: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (f.start, -f.end)):
        if joined and finding.start < joined[-1].end:
            joined[-1] = _joined(joined[-1], finding)
        elif finding.end > finding.start:
            joined.append(finding)
    return joined


def _joined(one: Finding, other: Finding) -> Finding:
    first = min(one, other, key=lambda finding: _RANK.get(finding.label, len(_RANK)))
    return replace(
        first,
        start=min(one.start, other.start),
        end=max(one.end, other.end),
        minor=one.minor or other.minor,
    )
