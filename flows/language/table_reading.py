"""Tables of data with their rows: read, typed, and each wrong cell told with its place.

A problem in a table's file has the number of the row and of the column as its place. What a
cell holds is never repeated: a table may name people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from flows.errors import Place, Problem
from flows.language.filters import Unfit
from flows.language.nearby import Refused, files_of, is_pattern
from flows.language.places import Document, Plain
from flows.language.places import Path as TreePath
from flows.language.rows import key_text
from flows.language.table_files import Broken, Sheet, content_of, sheet_of
from flows.language.tables import Column, Table
from flows.language.values import typed
from flows.language.words import kind_of, quoted, suggestion

MAX_ROWS: Final = 5_000
MAX_PROBLEMS: Final = 20
"""Wrong cells told of one table; whoever has more has the wrong column or sign."""

_NEEDED: Final = {
    "text": "text",
    "number": "a number",
    "date": "a date",
    "flag": "true or false",
}
_WRITE: Final = {
    "text": "put it in quotes",
    "number": "write digits, with the decimal sign that the table names",
    "date": "write 2026-11-23, or say under `dates` how the file writes them",
    "flag": "write true or false",
}


def read_tables(
    document: Document, read: dict[Path, bytes]
) -> tuple[dict[str, Table], list[Problem]]:
    """Return the tables of a file with their rows, and what is wrong with those left out.

    What is in their files is added to *read*.
    What has the wrong shape is left out without a word: the shape tells.
    """
    data = document.data if isinstance(document.data, dict) else {}
    given = data.get("data")
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    for name, written in given.items() if isinstance(given, dict) else ():
        try:
            table = Table.model_validate(written)
        except ValidationError:
            continue
        reading = _Reading(document, ("data", name), table, read)
        rows = reading.rows()
        if reading.problems:
            problems += reading.problems[:MAX_PROBLEMS]
        else:
            tables[name] = table.model_copy(update={"rows": tuple(rows)})
    return tables, problems


def _delimiter(header: Sequence[str]) -> str:
    """Return the delimiter by which a header that was read as one cell falls apart, if any.

    Blanks were tidied in it, so a tab is not told from one.
    """
    signs = (",", ";", "|") if len(header) == 1 else ()
    return next((repr(sign) for sign in signs if sign in header[0]), "")


@dataclass(slots=True)
class _Reading:
    """One table while it is read."""

    document: Document
    at: TreePath
    table: Table
    read: dict[Path, bytes]
    problems: list[Problem] = field(default_factory=list)

    def rows(self) -> list[Mapping[str, Any]]:
        """Return the typed rows; without meaning once there are problems."""
        key = self.table.key
        if key is not None and key not in self.table.columns:
            place = self.document.value((*self.at, "key"))
            what = f"the key {quoted(key)} is no column of the table"
            self._tell(place, what, suggestion(key, self.table.columns))
            return []
        made: list[Mapping[str, Any]] = []
        known: dict[str, Place] = {}
        for place, row in self._inline() if self.table.file is None else self._of_file():
            made.append(row)
            if key is not None and not self.problems:
                self._unique(key, row, place, known)
            if len(self.problems) >= MAX_PROBLEMS:
                break
        return made

    def _unique(
        self, key: str, row: Mapping[str, Any], place: Place, known: dict[str, Place]
    ) -> None:
        text = "" if row[key] is None else key_text(row[key])
        if not text:
            what = f"the key {quoted(key)} is empty here"
            self._tell(place, what, "give each row its own", in_row=True)
            return
        first = known.setdefault(text, place)
        if first is not place:
            where = self.document.said(first, place)
            what = f"another row has the same {quoted(key)}"
            fix = f"keep one of the two; the first is in {where}"
            self._tell(place, what, fix, in_row=True)

    def _inline(self) -> Iterator[tuple[Place, Mapping[str, Any]]]:
        for index, row in enumerate(self.table.rows or ()):
            at = (*self.at, "rows", index)
            for name in row.keys() - self.table.columns.keys():
                what = f"{quoted(name)} is no column of the table"
                fix = suggestion(name, self.table.columns)
                self._tell(self.document.key((*at, name)), what, fix, in_row=True)
            yield (
                self.document.value(at),
                {
                    name: self._value(row.get(name), column, name, self._place(at, name, row))
                    for name, column in self.table.columns.items()
                },
            )

    def _place(self, at: TreePath, name: str, row: Mapping[str, Any]) -> Place:
        return self.document.value((*at, name) if name in row else at)

    def _value(self, value: Plain, column: Column, name: str, place: Place) -> Plain:
        if isinstance(value, dict | list):
            what = f"{quoted(name)} holds one value, not {kind_of(value)}"
            fix = "write it on one line, or make a table of its own"
            self._tell(place, what, fix, in_row=True)
            return None
        empty = value is None or value == ""
        if empty and column.required:
            what = f"the row has no {quoted(name)}"
            fix = "give it one, or let cells be empty: `required: false`"
            self._tell(place, what, fix, in_row=True)
        if empty:
            return "" if column.type == "text" else None
        plain = value if not isinstance(value, float) else Decimal(repr(value))
        text_due = column.type == "text" and not isinstance(value, str)
        flag = isinstance(value, bool)
        fits = not text_due and (not flag or column.type == "flag")
        try:
            made = typed(plain, column.type) if fits else None
        except Unfit:
            fits = False
        if not fits:
            what = f"{quoted(name)} must be {_NEEDED[column.type]}, not {kind_of(value)}"
            self._tell(place, what, _WRITE[column.type].partition(",")[0], in_row=True)
        return made if fits else None

    def _of_file(self) -> Iterator[tuple[Place, Mapping[str, Any]]]:
        name, here = self.table.file or "", self.document.value((*self.at, "file"))
        if is_pattern(name):
            self._tell(here, "a table is read from one file", "name it")
            return
        try:
            path = files_of(Path(here.file).parent, name)[0]
            self.read[path] = content_of(path)
            sheet = sheet_of(path, self.read[path], self.table)
        except (Refused, Broken) as error:
            at = error.at if isinstance(error, Broken) else None
            self._tell(at or here, error.what, error.fix, in_row=at is not None)
            return
        if len(sheet.rows) > MAX_ROWS:
            what = f"the table has more than {MAX_ROWS:,} rows"
            at = Place(sheet.file, MAX_ROWS + 2, 1)
            self._tell(at, what, "split it, or leave rows out", in_row=True)
            return
        columns = self._columns(sheet)
        for number, row in sheet.rows if columns else ():
            if self._too_long(sheet, number, row):
                if len(self.problems) >= MAX_PROBLEMS:
                    return
                continue
            yield (
                Place(sheet.file, number, 1),
                {
                    name: self._cell(
                        sheet, number, at, row[at] if at < len(row) else None, name
                    )
                    for name, at in columns.items()
                },
            )

    def _too_long(self, sheet: Sheet, number: int, row: Sequence[Plain]) -> bool:
        """Return whether the row has a cell too many: nobody knows then which is whose."""
        width = len(sheet.header)
        over = next((at for at in range(width, len(row)) if _holds(row[at])), None)
        if over is not None:
            what = "the row has more cells than the table has columns"
            fix = "put a cell that holds the delimiter in quotes, or leave out what is over"
            self._tell(Place(sheet.file, number, over + 1), what, fix, in_row=True)
        return over is not None

    def _columns(self, sheet: Sheet) -> dict[str, int]:
        """Return where each column stands in the file; nothing where one is missing."""
        heads = [" ".join(head.split()).casefold() for head in sheet.header]
        found: dict[str, int] = {}
        for name, column in self.table.columns.items():
            wanted = column.header or name
            at = [place for place, head in enumerate(heads) if head == wanted.casefold()]
            if len(at) == 1:
                found[name] = at[0]
                continue
            how = "stands twice" if at else "is not"
            what = f"the column {quoted(wanted)} {how} in {sheet.file}"
            known = suggestion(wanted, [head for head in sheet.header if head.strip()])
            fix = "rename one of the two there" if at else f"{known}, as `header:` if need be"
            if split := _delimiter(sheet.header):
                fix = f"its columns are set apart by another sign: write `delimiter: {split}`"
            self._tell(self.document.key((*self.at, "columns", name)), what, fix)
        return found if len(found) == len(self.table.columns) else {}

    def _cell(self, sheet: Sheet, number: int, at: int, cell: Plain, name: str) -> Plain:
        column, place = self.table.columns[name], Place(sheet.file, number, at + 1)
        if not _holds(cell):
            return self._value(None, column, name, place)
        value = sheet.value(cell, column.type, self.table)
        if value is None:
            what = f"the cell of {quoted(name)} is not {_NEEDED[column.type]}"
            self._tell(place, what, _WRITE[column.type], in_row=True)
        return value

    def _tell(self, place: Place, what: str, fix: str, *, in_row: bool = False) -> None:
        self.problems.append(Problem(place, what, fix, "data", hidden=in_row))


def _holds(cell: Plain) -> bool:
    return cell is not None and not (isinstance(cell, str) and not cell.strip())
