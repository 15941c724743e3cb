"""Identifiers, addresses and numbers in the shapes in which people write them."""

from __future__ import annotations

import pytest

from anonymizer.text import checks
from anonymizer.text.engine import RULES
from tests.anonymizer.conftest import Clean

GONE = {
    "PHONE": [
        "845-555-0101", "(845) 555-0101", "+1 845 555 0101", "+44 20 7946 0018", "845.555.0101",
        "+49 30 901820", "845-555-0101 ext. 12",
    ],
    "ADDRESS": [
        "12 Elm Street", "4 N. Main St., Apt 2B", "1600 Pennsylvania Ave NW", "PO Box 114",
        "221B Baker Street, London NW1 6XE", "77 Rue Sherbrooke", "Hauptstraße 5",
        "350 5th Ave, New York, NY 10118", "99 Bank Street, Ottawa, ON K1P 1H4",
        "8 county road 12",
        "1420 W 3500 S", "Unit 4719 Box 7394\nDPO AP 70942",
    ],
    "EMAIL": ["eve@mail.example", "eve.o'hara+x@mail.example", "eve (at) mail (dot) example"],
    "IP": ["203.0.113.9", "2001:db8::8a2e:370:7334"],
    "DEVICE": ["00:1B:44:11:3A:B7"],
    "NATIONAL_ID": ["AB 12 34 56 C"],
    "SSN": ["460-89-9847", "900-70-0001"],
    "CARD": ["4242424242424242", "3782 822463 10005"],
    "IBAN": ["DE89 3704 0044 0532 0130 00", "gb33bukb20201555555555"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("label", "value"), [(label, value) for label, values in GONE.items() for value in values]
)
def test_a_value_goes_whole_under_its_label(clean: Clean, label: str, value: str) -> None:
    cleaned = clean(f"Please note {value} for today.", people=())
    assert cleaned.texts["text"] == f"Please note <{label}_1> for today."


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Social insurance number 046 454 286.", "NATIONAL_ID"),
        ("Passport number X1234567", "PASSPORT"),
        ("routing number 021000021, checking account 123456789", "BANK_ACCOUNT"),
        ("IMEI: 490154203237518", "DEVICE"),
        ("VIN 1HGCM82633A004352", "VEHICLE"),
        ("Date of birth: March 3, 1971", "BIRTH_DATE"),
        ("My mother has dementia.", "HEALTH"),
        ("We are Jewish, so not on Saturday.", "BELIEF"),
        ("alarm code is 55213", "CREDENTIAL"),
        ("My PIN is 4821", "CREDENTIAL"),
        ("https://www.facebook.com/anna.kowalski.7", "PROFILE"),
        ("She is 82 years old and lives alone.", "AGE"),
    ],
)
def test_a_value_goes_where_words_beside_it_say_what_it_is(
    clean: Clean, text: str, label: str
) -> None:
    assert label in clean(text, people=()).counts()


def test_every_rule_has_a_name_of_its_own_and_a_source() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
    assert all(rule.source for rule in RULES)


def test_check_digits_tell_numbers_apart() -> None:
    assert checks.card("4242 4242 4242 4242")
    assert not checks.card("4242 4242 4242 4241")
    assert checks.iban("GB33BUKB20201555555555")
    assert not checks.iban("GB34BUKB20201555555555")
    assert checks.sin("046 454 286")
    assert not checks.sin("046 454 287")
    assert checks.routing("021000021")
    assert not checks.routing("021000022")
    assert checks.nhs("943 476 5919")
    assert not checks.nhs("943 476 5918")
