"""A table's file as cells: CSV text, or a sheet of a workbook. Nothing in it is carried out.

A formula in a CSV is the text that it is; a formula in a workbook is the value that was saved
with it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from flows.cells import read_amount, read_date, tidy
from flows.errors import Place
from flows.language.tables import Table, ValueKind, is_workbook
from flows.language.words import quoted, suggestion

MAX_BYTES: Final = 2_000_000
MAX_CELL: Final = 2_000
_FLAGS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_DIGITS: Final = 15
"""A number in Excel has so many that mean something; the rest is noise of the sum."""

_PLAIN: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?", re.ASCII)
Cell = Any
"""str, int, float, bool, date, datetime, time, timedelta or None."""


class Broken(Exception):
    """A table's file cannot be read: what is wrong, what to do, and where, if that is known."""

    def __init__(self, what: str, fix: str, at: Place | None = None) -> None:
        super().__init__(what)
        self.what, self.fix, self.at = what, fix, at


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table's cells: the names of its columns, and rows with the number of their line."""

    file: str
    header: tuple[str, ...]
    rows: Sequence[tuple[int, Sequence[Cell]]]

    def value(self, cell: Cell, kind: ValueKind, table: Table) -> Cell:
        """Return the cell as what its column holds, or None where it is something else."""
        if kind == "text":
            return _text(cell)
        if kind == "number":
            return _number(cell, table)
        if kind == "date":
            return self._date(cell, table)
        return cell if isinstance(cell, bool) else _FLAGS.get(_text(cell).casefold())

    def _date(self, cell: Cell, table: Table) -> date | None:
        if isinstance(cell, datetime):
            return cell.date() if cell.time() == time() else cell
        if isinstance(cell, date):
            return cell
        return read_date(cell, table.dates) if isinstance(cell, str) else None


def content_of(path: Path) -> bytes:
    """Return what is in the file at *path*, whose name ends in .csv or .xlsx.

    Raises:
        Broken: It has another name, cannot be read, or is too large.
    """
    if path.suffix.lower() != ".csv" and not is_workbook(path.name):
        what = f"{quoted(path.name)} is neither a .csv nor an .xlsx file"
        raise Broken(what, "save the table as one of these")
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        what = f"{quoted(path.name)} cannot be read ({type(error).__name__})"
        raise Broken(what, "let the account that runs jigajob read it") from None
    if len(content) > MAX_BYTES:
        what = f"{quoted(path.name)} is larger than {MAX_BYTES // 1_000_000} MB"
        raise Broken(what, "keep the columns and rows that flows need")
    return content


def sheet_of(path: Path, content: bytes, table: Table) -> Sheet:
    """Return the cells of *content*, which is that of the file at *path*.

    Raises:
        Broken: It cannot be read as what its name says.
    """
    if is_workbook(path.name):
        return _workbook(path, content, table)
    return _csv(path, content, table)


def _csv(path: Path, content: bytes, table: Table) -> Sheet:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        at = Place(str(path), line, 1)
        raise Broken("this is not UTF-8 text", "save the table as CSV UTF-8", at) from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=table.delimiter, strict=True)
    rows = list(_records(reader, path))
    if not rows:
        raise Broken(f"{quoted(path.name)} is empty", "write the names of its columns first")
    return Sheet(str(path), tuple(tidy(head) for head in rows[0][1]), rows[1:])


def _records(reader: Any, path: Path) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401 - csv names no type
    line = 1
    while True:
        at = Place(str(path), line, 1)
        try:
            row = next(reader, None)
        except csv.Error:
            what = "from this line on it is not CSV"
            raise Broken(what, 'close the quotes; write a quote in a text as ""', at) from None
        if row is None:
            return
        for number, cell in enumerate(row):
            if len(cell) > MAX_CELL or "\0" in cell:
                what = f"a cell holds more than {MAX_CELL:,} characters, or one that is none"
                raise Broken(what, "shorten it", Place(str(path), line, number + 1))
        if any(cell.strip() for cell in row):
            yield line, row
        line = reader.line_num + 1


def _workbook(path: Path, content: bytes, table: Table) -> Sheet:
    from flows.workbooks import (  # noqa: PLC0415 - only tables in workbooks pay
        NoTable,
        as_unreadable,
        checked,
        opened,
    )

    broken = Broken(
        f"{quoted(path.name)} cannot be read: it is broken, locked by a password, or too large",
        "open it in Excel and save it anew as an .xlsx file",
    )
    try:
        checked(content)
        workbook = opened(content)
        names = list(workbook.sheet_names)
        wanted = table.sheet or (names[0] if names else "")
        name = next((each for each in names if each.casefold() == wanted.casefold()), None)
        cells = (
            workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) if name else []
        )
    except NoTable:
        raise broken from None
    except BaseException as error:
        if isinstance(as_unreadable(error), NoTable):
            raise broken from None
        raise
    if name is None:
        what = f"{quoted(path.name)} has no sheet {quoted(wanted)}"
        raise Broken(what, suggestion(wanted, names))
    rows = [(number, row) for number, row in enumerate(cells, 1) if any(map(_text, row))]
    if not rows:
        raise Broken(f"the sheet of {quoted(path.name)} is empty", "fill it, or name another")
    header = tuple(_text(cell) for cell in rows[0][1])
    return Sheet(str(path), header, rows[1:])


def _number(cell: Cell, table: Table) -> Decimal | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        written = format(Decimal(f"{cell:.{_DIGITS}g}"), "f")
        return Decimal(written) if _PLAIN.fullmatch(written) else None
    if not isinstance(cell, str):
        return None
    amount = read_amount(cell, table.decimal)
    return amount.value if amount else None


def _text(cell: Cell) -> str:
    match cell:
        case None | False | True:
            return {None: "", False: "false", True: "true"}[cell]
        case float():
            return format(Decimal(f"{cell:.{_DIGITS}g}"), "f")
        case datetime():
            midnight = cell.time() == time()
            return cell.date().isoformat() if midnight else cell.isoformat(" ", "minutes")
        case date() | time():
            return cell.isoformat()
        case _:
            return tidy(str(cell))[:MAX_CELL]
