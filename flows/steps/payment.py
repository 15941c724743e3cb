"""`payment.match`: what a transaction pays or gives back; what is not sure is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final

from pydantic import Field, JsonValue, Strict, field_validator

from flows.language.kinds import TEXT, one_of
from flows.language.node import Node
from flows.model import CleanTransaction, Money
from flows.money import plain
from flows.steps.clean_text import readable
from flows.steps.contract import Draft, Step, StepContext, StepResult
from flows.work.matching import Proposal, Rules, Share, find
from flows.work.settlement import Claim, ClaimedShare

_MOST: Final = 5
"""Candidates put before a person; a longer list decides nothing."""


class Options(Node):
    """Finds the open invoices that a transaction pays, or what else it is.

    That is: the payment that it gives back, or the payout that arrives with it.
    Sure is only: the numbers of invoices in the reference, of all that is open of them the
    amount to the cent, or a payout that its processor has told of. Everything less is proposed
    to the owner with the reasons, one proposal for each candidate. Money in pays what
    customers owe, money out what the business owes. `jigajob books undo` takes a match back.
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
    parts: Annotated[bool, Strict()] = Field(
        default=False,
        description="true: less than is owed, with the number right, pays a part unasked.",
    )

    @field_validator("tolerance")
    @classmethod
    def _amount(cls, value: str) -> str:
        try:
            amount = Decimal(value)
        except InvalidOperation:
            amount = Decimal(-1)
        if not amount.is_finite() or amount < 0:
            raise ValueError("write 0 or an amount above it, such as 0.50")
        return value


def run(context: StepContext, options: Options) -> StepResult:
    """Propose the match, or proposals; values say `matched`, `proposed` or `unmatched`.

    What pays no invoice by its kind (a processor's fee, its payout) is `none`.
    """
    transaction = context.transaction
    if transaction is None or transaction.kind in ("fee", "payout"):
        return _nothing("none", "")
    rules = Rules(days=options.days, tolerance=Decimal(options.tolerance), parts=options.parts)
    found = find(transaction, readable(transaction.reference), context.books, rules)
    if not found:
        return _nothing("unmatched", "no open invoice has this number or amount")
    status = "matched" if found[0].sure else "proposed"
    numbers = [share.invoice.number for share in found[0].shares] if len(found) == 1 else []
    reasons = found[0].reasons if len(found) == 1 else found[0].reasons[-1:]
    return StepResult(
        values={
            "status": status,
            "kind": found[0].kind,
            "invoice": ", ".join(numbers),
            "reason": "; ".join(reasons),
        },
        outputs=tuple(_draft(status, transaction, each) for each in found[:_MOST]),
    )


def _nothing(status: str, reason: str) -> StepResult:
    values: dict[str, JsonValue] = {"kind": "", "invoice": "", "reason": reason}
    return StepResult(values={"status": status, **values})


def _draft(status: str, transaction: CleanTransaction, proposal: Proposal) -> Draft:
    claim = Claim(
        kind=proposal.kind,
        transaction=transaction.id,
        money=transaction.money,
        booked_on=transaction.booked_on,
        shares=tuple(_claimed(each) for each in proposal.shares),
        payout=proposal.payout.id if proposal.payout else "",
        exchange=proposal.exchange,
    )
    body = claim.body() | {"status": status, "reasons": [*proposal.reasons]}
    named = [each.invoice for each in claim.shares] or [claim.payout]
    return Draft(
        body=body,
        summary=_summary(transaction, proposal),
        item=_item(named),
        approver="" if proposal.sure else "owner",
    )


def _claimed(share: Share) -> ClaimedShare:
    return ClaimedShare(
        invoice=share.invoice.id,
        number=share.invoice.number,
        amount=share.amount,
        deducted=share.deducted,
        owed=share.invoice.unmatched.amount,
        currency=share.invoice.money.currency,
    )


_SURE: Final = {
    "payment": "Payment of {paid} pays {what}",
    "refund": "Refund of {paid} is for {what}",
    "dispute": "Dispute over {paid} is about {what}",
    "payout": "Movement of {paid} is a payout arriving",
}
_ASKED: Final = {
    "payment": "Does the payment of {paid} pay {what}?",
    "refund": "Is {paid} money given back for {what}?",
    "dispute": "Is the dispute over {paid} about {what}?",
    "payout": "Is {paid} a payout arriving?",
}


def _summary(transaction: CleanTransaction, proposal: Proposal) -> str:
    paid = plain(
        Money(amount=abs(transaction.money.amount), currency=transaction.money.currency)
    )
    numbers = [each.invoice.number for each in proposal.shares]
    what = f"invoice{'s' * (len(numbers) > 1)} {', '.join(numbers)}"
    if proposal.sure:
        return _SURE[proposal.kind].format(paid=paid, what=what)
    asked = _ASKED[proposal.kind].format(paid=paid, what=what)
    return f"{asked} {'; '.join(proposal.reasons)}"


def _item(named: Sequence[str]) -> int:
    # What is matched with what keeps its output's id, however many others are open.
    seed = "\x1f".join(sorted(named))
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big")


STEP: Final = Step(
    uses="payment.match",
    summary="Matches a payment, a refund or a payout to what it is for.",
    options=Options,
    run=run,
    on=frozenset({"transaction"}),
    reads=frozenset({"transaction.counterparty"}),
    returns=lambda _: {
        "status": one_of("matched", "proposed", "unmatched", "none"),
        "kind": one_of(*_SURE, ""),
        **dict.fromkeys(("invoice", "reason"), TEXT),
    },
)
