"""The figures of a release as CSV and as Parquet: the same rows, the same bytes each time."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet

from anonymizer.tables.columns import TidyRow, columns, last_edge, tidy
from anonymizer.tables.grid import Place
from anonymizer.tables.method import Method
from anonymizer.tables.release import Figure, Release

_NUMBERS: Final = ("value", "low", "high")


class BadTable(ValueError):
    """What stands in a file is no table of a release."""


def csv_of(release: Release, period: str) -> bytes:
    """Return the table in UTF-8 with a line of names; nothing stands where nothing is told."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TidyRow._fields)
    for row in tidy(release, period):
        writer.writerow("" if cell is None else cell for cell in row)
    return text.getvalue().encode()


def parquet_of(release: Release, period: str) -> bytes:
    """Return the table as Parquet; numbers as doubles, which hold ours exactly."""
    rows = tidy(release, period)
    types = {each.name: _TYPES[each.type] for each in columns(release.method)}
    arrays = [
        pa.array([_plain(row[at]) for row in rows], type=types[name])
        for at, name in enumerate(TidyRow._fields)
    ]
    content = io.BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, names=[*TidyRow._fields]), content)
    return content.getvalue()


_TYPES: Final = {"string": pa.string(), "number": pa.float64()}


def _plain(cell: str | Decimal | None) -> str | float | None:
    return float(cell) if isinstance(cell, Decimal) else cell


def csv_rows(content: bytes) -> list[TidyRow]:
    """Return the rows of a table that `csv_of` made.

    Raises:
        BadTable: It is none; the error tells the line.
    """
    try:
        lines = [*csv.reader(io.StringIO(content.decode(), newline=""), strict=True)]
    except (ValueError, csv.Error):
        raise BadTable("it is not CSV in UTF-8") from None
    if not lines or lines[0] != [*TidyRow._fields]:
        raise BadTable(f"its first line is not {','.join(TidyRow._fields)}")
    return [_row(number, cells) for number, cells in enumerate(lines[1:], 2)]


def _row(number: int, cells: Sequence[str]) -> TidyRow:
    if len(cells) != len(TidyRow._fields):
        raise BadTable(f"line {number} has {len(cells)} cells, not {len(TidyRow._fields)}")
    named: dict[str, Any] = dict(zip(TidyRow._fields, cells, strict=True))
    for name in _NUMBERS:
        try:
            named[name] = Decimal(named[name]) if named[name] else None
        except InvalidOperation:
            raise BadTable(f"line {number} has a {name} that is no number") from None
        if named[name] is not None and not named[name].is_finite():
            raise BadTable(f"line {number} has a {name} that is no number")
    return TidyRow(**named)


def parquet_rows(content: bytes) -> list[TidyRow]:
    """Return the rows of a table that `parquet_of` made.

    Raises:
        BadTable: It is none.
    """
    try:
        found = parquet.read_table(pa.BufferReader(content))
        if found.column_names != [*TidyRow._fields]:
            raise BadTable("its columns are others than those of a release")
        rows = found.to_pylist()
    except (pa.ArrowException, OSError):
        raise BadTable("it is not Parquet") from None
    for row in rows:
        for name in _NUMBERS:
            row[name] = None if row[name] is None else Decimal(repr(row[name]))
    return [TidyRow(**row) for row in rows]


def release_of(rows: Sequence[TidyRow], method: Method, *, sufficient: bool) -> Release:
    """Return the release of which `tidy` made these rows."""
    ends = {each.name: last_edge(each) for each in method.measures}
    figures = tuple(
        Figure(
            place=Place(row.industry, row.region),
            measure=row.measure,
            bucket=row.bucket,
            status="A" if row.status == "A" else "S",
            value=row.value,
            low=row.low,
            high=_upper_end(row, ends.get(row.measure)),
        )
        for row in rows
    )
    return Release(method=method, figures=figures, sufficient=sufficient)


def _upper_end(row: TidyRow, last_edge: int | None) -> Decimal | None:
    if row.high is None and row.value is not None and last_edge is not None:
        return Decimal(f"{last_edge}.0")  # with its digit, as medians have it
    return row.high
