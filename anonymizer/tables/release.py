"""A release: what is published, and nothing that was known beside it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from anonymizer.tables.grid import Place
from anonymizer.tables.method import Method

Status = Literal["A", "S"]
"""Published, or suppressed; why it is suppressed would tell something and is not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one owner brings: the cell that it is in, and whole numbers by name of measure.

    A measure of which it has nothing (no invoice was paid, so none was paid late) is not among
    them. Never shown, logged or stored in clear.
    """

    owner: str
    place: Place
    values: dict[str, int]

    def __repr__(self) -> str:
        """Return nothing of an owner: a traceback must not tell."""
        return "Row(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a release; of a suppressed one, nothing but that it is.

    `bucket` is empty but for a histogram's: there the lower edge, `none` of owners without a
    value, or `median`. `low` and `high` hold the figure without its noise in 95 of 100 cases.
    For counts and sums that is so of the published ones as well: `low` allows for noise having
    lifted the figure over the limit, and is 0 where it may be noise altogether. Of medians it
    is so before those with a wide margin are suppressed. A count or sum is a whole number; a
    median has one digit more than its edges, and is the last edge where it lies there or above.
    """

    place: Place
    measure: str
    bucket: str = ""
    status: Status
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The figures of one period by the method, those of cells first, then of totals.

    Every place of the grid has every measure and bucket, published or not. `sufficient` is
    false where there are too few owners for anything: then every figure is suppressed.
    """

    method: Method
    figures: tuple[Figure, ...]
    sufficient: bool
