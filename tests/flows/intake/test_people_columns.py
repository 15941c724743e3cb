"""Tables that are lists of people are told apart from all others."""

import pytest

from flows.intake.people_columns import PRIVATE, people_list, told


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
    assert found.header == 1
    assert found.people[0].name in ("Ana Ruiz", "Ana Ruiz Ruiz")


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


def test_each_value_is_told_with_the_word_of_its_column_and_private_ones_are_not():
    rows = [
        ["Tenants 2026"],
        ["Tenant", "Unit", "Age", "", "Medical notes", "Child's school"],
        ["Ana Ruiz", "4B", "9", "x", "peanuts", "Lincoln"],
        ["", "", ""],
    ]
    listed = people_list(rows)
    assert listed is not None
    assert list(told(rows, listed)) == ["Tenants 2026", "Tenant: Ana Ruiz; Unit: 4B; x", ""]
    assert listed.withheld == (PRIVATE,)


def test_a_grade_is_private_in_a_list_of_children_and_a_boilers_age_in_none():
    """What belongs to the work stays in a list of customers."""
    children = people_list([["Student", "Grade"], ["Ana Ruiz", "3"]])
    customers = people_list(
        [["Customer", "Boiler age", "Grade", "Condition"], ["Ana Ruiz", "5"]]
    )
    assert children is not None
    assert customers is not None
    assert (children.private, customers.private) == ({1}, set())


def test_a_first_and_a_last_name_are_one_person_and_numbers_none():
    rows = [["Last name", "First name", "Phone"], ["Ruiz", "Ana", "5"], ["4711", "", ""]]
    found = people_list(rows)
    assert found is not None
    assert [party.name for party in found.people] == ["Ruiz Ana"]
