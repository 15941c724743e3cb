"""Towns and countries that say where a person lives, comes from or travels.

"We serve Kingston" is business; "I moved here from Kingston" tells about somebody. A place
is taken for private where its sentence names a private person, or has a pronoun and a word
of living, origin or travel, and where it stands alone on a line beneath a name, as in an
address block.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.findings import Finding

_I = regex.IGNORECASE
_BEFORE, _AFTER = 90, 60

# Rows by language: words of living, origin, travel that make the place beside them private.
_LIFE = regex.compile(
    r"\b(?:live[sd]?|living|born|birthplace|grew up|raised|reared|mov(?:e|ed|es|ing)"
    r"|relocat\w+|emigrat\w+|immigrat\w+|resid(?:e|es|ed|ing|ent of)|hometown|home city"
    r"|native of"
    r"|originally from|citizen|deported|asylum|refugee|passport|visa"
    r"|travel(?:s|led|ed|ling|ing)?|fly|flies|flew|flying|flights?|flown|vacation\w*|holidays?"
    r"|honeymoon|trip|tour|cruise|visit(?:s|ed|ing)?|back (?:from|in)|stay(?:s|ed"
    r"|ing)? (?:in|at)"
    r"|stuck in|spen(?:d|ds|t|ding)|studied|studying|retire[sd]?|fun to visit|greetings from"
    r"|coming to|going to|went to|gone to|drove to|driving to|heading (?:to|for|back)"
    r"|fli\w+ to|away (?:in|to)|home in|house in|cabin in|family in|relatives in|funeral in"
    r"|wedding in|hospital in|school in|college in|university of|deployed|stationed|weather in"
    r"|returned to|arrived (?:at|in)|business trip|conference"
    r"|vive|vivo|vivimos|viven|nac[ií](?:ó|do|da|mos)?|mud(?:o|é|amos|arse|amos)|viaj\w+"
    r"|vacaciones|vuelo|soy de|somos de|es de"
    r"|habite|habitons|habitent|né|née|déménag\w+|voyag\w+|vacances|originaire"
    r"|wohn(?:e|t|en|te)|geboren|umgezogen|ziehe|ziehen|verreis\w+|urlaub|reise\w*"
    r"|stamm(?:e|t))\b",
    _I,
)
_ORIGIN = regex.compile(
    r"\b(?i:originally from|born and (?:raised|bred) in|was born in|grew up in|hail(?:s|ing)?"
    r" from|(?:a )?native of|home ?town is|home ?town of)\s(?:the\s)?"
    r"(?P<place>\p{Lu}[\p{L}\p{M}'-]{1,24}(?:[ -]\p{Lu}[\p{L}\p{M}'-]{1,24}){0,2})"
)
"""Places of origin, known as places by what stands before them."""

_SELF_IN = regex.compile(
    r"\b(?:i|we|he|she|they)(?:'m|'re|'s| am| is| are| was| were| will be|'ll be| have been"
    r"| had been|'ve been)(?: still| now| currently| both| all)? (?:in|at|from|over in|out in)"
    r"\s(?:the\s)?$|\b(?:i|we|he|she|they)\s(?:come|comes|came)\sfrom\s(?:the\s)?$",
    _I,
)
_SOMEBODY = regex.compile(
    r"\b(?:i|i'm|i've|i'll|i'd|me|my|mine|we|we're|we've|we'll|us|our|he|she|his|her|him|they"
    r"|their|them|who|who's|whose|wife|husband|mother|father|mom|mum|dad|son|daughter|sister"
    r"|brother|parents|family|friend|neighbou?r|tenant|mr|mrs|ms|yo|mi|mis|nos|nuestr\w+|su|sus"
    r"|je|j|j'ai|nous|mon|ma|mes|il|elle|ich|wir|mein\w*|unser\w*|er|sie)\b",
    _I,
)
_BUSINESS = regex.compile(
    r"\b(?:serv(?:e|es|ing)|cover(?:s|ing|age)?|branch(?:es)?|warehouses?|offices?|depots?"
    r"|showrooms?|suppl(?:y|ies|ier|iers)|ship(?:s|ped|ping|ment)?|deliver(?:s|y|ed|ies)?"
    r"|stores?"
    r"|dealers?|licensed|permits?|inspector|county|city of|town of|state of|manufactur\w+|made"
    r"|code|territory|area|region|jobs?|route|crew|technicians?|utility|department)\b",
    _I,
)
_END = regex.compile(r"[.!?](?=\s)|\n\s*\n|;")
_ALONE = regex.compile(r"[ \t>]*(?P<place>[^\n]{2,60}?)[ \t,]*(?=\n|$)")
_NEAR = 120


def private_places(
    text: str, found: Sequence[Finding], names: Sequence[tuple[int, int]]
) -> list[Finding]:
    """Return the places among *found* that tell about a person, as findings `PLACE`.

    *names* are the stretches of *text* where private people are named, in order.
    """
    places = [finding for finding in found if finding.label == "LOCATION"]
    private = [
        (place.start, place.end)
        for place in places
        if _said_of_a_person(text, place, names) or _beneath_a_name(text, place, names)
    ]
    private += [match.span("place") for match in _ORIGIN.finditer(text)]
    return [Finding(start, end, "PLACE", "place of a person") for start, end in private]


def _said_of_a_person(text: str, place: Finding, names: Sequence[tuple[int, int]]) -> bool:
    low, high = max(0, place.start - _BEFORE), min(len(text), place.end + _AFTER)
    for end in _END.finditer(text, low, place.start):
        low = end.end()
    stop = _END.search(text, place.end, high)
    high = stop.start() if stop else high
    if _SELF_IN.search(text, low, place.start):
        return True
    if _BUSINESS.search(text, low, high):
        return False
    if any(low <= start and end <= high for start, end in names):
        return True
    if not _LIFE.search(text, low, high):
        return False
    return _SOMEBODY.search(text, low, high) is not None or _greets(text, low, high)


def _greets(text: str, low: int, high: int) -> bool:
    """Return whether the sentence is one of travel that needs no subject: "fun to visit"."""
    return regex.search(r"\b(?:fun to visit|greetings from)\b", text[low:high], _I) is not None


def _beneath_a_name(text: str, place: Finding, names: Sequence[tuple[int, int]]) -> bool:
    """Return whether the place fills its line and a name stands in a line right above."""
    begin = text.rfind("\n", 0, place.start) + 1
    line = _ALONE.match(text, begin)
    if line is None or line["place"].strip(" ,.") != text[place.start : place.end].strip(" ,."):
        return False
    return any(
        begin - _NEAR <= start < begin and text.count("\n", end, begin) <= 3  # noqa: PLR2004
        and regex.fullmatch(r"[^.!?]*", text[end:begin]) is not None
        for start, end in names
    )  # fmt: skip
