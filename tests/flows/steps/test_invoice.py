"""`invoice.record` records what is unmistakable, and puts the rest before the owner."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.steps.invoice import STEP, Options
from tests.flows.steps.contexts import context, mail

ENGLISH = """Invoice no. INV-1042
Date: March 3, 2026
Due date: April 2, 2026
Pump 2 x 100.00 200.00
Subtotal 450.00
Sales tax (6.67%) 30.00
Total due $480.00"""
GERMAN = """Rechnungsnummer: 2026-0077
Rechnungsdatum: 03.03.2026
Nettobetrag 400,00 €
MwSt 19 % 76,00 €
Gesamtbetrag 476,00 €
Zahlbar bis zum 17.03.2026"""
SPANISH = """Factura n.º 2026/113
Fecha: 3 de marzo de 2026
Base imponible 1.000,00 €
IVA 21 % 210,00 €
Total a pagar: 1.210,00 €
Fecha de vencimiento: 2 de abril de 2026"""
FRENCH = """Facture n° F-2026-08
Date de facture : 3 mars 2026
Total HT 100,00 €
TVA 20 % 20,00 €
Total TTC 120,00 €
Date d'échéance : 2 avril 2026"""


def record(item, kept=None, **options):
    return STEP.run(context(item, kept=kept), Options(**{"direction": "payable"} | options))


def read(item, **options):
    found = record(item, **options).values
    return tuple(found[name] for name in ("number", "amount", "currency", "due", "status"))


PAPERS = [
    (ENGLISH, ("INV-1042", "480.00", "USD", "2026-04-02", "read")),
    (GERMAN, ("2026-0077", "476.00", "EUR", "2026-03-17", "read")),
    (SPANISH, ("2026/113", "1210.00", "EUR", "2026-04-02", "read")),
    (FRENCH, ("F-2026-08", "120.00", "EUR", "2026-04-02", "read")),
    (
        "INVOICE #A-9\nInvoice date 2026-03-01\nTerms: net 30\nBalance due\n$99.00",
        ("A-9", "99.00", "USD", "2026-03-31", "read"),
    ),
    (
        "INVOICE #A-9\nInvoice date 2026-03-01\nDue upon receipt\nBalance due\n$99.00",
        ("A-9", "99.00", "USD", "2026-03-01", "read"),
    ),
]


@pytest.mark.parametrize(("paper", "expected"), PAPERS)
def test_an_invoice_is_read_from_its_pdf(paper, expected):
    assert read(mail("Please find it attached.", papers=[paper])) == expected


@pytest.mark.parametrize(("paper", "expected"), PAPERS)
def test_an_invoice_is_read_from_the_mail_itself(paper, expected):
    assert read(mail(paper)) == expected


def test_a_sentence_is_enough():
    found = read(mail("Small one, invoice NB/2026/1131, $58.40, due November 9."))
    assert found == ("NB/2026/1131", "58.40", "USD", "2026-11-09", "read")


UNSURE = [
    ("Total due $480.00", "no invoice number"),
    ("Invoice no. INV-1042", "no total"),
    ("Invoice no. INV-1042\nSubtotal $450.00\nTax $30.00", "no total"),
    ("Invoice no. INV-1042\nTotal $450.00\nAmount due $380.00", "2 different totals"),
    ("Invoice no. INV-1042\nInvoice no. INV-1043\nTotal $450.00", "2 invoice numbers"),
    ("Invoice no. INV-1042\nSubtotal\nTax\nTotal\n450.00\n30.00\n480.00", "no total"),
    ("Invoice no. INV-1042\nTotal $0.00", "zero"),
    ("Invoice no. INV-1042\nTotal: <AMOUNT_480>", "no total"),
    ("Credit note for invoice no. INV-1042\nTotal $84.20", "credit note"),
    ("Thanks for everything", "no invoice number"),
    ("", "no total"),
]


