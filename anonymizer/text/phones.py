"""Telephone numbers: any shape that is valid somewhere, or that is said to be one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from anonymizer.text.rule import NO_PART

# Numbers without a country code are tried in these, the likeliest first.
REGIONS = ("US", "GB", "DE", "FR", "AU", "IN", "IE", "NZ", "MX", "ES", "IT", "SE", "IL", "BR")

# Possessive throughout: a run of digits is read in one way only, so time stays linear.
_SHAPE = re.compile(
    r"(?<![\w$€£#./-])(?<!\d[:,])(?:\+|00)?\(?\+?\d{1,5}+\)?(?:[ ./\t-]{0,3}+"
    r"\(?\d{1,5}+\)?){1,14}+"
    r"(?:[\s,]{0,2}(?:x|ext\.?|extension|#|poste|durchwahl|anexo)\s?\d{1,6})?+(?![\w%])(?![.:]\d)",
    re.IGNORECASE,
)
# North American or with its country: known by shape, whatever stands right beside it.
# Source: https://en.wikipedia.org/wiki/North_American_Numbering_Plan
_CLEAR = re.compile(
    r"(?<!\d)(?<!\d[.-])(?:\+?1[ .-])?[2-9]\d{2}(?:[ ./-]{1,2}|-\n[ \t]{0,4})\d{3}"
    r"(?:[.-]|-\n[ \t]{0,4})\d{4}(?!\d)(?!-\d)"
)
_CERTAIN = re.compile(
    r"(?<!\d)(?:\+?1[ .-]{0,2})?\([2-9]\d{2}\)[ .-]{0,2}\d{3}[ .-]?\d{4}(?!\d)"
    r"|(?<![\d+])\+[1-9]\d{0,2}(?:[ .()/-]{0,2}\d){7,12}(?!\d)"
)
_CELLS = re.compile(r"\S(?:(?![ \t]{2}|\t).)*")
_SAID_BEFORE = re.compile(
    r"\b(?:phones?|telephone|tel|call(?:ed|ing)?|ring|cell(?:phone|ular)?|mobile|mob|text|sms"
    r"|fax|whatsapp|signal|dial|landline|reach(?:ed|able)?|answering|contact|handy|t|m|f|p|c|h|o|w|d|desk"
    r"|direct|office|home|work|pager|hotline|toll[- ]free|number is|number's|num|voicemail"
    r"|phone number|t[ée]l[ée]phone|t[ée]l|telefon\w{0,7}|tel[ée]fono|tfno|m[óo]vil|celular"
    r"|llam\w{1,6}|cel|portable|appel\w{1,4}|joindre|mobil|handynummer|rufnummer|anruf\w{0,3}|erreichbar|viber|sip|тел|هاتف|الهاتف|جوال|تلفون|التلفون|رقم|اتصل)\b[^\d\n]{0,24}\n?\s{0,4}$",
    re.IGNORECASE,
)
_SAID_AFTER = re.compile(
    r"[ \t\-(:,]{0,3}(?:office|fax|mobile|cell|home|work|direct|desk|phone|tel)\b",
    re.IGNORECASE,
)
_BUSINESS = (
    r"(?:order|invoice|inv|po|quote|estimate|ticket|job|ref|reference|tracking|model|part|sku"
    r"|item|product|serial|case|permit|confirmation|receipt|upc|isbn|account|acct|version|policy"
    r"|claim|license|licence|size|dated?|total|amount|qty|message-id|vat|ein|tax id|id|cage|nsn"
    r"|filter|valve|rma|shipment|delivery|bill of lading|lading|container|lot"
    r"|batch|catalog(?:ue)?|cat"
    r"|asset|barcode|gtin|ean|asn|pro|waybill|consignment|siret|siren|rcs|hrb|abn|acn|kvk|chamber"
    r"|company|registration|lic|meter|z[äa]hler|serien-?nr|seriennummer|artikel(?:nummer)?"
    r"|bestell(?:ung|nummer|-nr)?|auftrag\w{0,7}|rechnung\w{0,7}|kunden-?(?:nummer|nr)|commande|facture"
    r"|devis|r[ée]f[ée]rence|r[ée]f|pedido|factura|presupuesto|albar[áa]n|referencia|n[°º]"
    r"|ustid|tva|iva|cif"
    r"|sn|s/n|p/n|pn|imei|iban|code|pin|zip|postcode|routing|transit)"
)
_SOMETHING_ELSE = re.compile(
    rf"\b{_BUSINESS}\b(?:\s?(?:number|num|no\.?|nr\.?|#|id|is|was|:|-|of|gb|\.)){{0,4}}[\s#]{{0,3}}$"
    r"|\b1Z(?: ?[0-9A-Z]{1,6}){2,5} ?$",
    re.IGNORECASE,
)
# A number in the shape of a telephone's needs more than the word to be something else.
_CLEARLY_ELSE = re.compile(
    rf"\b{_BUSINESS}\b\s?(?:(?:number|num|no|nr)\b\.?:?|[#:])[\s#:]{{0,3}}$", re.IGNORECASE
)
_PART_AFTER = re.compile(NO_PART.replace("(?!", "(?:", 1), re.IGNORECASE)
_DATE = re.compile(
    r"(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}(?:\s\d{1,2})?|\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d"
    r"|\d{1,4}[/x]\d{1,4}(?:[/x]\d{1,4})?|(?:19|20)\d\d\s?-\s?(?:19|20)\d\d|\d{1,2}\s?-\s?\d{1,3}"
    r"|\d{1,2}\.\d{1,2}|\d{1,3}(?:[ .]000)+"
)
_VERSION = re.compile(r"\(?\d{1,3}(?:\.\d{1,3}){2,3}(?:/[\d.]+)?\)?")
_YEAR_AND_HOUR = re.compile(r"(?:19|20)\d\d[ -]+\d{1,2}")
_LOCAL = re.compile(r"\d{3}[ .-]\d{4}")
_MARKED = re.compile(r"^\+|^00|^\(\d{2,5}\)")
_BARE = re.compile(r"[2-9]\d{2}[2-9]\d{6}")
_TEN = re.compile(r"1?[ .-]?\(?[2-9]\d{2}\)?[ .-]{1,2}\d{3}[ .-]\d{4}")

SHORTEST, LONGEST = 7, 15
_WHOLE = 9
"""Digits from which a number needs nobody to say that it is a telephone's."""


