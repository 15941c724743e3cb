"""Whatever stands around a value and however it is disguised, it is found, in bounded time."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

# ruff: noqa: RUF001 - odd characters are what these tests are about
from anonymizer.text.cleaner import Cleaner
from anonymizer.text.engine import RULES
from anonymizer.text.findings import Finding, merged
from anonymizer.text.phones import phones
from anonymizer.text.policy import applied
from anonymizer.text.request import Part, Request
from anonymizer.text.rows import Rows
from anonymizer.text.stand_ins import STAND_IN
from anonymizer.text.view import chunks, view
from tests.depth import times

ROWS = Rows(RULES)

VALUES = {
    "460-89-9847": "460-89-9847",
    "4242 4242 4242 4242": "4242",
    "maria.lopez@mail.example": "maria.lopez@",
    "(845) 555-0142": "555-0142",
    "845-555-0142": "555-0142",
}
"""What is planted, and what of it must be gone."""

NOT_GLUED = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60).filter(
    lambda text: not any(c.isdigit() for c in text[:3] + text[-3:])
)
"""Any text of any script that does not run into the value's digits."""

SLICES = [
    "Hi,\n", "> ", "*", "| ", "\t", "&nbsp;", "=20\n", "\u200b", "\u202e", "👩‍🔧", "„", "（",
    "é", "call ", "x", "-", "_", ".", "/", "#", "\u0661", "ssn", "phone:", "\n\n", "1) ",
    "order ", "مرحبا",
]  # fmt: skip
MIXED = st.lists(st.sampled_from(SLICES) | NOT_GLUED, max_size=6).map("".join)


def found(text: str) -> list[tuple[int, int]]:
    """Return the stretches of the given text that rows and telephone numbers cover."""
    seen = view(text)
    spans = [(start, end) for _, start, end, _ in ROWS.find(seen.text)]
    return [seen.back(*span) for span in [*spans, *phones(seen.text)]]


def without(text: str, spans: list[tuple[int, int]]) -> str:
    gone = {i for start, end in spans for i in range(start, end)}
    return "".join(c for i, c in enumerate(text) if i not in gone)


def with_stand_ins(text: str) -> str:
    """Return *text* with `<GONE_1>` where something was found outside such marks."""
    literals = [m.span() for m in STAND_IN.finditer(text)]
    findings = [
        Finding(start, end, "GONE")
        for start, end in found(text)
        if not any(low < end and start < high for low, high in literals)
    ]
    return applied(text, [(f.start, f.end, "<GONE_1>") for f in merged(findings)])


@pytest.mark.parametrize("value", VALUES)
@settings(max_examples=times(100), deadline=None, suppress_health_check=list(HealthCheck))
@given(before=NOT_GLUED, after=NOT_GLUED)
@example(before="x" * 400, after="")
@example(before="/", after="/")
@example(before="ſ", after="İİİİ")
@example(before="\u0301", after="\u0301")
@example(before="&", after="=")
def test_a_planted_value_is_out_whatever_stands_around_it(
    value: str, before: str, after: str
) -> None:
    text = f"{before} {value} {after}"
    assert VALUES[value] not in without(text, found(text))


