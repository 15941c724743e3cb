"""What the cleaner is given and what it gives back. Light: imports no recogniser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from anonymizer.text.segments import Segment
from anonymizer.text.stand_ins import Roster

Role = Literal["customer", "supplier", "own", "other"]
"""Who somebody is to the business: `own` are the business and its people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whom the headers or the thread name; unknown parts are empty."""

    name: str = ""
    email: str = ""
    role: Role = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One text of a message: `subject`, `text`, `attachment.0`, `counterparty`.

    `segments` say what of it is new, quoted or signature; without any, all of it is new,
    but the text of an attachment is nobody's new text.
    """

    name: str
    text: str
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One message to clean, with what is known around it.

    Attributes:
        parts: The texts, each under its own name.
        people: From the headers and the thread; their names are looked for in the text.
        author: Who wrote the new text. Phones and addresses count as the customer's (or
            supplier's) only in new text or a signature of that role.
        organisations: The business, its suppliers: names that stay readable.
        keep: Names of `anonymizer.text.fields` that stay readable and are reported.
        generalise: Names of `anonymizer.text.fields.GENERALISATIONS` that leave a coarse
            stand-in (`<AGE_40S>`) in place of a numbered one.
        region: ISO 3166-2 of the business; picks the age of majority.
        at: When the mail was received; ages are computed at this date (without it: today).
        roster: Stand-ins already given out in this thread.
    """

    parts: tuple[Part, ...]
    people: tuple[Person, ...] = ()
    author: Role = "customer"
    organisations: tuple[str, ...] = ()
    keep: frozenset[str] = frozenset()
    generalise: frozenset[str] = frozenset()
    region: str = "US"
    at: datetime | None = None
    roster: Roster = Roster.empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """One stretch `[start, end)` of the given text of *part* that went, and what stands there.

    `label` is a stable word (`PERSON`), `reason` says it in plain words, `stand_in` is what
    the clean text has in its place (`<PERSON_1>`, or coarser: `<AGE_40S>`).
    """

    part: str
    start: int
    end: int
    label: str
    reason: str
    stand_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One stretch `[start, end)` of the text of *part* that was found and stays, and why."""

    part: str
    start: int
    end: int
    label: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """The clean texts, and what was done to get them.

    Attributes:
        texts: By name of the part.
        removals: In the order of parts, then of start; they never overlap.
        kept: Value by field name, only fields that were asked for and found.
        roster: Hand it to the next message of the thread.
        stays: What was found and stays readable; in the order of parts, then of start.
        strict: ISO 639-1 codes, sorted, of languages that the model does not know: paragraphs
            in them were read strictly, which takes out more.
    """

    texts: Mapping[str, str]
    removals: tuple[Removal, ...]
    kept: Mapping[str, str]
    roster: Roster
    stays: tuple[Stay, ...] = ()
    strict: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        """Return how many stretches were taken out, by label, in alphabetical order."""
        return dict(sorted(Counter(removal.label for removal in self.removals).items()))
