"""What was paid in another currency, and at which rate, as a bank file states it."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Final

from flows.model import Exchange, Money

_DIGITS: Final = Context(prec=10)
_NEAR: Final = Decimal("0.1")


def stated(money: Money, amount: Decimal, rate: Decimal | None) -> Exchange:
    """Return *money* as exchanged for *amount* of the account's currency.

    Banks write a rate either way round, and do not keep to the field that says which; the
    amounts show it. One that fits neither way is left out.
    """
    return Exchange(money=money, rate=_turned(money, amount, rate), stated_by="a bank file")


def _turned(money: Money, amount: Decimal, rate: Decimal | None) -> Decimal | None:
    if not rate or not money.amount or not amount:
        return None
    real = abs(amount / money.amount)
    other = _DIGITS.divide(Decimal(1), rate)
    nearest = min((rate, other), key=lambda each: abs(each / real - 1))
    return nearest if abs(nearest / real - 1) <= _NEAR else None
