"""Identifiers inside longer runs: which stretches of what a pattern saw are one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anonymizer.text.checks import card, digits, iban

_GROUP = re.compile(r"\d+")

# Letters and digits of an account by country.
# Source: https://www.swift.com/standards/data-standards/iban-international-bank-account-number
_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28,
    "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
    "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30,
    "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22,
    "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23,
    "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip

_CARD_LENGTHS = (16, 15, 14, 19, 13, 18, 17, 12)
"""The likeliest first."""


def cards(run: str) -> Iterator[tuple[int, int]]:
    """Yield where card numbers stand in a run of digits and what separates them.

    A number must begin and end where a group of digits does; beside it may stand other
    groups: "2 4242 4242 4242 4242 12" has one. Where digits stand singly, so does it.
    """
    groups = [match.span() for match in _GROUP.finditer(run)]
    number = digits(run)
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    at = 0
    for low, high in groups:
        starts[at] = low
        at += high - low
        ends[at] = high
    taken = 0
    for first, low in starts.items():
        if first < taken:
            continue
        for size in _CARD_LENGTHS:
            if first + size in ends and card(number[first : first + size]):
                taken = first + size
                yield low, ends[taken]
                break


def has_card(run: str) -> bool:
    """Return whether a card number stands in the run."""
    return next(cards(run), None) is not None


def ibans(run: str) -> Iterator[tuple[int, int]]:
    """Yield where the account number that the run begins with ends, if it is one."""
    size = _IBAN_LENGTHS.get(run[:2].upper())
    if size is None:
        return
    end = count = 0
    for end, char in enumerate(run, 1):  # noqa: B007 - the end is what is looked for
        count += char.isalnum()
        if count == size:
            break
    if count == size and iban(run[:end]):
        yield 0, end


def has_iban(run: str) -> bool:
    """Return whether the run begins with an international bank account number."""
    return next(ibans(run), None) is not None


def without_stop(address: str) -> Iterator[tuple[int, int]]:
    """Yield a web address without the punctuation of the sentence that it ends."""
    yield 0, len(address.rstrip(".,;:!?)]}'*_")) or len(address)
