"""Who agreed to what, when, and to which words; without a row that says yes, the answer is no.

Rows are only ever added. Each holds the hash of the row before, so that of one subject and
purpose they stand in a chain, and the hash of the last stands for all of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal

from flows.errors import AdministratorError

BUSINESS: Final = "business"
"""The subject of a consent that the business itself gives."""

Purpose = Literal["aggregates"]
"""What somebody may agree to."""

State = Literal["granted", "withdrawn"]

Channel = Literal["cli", "portal", "mail", "phone", "paper"]
"""How somebody said so."""

START: Final = "0" * 64
"""What stands in a first row in place of the hash of the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One row: somebody said yes or no to something.

    Attributes:
        subject: Whose consent it is: `business`, or later the keyed hash of a person.
        purpose: What it is for.
        state: What was said.
        time: When, in UTC.
        version: Of the text that was shown.
        text: SHA-256 of that text, in hexadecimal.
        channel: How it was said.
        who: Who said it. Not in the hash, so that a name can be erased and the chain stays.
        previous: Hash of the row before of the same subject and purpose.
    """

    subject: str
    purpose: Purpose
    state: State
    time: datetime
    version: str
    text: str
    channel: Channel
    who: str = field(default="", repr=False)
    previous: str = START

    @property
    def hash(self) -> str:
        """Return SHA-256, in hexadecimal, over all but `who`: the receipt of this row."""
        said = [
            "jigajob/consent/1",
            *(self.subject, self.purpose, self.state),
            self.time.astimezone(UTC).isoformat(timespec="microseconds"),
            *(self.version, self.text, self.channel, self.previous),
        ]
        return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def checked(rows: Sequence[Consent]) -> Sequence[Consent]:
    """Return *rows* of one subject and purpose, oldest first, where none is missing or changed.

    Raises:
        AdministratorError: They are no chain.
    """
    before = START
    for row in rows:
        if row.previous != before:
            raise AdministratorError(
                "rows of a consent were changed or removed",
                fix="restore a backup of the store; until then nobody counts as agreeing",
            )
        before = row.hash
    return rows


def grants(rows: Sequence[Consent], at: datetime | None = None) -> tuple[Consent, ...]:
    """Return the rows by which consent stands, oldest first; nothing where it does not.

    Those that said yes *at* that time or before, and after which nobody ever said no. A later
    no counts at once, also for what was before it.
    """
    standing: list[Consent] = []
    for row in rows:
        if row.state == "withdrawn":
            standing.clear()
        elif at is None or row.time <= at:
            standing.append(row)
    return tuple(standing)


def granted(rows: Sequence[Consent], at: datetime | None = None) -> Consent | None:
    """Return the last of `grants`; None where consent does not stand."""
    standing = grants(rows, at)
    return standing[-1] if standing else None
