"""One entry of a bank file, and what makes it the same movement in another file.

With an id of the bank (OFX FITID, a CSV's `id` column) the movement is account, id, day
and amount: banks do reuse their ids. Two entries of one file that agree in all four and
differ in text are two movements; entries that agree in text too are one, listed twice.

Without an id it is account, day, amount, currency, counterparty and reference, and its
number among equal rows of one file: two equal coffees on one day are two, and a second
file that covers the day again makes no third.

Statements of CAMT.053 and MT940 list each movement once: there, entries that agree in all
that they say are as many movements, with the bank's id or without.

What cannot be read is known by what stands there, and a whole file by its content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from flows.cells import tidy
from flows.model import Exchange, Money, Transaction

Form = Literal["camt", "ofx", "mt940", "table"]
"""Kinds of files, from that which says most of a movement to that which says least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The balance of an account at the end of a list of movements that begins on `start`."""

    currency: str
    start: date
    day: date
    balance: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A movement as read. `account` is the full number (or the operator's name for it).

    `amount` is what the balance moved by; `fee` is what the bank kept of it before, or took
    with it, in the same currency. `form` is the kind of file; `made_at` when the bank made
    that, as digits that sort, empty where it does not say. `replaces` is the bank's id of the
    movement that this one takes the place of, and `deletes` tells that it only takes it away.
    """

    account: str
    shown_account: str
    bank_id: str
    booked_on: date
    amount: Decimal
    currency: str
    counterparty: str
    reference: str
    fee: Decimal = Decimal(0)
    exchange: Exchange | None = None
    form: Form
    made_at: str = ""
    replaces: str = ""
    deletes: bool = False
    ledger: Ledger | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what says which movement this is, but for equal ones of the same file."""
        day, amount = self.booked_on.isoformat(), format(self.amount.normalize(), "f")
        if self.bank_id:
            return "id", self.account, self.bank_id, day, amount
        text = self.counterparty, self.reference
        return "row", self.account, day, amount, self.currency, *text


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What stands at one place of a file: a movement, or the reason why it is none.

    `raw` is what stands there, for entries without a movement.
    """

    pointer: str
    movement: Movement | None = None
    reason: str = ""
    raw: tuple[str, ...] = ()


def native_id(identity: Sequence[str], ordinal: int) -> str:
    """Return the id of an entry; safe as the id of a record."""
    parts = [part.encode("utf-8", "surrogatepass") for part in identity]
    digest = hashlib.sha256(b"".join(b"%d:%s" % (len(part), part) for part in parts))
    digest.update(b"#%d" % ordinal)
    return digest.hexdigest()[:40]


def file_entry(pointer: str, reason: str, content: bytes = b"") -> Entry:
    """Return the entry that stands for a whole file of which nothing can be read."""
    known_by = hashlib.sha256(content).hexdigest() if content else pointer
    return Entry(pointer=pointer, reason=reason, raw=("file", reason, known_by))


def numbered(entries: Iterable[Entry]) -> list[tuple[str, Entry]]:
    """Return the entries of one file, each once, with their ids."""
    ordered = list(entries)
    days = [entry.movement.booked_on for entry in ordered if entry.movement]
    if days and days[0] > days[-1]:
        # Newest first: count from the end, so that what is added on top changes no number.
        ordered.reverse()
    found: dict[str, Entry] = {}
    texts: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    equal: dict[tuple[str, ...], int] = {}
    for entry in ordered:
        movement = entry.movement
        if movement and movement.bank_id:
            known = texts.setdefault(movement.identity, [])
            text = movement.counterparty, movement.reference
            if text not in known:
                known.append(text)
            native = native_id(movement.identity, known.index(text))
        else:
            identity = movement.identity if movement else ("raw", *entry.raw)
            ordinal = equal[identity] = equal.get(identity, -1) + 1
            native = native_id(identity, ordinal)
        found.setdefault(native, entry)
    return list(found.items())


def transaction_of(movement: Movement, native: str, source: str) -> Transaction:
    """Return the movement as the engine knows it."""
    fee = Money(amount=movement.fee, currency=movement.currency) if movement.fee else None
    return Transaction(
        id=native,
        source=source,
        account=movement.shown_account,
        booked_on=movement.booked_on,
        money=Money(amount=movement.amount + movement.fee, currency=movement.currency),
        counterparty=tidy(movement.counterparty),
        reference=tidy(movement.reference),
        fee=fee,
        exchange=movement.exchange,
    )
