"""What is owed, by whom and since when; and which invoices have become overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from flows.model import Invoice

Age = Literal["not due", "1-30", "31-60", "61-90", "over 90", "no due date"]

AGES: Final[tuple[Age, ...]] = (
    *("not due", "1-30", "31-60", "61-90", "over 90", "no due date"),
)
"""The columns of an ageing report: days past the due date."""

_UP_TO: Final[Sequence[tuple[int, Age]]] = (
    (0, "not due"),
    (30, "1-30"),
    (60, "31-60"),
    (90, "61-90"),
)


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice of which something is owed; `days` past its due date, None without one.

    On the due date itself it is 0, before it negative.
    """

    invoice: Invoice
    days: int | None

    @property
    def age(self) -> Age:
        """Return the column of an ageing report in which it stands."""
        if self.days is None:
            return "no due date"
        return next((age for limit, age in _UP_TO if self.days <= limit), "over 90")


def ageing(invoices: Iterable[Invoice], today: date) -> list[Owed]:
    """Return what is owed, the longest overdue first, then what has no due date."""
    owed = [
        Owed(each, (today - each.due_on).days if each.due_on else None)
        for each in invoices
        if each.state in ("open", "part")
    ]
    return sorted(owed, key=_longest_first)


def _longest_first(owed: Owed) -> tuple[bool, int, str]:
    return owed.days is None, -(owed.days or 0), owed.invoice.number


def totals(owed: Iterable[Owed]) -> Mapping[tuple[str, str], Mapping[Age, Decimal]]:
    """Return the sum of each age, by direction and currency, in their order."""
    sums: defaultdict[tuple[str, str], dict[Age, Decimal]] = defaultdict(
        lambda: dict.fromkeys(AGES, Decimal(0))
    )
    for each in owed:
        money = each.invoice.owed
        sums[each.invoice.direction, money.currency][each.age] += money.amount
    return dict(sorted(sums.items(), reverse=True))
