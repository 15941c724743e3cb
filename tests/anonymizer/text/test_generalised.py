"""A value becomes a decade, a region or a postcode area where asked; a child's never."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from anonymizer.text.fields import GENERALISATIONS
from anonymizer.text.findings import Finding
from anonymizer.text.generalised import Generaliser
from anonymizer.text.request import Part, Request
from tests.anonymizer.conftest import Clean

EVERY = frozenset(row.name for row in GENERALISATIONS)
AT = datetime(2026, 5, 4, tzinfo=UTC)


def _coarse(label: str, value: str, after: str = "", region: str = "US-NY", **of: bool) -> str:
    request = Request(
        parts=(Part(name="text", text=""),), generalise=EVERY, at=AT, region=region
    )
    found = Finding(0, len(value), label, minor=of.get("minor", False))
    return Generaliser(request).stand_in(value + after, found)


@pytest.mark.parametrize(
    ("label", "value", "stand_in"),
    [
        ("AGE", "41", "<AGE_40S>"),
        ("AGE", "sixty-two", "<AGE_60S>"),
        ("AGE", "89", "<AGE_80S>"),
        ("AGE", "90", "<AGE_90_PLUS>"),
        ("AGE", "102 years old", "<AGE_90_PLUS>"),
        ("AGE", "19", ""),
        ("AGE", "old", ""),
        ("BIRTH_DATE", "3/14/1985", "<BORN_1980S>"),
        ("BIRTH_DATE", "14 March 1990", "<BORN_1990S>"),
        ("BIRTH_DATE", "03/14/62", "<BORN_1960S>"),
        ("BIRTH_DATE", "1 May 1931", "<AGE_90_PLUS>"),
        ("BIRTH_DATE", "1 May 2010", ""),
        ("BIRTH_DATE", "1 May", ""),
        ("PLACE", "Kingston, NY", "<PLACE_US_NY>"),
        ("PLACE", "Ontario", "<PLACE_CA_ON>"),
        ("PLACE", "France", "<PLACE_FR>"),
        ("PLACE", "Scotland", "<PLACE_GB>"),
        ("PLACE", "Springfield", ""),
        ("ADDRESS", "12 Elm Street, Kingston, NY 12401", "<AREA_US_124>"),
        ("ADDRESS", "1 Ridge Road, VT 05901", "<AREA_US_000>"),
        ("ADDRESS", "9 King St W, Toronto ON M5V 2T6", "<AREA_CA_M5V>"),
        ("ADDRESS", "12 Elm Street", ""),
        ("PHONE", "914-555-0101", ""),
    ],
)
def test_a_value_becomes_coarse(label: str, value: str, stand_in: str) -> None:
    assert _coarse(label, value) == stand_in


def test_what_stands_after_a_town_tells_its_region() -> None:
    assert _coarse("PLACE", "Albany", ", NY and") == "<PLACE_US_NY>"
    assert _coarse("PLACE", "Albany", ". NY is big") == ""


def test_a_british_postcode_becomes_its_area() -> None:
    assert _coarse("ADDRESS", "4 Orchard Close NP16 5TT", region="GB") == "<AREA_GB_NP>"


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("AGE", "41"),
        ("BIRTH_DATE", "1 May 1985"),
        ("PLACE", "Ontario"),
        ("ADDRESS", "NY 12401"),
    ],
)
def test_what_is_a_childs_never_does(label: str, value: str) -> None:
    assert _coarse(label, value, minor=True) == ""


def test_a_flow_that_asks_gets_the_coarse_stand_in(clean: Clean) -> None:
    text = "My date of birth is March 14, 1985 and I live at 12 Elm Street, Kingston, NY 12401."
    coarse = clean(text, at=AT, generalise=EVERY)
    assert coarse.texts["text"] == (
        "My date of birth is <BORN_1980S> and I live at <AREA_US_124>."
    )
    assert {removal.stand_in for removal in coarse.removals} == {
        "<BORN_1980S>",
        "<AREA_US_124>",
    }
    assert "<BIRTH_DATE_1>" in clean(text, at=AT).texts["text"]


def test_what_a_flow_keeps_is_not_made_coarse(clean: Clean) -> None:
    text = "I live at 12 Elm Street, Kingston, NY 12401."
    cleaned = clean(text, generalise=EVERY, keep=frozenset({"customer.address"}))
    assert cleaned.texts["text"] == text
    assert [(stay.label, stay.reason) for stay in cleaned.stays] == [
        ("ADDRESS", "kept as customer.address")
    ]
