"""What a flow keeps stays readable and is reported; everything else of that kind goes."""

from __future__ import annotations

import pytest

from anonymizer.text.fields import KEEP_FIELDS
from anonymizer.text.request import Part, Person
from anonymizer.text.segments import Segment
from tests.anonymizer.conftest import CUSTOMER, Clean

EVERYTHING = frozenset(row.name for row in KEEP_FIELDS)
NEW = (
    "Hello, I am Maria Lopez. My tap drips. Call me at 845-555-0101.\n"
    "I live at 12 Elm Street, Kingston, NY 12401. My mother's number is 845-555-0177.\n"
)
QUOTED = "> Ring Peter Stone at 845-555-0166, he is at 9 Oak Road.\n"
SIGNATURE = "-- \nMaria Lopez\nmaria.lopez@mail.example\n+1 (845) 555-0101\n"
MAIL = NEW + QUOTED + SIGNATURE
SEGMENTS = (
    Segment(kind="new", start=0, end=len(NEW)),
    Segment(kind="quoted", start=len(NEW), end=len(NEW + QUOTED)),
    Segment(kind="signature", start=len(NEW + QUOTED), end=len(MAIL)),
)
PARTS = (Part(name="text", text=MAIL, segments=SEGMENTS),)


def test_without_keep_nothing_personal_is_left(clean: Clean) -> None:
    cleaned = clean("", parts=PARTS)
    text = cleaned.texts["text"]
    for value in ("Maria", "Lopez", "0101", "0177", "Elm", "12401", "Peter", "0166", "Oak"):
        assert value not in text
    assert cleaned.kept == {}
    assert "My tap drips." in text


def test_kept_fields_stay_and_are_reported(clean: Clean) -> None:
    keep = frozenset({"customer.name", "customer.phone", "customer.address", "customer.email"})
    cleaned = clean("", parts=PARTS, keep=keep)
    text = cleaned.texts["text"]
    assert dict(cleaned.kept) == {
        "customer.address": "12 Elm Street, Kingston, NY 12401",
        "customer.email": "maria.lopez@mail.example",
        "customer.name": "Maria Lopez",
        "customer.phone": "845-555-0101",
    }
    assert NEW.partition("My mother's")[0] in text
    assert text.endswith(SIGNATURE)


def test_what_is_kept_of_the_customer_is_not_kept_of_others(clean: Clean) -> None:
    text = clean("", parts=PARTS, keep=EVERYTHING - {"site.address"}).texts["text"]
    for value in ("0177", "Peter", "0166", "9 Oak"):
        assert value not in text


def test_a_customers_phone_in_a_mail_that_the_business_wrote_goes(clean: Clean) -> None:
    cleaned = clean(
        "Call me at 845-555-0101.", author="own", keep=frozenset({"customer.phone"})
    )
    assert cleaned.texts["text"] == "Call me at <PHONE_1>."
    assert cleaned.kept == {}


def test_the_site_is_kept_in_new_text_only(clean: Clean) -> None:
    text = "The job is at 5 Mill Road.\n> My other house is at 6 Hill Road.\n"
    cut = text.index(">")
    segments = (
        Segment(kind="new", start=0, end=cut),
        Segment(kind="quoted", start=cut, end=len(text)),
    )
    parts = (Part(name="text", text=text, segments=segments),)
    cleaned = clean("", parts=parts, keep=frozenset({"site.address"}))
    assert cleaned.kept == {"site.address": "5 Mill Road"}
    assert cleaned.texts["text"].endswith("> My other house is at <ADDRESS_1>.\n")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("My card is 4242 4242 4242 4242.", "4242"),
        ("Card 5555-5555-5555-4444, exp 04/29, cvv 731.", "731"),
        ("Password: hunter2", "hunter2"),
        ("The gate code is 4821#.", "4821"),
        ("key sk_live_abcdefghijklmnop123456", "abcdefghijkl"),
        ("My SSN is 460-89-9847.", "460-89"),
        ("IBAN GB33BUKB20201555555555", "BUKB"),
        ("my driver's license number is F162823540116", "F1628"),
        ("Log in at https://x.example/reset?token=abc123def456", "abc123"),
    ],
)
def test_cards_and_credentials_go_whatever_is_kept(
    clean: Clean, text: str, secret: str
) -> None:
    cleaned = clean(text, keep=EVERYTHING | {"customer.card", "customer.password"})
    assert secret not in cleaned.texts["text"]
    assert secret not in " ".join(cleaned.kept.values())


def test_a_card_in_a_kept_part_goes(clean: Clean) -> None:
    parts = (Part(name="counterparty", text="ANNA KOWALSKI 4242424242424242"),)
    cleaned = clean("", parts=parts, keep=frozenset({"transaction.counterparty"}))
    assert cleaned.texts["counterparty"] == "ANNA KOWALSKI <CARD_1>"
    assert "4242" not in cleaned.kept["transaction.counterparty"]


def test_a_private_payer_goes_and_a_firm_stays(clean: Clean) -> None:
    for payer, gone in (("ANNA KOWALSKI", True), ("HUDSON SUPPLY LLC", False)):
        parts = (Part(name="counterparty", text=payer),)
        cleaned = clean("", parts=parts, people=())
        assert (payer not in cleaned.texts["counterparty"]) is gone


BUSINESS = [
    "Invoice INV-20441 over $1,240.50 is due on March 3, 2026.",
    "Order 8455550199 ships on Tuesday at 10:30.",
    "PO 4500012345: two Navien NPE-240A2 units, part 30004-105.",
    "We can come on Thursday between 8 and 10 am.",
    "Quote Q-1182: 3/4 inch copper pipe, 120 feet, $3.10 per foot.",
    "The job is in Kingston, New York.",
    "The password reset did not work and the password is wrong.",
    "Tracking number 1Z999AA10123456784.",
    "Model number 555-0142, serial no. 123-45-6789.",
    "Please send the permit 2026-004512 by Friday.",
    "Come on May 4 2026 10:15 or 05/06/2026 at 9.",
    "The controller runs version 8.11.6 and listens on 127.0.0.1.",
    "Qty 12 at 340.00 each, 10% off, 2024 - 2025.",
    "We moved 20 minutes down the road in 5 short days on the way.",
]


@pytest.mark.parametrize("text", BUSINESS)
def test_business_stays_as_it_is(clean: Clean, text: str) -> None:
    assert clean(text).texts["text"] == text


def test_the_business_its_people_and_its_suppliers_stay_readable(clean: Clean) -> None:
    text = "Hi Ray,\nFerguson Supply called Hudson Plumbing. Ray Dunn from Hudson will come."
    people = (
        CUSTOMER,
        Person(name="Ray Dunn", email="ray@hudson.example", role="own"),
        Person(name="Ferguson Supply Billing", email="ar@ferguson.example", role="supplier"),
    )
    firms = ("Hudson Plumbing", "Ferguson Supply")
    assert clean(text, people=people, organisations=firms).texts["text"] == text


def test_the_businesss_own_address_stays_and_others_go(clean: Clean) -> None:
    people = (Person(name="Ray Dunn", email="ray@hudson.example", role="own"),)
    text = clean("To ray@hudson.example and eve@mail.example", people=people).texts["text"]
    assert text == "To ray@hudson.example and <EMAIL_1>"
