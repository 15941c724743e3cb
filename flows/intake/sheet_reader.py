"""The text of spreadsheets: cells, hidden sheets, comments; values, never formulas."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from flows.intake.archives import Archive
from flows.intake.people_columns import people_list, told
from flows.intake.reading import MOST_TEXT, Reading, Unreadable, reading, unread
from flows.intake.word_reader import Found, note_contents, read_properties
from flows.intake.xml_events import xml_events

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

MOST_ROWS: Final = 5_000
MOST_SHEETS: Final = 60
MOST_CELL: Final = 2_000
NAMES: Final = "names given to cells"
LOCKED: Final = "it is protected by a password"

_COMMENTS = re.compile(r"xl/(?:comments/?|threadedComments/|drawings/drawing)[^/]{0,80}\.xml")
_PERSONS = re.compile(r"xl/persons/[^/]{1,80}\.xml")


def read_sheets(content: bytes, archive: Archive | None) -> Reading:
    """Return the cells of a workbook (XLSX, XLSB, XLS, ODS) as lines with tabs between cells.

    Hidden sheets come last and are called so. A sheet that is a list of people has a line
    per row in which each value stands behind its column's word. Comments follow the cells.
    Names of cells, macros, pictures and properties are left out, and said so.

    Raises:
        Unreadable: No text can be had of it.
    """
    if archive is not None:
        archive.check()  # the reader of cells trusts the sizes that the file declares
    found = Found()
    texts = list(_sheets(_workbook(content), found))
    if archive is not None:
        texts += list(_comments(archive, found))
        read_properties(archive, found)
        note_contents(archive, found)
    text = "\n\n".join(text for text in texts if text)
    if not text:
        return unread("the workbook holds no text", withheld=tuple(found.withheld))
    return reading(text, withheld=found.withheld, people=found.people)


def _workbook(content: bytes) -> CalamineWorkbook:
    import python_calamine as calamine  # noqa: PLC0415 - only the reader process needs it

    try:
        return calamine.CalamineWorkbook.from_object(io.BytesIO(content))
    except calamine.PasswordError:
        raise Unreadable(LOCKED) from None
    except (calamine.CalamineError, OSError, ValueError):
        raise Unreadable("the workbook is broken") from None


def _sheets(workbook: CalamineWorkbook, found: Found) -> Iterator[str]:
    from python_calamine import (  # noqa: PLC0415 - only the reader process needs it
        CalamineError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    from anonymizer.text.file_names import spread  # noqa: PLC0415 - as above

    size = 0
    # Sorting is stable: within the shown and the hidden ones the order stays.
    every = sorted(
        enumerate(workbook.sheets_metadata[:MOST_SHEETS]),
        key=lambda each: each[1].visible != SheetVisibleEnum.Visible,
    )
    for number, about in every:
        if about.typ is not SheetTypeEnum.WorkSheet or size > MOST_TEXT:
            continue
        try:
            text = "\n".join(_lines(workbook.get_sheet_by_index(number), found))
        except (CalamineError, ValueError, IndexError):
            continue
        if text:
            hidden = "" if about.visible == SheetVisibleEnum.Visible else "hidden "
            yield f"[{hidden}sheet {spread(about.name[:100]).text}]\n{text}"
            size += len(text)


def _lines(sheet: CalamineSheet, found: Found) -> Iterator[str]:
    rows: list[list[str]] = []
    size = 0
    for values in islice(sheet.iter_rows(), MOST_ROWS):
        row = [_shown(value) for value in values[:1_000]]
        while row and not row[-1]:
            row.pop()
        if not row:
            continue
        rows.append(row)
        size += sum(map(len, row)) + len(row)
        if size > MOST_TEXT:
            break
    if listed := people_list(rows):
        found.people.update(dict.fromkeys(listed.people))
        found.withheld.update(dict.fromkeys(listed.withheld))
        yield from told(rows, listed)
        return
    for row in rows:
        yield "\t".join(row)


def _shown(value: object) -> str:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return f"{value:.10g}"
        case datetime.datetime():
            midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
            return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
        case datetime.date() | datetime.time():
            return value.isoformat()
        case _:
            return " ".join(str(value)[:MOST_CELL].split())


def _comments(archive: Archive, found: Found) -> Iterator[str]:
    """Yield the comments and text boxes of an XLSX file, and note who wrote them."""
    for name in archive.names:
        if name == "xl/workbook.xml":
            _note_names(archive, found)
        elif _PERSONS.fullmatch(name):
            for event in xml_events(archive.pieces(name)):
                if event.name == "person" and event.kind == "start":
                    found.name(event.attributes.get("displayName"))
        elif _COMMENTS.fullmatch(name):
            yield from _boxes(archive, name, found)


def _boxes(archive: Archive, name: str, found: Found) -> Iterator[str]:
    kind = "text box" if "drawing" in name else "comment"
    text, inside, author = "", False, False
    for event in xml_events(archive.pieces(name)):
        if event.kind == "text":
            text += event.text if inside and len(text) <= MOST_TEXT else ""
            if author:
                found.name(event.text)
            continue
        started = event.kind == "start"
        if event.name in ("t", "text") and (event.name == "t" or "threaded" in name):
            inside = started
        elif event.name == "author":
            author = started
        if not started and event.name in ("comment", "threadedComment", "txBody"):
            if text.strip():
                yield f"[{kind}] {' '.join(text.split())}"
            text = ""


def _note_names(archive: Archive, found: Found) -> None:
    for event in xml_events(archive.pieces("xl/workbook.xml")):
        if event.name == "definedName" and event.kind == "start":
            found.withheld[NAMES] = None
            return
