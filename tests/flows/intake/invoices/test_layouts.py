"""Fields of PDF invoices are read from where they stand, whatever the layout."""

from __future__ import annotations

import io
from decimal import Decimal

import pypdfium2
import pytest

from flows.intake.html import read_html
from flows.intake.invoices.html import invoice_in_text
from flows.intake.invoices.reading import InvoiceDocument
from flows.intake.reader_process import read_here
from tests.bench.invoices import asked, told, truth
from tests.flows.intake.invoices.layouts import PAPERS
from tests.flows.intake.invoices.layouts_held_out import HELD_OUT
from tests.flows.intake.invoices.statements import html

SEEN = [(name, n) for name, (_, papers) in PAPERS.items() for n in range(len(papers))]
ASIDE = [(name, n) for name, (_, papers) in HELD_OUT.items() for n in range(len(papers))]


def drawn(papers, name, number):
    draw, of = papers[name]
    return of[number], bytes(draw(of[number]).output())


def read(content: bytes) -> InvoiceDocument | None:
    return read_here("pdf", content).invoice


@pytest.mark.parametrize(("name", "number"), SEEN)
def test_every_field_of_a_known_layout_is_read(name, number):
    """Stamps, carried sums, deposits, two rates and scanned order lead to no other value."""
    paper, content = drawn(PAPERS, name, number)
    invoice = read(content)
    assert dict(told(invoice)) == dict(truth(paper))
    assert not asked(invoice)


@pytest.mark.parametrize(("name", "number"), ASIDE)
def test_of_a_layout_never_seen_nothing_wrong_is_acted_upon(name, number):
    """Number and amount are right, or a person is asked."""
    paper, content = drawn(HELD_OUT, name, number)
    invoice = read(content)
    found, right = told(invoice), truth(paper)
    assert asked(invoice) or [found["number"], found["payable"]] == [
        right["number"],
        right["payable"],
    ]


@pytest.mark.parametrize("name", ["ruled", "boxes", "scanned"])
def test_the_place_of_a_value_is_where_it_is_printed(name):
    """What stands in the box, cut from the page, is the value."""
    paper, content = drawn(PAPERS, name, 0)
    invoice = read(content)
    assert invoice is not None
    assert invoice.number is not None
    left, top, right, bottom = invoice.number.place.box
    with pypdfium2.PdfDocument(io.BytesIO(content)) as document:
        page = document[invoice.number.place.page - 1]
        height = page.get_height()
        box = {"left": left, "bottom": height - bottom, "right": right, "top": height - top}
        assert paper.number in page.get_textpage().get_text_bounded(**box)


def test_sums_that_prove_each_other_are_sure():
    _, content = drawn(PAPERS, "ruled", 1)
    invoice = read(content)
    assert invoice is not None
    assert {invoice.net.confidence, invoice.tax.confidence, invoice.gross.confidence} == {0.99}


@pytest.mark.parametrize(("name", "number"), SEEN)
def test_the_same_papers_in_html_are_read_alike(name, number):
    """But for what the HTML does not show."""
    _, papers = PAPERS[name]
    invoice = invoice_in_text(read_html(html(papers[number])).text)
    assert dict(told(invoice)) == dict(truth(papers[number]))


def test_places_in_html_are_offsets_of_what_a_reader_sees():
    _, papers = PAPERS["ruled"]
    text = read_html(html(papers[0])).text
    invoice = invoice_in_text(text)
    start, end = invoice.number.place.span
    assert text[start:end] == papers[0].number


def test_amounts_are_exact():
    """Binary fractions are nowhere on the way."""
    paper, content = drawn(PAPERS, "paged", 0)
    invoice = read(content)
    assert sum(line.value.amount for line in invoice.lines) == paper.lines_total
    assert all(isinstance(line.value.amount, Decimal) for line in invoice.lines)
