"""Whether a mail gives new bank details, and which accounts it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from anonymizer.text.identifiers import ibans
from flows.model import Message

LONGEST: Final = 50_000
"""Characters of each text that are read."""

MOST_ACCOUNTS: Final = 20

_ACCOUNT: Final = (
    r"(?:bank(?:ing)?[ -]?(?:account|details?|information|info|data|coordinates)|"
    r"(?:account|payment|remittance|wire|ach|transfer) (?:details|information|instructions)|"
    r"(?:beneficiary|receiving|settlement) account|iban|routing number|sort code|"
    r"datos bancarios|cuenta bancaria|número de cuenta|numero de cuenta|cuenta (?:nueva)|"
    r"coordonnées bancaires|coordonnees bancaires|compte bancaire|\brib\b|"
    r"bankverbindung|bankdaten|kontoverbindung|bankkonto|kontonummer|kontodaten)"
)
_NEW: Final = (
    r"(?:new|chang(?:e|es|ed|ing)|updat(?:e|ed|ing)|switch(?:ed|ing)|mov(?:ed|ing)|replac\w+|"
    r"different|nuev[oa]s?|cambi\w+|actualiz\w+|modific\w+|nouve(?:au|lle)s?|nouvel|chang\w+|"
    r"modifi\w+|neue[nrsm]?|geändert\w*|geaendert\w*|ändert|änder(?:n|ung)\w*|aktualisier\w+|"
    r"gewechselt)"
)
# Within one sentence, in either order.
_CHANGED = re.compile(
    rf"\b{_NEW}\b[^.!?\n]{{0,80}}?{_ACCOUNT}|{_ACCOUNT}[^.!?\n]{{0,80}}?\b{_NEW}\b|"
    r"\bnew (?:bank|account (?:no|number|#|\d))|\bnuevo banco\b|\bnouvelle banque\b|"
    r"\bneue bank\b|\bneues konto\b|\bnueva cuenta\b|\bnouveau compte\b",
    re.IGNORECASE,
)
_NEEDED: Final = (
    "account", "banc", "bank", "banque", "compte", "cuenta", "details", "iban", "information",
    "instructions", "konto", "rib", "routing number", "sort code",
)  # fmt: skip
"""Without one of these no phrase of `_CHANGED` stands there; to look costs next to nothing."""

_UNCHANGED = re.compile(
    r"\b(?:not|never|no|unchanged|nicht|unverändert|sin cambios|inchangé\w*|pas)\b",
    re.IGNORECASE,
)
# Written without IGNORECASE, it passes over what is no letter at once; the last four are what
# `re` takes for I, K and S otherwise.
_LETTER: Final = "A-Za-z\u0130\u0131\u017f\u212a"
_IBAN = re.compile(rf"[{_LETTER}][{_LETTER}]\d{{2}}(?<=\b....)(?:[ -]?[{_LETTER}0-9]){{11,30}}")
_NUMBER = re.compile(r"\d\d{7}")
"""Without one there is no account of the United States or the United Kingdom."""

_US = re.compile(
    r"\b(?:routing|aba|rtn)\b\D{0,25}(\d{9})\b[^\d]{0,60}?(?:account|acct)\D{0,20}(\d{5,17})\b",
    re.IGNORECASE,
)
_UK = re.compile(
    r"\bsort code\b\D{0,15}(\d\d[- ]?\d\d[- ]?\d\d)\b\D{0,60}?(\d{8})\b", re.IGNORECASE
)


def speaks_of_change(message: Message) -> bool:
    """Return whether its new text, its subject or an attachment tells of new bank details.

    That they have not changed is what honest firms write, and forgers to be believed: a
    sentence that says so does not count, an account that differs does.
    """
    texts = (message.subject, message.new_text, *(each.text for each in message.attachments))
    return any(_speaks(text[:LONGEST]) for text in texts)


def accounts_in(message: Message) -> tuple[str, ...]:
    """Return the bank accounts that it names, without blanks, sorted; 20 at most."""
    texts = (message.text, *(each.text for each in message.attachments))
    found = {account for text in texts for account in accounts_of(text[:LONGEST])}
    found |= {
        account.value
        for each in message.attachments
        if each.invoice is not None
        for account in each.invoice.accounts
    }
    return tuple(sorted(found)[:MOST_ACCOUNTS])


def _speaks(text: str) -> bool:
    small = text.lower()
    if not any(word in small for word in _NEEDED):
        return False
    flat = re.sub(r"(?<![.!?:])[ \t]*\r?\n(?!\s*\n)", " ", text)  # sentences go over lines
    return any(not _UNCHANGED.search(each[0]) for each in _CHANGED.finditer(flat))


def accounts_of(text: str) -> Iterator[str]:
    """Yield the bank accounts that *text* names, without blanks, in capitals."""
    for run in _IBAN.finditer(text):
        for _, end in ibans(run[0]):
            yield _bare([run[0][:end]])
    for pattern in (_US, _UK) if _NUMBER.search(text) else ():
        for found in pattern.finditer(text):
            yield _bare(found.groups())


def _bare(parts: Iterable[str]) -> str:
    return "/".join(re.sub(r"[^A-Z0-9]", "", part.upper()) for part in parts)
