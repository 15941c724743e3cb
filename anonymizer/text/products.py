"""Capitalised words that name a product, a tool or a place of business, and no person.

"The Stanley blade", "a Crescent", "la llave Stillson": the word beside it says so.
"""

from __future__ import annotations

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.name_cues_lists import BRANDS
from anonymizer.text.stand_ins import fold
from anonymizer.text.words import ALSO_WORDS

_THINGS = (
    r"adapters?|alarms?|bath(?:tub)?s?|batter(?:y|ies)|bibbs?|blades?|boilers?"
    r"|bolts?|boxwoods?|breakers?|brush|burners?|cabinets?|cables?|cameras?"
    r"|cap|cartridges?|catalog(?:ue)?s?|clamp|clips?|coils?|collection|colou?rs?"
    r"|compressors?|condensers?|connectors?|controllers?|copper|couplings?|cutters?"
    r"|cutoffs?|cylinders?|deadbolts?|detectors?|dishwashers?|disposals?|drain|drill|drum"
    r"|dryers?|ducts?|extinguishers?|fan|faucets?|fill valve|filters?|finish|fittings?"
    r"|fixtures?|flanges?|flappers?|furnaces?|fuse|gaskets?|gauges?|generators?|handle"
    r"|harness|hammer|hardware|head|heaters?|hinges?|hoses?|inspection|jack|joint"
    r"|joint|keys?|keypads?|kits?|knobs?|ladders?|lamps?|lever|light|lock|locksets?"
    r"|loam|meters?|mixers?|model|motors?|mowers?|nailer|nozzles?|nut|outlets?|ovens?|paint"
    r"|panels?|part|pex|pipe|pliers|plug|primer|pump|radiators?|range|regulators?"
    r"|relays?|screws?|sealant|series|showers?|sinks?|sockets?|spas?|spigots?|sprayers?"
    r"|sprinklers?|stop|stoves?|strainers?|suite|switch|systems?|tanks?|tape|tap"
    r"|tees?|thermostats?|tile|timers?|tin|toilets?|tools?|torch|trap|trucks?|tubs?|tubing"
    r"|urinals?|vacuums?|valves?|van|vent|vents|washers?|wax ring|wipes|wiring|wrench(?:es)?"
)
_PUBLIC = (
    r"Airport|Bridge|Buildings?|Campus|Cathedral|Cent(?:er|re)|Church|Clinic|College|Court"
    r"|Expressway|Falls|Garage|Hall|Highway|Hospital|Hotel|Library|Mall|Museum|Park|Parkway|Pier"
    r"|Plaza|School|Square|Stadium|Station|Terminal|Theat(?:er|re)|Towers?|Tunnel|University"
    r"|Valley"
)
_THING_AFTER = regex.compile(rf"[ -](?:\d[\w.-]{{0,12}}\s)?(?:{_THINGS})\b", regex.IGNORECASE)
_PUBLIC_AFTER = regex.compile(rf"[ ](?:{_PUBLIC})\b")
_MODEL_AFTER = regex.compile(r"[ ](?:[A-Z]{1,4}-?\d[\w/.-]*|\d{2,4}[A-Z]{1,3}\b)")
_ARTICLE_BEFORE = regex.compile(
    r"(?:^|(?<![\p{L}']))(?:a|an|no|un|una|une|ein|eine|einen|kein)\s$", regex.IGNORECASE
)
_THE_BEFORE = regex.compile(r"(?<![\p{L}'])(?:the|this|that|each|every)\s$", regex.IGNORECASE)
_THING_BEFORE = regex.compile(
    r"\b(?:bomba|caldera|calentador|clapet|grifo|llave|mitigeurs?|pompe|robinets?|termo|v[áa]lvula"
    r"|vanne|chaudière|clef?|ventil|pumpe|therme|schlüssel)s?(?:\s(?:von|de))?\s$",
    regex.IGNORECASE,
)
_NEAR = 16


def product(text: str, start: int, end: int) -> bool:
    """Return whether the capitalised words `[start, end)` of *text* name no person."""
    before = text[max(0, start - _NEAR) : start]
    if _THING_AFTER.match(text, end) or _PUBLIC_AFTER.match(text, end):
        return True
    if _THING_BEFORE.search(before):
        return True
    if regex.search(r"\s", text[start:end]):
        return brands(text[start:end])
    if _MODEL_AFTER.match(text, end):
        return True
    if _THE_BEFORE.search(before) and fold(text[start:end]) in ALSO_WORDS:
        return True
    article = _ARTICLE_BEFORE.search(before) is not None
    return (article and not text.startswith("'", end)) or brands(text[start:end])


def brands(value: str) -> bool:
    """Return whether every word of *value* is a maker's of the trades."""
    words = fold(value).split()
    return bool(words) and all(word in BRANDS for word in words)
