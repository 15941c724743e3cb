"""Check digits and other arithmetic that tells an identifier from any other number."""

from __future__ import annotations

import ipaddress
import re
from itertools import cycle, pairwise


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


def ipv6(text: str) -> bool:
    """Return whether this is an IPv6 address of a host and not a time such as 12:30:10."""
    return len(text) > 6 and ip(text)  # noqa: PLR2004 - "::1" and times are shorter


def dni(text: str) -> bool:
    """Return whether the letter of a Spanish DNI or NIE is the one its number asks for.

    Source: https://en.wikipedia.org/wiki/Documento_Nacional_de_Identidad_(Spain)
    """
    plain = re.sub(r"[^0-9A-Z]", "", text.upper())
    number = plain[:-1].translate(str.maketrans("XYZ", "012"))
    return number.isdigit() and plain[-1] == "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23]


def nir(text: str) -> bool:
    """Return whether this can be a French social security number; its key, if given, holds.

    Source: https://fr.wikipedia.org/wiki/Numéro_de_sécurité_sociale_en_France
    """
    plain = re.sub(r"[^0-9AB]", "", text.upper()).replace("2A", "19").replace("2B", "18")
    if len(plain) == 15:  # noqa: PLR2004 - with its key
        return plain.isdigit() and int(plain[13:]) == 97 - int(plain[:13]) % 97
    # Without the key nothing but the way it is grouped tells it from any long number.
    return len(plain) == 13 and " " in text  # noqa: PLR2004 - without its key


def steuer_id(text: str) -> bool:
    """Return whether the check digit of a German tax number of a person holds.

    Source: https://de.wikipedia.org/wiki/Steuerliche_Identifikationsnummer
    """
    number = digits(text)
    product = 10
    for digit in number[:10]:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return len(number) == 11 and (11 - product) % 10 == int(number[10])  # noqa: PLR2004


def cpf(text: str) -> bool:
    """Return whether the two check digits of a Brazilian taxpayer number hold.

    Source: https://en.wikipedia.org/wiki/CPF_number
    """
    number = digits(text)
    if len(number) != 11 or len(set(number)) == 1:  # noqa: PLR2004 - its length
        return False
    for size in (9, 10):
        weighted = sum(int(d) * (size + 1 - i) for i, d in enumerate(number[:size]))
        if int(number[size]) != weighted * 10 % 11 % 10:
            return False
    return True


_VIN_VALUES = dict(zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
                       [*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)],
                       strict=True))  # fmt: skip
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin(text: str) -> bool:
    """Return whether this is a vehicle identification number by its check digit.

    Source: https://www.ecfr.gov/current/title-49/section-565.15
    """
    if len(text) != 17 or text.isdigit() or text.isalpha():  # noqa: PLR2004 - its length
        return False
    values = (_VIN_VALUES.get(char, 0) for char in text)
    total = sum(value * weight for value, weight in zip(values, _VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11] == text[8]


def numbered(text: str) -> bool:
    """Return whether this has enough digits to be a number and is no year or measure."""
    return len(digits(text)) >= 4  # noqa: PLR2004 - fewer are a count


_NO_PLATE = re.compile(
    r"(?i)(?:\d{1,3} ?(?:x|mm|cm|in|ft|amps?|v|gauge|ga|pm|am|st|nd|rd|th)\b)"
)


def plate(text: str) -> bool:
    """Return whether this can be a vehicle's plate: letters and digits, no measure."""
    plain = re.sub(r"[^0-9A-Za-zÄÖÜäöü]", "", text)
    return (
        5 <= len(plain) <= 9  # noqa: PLR2004 - shorter and longer ones are not issued
        and any(c.isdigit() for c in plain)
        and any(c.isalpha() for c in plain)
        and not _NO_PLATE.match(text)
    )


def has_digit_or_capitals(text: str) -> bool:
    """Return whether this is a bank's code and not a word of eight letters."""
    return any(c.isdigit() for c in text) or text.isupper()


_SPOKEN = re.compile(r"(?i)[a-z]+")


def spoken(text: str) -> bool:
    """Return whether these digits in words are dialled and not counted up or down."""
    order = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    places = [order.index(w) for w in map(str.lower, _SPOKEN.findall(text)) if w in order]
    steps = {b - a for a, b in pairwise(places)}
    return len(steps) > 1


_FILES = re.compile(r"(?i)\.(?:pdf|docx?|xlsx?|jpe?g|png|gif|heic|zip|txt|csv|mp4|mov|html?)$")


def domain(text: str) -> bool:
    """Return whether this is a web address and neither a file nor a lost space."""
    host = re.split(r"[/?#:]", text, maxsplit=1)[0]
    first = host.split(".", 1)[0]
    return not _FILES.search(host) and not first.isdigit() and host.count("..") == 0


_NO_SECRETS_WORDS = """
    a an and are as at be been being below but by can changed changes could did does
    expired expires field for forgotten from given had has have her here his i if
    important in incorrect invalid is it its link locked lost may me missing must my
    needed needs new no not of off old on only or our out page protected provided recovery
    required reset resets same secure sent set should so soon still strong that the their
    them then there this those to too typed under unchanged up updated valid via was we weak
    when which will with work working works would wrong you your
"""
_NO_SECRETS = frozenset(_NO_SECRETS_WORDS.split())


def secret(text: str) -> bool:
    """Return whether this can be the secret itself and not a word about it."""
    return text.casefold().strip(".,;:!?'\"()") not in _NO_SECRETS


_MEASURE = re.compile(
    r"(?i)\d+(?:am|pm|st|nd|rd|th|ft|in|mm|cm|m|kw|w|v|amps?|a|psi|gal|lbs?|kg|k|hrs?|h|mins?|x\d+"
    r"|mhz|ghz|mbps|gb|tb|years?|days?|bar|btu|cfm|gpm|ton|tons|hp|sqft|yd|oz|l|g|c|f)"
)
_HOUR = re.compile(r"\d{1,2}:\d\d.*")


def code_like(text: str) -> bool:
    """Return whether this can be a code that somebody types: a digit, no measure, no hour."""
    plain = text.strip(".,;:!?'\"()#*")
    return (
        secret(text)
        and len(plain) >= 3  # noqa: PLR2004 - shorter ones are counts
        and not _MEASURE.fullmatch(plain)
        and not _HOUR.fullmatch(plain)
        and not (plain.isalpha() and plain.islower())
    )


def no_year(text: str) -> bool:
    """Return whether these digits are no year of our time."""
    return re.fullmatch(r"20[12]\d", text) is None


def mixed_hex(text: str) -> bool:
    """Return whether hexadecimal groups are a device's and not a long number in groups."""
    return any(c.isalpha() for c in text) or ":" in text


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