def phones(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of *text* that are telephone numbers, extensions with them.

    In order of their kind, and they may overlap.
    """
    for found in _SHAPE.finditer(text):
        if _phone_at(text, *found.span()):
            yield found.span()
        elif "  " in found.group() or "\t" in found.group():
            for cell in _CELLS.finditer(found.group()):
                start, end = found.start() + cell.start(), found.start() + cell.end()
                if _phone_at(text, start, end):
                    yield start, end
    for found in _CLEAR.finditer(text):
        before = text[max(0, found.start() - 48) : found.start()]
        if not _CLEARLY_ELSE.search(before) and not _PART_AFTER.match(text, found.end()):
            yield found.span()
    yield from (found.span() for found in _CERTAIN.finditer(text))


def _phone_at(text: str, start: int, end: int) -> bool:
    number = text[start:end]
    size = sum(char.isdigit() for char in number)
    if size < 6 or size > LONGEST + 6 or _DATE.fullmatch(number):  # noqa: PLR2004 - "12 34 56"
        return False
    if _PART_AFTER.match(text, end):
        return False
    return _is_phone(number, text[max(0, start - 48) : start], text[end : end + 12])


def _is_phone(number: str, before: str, after: str) -> bool:
    if _SOMETHING_ELSE.search(before) or _YEAR_AND_HOUR.fullmatch(number):
        return False
    if _SAID_BEFORE.search(before) or _SAID_AFTER.match(after):
        return True
    if _TEN.fullmatch(number) or (_MARKED.match(number) and len(number) >= SHORTEST):
        return True
    if _LOCAL.fullmatch(number):
        # Seven digits alone may be a part number; a line of its own is a signature's.
        return not before.strip(" \t") or before.endswith(("\n", ": "))
    if _BARE.fullmatch(number) and not after.split("\n", 1)[0].strip(" .)"):
        # Ten digits that end a line, after a name as a rule, are where to call.
        return valid(number)
    # Groups apart show that it is meant to be dialled; a bare run of digits is an order.
    grouped = re.search(r"\d[ ./()-]+\d", number) is not None
    whole = sum(char.isdigit() for char in number) >= _WHOLE and not _VERSION.fullmatch(number)
    return grouped and whole and valid(number)


@lru_cache(maxsize=4096)
def valid(number: str) -> bool:
    """Return whether the number is in use by the plan of one of the `REGIONS`."""
    for region in REGIONS[:1] if number.startswith("+") else REGIONS:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(number, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False