@pytest.mark.parametrize(("text", "reason"), UNSURE)
def test_what_is_open_goes_to_the_owner_with_the_reason(text, reason):
    found = record(mail(text))
    assert found.values["status"] == "unsure"
    [draft] = found.outputs
    assert draft.approver == "owner"
    assert reason in draft.summary
    assert any(reason in each for each in draft.body["reasons"])


def test_pdf_and_mail_that_disagree_are_not_decided():
    found = record(mail("Amount due: $840.00", papers=[ENGLISH]))
    assert found.values["status"] == "unsure"
    assert found.outputs[0].body["amounts_found"] == ["480.00 USD", "840.00 USD"]


def test_a_quoted_invoice_may_be_an_older_one():
    item = mail("See below", whole=f"See below\n> {ENGLISH}")
    found = record(item)
    assert found.values["status"] == "unsure"
    assert found.values["number"] == "INV-1042"
    assert "quoted" in found.outputs[0].summary


def test_two_invoices_in_one_mail_are_two_records():
    other = ENGLISH.replace("1042", "1043").replace("480.00", "99.00")
    found = record(mail("Two attached", papers=[ENGLISH, other, ENGLISH]))
    assert [draft.body["number"] for draft in found.outputs] == ["INV-1042", "INV-1043"]
    assert found.values["count"] == 2
    assert len({draft.item for draft in found.outputs}) == 2


def test_the_same_invoice_in_pdf_and_text_is_one():
    found = record(mail(ENGLISH, papers=[ENGLISH]))
    assert [draft.body["status"] for draft in found.outputs] == ["read"]


def test_what_the_flow_says_comes_before_what_is_read():
    item = mail(papers=[ENGLISH])
    assert read(item, number="X-1", amount="12.50", currency="EUR", due="2026-05-01") == (
        *("X-1", "12.50", "EUR", "2026-05-01", "read"),
    )
    assert read(mail("x"), number="X-1", amount="1,200 GBP")[1:3] == ("1200.00", "GBP")
    assert read(item, currency="EUR")[-1] == "unsure"


@pytest.mark.parametrize(
    ("kind", "direction", "status"),
    [
        ("supplier_invoice", "payable", "read"),
        ("customer_invoice", "receivable", "read"),
        ("other", "", "unsure"),
    ],
)
def test_without_a_direction_the_kind_of_mail_tells(kind, direction, status):
    found = record(mail(ENGLISH, kind=kind), direction="").values
    assert (found["direction"], found["status"]) == (direction, status)


def test_a_direction_that_does_not_exist_is_refused():
    with pytest.raises(ValidationError):
        Options(direction="both")


def test_the_party_is_the_kept_supplier_unless_the_flow_says_otherwise():
    kept = {"supplier.name": "Calderwick"}
    assert record(mail(ENGLISH), kept=kept).values["party"] == "Calderwick"
    assert record(mail(ENGLISH), kept=kept, party="Ada").values["party"] == "Ada"


@settings(deadline=None)
@given(
    st.integers(1, 9_999_999),
    st.integers(0, 9_999_999),
    st.sampled_from(["Total", "Amount due", "Total due:", "TOTAL (USD)", "Balance due\n"]),
)
def test_the_total_is_read_to_the_cent_and_the_subtotal_never(total, part, label):
    def money(cents):
        return f"{cents // 100:,}.{cents % 100:02d}"

    above = f"Invoice no. INV-7\nSubtotal {money(part)}\nSales tax {money(1)}\n"
    text = f"{above}{label} ${money(total)}"
    assert read(mail(text))[1] == money(total).replace(",", "")


@settings(deadline=None)
@given(st.text(max_size=300), st.lists(st.text(max_size=100), max_size=3))
def test_whatever_the_text_there_is_one_output_for_the_owner_or_a_whole_record(text, papers):
    found = record(mail(text, papers=papers))
    assert found.outputs
    for draft in found.outputs:
        whole = all(draft.body[name] for name in ("number", "amount", "currency", "direction"))
        assert whole or draft.approver == "owner"
