"""An invoice from the words of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from flows.intake.invoices import facts, parties, sums, table
from flows.intake.invoices.check import PROVEN, checked, lines_make, upright
from flows.intake.invoices.figures import fold
from flows.intake.invoices.labelled import Page
from flows.intake.invoices.labels import CREDIT_WORDS
from flows.intake.invoices.layout import Word, rows_of
from flows.intake.invoices.reading import Form, Found, InvoiceDocument, InvoiceLine

SEVERAL_NUMBERS: Final = "several invoice numbers were found"
SEVERAL_TOTALS: Final = "several totals were found"


_CALLED: Final = re.compile(
    r"invoice|bill no|credit (?:note|memo)|rechnung|gutschrift|factuu?r|avoir|rectificativa|"
    r"nota de (?:credito|abono)|creditnota|creditfactuur"
)


def speaks_of_invoice(text: str) -> bool:
    """Return whether *text* has a word for an invoice: without, its layout is not looked at."""
    return _CALLED.search(fold(text)) is not None


def invoice_of(words: Iterable[Word], form: Form) -> InvoiceDocument | None:
    """Return the invoice that *words* make, or None where they are none.

    An invoice is what is called one, or a credit note, and names its number or a sum.
    """
    rows = rows_of(words)
    heads = table.heads(rows)
    page = Page(rows, heads)
    if not any(page.of("title", "credit", "number")):
        return None
    lines = table.lines(page)
    named = sums.candidates(page, lines)
    currency = sums.currency_in(page, named)
    code = currency.value if currency is not None else ""
    found = sums.resolve(named, code)
    number, several = facts.number(page)
    doubts = [SEVERAL_NUMBERS] * several + [SEVERAL_TOTALS] * found.several
    invoice = InvoiceDocument(
        form=form,
        credit=_is_credit(page),
        number=number,
        currency=currency,
        net=found.net,
        tax=found.tax,
        gross=found.gross,
        paid=found.paid,
        payable=found.payable,
        discount=found.discount,
        charges=found.charges,
        taxes=found.taxes,
        accounts=facts.accounts(cell for row in rows for cell in row.cells),
        reference=facts.reference(page),
        doubts=tuple(doubts),
    )
    if not invoice.says_something:
        return None
    invoice = _with_people(_with_days(invoice, page, code), page)
    return checked(upright(_with_lines(invoice, page, tuple(lines.values()))))


def _is_credit(page: Page) -> bool:
    numbers = (label.words for label in page.of("number"))
    return any(page.of("credit")) or any(CREDIT_WORDS.search(words) for words in numbers)


def _with_days(invoice: InvoiceDocument, page: Page, currency: str) -> InvoiceDocument:
    calendar = facts.Calendar(page, currency)
    issued, due = calendar.labelled(page, "issued"), calendar.labelled(page, "due")
    if due is None:
        due = facts.due_by_terms(page, issued)
    return replace(invoice, issued=issued, due=due)


def _with_people(invoice: InvoiceDocument, page: Page) -> InvoiceDocument:
    customer, taken = parties.customer(page)
    supplier = parties.supplier(page, customer, taken)
    ids = (
        found
        for label, found in facts.tax_ids(page)
        if not parties.within(page, label.cell, taken)  # the customer's own
    )
    tax_id = next(ids, None)
    return replace(invoice, customer=customer, supplier=supplier, supplier_tax_id=tax_id)


def _with_lines(
    invoice: InvoiceDocument, page: Page, lines: tuple[Found[InvoiceLine], ...]
) -> InvoiceDocument:
    tabled = replace(invoice, lines=lines)
    if tabled.lines and lines_make(tabled) is not False:
        return _proven(tabled)
    loose = replace(invoice, lines=tuple(table.loose_lines(page))[: table.MOST_LINES])
    if lines_make(loose):
        return _proven(loose)
    return tabled


def _proven(invoice: InvoiceDocument) -> InvoiceDocument:
    """Return *invoice* with a sure total where nothing but its lines makes it."""
    gross = invoice.gross
    if gross is None or invoice.net is not None or not lines_make(invoice):
        return invoice
    return replace(invoice, gross=replace(gross, confidence=max(gross.confidence, PROVEN)))
