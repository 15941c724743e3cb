"""Labelled mails are read with their marks, wrong ones are told by place, scores are right.

The floors of quality on the project's own labelled mails stand in `test_gold_floors.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from anonymizer.text.gold import LabelError, Mark, read_gold
from anonymizer.text.public_sets import read_labelled
from anonymizer.text.request import Cleaned, Removal, Request
from anonymizer.text.scoring import Score, score
from anonymizer.text.stand_ins import Roster

MAIL = """\
- id: one
  from: Maria Lopez <maria@mail.example>
  to: [Hudson Plumbing <office@hudson.example>]
  own: [Hudson Plumbing, Dave Kowalski]
  suppliers: [Ferguson Supply]
  keep: [customer.phone]
  region: CA-BC
  at: 2026-05-04
  subject: Leak in [[minor.CHILD|Tim]]'s room
  text: |
    My son [[minor.CHILD|Tim]] is [[minor.AGE|9]].
    Call [[keep.customer.phone|(914) 555-0134]] about the [[trap|five-year-old boiler]],
    or [[free|anybody]]; [[out.HEALTH|my bad
    back]] hurts.
"""


def _read(folder: Path, text: str) -> list[str]:
    path = folder / "mails.yaml"
    path.write_text(text, encoding="utf-8")
    return [f"{mark.kind} {mark.name}" for mark in read_gold(path)[0].marks]


def test_a_mail_is_read_with_its_marks(tmp_path: Path) -> None:
    path = tmp_path / "mails.yaml"
    path.write_text(MAIL, encoding="utf-8")
    (mail,) = read_gold(path)
    subject, text = mail.request.parts
    assert subject.text == "Leak in Tim's room"
    assert text.text.startswith("My son Tim is 9.\nCall (914) 555-0134 about the five-year-old")
    assert mail.marks[0] == Mark("subject", 8, 11, "minor", "CHILD")
    assert [text.text[m.start : m.end] for m in mail.marks[1:]] == [
        "Tim",
        "9",
        "(914) 555-0134",
        "five-year-old boiler",
        "anybody",
        "my bad\nback",
    ]
    assert mail.group == tmp_path.name
    assert mail.where == f"{path}:1"
    roles = {(person.name, person.role) for person in mail.request.people}
    assert roles == {
        ("Maria Lopez", "customer"),
        ("Hudson Plumbing", "own"),
        ("Dave Kowalski", "own"),
    }
    assert mail.request.organisations == ("Hudson Plumbing", "Ferguson Supply")
    assert mail.request.region == "CA-BC"
    assert mail.request.at is not None
    assert mail.request.at.date().isoformat() == "2026-05-04"


def test_the_example_of_the_page_on_labelling_is_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "labelling.md").read_text("utf-8")
    example = page.partition("```yaml\n")[2].partition("```")[0]
    (tmp_path / "example.yaml").write_text(example, "utf-8")
    (mail,) = read_gold(tmp_path / "example.yaml")
    assert {mark.kind for mark in mail.marks} == {"minor", "keep", "out", "trap"}
    assert "[[" not in "".join(part.text for part in mail.request.parts)


def test_whom_the_business_writes_to_is_its_customer(tmp_path: Path) -> None:
    path = tmp_path / "mails.yaml"
    path.write_text(
        "- {id: a, author: own, from: Ray <ray@hudson.example>, text: Hi,"
        " to: ['Ann <a@mail.example>', 'Sam <sam@hudson.example>'], cc: [x@mail.example]}\n",
        encoding="utf-8",
    )
    (mail,) = read_gold(path)
    roles = [(person.email, person.role) for person in mail.request.people]
    assert roles == [
        ("ray@hudson.example", "own"),
        ("a@mail.example", "customer"),
        ("sam@hudson.example", "own"),
        ("x@mail.example", "other"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("- id: one\n  from: a: b", 2, "not YAML"),
        ("id: one", 1, "not a list of mails"),
        ("- one", 1, "not a mail"),
        ("- {id: a, from: b}", 1, "no 'text'"),
        ("- id: a\n  from: b\n  txt: c", 3, "no 'txt'"),
        ("- id: a\n  from: b\n  text: c\n  to: d", 4, "'to' is wrong"),
        ("- id: a\n  from: b\n  text: c\n  author: me", 4, "nobody is this author"),
        ("- id: a\n  from: b\n  text: c\n  at: soon", 4, "no day"),
        ("- id: a\n  from: b\n  text: c\n  keep: [all]", 4, "not a field"),
        ("- id: a\n  from: b\n  text: a [[out.HEALTH|b", 3, "no whole mark"),
        ("- id: a\n  from: b\n  text: |\n    a\n    [[oout.HEALTH|b]]", 5, "no whole mark"),
        ("- id: a\n  from: b\n  text: |\n    a\n    [[out.ILL|b]]", 5, "no label"),
        ("- id: a\n  from: b\n  text: '[[trap.AGE|b]]'", 3, "takes no label"),
        ("- id: a\n  from: b\n  text: '[[keep.customer.name|b]]'", 3, "is not kept"),
        ("- id: a\n  from: b\n  text: '[[keep.name|b]]'", 3, "not a field"),
        ("- {id: a, from: b, text: c}\n- {id: a, from: b, text: c}", 2, "is taken"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, what: str
) -> None:
    with pytest.raises(LabelError) as error:
        _read(tmp_path, text)
    assert error.value.where == f"{tmp_path / 'mails.yaml'}:{line}"
    assert what in error.value.what
    assert error.value.fix


class _Takes:
    """A cleaner that takes out given words and knows nothing."""

    def __init__(self, *words: str) -> None:
        self._words = words

    def clean(self, requests: Sequence[Request]) -> list[Cleaned]:
        return [
            Cleaned(texts={}, removals=self._removals(r), kept={}, roster=Roster.empty)
            for r in requests
        ]

    def _removals(self, request: Request) -> tuple[Removal, ...]:
        return tuple(
            Removal(
                part=part.name,
                start=part.text.index(word),
                end=part.text.index(word) + len(word),
                label="PERSON",
                reason="",
                stand_in="",
            )
            for part in request.parts
            for word in self._words
            if word in part.text
        )


def _scored(folder: Path, *words: str) -> Score:
    (folder / "mails.yaml").write_text(MAIL, encoding="utf-8")
    return score(read_labelled(folder), _Takes(*words))


def test_a_cleaner_that_does_nothing_leaves_everything(tmp_path: Path) -> None:
    total = _scored(tmp_path).total
    assert (total.mails, total.leak, total.over) == (1, 1.0, 0.0)
    assert (total.of("minor").marks, total.of("minor").share) == (3, 0.0)
    assert (total.of("trap").share, total.of("keep").share) == (1.0, 1.0)


def test_shares_are_of_marks_of_letters_and_of_words(tmp_path: Path) -> None:
    """`Tim` goes twice; of "my bad back" five of nine letters; of the phone a part."""
    found = _scored(tmp_path, "Tim", "My", "(914)", "boiler", "bad", "my").total
    assert found.of("minor").share == pytest.approx(2 / 3)
    assert found.of("minor").leak == pytest.approx(1 / 7)
    assert found.of("out").share == 0.0
    assert found.of("out").leak == pytest.approx(4 / 9)
    assert found.of("keep").share == found.of("trap").share == 0.0
    assert (found.words, found.touched) == (12, 1)


def test_misses_say_where_and_hold_no_text(tmp_path: Path) -> None:
    found = _scored(tmp_path, "Tim", "My", "boiler")
    told = [(m.part, m.kind, m.label, m.what) for m in found.misses]
    assert told == [
        ("text", "minor", "AGE", "left"),
        ("text", "trap", "trap", "taken"),
        ("text", "out", "HEALTH", "left"),
        ("text", "", "PERSON", "taken"),
    ]
    assert "boiler" not in repr(found.misses)


def test_public_sentences_are_read_and_some_types_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(
        '[{"full_text": "Dr. Ann, 555-0101", "spans": ['
        '{"entity_type": "TITLE", "start_position": 0, "end_position": 3},'
        '{"entity_type": "PHONE_NUMBER", "start_position": 9, "end_position": 17}]}]',
        encoding="utf-8",
    )
    (mail,) = read_labelled(tmp_path)
    assert [(m.kind, m.name) for m in mail.marks] == [("apart", "TITLE"), ("out", "PHONE")]
    total = score([mail], _Takes("Dr")).total
    assert (total.leak, total.of("apart").leak, total.over) == (1.0, 0.0, 0.0)


def test_a_public_thread_is_read_with_the_people_of_its_header(tmp_path: Path) -> None:
    rows = [row.split() for row in ("X - To : Ann Lee", "x - bcc :", "Hi Ann and you , ok")]
    people = {(0, "Ann"): "(P0", (0, "Lee"): "P0)", (2, "Ann"): "(P0*)", (2, "you"): "(P1*)"}
    lines = [
        "".join(f"{word}\t-\t{people.get((i, word), '-')}\t-\n" for word in row)
        for i, row in enumerate(rows)
    ]
    (tmp_path / "t.conll").write_text("#begin document\n" + "\n".join(lines), encoding="utf-8")
    (mail,) = read_labelled(tmp_path)
    text = mail.request.parts[0].text
    assert text.strip() == "Hi Ann and you, ok"
    assert [person.name for person in mail.request.people] == ["Ann Lee"]
    assert [(text[m.start : m.end], m.kind) for m in mail.marks] == [
        ("Ann", "out"),
        ("you", "free"),
    ]


@pytest.mark.parametrize("name", ["s.json", "t.conll"])
def test_a_file_of_another_format_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('{"a": 1}', encoding="utf-8")
    with pytest.raises(LabelError, match=f"{name}:1"):
        read_labelled(tmp_path)
