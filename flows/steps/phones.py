"""Phone numbers in a text, by region, as E.164."""

from __future__ import annotations

import re
from typing import Final

_MOST: Final = 20
_IDENTIFIER: Final = re.compile(r"(?:[A-Za-z]|\b[A-Za-z]{2,}[-#_/.])$")
"""Letters glued to the digits: an invoice number, not a phone."""


def read_phones(text: str, country: str) -> list[str]:
    """Return the valid numbers in *text* as `+15185550143`, in order, each once, 20 at most.

    *country* (ISO 3166-1) says how numbers without a country code are dialled. Numbers that
    no carrier could have given out are left alone, and so are the digits of `INV-2026001042`.
    """
    import phonenumbers  # noqa: PLC0415 - loaded only where used

    found: list[str] = []
    for match in phonenumbers.PhoneNumberMatcher(
        text, country, leniency=phonenumbers.Leniency.VALID, max_tries=200
    ):
        if _IDENTIFIER.search(text[max(0, match.start - 12) : match.start]):
            continue
        number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        if number not in found:
            found.append(number)
        if len(found) == _MOST:
            break
    return found
