"""Names stand where a cue says, rare ones as well; trades, makers and firms are not taken."""

from __future__ import annotations

import time

import pytest

from anonymizer.text.name_cues import cued_names
from anonymizer.text.name_cues_lists import BRANDS, is_given_name, is_surname
from anonymizer.text.view import CHUNK

NAMES = [
    ("Unit 3B - Remedios", ["Remedios"]),
    ("Apt 4: Rosaire Beaumont, no heat", ["Rosaire Beaumont"]),
    ("#12 (Perpetua)", ["Perpetua"]),
    ("Unit 31: the Vasquez-Lind family, moved out", ["Vasquez-Lind"]),
    ("Bao Tran will let you in.", ["Bao Tran"]),
    ("Nguyen will let you in tomorrow.", ["Nguyen"]),
    ("Please ask Oluwaseun at the desk.", ["Oluwaseun"]),
    ("I talked to ABERNATHY about the boiler.", ["ABERNATHY"]),
    ("Ana and Luis from apartment 4 have no heat.", ["Ana", "Luis"]),
    ("I met Perpetua yesterday about the keys.", ["Perpetua"]),
    ("Rosaire called about the leak.", ["Rosaire"]),
    ("Ngozi's apartment floods.", ["Ngozi"]),
    ("Call Chukwudi (845) 555-0143 first.", ["Chukwudi"]),
    ("The bill goes c/o Thuy Le, thanks", ["Thuy Le"]),
    ("My brother-in-law Baptiste looked at it.", ["Baptiste"]),
    ("My neighbor (Clement) saw it.", ["Clement"]),
    ("the super Wilmar has it", ["Wilmar"]),
    ("The Okafor family is away.", ["Okafor"]),
    ("Jean DUPONT came by.", ["Jean DUPONT"]),
    ("Please let Siobhan know.", ["Siobhan"]),
    ("can you come by?\nthx\nximena", ["ximena"]),
]

NOTHING = [
    "Unit 5 - Kitchen leak",
    "Unit 2 - Boiler",
    "Kohler will be available in June and Rheem is out.",
    "Home Depot called about the order.",
    "Ferguson called about the valve.",
    "Heating will be available Monday.",
    "Hallway, unit 2 is flooded.",
    "Bradford White's number is on the label.",
    "The super Heating system",
    "our Cleaner Solutions",
    "Main 914-555-0100 | Fax 914-555-0101",
    "DO NOT CALL Friday. ASK FOR Pricing.",
    "Please ask Home Depot at the desk.",
    "The Real Estate Market",
]


@pytest.mark.parametrize(("text", "names"), NAMES)
def test_a_name_is_found(text: str, names: list[str]) -> None:
    found = {text[start:end] for start, end, _ in cued_names(text)}
    assert set(names) <= found
    assert found <= set(names)


@pytest.mark.parametrize("text", NOTHING)
def test_trades_makers_and_firms_are_no_names(text: str) -> None:
    assert [text[start:end] for start, end, _ in cued_names(text)] == []


def test_lists_hold_names_of_many_peoples_and_no_makers() -> None:
    for name in (
        "Oluwaseun",
        "Małgorzata",
        "Jean-Luc",
        "Priya",
        "Xiomara",
        "Иван",
        "أحمد",
        "פנינה",
    ):
        assert is_given_name(name), name
    for word in ("Heating", "Boiler", "Kohler", "Montag", "Houston", "Invoice", "The"):
        assert not is_given_name(word), word
    assert is_surname("Kowalski")
    assert not any(
        is_given_name(maker) or is_surname(maker) for maker in BRANDS if maker.isalpha()
    )


@pytest.mark.parametrize(
    "piece",
    [
        "Ana and ",
        "A. ",
        "Mr. ",
        "Unit 1 - ",
        "Ana called ",
        "X 845-555-0142 ",
        "Hi Ana\n",
        "a@b ",
    ],
)
def test_a_hostile_piece_takes_bounded_time(piece: str) -> None:
    began = time.process_time()
    list(cued_names(piece * (CHUNK // len(piece))))
    assert time.process_time() - began < 3
