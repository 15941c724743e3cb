"""Where an address begins and ends: flat, town and postcode belong to the street found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.checks import street
from anonymizer.text.findings import MODEL_RULE, Finding
from anonymizer.text.name_cues_lists import BRANDS
from anonymizer.text.stand_ins import fold
from anonymizer.text.words import NOT_NAMES

_SEP = r"[ \t]{0,3}[,.;]?[ \t]{0,3}(?:\n[ \t>?|]{0,16}){0,2},?[ \t]{0,4}"
_UNIT = (
    r"(?:(?:Suite|Ste|Apt|Apartment|Unit|Flat|Floor|Fl|Room|Rm|Building|Bldg|Lot|Level|Box|Trailer"
    r"|Trlr|Penthouse|PH)\b\.?\s?#?\s?[\w-]{1,6}|\d{1,2}(?:st|nd|rd|th)\s(?:Floor|Fl)\b)"
)
_WORD = r"\(?\p{Lu}[\p{L}\p{M}'().-]{0,24}"
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

_LINK = regex.compile(
    _SEP.replace("[,.;]", "[,.;-]", 1) + rf"(?:{_UNIT}{_SEP}){{0,2}}",
    regex.IGNORECASE,
)
"""What may stand between two pieces of one address."""

_UNITS = regex.compile(rf"(?:{_SEP}{_UNIT}){{1,3}}", regex.IGNORECASE)
_POSTCODE_FIRST = regex.compile(rf",?\s{{1,3}}(?:[A-Z]{{1,2}}-)?\d{{4,5}}\s{_TOWN}")
_PIECE = regex.compile(
    rf"(?P<gap>{_SEP})(?:(?:(?P<state>(?:{_STATES})\b\.?)|(?P<town>{_TOWN}|nan|\d\d\b))"
    rf"(?:[ \t,]{{1,3}}(?P<code>{_POSTCODE}))?|(?P<code>{_POSTCODE}))"
)
_HEAD = regex.compile(
    r"(?:(?<=^)|(?<=[\s,:>]))\d{1,6}\w?\s(?:[\p{L}\d][\w.'/-]*[ ,]{1,2}){0,7}"
    r"[\w.'-]*[ ,.]{0,2}\n?[ \t]{0,16}$"
)
_NO_ADDRESS = regex.compile(
    r"(?:during|in|since|from|by|until|of|on|for|the)\s(?:19|20)?\d\d|(?:and|st|old|years?)\W*",
    regex.IGNORECASE,
)
_STREET_WORD = regex.compile(r"(?<![\p{L}\d])(?!\d)[\p{L}\p{M}]{3,}(?![\p{L}\d])")
_CODE = regex.compile(r"\p{Lu}-?\d{2}|\d\p{Lu}{2}|\d\d-\d")
_POSTAL = regex.compile(r"\d{4,6}(?:-\d{3,4})?|\d{3} \d{2}|[A-Z]\d{2} ?[A-Z\d]{4}")
_SAID_POSTCODE = regex.compile(
    r"\b(?:zip|post(?:al)?(?: ?code)?|plz|c\.?p\.?|eircode|code postal)\W{1,6}$"
    r"|(?-i:\p{Lu})[\p{L}\p{M}()-]{2,24},?\s$",
    regex.IGNORECASE,
)
_NEAR_POSTCODE = 30
_NUMBERS = frozenset({"PHONE", "EMAIL", "LINK", "CARD", "SSN", "IBAN", "BANK_ACCOUNT", "IP"})
_LIVES = regex.compile(
    r"\b(?:live[sd]?|living|home|my|our|his|her|their|address|corner)\b[^.!?\n]{0,24}$",
    regex.IGNORECASE,
)
_NUMBER_BEFORE = regex.compile(r"(?<![\w$€£.,/#:-])\d{1,6}\s$")
_FLAT_BEFORE = regex.compile(rf"\b{_UNIT},?\s{{1,4}}(?:\d{{1,6}}\s)?$", regex.IGNORECASE)
_STOPS = frozenset(
    {"new", "north", "south", "east", "west", "san", "st", "city", "lake", "park", "hill"}
)
_REACH = 100
_NUMBER_NEAR = 4
_PIECES = 4


def whole_addresses(text: str, found: Sequence[Finding]) -> list[Finding]:
    """Return the address findings of *text*, each widened to the whole address."""
    towns = [finding for finding in found if finding.label == "LOCATION"]
    widened = []
    for finding in _chained(text, found):
        start, end = _begin(text, finding), _end(text, finding.end, towns)
        end -= len(text[start:end]) - len(text[start:end].rstrip(" .,;\n\t"))
        widened.append(replace(finding, start=start, end=end))
    return widened


def _chained(text: str, found: Sequence[Finding]) -> list[Finding]:
    """Return the addresses, each joined with the towns and other pieces that follow at once."""
    chains: list[Finding] = []
    numbers = [each for each in found if each.label in _NUMBERS]
    for finding in sorted(found, key=lambda each: each.start):
        last = chains[-1] if chains else None
        if finding.label not in {"ADDRESS", "LOCATION"} or _is_number(text, finding, numbers):
            continue
        if last and finding.start <= last.end:
            chains[-1] = replace(last, end=max(last.end, finding.end))
        elif last and _LINK.fullmatch(text, last.end, finding.start):
            chains[-1] = replace(last, end=finding.end)
        elif finding.label == "ADDRESS" and _is_address(text, finding):
            chains.append(finding)
    return chains


def _is_number(text: str, finding: Finding, numbers: Sequence[Finding]) -> bool:
    """Return whether the only digits of what the model saw are a telephone number's or such."""
    if finding.rule != MODEL_RULE:
        return False
    inside = [n for n in numbers if n.start < finding.end and finding.start < n.end]
    return bool(inside) and not any(
        text[at].isdigit() and not any(n.start <= at < n.end for n in inside)
        for at in range(finding.start, finding.end)
    )


