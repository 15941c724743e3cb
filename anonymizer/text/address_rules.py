"""Recognisers of street addresses, post boxes and postcodes, as rows of data.

A street and its number point at a home; a city or region alone does not and stays. What
follows a street (flat, town, postcode) is added by `places.py`.
"""

from __future__ import annotations

from anonymizer.text import checks
from anonymizer.text.rules import Rule

# Source: https://pe.usps.com/text/pub28/28apc_002.htm (suffixes as people write them)
_SUFFIX = (
    r"(?:Street|St|Str|Avenue|Ave|Av|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl"
    r"|Square|Sq|Terrace|Ter|Terr|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Way|Trail|Trl|Crescent"
    r"|Cres|Close|Alley|Aly|Loop|Run|Row|Pike|Turnpike|Tpke|Expressway|Plaza|Walk|Mews|Gardens"
    r"|Gdns|Grove|Hill|Heights|Hts|Rise|View|Point|Pt|Ridge|Rdg|Landing|Lndg|Crossing|Xing"
    r"|Cove|Cv|Bend|Path|Pass|Quay|Wharf|Esplanade|Parade|Promenade|Green|Meadows?|Manor"
    r"|Park|Broadway|Extension|Extensions|Mall|Center|Centre|Hollow|Glen|Vale|Fields?|Common"
    r"|Concession|Sideroad|Sdrd|Line|Route|Rte|Bypass|Causeway|Cartway|Knoll|Spur|Fork|Creek)"
)
_LOWER_SUFFIX = (
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|terrace"
    r"|parkway|pkwy|highway|hwy|circle|cir|crescent|cres|close|alley|trail|place|pl|way)"
)
_SIDE = r"(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West|Northeast|Northwest|Southeast|Southwest)"
_WORD = r"(?:[^\W\d_][\w'.-]{0,30}|\d{1,4}(?:st|nd|rd|th))"
_CAP = (
    r"(?:(?=\p{Lu})[^\W\d_][\w'.-]{0,30}|\d{1,4}(?:st|nd|rd|th)"
    r"|(?:de|du|des|la|le|of|the|al|el)\b)"
)
_NUMBER = r"(?<![\w$€£.,/-])(?:No\.? ?)?\d{1,6}[A-Za-z]?(?:[-/]\d{1,5}[A-Za-z]?)?(?:\s1/2)?,?"

# Streets whose kind is part of the word or stands first, outside English.
# Source: https://en.wikipedia.org/wiki/Street_suffix
_GLUED = (
    r"(?:stra(?:ß|ss)e|str\.?|weg|gasse|platz|allee|ring|damm|ufer|gatan|gata|v[äe]gen|vej"
    r"|vejen"
    r"|gade|gaten|veien|vei|katu|tie|kuja|laan|straat|dijk|plein|hof|tan|stræti|straeti|vegur"
    r"|gata|braut|graben|stien|stigen|baan)"
)
_FIRST = (
    r"(?:Rue|Avenue|Av|Boulevard|Bd|Chemin|Place|Impasse|Quai|Allée|Route|Calle|C/|Carrer"
    r"|Avenida"
    r"|Avda|Paseo|Plaza|Carretera|Via|Viale|Piazza|Corso|Strada|Rua|Travessa|Largo|Praça|ul"
    r"|ulica|Aleja|al|os|Trg|Strada|Str|Calea|Bulevardul|Λεωφόρος|Οδός|ул|улица|Rruga)"
)
_LAST = (
    r"(?:utca|u|út|útja|tér|tere|kapu|krt|körút|sor|köz|ulica|cesta|ulice|náměstí|třída|street)"
)

