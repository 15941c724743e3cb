"""Telephone numbers of many countries are found; orders, parts and dates are none."""

from __future__ import annotations

import pytest

from anonymizer.text.phones import phones

NUMBERS = [
    "845-555-0161", "(845) 555-0161", "845.555.0161", "+1 845 555 0161", "845/555-0161",
    "1-845-555-0161", "845-555-0161 ext. 12", "845-555-0161 x12", "8455550161",
    "+44 20 7946 0018", "+44 (0)20 7946 0018", "020 7946 0018", "07700 900123",
    "+49 30 901820", "030 23125 900", "06 12 34 56 78", "+33 6 12 34 56 78", "612 345 678",
    "+34 612 345 678", "+52 55 1234 5678", "(02) 5550 1234", "+971 50 123 4567",
    "8 4 5 5 5 5 0 1 6 1",
]  # fmt: skip


def found(text: str) -> str:
    """Return what of *text* is a telephone number, in order, `|` between stretches."""
    gone = {i for start, end in phones(text) for i in range(start, end)}
    return "".join(c if i in gone else "|" for i, c in enumerate(text)).strip("|")


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("around", ["call me at {} please", "My cell: {}", "Tel.: {}\n"])
def test_a_number_that_is_said_to_be_one_is_found_whole(number: str, around: str) -> None:
    assert found(around.format(number)) == number


@pytest.mark.parametrize("number", NUMBERS[:6])
@pytest.mark.parametrize(
    "around",
    ["| Anna | {} | yes |", "tub\t{}\t2", "Bath 12   {}   3.5", "{} or {}", "qty 2 {}"],
)
def test_a_number_in_a_table_or_beside_others_is_found(number: str, around: str) -> None:
    assert number in found(around.format(number, number))


def test_a_number_broken_at_the_end_of_a_line_is_found() -> None:
    assert "0161" in found("call 845-\n555-0161 now")


@pytest.mark.parametrize(
    "text",
    ["Order 4471-2210-88", "invoice no. 845-555-0161", "PRO 415-555-0166-2", "RMA 55123-0098",
     "Serien-Nr. 2103 5520 17", "Bestellnummer 030 23125 900", "1Z 999 AA1 01 2345 6784",
     "383-500-637 gasket kit", "914-555-0123   Trap adapter", "VAT GB 338 2210 47",
     "2026-05-04 10:00-12:00", "12/31/2026", "$1,250.00", "version 10.4.2.1", "24 x 36 x 48",
     "la commande 02 61 91 0044", "Part # 914-555-0123"],
)  # fmt: skip
def test_numbers_of_the_business_stay(text: str) -> None:
    assert not found(text)
