"""Writes workbooks as people and Excel do."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.table import Table

from connectors.workbook import WorkbookFiles
from flows.language.sources import WorkbookSource

HEADER = ("No", "Date", "Amount", "Name", "Text")
COLUMNS = {"date": "Date", "amount": "Amount", "counterparty": "Name", "reference": "Text"}


def spec_of(path: str = "books.xlsx", **more: object) -> WorkbookSource:
    fields = {"uses": "workbook", "path": path, "table": "Payments", "key": "No"}
    return WorkbookSource.model_validate({**fields, "columns": COLUMNS, **more})


def source_of(root: Path, path: str = "books.xlsx", **more: object) -> WorkbookFiles:
    return WorkbookFiles(spec_of(path, **more), root, name="books", currency="USD")


def write(path: Path, rows, *, header=HEADER, table: str = "Payments", above: int = 2) -> None:
    """Write a workbook whose table begins below *above* rows of other things."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Money"
    for _ in range(above):
        sheet.append(["Hudson Plumbing"])
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    if table:
        last = chr(ord("A") + len(header) - 1)
        bottom = above + 1 + max(1, len(rows))
        sheet.add_table(Table(displayName=table, ref=f"A{above + 1}:{last}{bottom}"))
    workbook.save(path)


def shown(path: Path, sheet: str = "Money") -> list[list[object]]:
    """Return the cells of the sheet, row by row."""
    return [[cell.value for cell in row] for row in load_workbook(path)[sheet].iter_rows()]


def with_part(path: Path, name: str, content: bytes = b"x") -> None:
    """Put one more part into a workbook."""
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, content)


def changed_part(path: Path, name: str, old: bytes, new: bytes) -> None:
    """Write a part of a workbook anew."""
    with zipfile.ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    assert old in parts[name]
    parts[name] = parts[name].replace(old, new)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    path.write_bytes(made.getvalue())