STREETS: tuple[Rule, ...] = (
    Rule(
        label="ADDRESS",
        name="number and street",
        pattern=_NUMBER
        + r"(?:\s\d{1,5})?\s{1,3}(?:"
        + _SIDE
        + r"\.?\s)?(?:"
        + _CAP
        + r"\s{1,2}){0,4}?"
        + _SUFFIX
        + r"\b(?!')\.?(?:\s"
        + _SUFFIX
        + r"\b\.?)?(?:\s"
        + _SIDE
        + r"\b)?",
        check=checks.street,
        cased=True,
        unless=("class of", "version", "chapter", "section", "step", "phase"),
        source="https://pe.usps.com/text/pub28/28c2_012.htm",
    ),
    Rule(
        label="ADDRESS",
        name="number and street in small letters or capitals",
        pattern=_NUMBER
        + r"\s{1,3}(?:"
        + _WORD
        + r"\s{1,2}){1,3}?"
        + _LOWER_SUFFIX
        + r"\b(?!')\.?",
        check=checks.street,
        source="https://pe.usps.com/text/pub28/28c2_012.htm",
    ),
    Rule(
        label="ADDRESS",
        name="numbered road",
        pattern=_NUMBER
        + r"\s{1,3}(?:(?:State|County|US|U\.S\.|Old|Rural|Range|Township)\s){0,2}"
        r"(?:Route|Rte|Rt|Highway|Hwy|Road|Rd|CR|SR|FM|Interstate)\.?\s\d{1,4}[A-Z]?\b",
        source="https://pe.usps.com/text/pub28/28apd.htm",
    ),
    Rule(
        label="ADDRESS",
        name="street without a suffix",
        pattern=_NUMBER + r"\s(?:" + _SIDE + r"\.?\s)?(?:Broadway|Bowery|Embarcadero|Strand"
        r"|Kingsway|Piccadilly|Whitehall|Cheapside|The\s\p{Lu}\w{3,20})\b",
        cased=True,
        source="https://pe.usps.com/text/pub28/28c2_012.htm",
    ),
    Rule(
        label="ADDRESS",
        name="grid address",
        pattern=_NUMBER + r"\s[NSEW]\.?\s\d{2,5}\s[NSEW]\b",
        cased=True,
        source="https://pe.usps.com/text/pub28/28apd_021.htm",
    ),
    Rule(
        label="ADDRESS",
        name="street kind glued to its name",
        pattern=r"(?<![\w-])(?=[\p{Lu}\d])(?:\d{1,6}\s)?(?:\p{Lu}[\w'-]{1,30}[\s-]){0,2}?"
        r"\p{Lu}?[\w-]{2,30}" + _GLUED + r"\s{1,2}\d{1,5}\s?[a-zA-Z]?\b",
        cased=True,
        source="https://en.wikipedia.org/wiki/Street_suffix",
    ),
    Rule(
        label="ADDRESS",
        name="street kind glued to a small name",
        pattern=r"(?<![\w-])[\w-]{3,30}(?:stra(?:ß|ss)e|str\.|weg|gasse|platz|gatan|straat"
        r"|laan)"
        r"\s{1,2}\d{1,4}\s?[a-z]?\b",
        within=(
            "strasse ",
            "straße ",
            "str. ",
            "weg ",
            "gasse ",
            "platz ",
            "gatan ",
            "straat ",
            "laan ",
        ),
        digits=1,
        source="https://en.wikipedia.org/wiki/Street_suffix",
    ),
    Rule(
        label="ADDRESS",
        name="street kind before its name",
        pattern=r"(?<![\w-])(?:\d{1,6}\s){0,2}" + _FIRST + r"\.?\s(?:[\w'.-]{1,30}\s){0,4}?"
        r"[\w'.-]{2,30},?\s(?:n[°º.]?\s?)?\d{1,5}\b"
        r"|(?<![\w-])(?:\d{1,6}\s){0,2}\d{1,5}(?:\s?(?:bis|ter))?,?\s(?i:rue|avenue|boulevard"
        r"|bd"
        r"|chemin|place|impasse|quai|allée|route|cours)\s(?:[\w'.-]{1,30}\s){0,4}?"
        r"\p{Lu}[\w'.-]{1,30}",
        cased=True,
        source="https://en.wikipedia.org/wiki/Street_suffix",
    ),
    Rule(
        label="ADDRESS",
        name="street kind after its name",
        pattern=r"(?<![\w-])(?:\d{1,6}\s)?(?:\p{Lu}[\w'-]{1,30}\s){1,3}"
        + _LAST
        + r"\.?\s\d{1,5}\b\.?",
        cased=True,
        source="https://en.wikipedia.org/wiki/Street_suffix",
    ),
    Rule(
        label="ADDRESS",
        name="corner",
        pattern=r"\b(?:the )?corner of [\p{Lu}\d][\w'.-]{0,30}(?:\s[\w'.-]{1,30}){0,4} and "
        r"(?:[\p{Lu}\d][\w'-]{0,30}(?:\s(?=[\p{Lu}\d]))?){1,4}(?<!\s)",
        needs=("corner",),
        cased=True,
        source="how people point at a place",
    ),
    Rule(
        label="ADDRESS",
        name="said to be an address",
        pattern=r"\b(?:(?:my|our|new|home|mailing|street|billing|shipping|service|site|current"
        r"|his|her|their|primary|postal) address(?: is| to)?|address"
        r"|(?:i|we|he|she|they|who) lives? at"
        r"|residing at|reside at|i now live in|once lived in)\s{0,3}(?:is|:|=|to the same:)?"
        r"\s{1,12}\K(?:\p{Lu}[\w'.-]{1,30}\s){0,4}(?!\d{1,3}(?:\.\d{1,3}){3}\b)\d{1,6}[A-Za-z]?\b[^\n;!?]{0,60}?"
        r"(?=[\n;!?]|\.(?:\s|$)|$)",
        check=checks.street,
        unless=("email", "e-mail", "mail", "ip", "web"),
        within=("address", "live at", "lives at", "live in", "lived in", "resid"),
        digits=1,
        source="words before an address",
    ),
)

