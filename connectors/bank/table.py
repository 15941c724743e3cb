"""CSV bank files: rows, the header among them, and movements by the operator's columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.bank.entries import Entry, Movement
from connectors.bank.header import name_of
from flows.cells import (
    Amount,
    masked_name,
    named_currency,
    read_amount,
    read_currency,
    read_date,
    read_direction,
)
from flows.language.sources import BankSource, ColumnMap

_LINES_OF_A_ROW = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One row with cells, and the line of the file on which it begins, from 1."""

    line: int
    cells: tuple[str, ...]


class _Refused(Exception):
    """A row is no movement; the argument is the reason."""


def rows(text: str, spec: BankSource) -> Iterator[Row]:
    """Yield the rows of a file that are not blank.

    A quote that is opened and never closed would swallow the rows after it. So where a cell
    runs over several lines and a later one reads as a row by itself, with a date, the lines
    are taken one by one and quotes mean nothing.
    """
    lines = io.StringIO(text, newline="").readlines()
    at = 0
    while at < len(lines):
        reader = csv.reader(
            # A cell that runs on for longer is a quote that nobody closed.
            lines[at : at + _LINES_OF_A_ROW],
            delimiter=spec.delimiter,
            skipinitialspace=True,
        )
        try:
            cells = next(reader, [])
            taken = max(1, reader.line_num)
            open_ = at + taken < len(lines) and taken >= _LINES_OF_A_ROW
            broken = open_ or (taken > 1 and _swallowed(lines[at + 1 : at + taken], spec))
        except csv.Error:
            broken = True
        if broken:
            cells, taken = _plain_cells(lines[at], spec), 1
        if any(cell.strip() for cell in cells):
            yield Row(at + 1, tuple(cell.strip() for cell in cells))
        at += taken


def _swallowed(lines: Sequence[str], spec: BankSource) -> bool:
    return any(
        len(cells) > 1 and any(read_date(cell, spec.dates) for cell in cells)
        for cells in (_plain_cells(line, spec) for line in lines)
    )


def _plain_cells(line: str, spec: BankSource) -> list[str]:
    return [cell.strip().strip('"') for cell in line.rstrip("\r\n").split(spec.delimiter)]


def entries(
    found: Sequence[Row], header: Row, spec: BankSource, *, file: str, currency: str
) -> Iterator[Entry]:
    """Yield an entry for every row below the header, in order.

    Reasons: `not_a_movement` (a total, a heading, a footer), `bad_row` (more cells than
    columns), `bad_date`, `bad_amount`, `bad_direction`, `bad_currency`.
    """
    names = [name_of(cell) for cell in header.cells]
    columns = spec.columns or ColumnMap(date="")
    at = {
        field: names.index(name_of(name))
        for field, name in columns.model_dump().items()
        if name
    }
    amounts = {names[at[field]] for field in ("amount", "paid_in", "paid_out") if field in at}
    told = {named_currency(cell) for cell in header.cells if name_of(cell) in amounts} - {""}
    currency = told.pop() if len(told) == 1 else currency
    for row in found:
        if row.line <= header.line:
            continue
        pointer = f"{file}:{row.line}"
        try:
            movement = _movement(row, header, at, spec, currency)
        except _Refused as refused:
            yield Entry(pointer=pointer, reason=str(refused), raw=row.cells)
        else:
            yield Entry(pointer=pointer, movement=movement)


def _movement(
    row: Row, header: Row, at: Mapping[str, int], spec: BankSource, currency: str
) -> Movement:
    cells = {
        field: row.cells[place] if place < len(row.cells) else "" for field, place in at.items()
    }
    if row.cells == header.cells or not re.search(r"\d", cells["date"]):
        raise _Refused("not_a_movement")
    if any(row.cells[len(header.cells) :]):
        raise _Refused("bad_row")
    booked_on = read_date(cells["date"], spec.dates)
    if booked_on is None:
        raise _Refused("bad_date")
    amount = _amount(cells, spec)
    return Movement(
        form="table",
        account=spec.account,
        shown_account=masked_name(spec.account),
        bank_id=cells.get("id", ""),
        booked_on=booked_on,
        amount=amount.value,
        currency=_currency(cells.get("currency", ""), amount.currency) or currency,
        counterparty=cells.get("counterparty", ""),
        reference=cells.get("reference", ""),
    )


def _amount(cells: Mapping[str, str], spec: BankSource) -> Amount:
    """Return the signed amount, from one column or from one for each direction."""
    if "amount" in cells:
        amount = _read(cells["amount"], spec)
        return _directed(amount, cells["direction"]) if "direction" in cells else amount
    zero = Amount(Decimal(0))
    paid_in, paid_out = cells.get("paid_in", ""), cells.get("paid_out", "")
    into = _read(paid_in, spec) if paid_in else zero
    out = _read(paid_out, spec) if paid_out else zero
    if not (paid_in or paid_out) or (into.value and out.value):
        raise _Refused("bad_amount")
    if out.value:
        # Banks write what went out with a minus or without: the column says it.
        return Amount(-abs(out.value), out.currency)
    return into


def _directed(amount: Amount, word: str) -> Amount:
    """Return the amount with the sign that the word beside it gives."""
    sign = read_direction(word)
    if not sign:
        raise _Refused("bad_direction")
    if amount.value < 0 < sign:
        raise _Refused("bad_amount")
    return Amount(abs(amount.value) * sign, amount.currency)


def _read(text: str, spec: BankSource) -> Amount:
    amount = read_amount(text, spec.decimal)
    if amount is None:
        raise _Refused("bad_amount")
    return amount


def _currency(column: str, beside_amount: str) -> str:
    code = read_currency(column) if column else beside_amount
    if code is None or (beside_amount and code != beside_amount):
        raise _Refused("bad_currency")
    return code
