"""Amounts as Stripe's interface writes them, as money."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from flows.model import Money

_DECIMALS: Final = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA"), 0),
    **dict.fromkeys(("PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
}
"""Decimals of an amount where they are not two.

Not those of ISO 4217: ISK and UGX, which have none there, are written with two here.

Source: https://docs.stripe.com/currencies (minor units, special cases)
"""


def money(amount: int, currency: str) -> Money:
    """Return what *amount*, in the smallest unit that Stripe has of *currency*, is.

    Raises:
        ValueError: The currency is none.
    """
    code = currency.upper()
    if len(code) != 3:  # noqa: PLR2004 - as ISO 4217 has them
        raise ValueError("an amount without its currency")
    return Money(amount=Decimal(amount).scaleb(-_DECIMALS.get(code, 2)), currency=code)
