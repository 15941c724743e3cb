"""What a transaction did: which invoices it pays, which payment it gives back, or a payout.

Sure is only what the transaction itself says: the number of the invoice, and an amount that
leaves nothing open. All else is put before a person with the reasons, and a pair of which a
person has said no once is never proposed again. The order of invoices changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from typing import Final

from flows.model import CleanTransaction, Exchange, Invoice, Money
from flows.money import plain
from flows.steps.references import is_weak, normalised
from flows.work.books import Books
from flows.work.payouts import find_payouts
from flows.work.settlement import Kind

_MOST_NAMED: Final = 30
"""Invoices that one payment pays at the most; of more, a person knows."""

_BOUNCED: Final = re.compile(
    r"\b(?:returned?|reversed?|bounced|unpaid|charge\s?back|nsf|insufficient|r[0-3]\d"
    r"|r[u\u00fc]cklastschrift|retoure|devuelto|devoluci[o\u00f3]n|impagado|rejet|impay[e\u00e9]"
    r"|gestorneerd|storno)\b",
    re.IGNORECASE,
)
"""Words of banks for a payment that did not stay."""

_ALIKE: Final = 90
"""Likeness of two names of a firm, of 100, from which they are taken for one."""

_MOST_TOGETHER: Final = 12
"""Invoices of one party of which sums are tried; more have equal sums by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What counts as near: days around an invoice's dates, and what may be missing.

    With *parts*, a payment of less that names an invoice pays a part of it, sure.
    """

    days: int = 60
    tolerance: Decimal = Decimal(0)
    parts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What of a transaction goes to an invoice, in its currency; see `Allocation`."""

    invoice: Invoice
    amount: Decimal
    deducted: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One thing that a transaction may be; sure where there is no reason to doubt it."""

    kind: Kind
    shares: tuple[Share, ...] = ()
    payout: CleanTransaction | None = None
    exchange: Exchange | None = None
    reasons: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Return whether nobody has to be asked."""
        return not self.reasons


def find(
    transaction: CleanTransaction, text: str, books: Books, rules: Rules
) -> list[Proposal]:
    """Return what *transaction* may be, the likeliest first.

    *text* is its reference without stand-ins. If the first is sure, it is alone. Empty where
    nothing fits, and for what pays no invoice by its kind: fees, and a payout as its
    processor tells it.
    """
    if transaction.money.amount == 0 or transaction.kind in ("fee", "payout"):
        return []
    named = [
        invoice
        for invoice in books.named_in(text, transaction.id)
        if transaction.id not in invoice.refused
    ]
    charged_back = transaction.kind == "charge" and transaction.money.amount < 0
    if transaction.kind in ("refund", "dispute") or charged_back:
        return _given_back(transaction, named, books)
    found = [
        Proposal(kind="payout", payout=payout, reasons=reasons)
        for payout, reasons in find_payouts(transaction, books.payouts)
    ]
    payments = _payments(transaction, named, books, rules)
    back = _sent_back(transaction, text, named)
    if found and found[0].sure and not any(each.sure for each in payments):
        return found[:1]
    if payments and payments[0].sure and not found and not back:
        return payments[:1]
    # Money for one thing may be money back for another, or a payout: a person has to say.
    return _doubted([*found, *payments, *back])


def _payments(
    transaction: CleanTransaction, named: Sequence[Invoice], books: Books, rules: Rules
) -> list[Proposal]:
    wanted = "receivable" if transaction.money.amount > 0 else "payable"
    open_ones = [
        each for each in named if each.direction == wanted and each.unmatched.amount > 0
    ]
    strong = [each for each in open_ones if not is_weak(each.number)]
    if len(strong) > _MOST_NAMED:
        return []
    if strong:
        return _for_named(transaction, strong, rules)
    money = Money(amount=abs(transaction.money.amount), currency=transaction.money.currency)
    payment = _Payment(transaction, money.currency)
    weak = [
        payment.pays(each, "the invoice's number is too short to be sure that it is meant")
        for each in open_ones
        if each.unmatched == money
    ]
    taken = {share.invoice.id for proposal in weak for share in proposal.shares}
    return _asked([*weak, *_for_amount(transaction, wanted, books, rules, taken)])


