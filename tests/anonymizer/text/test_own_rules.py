"""Recognisers of an operator are tried first, and then work like the built-in ones."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from anonymizer.text.cleaner import Cleaner
from anonymizer.text.own_rules import Row, faults, nested, spans
from anonymizer.text.request import Part, Request

MEMBER = Row(
    name="member number",
    label="MEMBER_NUMBER",
    pattern=r"\bHM-\d{5}\b",
    reason="a member's number",
    unless=("part",),
    finds=("Member no. HM-20441",),
    leaves=("Part HM-20441",),
)


def test_a_good_row_has_no_faults() -> None:
    assert faults(MEMBER) == []


@pytest.mark.parametrize(
    ("change", "path", "offset"),
    [
        ({"label": "PERSON"}, ("label",), 0),
        ({"check": "abc"}, ("check",), 0),
        ({"pattern": "a(b"}, ("pattern",), 3),
        ({"pattern": r"(\w+\s?)+x"}, ("pattern",), 8),
        ({"pattern": r"\d*"}, ("pattern",), 0),
        ({"pattern": r"\b"}, ("pattern",), 0),
        ({"pattern": r"(?=a)"}, ("pattern",), 0),
        ({"pattern": r"\w*?\w*?\w*?\w*?\d\d\d-"}, ("pattern",), 0),
        ({"finds": ("HM-2",)}, ("tests", "finds", 0), 0),
        ({"leaves": ("so", "a HM-20441")}, ("tests", "leaves", 1), 2),
        ({"check": "luhn"}, ("tests", "finds", 0), 0),
        ({"context": ("club",)}, ("tests", "finds", 0), 0),
    ],
)
def test_a_fault_is_told_with_its_place(
    change: dict[str, object], path: tuple[str | int, ...], offset: int
) -> None:
    (fault,) = faults(replace(MEMBER, **change))
    assert (fault.path, fault.offset) == (path, offset)
    assert fault.fix


def test_a_hostile_pattern_is_refused_in_bounded_time() -> None:
    began = time.monotonic()
    assert faults(replace(MEMBER, pattern=r"(?:\w|\d|_)?" * 12 + r"(?:a|a|b)*?(?:a|ab|b)*?\d!"))
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    ("pattern", "at"),
    [
        (r"(a+)+", 4),
        (r"(a{1,50}){2,}", 9),
        (r"((?:a|b*)c)*", 11),
        (r"(a+)?", None),
        (r"(?:\d{4}[ -]?){3}", None),
        (r"[(a+)]+", None),
        (r"[]+]+", None),
        (r"\(a+\)+", None),
        (r"a+b+", None),
        (r"(a{2}){11}", None),
    ],
)
def test_repetition_in_repetition_is_seen(pattern: str, at: int | None) -> None:
    assert nested(pattern) == at


def test_context_and_contrary_words_are_heeded() -> None:
    rule = replace(MEMBER, context=("club", "member")).rule()
    assert spans(rule, "My member card: HM-20441.") == [(16, 24)]
    assert spans(rule, "HM-20441 is blue.") == []
    assert spans(rule, "My club's part HM-20441") == []


@pytest.mark.slow
def test_the_cleaner_takes_out_what_own_rules_find() -> None:
    cleaner = Cleaner(rules=(MEMBER.rule(),))
    text = "My number is HM-20441, the part HM-20442 leaks. Again: hm-20441."
    (cleaned,) = cleaner.clean([Request(parts=(Part(name="text", text=text),))])
    assert cleaned.texts["text"] == (
        "My number is <MEMBER_NUMBER_1>, the part HM-20442 leaks. Again: <MEMBER_NUMBER_1>."
    )
    assert {removal.reason for removal in cleaned.removals} == {"a member's number"}
