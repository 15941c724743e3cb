"""How a business is reached stays; how its people are reached goes, unless it is kept."""

from __future__ import annotations

import pytest

from anonymizer.text.request import Part, Person
from anonymizer.text.segments import segment
from tests.anonymizer.conftest import Clean

RAY = Person(name="Ray Dunn", email="ray@hudson.example", role="own")
ANN = Person(name="Ann Walsh", email="ann@brandtsupply.example", role="supplier")
MARIA = Person(name="Maria Lopez", email="maria.lopez@mail.example", role="customer")
FIRMS = ("Hudson Plumbing", "Brandt Supply")


def _text(clean: Clean, text: str, author: str, **about: object) -> str:
    parts = (Part(name="text", text=text, segments=segment(text)),)
    people = (RAY, ANN, MARIA)
    given = {"parts": parts, "people": people, "organisations": FIRMS, "author": author}
    return clean("", **(given | about)).texts["text"]


SIGNED = """\
Your order 5521 is on the shelf.

Ann Walsh
Inside sales | Direct 914-555-0147 | Cell: 914-555-0148
Brandt Supply
420 Mill River Road, Elmsford, NY 10523
Main 914-555-0100 | Fax 914-555-0101
"""


@pytest.mark.parametrize("author", ["supplier", "own"])
def test_a_companys_address_and_main_number_stay_and_direct_lines_go(
    clean: Clean, author: str
) -> None:
    text = _text(clean, SIGNED, author)
    for stays in ("Brandt Supply", "420 Mill River Road", "10523", "0100", "0101"):
        assert stays in text
    for goes in ("Ann", "Walsh", "0147", "0148"):
        assert goes not in text


@pytest.mark.parametrize(
    ("author", "text"),
    [
        ("supplier", "Ship it to our dock at 1818 Airport Way South, Seattle, WA 98134."),
        ("supplier", "Brandt Supply, 77 Canal Street, (212) 555-0100"),
        ("supplier", "Call our counter: 416-555-0100"),
        ("supplier", "Questions? Sales desk 416-555-0102"),
        (
            "customer",
            "Oak Property Management\n200 Market Street, Suite 410\nOffice (717) 555-0100",
        ),
        ("other", "Miller & Sons Plumbing, 71 Warren Street, Boston, 617-555-0112"),
        ("other", "Questions? Dispatch: 510-555-0100."),
        ("own", "Our shop address for deliveries stays 4410 Burleson Road."),
        ("supplier", "It comes on Friday to your shop on 12 Kipling Avenue."),
        ("own", "Please come to our shop at 12 Foundry Road, Kingston, NY 12401."),
        ("customer", "I will come to your shop at 12 Foundry Road tomorrow."),
        ("customer", "Your ad says (800) 555-0100."),
        ("customer", "I wrote to orders@brandtsupply.example and pay@hudson.example."),
    ],
)
def test_how_a_business_is_reached_stays(clean: Clean, author: str, text: str) -> None:
    assert _text(clean, text, author) == text


@pytest.mark.parametrize(
    ("author", "text", "goes"),
    [
        ("own", "Hudson Plumbing will come to 12 Elm Street on Friday.", "12 Elm Street"),
        ("own", "The customer's number is 914-555-0111.", "0111"),
        ("supplier", "If it burns, my cell: 416-555-0129.", "0129"),
        ("supplier", "Brandt Supply\n416-555-0129 (cell)", "0129"),
        ("customer", "Hi Hudson Plumbing,\n12 Elm Street, Kingston, NY 12401", "Elm"),
        ("customer", "The leak is above Joe's Pizza Inc. and we live at 12 Elm Street.", "Elm"),
        ("customer", "The Old School, Church Lane 4, Ashby", "Church Lane"),
        ("customer", "Maria Lopez\nHome: 12 Elm Street, Kingston, NY 12401", "Elm"),
        ("customer", "Maria Lopez\n9 Church Street, Kingston, NY 12401", "Church"),
        ("customer", "Maria Lopez\nOld Market Road 9, Kingston, NY 12401", "Market"),
        ("customer", "Oak Property Management\nmobile 914-555-0111", "0111"),
        ("customer", "Call my office: 914-555-0111", "0111"),
        ("customer", "I asked ann@brandtsupply.example", "ann@"),
    ],
)
def test_how_a_person_is_reached_goes(clean: Clean, author: str, text: str, goes: str) -> None:
    assert goes not in _text(clean, text, author)


MEETING = "Please ask for Oscar Field, 914-555-0122. My aunt Vera Stone pays, 914-555-0133."


def test_whom_to_meet_is_kept_when_a_flow_asks_for_it(clean: Clean) -> None:
    keep = frozenset({"contact.name", "contact.phone"})
    text = _text(clean, MEETING, "customer", keep=keep)
    assert "Oscar Field, 914-555-0122" in text
    for goes in ("Vera", "Stone", "0133"):
        assert goes not in text
    for goes in ("Oscar", "0122"):
        assert goes not in _text(clean, MEETING, "customer")


def test_somebody_elses_cell_is_not_the_writers(clean: Clean) -> None:
    keep = frozenset({"customer.phone"})
    text = "I am at 914-555-0111. The tenant saw it first, her cell 914-555-0112"
    shown = _text(clean, text, "customer", keep=keep)
    assert "0111" in shown
    assert "0112" not in shown


def test_the_name_under_a_mail_is_the_writers_in_other_words_too(clean: Clean) -> None:
    keep = frozenset({"customer.name"})
    text = "My aunt Rosa Lopez pays.\n\nMimi Lopez\n"
    shown = _text(clean, text, "customer", keep=keep)
    assert shown == "My aunt <PERSON_1> pays.\n\nMimi Lopez\n"


def test_who_signs_for_a_desk_is_the_suppliers_person(clean: Clean) -> None:
    people = (Person(name="Brandt Supply - Orders", email="o@brandt.example", role="supplier"),)
    text = "Please give nothing to Gerry Slattery.\n\nBridget Amato\nBrandt Supply\n"
    keep = frozenset({"supplier.name"})
    shown = _text(clean, text, "supplier", keep=keep, people=people)
    assert shown == "Please give nothing to <PERSON_1>.\n\nBridget Amato\nBrandt Supply\n"
    assert "Bridget" not in _text(clean, text, "supplier", people=people)


def test_a_child_is_never_whom_to_meet(clean: Clean) -> None:
    keep = frozenset({"contact.name"})
    text = "My son Theo is 9. Ask for Theo."
    assert "Theo" not in _text(clean, text, "customer", keep=keep)