class _Payment:
    """A transaction as something that pays invoices of one currency.

    `worth` is what it comes to in that currency; None where nobody states a rate.
    """

    def __init__(self, transaction: CleanTransaction, currency: str) -> None:
        self.worth: Decimal | None = None
        self.exchange = None
        paid, exchange = transaction.money, transaction.exchange
        if currency == paid.currency:
            self.worth = abs(paid.amount)
        elif exchange is not None and exchange.money.currency == currency:
            self.worth, self.exchange = abs(exchange.money.amount), exchange

    def pays(self, invoice: Invoice, *reasons: str) -> Proposal:
        """Return that it pays all that is owed of one invoice."""
        return self.pays_all([invoice], *reasons)

    def pays_all(
        self, invoices: Sequence[Invoice], *reasons: str, off: Decimal = Decimal(0)
    ) -> Proposal:
        """Return that it pays all that is owed of these, with *off* kept of the last."""
        shares = [Share(invoice=each, amount=each.unmatched.amount) for each in invoices]
        last = shares[-1]
        shares[-1] = replace(last, amount=last.amount - off, deducted=max(off, Decimal(0)))
        return self.proposal(shares, *reasons)

    def proposal(self, shares: Sequence[Share], *reasons: str) -> Proposal:
        """Return the payment of *shares*."""
        return Proposal(
            kind="payment", shares=tuple(shares), exchange=self.exchange, reasons=reasons
        )


def _for_named(
    transaction: CleanTransaction, named: Sequence[Invoice], rules: Rules
) -> list[Proposal]:
    """Return what a payment may be whose reference names these open invoices."""
    currencies = {each.money.currency for each in named}
    payment = _Payment(transaction, named[0].money.currency)
    if len(currencies) > 1 or payment.worth is None:
        reason = "the currency is another, and no rate is stated"
        return _asked([payment.pays(each, reason) for each in named])
    if len(named) == 1:
        return [_for_one(payment, payment.worth, named[0], rules)]
    numbers = [normalised(each.number) for each in named]
    total = sum((each.unmatched.amount for each in named), Decimal(0))
    off = total - payment.worth
    kept = abs(off) <= rules.tolerance and off < _oldest_first(named)[-1].unmatched.amount
    if len(set(numbers)) == len(numbers) and kept:
        return [payment.pays_all(_oldest_first(named), off=off)]
    alone = [each for each in named if each.unmatched.amount == payment.worth]
    if alone or len(set(numbers)) < len(numbers):
        each_alone = [_for_one(payment, payment.worth, each, rules) for each in alone or named]
        return _asked(each_alone, several=len(named))
    if off < 0:
        reason = f"it pays {_text(-off, named[0])} more than is owed"
        return [payment.pays_all(_oldest_first(named), reason)]
    reason = f"it pays {_text(off, named[0])} less than is owed, the oldest first"
    return [payment.proposal(_spread(payment.worth, _oldest_first(named)), reason)]


def _for_one(payment: _Payment, worth: Decimal, invoice: Invoice, rules: Rules) -> Proposal:
    off = invoice.unmatched.amount - worth
    if abs(off) <= rules.tolerance and off < invoice.unmatched.amount:
        return payment.pays_all([invoice], off=off)
    if off > 0:
        reason = (
            f"it pays {_text(worth, invoice)} of {_text(invoice.unmatched.amount, invoice)}"
        )
        return payment.proposal(
            [Share(invoice=invoice, amount=worth)], *(() if rules.parts else (reason,))
        )
    return payment.pays(invoice, f"it pays {_text(-off, invoice)} more than is owed")


def _for_amount(
    transaction: CleanTransaction,
    wanted: str,
    books: Books,
    rules: Rules,
    taken: set[str],
) -> list[Proposal]:
    """Return which open invoices have the amount, alone or as several of one party."""
    exchange = transaction.exchange
    worths = [transaction.money] + ([exchange.money] if exchange else [])
    found: list[tuple[bool, Proposal]] = []
    for worth in worths:
        money = Money(amount=abs(worth.amount), currency=worth.currency)
        payment = _Payment(transaction, money.currency)
        for invoice in books.owing(money, transaction.id):
            free = invoice.id not in taken and transaction.id not in invoice.refused
            if invoice.direction == wanted and free and _near(transaction, invoice, rules.days):
                known = _same_firm(transaction.counterparty, invoice.party)
                who = "who pays and " if known else ""
                reason = (
                    f"{who}the amount is right, but the reference does not name the invoice"
                )
                found.append((not known, payment.pays(invoice, reason)))
    found.sort(key=lambda each: (each[0], each[1].shares[0].invoice.id))
    return [each for _, each in found] or _together(transaction, wanted, books, rules)


