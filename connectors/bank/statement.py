"""One statement of an account: what it lists, and whether its balances agree with that."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal

from connectors.bank.entries import Entry, Movement


@dataclass(slots=True)
class Statement:
    """A statement as it is read; `opening` and `closing` are booked balances, signed.

    `currency` is that of the account. `whole` is false for one page of several, whose
    balances are those of all pages.
    """

    file: str
    account: str = ""
    currency: str = ""
    number: str = ""
    made_at: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None
    whole: bool = True
    moved: Decimal = Decimal(0)
    sure: bool = True
    listed: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def book(self, amount: Decimal | None, currency: str | None) -> None:
        """Count an entry among what moved the balance; None for one that cannot be read."""
        if amount is None or currency != self.currency:
            self.sure = False
        else:
            self.moved += amount

    def apart(self, movement: Movement) -> Movement:
        """Return the movement with an id that no equal one of this statement has.

        A statement lists each movement once, so what it lists twice happened twice, even
        where a bank gives the members of a batch one id.
        """
        if not movement.bank_id:
            return movement
        text = movement.counterparty, movement.reference
        self.listed[*movement.identity, *text] += 1
        number = self.listed[*movement.identity, *text]
        return (
            movement
            if number == 1
            else replace(movement, bank_id=f"{movement.bank_id}#{number}")
        )

    def trouble(self) -> list[Entry]:
        """Return an entry `does_not_add_up` where the balances and the entries disagree.

        The entries are taken all the same: somebody has to ask the bank for a whole file.
        """
        if self.opening is None or self.closing is None or not (self.whole and self.sure):
            return []
        if self.opening + self.moved == self.closing:
            return []
        amounts = (str(self.opening), str(self.moved), str(self.closing))
        return [
            Entry(
                pointer=f"{self.file}: balances of statement {self.number or 'without number'}",
                reason="does_not_add_up",
                raw=("balances", self.account, self.number, *amounts),
            )
        ]
