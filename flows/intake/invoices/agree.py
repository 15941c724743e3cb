"""Two readings of one invoice: what it states for programs and what people see of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flows.intake.invoices.reading import SURE, Found, InvoiceDocument, T

NUMBERS: Final = "its XML and its page have different numbers"
TOTALS: Final = "its XML and its page have different totals"
CURRENCIES: Final = "its XML and its page have different currencies"
ACCOUNTS: Final = "its XML and its page name different bank accounts"


def agreed(stated: InvoiceDocument, seen: InvoiceDocument | None) -> InvoiceDocument:
    """Return *stated* with what only *seen* tells, and a doubt for each thing they differ in.

    People pay by what they see, programs by what is stated: an invoice that tells each
    another thing is a trick or a mistake. Doubts of *seen* itself do not count.
    """
    if seen is None:
        return stated
    doubts = list(stated.doubts)
    if _differ(_number(stated.number), _number(seen.number)):
        doubts.append(NUMBERS)
    if _differ(stated.gross, seen.gross):
        doubts.append(TOTALS)
    if _differ(stated.currency, seen.currency):
        doubts.append(CURRENCIES)
    ours = {account.value for account in stated.accounts}
    theirs = {account.value for account in seen.accounts}
    # A second account in the XML is one that nobody sees.
    if ours and theirs and not ours <= theirs:
        doubts.append(ACCOUNTS)
    more = tuple(account for account in seen.accounts if account.value not in ours)
    return replace(
        stated,
        due=stated.due or seen.due,
        accounts=(*stated.accounts, *more),
        doubts=tuple(doubts),
    )


def _differ(stated: Found[T] | None, seen: Found[T] | None) -> bool:
    """Return whether both tell, and not the same; what may be misread does not count."""
    if stated is None or seen is None or seen.confidence < SURE:
        return False
    return stated.value != seen.value


def _number(found: Found[str] | None) -> Found[str] | None:
    if found is None:
        return None
    return replace(found, value="".join(c for c in found.value.upper() if c.isalnum()))
