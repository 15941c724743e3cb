"""Outlet of `row.append` into a table of a workbook on a disk."""

from __future__ import annotations

import asyncio
import fcntl
import io
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connectors.workbook.appending import cells_of, fitted
from connectors.workbook.files import shown
from connectors.workbook.grid import Grid, grid_of
from connectors.workbook.keeping import unkept
from flows.errors import AdministratorError, OperatorError, TransientError
from flows.intake.archives import Archive
from flows.language.sources import WorkbookSource
from flows.model import Output
from flows.workbooks import MOST_BYTES, NoTable, checked

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell

_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
State = tuple[int, int, int]


class WorkbookFileRows:
    """Appends rows to the table of one workbook; several processes may.

    The key column tells which outputs are in. The file is replaced in one step, never while
    Excel or LibreOffice has it open, and not at all where openpyxl would lose some of it.
    """

    def __init__(self, spec: WorkbookSource, root: Path) -> None:
        self._spec, self._path = spec, root / (spec.path or "")

    @property
    def uses(self) -> frozenset[str]:
        """Return the step whose outputs it takes."""
        return frozenset({"row.append"})

    def receiver(self, output: Output) -> str:
        """Return who is told: those who open the workbook."""
        return f"{output.into}: a workbook"

    async def deliver(self, output: Output) -> str:
        """Append the row, unless it is in, and return the path of the workbook.

        Raises:
            TransientError: Somebody has the workbook open, or saved it meanwhile.
            OperatorError: It has no such table or columns, or would lose something.
            AdministratorError: The disk refused.
        """
        await asyncio.to_thread(self._append, output)
        return str(self._path)

    def _append(self, output: Output) -> None:
        # Of a link, what it leads to is replaced, and Excel's lock lies beside that.
        path, where = self._path.resolve(), shown(self._path)
        with _disk_trouble(where), _locked(path):
            _refuse_while_open(path)
            content, state = _read(path)
            _check(content, where)
            workbook = _loaded(content, where)
            grid = grid_of(workbook, self._spec, where)
            if grid.holds(output.id):
                return
            row = fitted(cells_of(output), output.id, self._spec, grid.columns, where)
            _write_row(grid, row)
            workbook.calculation.fullCalcOnLoad = True
            _replace(path, _saved(workbook), state)


def _write_row(grid: Grid, row: Mapping[int, str | float]) -> None:
    number = grid.grow()
    for at in range(len(grid.columns)):
        cell, above = grid.cell(number, at), grid.cell(number - 1, at)
        if number - 1 > grid.header:
            cell._style = copy(above._style)  # noqa: SLF001 - openpyxl has no other name for it
        if at in row:
            _set(cell, row[at])


def _set(cell: Cell, value: str | float) -> None:
    """Write a number, or a text that Excel will never take for a formula."""
    if isinstance(value, str):
        cell.value = _FORBIDDEN.sub("", value)
        cell.data_type = "s"
        cell.quotePrefix = True
    else:
        cell.value = value
        cell.quotePrefix = False  # the cell above may have been text


@contextmanager
def _disk_trouble(where: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise AdministratorError(
            f"cannot write to {where}: {reason}",
            fix="let the user that runs JigAjob write there, or make room on the disk",
        ) from None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep every other process and thread of ours out of the block."""
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "is not there"
        raise OperatorError(
            f"rows cannot be added: {shown(path)} {what}",
            fix="let `path` name one workbook that has the table, with its header row",
        )
    with path.with_name(f".{path.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the file is closed
        yield


def _refuse_while_open(path: Path) -> None:
    for lock in (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#"):
        if path.with_name(lock).exists():
            raise TransientError(
                f"somebody has {shown(path)} open; the row is added once it is closed",
                fix=f"close it, or delete {shown(lock)} beside it if a crash left that behind",
            )


def _read(path: Path) -> tuple[bytes, State]:
    with path.open("rb") as stream:
        found = os.fstat(stream.fileno())
        return stream.read(MOST_BYTES + 1), (found.st_ino, found.st_size, found.st_mtime_ns)


def _check(content: bytes, where: str) -> None:
    """Refuse what cannot be read within bounds, and what would come out poorer."""
    try:
        checked(content)
    except NoTable:
        raise OperatorError(
            f"{where} cannot be read: it is broken, locked by a password, or too large",
            fix="open it in Excel and save it anew as an .xlsx file",
        ) from None
    if lost := unkept(Archive(content)):
        raise OperatorError(
            f"{where} holds {', '.join(lost)}, which would be lost if a row were added",
            fix="keep the table in a plain workbook of its own, and let those look at it there;"
            " or put this one on OneDrive, and name it by `address` and `file`",
        )


def _loaded(content: bytes, where: str) -> Workbook:
    import openpyxl  # noqa: PLC0415 - loaded where a workbook is written

    try:
        return openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
    except Exception as error:  # noqa: BLE001 - it names no errors for what it cannot take in
        raise OperatorError(
            f"{where} cannot be written anew ({type(error).__name__})",
            fix="open it in Excel and save it anew as an .xlsx file",
        ) from None


def _saved(workbook: Workbook) -> bytes:
    made = io.BytesIO()
    workbook.save(made)
    return made.getvalue()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def _replace(path: Path, content: bytes, state: State) -> None:
    """Put *content* in the file's place, unless somebody has saved it or opened it since."""
    draft = path.with_name(f".{path.name}.part")
    with open(draft, "wb", opener=_private) as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    shutil.copymode(path, draft)
    _refuse_while_open(path)
    found = path.stat()
    if (found.st_ino, found.st_size, found.st_mtime_ns) != state:
        raise TransientError(f"{shown(path)} was saved by somebody else just now")
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
