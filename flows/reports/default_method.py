"""The method of the releases: twelve industries, six regions, and what is measured of them.

All of it is public, and none of it was looked up in anybody's data.

Source: https://www.census.gov/naics/?58967?yearbck=2022 (NAICS 2022, by code)
Source: https://www2.census.gov/geo/pdfs/maps-data/maps/reference/us_regdiv.pdf (the four
    regions of the United States; Puerto Rico and the islands are in none of them)
Source: https://www.iso.org/obp/ui/#iso:code:3166:US (ISO 3166-2: subdivisions)
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from anonymizer.tables.grid import Grid, Place
from anonymizer.tables.method import Count, Histogram, Method

OTHER: Final = "other"
ELSEWHERE: Final = "elsewhere"

_INDUSTRIES: Final = (
    ("plumbing_hvac", "Plumbing, heating and air conditioning", ("23822",)),
    ("electrical", "Electrical work", ("23821",)),
    ("roofing", "Roofing and siding", ("23816", "23817")),
    ("finishing", "Painting, flooring and other finishing", ("2383",)),
    ("remodeling", "Residential building and remodeling", ("2361",)),
    ("other_trades", "Other building trades", ("238",)),
    ("landscaping", "Landscaping", ("56173",)),
    ("pest_control", "Pest control", ("56171",)),
    ("cleaning", "Cleaning and other services to buildings", ("56172", "56174", "56179")),
    ("repair", "Repair of household goods", ("8114",)),
    ("property", "Letting and management of property", ("5311", "53131")),
    (OTHER, "All other industries", ()),
)
"""Code, title, and how the NAICS codes in it begin; the longest beginning that fits decides."""

_STATES: Final = {
    "northeast": "CT MA ME NH NJ NY PA RI VT",
    "midwest": "IA IL IN KS MI MN MO ND NE OH SD WI",
    "south": "AL AR DC DE FL GA KY LA MD MS NC OK SC TN TX VA WV",
    "west": "AK AZ CA CO HI ID MT NM NV OR UT WA WY",
}
_REGIONS: Final = {
    "northeast": "Northeast (US)",
    "midwest": "Midwest (US)",
    "south": "South (US)",
    "west": "West (US)",
    "canada": "Canada",
    ELSEWHERE: "Elsewhere",
}

_INDUSTRY_OF: Final = {start: code for code, _, starts in _INDUSTRIES for start in starts}
_REGION_OF: Final = {
    f"US-{state}": region for region, states in _STATES.items() for state in states.split()
}

GRID: Final = Grid({code: title for code, title, _ in _INDUSTRIES}, _REGIONS)
"""Every cell of the releases."""

LEAST: Final = 3
"""Of fewer answers, quotes or payments, a business has no median and no share: one customer's
quarter would stand for the business's."""

DEFAULT_METHOD: Final = Method(
    grid=GRID,
    measures=(
        Count(name="businesses", title="Businesses", epsilon=Decimal("0.12")),
        Histogram(
            name="requests_per_business",
            title="Requests of customers per business",
            unit="requests",
            edges=(0, 20, 40, 60, 80, 120, 200),
            epsilon=Decimal("0.07"),
        ),
        Histogram(
            name="answer_time",
            title="Time to the first answer: a business's median",
            unit="minutes",
            edges=(0, 30, 60, 120, 240, 480),
            epsilon=Decimal("0.10"),
        ),
        Histogram(
            name="quotes_accepted",
            title="Quotes that became invoices: a business's share",
            unit="percent",
            edges=(0, 20, 40, 60, 80),
            epsilon=Decimal("0.06"),
        ),
        Histogram(
            name="payment_days",
            title="Days from invoice to payment: a business's median",
            unit="days",
            edges=(0, 8, 15, 22, 31, 46),
            epsilon=Decimal("0.08"),
        ),
        Histogram(
            name="automation",
            title="Pieces of work done by JigAjob per business",
            unit="outputs",
            edges=(0, 50, 100, 200, 400, 800),
            epsilon=Decimal("0.07"),
        ),
    ),
)
"""How a release is made unless somebody decides otherwise, in writing: 0.5 for each quarter.

There are no sums: in sums of what is heavy-tailed a few businesses have most, and what clipping
takes away from them is more than the noise. Each measure more takes from all others.
"""

ANNUAL_CAP: Final = Decimal(2)
"""What all releases of a calendar year may cost an owner together."""


def place_of(industry: str, region: str) -> Place:
    """Return the cell of a business by its NAICS code and its ISO 3166-2 region.

    There is exactly one for any code and region, also such as nobody has listed.
    """
    starts = (industry[:length] for length in range(len(industry), 0, -1))
    known = (_INDUSTRY_OF[start] for start in starts if start in _INDUSTRY_OF)
    return Place(next(known, OTHER), _region_of(region))


def _region_of(region: str) -> str:
    if region.partition("-")[0] == "CA":
        return "canada"
    return _REGION_OF.get(region, ELSEWHERE)
