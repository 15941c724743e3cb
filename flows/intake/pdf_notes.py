"""What people wrote into a PDF: the fields of its form, and notes stuck onto its pages."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from flows.intake.people_columns import people_list, told
from flows.intake.reading import MOST_TEXT
from flows.model import Party

if TYPE_CHECKING:
    import pypdfium2

MOST_NOTES: Final = 500
LONGEST: Final = 10_000
"""Bytes of UTF-16 of one field or note; longer ones are left out."""

EMPTY: Final = frozenset({"", "Off"})


def form_and_notes(
    document: pypdfium2.PdfDocument, pages: int
) -> tuple[list[str], tuple[Party, ...], tuple[str, ...]]:
    """Return a line `name: value` for each filled field, then the notes.

    Then whom the fields name, and what was left out of them. *document* must have been
    given its forms (`init_forms`) before any page was opened.
    """
    fields: dict[str, str] = {}
    notes: dict[str, None] = {}
    size = 0
    for name, value in _annotations(document, pages):
        if value in EMPTY or size > MOST_TEXT:
            continue
        size += len(value)
        if name is None:
            notes[f"[comment] {' '.join(value.split())}"] = None
        else:
            fields[name] = value
    # A form that is filled in is a list of people with one row.
    rows = [list(fields), list(fields.values())]
    listed = people_list(rows)
    if listed is not None:
        lines = [line.replace("; ", "\n") for line in told(rows, listed)]
        return [*lines, *notes], listed.people, listed.withheld
    lines = [f"{name}: {value}" if name else value for name, value in fields.items()]
    return [*lines, *notes], (), ()


def _annotations(
    document: pypdfium2.PdfDocument, pages: int
) -> Iterator[tuple[str | None, str]]:
    """Yield (name, value) of form fields and (None, text) of notes, page by page."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 - only the reader process needs it

    from anonymizer.text.file_names import spread  # noqa: PLC0415 - as above

    noted = {pdfium.FPDF_ANNOT_TEXT, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_HIGHLIGHT}
    form = document.formenv
    for number in range(pages):
        with contextlib.closing(document[number]) as page:
            for at in range(min(pdfium.FPDFPage_GetAnnotCount(page), MOST_NOTES)):
                note = pdfium.FPDFPage_GetAnnot(page, at)
                kind = pdfium.FPDFAnnot_GetSubtype(note)
                if kind == pdfium.FPDF_ANNOT_WIDGET and form is not None:
                    name = _text(pdfium.FPDFAnnot_GetFormFieldName, form, note)
                    value = _text(pdfium.FPDFAnnot_GetFormFieldValue, form, note)
                    yield spread(name[:100]).text, value
                elif kind in noted:
                    yield None, _text(pdfium.FPDFAnnot_GetStringValue, note, b"Contents")
                pdfium.FPDFPage_CloseAnnot(note)


def _text(read: Callable[..., Any], *place: object) -> str:
    """Return a text of pdfium, which tells its length in bytes when it is given no room."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 - as above

    length = int(read(*place, None, 0))
    if not 2 < length <= LONGEST:  # noqa: PLR2004 - two bytes are the closing NUL alone
        return ""
    room = ctypes.create_string_buffer(length)
    read(*place, ctypes.cast(room, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    return room.raw[:length].decode("utf-16-le", "replace").rstrip("\0").strip()
