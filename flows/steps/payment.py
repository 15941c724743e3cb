"""`payment.match`: which invoice a movement on the account pays; a near miss is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from pydantic import Field, JsonValue, field_validator

from flows.language.node import Node
from flows.model import CleanTransaction, Invoice
from flows.steps.clean_text import readable
from flows.steps.contract import Draft, Step, StepContext, StepResult
from flows.steps.references import is_weak, spans_of

_MOST: Final = 5
"""Candidates put before a person; a longer list decides nothing."""


class Options(Node):
    """Finds the open invoice that a transaction pays.

    Sure is only: the amount to the cent, and the invoice's number in the reference, of one
    invoice alone. Everything less is proposed to the owner with the reasons, one proposal
    for each candidate. Money in pays what customers owe, money out what the business owes.
    """

    days: int = Field(
        default=60,
        ge=1,
        le=3650,
        description="Without its number, an invoice counts only this near to the payment.",
    )
    tolerance: str = Field(
        default="0",
        description="How far the amount may be off if the number is right, e.g. 0.50 for fees.",
    )

    @field_validator("tolerance")
    @classmethod
    def _amount(cls, value: str) -> str:
        try:
            amount = Decimal(value)
        except InvalidOperation:
            amount = Decimal(-1)
        if not amount.is_finite() or amount < 0:
            raise ValueError("write an amount such as 0.50")
        return value


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An open invoice that a payment may be for, and why."""

    invoice: Invoice
    number: bool
    weak: bool
    amount: bool
    reasons: tuple[str, ...]

    @property
    def sure(self) -> bool:
        return self.number and self.amount and not self.weak


def run(context: StepContext, options: Options) -> StepResult:
    """Propose the match, or proposals; values say `matched`, `proposed` or `unmatched`."""
    transaction = context.transaction
    if transaction is None:
        return StepResult(values={"status": "unmatched", "invoice": "", "reason": ""})
    candidates = find_candidates(transaction, context.invoices, options)
    if not candidates:
        return StepResult(
            values={
                "status": "unmatched",
                "invoice": "",
                "reason": "no open invoice has this number or amount",
            }
        )
    named = [candidate for candidate in candidates if candidate.number]
    only = candidates[0]
    if only.sure and len(named) == 1:
        return _result("matched", transaction, [only], ())
    several = f"{len(candidates)} open invoices could be meant"
    shared = (several,) if len(candidates) > 1 else ()
    return _result("proposed", transaction, candidates[:_MOST], shared)


def find_candidates(
    transaction: CleanTransaction, invoices: Sequence[Invoice], options: Options
) -> list[_Candidate]:
    """Return the open invoices that the payment may be for, the likeliest first.

    The order of *invoices* does not matter. Invoices whose number the reference names leave
    no room for others that only have the amount.
    """
    direction = "receivable" if transaction.money.amount > 0 else "payable"
    unpaid = {
        invoice.id: invoice
        for invoice in invoices
        if invoice.direction == direction
        and invoice.paid_by in {"", transaction.id}
        and invoice.money.amount > 0
        and transaction.money.amount != 0
    }
    named = _named(readable(transaction.reference), list(unpaid.values()))
    found = [
        candidate
        for invoice in unpaid.values()
        if (candidate := _candidate(transaction, invoice, invoice.id in named, options))
    ]
    if any(candidate.sure or (candidate.number and not candidate.weak) for candidate in found):
        found = [candidate for candidate in found if candidate.number]
    found.sort(
        key=lambda each: (not each.sure, not each.number, not each.amount, each.invoice.id)
    )
    return found


def _named(reference: str, invoices: Sequence[Invoice]) -> set[str]:
    """Ids of the invoices whose number stands in *reference*, not within a longer one's."""
    spans = [
        (span, invoice.id)
        for invoice in invoices
        for span in spans_of(readable(invoice.number), reference)
    ]
    return {
        invoice_id
        for (start, end), invoice_id in spans
        if not any(
            other_start <= start and end <= other_end and other_end - other_start > end - start
            for (other_start, other_end), _ in spans
        )
    }


def _candidate(
    transaction: CleanTransaction, invoice: Invoice, named: bool, options: Options
) -> _Candidate | None:
    same_currency = invoice.money.currency == transaction.money.currency
    off = abs(abs(transaction.money.amount) - invoice.money.amount)
    exact = same_currency and off == 0
    if not named and not (exact and _near(transaction, invoice, options.days)):
        return None
    weak = is_weak(invoice.number)
    reasons = []
    if not named:
        reasons.append("the amount is right, but the reference does not name the invoice")
    elif weak:
        reasons.append("the invoice's number is too short to be sure that it is meant")
    if not same_currency:
        reasons.append("the currency is another")
    elif off > 0:
        reasons.append(f"the amount differs by {off}")
    within = same_currency and off <= Decimal(options.tolerance)
    return _Candidate(invoice, named, weak, exact or (named and within), tuple(reasons))


def _near(transaction: CleanTransaction, invoice: Invoice, days: int) -> bool:
    dates = [day for day in (invoice.issued_on, invoice.due_on) if day is not None]
    return not dates or min(abs((transaction.booked_on - day).days) for day in dates) <= days


def _result(
    status: str,
    transaction: CleanTransaction,
    candidates: Sequence[_Candidate],
    shared: tuple[str, ...],
) -> StepResult:
    approver = "" if status == "matched" else "owner"
    drafts = tuple(
        _draft(status, transaction, candidate, shared, approver) for candidate in candidates
    )
    alone = candidates[0].invoice.number if len(candidates) == 1 else ""
    reasons = [*shared, *(candidates[0].reasons if len(candidates) == 1 else ())]
    return StepResult(
        values={"status": status, "invoice": alone, "reason": "; ".join(reasons)},
        outputs=drafts,
    )


def _draft(
    status: str,
    transaction: CleanTransaction,
    candidate: _Candidate,
    shared: tuple[str, ...],
    approver: str,
) -> Draft:
    invoice = candidate.invoice
    reasons = [*candidate.reasons, *shared]
    body: dict[str, JsonValue] = {
        "invoice": invoice.id,
        "number": invoice.number,
        "invoice_amount": str(invoice.money.amount),
        "transaction": transaction.id,
        "amount": str(abs(transaction.money.amount)),
        "currency": transaction.money.currency,
        "booked_on": transaction.booked_on.isoformat(),
        "status": status,
        "reasons": [*reasons],
    }
    paid = f"{abs(transaction.money.amount)} {transaction.money.currency}"
    if status == "matched":
        summary = f"Payment of {paid} pays invoice {invoice.number}"
    else:
        summary = f"Does the payment of {paid} pay invoice {invoice.number}? " + "; ".join(
            reasons
        )
    return Draft(body=body, summary=summary, item=_item(invoice.id), approver=approver)


def _item(invoice_id: str) -> int:
    # The pair of payment and invoice keeps its output's id, however many others are open.
    return int.from_bytes(hashlib.sha256(invoice_id.encode()).digest()[:4], "big")


STEP: Final = Step(
    uses="payment.match",
    summary="Matches a payment to an open invoice.",
    options=Options,
    run=run,
    on=frozenset({"transaction"}),
    returns=lambda _: frozenset({"status", "invoice", "reason"}),
)
