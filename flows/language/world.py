"""The countries and time zones that exist, from the time zone database itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import tzdata  # type: ignore[import-untyped] # data alone, no types


@cache
def countries() -> frozenset[str]:
    """Return the ISO 3166-1 two-letter codes.

    Source: `iso3166.tab` of the IANA time zone database.
    """
    table = Path(tzdata.__file__).parent / "zoneinfo" / "iso3166.tab"
    lines = table.read_text(encoding="utf-8").splitlines()
    return frozenset(line.split("\t")[0] for line in lines if not line.startswith("#"))


@cache
def time_zones() -> frozenset[str]:
    """Return the names of the IANA time zones, links included."""
    names = (Path(tzdata.__file__).parent / "zones").read_text(encoding="utf-8")
    return frozenset(names.split())
