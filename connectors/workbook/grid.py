"""The place of a table in a workbook that openpyxl has opened, and the row that it gains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connectors.workbook.cells import text
from connectors.workbook.table import header_row, name_of, places, wanted
from flows.errors import OperatorError
from flows.language.sources import WorkbookSource
from flows.language.words import listed, quoted

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.table import Table
    from openpyxl.worksheet.worksheet import Worksheet

_LAST_ROW: Final = 1_048_576


@dataclass(slots=True)
class Grid:
    """A table on its sheet; rows count from 1 as in Excel, columns from 0 within the table.

    `header` and `last` are the numbers of its header row and of its last row.
    """

    sheet: Worksheet
    columns: tuple[str, ...]
    left: int
    header: int
    last: int
    key: int
    where: str
    table: Table | None = None

    def holds(self, key: str) -> bool:
        """Tell whether a row has that key."""
        rows = range(self.header + 1, self.last + 1)
        return any(text(self.cell(row, self.key).value) == key for row in rows)

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell of the table, or of the row below it."""
        found: Cell = self.sheet.cell(row, self.left + column)
        return found

    def grow(self) -> int:
        """Make room for one row and return its number: the only one, if it is blank.

        Raises:
            OperatorError: Something stands right below, or the sheet is full.
        """
        only = self.last == self.header + 1
        if self.table and only and not any(self._filled(self.last)):
            return self.last
        below = self.last + 1
        if below > _LAST_ROW or any(self._filled(below)):
            raise OperatorError(
                f"there is no room below the table in {self.where}",
                fix="keep the rows below the table free, and give it no total row",
            )
        self.last = below
        if self.table:
            self._stretch(self.table)
        return below

    def _filled(self, row: int) -> list[bool]:
        cells = [self.cell(row, at) for at in range(len(self.columns))]
        return [c.value is not None or type(c).__name__ == "MergedCell" for c in cells]

    def _stretch(self, table: Table) -> None:
        from openpyxl.utils import get_column_letter  # noqa: PLC0415 - loaded with openpyxl

        first, last = (get_column_letter(self.left + at) for at in (0, len(self.columns) - 1))
        table.ref = f"{first}{self.header}:{last}{self.last}"
        if table.autoFilter is not None:
            table.autoFilter.ref = table.ref


def grid_of(workbook: Workbook, spec: WorkbookSource, where: str) -> Grid:
    """Return the table that *spec* names: one of Excel's, else a sheet with a header row.

    Raises:
        OperatorError: There is none, it has a total row, or what is read of it is formulas.
    """
    named = spec.table.casefold()
    for sheet in workbook.worksheets:
        for table in sheet.tables.values():
            if table.displayName.casefold() == named:
                return _checked(_of_table(sheet, table, spec, where), spec)
    for sheet in workbook.worksheets:
        if sheet.title.casefold() == named:
            return _checked(_of_sheet(sheet, spec, where), spec)
    known = [t for sheet in workbook.worksheets for t in (*sheet.tables, sheet.title)]
    raise OperatorError(
        f"{where} has no table and no sheet {quoted(spec.table)}",
        fix=f"its tables and sheets are {listed(map(quoted, known))}",
    )


def _of_table(sheet: Worksheet, table: Table, spec: WorkbookSource, where: str) -> Grid:
    from openpyxl.utils import range_boundaries  # noqa: PLC0415 - loaded with openpyxl

    left, top, right, bottom = range_boundaries(table.ref)
    if table.totalsRowCount or not table.headerRowCount:
        raise OperatorError(
            f"the table {quoted(spec.table)} in {where} has a total row, or no header row",
            fix="in Excel, under Table Design, switch the total row off and the header row on",
        )
    columns = tuple(text(sheet.cell(top, at).value) for at in range(left, right + 1))
    return Grid(sheet, columns, left, top, bottom, _key(columns, spec), where, table)


def _of_sheet(sheet: Worksheet, spec: WorkbookSource, where: str) -> Grid:
    rows = list(sheet.iter_rows(min_row=1, max_row=60, values_only=True))
    header = header_row(rows, wanted(spec).values(), where)
    columns = tuple(text(value) for value in rows[header])
    filled = [
        number
        for number, row in enumerate(sheet.iter_rows(min_row=1, values_only=True), start=1)
        if any(value is not None for value in row)
    ]
    return Grid(sheet, columns, 1, header + 1, filled[-1], _key(columns, spec), where)


def _key(columns: tuple[str, ...], spec: WorkbookSource) -> int:
    return places(columns, [spec.key], quoted(spec.table))[spec.key]


def _checked(grid: Grid, spec: WorkbookSource) -> Grid:
    """Refuse formulas in columns that are read: openpyxl would drop the values they had."""
    if spec.columns is None:
        return grid
    read = {name_of(name) for name in wanted(spec).values()}
    for at, column in enumerate(grid.columns):
        if name_of(column) in read and any(
            grid.cell(row, at).data_type == "f" for row in range(grid.header + 1, grid.last + 1)
        ):
            raise OperatorError(
                f"the column {quoted(column)} in {grid.where} is worked out by formulas, whose"
                " values would be gone until Excel opens it again",
                fix="map a column without formulas, or put the workbook on OneDrive, and name"
                " it by `address` and `file`",
            )
    return grid
