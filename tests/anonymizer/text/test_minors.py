"""Children go, whatever a flow keeps; things that are merely young, minor or junior stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from anonymizer.text.fields import KEEP_FIELDS
from anonymizer.text.minors import majority
from anonymizer.text.request import Part, Person
from anonymizer.text.stand_ins import Roster
from tests.anonymizer.conftest import CUSTOMER, Clean

EVERYTHING = frozenset(row.name for row in KEEP_FIELDS)
AT = datetime(2026, 5, 4, tzinfo=UTC)

CHILDREN = [
    ("My son Tim is 9, please knock softly.", ["Tim", "9"]),
    ("Tim (7) will be at home with the sitter.", ["Tim", "7"]),
    ("Our daughter Zoe, age 12, will open the door.", ["Zoe", "12"]),
    ("Our 5-year-old Leo sleeps until noon.", ["Leo", "5-year-old"]),
    ("My twelve-year-old daughter Ines has a key.", ["Ines", "twelve-year-old"]),
    ("The kids, Ana (7) and Ben (9), are home from three.", ["Ana", "Ben", "(7)", "(9)"]),
    ("Emma is in third grade and home early.", ["Emma", "third grade"]),
    ("Emma Brooks, DOB 03/14/2015, needs a ramp.", ["Emma", "03/14/2015"]),
    ("My son goes to Lincoln Elementary School.", ["Lincoln"]),
    ("She is only 8 years old and afraid of drills.", ["8 years old"]),
    ("Our baby, Mila, is 10 months old.", ["Mila", "10 months"]),
    ("Oliver, our son, will let you in.", ["Oliver"]),
    ("My daughter's name is Priya and she is 6.", ["Priya", " 6"]),
    ("Child's name: Noah Lopez", ["Noah"]),
    ("Pick up Lucas from kindergarten before you come.", ["Lucas"]),
    ("my son tim, 7, is at home", ["tim", "7"]),
    ("Nora turns 16 on Friday.", ["Nora", "16"]),
    ("Our kids Ana and Eva, ages 5 and 7, nap then.", ["Ana", "Eva", "5 and 7"]),
]

TRAPS = [
    "We have a 5-year-old boiler that leaks.",
    "The boiler is 5 years old and still under warranty.",
    "Handle the tiles with kid gloves.",
    "There is a minor leak under the sink.",
    "Send the junior plumber.",
    "Our plumber was in the class of 2019 at the trade school.",
    "Use a grade 8 bolt on the flange.",
    "We signed a 10-year contract.",
    "Please foster good relations with the supplier.",
    "It is a 12 year old water heater.",
    "Only minor edits to the quote, thanks.",
    "The child process of the server crashed.",
    "The unit is 9 years old.",
    "Water heater age: 12 years.",
    "The valve is 8 inches from the wall and 9 feet up.",
    "We will be there in 10, then at 12.",
    "Quote for apartment (2) and unit (7).",
    "The furnace turned 15 this winter.",
]


@pytest.mark.parametrize(("text", "gone"), CHILDREN, ids=[text[:32] for text, _ in CHILDREN])
def test_what_is_said_of_a_child_goes_even_if_every_field_is_kept(
    clean: Clean, text: str, gone: list[str]
) -> None:
    cleaned = clean(text, keep=EVERYTHING, at=AT)
    for word in gone:
        assert word not in cleaned.texts["text"], cleaned.texts["text"]
        assert word not in " ".join(cleaned.kept.values())


@pytest.mark.parametrize("text", TRAPS, ids=[text[:32] for text in TRAPS])
def test_what_only_sounds_like_a_child_stays(clean: Clean, text: str) -> None:
    cleaned = clean(text, at=AT)
    assert cleaned.texts["text"] == text


def test_a_childs_name_goes_everywhere_in_the_request(clean: Clean) -> None:
    parts = (
        Part(name="subject", text="Key with Jonas"),
        Part(name="text", text="Jonas has it.\n\nMy son Jonas is 11.\n"),
        Part(name="attachment.0", text="Hand the key to JONAS"),
    )
    cleaned = clean("", parts=parts)
    assert "jonas" not in " ".join(cleaned.texts.values()).lower()
    assert cleaned.texts["subject"] == "Key with <CHILD_1>"


def test_a_childs_name_goes_from_later_messages_of_the_thread(clean: Clean) -> None:
    first = clean("My daughter Ida is 6.", roster=Roster(b"key"))
    later = clean("Ida left the gate open.", roster=first.roster, keep=EVERYTHING)
    assert later.texts["text"] == "<CHILD_1> left the gate open."


def test_a_minor_who_writes_is_not_kept_as_customer(clean: Clean) -> None:
    text = "I am 15 years old and our sink leaks. Call me at 845-555-0101.\n\nMaria Lopez"
    cleaned = clean(text, keep=EVERYTHING)
    assert cleaned.kept == {}
    assert "Maria" not in cleaned.texts["text"]
    assert "0101" not in cleaned.texts["text"]


def test_the_parents_name_stays_kept_beside_the_childs(clean: Clean) -> None:
    text = "Hi,\nmy son Leo Lopez (8) broke the tap.\nMaria Lopez"
    cleaned = clean(text, keep=frozenset({"customer.name"}))
    assert cleaned.texts["text"].endswith("Maria Lopez")
    assert "Leo" not in cleaned.texts["text"]


def test_a_grown_up_son_is_an_adult(clean: Clean) -> None:
    cleaned = clean("My son Karl, who is a plumber, looked at it. He is 34 years old.", at=AT)
    assert "CHILD" not in cleaned.counts()
    assert "Karl" not in cleaned.texts["text"]


def test_the_age_of_majority_depends_on_the_region(clean: Clean) -> None:
    assert (majority("US-NY"), majority("CA-BC"), majority("CA-ON")) == (18, 19, 18)
    assert (majority("GB"), majority("FR-75"), majority("fr")) == (18, 18, 18)
    assert (majority("CA"), majority(""), majority("XX")) == (19, 19, 19)
    kept = frozenset({"customer.name"})
    people = (replace(CUSTOMER, name="Ada Novak", email=""), Person(name="Bo Chen", role="own"))
    for region, stays in (("CA-ON", True), ("CA-BC", False)):
        text = "I am 18 years old. Ada Novak"
        cleaned = clean(text, people=people, region=region, keep=kept)
        assert ("Ada Novak" in cleaned.texts["text"]) is stays


def test_age_by_date_of_birth_counts_on_the_day_of_the_mail(clean: Clean) -> None:
    text = "Tenant Olga Petrov, date of birth 2001-01-01, has the key."
    young = clean(text, at=datetime(2015, 1, 1, tzinfo=UTC))
    grown = clean(text, at=datetime(2026, 1, 1, tzinfo=UTC))
    assert young.counts() == {"BIRTH_DATE": 1, "CHILD": 1}
    assert grown.counts() == {"BIRTH_DATE": 1, "PERSON": 1}


def test_the_exact_day_of_birth_decides_not_only_the_year(clean: Clean) -> None:
    text = "My daughter Nadia was born on May 10, 2008."
    before = clean(text, at=datetime(2026, 5, 9, tzinfo=UTC))
    after = clean(text, at=datetime(2026, 5, 11, tzinfo=UTC))
    assert any(
        "child" in removal.reason
        for removal in before.removals
        if "2008" in text[removal.start : removal.end]
    )
    assert not any(
        "child" in removal.reason
        for removal in after.removals
        if "2008" in text[removal.start : removal.end]
    )


def test_a_short_form_of_a_childs_name_goes_as_well(clean: Clean) -> None:
    cleaned = clean(
        "My daughter Gabriella is 8. Gabby lost the key, and Bri was not there.", at=AT
    )
    assert "Gabby" not in cleaned.texts["text"]
    # Bri may be another child or none: this mail does not tell.
    assert cleaned.texts["text"].count("<CHILD_") >= 2


def test_photos_named_after_a_child_lose_their_name(clean: Clean) -> None:
    parts = (
        Part(name="text", text="My son Lucas took the photos."),
        Part(name="attachment.0.name", text="IMG_lucas_room.jpg"),
        Part(name="attachment.1.name", text="pipe_under_tub.jpg"),
    )
    cleaned = clean("", parts=parts)
    assert "lucas" not in cleaned.texts["attachment.0.name"].lower()
    assert cleaned.texts["attachment.1.name"] == "pipe_under_tub.jpg"


def test_the_parent_with_the_childs_family_name_stays_kept(clean: Clean) -> None:
    text = "Child: Rosa Lopez, 7. I am at home until noon.\n\nMaria Lopez"
    cleaned = clean(text, keep=frozenset({"customer.name"}), at=AT)
    assert "Rosa" not in cleaned.texts["text"]
    assert cleaned.texts["text"].endswith("Maria Lopez")


def test_a_child_called_like_a_month_goes_and_the_month_stays(clean: Clean) -> None:
    text = "Our baby June is 7 months old. June sleeps at noon. Come on June 3 or in June."
    cleaned = clean(text, at=AT)
    assert cleaned.texts["text"].count("June") == 2
    assert "Come on June 3 or in June." in cleaned.texts["text"]


def test_names_shouted_or_written_small_are_a_childs_too(clean: Clean) -> None:
    for text in ("I AM OUTSIDE WITH MY GRANDSON NOAH HE IS SEVEN", "my son noah is 7 and home"):
        cleaned = clean(text, at=AT)
        assert "noah" not in cleaned.texts["text"].lower(), cleaned.texts["text"]
        assert "seven" not in cleaned.texts["text"].lower()
