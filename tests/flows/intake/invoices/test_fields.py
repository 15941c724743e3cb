"""What looks like a number, a day or a total, but is another's, is not taken for it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from flows.intake.invoices import check, pages
from tests.flows.intake.invoices.pages import read, value

TOTAL = ("Total", "480.00 EUR")


@pytest.mark.parametrize(
    "other",
    [
        "Order no. 77120",
        "Customer no.: 10482",
        "VAT no. GB123456789",
        "Phone 555-0142",
        "Quote no. Q-8812",
        "Delivery note no. 5512",
        "Company no. 0918273",
        "Original invoice no. INV-1",
        "Kundennummer 33120",
        "Bestellnummer 99812",
        "Steuernummer 143/265/12345",
        "SIRET 73282932000074",
        "N° client 4411",
        "Nº de cliente 4411",
        "Klantnummer 8831",
        "KvK 12345678",
    ],
)
def test_numbers_of_other_things_are_not_the_invoices(other):
    """Whether they stand before or after it."""
    for lines in ([other, "Invoice no. INV-2042"], ["Invoice no. INV-2042", other]):
        invoice = read(["INVOICE", *lines, TOTAL])
        assert invoice.number.value == "INV-2042"
        assert not invoice.doubts


@pytest.mark.parametrize("other", ["Order no. 77120", "VAT no. GB123456789", "Phone 555-0142"])
def test_without_its_own_number_an_invoice_has_none(other):
    assert read(["INVOICE", other, TOTAL]).number is None


@pytest.mark.parametrize("label", ["Invoice", "Rechnung", "Facture", "Factura", "Factuur"])
def test_a_title_with_a_number_is_a_number(label):
    assert read([f"{label} 2026-0042", TOTAL]).number.value == "2026-0042"


def test_two_numbers_are_a_doubt():
    invoice = read(["Invoice no. INV-1", "Invoice no. INV-2", TOTAL])
    assert pages.SEVERAL_NUMBERS in invoice.doubts


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("1.234,56 EUR", "1234.56"),
        ("1,234.56 EUR", "1234.56"),
        ("1 234,56 EUR", "1234.56"),
        ("1'234.56 CHF", "1234.56"),
        ("EUR 12.345.678,90", "12345678.90"),
        ("1.234 EUR", "1234"),
        ("480,- EUR", "480"),
        ("$0.99", "0.99"),
        ("12.345,678 KWD", "12345.678"),
    ],
)
def test_amounts_are_read_as_their_country_writes_them(written, read_as):
    invoice = read(["Invoice no. INV-2042", ("Total", written)])
    assert value(invoice.gross) == Decimal(read_as)


@pytest.mark.parametrize(
    ("lines", "issued"),
    [
        (["Invoice date: 28/02/2026"], date(2026, 2, 28)),
        (["Invoice date: 02/28/2026"], date(2026, 2, 28)),
        (["Rechnungsdatum: 3. März 2026"], date(2026, 3, 3)),
        (["Fecha de factura: 3 de marzo de 2026"], date(2026, 3, 3)),
        (["Date de facture : 1er mars 2026"], date(2026, 3, 1)),
        (["Factuurdatum: 03-04-2026"], date(2026, 4, 3)),
        (["Invoice date: 2026-03-04"], date(2026, 3, 4)),
        (["Delivery date: 01.02.2026", "Invoice date: 05.02.2026"], date(2026, 2, 5)),
        (["Date: 01.02.2026", "Invoice date: 05.02.2026"], date(2026, 2, 5)),
    ],
)
def test_days_are_read_as_their_country_writes_them(lines, issued):
    assert value(read(["Invoice no. INV-2042", *lines, TOTAL]).issued) == issued


def test_a_day_that_may_be_two_is_none():
    """English is written in countries of both customs; the currency may not tell which."""
    invoice = read(["Invoice no. INV-1", "Invoice date: 03/04/2026", ("Total", "480.00 CAD")])
    assert invoice.issued is None


def test_another_day_on_the_paper_tells_the_custom():
    lines = ["Invoice no. INV-1", "Invoice date: 03/04/2026", "Due date: 28/04/2026"]
    invoice = read([*lines, ("Total", "480.00 CAD")])
    assert value(invoice.issued) == date(2026, 4, 3)
    assert value(invoice.due) == date(2026, 4, 28)


def test_terms_give_the_day_that_is_due():
    lines = ["Invoice no. INV-1", "Invoice date: 2026-03-01", "Terms: net 30", TOTAL]
    assert value(read(lines).due) == date(2026, 3, 31)


@pytest.mark.parametrize(
    "other",
    [
        ("Total discount", "20.00"),
        ("Total hours", "12.50"),
        ("Total weight", "99.00"),
        ("Previous balance", "75.00"),
        ("Carried forward", "300.00"),
        ("Summe Stunden", "12,50"),
        ("Total of last year", "9,999.00"),
    ],
)
def test_sums_of_other_things_are_no_total(other):
    invoice = read(["Invoice no. INV-2042", other, TOTAL, other])
    assert value(invoice.gross) == Decimal("480.00")


def test_what_is_left_to_pay_is_not_the_total():
    lines = [("Net total", "400.00 EUR"), ("VAT 20%", "80.00 EUR"), ("Total", "480.00 EUR")]
    lines += [("Deposit paid", "-100.00 EUR"), ("Amount due", "380.00 EUR")]
    invoice = read(["Invoice no. INV-2042", *lines])
    assert (value(invoice.gross), value(invoice.payable)) == (Decimal(480), Decimal(380))
    assert not invoice.doubts


def test_a_subtotal_that_is_called_a_sum_is_the_net():
    """German papers call both a sum: what adds up decides."""
    lines = [("Summe", "100,00"), ("MwSt 19 %", "19,00"), ("Gesamtbetrag", "119,00 EUR")]
    invoice = read(["Rechnungsnummer 2026-77", *lines])
    assert [value(each) for each in (invoice.net, invoice.tax, invoice.gross)] == [100, 19, 119]


@pytest.mark.parametrize(
    ("lines", "doubt"),
    [
        ([("Net", "400.00"), ("VAT 20%", "80.00"), ("Total", "490.00 EUR")], check.TOTAL),
        ([("Total", "480.00 EUR"), ("Total", "490.00 EUR")], pages.SEVERAL_TOTALS),
        (
            [("Total", "480.00 EUR"), ("Deposit", "80.00"), ("Amount due", "410.00 EUR")],
            check.PAYABLE,
        ),
        (
            [
                ("Description", "Qty", "Price", "Amount"),
                ("Pump", "2", "100.00", "200.00"),
                ("Valve", "1", "50.00", "50.00"),
                ("Total", "", "", "280.00 EUR"),
            ],
            check.LINES,
        ),
        ([("Total", "-480.00 EUR")], check.NEGATIVE),
    ],
)
def test_what_does_not_add_up_is_a_doubt(lines, doubt):
    lines = [tuple(cell for cell in line if cell) for line in lines]
    assert doubt in read(["Invoice no. INV-2042", *lines]).doubts


@pytest.mark.parametrize(
    "title", ["CREDIT NOTE", "GUTSCHRIFT", "AVOIR", "NOTA DE CREDITO", "CREDITNOTA"]
)
def test_credit_notes_are_known_and_positive(title):
    """Printed with a minus or without."""
    for amount in ("480.00 EUR", "-480.00 EUR"):
        invoice = read([title, "Invoice no. CN-42", ("Total", amount)])
        assert invoice.credit
        assert value(invoice.gross) == Decimal("480.00")
        assert check.NEGATIVE not in invoice.doubts


def test_a_paper_that_is_no_invoice_is_none():
    assert read(["Quotation Q-12", ("Total", "480.00 EUR")]) is None
    assert read(["Please find our invoice policy below.", "We bill monthly."]) is None


def test_accounts_are_read_with_their_check_digits():
    lines = ["Invoice no. INV-1", TOTAL, "IBAN DE89 3704 0044 0532 0130 00"]
    assert [each.value for each in read(lines).accounts] == ["DE89370400440532013000"]
    wrong = ["Invoice no. INV-1", TOTAL, "IBAN DE89 3704 0044 0532 0130 01"]
    assert read(wrong).accounts == ()
