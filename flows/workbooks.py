"""Excel workbooks opened in bounds: no bombs, no entities, no rectangle too large to hold."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from flows.intake.archives import Archive
from flows.intake.reading import Unreadable
from flows.intake.xml_events import xml_events

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

SINCE_1900: Final = date(1899, 12, 30)
SINCE_1904: Final = date(1904, 1, 1)
"""Day 0 of the two ways in which a workbook counts days.

Source: ECMA-376 part 1, 18.17.4.1 (from March 1900 on; earlier days are not read here)
"""

MOST_BYTES: Final = 64 << 20
_MOST_CELLS: Final = 5_000_000
"""The reader of cells holds a whole rectangle, however few of its cells are filled."""

_CELL: Final = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\br=["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_LONGEST_TAG: Final = 300


class NoTable(Exception):
    """A file gives no table; the argument is the reason, a short stable word."""


def checked(content: bytes) -> date:
    """Unpack the file once, in bounds, and return day 0 of the workbook.

    Raises:
        NoTable: It is no workbook, a bomb, or its cells would fill the memory.
    """
    if len(content) > MOST_BYTES:
        raise NoTable("too_large")
    try:
        archive = Archive(content)
        if "xl/workbook.xml" not in archive.names:
            raise NoTable("unreadable")
        for name in archive.names:
            _measure(archive.pieces(name))
        archive = Archive(content)
        for event in xml_events(archive.pieces("xl/workbook.xml")):
            if event.name == "workbookPr" and event.kind == "start":
                mac = event.attributes.get("date1904", "0") in {"1", "true"}
                return SINCE_1904 if mac else SINCE_1900
    except Unreadable:
        raise NoTable("unreadable") from None
    return SINCE_1900


def _measure(pieces: Iterator[bytes]) -> None:
    wide = deep = 0
    tail = b""
    for piece in pieces:
        tail += piece
        for match in _CELL.finditer(tail):
            wide = max(wide, _number(match[1]))
            deep = max(deep, int(match[2]))
        if wide * deep > _MOST_CELLS:
            raise NoTable("too_large")
        if b"<!DOCTYPE" in tail:
            raise NoTable("unreadable")  # entities could multiply; no office file has any
        tail = tail[-_LONGEST_TAG:]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def opened(content: bytes) -> CalamineWorkbook:
    """Return the workbook in *content*, which was `checked`; its tables are known by name."""
    import python_calamine  # noqa: PLC0415 - loaded where a workbook is read

    return python_calamine.CalamineWorkbook.from_object(io.BytesIO(content), load_tables=True)


def as_unreadable(error: BaseException) -> BaseException:
    """Return what a failure of the reader means; its panics are no plain exceptions."""
    import python_calamine  # noqa: PLC0415 - as above

    broken = (python_calamine.CalamineError, OSError, ValueError, IndexError)
    if isinstance(error, broken) or type(error).__name__ == "PanicException":
        return NoTable("unreadable")
    return error
