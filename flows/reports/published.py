"""One release as everybody may see it: released figures, and what was said with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anonymizer.tables.release import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A release with its place in the row of releases; nothing in it is secret.

    Attributes:
        period: What it is about, as the files say it: "2026-Q3".
        cut_off: The day up to which a business could still withdraw from it.
        release: The figures and the method.
        spent: What all releases of the year have cost so far, this one included.
        cap: What the releases of one year may cost.
        key: The key that its manifest is signed with, as it is written there.
        previous: SHA-256 of the manifest of the release before; empty for the first. That of
            its own manifest is not here, for the manifest holds the hash of the page.
        restated: Why the period was released anew; empty where it was not.
    """

    period: str
    cut_off: date
    release: Release
    spent: Decimal
    cap: Decimal
    key: str
    previous: str = ""
    restated: str = ""