@settings(max_examples=times(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(before=NOT_GLUED, value=st.sampled_from(sorted(VALUES)), after=NOT_GLUED)
def test_a_planted_value_is_out_of_the_clean_text(
    cleaner: Cleaner, before: str, value: str, after: str
) -> None:
    text = f"{before}\n{value}\n{after}"
    cleaned = cleaner.clean([Request(parts=(Part(name="text", text=text),))])[0]
    assert VALUES[value] not in cleaned.texts["text"]


@settings(max_examples=times(100), deadline=None, suppress_health_check=list(HealthCheck))
@given(text=MIXED | st.text(max_size=80))
def test_offsets_of_the_view_lead_back_exactly(text: str) -> None:
    seen = view(text)
    stretches = [seen.back(i, i + 1) for i in range(len(seen.text))]
    for (start, end), (following, _) in pairwise(stretches):
        assert 0 <= start < end <= following
    if stretches:
        assert stretches[-1][1] <= len(text)
        assert seen.back(0, len(seen.text)) == (stretches[0][0], stretches[-1][1])


@settings(max_examples=times(80), deadline=None, suppress_health_check=list(HealthCheck))
@given(text=MIXED, more=MIXED)
def test_rows_find_nothing_in_what_they_have_cleaned(text: str, more: str) -> None:
    value = f"{text} Call at 845-555-0142 or maria.lopez@mail.example, SSN 460-89-9847. {more}"
    once = with_stand_ins(value)
    assert with_stand_ins(once) == once


@pytest.mark.parametrize(
    "text",
    ["Hi,\nmy gate code is 4419# and my wife Anna (845-555-0142) has dementia.\nMaria Lopez\n",
     "> Pay IBAN GB33BUKB20201555555555\n> or card 4242 4242 4242 4242 exp 09/28 cvv 417\nBye",
     "We are behind on the rent, see https://x.example/a?token=abcdef123 or @maria.lopez7"],
)  # fmt: skip
def test_cleaning_a_clean_text_again_changes_nothing(cleaner: Cleaner, text: str) -> None:
    once = cleaner.clean([Request(parts=(Part(name="text", text=text),))])[0].texts["text"]
    again = cleaner.clean([Request(parts=(Part(name="text", text=once),))])[0].texts["text"]
    assert once != text
    assert again == once


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("card 4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2 ok", "4 2 4 2"),
        ("card 4242 4242\n4242 4242 ok", "4242"),
        ("> 4242-4242-\n> 4242-4242 ok", "4242"),
        ("qty 2 4242 4242 4242 4242 12/28", "4242"),
        ("４２４２４２４２４２４２４２４２ ok", "４２４２"),
        ("٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢ ok", "٤٢٤٢"),
        ("my ssn is 4 6 0 - 8 9 - 9 8 4 7 ok", "8 9"),
        ("social: four six zero, eight nine, nine eight four seven", "eight nine"),
        ("call me: eight four five, five five five, oh one four two", "oh one"),
        ("write to maria dot lopez at mail dot example please", "lopez"),
        ("write to maria.lopez (at) mail.example please", "lopez"),
        ("write to maria.lopez [at] mail [dot] example please", "lopez"),
        ("write to maria.lopez&#64;mail.example please", "lopez"),
        ("write to maria.lopez%40mail.example please", "lopez"),
        ("write to maria.lopez=40mail.example please", "lopez"),
        ("write to mar\u00adia.lop\u200bez@mail.example please", "lop"),
        ("call \u2067845-555-0142\u2069 now", "0142"),
        ("call 84\ufe0f5-5\u20655\u20665-0142 now", "0142"),
        ("> call 845-\n> 555-0142 now", "0142"),
        ("845-555-0142🙂 ok", "0142"),
        ("| 12 | 845-555-0142 | 3.5 |", "0142"),
        ("tub\t845-555-0142\t2", "0142"),
        ("iban de89 3704 0044 0532 0130 00 ok", "3704"),
        ("IBAN: GB33 BUKB 2020 1555\n5555 55 thanks", "2020"),
        ("pаsswоrd: Blue-Horse-7 ok", "Blue-Horse"),
    ],
)
def test_a_disguise_does_not_help(text: str, gone: str) -> None:
    assert gone not in without(text, found(text))


@pytest.mark.parametrize("name", ["J0hn", "Јоhn", "Ｊｏｈｎ", "Jo\u200bhn", "𝐉𝐨𝐡𝐧"])
def test_a_disguised_name_is_read_as_the_name(name: str) -> None:
    assert view(f"Ask {name} Smith").text == "Ask John Smith"


@pytest.mark.parametrize(
    "text",
    ["R410a H2O 3M B0T5 Type1 GE90x", "Иван и Οδυσσέας", "a=20b 50=3 x&y AT&T; &unknown;",
     "https://x.example/?a=40&b=20&c=3"],
)  # fmt: skip
def test_what_is_no_disguise_is_read_as_it_is(text: str) -> None:
    assert view(text).text == text


BOMBS = [
    "a", "1", "1 ", "a1", "A-1-", "@", "a@", "a.b@", "(", "1(", "-", "_", "=", "&#", "=20",
    "http://", "www.", "password ", "gate code ", "card ", "one two ", "passport no is: ",
    "DE89 ", "12 34 ", "my mother ", "we are ", "he died ", "owes a b c ", "::", "a:b:",
    "?token=", "@a ", "a dot ", "é", "-----BEGIN PRIVATE KEY-----", "eyJa.", "Rue a ",
    "1 Elm ", "\u0430a", "\u0301", "\u202e", "İ",
]  # fmt: skip


@pytest.mark.parametrize("seed", BOMBS, ids=ascii)
def test_a_bomb_takes_no_longer_than_its_length_allows(seed: str) -> None:
    """Twenty thousand characters in pieces as the cleaner makes them: a second and a half."""
    text = (seed * 8_000)[:8_000]
    began = time.process_time()
    for _ in range(3):
        found(text)
    assert time.process_time() - began < 1.5


MANY = times(20_000)


@pytest.mark.slow
def test_every_one_of_very_many_addresses_is_found() -> None:
    line = "Customer {0:06d} wrote from user{0:06d}@mail.example about the boiler.\n"
    text = "".join(line.format(i) for i in range(MANY))
    began = time.process_time()
    found_ends = set()
    for at, piece in chunks(view(text).text):
        found_ends |= {
            at + end for rule, _, end, _ in ROWS.find(piece) if rule.label == "EMAIL"
        }
    assert len(found_ends) == MANY
    assert time.process_time() - began < 120
