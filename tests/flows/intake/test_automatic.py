"""Mail that no person wrote, or that nobody reads answers to, is known by its headers."""

import pytest

from tests.flows.intake.building import read

PERSON = b"From: Jane <jane@doe.example>\nTo: office@hudson.example\n"

ROWS = [
    ("", b"Subject: leak\n"),
    ("", b"Subject: leak\nAuto-Submitted: no\n"),
    ("", b"Subject: leak\nReturn-Path: <jane@doe.example>\n"),
    ("", b"Subject: Out of office tomorrow, come on Friday\n"),
    ("", b"Subject: Fwd: Automatic reply: leak\n"),
    ("", b"Subject: delivery failed again, where is my sink\n"),
    ("", b"Subject: leak\nList-Id: Office <office.hudson.example>\nPrecedence: list\n"),
    ("", b"Subject: leak\nFeedback-ID: 1:2:form\n"),
    ("auto_reply", b"Subject: leak\nAuto-Submitted: auto-replied\n"),
    ("auto_reply", b"Subject: leak\nAuto-Submitted: Auto-Replied (vacation)\n"),
    ("auto_reply", b"Subject: leak\nX-Autoreply: yes\n"),
    ("auto_reply", b"Subject: leak\nX-Autorespond: leak\n"),
    ("auto_reply", b"Subject: leak\nPrecedence: auto_reply\n"),
    ("auto_reply", b"Subject: Automatic reply: leak\n"),
    ("auto_reply", b"Subject: Out of Office: leak\n"),
    ("auto_reply", b"Subject: Out of the office\n"),
    ("auto_reply", b"Subject: Re: Auto-Reply: leak\n"),
    ("auto_reply", b"Subject: Automatische Antwort: Leck\n"),
    ("auto_reply", b"Subject: Abwesenheitsnotiz: Leck\n"),
    ("auto_reply", "Subject: Respuesta automática: fuga\n".encode()),
    ("auto_reply", "Subject: Réponse automatique : fuite\n".encode()),
    ("auto_reply", b"Subject: =?utf-8?q?R=C3=A9ponse_automatique?=\n"),
    (
        "auto_reply",
        b"Subject: Read: leak\n"
        b"Content-Type: multipart/report; report-type=disposition-notification; boundary=x\n",
    ),
    ("bounce", b"Subject: x\nX-Failed-Recipients: a@b.example\n"),
    (
        "bounce",
        b"Subject: x\nContent-Type: multipart/report; boundary=x;\n"
        b" report-type=delivery-status\n",
    ),
    ("bounce", b"Return-Path: <>\nSubject: Undelivered Mail Returned to Sender\n"),
    ("bounce", b"Return-Path: <>\nSubject: Unzustellbar: Leck\n"),
    ("auto_generated", b"Subject: Invoice 7\nAuto-Submitted: auto-generated\n"),
    ("auto_generated", b"Subject: Invoice 7\nX-Auto-Response-Suppress: All\n"),
    ("auto_generated", b"Return-Path: <>\nSubject: Invoice 7\n"),
    ("list", b"Subject: leak\nList-Id: <plumbers.lists.example>\n"),
    ("list", b"Subject: leak\nPrecedence: list\n"),
    ("list", b"Subject: leak\nMailing-List: list plumbers@groups.example\n"),
    ("list", b"Subject: leak\nReturn-Path: <owner-plumbers@lists.example>\n"),
    ("bulk", b"Subject: offers\nPrecedence: bulk\n"),
    ("bulk", b"Subject: offers\nPrecedence: junk\n"),
    ("bulk", b"Subject: offers\nList-Unsubscribe: <https://x.example>\n"),
]


@pytest.mark.parametrize(("expected", "headers"), ROWS)
def test_by_header(expected, headers):
    assert read(PERSON + headers + b"\nhello\n").automatic == expected


@pytest.mark.parametrize(
    ("expected", "address", "subject"),
    [
        ("noreply", "noreply@shop.example", "Order 7"),
        ("noreply", "no-reply@shop.example", "Order 7"),
        ("noreply", "alerts.no_reply@shop.example", "Order 7"),
        ("noreply", "DoNotReply@shop.example", "Order 7"),
        ("noreply", "ne-pas-repondre@shop.example", "Commande"),
        ("noreply", "nicht-antworten@shop.example", "Bestellung"),
        ("bounce", "MAILER-DAEMON@mx.example", "Returned mail: see transcript"),
        ("bounce", "postmaster@mx.example", "Delivery Status Notification (Failure)"),
        ("auto_generated", "postmaster@mx.example", "Quarterly notes"),
        ("list", "plumbers-request@lists.example", "Welcome"),
        ("", "norepliers@shop.example", "Order 7"),
        ("", "renoreply.smith@shop.example", "Order 7"),
    ],
)
def test_by_sender(expected, address, subject):
    raw = f"From: {address}\nTo: office@hudson.example\nSubject: {subject}\n\nhello\n"
    assert read(raw.encode()).automatic == expected


def test_automatic_replies_and_bounces_are_about_nothing():
    raw = PERSON + b"Subject: Automatic reply: Quote for a boiler, it leaks\n\nI am away.\n"
    assert read(raw).kind == "other"


def test_an_invoice_of_a_billing_system_is_an_invoice():
    message = read(
        b"From: billing@supply.example\nSubject: Invoice 7 from Supply\n"
        b"Auto-Submitted: auto-generated\n\nYour invoice is attached. Amount due: $12.00\n"
    )
    assert (message.automatic, message.kind) == ("auto_generated", "supplier_invoice")
    assert message.verdict == "business"
