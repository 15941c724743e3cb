"""The text of PDF files, by pdfium: to be called in the reader process only.

pdfium is C++ and is not thread-safe, and PDF is what attackers send.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from flows.intake.invoices.pdf import invoice_in_pdf
from flows.intake.invoices.reading import InvoiceDocument
from flows.intake.pdf_notes import form_and_notes
from flows.intake.reading import MOST_TEXT, Reading, Unreadable, party, reading, unread

if TYPE_CHECKING:
    import pypdfium2

MOST_PAGES: Final = 30
PROPERTIES: Final = "its author and other properties"
EMBEDDED: Final = "files embedded in it"
FORMS: Final = "what is written into the form of the PDF was not read"


def read_pdf(content: bytes) -> Reading:
    """Return the text of a PDF of up to 30 pages, in this process: pdfium may take it down.

    Raises:
        Unreadable: It is broken, encrypted or holds no text.
    """
    with contextlib.closing(_opened(content)) as document:
        # An XFA form keeps what is written into it in XML that pdfium does not show.
        xfa = document.get_formtype() > 1
        document.init_forms()
        text, problem = _pages(document)
        notes, people, left_out = form_and_notes(document, min(len(document), MOST_PAGES))
        invoice = _invoice(document, text)
        about = document.get_metadata_dict(skip_empty=True)
        embedded = document.count_attachments() > 0
    if author := party(about.get("Author")):
        people = (*people, author)
    text = "\n".join(filter(None, (text, *notes)))
    withheld = (
        *left_out,
        *((PROPERTIES,) if about else ()),
        *((EMBEDDED,) if embedded else ()),
    )
    if not text.strip():
        nothing = unread(problem or "the PDF holds no text, only pictures", withheld=withheld)
        return replace(nothing, invoice=invoice)
    return reading(
        text,
        problem=problem or (FORMS if xfa else ""),
        withheld=withheld,
        people=people,
        invoice=invoice,
    )


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    import pypdfium2  # noqa: PLC0415 - only the reader process needs it

    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        what = "the PDF is encrypted" if locked else "the PDF is broken"
        raise Unreadable(what) from None


def _invoice(document: pypdfium2.PdfDocument, text: str) -> InvoiceDocument | None:
    """Return the invoice in a PDF; whatever trips its reader costs no more than that."""
    try:
        return invoice_in_pdf(document, text, pages=MOST_PAGES)
    except Exception:  # noqa: BLE001 - the text of the file is worth more than its fields
        return None


def _pages(document: pypdfium2.PdfDocument) -> tuple[str, str]:
    """Return the text of the pages, and why it is not all."""
    import pypdfium2  # noqa: PLC0415 - as above

    texts: list[str] = []
    size = 0
    for number in range(min(len(document), MOST_PAGES)):
        try:
            with (
                contextlib.closing(document[number]) as page,
                contextlib.closing(page.get_textpage()) as textpage,
            ):
                texts.append(textpage.get_text_bounded(errors="replace"))
        except pypdfium2.PdfiumError:
            return _joined(texts), "some pages of the PDF are broken"
        size += len(texts[-1])
        if size > MOST_TEXT:
            return _joined(texts)[:MOST_TEXT], "only the start of the PDF was read"
    rest = len(document) > MOST_PAGES
    return _joined(texts), "only the start of the PDF was read" if rest else ""


def _joined(texts: list[str]) -> str:
    return "\n".join(texts).replace("\r\n", "\n")
