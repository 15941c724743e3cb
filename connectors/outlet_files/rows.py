"""Outlet of `row.append`: CSV tables that open in a spreadsheet."""

from __future__ import annotations

import asyncio
import csv
import io
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from connectors.outlet_files.private import (
    append_private,
    disk_trouble,
    locked,
    stem_of,
    write_private,
)
from flows.errors import OperatorError
from flows.model import Output
from flows.steps.row import ROW_ID

_BOM: Final = b"\xef\xbb\xbf"
# What a spreadsheet would work out instead of show: the signs, also wide and small ones, and
# what it skips before them, seen or unseen.
# Source: https://owasp.org/www-community/attacks/CSV_Injection
_SIGNS: Final = r"=+@\-\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
_UNSEEN: Final = r"\s\0-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_FORMULA: Final = re.compile(rf"^([{_UNSEEN}]*)(?=[{_SIGNS}])|^(?=[\t\r\n])")
# Where a list separator of another country or a line end lets a cell begin anew.
_INNER_FORMULA: Final = re.compile(
    rf"([;\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029][{_UNSEEN}]*)(?=[{_SIGNS}])"
)
_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)*")


@dataclass(slots=True)
class _Table:
    """What is known of one file: its columns, the ids of its rows, and its state on disk."""

    columns: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    state: tuple[int, int, int] = (0, 0, 0)


class CsvRows:
    """Appends rows to `<table>.csv` in *folder*; several processes may.

    The last column, `output_id`, tells which outputs are in. Columns that a flow adds later
    are added to the table, which is then written anew; columns that it drops stay, empty
    from then on. Rows that people add or change in a spreadsheet stay as they are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tables: dict[str, _Table] = {}

    @property
    def uses(self) -> frozenset[str]:
        """Return the step whose outputs it takes."""
        return frozenset({"row.append"})

    async def deliver(self, output: Output) -> str:
        """Append the row, and return the path of its table.

        Raises:
            OperatorError: The file is no table of ours: its own column is gone.
            AdministratorError: The disk refused.
        """
        (path,) = await self.deliver_all([output])
        return path

    async def deliver_all(self, outputs: Sequence[Output]) -> Sequence[str]:
        """Append the rows, and return the path of the table of each.

        Raises:
            OperatorError, AdministratorError: As `deliver`.
        """
        paths = [self._path(output) for output in outputs]
        for path in dict.fromkeys(paths):
            rows = [each for each, its in zip(outputs, paths, strict=True) if its == path]
            await asyncio.to_thread(self._append, path, rows)
        return [str(path) for path in paths]

    def _path(self, output: Output) -> Path:
        return self._folder / f"{stem_of(str(output.body.get('table', '')))}.csv"

    def _append(self, path: Path, outputs: Sequence[Output]) -> None:
        with disk_trouble(self._folder), locked(path):
            table = self._table(path, outputs[0].id)
            rows = {each.id: _cells(each) for each in outputs if each.id not in table.ids}
            if not rows:
                return
            names = dict.fromkeys(name for cells in rows.values() for name in cells)
            new = [name for name in names if name not in table.columns]
            if new:
                _widen(path, table, new)
            lines = [
                [row_id if name == ROW_ID else cells.get(name, "") for name in table.columns]
                for row_id, cells in rows.items()
            ]
            append_private(path, _encode(lines), size=path.stat().st_size)
            table.ids.update(rows)
            table.state = _state(path)

    def _table(self, path: Path, row_id: str) -> _Table:
        """What is in the file; read anew only if somebody else wrote to it."""
        table = self._tables.get(path.name)
        if table is None or not path.exists() or _state(path) != table.state:
            _mend(path, len(row_id))
            table = self._tables[path.name] = _read(path)
        return table


def _state(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _cells(output: Output) -> dict[str, str]:
    """The cells by column, defused, in the order in which the step names them."""
    cells, order = output.body.get("cells"), output.body.get("columns")
    if not isinstance(cells, Mapping):
        return {}
    listed = [str(name) for name in order] if isinstance(order, Sequence) else []
    names = [*(name for name in listed if name in cells), *cells]
    return {_defused(str(name)): _defused(str(cells[name])) for name in dict.fromkeys(names)}


def _defused(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    cell = cell.encode("utf-8", "replace").decode().replace("\x00", "")
    if _NUMBER.fullmatch(cell):
        return cell
    return _INNER_FORMULA.sub(r"\1'", _FORMULA.sub(lambda found: f"{found[1] or ''}'", cell))


def _encode(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _rows(data: bytes) -> list[list[str]]:
    text = data.removeprefix(_BOM).decode("utf-8", "surrogateescape")
    # A cell may be longer than the reader expects; ours are bounded by the step.
    csv.field_size_limit(1 << 24)
    return [row for row in csv.reader(io.StringIO(text, newline="")) if row]


def _read(path: Path) -> _Table:
    if not path.exists() or not (rows := _rows(path.read_bytes())):
        return _Table()
    columns = rows[0]
    if ROW_ID not in columns:
        raise OperatorError(
            f"the table {path} has lost its column {ROW_ID!r} that tells its rows apart",
            fix="move the file away; the next row begins a new one",
        )
    place = columns.index(ROW_ID)
    ids = {row[place] for row in rows[1:] if len(row) > place}
    return _Table(columns=columns, ids=ids, state=_state(path))


def _widen(path: Path, table: _Table, new: Sequence[str]) -> None:
    """Write the table anew with more columns before the last one, in one step."""
    rows = _rows(path.read_bytes()) if path.exists() else []
    old = [name for name in table.columns if name != ROW_ID]
    columns = [*old, *new, ROW_ID]
    wide = [columns]
    for row in rows[1:]:
        named = dict(zip(table.columns, row, strict=False))
        extra = row[len(table.columns) :]  # cells that a person added beyond the last column
        wide.append([*(named.get(name, "") for name in columns), *extra])
    # Spreadsheets take a file without the mark for the encoding of their country.
    write_private(path, _BOM + _bytes_of(wide))
    table.columns = columns


def _bytes_of(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8", "surrogateescape")


def _mend(path: Path, id_length: int) -> None:
    """Take a row that a crash tore out of the table; it is kept beside it, in `.torn`.

    The last cell of a row is the id, so a row that ends in a whole id only lacks its line
    end. What does not begin as our rows do was written by somebody else, and stays.
    """
    data = path.read_bytes() if path.exists() else b""
    end = _end_of_last_row(data)
    tail, rows = data[end:], _rows(data[end:])
    if not tail:
        return
    columns = next(iter(_rows(data[:end])), [])
    closed = tail.count(b'"') % 2 == 0
    whole = len(rows) == 1 and len(rows[0]) == len(columns) and len(rows[0][-1]) == id_length
    if not tail.startswith(b'"') or len(rows) > 1 or (whole and closed):
        if not tail.endswith(b"\n"):
            missing = b"\n" if tail.endswith(b"\r") else b"\r\n"
            append_private(path, missing, size=len(data))
        return
    torn = path.with_name(path.name + ".torn")
    append_private(torn, tail + b"\r\n", size=torn.stat().st_size if torn.exists() else 0)
    os.truncate(path, end)


def _end_of_last_row(data: bytes) -> int:
    """Where the last whole row ends: at a line end outside quotes, which come in pairs."""
    quotes, end = data.count(b'"'), len(data)
    if data.endswith(b"\n") and quotes % 2 == 0:
        return end
    while (line_end := data.rfind(b"\n", 0, end)) >= 0:
        quotes -= data.count(b'"', line_end, end)
        if quotes % 2 == 0:
            return line_end + 1
        end = line_end
    return 0
