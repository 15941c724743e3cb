"""Street addresses in a text: a fall-back where the cleaner kept none."""

from __future__ import annotations

import re
from typing import Final

_STREET: Final = (
    r"Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Court|Ct|Boulevard|Blvd|Place|Pl|Terrace|Ter"
    r"|Way|Parkway|Pkwy|Highway|Hwy|Route|Square|Sq|Circle|Cir|Close|Crescent|Gardens|Broadway"
)
_ENGLISH: Final = re.compile(
    r"(?<![\w.,/-])\d{1,6}[A-Za-z]?(?:-\d{1,4})?[ ]+"
    r"(?:(?:[NSEW]|North|South|East|West)\.?[ ]+)?"
    rf"(?:[A-Z0-9][\w'.\u2019-]*[ ]+){{0,4}}?(?:{_STREET})\b\.?"
    r"(?:,?[ ]+(?:Apt|Apartment|Unit|Suite|Ste|Floor|#)\.?[ ]*[\w-]{1,6})?"
    r"(?:,[ ]+[A-Z][\w'.\u2019-]*(?:[ ]+[A-Z][\w'.\u2019-]*){0,2}(?=[,\n.]|[ ]+[A-Z]{2}\b|$))?"
    r"(?:,?[ ]+[A-Z]{2}(?:[ ]+\d{5}(?:-\d{4})?)?\b)?"
)
_NUMBER_LAST: Final = re.compile(
    r"(?<![\w-])(?:[A-Z\u00c4\u00d6\u00dc][\w-]{0,40}?"
    r"(?:stra\u00dfe|strasse|str\.|weg|platz|gasse|allee)"
    r"|(?:Calle|C/|Avenida|Avda\.|Av\.|Plaza|Paseo|Camino)[ ]+(?:[\w\u00c0-\u017f.]+[ ]+){0,4}?"
    r"[\w\u00c0-\u017f]+,?)"
    r"[ ]+\d{1,4}[a-z]?\b(?:,[ ]*\d{5}[ ]+[A-Z\u00c0-\u00dc][\w\u00c0-\u017f-]+)?"
)
_FRENCH: Final = re.compile(
    r"(?<![\w.,/-])\d{1,4}(?:[ ]?(?:bis|ter))?,?[ ]+"
    r"(?:rue|avenue|boulevard|place|chemin|all\u00e9e|impasse|quai)[ ]+"
    r"(?:de[ ]+la[ ]+|du[ ]+|des[ ]+|de[ ]+|d'|l')?"
    r"[\w\u00c0-\u017f'-]+(?:[ ]+[A-Z\u00c0-\u00dc][\w\u00c0-\u017f'-]+){0,3}"
    r"(?:,[ ]*\d{5}[ ]+[A-Z\u00c0-\u00dc][\w\u00c0-\u017f-]+)?"
)


def read_addresses(text: str) -> list[str]:
    """Return what looks like street addresses in *text*, as written, each once."""
    found = [
        (match.start(), " ".join(match[0].split()))
        for pattern in (_ENGLISH, _NUMBER_LAST, _FRENCH)
        for match in pattern.finditer(text)
    ]
    return list(dict.fromkeys(address for _, address in sorted(found)))