def _is_postcode(text: str, finding: Finding) -> bool:
    """Return whether a bare number is said to be a postcode, or follows a town."""
    if not _POSTAL.fullmatch(text, finding.start, finding.end):
        return False
    before = text[max(0, finding.start - _NEAR_POSTCODE) : finding.start]
    return _SAID_POSTCODE.search(before) is not None


def _is_address(text: str, finding: Finding) -> bool:
    """Return whether what the model saw is somebody's: a street alone is anybody's.

    It needs a word that can name a street, and no maker's beside a code: "Schlage B60N" and
    "40 ft" have numbers too.
    """
    if finding.rule != MODEL_RULE:
        return True
    value = text[finding.start : finding.end]
    words = _STREET_WORD.findall(value)
    if not words:
        return _is_postcode(text, finding)
    makers = [fold(word) in BRANDS for word in words]
    if all(makers) or (any(makers) and _CODE.search(value)) or _NO_ADDRESS.fullmatch(value):
        return False
    near = text[finding.start : finding.end + _NUMBER_NEAR]
    before = text[max(0, finding.start - _REACH) : finding.start]
    return any(char.isdigit() for char in near) or _LIVES.search(before) is not None


def _begin(text: str, finding: Finding) -> int:
    start = finding.start
    before = text[max(0, start - _REACH) : start]
    if finding.rule == "flat":
        # The street of "20789 Allika 46, Suite 501" has no word that says so.
        head = _HEAD.search(before)
        if head and street(head.group() + " x"):
            return start - len(before) + int(head.start())
    for pattern in (_FLAT_BEFORE, _NUMBER_BEFORE):
        match = pattern.search(before)
        if match:
            return start - len(before) + int(match.start())
    return start


def _end(text: str, end: int, towns: Sequence[Finding]) -> int:
    """Return where the address that reaches to *end* really ends.

    Towns, states and countries belong to it where they follow at once; a bare number counts
    as postcode only where something else says that this is still an address.
    """
    units = _UNITS.match(text, end)
    sure = units is not None
    at = end = units.end() if units else end
    first = _POSTCODE_FIRST.match(text, end)
    if first and _is_town(first.group()):
        return int(first.end())
    for _ in range(_PIECES):
        piece = _PIECE.match(text, at)
        if piece is None or piece.end() == at or not piece.group().strip(" ,.;\n\t"):
            break
        town, code = piece["town"] or "", piece["code"] or ""
        if town and not _is_town(town):
            break
        at = piece.end()
        inline = "\n" not in piece["gap"]
        # Only where the model's town begins here: it runs on into the next line at times.
        known = bool(town) and any(abs(t.start - piece.start("town")) <= 1 for t in towns)
        sure = sure or known or bool(piece["state"]) or (inline and "," in piece["gap"])
        if code and (sure or inline or not code.isdigit()):
            return int(at)
        if piece["state"] or known or (inline and "," in piece["gap"] and _at_end(text, at)):
            end = int(at)
    return end


def _is_town(text: str) -> bool:
    words = [word.casefold() for word in regex.findall(r"\p{L}+", text)]
    return not any(word in NOT_NAMES and word not in _STOPS for word in words)


def _at_end(text: str, at: int) -> bool:
    return regex.match(r"[ \t]*(?:$|[\n.?!,;)])", text[at : at + 8]) is not None
