"""Files made to trip the reader cost their own fields, and no more than a little time."""

from __future__ import annotations

import io
import random

import pypdfium2
import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.intake.invoices.html import invoice_in_text
from flows.intake.invoices.layout import MOST_WORDS, rows_of, words_of_text
from flows.intake.reader_process import FileReader, read_here
from flows.intake.reading import Reading
from tests.depth import times
from tests.flows.intake.invoices.layouts import ruled
from tests.flows.intake.invoices.papers import paper
from tests.flows.intake.invoices.statements import hybrid

WHOLE = hybrid(paper(2, "de-DE"), ruled)


@pytest.fixture(scope="module")
def reader():
    found = FileReader()
    yield found
    found.close()


@pytest.mark.parametrize("seed", range(times(6)))
def test_broken_pdfs_are_read_or_told(seed, reader):
    """Cut, or with bytes changed: a reading comes back, and the next file is read."""
    chance = random.Random(seed)
    content = bytearray(WHOLE[: chance.randrange(200, len(WHOLE))] if seed % 2 else WHOLE)
    for _ in range(40):
        content[chance.randrange(len(content))] = chance.randrange(256)
    found = reader.read("pdf", bytes(content))
    assert found.invoice is not None or found.text or found.problem
    assert reader.read("pdf", WHOLE).invoice is not None


def dense(words: int, text: str) -> bytes:
    pdf = FPDF(unit="pt", format="a4")
    pdf.set_auto_page_break(False)
    pdf.add_page()
    pdf.set_font("Helvetica", size=4)
    pieces = (text.split() * words)[:words]
    for n in range(0, words, 50):
        pdf.text(20, 10 + n // 50 * 4, " ".join(pieces[n : n + 50]))
    return bytes(pdf.output())


@pytest.mark.parametrize(
    "text",
    [
        "Invoice no. 1 Total 480.00 EUR",
        "Total Total Total Invoice",
        "Invoice 12.03.2026 1.00 2.00 3.00",
        "Description Qty Price Amount Invoice",
        "Bill to: Invoice VAT 20% GmbH 10115",
    ],
)
def test_a_page_of_ten_thousand_words_is_read_or_left(text, reader):
    """In the seconds that a reader has."""
    found = reader.read("pdf", dense(10_000, text))
    assert "too long" not in found.problem
    assert found.text


@pytest.mark.parametrize(
    "text",
    [
        "Invoice Total EUR " * 4_000,
        "Invoice\n" + "Total\n" * 8_000,
        "Invoice " + "1" * 49_000,
        "Invoice " + "1,234." * 8_000,
        "Invoice\n" + ("Total    Net    VAT    Due\n" * 1_500),
        "Invoice\n" + "Description  Qty  Price  Amount\n" * 1_500,
        "Invoice no. " + "A-1 " * 12_000,
    ],
    ids=["one line", "labels", "digits", "marks", "heads", "tables", "numbers"],
)
def test_text_made_of_labels_ends(text):
    """Work is bounded by rows, cells and labels, not by their product."""
    found = invoice_in_text(text)
    assert found is None or len(found.lines) <= 500


def test_words_beyond_the_limit_are_not_read():
    assert sum(1 for _ in words_of_text("a " * 20_000)) == MOST_WORDS
    assert max(len(row.cells) for row in rows_of(words_of_text("a   " * 9_000))) <= 60


@settings(max_examples=times(30), deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
def test_any_text_is_an_invoice_or_none(text):
    found = invoice_in_text(f"Invoice no. 12\nTotal 4.00 EUR\n{text}")
    assert found is None or found.form == "html"


@pytest.mark.parametrize(
    "invoice",
    [
        7,
        "x",
        {"form": "exe"},
        {"form": "pdf", "gross": {"value": "much", "place": {}, "confidence": 1}},
        {"form": "pdf", "issued": {"value": "soon", "place": {}, "confidence": 1}},
        {"form": "pdf", "gross": {"value": "NaN", "place": {}, "confidence": 1}},
        {"form": "pdf", "number": {"value": "1", "place": {}, "confidence": 7}},
    ],
)
def test_a_reader_that_was_taken_over_hands_back_no_nonsense(invoice):
    """What comes out of the process is checked as strangers' data is."""
    plain = Reading(text="a").as_json()
    with pytest.raises(ValueError):
        Reading.from_json({**plain, "invoice": invoice})


def on_its_side(content: bytes, degrees: int) -> bytes:
    """Return the PDF with its page turned for whoever looks at it."""
    out = io.BytesIO()
    with pypdfium2.PdfDocument(content) as document:
        document[0].set_rotation(degrees)
        document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_is_turned_for_viewing_is_read(degrees):
    content = bytes(ruled(paper(2, "de-DE")).output())
    turned = read_here("pdf", on_its_side(content, degrees)).invoice
    assert turned == read_here("pdf", content).invoice


def test_text_that_runs_up_the_page_is_read():
    """Landscape printers turn the text, and leave the page."""
    pdf = FPDF(unit="pt", format="a4")
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    with pdf.rotation(90, 300, 400):
        for n, line in enumerate(("Invoice no. INV-2042", "Total 480.00 EUR")):
            pdf.text(100, 300 + 20 * n, line)
    invoice = read_here("pdf", bytes(pdf.output())).invoice
    assert invoice.number.value == "INV-2042"
    left, top, right, bottom = invoice.number.place.box
    assert 0 < left < right < 842
    assert 0 < top < bottom < 596
