"""Cards and bank accounts, as rows of data."""

from __future__ import annotations

from anonymizer.text import checks, identifiers
from anonymizer.text.rule import IS, NEEDS_CONTEXT, Rule

_CARD = (
    r"(?:cards?|cc|credit|debit|visa|mastercard|master card|amex|american express|discover"
    r"|maestro|tarjetas?|carte (?:bancaire|bleue|de crédit)|cb|kreditkarte|karte|بطاقة)"
)
_CARD_WORDS = (
    "card", "cards", "cc", "credit", "debit", "visa", "mastercard", "amex", "discover",
    "american express", "tarjeta", "carte", "kreditkarte", "cvv", "cvc", "charge",
)  # fmt: skip
_CARD_NEEDS = (
    "card", "cc", "credit", "debit", "visa", "amex", "american", "discover", "maestro",
    "tarjeta", "carte", "cb", "karte", "بطاقة",
)  # fmt: skip
_BANK_WORDS = (
    "bank", "checking", "savings", "routing", "wire", "ach", "deposit", "sort", "transfer",
    "iban", "swift", "bic", "credit union", "direct debit", "institution", "transit", "bsb",
    "zelle", "payout", "refund to", "banco", "banque", "konto", "cuenta", "compte", "clabe",
    "blz", "payroll", "pay him", "pay her", "pay me", "pay it to", "e-transfer",
)  # fmt: skip

