"""Check digits and other arithmetic that tells an identifier from any other number."""

from __future__ import annotations

import ipaddress
import re
from itertools import cycle


def digits(text: str) -> str:
    """Return the ASCII digits of *text*."""
    return re.sub(r"[^0-9]", "", text)


def luhn(text: str) -> bool:
    """Return whether the digits pass the Luhn test.

    Source: ISO/IEC 7812-1, annex B.
    """
    total = 0
    for place, digit in enumerate(reversed(digits(text))):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - the digit sum
    return total % 10 == 0


# First digits and lengths of the schemes in use.
# Source: https://en.wikipedia.org/wiki/Payment_card_number
_SCHEMES = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|6(?:011|22\d|4[4-9]\d|5\d\d)\d{12}(?:\d{3})?|35\d{14}|(?:2131|1800)\d{11}"
    r"|(?:50|5[6-9]|6[0-9])\d{10,17}|220[0-4]\d{12}"
)


def card(text: str) -> bool:
    """Return whether this is a payment card number: known scheme, right length, Luhn."""
    number = digits(text)
    return _SCHEMES.fullmatch(number) is not None and len(set(number)) > 1 and luhn(number)


def sin(text: str) -> bool:
    """Return whether this is a Canadian social insurance number.

    Source: https://en.wikipedia.org/wiki/Social_insurance_number (none starts with 8)
    """
    number = digits(text)
    return len(number) == 9 and number[0] != "8" and luhn(number)  # noqa: PLR2004 - its length


def ssn(text: str) -> bool:
    """Return whether the three groups can be a US social security or taxpayer number.

    Numbers that were never given out (900 and up without being an ITIN, 666) count too:
    people mistype, and a number of this shape is nothing else.

    Source: https://www.ssa.gov/employer/randomization.html
    """
    number = digits(text)
    return number[3:5] != "00" and number[5:] != "0000" and number[:3] != "000"


def iban(text: str) -> bool:
    """Return whether this is an international bank account number (modulus 97).

    Source: https://www.iso.org/standard/81090.html
    """
    plain = re.sub(r"[^0-9A-Z]", "", text.upper())
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def routing(text: str) -> bool:
    """Return whether this is a US bank routing number.

    Source: https://en.wikipedia.org/wiki/ABA_routing_transit_number#Check_digit
    """
    number = digits(text)
    return sum(int(d) * w for d, w in zip(number, cycle((3, 7, 1)), strict=False)) % 10 == 0


def nhs(text: str) -> bool:
    """Return whether this is a British health service number (modulus 11).

    Source: https://www.datadictionary.nhs.uk/attributes/nhs_number.html
    """
    number = digits(text)
    if len(number) != 10:  # noqa: PLR2004 - its length
        return False
    weighted = sum(int(d) * w for d, w in zip(number, range(10, 1, -1), strict=False))
    return (11 - weighted % 11) % 11 == int(number[9])


def ip(text: str) -> bool:
    """Return whether this is an address of a host (none that means nobody, no mask)."""
    try:
        address = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    named = address.is_unspecified or address.is_loopback
    return not named and not text.startswith("255.")


_NO_SECRETS_WORDS = """
    a an and are as at be been being below but by can changed changes could did does
    expired expires field for forgotten from given had has have her here his i if
    important in incorrect invalid is it its link locked lost may me missing must my
    needed needs new no not of off old on only or our out page protected provided recovery
    required reset resets same secure sent set should so soon still strong that the their
    them then there this those to too under unchanged up updated valid via was we weak
    when which will with work working works would wrong you your
"""
_NO_SECRETS = frozenset(_NO_SECRETS_WORDS.split())


def secret(text: str) -> bool:
    """Return whether this can be the secret itself and not a word about it."""
    return text.casefold().strip(".,;:!?'\"()") not in _NO_SECRETS


_NO_STREET_WORDS = """
    about above after all along am an and apart are as at away back be because before
    behind between block blocks business but by calendar can car city consecutive could
    cross day days dead different down during each east every extra feet few for from ft
    full gallon gallons go going got had has have he heading her his hour hours houses how
    i if in inch inches into is it just km large later left less long main mi mile miles
    minute minutes min mins month months more most near new next no north not of off old
    on once one only or other our out over people per percent pm please right second
    seconds she side since small so some south still sunday that the their then there
    these they this those through time times to too trucks turn two under until up us very
    was way we week weeks were west when where which who will with working would yard
    yards year years you your
"""
_NO_STREET = frozenset(_NO_STREET_WORDS.split())
_STREETS_AFTER_ALL = re.compile(
    r"(?i)\b(?:north|south|east|west|main|second|park|new|old|long|cross|city|mile|block|side"
    r"|right|left|people|way|car|yard|small|large|the|of|la|de|north|next)\b"
)


def street(text: str) -> bool:
    """Return whether the words between a number and a street word can name a street.

    "20 minutes down the road" has the shape of "20 Elm Road" and is none.
    """
    words = re.findall(r"[^\W\d_]+", text.split("\n", 1)[0])[:-1]
    return not any(
        word.casefold() in _NO_STREET
        and not (word[0].isupper() and _STREETS_AFTER_ALL.fullmatch(word))
        for word in words
    )