def _together(
    transaction: CleanTransaction, wanted: str, books: Books, rules: Rules
) -> list[Proposal]:
    """Return the one set of invoices of the payer that comes to the amount, if it is one."""
    if not transaction.counterparty:
        return []
    owed = [
        invoice
        for invoice in books
        if invoice.direction == wanted
        and invoice.unmatched.amount > 0
        and invoice.unmatched.currency == transaction.money.currency
        and transaction.id not in invoice.refused
        and _same_firm(transaction.counterparty, invoice.party)
        and _near(transaction, invoice, rules.days)
    ]
    if not 1 < len(owed) <= _MOST_TOGETHER:
        return []
    sums = [
        chosen
        for size in range(2, len(owed) + 1)
        for chosen in combinations(_oldest_first(owed), size)
        if sum(each.unmatched.amount for each in chosen) == abs(transaction.money.amount)
    ]
    if len(sums) != 1:
        return []
    reason = f"{len(sums[0])} invoices of the payer come to the amount; none is named"
    return [_Payment(transaction, transaction.money.currency).pays_all(sums[0], reason)]


def _given_back(
    transaction: CleanTransaction, named: Sequence[Invoice], books: Books
) -> list[Proposal]:
    """Return of which paid invoice a processor's refund or dispute is."""
    kind: Kind = "dispute" if transaction.kind == "dispute" else "refund"
    amount = transaction.money.amount

    def fits(invoice: Invoice) -> bool:
        # Positive: a refund that failed, or a dispute that was won.
        gone = sum(each.amount for each in invoice.allocations if each.kind == kind)
        left = invoice.paid - invoice.refunded if amount < 0 else -gone
        same = invoice.money.currency == transaction.money.currency
        return same and invoice.direction == "receivable" and left >= abs(amount)

    strong = [each for each in named if fits(each) and not is_weak(each.number)]
    found = [
        Proposal(kind=kind, shares=(Share(invoice=each, amount=amount),)) for each in strong
    ]
    if len(found) == 1:
        return found
    if not found and amount < 0:
        reason = "an invoice of this amount was paid, but it is not named"
        found = [
            Proposal(kind=kind, shares=(Share(invoice=each, amount=amount),), reasons=(reason,))
            for each in sorted(books, key=lambda invoice: invoice.id)
            if fits(each) and each.paid == -amount and transaction.id not in each.refused
        ]
    return _asked(found)


def _sent_back(
    transaction: CleanTransaction, text: str, named: Sequence[Invoice]
) -> list[Proposal]:
    """Return the paid invoices whose payment comes back, or is given back."""
    amount = abs(transaction.money.amount)
    direction = "payable" if transaction.money.amount > 0 else "receivable"
    bounced = _BOUNCED.search(text) is not None
    kind: Kind = "dispute" if bounced else "refund"
    reason = "it goes the other way, as if money were given back"
    if bounced:
        reason = "the bank says that the payment came back: the invoice is owed again"
    return _asked(
        [
            Proposal(
                kind=kind, shares=(Share(invoice=each, amount=-amount),), reasons=(reason,)
            )
            for each in named
            if each.direction == direction
            and each.money.currency == transaction.money.currency
            and each.paid - each.refunded >= amount
            and not is_weak(each.number)
        ]
    )


def _asked(proposals: Sequence[Proposal], several: int = 0) -> list[Proposal]:
    """Return the proposals as questions: of several none is sure."""
    count = several or len(proposals)
    if count <= 1:
        return [*proposals]
    reason = f"{count} open invoices could be meant"
    return [replace(each, reasons=(*each.reasons, reason)) for each in proposals]


def _doubted(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Return proposals of several kinds, of which none can be sure beside the others."""
    reason = "it may be something else as well"
    several = len(proposals) > 1
    return [
        replace(each, reasons=(reason,)) if several and each.sure else each
        for each in sorted(proposals, key=lambda each: not each.sure)
    ]


def _spread(worth: Decimal, invoices: Sequence[Invoice]) -> list[Share]:
    shares: list[Share] = []
    for each in invoices:
        amount = min(each.unmatched.amount, worth)
        if amount > 0:
            shares.append(Share(invoice=each, amount=amount))
            worth -= amount
    return shares


def _oldest_first(invoices: Sequence[Invoice]) -> list[Invoice]:
    return sorted(
        invoices, key=lambda each: (str(each.issued_on or each.due_on or ""), each.id)
    )


def _near(transaction: CleanTransaction, invoice: Invoice, days: int) -> bool:
    dates = [day for day in (invoice.issued_on, invoice.due_on) if day is not None]
    return not dates or min(abs((transaction.booked_on - day).days) for day in dates) <= days


def _same_firm(one: str, other: str) -> bool:
    if not (one and other):
        return False
    from rapidfuzz import fuzz  # noqa: PLC0415 - validating a file needs no names
    from rapidfuzz.utils import default_process  # noqa: PLC0415 - as above

    return fuzz.token_sort_ratio(one, other, processor=default_process) >= _ALIKE


def _text(amount: Decimal, invoice: Invoice) -> str:
    return plain(Money(amount=amount, currency=invoice.money.currency))
