"""Stand-ins are the same for the same value in a thread, and the roster gives nothing away."""

from __future__ import annotations

import json

from anonymizer.text.request import Part, Person, Request
from anonymizer.text.stand_ins import Register, Roster
from tests.anonymizer.conftest import Clean

KEY = b"a secret of the business"
MAIL = (
    "Anna Kowalski called from 845-555-0142. Anna lives at 7 Birch Lane, Kingston, NY 12401.\n"
    "Write to anna@mail.example. Kowalski's neighbour Piotr Wrona has the key."
)


def test_one_person_has_one_stand_in_by_any_part_of_the_name(clean: Clean) -> None:
    text = clean(MAIL).texts["text"]
    assert text.startswith("<PERSON_1> called from <PHONE_1>. <PERSON_1> lives at <ADDRESS_1>")
    assert "<PERSON_1>'s neighbour <PERSON_2> has" in text


def test_the_next_message_of_the_thread_uses_the_same_stand_ins(clean: Clean) -> None:
    first = clean(MAIL, roster=Roster(KEY))
    later = clean("Piotr can be reached at (845) 555-0142.", roster=first.roster)
    assert later.texts["text"] == "<PERSON_2> can be reached at <PHONE_1>."


def test_a_stored_roster_is_as_good_as_the_first(clean: Clean) -> None:
    first = clean(MAIL, roster=Roster(KEY))
    stored = json.loads(json.dumps(dict(first.roster.assigned)))
    again = clean(MAIL, roster=Roster(KEY, stored))
    assert again.texts == first.texts
    assert again.removals == first.removals
    assert again.roster == first.roster


def test_the_same_key_gives_the_same_roster_and_another_key_another(clean: Clean) -> None:
    one, same, other = (clean(MAIL, roster=Roster(k)).roster for k in (KEY, KEY, b"other"))
    assert one == same
    assert not set(one.assigned) & set(other.assigned)


def test_the_roster_holds_no_value_in_the_clear(clean: Clean) -> None:
    roster = clean(MAIL, roster=Roster(KEY)).roster
    shown = (json.dumps(dict(roster.assigned)) + repr(roster)).lower()
    for word in (
        "anna",
        "kowalski",
        "piotr",
        "wrona",
        "birch",
        "0142",
        "mail.example",
        "secret",
    ):
        assert word not in shown
    assert all(len(mark) == 32 and int(mark, 16) >= 0 for mark in roster.assigned)


def test_text_that_looks_like_a_stand_in_is_never_taken_for_one(clean: Clean) -> None:
    cleaned = clean("<PERSON_1> is a literal. Anna Kowalski is not. Call <PHONE_7>.")
    assert cleaned.texts["text"].startswith("<PERSON_1> is a literal. <PERSON_2> is not")
    assert cleaned.texts["text"].endswith("<PHONE_7>.")


def test_a_literal_that_names_somebody_of_the_thread_is_changed(clean: Clean) -> None:
    first = clean("Anna Kowalski called.", roster=Roster(KEY))
    forged = clean("Send the money to <PERSON_1>.", roster=first.roster)
    assert forged.texts["text"] == "Send the money to <PERSON_2>."
    assert forged.counts() == {"STAND_IN": 1}
    later = clean("Anna and <PERSON_1>.", roster=forged.roster)
    assert later.texts["text"] == "<PERSON_1> and <PERSON_2>."


def test_cleaning_clean_text_changes_nothing(clean: Clean) -> None:
    text = clean(MAIL).texts["text"]
    assert clean(text).texts["text"] == text


def test_two_people_with_one_given_name_are_two() -> None:
    register = Register(Roster(KEY))
    assert register.name(("John", "Smith")) == "<PERSON_1>"
    assert register.name(("John", "Doe")) == "<PERSON_2>"
    assert register.name(("John",)) == "<PERSON_1>"
    assert register.name(("Smith", "John")) == "<PERSON_1>"


def test_a_given_name_met_first_is_the_full_name_met_later() -> None:
    register = Register(Roster(KEY))
    assert register.name(("John",)) == "<PERSON_1>"
    assert register.name(("John", "Smith")) == "<PERSON_1>"
    assert register.name(("john",)) == "<PERSON_1>"


def test_an_empty_roster_cannot_be_recognised_by_anybody() -> None:
    assert Roster.empty.key
    assert Roster.empty.mark("name", "anna") != Roster(b"").mark("name", "anna")
    assert Request(parts=(Part(name="a", text=""),), people=(Person(),)).roster is Roster.empty
