"""Telephone numbers: any shape that is valid somewhere, or that is said to be one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

# Numbers without a country code are tried in these, the likeliest first.
REGIONS = ("US", "GB", "DE", "FR", "AU", "IN", "IE", "NZ", "MX", "ES", "IT", "SE", "IL", "BR")

_SHAPE = re.compile(
    r"(?<![\w$€£#.,/-])(?<!\d:)(?:\+|00)?\(?\+?\d{1,5}\)?(?:[ ./-]{0,2}\(?\d{1,5}\)?){1,6}"
    r"(?:\s?(?:x|ext\.?|extension|#)\s?\d{1,6})?(?![\w%])(?![.:]\d)",
    re.IGNORECASE,
)
_SAID_BEFORE = re.compile(
    r"\b(?:phones?|telephone|tel|call(?:ed|ing)?|ring|cell(?:phone|ular)?|mobile|mob|text|sms"
    r"|fax|whatsapp|signal|dial|landline|reach(?:ed|able)?|answering|contact|handy|t|m|f|p|c|h|o|w|d|desk"
    r"|direct|office|home|work|pager|hotline|toll[- ]free|number is|number's|num|voicemail"
    r"|phone number|t[ée]l[ée]phone|telefon|tel[ée]fono)\b[^\d\n]{0,24}\n?\s{0,4}$",
    re.IGNORECASE,
)
_SAID_AFTER = re.compile(
    r"[ \t\-(:,]{0,3}(?:office|fax|mobile|cell|home|work|direct|desk|phone|tel)\b",
    re.IGNORECASE,
)
_SOMETHING_ELSE = re.compile(
    r"\b(?:order|invoice|inv|po|quote|estimate|ticket|job|ref|reference|tracking|model|part|sku"
    r"|item|product|serial|case|permit|confirmation|receipt|upc|isbn|account|acct|version|policy"
    r"|claim|license|licence|size|dated?|total|amount|qty|message-id|vat|ein|tax id|id|cage|nsn"
    r"|filter|valve)\b(?:\s?(?:number|num|no\.?|nr\.?|#|id|is|was|:|-|of)){0,4}[\s#]{0,3}$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}(?:\s\d{1,2})?|\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d"
    r"|\d{1,4}[/x]\d{1,4}(?:[/x]\d{1,4})?|(?:19|20)\d\d\s?-\s?(?:19|20)\d\d|\d{1,2}\s?-\s?\d{1,3}"
    r"|\d{1,2}\.\d{1,2}|\d{1,3}(?:[ .]000)+"
)
_VERSION = re.compile(r"\(?\d{1,3}(?:\.\d{1,3}){2,3}(?:/[\d.]+)?\)?")
_YEAR_AND_HOUR = re.compile(r"(?:19|20)\d\d[ -]+\d{1,2}")
_LOCAL = re.compile(r"\d{3}[ .-]\d{4}")
_MARKED = re.compile(r"^\+|^00|^\(\d{2,5}\)")
_TEN = re.compile(r"1?[ .-]?\(?[2-9]\d{2}\)?[ .-]{1,2}\d{3}[ .-]\d{4}")

SHORTEST, LONGEST = 7, 15
_WHOLE = 9
"""Digits from which a number needs nobody to say that it is a telephone's."""


def phones(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of *text* that are telephone numbers, extensions with them."""
    for found in _SHAPE.finditer(text):
        number = found.group()
        size = sum(char.isdigit() for char in number)
        if size < 6 or size > LONGEST + 6 or _DATE.fullmatch(number):  # noqa: PLR2004 - "12 34 56"
            continue
        before = text[max(0, found.start() - 48) : found.start()]
        if _is_phone(number, before, text[found.end() : found.end() + 12]):
            yield found.span()


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
    # Groups apart show that it is meant to be dialled; a bare run of digits is an order.
    grouped = re.search(r"\d[ ./()-]+\d", number) is not None
    whole = sum(char.isdigit() for char in number) >= _WHOLE and not _VERSION.fullmatch(number)
    return grouped and whole and valid(number)


def valid(number: str) -> bool:
    """Return whether the number is in use by the plan of one of the `REGIONS`."""
    for region in REGIONS[:1] if number.startswith("+") else REGIONS:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(number, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False
