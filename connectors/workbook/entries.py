"""The rows of tables as transactions, or the reason why one is none.

A row is known by its key, its day, its amount and its currency: sorting and filtering change
nothing, and neither does a second workbook that holds the row too. Where the amount is
mended, it is another movement, for what was done with the first may be out already. Two rows
of a table with the same key cannot be told apart, so neither is taken.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from connectors.workbook import cells
from connectors.workbook.cells import Value, text
from connectors.workbook.table import Row, Table, places, wanted
from flows.cells import Amount, read_currency
from flows.language.sources import WorkbookSource
from flows.model import Money, Transaction
from flows.ports import TransactionItem

OWN_ROW: Final = re.compile(r"o[0-9a-f]{24}")
"""The key of a row that `row.append` has written: the id of its output."""


class _Refused(Exception):
    """A row is no movement; the argument is the reason."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the tables of one source; *currency* is meant where a row names none."""

    spec: WorkbookSource
    source: str
    currency: str

    def items(self, table: Table) -> Iterator[TransactionItem]:
        """Yield an item for each row that is not blank and not of our own making.

        Reasons: `no_key`, `duplicate_key`, `not_a_movement` (neither day nor amount),
        `bad_date`, `bad_amount`, `bad_currency`.

        Raises:
            OperatorError: The table lacks a column that is mapped.
        """
        names = wanted(self.spec)
        at = places(table.columns, names.values(), table.name)
        uses = {use: at[name] for use, name in names.items()}
        keys = Counter(filter(None, (text(_cell(row, uses["key"])) for row in table.rows)))
        alike: Counter[str] = Counter()
        for number, row in enumerate(table.rows, start=table.first):
            found = {use: _cell(row, place) for use, place in uses.items()}
            if not any(text(cell) for cell in row) or OWN_ROW.fullmatch(text(found["key"])):
                continue
            pointer = f"{table.name}:{number}"
            try:
                yield self._item(found, pointer, table.since, keys)
            except _Refused as refused:
                known_by = _id("raw", *map(text, row))
                alike[known_by] += 1
                yield TransactionItem(
                    native_id=_id(known_by, str(alike[known_by])),
                    pointer=pointer,
                    transaction=None,
                    reason=str(refused),
                )

    def _item(
        self, row: Mapping[str, Value], pointer: str, since: date, keys: Mapping[str, int]
    ) -> TransactionItem:
        key = text(row["key"])
        if not text(row["date"]) and not any(text(row.get(use)) for use in _MONEY):
            raise _Refused("not_a_movement")
        if not key:
            raise _Refused("no_key")
        if keys[key] > 1:
            raise _Refused("duplicate_key")
        booked_on = cells.day(row["date"], self.spec.dates, since)
        if booked_on is None:
            raise _Refused("bad_date")
        paid = self._amount(row)
        currency = self._currency(text(row.get("currency")), paid.currency)
        amount = format(paid.value.normalize(), "f")
        native_id = _id("key", key, booked_on.isoformat(), amount, currency)
        transaction = Transaction(
            id=native_id,
            source=self.source,
            account=self.source,
            booked_on=booked_on,
            money=Money(amount=paid.value, currency=currency),
            counterparty=text(row.get("counterparty")),
            reference=text(row.get("reference")),
        )
        return TransactionItem(native_id=native_id, pointer=pointer, transaction=transaction)

    def _amount(self, row: Mapping[str, Value]) -> Amount:
        """Return the signed amount, from one column or from one for each direction."""
        if "amount" in row:
            return self._read(row["amount"])
        zero = Amount(Decimal(0))
        paid_in, paid_out = row.get("paid_in"), row.get("paid_out")
        into = self._read(paid_in) if text(paid_in) else zero
        out = self._read(paid_out) if text(paid_out) else zero
        if not (text(paid_in) or text(paid_out)) or (into.value and out.value):
            raise _Refused("bad_amount")
        return Amount(-abs(out.value), out.currency) if out.value else into

    def _read(self, value: Value) -> Amount:
        amount = cells.amount(value, self.spec.decimal)
        if amount is None:
            raise _Refused("bad_amount")
        return amount

    def _currency(self, column: str, beside_amount: str) -> str:
        code = read_currency(column) if column else beside_amount
        if code is None or (beside_amount and code != beside_amount):
            raise _Refused("bad_currency")
        return code or self.currency


_MONEY: Final = ("amount", "paid_in", "paid_out")


def whole(pointer: str, reason: str, known_by: str) -> TransactionItem:
    """Return the item that stands for a workbook of which no row can be read."""
    return TransactionItem(
        native_id=_id("file", reason, known_by),
        pointer=pointer,
        transaction=None,
        reason=reason,
    )


def in_order(items: Iterable[TransactionItem]) -> tuple[TransactionItem, ...]:
    """Return each item once, oldest first; what cannot be read comes last."""
    first: dict[str, TransactionItem] = {}
    for item in items:
        first.setdefault(item.native_id, item)
    return tuple(sorted(first.values(), key=_booked_on))


def _booked_on(item: TransactionItem) -> date:
    return item.transaction.booked_on if item.transaction else date.max


def _cell(row: Row, place: int) -> Value:
    return row[place] if place < len(row) else None


def _id(*parts: str) -> str:
    told = json.dumps(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(told).hexdigest()[:40]
