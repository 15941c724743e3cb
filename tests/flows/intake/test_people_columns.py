"""Tables that are lists of people are told apart from all others."""

import pytest

from flows.intake.people_columns import people_list, told


@pytest.mark.parametrize(
    "headers",
    [
        ["Tenant", "Unit"],
        ["Customer Name", "Phone"],
        ["First Name", "Last Name", "Email"],
        ["Name", "Date of Birth"],
        ["name", "phone number", "notes"],
        ["Student", "Grade"],
        ["Child's name", "Allergies"],
        ["Nombre", "Teléfono"],
        ["Mieter", "Wohnung"],
        ["Locataire", "Étage"],
        ["Emergency contact", "Relation"],
    ],
)
def test_a_list_of_people_is_known_by_its_header(headers):
    rows = [["Block A"], headers, ["Ana Ruiz", "Ruiz"]]
    found = people_list(rows)
    assert found is not None
    assert found[0] == 1
    assert found[1][0].name in ("Ana Ruiz", "Ana Ruiz Ruiz")


@pytest.mark.parametrize(
    "headers",
    [
        ["Name", "Price"],
        ["Item", "Qty", "Price"],
        ["Product name", "SKU"],
        ["Company", "Phone"],
        ["File name", "Size"],
        ["Customer"],
        ["Date", "Description", "Amount"],
        ["Invoice", "Age", "Due"],
        [],
    ],
)
def test_other_tables_are_no_list_of_people(headers):
    assert people_list([headers, ["Copper Pipe", "12"]]) is None


def test_each_value_of_a_row_is_told_with_the_word_of_its_column():
    rows = [["Tenants 2026"], ["Tenant", "Age", ""], ["Ana Ruiz", "9", "x"], ["", "", ""]]
    assert list(told(rows, 1)) == [
        "Tenants 2026",
        "Tenant\tAge",
        "Tenant: Ana Ruiz; Age: 9; x",
        "",
    ]


def test_a_first_and_a_last_name_are_one_person_and_numbers_none():
    rows = [["Last name", "First name", "Phone"], ["Ruiz", "Ana", "5"], ["4711", "", ""]]
    found = people_list(rows)
    assert found is not None
    assert [party.name for party in found[1]] == ["Ruiz Ana"]
