"""Workbooks on a disk: which files they are, and the table that is read of each."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connectors.workbook.table import MOST_ROWS, Row, Table, header_row, wanted
from flows.cells import tidy
from flows.errors import AdministratorError, OperatorError
from flows.language.sources import WorkbookSource
from flows.language.words import listed, nearest, quoted
from flows.workbooks import MOST_BYTES, NoTable, as_unreadable, checked, opened

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_ENDINGS: Final = (".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class WorkbookFile:
    """One file: its path for people, and its bytes, or the reason why there are none."""

    name: str
    content: bytes = field(repr=False)
    reason: str = ""

    def table(self, spec: WorkbookSource) -> Table:
        """Return the table that *spec* names: one of Excel's, else a sheet with a header.

        Formulas give the value that Excel saved with them. Of joined cells, the first has it.

        Raises:
            NoTable: `unreadable` (broken, locked, a bomb) or `too_large`.
            OperatorError: There is no such table or sheet, or it names not all columns.
        """
        if self.reason:
            raise NoTable(self.reason)
        since = checked(self.content)
        try:
            return self._read(opened(self.content), spec, since)
        except OperatorError:
            raise
        except BaseException as error:  # noqa: BLE001 - the reader's panics are no Exceptions
            raise as_unreadable(error) from None

    def _read(self, workbook: CalamineWorkbook, spec: WorkbookSource, since: date) -> Table:
        tables = workbook.table_names or []
        at = _chosen(spec.table, tables)
        if at:
            found = workbook.get_table_by_name(at)
            first = (found.start or (0, 0))[0] + 1
            rows: list[Row] = list(found.to_python())
            return _bounded(Table(self.name, tuple(found.columns), rows, first, since))
        sheet = _chosen(spec.table, workbook.sheet_names)
        if not sheet:
            raise self._no_such(spec.table, [*tables, *workbook.sheet_names])
        every: list[Row] = list(
            workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        )
        head = header_row(every, wanted(spec).values(), self.name)
        columns = tuple(str(cell) for cell in every[head])
        return _bounded(Table(self.name, columns, every[head + 1 :], head + 2, since))

    def _no_such(self, name: str, known: list[str]) -> OperatorError:
        meant = nearest(name, known)
        offer = f"did you mean {quoted(meant)}? " if meant else ""
        return OperatorError(
            f"{self.name} has no table and no sheet {quoted(name)}",
            fix=f"{offer}its tables and sheets are {listed(map(quoted, known))}",
        )


def load(path: Path) -> Iterator[WorkbookFile]:
    """Yield the workbooks below *path*, or *path* itself, in the order of their names.

    Names that begin with a dot or, as Excel's locks, with `~$` are left out; so are links.

    Raises:
        AdministratorError: The path is missing or closed to us.
    """
    for name, place in _found(path):
        file = _content(place, name)
        if file:
            yield file


def version(path: Path) -> str:
    """Return what changes whenever one of the workbooks does, without reading them.

    Raises:
        AdministratorError: The path is missing or closed to us.
    """
    told = hashlib.sha256()
    for name, place in _found(path):
        try:
            held = place.lstat()
        except OSError:
            continue
        known_by = name, held.st_ino, held.st_size, held.st_mtime_ns, held.st_ctime_ns
        told.update(repr(known_by).encode())
    return told.hexdigest()


def _found(path: Path) -> list[tuple[str, Path]]:
    """Return the name for people and the place of each workbook."""
    try:
        resolved = path.resolve(strict=True)
        if not resolved.is_dir():
            return [(resolved.name, resolved)]
        names = sorted(_names(resolved), key=os.fsencode)
    except (OSError, RuntimeError) as error:
        raise AdministratorError(
            f"the workbooks at {shown(path)} cannot be opened"
            f" ({getattr(error, 'strerror', None) or 'a loop of links'})",
            fix="mount them, correct `path` in flows.yaml, or let this user read them",
        ) from None
    return [(name, resolved / name) for name in names]


def shown(path: Path | str) -> str:
    """Return a path as valid text on one line."""
    return tidy(os.fsencode(path).decode("utf-8", "backslashreplace"))


def _names(folder: Path) -> Iterator[str]:
    def closed(error: OSError) -> None:
        raise error

    for top, directories, files in os.walk(folder, onerror=closed):
        directories[:] = [name for name in directories if not name.startswith(".")]
        for name in files:
            if name.lower().endswith(_ENDINGS) and not name.startswith((".", "~$")):
                yield os.path.relpath(Path(top, name), folder)


def _content(path: Path, name: str) -> WorkbookFile | None:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError:
        return WorkbookFile(shown(name), b"", "unreadable")
    return WorkbookFile(shown(name), content)


def _chosen(name: str, known: list[str]) -> str:
    """Return the known name that is meant; Excel does not mind the case."""
    return next((each for each in known if each.casefold() == name.casefold()), "")


def _bounded(table: Table) -> Table:
    if len(table.rows) > MOST_ROWS:
        raise NoTable("too_large")
    return table
