"""The header row of a CSV bank file: found, or missed in words that help."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process, utils

from flows.cells import read_date
from flows.errors import OperatorError, Place
from flows.language.sources import BankSource

if TYPE_CHECKING:
    from connectors.bank.table import Row

_WITHIN_ROWS = 60
_NAMES_SHOWN = 40
_ALIKE = 70.0
_DELIMITERS = ",;\t|"


def name_of(cell: str) -> str:
    """Return a column's name as it is compared: without case and spare blanks."""
    return " ".join(cell.split()).casefold()


def find_header(
    rows: Sequence[Row], spec: BankSource, *, file: str, source: str, certain: bool
) -> Row | None:
    """Return the first row that names every mapped column, once.

    Returns None for a file that does not look like a table of movements at all, unless it
    is *certain* that it should be one.

    Raises:
        OperatorError: A mapped column is missing or stands there twice.
    """
    wanted = _mapped(spec, source)
    head = rows[:_WITHIN_ROWS]
    best, best_hits = None, 1
    for row in head:
        names = [name_of(cell) for cell in row.cells]
        hits = sum(name_of(name) in names for name in wanted)
        if hits == len(wanted):
            _refuse_twins(names, wanted, row, file, source)
            return row
        if hits > best_hits:
            best, best_hits = row, hits
    best = best or above_movements(head, spec)
    if best is None and not certain:
        return None
    raise _missing(best, head, wanted, spec, file=file, source=source)


def _mapped(spec: BankSource, source: str) -> list[str]:
    if spec.columns is None:
        raise OperatorError(
            f"there are CSV files among the bank files, and sources.{source} has no `columns`",
            fix="say under `columns` which column holds the date and which the amount",
        )
    columns = spec.columns
    if not (columns.amount or columns.paid_in or columns.paid_out):
        raise OperatorError(
            f"sources.{source}.columns names no column for amounts",
            fix="add `amount`, or `paid_in` and `paid_out`",
        )
    return list(dict.fromkeys(name for name in columns.model_dump().values() if name))


def above_movements(head: Sequence[Row], spec: BankSource) -> Row | None:
    """Return the row just above the first one with a date, if it may be a header.

    Errors name the cells of a header, so no row that may hold values is taken for one.
    """
    for above, row in itertools.pairwise(head):
        if any(read_date(cell, spec.dates) for cell in row.cells):
            alike = len(above.cells) == len(row.cells) > 1
            return above if alike and not re.search(r"\d", "".join(above.cells)) else None
    return None


def _refuse_twins(
    names: Sequence[str], wanted: Sequence[str], row: Row, file: str, source: str
) -> None:
    for name in wanted:
        if names.count(name_of(name)) > 1:
            raise OperatorError(
                f"the column '{name}' of sources.{source} stands there twice",
                fix="rename one of the two in the file, or map another column",
                where=Place(file, row.line, 1),
            )


def _missing(
    best: Row | None,
    head: Sequence[Row],
    wanted: Sequence[str],
    spec: BankSource,
    *,
    file: str,
    source: str,
) -> OperatorError:
    if best is None:
        return OperatorError(
            f"no row names the columns of sources.{source}: {_listed(wanted)}",
            fix=_delimiter_hint(head, wanted, spec)
            or "check that the file has a header row, and `columns` and `delimiter`",
            where=Place(file, 1, 1),
        )
    names = [name_of(cell) for cell in best.cells]
    missing = [name for name in wanted if name_of(name) not in names]
    nearest = [_nearest(name, best.cells) for name in missing]
    hints = [
        f"did you mean '{n}' for '{m}'?" for m, n in zip(missing, nearest, strict=True) if n
    ]
    shown = [cell for cell in best.cells if cell][:_NAMES_SHOWN]
    return OperatorError(
        f"sources.{source} maps {_listed(missing)}, and the file has no such column",
        fix=" ".join([*hints, f"the columns are {_listed(shown)}"]),
        where=Place(file, best.line, 1),
    )


def _delimiter_hint(head: Sequence[Row], wanted: Sequence[str], spec: BankSource) -> str:
    names = {name_of(name) for name in wanted}
    for row in head:
        line = spec.delimiter.join(row.cells)
        for sign in _DELIMITERS:
            if names <= {name_of(cell.strip('"')) for cell in line.split(sign)}:
                return f"the columns are there, set off by {sign!r}: correct `delimiter`"
    return ""


def _nearest(name: str, cells: Sequence[str]) -> str:
    found = process.extractOne(
        name, cells, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=_ALIKE
    )
    return str(found[0]) if found else ""


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
