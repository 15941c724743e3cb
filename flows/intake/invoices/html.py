"""An invoice from what a reader of its HTML sees, laid out by blanks."""

from __future__ import annotations

from flows.intake.invoices.layout import words_of_text
from flows.intake.invoices.pages import invoice_of, speaks_of_invoice
from flows.intake.invoices.reading import InvoiceDocument


def invoice_in_text(text: str) -> InvoiceDocument | None:
    """Return the invoice in *text* as `flows.intake.html` gives it, or None where it is none.

    Places are offsets into *text*.
    """
    return invoice_of(words_of_text(text), "html") if speaks_of_invoice(text) else None
