"""Phrases are found where `re` finds them, though most places are never tried."""

import re
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.intake.kind import ROWS
from flows.intake.phrases import Phrases, beginnings

PATTERNS = [pattern for rows in ROWS.values() for _, pattern in rows]
PHRASES = Phrases(PATTERNS)
WORDS = sorted({word for each in PATTERNS for word in re.findall(r"[^\W\d_]{2,}", each)})
MOST = 5


def plainly(pattern: str, text: str) -> list[str]:
    """What the expression finds when it is tried at every place."""
    places = re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text)
    return [place[0] for place in islice(places, MOST)]


# Words of the rows in any order hit their phrases by chance, and nearly hit many more.
pieces = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(
        ["i", "a", "to", "is", "1", "24", "98%", "$5", "!!!", "'ve", "٣", "é", "#1"]
    ),
    st.text(max_size=3),
)
separators = st.sampled_from([" ", " ", " ", " ", "\n", ", ", "-", "", ". ", "'"])
texts = st.lists(st.tuples(pieces, separators), max_size=60).map(
    lambda given: "".join(piece + separator for piece, separator in given).lower()
)


@settings(max_examples=150, deadline=None)
@given(texts)
def test_each_row_finds_what_its_expression_finds(text: str) -> None:
    assert PHRASES.found(text, MOST) == [plainly(each, text) for each in PATTERNS]


@pytest.mark.parametrize("number", range(len(PATTERNS)))
def test_what_a_row_matches_begins_as_foretold(number: int) -> None:
    matching = st.from_regex(re.compile(PATTERNS[number]), fullmatch=True)

    @settings(max_examples=15, deadline=None, database=None)
    @given(matching)
    def check(text: str) -> None:
        assert PHRASES.found(text, MOST)[number] == plainly(PATTERNS[number], text)

    check()


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("leak(?:s|ing)?", {"leak"}),
        ("(?:free |an? )?bid", {"free", "a bi", "an b", "bid"}),
        (r"rip-?off|bbb", {"rip-", "ripo", "bbb"}),
        (r"\d{1,2} ?%", {"0"}),
        (r"1st \w+", {"0st "}),
        (r"i (?:\w+ ){0,3}am", {"i ", "i am"}),
        (r"\$+ off|o[ck0-9]|[ab]c", {"$", "o", "ac", "bc"}),
    ],
)
def test_beginnings(pattern: str, told: set[str]) -> None:
    assert beginnings(pattern) == told


@pytest.mark.parametrize("pattern", [r"\w+ing", "(?:the )?", ".x", "(?=the)x", "a)b", r"\bis"])
def test_what_could_begin_anywhere_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"begin|written"):
        beginnings(pattern)
