"""Small PDF pages of chosen words at chosen places, for what one rule is about."""

from __future__ import annotations

from collections.abc import Iterable

from fpdf import FPDF

from flows.intake.invoices.reading import InvoiceDocument
from flows.intake.reader_process import read_here

Line = str | tuple[str, ...]
COLUMNS = (50, 300, 400, 500)


def page(lines: Iterable[Line]) -> bytes:
    """Return a PDF with a line of text each, or of cells in columns."""
    pdf = FPDF(unit="pt", format="a4")
    pdf.core_fonts_encoding = "windows-1252"
    pdf.set_auto_page_break(False)
    pdf.add_page()
    pdf.set_font("Helvetica", size=9)
    for n, line in enumerate(lines):
        for column, text in zip(
            COLUMNS, (line,) if isinstance(line, str) else line, strict=False
        ):
            pdf.text(column, 50 + 15 * n, text)
    return bytes(pdf.output())


def read(lines: Iterable[Line]) -> InvoiceDocument | None:
    """Return what is read of such a page."""
    return read_here("pdf", page(lines)).invoice


def value(found: object) -> object:
    """Return the value of what was found, or None."""
    return getattr(found, "value", None)
