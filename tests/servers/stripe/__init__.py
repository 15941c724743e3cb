"""A stand-in for Stripe's interface that refuses what Stripe refuses.

Every object that it gives is made and checked by the types of Stripe's own library, which are
generated from Stripe's OpenAPI description.
"""

from tests.servers.stripe.account import Account
from tests.servers.stripe.server import StripeServer

__all__ = ["Account", "StripeServer"]
