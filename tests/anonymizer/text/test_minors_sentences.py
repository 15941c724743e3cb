"""Every sentence about a child loses what is the child's; what only sounds so stays whole."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from anonymizer.text.cleaner import Cleaner
from anonymizer.text.fields import KEEP_FIELDS
from anonymizer.text.request import Cleaned, Part, Request
from tests.anonymizer.conftest import CUSTOMER
from tests.anonymizer.text.minor_sentences import ENGLISH
from tests.anonymizer.text.minor_sentences_abroad import ABROAD
from tests.anonymizer.text.minor_sentences_generous import GENEROUS, THINGS_BESIDE_CHILDREN
from tests.anonymizer.text.minor_traps import TRAPS

AT = datetime(2026, 5, 4, tzinfo=UTC)
EVERYTHING = frozenset(row.name for row in KEEP_FIELDS)
OF_CHILDREN = {"CHILD", "AGE", "SCHOOL", "TEAM", "FILE_NAME", "FAMILY", "BELIEF"}
TAKEN_AT_MOST = 0.05
"""Share of the sentences that only sound so of which something may go: the network that reads
passages guesses, and what a rule is sure of is tested by itself."""

MARKED = re.compile(r"\{([^}]*)\}")


def cleaned(cleaner: Cleaner, sentences: list[str]) -> list[Cleaned]:
    return cleaner.clean(
        [
            Request(
                parts=(Part(name="text", text=sentence),),
                people=(CUSTOMER,),
                keep=EVERYTHING,
                region="US-NY",
                at=AT,
            )
            for sentence in sentences
        ]
    )


@pytest.mark.parametrize(
    "marked", [ENGLISH, ABROAD, GENEROUS], ids=["English", "abroad", "generous"]
)
def test_what_is_a_childs_goes_though_every_field_is_kept(
    cleaner: Cleaner, marked: str
) -> None:
    lines = marked.splitlines()
    assert len(lines) > 60
    leaks = []
    for line, result in zip(
        lines, cleaned(cleaner, [MARKED.sub(r"\1", line) for line in lines]), strict=True
    ):
        gone = {at for r in result.removals for at in range(r.start, r.end)}
        shift = 0
        for mark in MARKED.finditer(line):
            start = mark.start() - shift
            shift += 2
            left = [
                at
                for at, char in enumerate(mark[1], start)
                if char.isalnum() and at not in gone
            ]
            if left:
                leaks.append((line, result.texts["text"]))
    assert leaks == []


@pytest.mark.parametrize(
    ("traps", "least"),
    [(TRAPS, 200), (THINGS_BESIDE_CHILDREN, 40)],
    ids=["no child at all", "beside a child"],
)
def test_what_only_sounds_like_a_child_stays(cleaner: Cleaner, traps: str, least: int) -> None:
    lines = traps.splitlines()
    assert len(lines) > least
    taken = [
        (line, removal.label)
        for line, result in zip(lines, cleaned(cleaner, lines), strict=True)
        for removal in result.removals
        if removal.label in OF_CHILDREN or "child" in removal.reason
    ]
    assert len({line for line, _ in taken}) <= TAKEN_AT_MOST * len(lines), taken
