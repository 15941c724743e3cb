"""Numbers of invoices, orders and quotes: found in a text, and compared."""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = (
    r"invoices?|inv|bill|order|quote|quotation|estimate|work\s?order|job|purchase\s?order|p\.?o\.?"
    r"|factura|pedido|presupuesto|facture|commande|devis|rechnung|auftrag|angebot"
)
_SIGN: Final = (
    r"(?:\s?(?:number|num(?:ber)?\b\.?|no\b\.?|nr\b\.?|n\.?[\u00ba\u00b0o]\.?|n\u00famero|num\u00e9ro"
    r"|s?nummer|s?-?nr\b\.?|id\b|ref(?:erence)?\b\.?|#))"
)
# Letters, digits and the marks within them; a digit is asked for below.
_VALUE: Final = r"[A-Z0-9](?:[A-Z0-9]|[-/_.](?=[A-Z0-9])){0,29}"
_LABELLED: Final = re.compile(
    rf"\b(?P<word>{_WORDS}){_SIGN}{{1,2}}\s{{0,3}}[:#]?\s{{0,8}}(?P<value>{_VALUE})(?![\w])",
    re.IGNORECASE,
)
# Without "number" or "#" the digits have to be many: "order 20 bags" names no order.
_NAMED: Final = re.compile(
    r"\b(?P<word>invoice|order|quote|quotation|estimate|factura|pedido|presupuesto|facture"
    r"|commande|devis|rechnung|auftrag|angebot)\s{0,3}(?P<colon>:)?\s{0,3}"
    rf"(?P<value>{_VALUE})(?!\w|[.,]\d|\s?(?:[$€£%]|USD|EUR|GBP|CAD))",
    re.IGNORECASE,
)
_PREFIXED: Final = re.compile(
    r"(?<![A-Z0-9/-])(?P<value>"
    r"(?:(?:INV|ORD|PO|SO|WO|QUO|EST|FAC|FACT|RE|RG)[-#_/ ]?|(?:INVOICE|BILL|ORDER|QUOTE)[-_/])"
    r"(?:[A-Z]{0,4}[-/]?)(?:\d{1,6}[-/])?\d{2,12})(?![A-Z0-9]|[-/.]\d)"
)
_DATE: Final = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_MONEY: Final = re.compile(r"\d{1,7}[.,]\d{2}")


def read_references(text: str, *, words: str = "") -> list[str]:
    """Return the reference numbers in *text* as written, in order, each once.

    A number counts where a word says what it is (`invoice no. 1042`, `Rechnungsnummer 77`)
    or where its own letters do (`INV-1042`). *words* is a regular expression that the word
    or the letters must match, to ask for invoices only. Dates and amounts are never taken.
    """
    wanted = re.compile(words, re.IGNORECASE) if words else None
    found: list[tuple[int, str]] = []
    for pattern in (_LABELLED, _NAMED, _PREFIXED):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            value = match["value"].strip(" .-/_#")
            if wanted is not None and not wanted.match(groups.get("word") or value):
                continue
            if pattern is _NAMED and not _stands_alone(value, colon=bool(groups["colon"])):
                continue
            if _is_reference(value):
                found.append((match.start("value"), value))
    found.sort()
    unique: dict[str, str] = {}
    for _, value in found:
        unique.setdefault(normalised(value), value)
    return list(unique.values())


def _is_reference(value: str) -> bool:
    if not any(char.isdigit() for char in value):
        return False
    return not (_DATE.fullmatch(value) or _MONEY.fullmatch(value))


def _stands_alone(value: str, *, colon: bool) -> bool:
    """Whether the digits are many enough to be a number without being called one."""
    digits = sum(char.isdigit() for char in value)
    if not value.isdigit():
        return digits > 1
    # "order 500 tiles", and "date of invoice: 3 March"
    return digits > (2 if colon else 3) and not _YEAR.fullmatch(value)


def normalised(reference: str) -> str:
    """Return the letters and digits of *reference* in capitals: `inv 10-42` is `INV1042`."""
    return "".join(char for char in reference.upper() if char.isalnum())


def spans_of(reference: str, text: str) -> list[tuple[int, int]]:
    """Return where *text* names *reference*, whatever marks and spaces either is written with.

    Longer numbers do not contain shorter ones: `INV-104` is not found in `INV-1042`.
    """
    runs = re.findall(r"[^\W\d_]+|\d+", reference.upper())
    if not runs:
        return []
    body = r"[\W_]{0,3}".join(re.escape(run) for run in runs)
    before = r"(?<!\d)" if runs[0].isdigit() else r"(?<![^\W\d_])"
    after = r"(?!\d)" if runs[-1].isdigit() else r"(?![^\W\d_])"
    return [match.span() for match in re.finditer(before + body + after, text.upper())]


def is_weak(reference: str) -> bool:
    """Return whether *reference* is so short or plain that finding it proves little.

    `12` and `2026` stand in many references by chance; letters alone name no invoice.
    """
    plain = normalised(reference)
    if not any(char.isdigit() for char in plain) or len(plain) < 3:  # noqa: PLR2004 - see above
        return True
    return plain.isdigit() and (len(plain) == 3 or _YEAR.fullmatch(plain) is not None)  # noqa: PLR2004
