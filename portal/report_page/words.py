"""Figures as people read them: numbers, bands, buckets, and what changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from anonymizer.tables.grid import ALL, Grid, Place
from anonymizer.tables.method import NONE, Count, Histogram, Measure
from portal.report_page.figures import Known

_PERCENT: Final = {"percent", "%", "per cent"}


def number(value: Decimal) -> str:
    """Return a number with its digits as released: thousands apart, a true minus sign."""
    return f"{value:,}".replace("-", "\N{MINUS SIGN}")


def percent(share: Decimal) -> str:
    """Return how many of a hundred a share is."""
    return f"{(share * 100).normalize():f}"


def band(known: Known) -> str:
    """Return the margin as two numbers, or as one that begins it where it has no end."""
    if known.opens:
        return f"{number(known.low)} or more"
    return f"{number(known.low)} to {number(known.high)}"


def unit(measure: Measure) -> str:
    """Return what the headline figure of a measure is counted in."""
    return "businesses" if isinstance(measure, Count) else measure.unit


def with_unit(known: Known, measure: Measure) -> str:
    """Return a figure with its unit; of a count, the title says what is counted.

    A median in the last bucket is told as so much or more, for that has no end.
    """
    if isinstance(measure, Count):
        return number(known.value)
    more = " or more" if known.opens and known.value == known.high else ""
    if measure.unit in _PERCENT:
        return f"{number(known.value)}%{more}"
    return f"{number(known.value)} {measure.unit}{more}"


def kind(measure: Measure) -> str:
    """Return what the headline figure of a measure is: a median, or how many."""
    return "median" if isinstance(measure, Histogram) else "total"


def buckets(measure: Histogram) -> list[tuple[str, str]]:
    """Return each bucket by the name that it has in the release, with what it holds.

    The last holds who has no value.
    """
    edges = measure.edges
    named: list[tuple[str, str]] = []
    for at, edge in enumerate(edges):
        if at == len(edges) - 1:
            words = f"{edge:,} or more"
        elif at == 0 and edge < edges[1] - 1:
            words = f"{edges[1] - 1:,} or less"
        elif edge == edges[at + 1] - 1:
            words = f"{edge:,}"
        else:
            words = f"{edge:,} to {edges[at + 1] - 1:,}"
        named.append((str(edge), words))
    return [*named, (NONE, "no value")]


def change(now: Known, before: Known, period: str) -> str:
    """Return what changed since another release, as far as the noise lets it be said."""
    then = f"{number(before.value)} ({band(before)})"
    if not now.apart(before):
        return f"No change beyond the noise since {period}, when it was {then}."
    return f"{'Up' if now.value > before.value else 'Down'} from {then} in {period}."


def place_words(place: Place, grid: Grid) -> str:
    """Return a cell or a total by its titles."""
    if place == Place(ALL, ALL):
        return "All industries and regions"
    if place.region == ALL:
        return grid.industries[place.industry]
    if place.industry == ALL:
        return grid.regions[place.region]
    return f"{grid.industries[place.industry]}, {grid.regions[place.region]}"
