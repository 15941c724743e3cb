"""The public grid of a release: every industry in every region, whoever is in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

ALL: Final = "all"
"""Stands for every industry, or every region, in a total."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One cell of the grid, or a total where one of its codes is `ALL`."""

    industry: str
    region: str

    @property
    def is_total(self) -> bool:
        """Return whether it is made of other cells."""
        return ALL in {self.industry, self.region}


@dataclass(frozen=True, slots=True)
class Grid:
    """All industries and regions that there are for a release, by code, with their titles.

    Public: it is written down before anybody is counted, so that no cell tells by being there
    that somebody is in it.
    """

    industries: Mapping[str, str]
    regions: Mapping[str, str]

    def cells(self) -> Iterator[Place]:
        """Yield every industry in every region, in the order in which they are written."""
        for industry in self.industries:
            for region in self.regions:
                yield Place(industry, region)

    def totals(self) -> Iterator[Place]:
        """Yield the total of each industry, of each region, and of all."""
        yield from (Place(industry, ALL) for industry in self.industries)
        yield from (Place(ALL, region) for region in self.regions)
        yield Place(ALL, ALL)

    def __contains__(self, place: Place) -> bool:
        """Tell whether it is a cell; totals are not."""
        return place.industry in self.industries and place.region in self.regions
