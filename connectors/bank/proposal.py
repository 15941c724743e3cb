"""A column map proposed for a bank's CSV file, by its header and by what its columns hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal, get_args

from connectors.bank.column_names import NAMES, fits
from connectors.bank.entries import transaction_of
from connectors.bank.files import BankFile, encoding_of, load
from connectors.bank.header import above_movements
from connectors.bank.reader import entries_of
from connectors.bank.table import Row, rows
from flows.cells import (
    read_amount,
    read_currency,
    read_date,
    read_direction,
)
from flows.errors import OperatorError, Place
from flows.language.sources import BankSource, ColumnMap, DateOrder, DecimalSign
from flows.model import Transaction

_DELIMITERS: Final = (",", ";", "\t", "|")
_HEADER_WITHIN: Final = 60
_ROWS_LOOKED_AT: Final = 2_000
_MOST: Final = 0.8
"""Share of a column's cells that must be what its name says; the rest are totals, footers."""

_FIRST: Final = 3
_ORDERS: Final = get_args(DateOrder)
_SIGNS: Final = get_args(DecimalSign)

Unsure = Literal["dates", "decimal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A source as flows.yaml would describe it, and how its file is then read.

    `unsure` names what the file leaves open, to be asked: `example` is a date that can be
    read in two ways. `header_line` counts from 1, 0 for files that need no columns. `first`
    are the first three movements in the order of the file.
    """

    spec: BankSource
    kind: Literal["CSV", "OFX", "CAMT.053", "MT940"]
    encoding: str
    header_line: int = 0
    unsure: tuple[Unsure, ...] = ()
    example: str = ""
    first: tuple[Transaction, ...] = ()
    movements: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How dates and amounts are written; empty where nobody has said it.

    `usual_dates` and `usual_decimal` are those of the region: proposed where the file leaves
    it open, and named as a guess.
    """

    dates: DateOrder | Literal[""] = ""
    decimal: DecimalSign | Literal[""] = ""
    usual_dates: DateOrder | Literal[""] = ""
    usual_decimal: DecimalSign = "."
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class _Layout:
    file: str
    delimiter: str
    header: Row
    below: Sequence[Row]

    def cells(self, column: int) -> list[str]:
        found = (row.cells[column] for row in self.below if column < len(row.cells))
        return [cell for cell in found if cell]


def propose(path: Path, habits: Habits, *, account: str = "") -> Proposal:
    """Return how the file at *path* would be read; `spec.path` is left to the caller.

    Raises:
        AdministratorError: The file is closed to us.
        OperatorError: It is no bank file, or no header names its columns, or no row of it
            can be read.
    """
    file = next(load(path), None)
    if file is None or file.reason or not file.content.strip():
        why = file.reason.replace("_", " ") if file and file.reason else "empty"
        raise OperatorError(
            f"{path.name} is {why}", fix="give a file as the bank lets you download it"
        )
    kind = _kind(file)
    plain = Proposal(
        spec=BankSource(uses="bank", path="-", account=account),
        kind=kind,
        encoding=encoding_of(file.content).removesuffix("-sig"),
    )
    proposal = _with_columns(plain, _layout(file), habits) if kind == "CSV" else plain
    return _read(file, proposal, habits.currency)


def _with_columns(plain: Proposal, layout: _Layout, habits: Habits) -> Proposal:
    columns = _columns(layout)
    dates, unsure_dates = _date_order(layout, columns, habits)
    decimal, unsure_decimal = _decimal(layout, columns, habits)
    spec = BankSource(
        uses="bank",
        path="-",
        account=plain.spec.account,
        delimiter=layout.delimiter,
        dates=dates,
        decimal=decimal,
        columns=ColumnMap.model_validate(
            {name: layout.header.cells[at] for name, at in columns.items()}
        ),
    )
    doubts: dict[Unsure, bool] = {"dates": unsure_dates, "decimal": unsure_decimal}
    return replace(
        plain,
        spec=spec,
        header_line=layout.header.line,
        unsure=tuple(name for name, holds in doubts.items() if holds),
        example=_two_ways(layout.cells(columns["date"])),
    )


def _kind(file: BankFile) -> Literal["CSV", "OFX", "CAMT.053", "MT940"]:
    if file.is_ofx:
        return "OFX"
    if file.is_camt:
        return "CAMT.053"
    return "MT940" if file.is_mt940 else "CSV"


def _read(file: BankFile, proposal: Proposal, currency: str) -> Proposal:
    """Return the proposal with what the reader of the sweeps makes of the file."""
    entries = entries_of(file, proposal.spec, source="bank", currency=currency)
    movements = [entry.movement for entry in entries if entry.movement]
    refused = Counter(entry.reason for entry in entries if entry.movement is None)
    if not movements:
        raise OperatorError(
            f"{file.name} holds no movement that can be read"
            f" ({', '.join(sorted(refused)).replace('_', ' ') or 'it has no rows'})",
            fix="check that it is the bank's own export, unchanged; `docs/sources.md` says"
            " which files are read",
            where=Place(file.name, proposal.header_line or 1, 1),
        )
    first = tuple(transaction_of(each, "-", "bank") for each in movements[:_FIRST])
    return replace(proposal, first=first, movements=len(movements), refused=refused)


def _layout(file: BankFile) -> _Layout:
    """Return delimiter and header: where the most cells are names that banks use."""
    text = file.text
    if text is None:
        raise OperatorError(
            f"{file.name} is no text",
            fix="export CSV, OFX, CAMT.053 or MT940 at the bank; save a workbook as CSV",
        )
    best: tuple[int, _Layout] | None = None
    head: list[Row] = []
    for delimiter in _DELIMITERS:
        spec = BankSource(uses="bank", path="-", delimiter=delimiter)
        found = list(rows(text, spec))
        for at, row in enumerate(found[:_HEADER_WITHIN]):
            hits = _hits(row)
            if hits and (best is None or hits > best[0]):
                below = found[at + 1 : at + 1 + _ROWS_LOOKED_AT]
                best = hits, _Layout(file.name, delimiter, row, below)
        head = max(
            head, found[:_HEADER_WITHIN], key=lambda each: len(each[0].cells) if each else 0
        )
    if best is None:
        raise _unknown(file.name, head)
    return best[1]


def _hits(row: Row) -> int:
    """Return how many cells are names of columns; 0 without a date and an amount."""
    fields = [
        {name for name, known in NAMES.items() if any(fits(cell, each) for each in known)}
        for cell in row.cells
    ]
    said = set().union(*fields)
    if "date" not in said or not said & {"amount", "paid_in", "paid_out"}:
        return 0
    return sum(map(bool, fields))


def _unknown(file: str, head: Sequence[Row]) -> OperatorError:
    header = above_movements(head, BankSource(uses="bank", path="-"))
    shown = ", ".join(f"'{cell}'" for cell in header.cells if cell) if header else ""
    return OperatorError(
        f"no row of {file} names a column for the date and one for the amount",
        fix=(f"the columns are {shown}; " if shown else "")
        + "name them under `columns` in flows.yaml, as docs/sources.md shows",
        where=Place(file, header.line if header else 1, 1),
    )


def _columns(layout: _Layout) -> dict[str, int]:
    """Return the column of each field; what a column holds must be what its name says."""
    taken: dict[str, int] = {}
    for name in (
        "date",
        "amount",
        "paid_in",
        "paid_out",
        "currency",
        "id",
        "counterparty",
        "reference",
    ):
        if name in {"paid_in", "paid_out"} and "amount" in taken:
            continue
        found = _column(layout, name, set(taken.values()))
        if found is not None:
            taken[name] = found
    if "amount" in taken and not _signed(layout, taken["amount"]):
        free = {at for name, at in taken.items() if name != "reference"}
        found = _column(layout, "direction", free)
        if found is not None:
            if found == taken.get("reference"):
                del taken["reference"]
            taken["direction"] = found
    if "date" not in taken or not taken.keys() & {"amount", "paid_in", "paid_out"}:
        what = "amount" if "date" in taken else "date"
        raise OperatorError(
            f"there is no {what} below the name of that column"
            if layout.below
            else "there is no movement below the names of the columns",
            fix="give the bank's own export, unchanged, of days on which something moved",
            where=Place(layout.file, layout.header.line, 1),
        )
    return taken


def _column(layout: _Layout, name: str, taken: set[int]) -> int | None:
    cells = layout.header.cells
    lowered = [" ".join(cell.split()).casefold() for cell in cells]
    for known in NAMES[name]:
        for at, cell in enumerate(cells):
            alone = lowered.count(lowered[at]) == 1
            if at not in taken and alone and fits(cell, known) and _holds(layout, name, at):
                return at
    return None


def _holds(layout: _Layout, name: str, column: int) -> bool:
    cells = layout.cells(column)
    if name in {"counterparty", "reference"}:
        return True
    if name == "id":
        return len(cells) >= _MOST * len(layout.below) and len(set(cells)) == len(cells)
    if not cells:
        return name in {"paid_in", "paid_out"}
    if name == "date":
        cells = [cell for cell in cells if re.search(r"\d", cell)]  # others are totals
        return sum(map(_is_date, cells)) > len(cells) / 2
    return sum(map(_CHECKS[name], cells)) >= _MOST * len(cells)


def _is_amount(cell: str) -> bool:
    return any(read_amount(cell, sign) is not None for sign in _SIGNS)


def _is_date(cell: str) -> bool:
    return any(read_date(cell, order) is not None for order in _ORDERS)


_CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "date": _is_date,
    "amount": _is_amount,
    "paid_in": _is_amount,
    "paid_out": _is_amount,
    "currency": lambda cell: read_currency(cell) is not None,
    "direction": lambda cell: read_direction(cell) != 0,
}


