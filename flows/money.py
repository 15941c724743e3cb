"""Amounts brought to what their currency divides into."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from flows.currencies import minor_units
from flows.model import Money

_ANY_SIZE: Final = Context(prec=200)


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
