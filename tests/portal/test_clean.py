"""`jigajob clean` shows what is taken out, for mail files and for lines of JSON."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from anonymizer.text.cleaner import Cleaner
from anonymizer.text.fields import KEEP_FIELDS
from portal.cleaning import LineCleaner
from tests.portal.conftest import ROOT, jigajob

pytestmark = pytest.mark.timeout(300)

FIELDS = {"id", "verdict", "text", "removed"}
REMOVED = {"start", "end", "label", "reason"}

LINES: list[dict[str, Any]] = [
    {"id": "plain", "text": "Please call Maria Lopez at 518-555-0143 about the boiler."},
    {"id": 7, "text": "No people here, only pipes."},
    {"id": "empty", "text": ""},
    {"id": "crlf", "text": "Hello,\r\nmy cell is (518) 555-0199.\r\nThomas Wexler\r\n"},
    {"id": "old mac", "text": "First\rcall 518-555-0111\rbye"},
    {"id": "emoji", "text": "\U0001f6bf\U0001f468\u200d\U0001f527 Ana Pereira: 518 555 0102"},
    {"id": "accents", "text": "Señora Muñoz, 12 Elm Street, Albany NY 12207 — naïve façade"},
    {"id": "combining", "text": "Jose\u0301 Ibarra wrote: jose@mail.example, thanks"},
    {"id": "lone", "text": "broken \ud83d emoji, write to kim@mail.example \udc00"},
    {"id": "nul", "text": "a\x00b\x07 call 518-555-0123\u2028next \u202edlrow\u202c"},
    {"id": "right to left", "text": "שלום, התקשרו אל 518-555-0177 בבקשה"},
    {"id": "stand-in", "text": "As <PERSON_1> said, Peter Grant lives at 4 Oak Lane."},
    {"id": "html", "text": "<b>Peter Grant</b> &amp; sons, <a href='mailto:p@g.example'>x</a>"},
    {
        "id": "all fields",
        "text": "My son Tim is 9. Leave the key with him. Ruth Kepler, 518-555-0155",
        "subject": "Ruth Kepler's sink",
        "from": "Ruth Kepler <ruth@kepler.example>",
        "to": ["Office <office@hudson.example>", "b@hudson.example"],
        "received": "2026-10-05T09:30:00-04:00",
        "region": "US-NY",
        "keep": ["customer.name"],
        "unheard": {"of": 1},
    },
    {"id": "dated as mail", "text": "Hi", "received": "Mon, 05 Oct 2026 09:30:00 -0400"},
    {"id": "long", "text": "The tap of Gloria Brandt drips. " * 400},
]  # fmt: skip


def _ask(lines: Iterable[object], *options: str) -> subprocess.CompletedProcess[str]:
    text = "".join(
        (line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines
    )
    return jigajob("clean", "--jsonl", *options, stdin=text)


def _answers(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def answered() -> dict[object, dict[str, Any]]:
    """The answers to `LINES`, by id."""
    done = _ask(LINES)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    answers = _answers(done)
    assert [answer["id"] for answer in answers] == [line["id"] for line in LINES]
    return {answer["id"]: answer for answer in answers}


def _rebuilt(given: str, answer: dict[str, Any]) -> str:
    pieces, at = [], 0
    for removed in answer["removed"]:
        pieces += [given[at : removed["start"]], removed["stand_in"]]
        at = removed["end"]
    return "".join(pieces) + given[at:]


@pytest.mark.parametrize("line", LINES, ids=lambda line: str(line["id"]))
def test_offsets_point_into_the_given_text(
    line: dict[str, Any], answered: dict[object, dict[str, Any]]
) -> None:
    """The clean text is the given one with each stretch replaced: nothing else changed."""
    answer, given = answered[line["id"]], line["text"]
    spans = [(removed["start"], removed["end"]) for removed in answer["removed"]]

    assert set(answer) == FIELDS
    assert answer["verdict"] in {"business", "personal"}
    assert all(set(removed) >= REMOVED for removed in answer["removed"])
    assert all(0 <= start < end <= len(given) for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert _rebuilt(given, answer) == answer["text"]


@pytest.mark.parametrize(
    ("line_id", "gone"),
    [
        ("plain", "Maria Lopez"),
        ("plain", "518-555-0143"),
        ("crlf", "555-0199"),
        ("old mac", "518-555-0111"),
        ("emoji", "555 0102"),
        ("accents", "12 Elm Street"),
        ("combining", "jose@mail.example"),
        ("lone", "kim@mail.example"),
        ("nul", "518-555-0123"),
        ("right to left", "518-555-0177"),
        ("stand-in", "Peter Grant"),
        ("html", "p@g.example"),
        ("all fields", "Tim"),
        ("all fields", "518-555-0155"),
        ("long", "Gloria Brandt"),
    ],
)
def test_personal_data_is_gone(
    line_id: str, gone: str, answered: dict[object, dict[str, Any]]
) -> None:
    """Whatever the letters around it."""
    assert gone not in answered[line_id]["text"]


def test_a_kept_field_stays_and_a_child_does_not(
    answered: dict[object, dict[str, Any]],
) -> None:
    """`keep` of a line keeps who wrote it; her child goes all the same."""
    answer = answered["all fields"]

    assert "Ruth Kepler" in answer["text"]
    assert "CHILD" in {removed["label"] for removed in answer["removed"]}


def _cleaned(lines: Iterable[object], of: LineCleaner) -> list[dict[str, Any]]:
    return of.clean((number, json.dumps(line)) for number, line in enumerate(lines))


def test_options_hold_for_every_line(cleaner: Cleaner) -> None:
    """`--keep` and `--region` stand where a line says nothing."""
    line = {"id": 1, "text": "Regards, Ruth Kepler", "from": "Ruth Kepler <r@kepler.example>"}

    (plain,) = _cleaned([line], LineCleaner(cleaner, keep=(), region="US"))
    (kept,) = _cleaned([line], LineCleaner(cleaner, keep=["customer.name"], region="CA-ON"))

    assert "Ruth" not in plain["text"]
    assert kept["text"] == line["text"]


def test_private_mail_is_told_from_business(cleaner: Cleaner) -> None:
    """The verdict is the one of a run: by text and by who writes."""
    lines = [
        {"id": "b", "text": "Our boiler broke. Can you send somebody and a quote? Unit 4."},
        {
            "id": "p",
            "subject": "Dinner at mom's on Sunday?",
            "text": "Hi sis, mom wants us for dinner. Kiss the kids! Love you, Ben",
        },
    ]

    answers = _cleaned(lines, LineCleaner(cleaner, keep=(), region="US"))

    assert {answer["id"]: answer["verdict"] for answer in answers} == {
        "b": "business",
        "p": "personal",
    }


def test_each_line_stands_by_itself(cleaner: Cleaner) -> None:
    """Lines share no stand-ins: the first person of each is the first."""
    texts = ["Ask Maria Lopez.", "Ask Thomas Wexler, not Maria Lopez."]
    lines = [{"id": number, "text": text} for number, text in enumerate(texts)]

    answers = _cleaned(lines, LineCleaner(cleaner, keep=(), region="US"))

    assert [answer["text"] for answer in answers] == [
        "Ask <PERSON_1>.",
        "Ask <PERSON_1>, not <PERSON_2>.",
    ]


BAD = [
    ("{not json", None),
    ('"a string"', None),
    ("[1, 2]", None),
    ("null", None),
    ('{"id": NaN, "text": "t"}', None),
    ('{"id": "x"}', "x"),
    ('{"text": "no id, Maria Lopez"}', None),
    ('{"id": "y", "text": 5}', "y"),
    ('{"id": "z", "text": "t", "received": "Maria Lopez, yesterday"}', "z"),
    ('{"id": "k", "text": "t", "keep": "customer.name"}', "k"),
    ("[" * 100_000, None),
    ('{"id": "n", "text": "t", "to": [1]}', "n"),
]


def test_bad_lines_are_answered_and_the_rest_goes_on() -> None:
    """Each bad line has an answer in its place that says so, quotes nothing, and exits 1."""
    good = {"id": "good", "text": "Call 518-555-0143"}
    lines: list[object] = [good, *(line for line, _ in BAD), "", good]

    done = _ask(lines)
    answers = _answers(done)

    assert done.returncode == 1
    assert [answer["id"] for answer in answers] == ["good", *(i for _, i in BAD), "good"]
    assert [answer["line"] for answer in answers[1:-1]] == list(range(2, len(BAD) + 2))
    assert all(answer["error"] for answer in answers[1:-1])
    assert answers[0]["text"] == answers[-1]["text"] == "Call <PHONE_1>"
    assert "Lopez" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_field_that_nobody_knows_is_told() -> None:
    """A mistyped `--keep` ends with the words that there are."""
    done = _ask([LINES[0]], "--keep", "customer.nmae")

    assert done.returncode == 1
    assert "customer.nmae" in done.stderr
    assert KEEP_FIELDS[0].name in done.stderr


def test_bytes_that_are_no_text_are_read_all_the_same(tmp_path: Path) -> None:
    """A byte order mark, Windows line ends and bytes that are not UTF-8 stop nobody."""
    path = tmp_path / "lines.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"id": 1, "text": "call 518-555-0143"}\r\n'
        b'{"id": 2, "text": "the caf\xe9 is at 518-555-0199"}\r\n'
        b'{"id": 3, "text": "last, no line end"}'
    )

    done = jigajob("clean", "--jsonl", path, path)
    answers = _answers(done)

    assert done.returncode == 0, done.stderr
    assert [answer["id"] for answer in answers] == [1, 2, 3] * 2
    assert answers[1]["text"] == "the caf\ufffd is at <PHONE_1>"


def test_every_line_is_answered_before_the_next_is_asked() -> None:
    """Whoever writes a line and waits is not left waiting for a batch to fill."""
    program = [sys.executable, "-c", "from portal.cli import main; main()", "clean", "--jsonl"]
    with subprocess.Popen(
        program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for number in range(3):
            child.stdin.write(json.dumps({"id": number, "text": "Hi Maria Lopez"}) + "\n")
            child.stdin.flush()
            assert json.loads(child.stdout.readline())["id"] == number
        child.stdin.close()
        assert child.wait() == 0


def test_a_thousand_lines_come_back_in_order() -> None:
    """Batches change neither the order nor the answers; equal texts have equal answers."""
    chance = random.Random(11)
    names = ["Maria Lopez", "Thomas Wexler", "Ana Pereira", "Gloria Brandt"]
    lines = [
        {"id": number, "text": f"Job {number}: call {chance.choice(names)} on 518-555-0143."}
        for number in range(1_000)
    ]

    done = _ask(lines)
    answers = _answers(done)

    assert done.returncode == 0, done.stderr
    assert [answer["id"] for answer in answers] == list(range(1_000))
    assert {answer["text"].partition(": ")[2] for answer in answers} == {
        "call <PERSON_1> on <PHONE_1>."
    }


def test_a_mail_file_is_shown_to_a_person() -> None:
    """Kind, clean text, what went and why; also where a terminal knows no accents."""
    files = (
        f"tests/mails/inbox/{name}.eml" for name in ("1005-unit-4b", "1008-fuite-chauffe-eau")
    )

    done = jigajob("clean", *files, PYTHONIOENCODING="ascii:strict")

    assert done.returncode == 0, done.stderr
    assert "business, service_request" in done.stdout
    assert "Taken out" in done.stdout
    assert "<PHONE_1>" in done.stdout
    assert "Traceback" not in done.stderr


def test_mail_files_as_json_and_what_is_no_mail() -> None:
    """One object a file; a file that is no mail is told, and the others go on."""
    inbox = Path("tests/mails/inbox")
    files = [inbox / "1001-no-heat.eml", inbox / "broken/DSC00417.JPG", inbox / "1016-toilet"]

    done = jigajob("clean", "--json", *files)
    answers = _answers(done)

    assert done.returncode == 1
    assert [answer["file"] for answer in answers] == [str(files[0]), str(files[2])]
    assert {"verdict", "kind", "subject", "text", "removed", "kept"} < set(answers[0])
    assert "DSC00417.JPG" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [[], ["no-such.eml"], ["tests"], ["--jsonl", "no.jsonl"]])
def test_nothing_to_clean_is_the_users_to_mend(arguments: list[str]) -> None:
    """Exit 1, and what to do."""
    done = jigajob("clean", *arguments)

    assert done.returncode == 1
    assert "fix:" in done.stderr
    assert "Traceback" not in done.stderr
