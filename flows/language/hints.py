"""What to write where a value does not fit its pattern, in an operator's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.language import outlets

HINTS: Final[Mapping[str, str]] = {
    r"^[1-9][0-9]{0,3}[mhdw]$": "write 1 or more of m (minutes), h, d or w, for example 2d",
    r"^[1-9][0-9]{0,2}[sm]$": "write 1 or more of s (seconds) or m (minutes), for example 2m",
    r"^(?:thread|customer)?$|\{\{": "write thread, customer, or an expression in {{ }}",
    r"^[1-9][0-9]{0,4}[hdwmy]$": "write 1 or more of h, d, w, m or y, for example 180d",
    r"^[^@\s/:]+\.[^@\s/:.]+$": "write what follows the @, for example hudson.example",
    r"^[^@\s]+@[^@\s]+$": "write a mail address, for example office@hudson.example",
    r"^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:[^\n]+|vault:[0-9A-Za-z-]{1,127})$": (
        "never write the secret here: write env:NAME, file:PATH or vault:NAME, and put it there"
    ),
    r"^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[1-9][0-9]{0,4}[hdwmy])$": (
        "write a day, for example 2026-01-31, or how far back, for example 90d"
    ),
    outlets.WEB_ADDRESS: (
        "write https://HOST/PATH, or env:NAME, file:PATH or vault:NAME, and put it there"
    ),
    r"^[A-Za-z0-9][A-Za-z0-9_-]{0,29}$": "write its name, for example production",
    r"^[A-Za-z0-9][A-Za-z0-9.-]{0,19}$": 'write a number of the books, for example "10100"',
    r"^(?:https://[^\s/]+)?$": "write an address without a path: https://login.example",
    r"^[A-Za-z0-9.-]+(?:/[^/?#:\\]+)*$": (
        "write host and path without https://, for example hudson.example/sites/office"
    ),
    r"^[0-9]{2,6}$": 'write a NAICS 2022 code, for example "238220"',
    r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$": "write an ISO 3166-2 code, for example US-NY",
    r"^[A-Z]{3}$": "write an ISO 4217 code, for example USD",
    r"^[A-Z][A-Z_]{1,23}$": "use upper-case letters and _: MEMBER_NUMBER",
    r"\S": "give it a value",
}
"""What to write, for the patterns of the language."""

LONG: Final[Mapping[str, str]] = {
    "then": "; or {ask: ROLE}, to ask somebody else",
    "on_error": "; or {notify: ROLE}, to stop and tell somebody",
}
"""What else may stand where one of a few words can."""

NAMES: Final = (
    (r"^[a-z][a-z0-9_-]{0,62}$", ", - and _", "-", 63),
    (r"^[a-z][a-z0-9_]{0,39}$", " and _", "_", 40),
)
"""Patterns of names, what they allow, what stands between words, and how long they may be."""
