"""Stripe: what customers paid by card or debit, what Stripe kept, and what it paid out."""

from __future__ import annotations

from connectors.stripe.api import Api
from connectors.stripe.source import StripeAccount

__all__ = ["Api", "StripeAccount"]
