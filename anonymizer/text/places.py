"""Where an address begins and ends: flat, town and postcode belong to the street found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from anonymizer.text.checks import street
from anonymizer.text.findings import Finding

_SEP = r"[ \t]{0,3}[,.;]?[ \t]{0,3}(?:\n[ \t]{0,16}){0,2},?[ \t]{0,4}"
_UNIT = (
    r"(?:(?:Suite|Ste|Apt|Apartment|Unit|Flat|Floor|Fl|Room|Rm|Building|Bldg|Lot|Level|Box|Trailer"
    r"|Trlr|Penthouse|PH|#)\.?\s?#?\s?[\w-]{1,6}|\d{1,2}(?:st|nd|rd|th)\s(?:Floor|Fl)\b)"
)
_WORD = r"\p{Lu}[\p{L}\p{M}'’().-]{0,24}"
_TOWN = (
    rf"{_WORD}(?:[ -](?:{_WORD}|de|du|la|le|los|las|el|of|the|upon|on|am|an|del|nad|in)){{0,4}}"
)
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV"
    "|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|PR|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|AB|BC|MB|NB|NL|NS"
    "|NT|NU|ON|PE|QC|SK|YT|NSW|VIC|QLD|TAS|ACT"
    "|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia"
    "|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland"
    "|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada"
    "|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma"
    "|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah"
    "|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming|Ontario|Quebec|Alberta"
    "|Manitoba|Saskatchewan|British Columbia|Nova Scotia|New Brunswick"
)
_POSTCODE = (
    r"(?:\d{5}-\d{3,4}|\d{4,6}|\d{3} \d{2}|\d{4} ?[A-Z]{2}"
    r"|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2})(?![\w-])"
)

_UNITS = regex.compile(rf"(?:{_SEP}{_UNIT}){{1,3}}", regex.IGNORECASE)
_STATE_TAIL = regex.compile(
    rf"(?:{_SEP}(?i:nan|{_TOWN}))?{_SEP}(?:{_STATES})\b\.?(?:,?\s{{1,3}}{_POSTCODE})?"
)
_POSTCODE_TAIL = regex.compile(
    rf"(?:{_SEP}(?P<town>{_TOWN}))?(?:{_SEP}(?P<more>(?:{_TOWN}|nan|\d\d))){{0,2}}{_SEP}{_POSTCODE}"
)
_POSTCODE_FIRST = regex.compile(rf",?\s{{1,3}}(?:[A-Z]{{1,2}}-)?\d{{4,5}}\s{_TOWN}")
_TOWN_TAIL = regex.compile(rf"{_SEP}(?P<town>{_TOWN})(?=\s*(?:$|\n|[.?!]|,))")
_HEAD = regex.compile(
    r"(?:(?<=^)|(?<=[\s,:>]))\d{1,6}\w?\s(?:[\p{L}\d][\w.'’/-]*[ ,]{1,2}){0,7}"
    r"[\w.'’-]*[ ,.]{0,2}\n?[ \t]{0,16}$"
)
_NUMBER_BEFORE = regex.compile(r"(?<![\w$€£.,/#:-])\d{1,6}\s$")
_FLAT_BEFORE = regex.compile(rf"\b{_UNIT},?\s{{1,4}}(?:\d{{1,6}}\s)?$", regex.IGNORECASE)
_NO_TOWN = regex.compile(
    r"\b(?:invoice|order|quote|job|tel|phone|fax|mobile|cell|call|thanks|regards|best|hi|dear|po"
    r"|ref|total|ticket|model|part|email|on|at|from|date|sent|subject)\b",
    regex.IGNORECASE,
)
_REACH = 100


def whole_addresses(text: str, found: Sequence[Finding]) -> list[Finding]:
    """Return the address findings of *text*, each widened to the whole address."""
    towns = [finding for finding in found if finding.label == "LOCATION"]
    widened = []
    for finding in found:
        if finding.label == "ADDRESS":
            start = _begin(text, finding)
            end = _end(text, finding.end, towns)
            widened.append(replace(finding, start=start, end=end))
    return widened


def _begin(text: str, finding: Finding) -> int:
    start = finding.start
    before = text[max(0, start - _REACH) : start]
    if finding.rule == "flat":
        # The street of "20789 Allika 46, Suite 501" has no word that says so.
        head = _HEAD.search(before)
        if head and street(head.group() + " x"):
            return start - len(before) + head.start()
    for pattern in (_FLAT_BEFORE, _NUMBER_BEFORE):
        match = pattern.search(before)
        if match:
            return start - len(before) + match.start()
    return start


def _end(text: str, end: int, towns: Sequence[Finding]) -> int:
    units = _UNITS.match(text, end)
    if units:
        end = units.end()
    for pattern in (_STATE_TAIL, _POSTCODE_TAIL, _POSTCODE_FIRST):
        match = pattern.match(text, end)
        if match and not _NO_TOWN.search(match.group()):
            sure = pattern is not _POSTCODE_TAIL or _sure(match, units is not None, towns)
            if sure:
                return int(match.end())
    match = _TOWN_TAIL.match(text, end)
    if (
        match
        and "\n" in match.group()
        and any(town.start <= match.start("town") < town.end for town in towns)
    ):
        return int(match.end("town"))
    return end


def _sure(match: regex.Match[str], unit: bool, towns: Sequence[Finding]) -> bool:
    """Return whether the number at the end is a postcode and not the next thing said."""
    return (
        unit
        or not any(char.isdigit() for char in match.group()[-5:-1] if char.isalpha())
        and (
            any(town.start < match.end() and match.start() < town.end for town in towns)
            or "\n" not in match.group()
            or regex.search(r"[A-Z]\d[A-Z]? ?\d[A-Z]", match.group()) is not None
        )
    )
