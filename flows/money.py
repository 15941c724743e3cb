"""How finely each currency divides, and amounts brought to that.

Source: ISO 4217, list one, column "minor unit".
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from flows.model import Money

USUAL: Final = 2

_ANY_SIZE: Final = Context(prec=200)

MINOR_UNITS: Final = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
"""Decimals of the currencies that have not two."""


def minor_units(currency: str) -> int:
    """Return how many decimals amounts in *currency* have: 2, but 0 for JPY and 3 for KWD."""
    return MINOR_UNITS.get(currency, USUAL)


def rounded(money: Money) -> Money:
    """Return *money* to its currency's smallest unit; a half goes away from zero.

    As invoices and banks round: 0.125 USD is 0.13, -0.125 is -0.13, 0.5 JPY is 1.
    """
    step = Decimal(1).scaleb(-minor_units(money.currency))
    exact = money.amount.quantize(step, rounding=ROUND_HALF_UP, context=_ANY_SIZE)
    return Money(amount=exact, currency=money.currency)


def is_exact(money: Money) -> bool:
    """Return whether *money* can be paid: it is no finer than its currency divides."""
    return rounded(money).amount == money.amount


def plain(money: Money) -> str:
    """Return `480.00 USD`, `1000 JPY`: all decimals, a point, no thousands mark."""
    exact = rounded(money)
    return f"{exact.amount:f} {exact.currency}"
