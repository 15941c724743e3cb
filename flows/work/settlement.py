"""A transaction and what it is matched with, and how an output says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from pydantic import JsonValue, TypeAdapter, ValidationError

from flows.errors import OperatorError
from flows.model import AllocationKind, Exchange, Money, Output

Kind = Literal["payment", "refund", "dispute", "payout"]
"""What a transaction is: it does something to invoices, or it is a payout that arrives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedShare:
    """What a transaction does to an invoice, as `Allocation`, and what was owed until then."""

    invoice: str
    number: str
    amount: Decimal
    deducted: Decimal
    owed: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What an output of `payment.match` says of a transaction: shares, or a payout's id."""

    kind: Kind
    transaction: str
    money: Money
    booked_on: date
    shares: tuple[ClaimedShare, ...] = ()
    payout: str = ""
    exchange: Exchange | None = None

    def body(self) -> dict[str, JsonValue]:
        """Return the claim as the body of an output."""
        body: dict[str, JsonValue] = _CLAIM.dump_python(self, mode="json")
        return body


_CLAIM: Final = TypeAdapter(Claim)


def claim_of(output: Output) -> Claim:
    """Return what an output of `payment.match` says.

    Raises:
        OperatorError: It does not say which payment pays which invoice.
    """
    names = Claim.__dataclass_fields__
    said: Mapping[str, JsonValue] = {
        name: value for name, value in output.body.items() if name in names
    }
    try:
        claim = _CLAIM.validate_python(said)
    except ValidationError:
        claim = None
    whole = claim is not None and (claim.kind == "payout") == bool(claim.payout)
    if claim is None or not whole or bool(claim.shares) == bool(claim.payout):
        raise OperatorError(
            f"match {output.id} does not say which payment pays which invoice",
            fix="reject it",
        )
    return claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One invoice that a transaction settles, or the payout that it is, by which output.

    `amount` and `deducted` are those of `Allocation`, in `currency`.
    """

    output: str
    kind: Kind
    invoice: str = ""
    number: str = ""
    amount: Decimal = Decimal(0)
    deducted: Decimal = Decimal(0)
    currency: str = ""
    payout: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A transaction and what it was matched with.

    `undone` are the outputs whose match a person has taken back.
    """

    transaction: str
    money: Money
    booked_on: date
    parts: tuple[Part, ...] = ()
    undone: tuple[str, ...] = ()

    @property
    def outputs(self) -> frozenset[str]:
        """Return the ids of the outputs that matched it."""
        return frozenset(part.output for part in self.parts)

    @property
    def left(self) -> Decimal:
        """Return how much of the transaction is matched with nothing yet; not negative."""
        if any(each.currency != self.money.currency for each in self.parts):
            return Decimal(0)  # a payout, or paid in another currency: it is that as a whole
        used = sum((abs(each.amount) for each in self.parts), Decimal(0))
        return max(abs(self.money.amount) - used, Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A payout, the transaction by which it came to the bank, and those that were refused."""

    payout: str
    transaction: str = ""
    refused: tuple[str, ...] = ()


def parts_of(claim: Claim, output: str) -> tuple[Part, ...]:
    """Return what an output's claim makes of its transaction."""
    if claim.payout:
        return (Part(output=output, kind="payout", payout=claim.payout),)
    return tuple(
        Part(
            output=output,
            kind=claim.kind,
            invoice=share.invoice,
            number=share.number,
            amount=share.amount,
            deducted=share.deducted,
            currency=share.currency,
        )
        for share in claim.shares
    )


def allocation_kind(kind: Kind) -> AllocationKind:
    """Return what a transaction of this kind does to an invoice."""
    if kind == "refund":
        return "refund"
    return "dispute" if kind == "dispute" else "payment"
