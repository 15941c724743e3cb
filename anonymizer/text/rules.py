r"""Recognisers of identifiers and secrets, as rows of data.

A row says what it finds, by which pattern, what must hold for it to count, and where the
rule comes from. `engine.py` makes one Presidio recogniser of each. In a pattern, `\K` starts
the stretch that is taken out: what stands before it is only context.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from anonymizer.text import checks

SURE = 0.7
"""Score of a pattern that needs nothing else."""

NEEDS_CONTEXT = 0.1
"""Score of a pattern that counts only with one of its context words nearby."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One recogniser.

    Attributes:
        label: What a removal by this rule is called.
        name: Unique, for tests and counts.
        pattern: In the syntax of the `regex` package, read without regard to case unless
            `cased`. Bounded repetition only: mail may be hostile.
        score: `SURE` or `NEEDS_CONTEXT`.
        check: Must return True for the matched text.
        context: Words one of which must stand near when the score alone does not do.
        unless: Words that, standing right before, say that it is something else.
        source: Where the format is described.
    """

    label: str
    name: str
    pattern: str
    score: float = SURE
    check: Callable[[str], bool] | None = None
    context: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    cased: bool = False
    source: str = ""


BUSINESS_NUMBERS = (
    "order", "invoice", "inv", "po", "quote", "estimate", "ticket", "job", "ref", "reference",
    "tracking", "model", "part", "sku", "item", "product", "serial", "case", "permit",
    "confirmation", "receipt", "work order", "purchase order", "upc", "isbn",
)  # fmt: skip
"""Words before a number that is the business's, not a person's."""

IS = (
    r"(?:\s{0,3}(?:number|num|no\.?|nr\.?|id|code|#))?"
    r"(?:\s{0,3}(?:is|was|will be|:|=|#|-))*\s{0,3}"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DATE = (
    r"(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}"
    rf"|{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:of\s)?\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}\.?,?\s\d{{4}}"
    rf"|{_MONTH}\.?,?\s\d{{4}}|(?:19|20)\d\d)"
)
"""A calendar date as people write it, with its year."""

_CARD_WORDS = (
    "card",
    "cards",
    "cc",
    "credit",
    "debit",
    "visa",
    "mastercard",
    "amex",
    "discover",
)
CONTACTS: tuple[Rule, ...] = (
    Rule(
        label="EMAIL",
        name="address",
        pattern=r"(?<![\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]{1,128}@"
        r"(?:[^\W_](?:[\w-]{0,62})\.){1,8}[^\W\d_][\w-]{1,24}",
        source="https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1",
    ),
    Rule(
        label="EMAIL",
        name="spelt-out address",
        pattern=r"\b[\w.-]{2,40}\s?[\[({]\s?at\s?[\])}]\s?[\w-]{2,40}"
        r"(?:\s?(?:[\[({]\s?dot\s?[\])}]|\.)\s?[a-z]{2,12}){1,3}\b"
        r"|\b[\w.-]{2,40} at [\w-]{2,40} dot (?:com|net|org|edu|ca|uk|io|co|us)\b",
        source="spelling by which people hide an address from harvesters",
    ),
    Rule(
        label="PROFILE",
        name="social profile",
        pattern=r"(?<![\w.-])(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|instagram|twitter|x|linkedin|tiktok"
        r"|snapchat|venmo|t|wa)\.(?:com|me)/(?:in/|u/|@)?\K[\w.%-]{3,60}",
        source="addresses of personal pages on these sites",
    ),
    Rule(
        label="IP",
        name="IPv4",
        pattern=r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)",
        check=checks.ip,
        unless=("version", "v", "ver", "release", "firmware", "section", "build"),
        source="https://www.rfc-editor.org/rfc/rfc791",
    ),
    Rule(
        label="IP",
        name="IPv6",
        pattern=r"(?<![\w:.])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){0,6}(?![\w:])"
        r"|(?<![\w:.])[0-9a-f]{0,4}::(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4}(?![\w:])",
        check=lambda text: checks.ip(text) and len(text) > 6,  # noqa: PLR2004 - "::1" and times
        source="https://www.rfc-editor.org/rfc/rfc4291#section-2.2",
    ),
)

MONEY: tuple[Rule, ...] = (
    Rule(
        label="CARD",
        name="card number",
        pattern=r"(?<![\d.-])\d(?:[ -]{0,2}\d){11,18}(?![\d-])",
        check=checks.card,
        unless=("tracking", "imei", "upc", "isbn"),
        source="https://www.iso.org/standard/70484.html",
    ),
    Rule(
        label="CARD",
        name="card number said to be one",
        pattern=r"\b(?:card|cc|visa|mastercard|amex|discover|maestro)\b[^\d\n]{0,24}"
        r"\K\d(?:[ -]?\d){11,18}(?!\d)",
        source="a mistyped card number is still most of one",
    ),
    Rule(
        label="CARD",
        name="security code",
        pattern=r"\b(?:cvv2?|cvc2?|cid|cvn|card code|security code|code on the back)\b"
        r"[^\d\n]{0,20}\K\d{3,4}\b",
        unless=("gate", "door"),
        source="https://www.pcisecuritystandards.org (sensitive authentication data)",
    ),
    Rule(
        label="CARD",
        name="card expiry",
        pattern=r"\b(?:exp(?:iry|ires|iration|\.)?(?: date)?|valid (?:thru|until))\b"
        r"[^\d\n]{0,12}\K(?:0?[1-9]|1[0-2])\s?[/-]\s?(?:20)?\d{2}\b",
        score=NEEDS_CONTEXT,
        context=(*_CARD_WORDS, "cvv", "cvc"),
        source="https://www.pcisecuritystandards.org (cardholder data)",
    ),
    Rule(
        label="IBAN",
        name="IBAN in one piece",
        pattern=r"(?<![\w-])[A-Z]{2}\d{2}[A-Z0-9]{11,30}(?![\w-])",
        check=checks.iban,
        source="https://www.iso.org/standard/81090.html",
    ),
    Rule(
        label="BANK_ACCOUNT",
        name="routing number",
        pattern=r"(?<![\d-])\d{9}(?![\d-])",
        score=NEEDS_CONTEXT,
        check=checks.routing,
        context=("routing", "aba", "rtn", "wire", "ach"),
        source="https://en.wikipedia.org/wiki/ABA_routing_transit_number",
    ),
    Rule(
        label="BANK_ACCOUNT",
        name="account number",
        pattern=r"\b(?:account|acct|a/c|acc)\.?" + IS + r"\K\d[\d -]{4,20}\d\b",
        score=NEEDS_CONTEXT,
        context=(
            "bank",
            "checking",
            "savings",
            "routing",
            "wire",
            "ach",
            "deposit",
            "sort",
            "transfer",
            "iban",
            "swift",
            "bic",
            "credit union",
            "direct debit",
            "institution",
        ),
        source="bank details as they are given in mail",
    ),
    Rule(
        label="BANK_ACCOUNT",
        name="sort code",
        pattern=r"\bsort\s?code" + IS + r"\K\d{2}[- ]?\d{2}[- ]?\d{2}\b",
        source="https://en.wikipedia.org/wiki/Sort_code",
    ),
    Rule(
        label="BANK_ACCOUNT",
        name="Canadian transit number",
        pattern=r"\b(?:transit|institution)" + IS + r"\K\d{3,5}(?:-\d{3})?\b",
        score=NEEDS_CONTEXT,
        context=("bank", "account", "deposit", "transit", "institution"),
        source="https://en.wikipedia.org/wiki/Routing_number_(Canada)",
    ),
)

PAPERS: tuple[Rule, ...] = (
    Rule(
        label="SSN",
        name="social security number",
        pattern=r"(?<![\w-])\d{3}([- .])\d{2}\1\d{4}(?![\w-])",
        check=checks.ssn,
        unless=BUSINESS_NUMBERS,
        source="https://www.ssa.gov/employer/randomization.html",
    ),
    Rule(
        label="SSN",
        name="number said to be social security's",
        pattern=r"\b(?:ssn|social(?: security)?|soc\.? sec\.?|itin)"
        + IS
        + r"\K\d[\d -]{2,10}\d\b",
        source="https://www.ssa.gov/employer/randomization.html",
    ),
    Rule(
        label="NATIONAL_ID",
        name="social insurance number",
        pattern=r"(?<![\d-])\d{3}[- ]?\d{3}[- ]?\d{3}(?![\d-])",
        score=NEEDS_CONTEXT,
        check=checks.sin,
        context=("sin", "social insurance", "nas", "assurance sociale"),
        source="https://en.wikipedia.org/wiki/Social_insurance_number",
    ),
    Rule(
        label="NATIONAL_ID",
        name="national insurance number",
        pattern=r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?"
        r"\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
        cased=True,
        source="https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110",
    ),
    Rule(
        label="NATIONAL_ID",
        name="health service number",
        pattern=r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)",
        score=NEEDS_CONTEXT,
        check=checks.nhs,
        context=("nhs",),
        source="https://www.datadictionary.nhs.uk/attributes/nhs_number.html",
    ),
    Rule(
        label="NATIONAL_ID",
        name="number said to be a personal one",
        pattern=r"\b(?:national (?:id|identity|insurance)|identity card|id card|aadhaar|dni|nie"
        r"|codice fiscale|curp|cpf|personnummer|steuer-?id|green card|alien|uscis|medicare"
        r"|medicaid|ohip|health card|patient|mrn|medical record|member|policy ?holder"
        r"|health insurance|social insurance)(?: card)?(?: (?:number|no\.?|id|#))"
        r"(?:\s{0,3}(?:is|:|=|#))*\s{0,3}\K(?=[A-Z-]{0,8}\d)[A-Z0-9][A-Z0-9./-]{3,19}\b",
        source="words before such numbers",
    ),
    Rule(
        label="DRIVER_LICENCE",
        name="driver licence",
        pattern=r"\b(?:driver'?s?'?|driving)[ -]?licen[cs]e"
        + IS
        + r"\K(?=[A-Z -]{0,6}\d)[A-Z0-9][A-Z0-9-]{3,22}\b"
        r"|\b(?:DL|D\.L\.)(?: ?(?:#|no\.?|number|:)){1,2}\s?\K"
        r"(?=[A-Z]{0,3}\d)[A-Z0-9-]{5,20}\b",
        source="https://en.wikipedia.org/wiki/Driver%27s_license_numbers_in_the_United_States",
    ),
    Rule(
        label="PASSPORT",
        name="passport",
        pattern=r"\bpassport" + IS + r"\K(?=[A-Z]{0,3}\d)[A-Z0-9]{6,12}\b",
        source="https://www.icao.int/publications/pages/publication.aspx?docnum=9303",
    ),
    Rule(
        label="BIRTH_DATE",
        name="date of birth",
        pattern=r"\b(?:d\.?o\.?b\.?|date of birth|birth ?date|born|birthday)\b"
        r"(?:\s{0,3}(?:is|was|on|in|:|=|-|it's|it is|\.))*\s{0,3}\K" + DATE + r"\b",
        unless=("was the company", "startup"),
        source="words before such dates",
    ),
    Rule(
        label="VEHICLE",
        name="vehicle identification number",
        pattern=r"\bVIN" + IS + r"\K[A-HJ-NPR-Z0-9]{17}\b",
        source="https://www.iso.org/standard/52200.html",
    ),
    Rule(
        label="VEHICLE",
        name="licence plate",
        pattern=r"\b(?:licen[cs]e plate|number plate|plate)(?: (?:number|no\.?|#))?"
        r"(?:\s?(?:is|:|#))+\s?\K(?=[A-Z -]{0,6}\d)[A-Z0-9]{1,4}[ -]?[A-Z0-9]{2,5}\b",
        source="words before such numbers",
    ),
)
