"""Which movement on a bank account is a payout of a payment processor arriving."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from flows.model import CleanTransaction
from flows.work.books import Payout

EARLY: Final = timedelta(days=2)
LATE: Final = timedelta(days=5)
"""How far around the day that a processor foretells the money is looked for."""

_WORDS: Final = re.compile(r"[^\W\d_]{5,}")


def find_payouts(
    transaction: CleanTransaction, payouts: Iterable[Payout]
) -> list[tuple[CleanTransaction, tuple[str, ...]]]:
    """Return the payouts that *transaction* may be, each with the reasons to doubt it.

    What leaves the processor's balance is what comes to the bank, to the cent, within days.
    Sure is the only one of its amount, where the movement bears a word of the payout's own
    (the processor's name, its statement descriptor). The nearest day comes first.
    """
    if transaction.kind != "movement":
        return []
    alike = [
        each.transaction
        for each in payouts
        if transaction.id not in each.refused and _may_be(transaction, each.transaction)
    ]
    alike.sort(key=lambda each: (abs(transaction.booked_on - each.booked_on), each.id))
    words = _words(f"{transaction.counterparty} {transaction.reference}")
    found: list[tuple[CleanTransaction, tuple[str, ...]]] = []
    for payout in alike:
        reasons = []
        if len(alike) > 1:
            reasons.append(f"{len(alike)} payouts of this amount could be meant")
        if not words & _words(f"{payout.source} {payout.reference}"):
            reasons.append("a payout of this amount was due, but nothing in the words says so")
        found.append((payout, tuple(reasons)))
    return found


def _may_be(transaction: CleanTransaction, payout: CleanTransaction) -> bool:
    return (
        payout.source != transaction.source
        and payout.money.currency == transaction.money.currency
        and payout.money.amount == -transaction.money.amount
        and -EARLY <= transaction.booked_on - payout.booked_on <= LATE
    )


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORDS.findall(text)} - {
        "payout",
        "transfer",
        "payment",
    }
