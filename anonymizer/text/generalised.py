"""Coarser stand-ins for what a flow may know roughly: a decade, a region, a postcode area.

`<AGE_40S>`, `<AGE_90_PLUS>`, `<BORN_1980S>`, `<PLACE_US_NY>`, `<PLACE_FR>`, `<AREA_US_124>`,
`<AREA_CA_M5V>`, `<AREA_GB_NP>`. Where the coarse value cannot be told, and always for
children, the numbered stand-in is used as without this.

Source: 45 CFR 164.514(b)(2)(i): ages over 89, and years that tell them, become one category
"90 or older"; of a ZIP code three digits may stay where 20,000 people or more share them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Final

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.findings import Finding
from anonymizer.text.request import Request

ADULT: Final = 20
"""From this age on nobody is a minor anywhere."""

OLDEST: Final = 89
AFTER: Final = 24
"""Characters after a place that may name its region."""

FEW_PEOPLE: Final = frozenset(
    {
        *("036", "059", "063", "102", "203", "556", "692", "790", "821"),
        *("823", "830", "831", "878", "879", "884", "890", "893"),
    }
)
"""First three digits of ZIP codes shared by fewer than 20,000 people (HHS guidance, 2012)."""

_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_TENS_WORD = regex.compile(rf"\b({'|'.join(_TENS)})(?:\b|-)|\b(hundred)\b", regex.IGNORECASE)
_NUMBER = regex.compile(r"\d{1,3}")
_YEAR = regex.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SHORT_YEAR = regex.compile(r"[/.-](\d\d)\s*$")
_ZIP = regex.compile(r"(?<!\d)(\d{3})\d{2}(?:-\d{4})?\s*$")
_CANADIAN = regex.compile(r"\b([A-Z]\d[A-Z]) ?\d[A-Z]\d\b", regex.IGNORECASE)
_BRITISH = regex.compile(r"\b([A-Z]{1,2})\d[A-Z\d]? ?\d[A-Z]{2}\b", regex.IGNORECASE)
_REGION_CODE = regex.compile(r"(?:^|,?\s)([A-Z]{2})\b(?!\w)")

_US = """AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut
|DE Delaware|DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois
|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts
|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada
|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota
|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina
|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington
|WV West Virginia|WI Wisconsin|WY Wyoming|PR Puerto Rico"""
_CANADA = """AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NS Nova Scotia
|NL Newfoundland and Labrador|NT Northwest Territories|NU Nunavut|ON Ontario|QC Quebec
|PE Prince Edward Island|SK Saskatchewan|YT Yukon"""
_ALSO = {
    **dict.fromkeys(("england", "scotland", "wales", "uk", "great britain"), "GB"),
    **dict.fromkeys(("united kingdom", "northern ireland"), "GB"),
    **dict.fromkeys(("usa", "u.s.", "u.s.a.", "america", "the states"), "US"),
    "holland": "NL",
    "czechia": "CZ",
    "south korea": "KR",
    "turkey": "TR",
    "vietnam": "VN",
}


class Generaliser:
    """Gives the coarse stand-ins that one request asks for."""

    def __init__(self, request: Request) -> None:
        self._wanted = request.generalise
        self._year = (request.at or datetime.now(UTC)).year
        self._country = request.region.partition("-")[0]

    def stand_in(self, text: str, finding: Finding) -> str:
        """Return the stand-in with brackets for a finding of *text*, "" for a numbered one."""
        if not self._wanted or finding.minor:
            return ""
        value = text[finding.start : finding.end]
        coarse = ""
        if finding.label == "AGE" and "age" in self._wanted:
            coarse = _age(value)
        elif finding.label == "BIRTH_DATE" and "birth_date" in self._wanted:
            coarse = self._born(value)
        elif finding.label == "PLACE" and "place" in self._wanted:
            coarse = _place(value, text[finding.end : finding.end + AFTER])
        elif finding.label == "ADDRESS" and "address" in self._wanted:
            coarse = self._area(value)
        return f"<{coarse}>" if coarse else ""

    def _born(self, value: str) -> str:
        found = _YEAR.search(value)
        short = None if found else _SHORT_YEAR.search(value)
        if short:
            year = self._year // 100 * 100 + int(short[1])
            year -= 100 if year > self._year else 0
        elif found:
            year = int(found[0])
        else:
            return ""
        age = self._year - year
        if age <= ADULT:  # it may be a child, or nobody's birth
            return ""
        return "AGE_90_PLUS" if age > OLDEST else f"BORN_{year // 10 * 10}S"

    def _area(self, value: str) -> str:
        if found := _CANADIAN.search(value):
            return f"AREA_CA_{found[1].upper()}"
        if self._country == "GB" and (found := _BRITISH.search(value)):
            return f"AREA_GB_{found[1].upper()}"
        if self._country == "US" and (found := _ZIP.search(value)):
            return f"AREA_US_{'000' if found[1] in FEW_PEOPLE else found[1]}"
        return ""


def _age(value: str) -> str:
    if found := _NUMBER.search(value):
        age = int(found[0])
    elif found := _TENS_WORD.search(value):
        age = 100 if found[2] else 20 + 10 * _TENS.index(found[1].lower())
    else:
        return ""
    if age < ADULT:
        return ""
    return "AGE_90_PLUS" if age > OLDEST else f"AGE_{age // 10 * 10}S"


def _place(value: str, after: str) -> str:
    """Return the region or country that a place is, or is said to lie in."""
    regions, countries = _regions(), _countries()
    pieces = [piece.strip(" .").casefold() for piece in value.split(",")]
    code = _REGION_CODE.match(after)
    for piece in (*reversed(pieces), after.strip(" ,").partition("\n")[0].casefold()):
        if piece in regions:
            return f"PLACE_{regions[piece]}"
        if piece in countries:
            return f"PLACE_{countries[piece]}"
    known = code[1].casefold() if code and after.startswith((",", " ")) else ""
    return f"PLACE_{regions[known]}" if known in regions else ""


@cache
def _regions() -> dict[str, str]:
    """Return codes such as `US_NY` by name and by postal code, both in small letters."""
    found = {}
    for country, rows in (("US", _US), ("CA", _CANADA)):
        for row in rows.replace("\n", "").split("|"):
            code, _, name = row.partition(" ")
            found[name.casefold()] = found[code.casefold()] = f"{country}_{code}"
    return found


@cache
def _countries() -> dict[str, str]:
    """Return ISO 3166-1 codes by English name in small letters."""
    table = files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {name.partition(" (")[0].casefold(): code for code, name in rows} | _ALSO
