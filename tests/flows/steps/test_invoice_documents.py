"""`invoice.record` believes XML before pages, pages before text, and asks where they differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from flows.intake.invoices.reading import Found, InvoiceDocument, Place
from flows.model import Attachment
from flows.steps.invoice import STEP, Options
from flows.steps.invoice_reading import UNSURE
from tests.flows.steps.contexts import context, mail

PAGE = Place(page=1, box=(10.0, 20.0, 60.0, 30.0))


def found(value, confidence=0.99, place=PAGE):
    return Found(value, place, confidence)


def document(**fields):
    """An invoice read from a page, changed as asked."""
    plain = {
        "form": "pdf",
        "number": found("INV-7"),
        "currency": found("EUR"),
        "net": found(Decimal("400.00")),
        "tax": found(Decimal("80.00")),
        "gross": found(Decimal("480.00")),
        "issued": found(date(2026, 3, 3)),
        "due": found(date(2026, 4, 2)),
        "supplier": found("Copperline Heating Parts Ltd"),
        "customer": found("Hudson Plumbing"),
        "accounts": (found("DE\u2022\u2022\u2022\u20223000"),),
    }
    return InvoiceDocument(**(plain | fields))


def attached(*invoices, text="", body="Please find it attached.", **fields):
    """A mail with a file for each invoice, in which *text* was found as well."""
    files = tuple(
        Attachment(
            name=f"{n}.pdf", media_type="application/pdf", size=1, text=text, invoice=invoice
        )
        for n, invoice in enumerate(invoices)
    )
    return mail(body, attachments=files, **fields)


def record(item, *, kept=None, options=None, **fields):
    given = {"direction": "payable"} if options is None else options
    return STEP.run(context(item, kept=kept, **fields), Options(**given))


def test_all_that_the_document_tells_is_told():
    (draft,) = record(attached(document())).outputs
    told = dict(draft.body)
    where = "page 1, 10 points from the left, 20 from the top"
    named = ("number", "amount", "net", "tax", "total")
    assert told["places"] == dict.fromkeys(named, where)
    del told["places"]
    assert told == {
        "direction": "payable",
        "credit": False,
        "email": "",
        "job": "",
        "quote": "",
        "number": "INV-7",
        "amount": "480.00",
        "currency": "EUR",
        "issued": "2026-03-03",
        "due": "2026-04-02",
        "party": "Copperline Heating Parts Ltd",
        "status": "read",
        "reasons": [],
        "numbers_found": ["INV-7"],
        "amounts_found": ["480.00 EUR"],
        "net": "400.00",
        "tax": "80.00",
        "total": "480.00",
        "paid": "",
        "iban": "DE\u2022\u2022\u2022\u20223000",
        "confidence": 0.99,
        "read_from": "pdf",
    }
    assert draft.approver == ""


def test_text_of_the_same_file_does_not_contradict_its_layout():
    """In text, a carried sum looks like a total."""
    text = "Invoice no. INV-7\nTotal 300.00 EUR\nTotal 480.00 EUR\nOrder no. 12"
    (draft,) = record(attached(document(), text=text)).outputs
    assert draft.body["status"] == "read"


def test_text_fills_in_what_the_layout_leaves_open():
    text = "Invoice no. INV-7\nDue date: April 2, 2026"
    values = record(attached(document(number=None, due=None), text=text)).values
    assert (values["number"], values["due"]) == ("INV-7", "2026-04-02")


def test_a_day_that_custom_decides_is_the_regions():
    """The reader of files does not know where the business is."""
    text = "Invoice no. INV-7\nInvoice date: 03/04/2026\nTotal 480.00 EUR"
    invoice = document(issued=found(date(2026, 3, 4), 0.72))
    values = record(attached(invoice, text=text), region="GB").values
    assert values["issued"] == "2026-04-03"


@pytest.mark.parametrize("number", [0.5, 0.69])
def test_what_is_not_sure_is_asked(number):
    (draft,) = record(attached(document(number=found("INV-7", number)))).outputs
    assert draft.approver == "owner"
    assert UNSURE in draft.body["reasons"]


def test_doubts_of_the_document_are_reasons():
    (draft,) = record(attached(document(doubts=("its lines do not add up",)))).outputs
    assert draft.approver == "owner"
    assert draft.body["reasons"] == ["its lines do not add up"]


def test_xml_beside_its_page_is_one_invoice():
    stated = document(form="cii", gross=found(Decimal("480.00"), 1.0, Place(path="/Invoice")))
    (draft,) = record(attached(document(), stated)).outputs
    assert draft.body["read_from"] == "cii"
    assert draft.body["places"]["amount"] == "/Invoice"
    assert draft.body["status"] == "read"


def test_xml_beside_a_page_with_another_account_is_asked():
    stated = document(form="ubl", accounts=(found("GB\u2022\u2022\u2022\u20229999"),))
    (draft,) = record(attached(document(), stated)).outputs
    assert draft.approver == "owner"


def test_several_invoices_are_several_records():
    other = document(number=found("INV-8"), gross=found(Decimal(60)), net=None, tax=None)
    drafts = record(attached(document(), other)).outputs
    assert [each.body["number"] for each in drafts] == ["INV-7", "INV-8"]
    assert [each.body["amount"] for each in drafts] == ["480.00", "60.00"]


def test_what_is_left_to_pay_is_the_amount():
    invoice = document(paid=found(Decimal(80)), payable=found(Decimal(400)))
    values = record(attached(invoice)).values
    assert (values["amount"], values["total"]) == ("400.00", "480.00")


@pytest.mark.parametrize(
    ("currency", "confidence", "own", "code"),
    [
        ("USD", 0.6, "CAD", "CAD"),
        ("USD", 0.95, "CAD", "USD"),
        ("USD", 0.6, "EUR", "USD"),
        ("EUR", 0.95, "USD", "EUR"),
    ],
)
def test_a_dollar_is_that_of_the_business_unless_it_is_named(currency, confidence, own, code):
    invoice = document(currency=found(currency, confidence))
    assert record(attached(invoice), currency=own).values["currency"] == code


def test_without_a_currency_it_is_that_of_the_business():
    values = record(attached(document(currency=None)), currency="CHF").values
    assert values["currency"] == "CHF"


def test_three_decimals_of_a_dinar_stay():
    invoice = document(
        currency=found("KWD"), gross=found(Decimal("12.345")), net=None, tax=None
    )
    assert record(attached(invoice)).values["amount"] == "12.345"


def test_a_party_that_was_taken_out_is_none():
    invoice = document(supplier=found("<PERSON_1>"))
    assert record(attached(invoice)).values["party"] == ""
    kept = record(attached(invoice), kept={"supplier.name": "Maria Lopez"})
    assert kept.values["party"] == "Maria Lopez"


@pytest.mark.parametrize(
    ("supplier", "customer", "direction", "party"),
    [
        ("Copperline Ltd", "Hudson Plumbing", "payable", "Copperline Ltd"),
        ("HUDSON PLUMBING", "Harlan & Voss", "receivable", "Harlan & Voss"),
    ],
)
def test_who_owes_whom_is_told_by_the_paper(supplier, customer, direction, party):
    invoice = document(supplier=found(supplier), customer=found(customer))
    kind = "customer_invoice" if direction == "receivable" else "other"
    result = record(attached(invoice, kind=kind), options={})
    values = result.values
    assert (values["direction"], values["party"]) == (direction, party)
    assert result.outputs[0].approver == ""


def test_an_invoice_in_our_own_name_that_somebody_else_sends_is_asked_about():
    invoice = document(supplier=found("HUDSON PLUMBING"), customer=found("Harlan & Voss"))
    (draft,) = record(attached(invoice, kind="supplier_invoice"), options={}).outputs
    assert draft.approver == "owner"
    assert "own name" in draft.summary


@pytest.mark.parametrize("number", ["=HYPERLINK(1)", "{{ 7 }}", "-7"])
def test_a_number_of_odd_signs_is_asked_about(number):
    (draft,) = record(attached(document(number=found(number)))).outputs
    assert draft.approver == "owner"


def test_a_table_in_the_mail_itself_is_read_if_its_sums_prove_it():
    body = (
        "Invoice no. INV-9\nInvoice date    March 3, 2026\n\n"
        "Description      Qty    Price    Amount\n"
        "Pump             2      200.00   400.00\n"
        "Net total                        400.00\n"
        "VAT 20%                           80.00\n"
        "Total                           $480.00\n"
    )
    values = record(mail(body)).values
    assert [values[name] for name in ("number", "net", "tax", "amount")] == [
        "INV-9",
        "400.00",
        "80.00",
        "480.00",
    ]


def test_a_kept_account_is_whole_in_the_body_alone():
    iban = "DE89370400440532013000"
    invoice = document(accounts=(found("DE\u2022\u2022\u2022\u20223000"),))
    (draft,) = record(attached(invoice), kept={"supplier.account": iban}).outputs
    assert draft.body["iban"] == iban
    assert iban not in draft.summary
    other = replace(invoice, accounts=(found("DE\u2022\u2022\u2022\u20221111"),))
    values = record(attached(other), kept={"supplier.account": iban}).values
    assert values["iban"] == "DE\u2022\u2022\u2022\u20221111"


def test_a_credit_note_is_never_recorded_by_itself():
    (draft,) = record(attached(document(credit=True))).outputs
    assert draft.approver == "owner"