MONEY: tuple[Rule, ...] = (
    Rule(
        label="CARD",
        name="card number",
        pattern=r"(?<!\d)\d(?:[ .\t-]{0,3}(?:\n[ \t]{0,4})?\d){11,40}+(?!\d)",
        check=identifiers.has_card,
        narrow=identifiers.cards,
        digits=12,
        source="https://www.iso.org/standard/70484.html",
    ),
    Rule(
        label="CARD",
        name="card number said to be one",
        pattern=rf"\b{_CARD}\b[^\d\n]{{0,24}}\n?\K\d(?:[ .-]{{0,3}}\d){{11,18}}(?!\d)",
        starts=_CARD_NEEDS,
        digits=12,
        source="a mistyped card number is still most of one",
    ),
    Rule(
        label="CARD",
        name="end of a card number",
        pattern=rf"\b{_CARD}\b[^\d\n]{{0,20}}\b(?:ending|ends|ended|last (?:four|4)(?: digits)?"
        r"|terminad[ao]|se terminant|endet|xx+|\*{2,}|x{2,})(?: (?:in|with|by|are|is|en|par"
        r"|auf|:))?"
        r"[ :*x-]{0,20}\K\d{4}\b"
        r"|\b(?:[x*]{4}[ -]?){3}\K\d{4}\b",
        needs=("ending", "ends", "ended", "last", "terminad", "terminant", "endet", "xx", "**"),
        digits=4,
        source="https://www.pcisecuritystandards.org (truncated card numbers)",
    ),
    Rule(
        label="CARD",
        name="security code",
        pattern=r"\b(?:cvv2?|cvc2?|cid|cvn|csc|card code|security code|(?:three"
        r"|3)[- ]digit(?: code)?"
        r"|(?:code|number|digits|#) (?:on|from) the (?:back|front|reverse)(?: of (?:the|it"
        r"|my) ?\w{0,6})?"
        r"|cryptogramme|c[óo]digo de seguridad|prüf(?:nummer|ziffer)|sicherheitscode)\b"
        r"[^\d\n]{0,24}\K\d{3,4}\b"
        r"|\b\d{3,4}(?=,? (?:on|from) the (?:front|back)\b)",
        unless=("gate", "door"),
        needs=(
            "cvv",
            "cvc",
            "cid",
            "cvn",
            "csc",
            "code",
            "digit",
            "number",
            "#",
            "cryptog",
            "seguridad",
            "prüf",
            "on the front",
            "on the back",
        ),
        digits=3,
        source="https://www.pcisecuritystandards.org (sensitive authentication data)",
    ),
    Rule(
        label="CARD",
        name="code of a card",
        pattern=r"\b(?:sec(?:urity)?\.? ?)?code\b[: ]{1,3}(?:is )?\K\d{3,4}\b(?![-./]\d)",
        score=NEEDS_CONTEXT,
        context=(
            "card",
            "visa",
            "mastercard",
            "amex",
            "exp",
            "expires",
            "expiry",
            "expiration",
        ),
        unless=("gate", "door", "zip", "area", "promo"),
        starts=("sec", "code"),
        digits=15,
        source="https://www.pcisecuritystandards.org (sensitive authentication data)",
    ),
    Rule(
        label="CARD",
        name="card expiry",
        pattern=r"\b(?:exp(?:iry|ires|iring|iration|\.)?(?: date)?|valid (?:thru|until|through)"
        r"|good (?:thru|through)|vence|vencimiento|caduca|expire|validité|gültig bis"
        r"|ablauf\w{0,6})\b"
        r"\.?[^\d\n]{0,12}\K(?:(?:0?[1-9]|1[0-2])\s?[/.-]\s?(?:20)?\d{2}|(?:0[1-9]"
        r"|1[0-2])[2-4]\d)\b(?![/.-]\d)",
        score=NEEDS_CONTEXT,
        context=_CARD_WORDS,
        digits=3,
        source="https://www.pcisecuritystandards.org (cardholder data)",
    ),
    Rule(
        label="CARD",
        name="expiry after a card number",
        pattern=r"(?:\d[ -]?){12,18}\d[ ,;.|/-]{1,6}(?:exp\w{0,8}\.?:?\s{0,2})?"
        r"\K(?:0[1-9]|1[0-2])\s?[/-]\s?(?:20)?\d{2}\b(?![/.-]\d)(?:[ ,;/]{1,3}\d{3,4}\b)?",
        digits=15,
        source="https://www.pcisecuritystandards.org (cardholder data)",
    ),
    Rule(
        label="IBAN",
        name="IBAN",
        pattern=r"(?<![^\W_])[A-Z]{2}\d{2}(?:[ \u00a0-]?(?:\n[ >]{0,4})?[A-Z0-9]){11,38}",
        check=identifiers.has_iban,
        narrow=identifiers.ibans,
        digits=5,
        source="https://www.iso.org/standard/81090.html",
    ),
    Rule(
        label="IBAN",
        name="IBAN said to be one",
        pattern=r"\bIBAN" + IS + r"\K[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{2,4}){3,8}(?![A-Z0-9])",
        starts=("iban",),
        digits=4,
        source="a mistyped account is still most of one",
    ),
    Rule(
        label="BANK_ACCOUNT",
        name="routing number",
        pattern=r"(?<![\d-])\d{9}(?![\d-])",
        score=NEEDS_CONTEXT,
        check=checks.routing,
        context=("routing", "aba", "rtn", "wire", "ach"),
        digits=9,
        source="https://en.wikipedia.org/wiki/ABA_routing_transit_number",
    ),
    Rule(
        label="BANK_ACCOUNT",
        name="routing number said to be one",
        pattern=r"\b(?:routing|aba|rtn|bsb|blz|bankleitzahl|swift|bic)"
        + IS
        + r"\K(?=[A-Z]{0,8}\d|[A-Z]{8})(?:\d[\d -]{4,10}\d"
        r"|[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b",
        starts=("routing", "aba", "rtn", "bsb", "blz", "bankleitzahl", "swift", "bic"),
        check=checks.has_digit_or_capitals,
        source="https://en.wikipedia.org/wiki/ABA_routing_transit_number",
    ),
    Rule(
        label="BANK_ACCOUNT",
        name="account number",
        pattern=r"\b(?:account|acct|a/c|acc|checking|savings|cuenta(?: corriente)?|compte|konto"
        r"(?:nummer)?)\b\.?(?: (?:is|at|with) [\w ]{2,20}?)?" + IS + r"\K\d[\d -]{3,20}\d\b",
        score=NEEDS_CONTEXT,
        context=_BANK_WORDS,
        starts=(
            "account",
            "acct",
            "a/c",
            "acc",
            "checking",
            "savings",
            "cuenta",
            "compte",
            "konto",
        ),
        digits=5,
        source="bank details as they are given in mail",
    ),
    Rule(
        label="BANK_ACCOUNT",
        name="CLABE",
        pattern=r"(?<!\d)\d{18}(?!\d)|\bclabe\b" + IS + r"\K\d(?:[ -]?\d){16,18}\b",
        score=NEEDS_CONTEXT,
        context=("clabe", "interbancaria"),
        digits=17,
        source="https://en.wikipedia.org/wiki/CLABE",
    ),
    Rule(
        label="BANK_ACCOUNT",
        name="sort code",
        pattern=r"\bsort(?:ing)?(?:\s?code)?\b" + IS + r"\K\d{2}[- ]?\d{2}[- ]?\d{2}\b",
        starts=("sort",),
        digits=6,
        source="https://en.wikipedia.org/wiki/Sort_code",
    ),
    Rule(
        label="BANK_ACCOUNT",
        name="Canadian transit number",
        pattern=r"\b(?:transit|institution|inst)" + IS + r"\K\d{3,5}(?:-\d{3})?\b",
        score=NEEDS_CONTEXT,
        context=("bank", "account", "deposit", "transit", "institution"),
        needs=("transit", "inst"),
        digits=3,
        source="https://en.wikipedia.org/wiki/Routing_number_(Canada)",
    ),
)