BOXES: tuple[Rule, ...] = (
    Rule(
        label="ADDRESS",
        name="post office box",
        pattern=r"(?<!\w)(?:\d{1,6}\s)?(?:P\.? ?O\.? ?Box|Post(?:al)? (?:Office )?Box|Postbox"
        r"|Postfach|Casilla|Apartado|Boîte Postale|GPO Box|Private Bag|Locked Bag)"
        r"\s{0,2}(?:no\.?\s|#)?\d{1,8}\b",
        source="https://pe.usps.com/text/pub28/28c2_037.htm",
    ),
    Rule(
        label="ADDRESS",
        name="military address",
        pattern=r"\b(?:(?:PSC|CMR|Unit)\s\d{1,5},?\sBox\s\d{1,5},?"
        r"|US(?:S|NS|NV|CGC)\s[\w ]{2,24}?,?)\s{1,3}"
        r"(?:APO|FPO|DPO)\s(?:A[AEP])(?:\s\d{5}(?:-\d{4})?)?\b",
        source="https://pe.usps.com/text/pub28/28c2_039.htm",
    ),
    Rule(
        label="ADDRESS",
        name="rural route",
        pattern=r"\b(?:RR|R\.R\.|Rural Route|HC|Star Route)\s?#?\d{1,3},?\sBox\s\d{1,5}\w?\b",
        source="https://pe.usps.com/text/pub28/28c2_034.htm",
    ),
    Rule(
        label="ADDRESS",
        name="flat",
        pattern=r"(?<!\w)(?:Suite|Ste|Apt|Apartment|Flat|Appartement|App)\.?\s(?:no\.?\s|#)?"
        r"(?:\d{1,5}[A-Za-z]?|[A-Z]\d{0,4})\b(?:,?\s(?:Suite|Apt)\.?\s\d{1,5})?",
        cased=True,
        source="https://pe.usps.com/text/pub28/28c2_003.htm",
    ),
)

POSTCODES: tuple[Rule, ...] = (
    Rule(
        label="ADDRESS",
        name="British postcode",
        pattern=r"\b(?:GIR ?0AA|(?:[A-PR-UWYZ]\d[\dA-HJKPSTUW]?|[A-PR-UWYZ][A-HK-Y]\d"
        r"[\dABEHMNPRVWXY]?) \d[ABD-HJLNP-UW-Z]{2})\b",
        cased=True,
        unless=("model", "part", "sku", "item", "serial"),
        source="https://en.wikipedia.org/wiki/Postcodes_in_the_United_Kingdom",
    ),
    Rule(
        label="ADDRESS",
        name="Canadian postal code",
        pattern=r"\b[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]\d[ABCEGHJ-NPRSTV-Z]\d\b",
        cased=True,
        unless=("model", "part", "sku", "item", "serial"),
        source="https://en.wikipedia.org/wiki/Postal_codes_in_Canada",
    ),
    Rule(
        label="ADDRESS",
        name="ZIP code said to be one",
        pattern=r"\b(?:zip|zip ?code|post(?:al)? ?code|postcode|plz)(?:\s(?:is|to)|:|\s-)?"
        r"\s{1,3}\K(?=[A-Z]{0,2}\d)[A-Z0-9]{2,5}(?:[ -][A-Z0-9]{2,4})?\b",
        check=lambda text: any(c.isdigit() for c in text),
        source="https://en.wikipedia.org/wiki/Postal_code",
    ),
    Rule(
        label="ADDRESS",
        name="ZIP+4",
        pattern=r"(?<=\b(?!PO\b|SO\b|WO\b|SN\b|PN\b|NO\b|RE\b"
        r"|ID\b)[A-Z]{2},?\s{1,2})\d{5}-\d{4}\b",
        digits=9,
        cased=True,
        source="https://en.wikipedia.org/wiki/ZIP_Code",
    ),
)
