"""The invoice in a PDF: its embedded XML and its pages. For the reader process alone."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from flows.intake.invoices.agree import agreed
from flows.intake.invoices.layout import MOST_WORDS, Word, words_of_page
from flows.intake.invoices.pages import invoice_of, speaks_of_invoice
from flows.intake.invoices.reading import InvoiceDocument
from flows.intake.invoices.xml import LARGEST, invoice_in_xml, looks_like
from flows.intake.reading import Unreadable

if TYPE_CHECKING:
    import pypdfium2

MOST_FILES: Final = 20
NAMES: Final = frozenset(
    {"factur-x.xml", "zugferd-invoice.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml"}
)
"""Names that the standards give. Source: Factur-X 1.0 section 6.2.2, ZUGFeRD 2 section 6."""

UNREAD: Final = "the XML embedded in it cannot be read"


def invoice_in_pdf(
    document: pypdfium2.PdfDocument, text: str, *, pages: int
) -> InvoiceDocument | None:
    """Return the invoice in the first *pages* pages of *document*, or None where it is none.

    *text* is theirs. XML that is embedded is believed before the pages, if both tell the same.
    """
    stated, broken = _embedded(document)
    seen = None
    if speaks_of_invoice(text):
        seen = invoice_of(_words(document, pages), "pdf")
    if stated is not None:
        return agreed(stated, seen)
    if seen is not None and broken:
        return seen.doubted(UNREAD)
    return seen


def _embedded(document: pypdfium2.PdfDocument) -> tuple[InvoiceDocument | None, bool]:
    """Return the invoice in the files embedded, and whether one was there but is broken."""
    broken = False
    for number in range(min(document.count_attachments(), MOST_FILES)):
        attached = document.get_attachment(number)
        name = attached.get_name()
        if not name.lower().endswith(".xml"):
            continue
        content = bytes(attached.get_data())
        if not looks_like(content):
            broken = broken or len(content) > LARGEST
            continue
        try:
            # Any other name is the sender's, and may be somebody's.
            found = invoice_in_xml(content, file=name if name in NAMES else "embedded.xml")
        except Unreadable:
            broken = True
            continue
        if found is not None:
            return found, False
    return None, broken


def _words(document: pypdfium2.PdfDocument, pages: int) -> list[Word]:
    import pypdfium2  # noqa: PLC0415 - only the reader process needs it

    words: list[Word] = []
    for number in range(min(len(document), pages)):
        if len(words) >= MOST_WORDS:
            break
        # A broken page is told by the reader of its text.
        with (
            contextlib.suppress(pypdfium2.PdfiumError),
            contextlib.closing(document[number]) as page,
            contextlib.closing(page.get_textpage()) as textpage,
        ):
            words += words_of_page(page, textpage, number + 1, most=MOST_WORDS - len(words))
    return words
