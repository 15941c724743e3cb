"""A source put into a flows file: one more source, and nothing else is touched."""

from pathlib import Path

import pytest

from flows.errors import FlowsFileError, OperatorError
from flows.language.additions import with_source
from flows.language.load import parse

HEAD = (
    "version: 1\n# ours\n"
    'business: {id: b, name: B, industry: "238220", region: US-NY, time_zone: UTC}\n'
)
FLOWS = (
    "flows:\n  - id: a\n    name: A   # first\n    triggers: [{mail: office}]\n"
    "    steps: [{id: n, uses: notify, with: {to: owner, text: hi}}]\n"
)
OFFICE = "sources:\n  office: {uses: folder, path: mail}   # the office\n"
BANK = {
    "uses": "bank",
    "path": "bank: #1.csv",
    "delimiter": "\t",
    "dates": "day-first",
    "columns": {"date": "Buchungstag", "amount": "Betrag, in €", "reference": "yes"},
}
PATH = Path("flows.yaml")


@pytest.mark.parametrize(
    "text",
    [
        HEAD + OFFICE + FLOWS,
        HEAD + OFFICE + "\n# the flows\n\n" + FLOWS,
        HEAD + OFFICE + "  # a last word on sources\n" + FLOWS,
        HEAD + FLOWS + OFFICE,
        HEAD + FLOWS + OFFICE.rstrip("\n"),
        HEAD + FLOWS + OFFICE + "\n\n# the end\n",
        (HEAD + OFFICE + FLOWS).replace("\n", "\r\n"),
        HEAD + "sources:\n    office:\n        uses: folder\n        path: mail\n" + FLOWS,
    ],
)
def test_one_source_more_and_every_line_as_it_was(text: str) -> None:
    """What is added is read as it was meant; all other lines stand in their order."""
    added = with_source(text, PATH, "card", BANK)

    before, after = parse(text, PATH), parse(added, PATH)
    assert after.sources["card"].model_dump(exclude_defaults=True, exclude_none=True) == BANK
    assert {**after.sources, "card": None} == {**before.sources, "card": None}
    assert after.flows == before.flows
    rest = iter(added.splitlines())
    assert all(line in rest for line in text.splitlines())
    assert len(added.splitlines()) == len(text.splitlines()) + 1 + len(BANK)
    assert ("\r\n" in added) == ("\r\n" in text)


def test_a_comment_on_the_sources_stays_with_them() -> None:
    """What is indented as a source belongs to the sources."""
    text = HEAD + OFFICE + "  # a last word\n" + FLOWS
    assert "# a last word\n  card:\n" in with_source(text, PATH, "card", BANK)


def test_the_same_source_again_changes_nothing() -> None:
    """However it was written."""
    added = with_source(HEAD + OFFICE + FLOWS, PATH, "card", BANK)
    assert with_source(added, PATH, "card", {**BANK, "account": ""}) == added


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        (HEAD + OFFICE + FLOWS, "office", "there is a source 'office' already"),
        (HEAD + OFFICE + FLOWS, "My Bank", "name is not one"),
        (HEAD + "sources: {office: {uses: folder, path: mail}}\n" + FLOWS, "card", "in braces"),
    ],
)
def test_what_cannot_be_added_is_refused_with_advice(text: str, name: str, says: str) -> None:
    """The error says what to do instead."""
    with pytest.raises(OperatorError, match=says) as refused:
        with_source(text, PATH, name, BANK)
    assert refused.value.fix


def test_a_source_that_is_none_is_not_written() -> None:
    """The file as it would be is checked as a whole."""
    with pytest.raises(FlowsFileError):
        with_source(HEAD + OFFICE + FLOWS, PATH, "card", {"uses": "bank"})