def _signed(layout: _Layout, column: int) -> bool:
    found = (read_amount(cell, sign) for cell in layout.cells(column) for sign in _SIGNS)
    return any(amount is not None and amount.value < 0 for amount in found)


def _date_order(
    layout: _Layout, columns: Mapping[str, int], habits: Habits
) -> tuple[DateOrder, bool]:
    """Return the order that most dates fit, and whether another fits them as well."""
    if habits.dates:
        return habits.dates, False
    cells = [cell for cell in layout.cells(columns["date"]) if re.search(r"\d", cell)]
    fitting = {
        order: sum(read_date(cell, order) is not None for cell in cells) for order in _ORDERS
    }
    best = [order for order, number in fitting.items() if number == max(fitting.values())]
    if len(best) == 1 or "year-first" in best:
        return best[0], False
    usual = habits.usual_dates
    return usual if usual and usual in best else best[0], True


def _two_ways(cells: Sequence[str]) -> str:
    """Return the first date that is another day if day and month change places."""
    for cell in cells:
        if read_date(cell, "day-first") != read_date(cell, "month-first"):
            return cell
    return cells[0]


def _decimal(
    layout: _Layout, columns: Mapping[str, int], habits: Habits
) -> tuple[DecimalSign, bool]:
    """Return the sign that most amounts fit, and whether they could mean two things."""
    if habits.decimal:
        return habits.decimal, False
    names = ("amount", "paid_in", "paid_out")
    cells = [cell for name in names if name in columns for cell in layout.cells(columns[name])]
    read = [tuple(read_amount(cell, sign) for sign in _SIGNS) for cell in cells]
    only = Counter(
        sign
        for pair in read
        for sign, each in zip(_SIGNS, pair, strict=True)
        if each and None in pair
    )
    if only["."] != only[","]:
        return max(_SIGNS, key=lambda sign: only[sign]), False
    return habits.usual_decimal, any(one != other for one, other in read)
