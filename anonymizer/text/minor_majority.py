"""From which age a person is no minor, by region."""

from __future__ import annotations

# Ages of majority that are not 18. Where it is lower (Scotland, Cuba), 18 counts all the same.
# Source: https://en.wikipedia.org/wiki/Age_of_majority
_LATER = (
    dict.fromkeys(
        (
            "CA-BC",
            "CA-NB",
            "CA-NL",
            "CA-NS",
            "CA-NT",
            "CA-NU",
            "CA-YT",
            "US-AL",
            "US-NE",
            "KR",
            "DZ",
        ),
        19,
    )
    | dict.fromkeys(("NZ", "TH"), 20)
    | dict.fromkeys(
        ("US-MS", "US-PR", "PR", "SG", "BH", "CM", "TD", "GN", "HN", "LS", "SZ"), 21
    )
)
_LISTED_1 = """
    US GB IE AU FR DE ES IT PT NL BE LU AT CH LI SE NO DK FI IS PL CZ SK HU RO BG GR CY MT
    SI HR RS BA ME MK AL EE LV LT UA MD BY RU TR IL JO LB IN PK BD LK NP CN TW JP PH VN MY
    KH HK MO ZA KE UG TZ GH NG RW ET EG MA TN SN MX GT SV NI CR PA CO VE EC PE BO CL AR UY
    PY BR DO CU JM TT BB BS GY MC SM AD VA AE QA SA KW OM IQ
"""
_AT_18 = frozenset(_LISTED_1.split())
_CANADA_18 = frozenset({"CA-AB", "CA-MB", "CA-ON", "CA-PE", "CA-QC", "CA-SK"})
_UNKNOWN = 19


def majority(region: str) -> int:
    """Return the age from which a person is no minor, by ISO 3166-1 or 3166-2 code.

    A region that is not known takes 19, and so does Canada without a province: the stricter
    reading of "child" is the safe one.
    """
    code = region.strip().upper().replace("_", "-")
    country = code.partition("-")[0]
    for known in (code, country):
        if known in _LATER:
            return _LATER[known]
    usual = code in _CANADA_18 or country in _AT_18
    return 18 if usual else _UNKNOWN
