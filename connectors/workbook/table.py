"""A table as it was read, and which of its columns is which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from connectors.workbook.cells import Value, text
from flows.errors import OperatorError
from flows.language.sources import WorkbookSource
from flows.language.words import listed, nearest, quoted
from flows.workbooks import SINCE_1900

MOST_ROWS: Final = 200_000
"""Rows of one table; at the size of a business's book that is decades."""

_WITHIN_ROWS: Final = 60

Row = Sequence[Value]


@dataclass(frozen=True, slots=True)
class Table:
    """The names of its columns and its rows. `first` is the number of the first row below.

    `name` says where it stands, for people: a file. `since` is day 0 of the workbook.
    """

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Row] = field(repr=False)
    first: int = 1
    since: date = SINCE_1900


def name_of(column: str) -> str:
    """Return a column's name as it is compared: without case and spare blanks."""
    return " ".join(column.split()).casefold()


def wanted(spec: WorkbookSource) -> dict[str, str]:
    """Return the columns that are read, by what they hold: `date`, `amount`, …, and `key`."""
    mapped = spec.columns.model_dump() if spec.columns else {}
    return {"key": spec.key, **{use: name for use, name in mapped.items() if name}}


def places(columns: Sequence[str], names: Iterable[str], where: str) -> Mapping[str, int]:
    """Return where each of *names* stands among the columns of the table at *where*.

    Raises:
        OperatorError: One is missing, or stands there twice.
    """
    known = [name_of(column) for column in columns]
    found: dict[str, int] = {}
    for name in names:
        at = [place for place, column in enumerate(known) if column == name_of(name)]
        if len(at) > 1:
            raise OperatorError(
                f"the column {quoted(name)} stands twice in {where}",
                fix="rename one of the two in the workbook, or name another column",
            )
        if not at:
            raise _missing(name, columns, where)
        found[name] = at[0]
    return found


def header_row(rows: Sequence[Row], names: Iterable[str], where: str) -> int:
    """Return which of a sheet's rows is its header: the first that names every column.

    Raises:
        OperatorError: None does.
    """
    names = list(names)
    best, most = 0, 0
    for number, row in enumerate(rows[:_WITHIN_ROWS]):
        known = {name_of(text(cell)) for cell in row}
        hits = sum(name_of(name) in known for name in names)
        if hits == len(names):
            return number
        if hits > most:
            best, most = number, hits
    if not most:
        raise OperatorError(
            f"no row of {where} names the columns {listed(map(quoted, names))}",
            fix="check `table`, `key` and `columns`, or give the sheet a header row",
        )
    columns = [text(cell) for cell in rows[best]]
    known = {name_of(column) for column in columns}
    raise _missing(next(n for n in names if name_of(n) not in known), columns, where)


def _missing(name: str, columns: Sequence[str], where: str) -> OperatorError:
    shown = [" ".join(column.split()) for column in columns if column.strip()]
    meant = nearest(name, shown)
    offer = f"did you mean {quoted(meant)}? " if meant else ""
    return OperatorError(
        f"{where} has no column {quoted(name)}",
        fix=f"{offer}its columns are {listed(map(quoted, shown))}",
    )
