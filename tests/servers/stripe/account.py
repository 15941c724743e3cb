"""What a Stripe account holds: movements of its balance, what is behind them, and events."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import stripe

from tests.servers.stripe.types import made

Json = dict[str, Any]


@dataclass
class Account:
    """One account of the stand-in; times are seconds since 1970."""

    moved: list[Json] = field(default_factory=list)
    behind: dict[str, Json] = field(default_factory=dict)
    events: list[Json] = field(default_factory=list)
    _numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    def charge(self, at: int, amount: int, *, currency: str = "usd", **details: Any) -> Json:
        """Let a customer pay, and return the charge.

        `settled`, `rate`: amount and rate where the account is in `into`, another currency.
        """
        settled = details.pop("settled", amount)
        into, rate = details.pop("into", currency), details.pop("rate", None)
        fee, moved_at = details.pop("fee", 0), details.pop("moved_at", at)
        last4 = details.pop("last4", "4242")
        kind = stripe.Charge.PaymentMethodDetails
        charge = made(
            stripe.Charge,
            id=self._id("ch"),
            created=at,
            amount=amount,
            amount_captured=amount,
            currency=currency,
            captured=True,
            paid=True,
            status="succeeded",
            billing_details=made(
                stripe.Charge.BillingDetails, name="Ada Byron", email="ada@byron.example"
            ),
            payment_method_details=made(
                kind, type="card", card=made(kind.Card, last4=last4, exp_year=2031)
            ),
            **details,
        )
        moved = self.move(
            "charge", moved_at, settled, into, behind=charge, fee=fee, exchange_rate=rate
        )
        charge["balance_transaction"] = moved["id"]
        self.tell("charge.succeeded", charge, moved_at)
        return charge

    def refund(self, at: int, charge: Json, amount: int) -> Json:
        """Give a customer money back, and return the refund."""
        refund = made(
            stripe.Refund,
            id=self._id("re"),
            created=at,
            amount=amount,
            currency=charge["currency"],
            charge=charge["id"],
            status="succeeded",
        )
        moved = self.move("refund", at, -amount, charge["currency"], behind=refund)
        refund["balance_transaction"] = moved["id"]
        return refund

    def dispute(self, at: int, charge: Json, fee: int) -> Json:
        """Let a customer's bank take a charge back, and return the dispute."""
        dispute = made(
            stripe.Dispute,
            id=self._id("du"),
            created=at,
            amount=charge["amount"],
            currency=charge["currency"],
            charge=charge["id"],
            status="needs_response",
            balance_transactions=[],
        )
        moved = self.move(
            "adjustment",
            at,
            -charge["amount"],
            charge["currency"],
            behind=dispute,
            fee=fee,
            reporting_category="dispute",
        )
        dispute["balance_transactions"] = [moved | {"source": dispute["id"]}]
        self.tell("charge.dispute.funds_withdrawn", dispute, at)
        return dispute

    def payout(self, at: int, amount: int, *, arrives: int, currency: str = "usd") -> Json:
        """Pay the balance out to the bank, and return the payout."""
        payout = made(
            stripe.Payout,
            id=self._id("po"),
            created=at,
            arrival_date=arrives,
            amount=amount,
            currency=currency,
            status="paid",
            statement_descriptor="HUDSON",
        )
        moved = self.move("payout", at, -amount, currency, behind=payout)
        payout["balance_transaction"] = moved["id"]
        self.tell("payout.created", payout, at)
        return payout

    def move(
        self, kind: str, at: int, amount: int, currency: str, *, behind: Json, **details: Any
    ) -> Json:
        """Move the balance for what is *behind* it, and return the movement."""
        self.behind[behind["id"]] = behind
        fee = details.get("fee", 0)
        moved = made(
            stripe.BalanceTransaction,
            **{
                "id": self._id("txn"),
                "created": at,
                "available_on": at + 172_800,
                "amount": amount,
                "net": amount - fee,
                "currency": currency,
                "type": kind,
                "reporting_category": kind,
                "source": behind["id"],
                "status": "pending",
                **details,
            },
        )
        self.moved.append(moved)
        return moved

    def tell(self, kind: str, about: Json, at: int) -> None:
        """Make an event of what happened to an object."""
        self.events.append(
            made(
                stripe.Event,
                id=self._id("evt"),
                created=at,
                type=kind,
                data={"object": about},
            )
        )

    def _id(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers):014d}"
