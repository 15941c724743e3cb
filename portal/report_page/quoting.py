"""Figures that others may quote: totals whose margin is narrow, with how to say them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from anonymizer.tables.grid import Place
from anonymizer.tables.method import Measure
from portal.report_page.figures import EVERYWHERE, Known, Past
from portal.report_page.words import kind, place_words, with_unit

WIDEST: Final = Decimal("0.20")
"""How far a margin may reach from its figure, as a share of it, for the figure to be quoted.

A fifth at 95 of 100 is a coefficient of variation of 10 %; up to 16.5 %, Statistics Canada
releases estimates without restriction.
Source: http://communityhealthstats.healthunit.com/definition/coefficient-variation
"""


@dataclass(frozen=True, slots=True)
class Quotable:
    """A total that may be quoted: of what, where, and its figure with its unit."""

    measure: Measure
    place: str
    kind: str
    said: str
    known: Known


def quotable(now: Past, *, everywhere: bool) -> list[Quotable]:
    """Return the totals to quote: that of all, else those of each industry and each region."""
    grid = now.method.grid
    places = [EVERYWHERE] if everywhere else [p for p in grid.totals() if p != EVERYWHERE]
    return list(_narrow(now, places))


def not_quotable(now: Past) -> list[Measure]:
    """Return the measures whose total of all is too uncertain to quote, or not published."""
    said = {each.measure.name for each in quotable(now, everywhere=True)}
    return [each for each in now.method.measures if each.name not in said]


def _narrow(now: Past, places: list[Place]) -> Iterator[Quotable]:
    for measure in now.method.measures:
        for place in places:
            known = now.figures.at(place, measure)
            if known and not known.opens and _is_narrow(known):
                words = place_words(place, now.method.grid)
                yield Quotable(measure, words, kind(measure), with_unit(known, measure), known)


def _is_narrow(known: Known) -> bool:
    reach = max(known.high - known.value, known.value - known.low)
    return reach <= WIDEST * known.value
