"""The invoices of a business in memory, found by what payments tell of them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from anonymizer.text import checks
from flows.model import CleanTransaction, Invoice, Money
from flows.steps.references import spans_of

_TAIL: Final = 4
"""Last digits of a number by which it is looked up; all of it is compared then."""

LONGEST: Final = 500
"""Characters of a reference in which numbers are looked for; banks carry 140."""

_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?\b")
_NOT_NUMBERS: Final = re.compile(
    r"\b(?:19|20)\d\d-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./](?:19|20)?\d\d\b"
    r"|(?<![\d-])\d{1,3}(?:[ ,.']\d{3})*[.,]\d\d(?![\d.,]*\d)"
)
"""What stands in references and numbers no invoice: days and amounts."""

_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Payout:
    """A payout as its processor tells it, and the movements of which a person said no."""

    transaction: CleanTransaction
    refused: tuple[str, ...] = ()


class Books:
    """Invoices, paid or not, and the payouts of processors that no bank has shown yet.

    The order in which they come never matters. Not for use by two threads at once.
    """

    def __init__(
        self, invoices: Iterable[Invoice] = (), payouts: Iterable[Payout] = ()
    ) -> None:
        self._invoices: dict[str, Invoice] = {}
        self._by_tail: defaultdict[str, set[str]] = defaultdict(set)
        self._by_owed: defaultdict[tuple[str, Decimal], set[str]] = defaultdict(set)
        self._by_transaction: defaultdict[str, set[str]] = defaultdict(set)
        self._payouts = {each.transaction.id: each for each in payouts}
        for invoice in invoices:
            self.put(invoice)

    def __iter__(self) -> Iterator[Invoice]:
        return iter(self._invoices.values())

    @property
    def payouts(self) -> tuple[Payout, ...]:
        """Return the payouts that wait for their movement on a bank account."""
        return tuple(self._payouts.values())

    def put(self, invoice: Invoice) -> None:
        """Take in an invoice, in the place of what was known of it."""
        before = self._invoices.get(invoice.id)
        if before is not None:
            self._by_owed[_owed(before)].discard(before.id)
            for each in before.allocations:
                self._by_transaction[each.transaction].discard(before.id)
        self._invoices[invoice.id] = invoice
        if tail := _tail(_number(invoice)):
            self._by_tail[tail].add(invoice.id)
        self._by_owed[_owed(invoice)].add(invoice.id)
        for each in invoice.allocations:
            self._by_transaction[each.transaction].add(invoice.id)

    def arrived(self, payout: str) -> None:
        """Let go of a payout whose movement on a bank account is found."""
        self._payouts.pop(payout, None)

    def named_in(self, text: str, transaction: str) -> list[Invoice]:
        """Return the invoices whose number *text* writes, as `before` has them.

        A number within a longer one's does not count.
        """
        text = _NOT_NUMBERS.sub(" ", _IBAN.sub(_without_account, text[:LONGEST]))
        runs = _DIGITS.findall(text)
        tails = {run[-size:] for run in runs for size in range(1, _TAIL + 1)}
        ids = sorted(set().union(*(self._by_tail.get(tail, ()) for tail in tails)))
        by_number: defaultdict[str, list[str]] = defaultdict(list)
        for each in ids:
            by_number[_number(self._invoices[each])].append(each)
        spans = {number: spans_of(number, text) for number in by_number}
        outer = _outermost([span for found in spans.values() for span in found])
        named = [
            each
            for number, found in spans.items()
            if any(span in outer for span in found)
            for each in by_number[number]
        ]
        return [before(self._invoices[each], transaction) for each in sorted(named)]

    def owing(self, money: Money, transaction: str) -> list[Invoice]:
        """Return the invoices of which exactly *money* is owed, as `before` has them."""
        ids = {*self._by_owed.get((money.currency, money.amount), ())}
        own = self._by_transaction.get(transaction, set())
        found = [before(self._invoices[each], transaction) for each in sorted(ids | own)]
        return [each for each in found if each.unmatched == money]


def _without_account(found: re.Match[str]) -> str:
    """Return a blank for an account's number, and what only looks like one as it is."""
    return " " if checks.iban(found[0]) else found[0]


def _outermost(spans: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the stretches that lie within no longer one."""
    found: set[tuple[int, int]] = set()
    reached = -1
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if end > reached:
            found.add((start, end))
            reached = end
    return found


def before(invoice: Invoice, transaction: str) -> Invoice:
    """Return the invoice as it would be without what *transaction* did to it.

    A payment that is looked at once more so finds what it found the first time.
    """
    if all(each.transaction != transaction for each in invoice.allocations):
        return invoice
    kept = tuple(each for each in invoice.allocations if each.transaction != transaction)
    return replace(invoice, allocations=kept)


def _owed(invoice: Invoice) -> tuple[str, Decimal]:
    return invoice.unmatched.currency, invoice.unmatched.amount


def _number(invoice: Invoice) -> str:
    return unicodedata.normalize("NFKC", invoice.number)


def _tail(number: str) -> str:
    runs = _DIGITS.findall(number)
    return runs[-1][-_TAIL:] if runs else ""
