"""How people of a region write: languages, order of day and month, what `$` means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

DateOrder = Literal["MDY", "DMY", ""]

LANGUAGES: Final = ("en", "es", "fr", "de")
"""Languages whose dates and labels are read, wherever the business is."""

_FIRST: Final = {
    "US": ("en", "es"),
    "CA": ("en", "fr"),
    "DE": ("de",),
    "AT": ("de",),
    "CH": ("de", "fr"),
    "LU": ("fr", "de"),
    "BE": ("fr", "de"),
    "FR": ("fr",),
    "ES": ("es",),
    "MX": ("es",),
    "AR": ("es",),
    "CL": ("es",),
    "CO": ("es",),
    "PE": ("es",),
    "PR": ("es", "en"),
}
# Source: https://cldr.unicode.org/ (short date patterns). In Canada both orders are in use.
_MONTH_FIRST: Final = frozenset({"US", "PR", "GU", "VI"})
_EITHER: Final = frozenset({"CA", "PH", "ZA"})
_DOLLARS: Final = frozenset(
    {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "ARS", "CLP", "COP"}
)


@dataclass(frozen=True, slots=True)
class Region:
    """What a business's ISO 3166-2 region says about the mail it gets.

    `country` is the ISO 3166-1 part. `languages` are tried in this order. `date_order` is
    empty where people use both, so that 3/4 is nobody's to decide.
    """

    country: str
    languages: tuple[str, ...]
    date_order: DateOrder


def region_of(code: str) -> Region:
    """Return what is known of the region *code* (`US-NY`, `DE`); unknown ones read English."""
    country = code.partition("-")[0].upper()
    first = _FIRST.get(country, ("en",))
    order: DateOrder = "DMY"
    if country in _MONTH_FIRST:
        order = "MDY"
    elif country in _EITHER:
        order = ""
    rest = tuple(language for language in LANGUAGES if language not in first)
    return Region(country=country, languages=(*first, *rest), date_order=order)


def dollar_of(currency: str) -> str:
    """Return what a bare `$` means to a business that keeps its books in *currency*."""
    return currency if currency in _DOLLARS else "USD"
