"""Who counts in a release: nobody but whose consent says so.

Each business stands for itself: of an owner of several, only those count that agreed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from anonymizer.tables.grid import Grid, Place
from anonymizer.tables.release import Row
from flows.errors import OperatorError
from flows.records import Records
from flows.reports.periods import Period
from flows.reports.pool import Contribution, Mirror, contributions, mirrors
from flows.rights.consent import grants

_COMMITMENT: Final = "aggregates/commitment"
"""What the key of the commitment is derived for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligible:
    """Who counts in a quarter, frozen.

    Attributes:
        period: Label of the quarter.
        rows: One for each business that counts, by its place; several may be of one owner.
        why_not: How many businesses do not count: `test`, `no consent`, `late`, `no place`.
            Exact, so for the operator's eyes alone.
        commitment: HMAC-SHA256 over all rows with a key that only the pool has, in
            hexadecimal: it binds to them, and nobody can try out who is among them.
        consents: SHA-256 over the last consent row of every business that ever gave one, in
            hexadecimal; safe to publish, since keyed hashes of the pool are in it.
    """

    period: str
    rows: tuple[Row, ...]
    why_not: Mapping[str, int]
    commitment: str
    consents: str

    def __repr__(self) -> str:
        """Return nothing of the rows: a traceback must not tell."""
        return f"Eligible({self.period}, …)"


async def eligible(pool: Records, period: Period, grid: Grid, now: datetime) -> Eligible:
    """Return who counts in *period*, out of the pool's records.

    Asked again, the answer is the same unless somebody has withdrawn meanwhile.

    Raises:
        OperatorError: The quarter's cut-off is not over yet.
        TransientError, AdministratorError: From the store, or consent rows were changed.
    """
    if now < period.cut_off:
        raise OperatorError(
            f"{period} takes in counts until {period.cut_off:%Y-%m-%d %H:%M} UTC",
            fix="make its release after that",
        )
    agreed = await mirrors(pool)
    counted: list[Contribution] = []
    why_not: Counter[str] = Counter()
    async for each in contributions(pool, period):
        why = _why_not(each, agreed.get(each.tenant), period, grid)
        if why:
            why_not[why] += 1
        else:
            counted.append(each)
    counted.sort(key=lambda each: each.tenant)
    key = await pool.secret(_COMMITMENT)
    return Eligible(
        period=period.label,
        rows=tuple(_row(each) for each in counted),
        why_not=dict(sorted(why_not.items())),
        commitment=hmac.digest(key, _said(period, counted), "sha256").hex(),
        consents=_head(agreed),
    )


def _why_not(found: Contribution, mirror: Mirror | None, period: Period, grid: Grid) -> str:
    """Return why a business does not count; empty where it does."""
    standing = grants(mirror.rows, period.cut_off) if mirror else ()
    if found.consent not in {row.hash for row in standing}:
        return "no consent"
    if found.test:
        return "test"
    if found.made > period.cut_off:
        return "late"
    return "" if Place(found.industry, found.region) in grid else "no place"


def _row(found: Contribution) -> Row:
    place = Place(found.industry, found.region)
    return Row(owner=found.owner, place=place, values=dict(found.values))


def _said(period: Period, counted: Sequence[Contribution]) -> bytes:
    """Return all that decides what the release is made of, the same bytes for the same."""
    rows = [
        [
            *(each.tenant, each.owner, each.industry, each.region, each.consent),
            sorted(each.values.items()),
        ]
        for each in counted
    ]
    return json.dumps(["jigajob/eligible/1", period.label, rows]).encode()


def _head(agreed: Mapping[str, Mirror]) -> str:
    heads = sorted((each.tenant, each.rows[-1].hash) for each in agreed.values() if each.rows)
    return hashlib.sha256(json.dumps(["jigajob/consents/1", heads]).encode()).hexdigest()
