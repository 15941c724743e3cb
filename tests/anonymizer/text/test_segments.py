"""New text, quotations and signatures are told apart, and every character is in one stretch."""

from collections.abc import Sequence
from itertools import pairwise
from typing import overload

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymizer.text.segments import _Cutter, segment


def kinds(text: str) -> list[tuple[str, str]]:
    """Return kind and stripped text of each segment."""
    return [(piece.kind, text[piece.start : piece.end].strip()) for piece in segment(text)]


def part(text: str, kind: str) -> str:
    """Return all stretches of one kind, stripped."""
    return "".join(text[s.start : s.end] for s in segment(text) if s.kind == kind).strip()


OUTLOOK = (
    "From: Bob <bob@doe.example>\nSent: Monday, May 1, 2023 1:00 PM\n"
    "To: jane@doe.example\nSubject: leak\n\nold words"
)
ANSWERS = {
    "Gmail": "On Mon, Jun 5, 2023 at 10:15 AM Bob <bob@doe.example> wrote:\n\n> old words",
    "Gmail, two lines": "On Mon, Jun 5, 2023 at 10 AM Bob\n<b@doe.example> wrote:\n> old words",
    "HTML that lost its bars": "On Mon, Jun 5, 2023, Bob <bob@doe.example> wrote:\n\nold words",
    "Spanish Gmail": "El lun, 5 jun 2023 a las 10:15, Ana (<a@x.es>)\nescribió:\n\n> old words",
    "Spanish phone": "El lun., 5 jun. 2023 10:15, Ana <a@x.example> escribió:\n\nold words",
    "German": "Am 05.06.2023 um 10:15 schrieb Bob <bob@doe.example>:\n> old words",
    "French": "Le lun. 5 juin 2023 à 10:15, Bob <bob@doe.example> a écrit :\n\n> old words",
    "Italian": "Il giorno lun 5 giu 2023 Bob <bob@doe.example> ha scritto:\n\n> old words",
    "Dutch": "Op ma 5 jun. 2023 om 10:15 schreef Bob <bob@doe.example>:\n\n> old words",
    "Portuguese": "Em seg., 5 de jun. de 2023, Bob <bob@doe.example> escreveu:\n\n> old words",
    "Chinese": "2023年6月5日 10:15, Bob <bob@doe.example>写道:\n\n> old words",
    "no verb at all": 'Mon, 26 Jun 2023 14:41, "Bob" <bob@doe.example>:\n\nold words',
    "Outlook": "-----Original Message-----\n" + OUTLOOK,
    "Outlook's line": "________________________________\n" + OUTLOOK,
    "bold Outlook": OUTLOOK.replace("From:", "*From:*").replace("Sent:", "*Sent:*"),
    "bare header": OUTLOOK,
    "German Outlook": (
        "Von: Bob <bob@doe.example>\nGesendet: Montag, 5. Juni 2023 10:15\nAn: Jane\n"
        "Betreff: Leck\n\nold words"
    ),
    "French Outlook": (
        "De : Bob <bob@doe.example>\nEnvoyé : lundi 5 juin 2023 10:15\nÀ : Jane\n"
        "Objet : fuite\n\nold words"
    ),
    "Spanish Outlook": (
        "De: Bob <bob@doe.example>\nEnviado el: lunes, 5 de junio de 2023 10:15\nPara: Jane\n"
        "Asunto: fuga\n\nold words"
    ),
    "Lotus Notes": (
        '"Bob" <bob@doe.example> on 04/30/2023 10:00:52 AM\nTo: Jane\ncc:\n\nSubject: leak\n\n'
        "old words"
    ),
    "Usenet": "bob@doe.example writes:\n> old words",
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_answered_is_quoted(name):
    text = f"Yes please, Tuesday works for us.\n\n{ANSWERS[name]}\n"
    assert part(text, "new") == "Yes please, Tuesday works for us."
    assert "old words" in part(text, "quoted")


FORWARDS = {
    "Outlook": "-----Original Message-----\n" + OUTLOOK,
    "Gmail": "---------- Forwarded message ---------\n" + OUTLOOK,
    "Apple": "Begin forwarded message:\n\n" + OUTLOOK,
    "Thunderbird": "-------- Forwarded Message --------\n" + OUTLOOK,
    "German": "-------- Weitergeleitete Nachricht --------\n" + OUTLOOK,
    "Spanish": "---------- Mensaje reenviado ---------\n" + OUTLOOK,
    "French": "Début du message transféré :\n\n" + OUTLOOK,
    "bars": "> old words",
    "an answer's form": "On Mon, Jun 5, 2023, Bob wrote:\n> old words",
}


@pytest.mark.parametrize("name", FORWARDS)
@pytest.mark.parametrize(
    "said", ["", "FYI", "fyi - please handle", "Zur Info", "Pour info", "s.u."]
)
def test_a_forward_without_words_of_its_own_is_new(name, said):
    text = f"{said}\n\n{FORWARDS[name]}\n"
    assert "old words" in part(text, "new")
    assert part(text, "quoted") == ""


def test_what_says_that_it_is_forwarded_is_new_whatever_stands_above():
    said = "Can you take this one, please? He sounds upset, and we promised to come."
    text = f"{said}\n\n{FORWARDS['Gmail']}\n"
    assert "old words" in part(text, "new")


def test_inline_answers_are_new():
    text = (
        "Hi Bob,\n\nOn Mon, Jun 5, 2023, Bob wrote:\n> When can we come?\n\nTuesday at 3.\n\n"
        "> Where is it?\n\n12 Oak Street.\n"
    )
    assert kinds(text) == [
        ("new", "Hi Bob,"),
        ("quoted", "On Mon, Jun 5, 2023, Bob wrote:\n> When can we come?"),
        ("new", "Tuesday at 3."),
        ("quoted", "> Where is it?"),
        ("new", "12 Oak Street."),
    ]


def test_an_answer_below_the_quotation_is_new():
    assert part("On 04/02/2023 06:26 PM, Bob wrote:\n> Hi\nHello", "new") == "Hello"


SIGNATURES = {
    "delimiter": "-- \nJane Doe\nDoe Ltd.",
    "delimiter without space": "--\nJane Doe",
    "closing": "Best regards,\nJane Doe\n845-555-0100",
    "thanks": "Thanks,\nJane",
    "thanks and name": "Thanks, Jane",
    "Spanish": "Un saludo,\nAna",
    "German": "Mit freundlichen Grüßen\nHans Weber",
    "French": "Cordialement,\nClaire",
    "phone": "Sent from my iPhone",
    "German phone": "Von meinem iPhone gesendet",
    "card": "Jane Doe\n12 Oak Street\nAlbany NY\n845-555-0100",
    "dash": "-Jane",
    "disclaimer": "This e-mail is confidential and intended solely for Jane.\nDelete it.",
    "list": "_______________________\nplumbers mailing list\nhttp://lists.example/plumbers",
}


@pytest.mark.parametrize("name", SIGNATURES)
@pytest.mark.parametrize("below", ["", "\n\nOn Mon, Jun 5, 2023, Bob wrote:\n> old"])
def test_signatures(name, below):
    text = f"The tap drips again, please come.\n\n{SIGNATURES[name]}{below}"
    assert part(text, "new") == "The tap drips again, please come."
    assert part(text, "signature") == SIGNATURES[name]


NO_SIGNATURES = [
    "Thanks!",
    "Best regards,\nJane",
    "Sent from my desk, is much easier than my phone.",
    "And here is a fix -- this is no signature.\n\nbye",
    "Two things:\n\n- the tap\n- the drain",
    "My address is\n12 Oak Street\nAlbany",
    "Thanks for coming so quickly on Tuesday, the tap is dry. Can you look at the drain too?",
]


@pytest.mark.parametrize("text", NO_SIGNATURES)
def test_what_is_no_signature_stays_new(text):
    assert kinds(text) == [("new", text)]


def test_a_postscript_is_new():
    text = "See you Tuesday.\n\nBest,\nJane\n\nPS the gate code is 4711, please close it."
    assert [kind for kind, _ in kinds(text)] == ["new", "signature", "new"]


def test_a_move_from_here_to_there_is_no_quoted_header():
    text = "We are moving.\nFrom: 12 Oak Street\nTo: 55 Elm Street\nDate: Saturday"
    assert part(text, "quoted") == ""


LINES = st.sampled_from(
    [
        "> x",
        ">",
        "",
        "On Mon, Bob wrote:",
        "On",
        "wrote:",
        "From: a@x.example",
        "To: b",
        "Cc:",
        "Subject: s",
        "Sent: 10:00",
        "-----Original Message-----",
        "-- ",
        "--",
        "Thanks,",
        "Jane",
        "---------- Forwarded message ---------",
        "FYI",
        "PS x",
        "Sent from my iPhone",
        "_____",
        "This e-mail is confidential",
        "845-555-0100",
        "hello there",
        "\t",
        "Von: x",
        "\r",
        "\x0b",
    ]
)


@given(st.lists(LINES | st.text(max_size=20), max_size=30).map("\n".join))
def test_segments_cover_the_text_without_gaps(text):
    pieces = segment(text)
    assert "".join(text[piece.start : piece.end] for piece in pieces) == text
    assert all(piece.start < piece.end for piece in pieces)
    assert all(a.kind != b.kind for a, b in pairwise(pieces))


@given(st.lists(LINES, min_size=1, max_size=20).map("\n".join))
def test_something_new_is_left_of_any_text(text):
    assert not text.strip() or part(text, "new") or not text.strip("-_=*> \t\n\r\x0b")


class _CountedLines(Sequence[str]):
    """Lines that count how often one of them is looked at."""

    def __init__(self, lines: list[str]) -> None:
        self.lines, self.looks = lines, 0

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at):
        found = self.lines[at]
        self.looks += len(found) if isinstance(at, slice) else 1
        return found

    def __len__(self) -> int:
        return len(self.lines)


PATHOLOGICAL = {
    "bars": ["> x"],
    "bars and words": ["> x", "b"],
    "attributions": ["On foo wrote:"],
    "beginnings of attributions": ["On foo"],
    "labels": ["From: a@b", ""],
    "headers": ["From: a@b", "To: c", "Sent: 10:00"],
    "original messages": ["-----Original Message-----"],
    "forwards": ["---------- Forwarded message ---------"],
    "blank": [""],
    "delimiters": ["-- "],
    "closings": ["Thanks,", "PS x"],
    "answers": ["> x", "Thanks,", "Jane", "845-555-0100"],
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_the_work_grows_with_the_number_of_lines_and_not_faster(name):
    looks = []
    for count in (2_000, 8_000):
        pattern = PATHOLOGICAL[name]
        lines = _CountedLines(["hello", *(pattern * (count // len(pattern)))])
        _Cutter(lines).cut()
        looks.append(lines.looks)
    assert looks[1] < 5 * looks[0] + 200_000


def test_one_line_of_a_megabyte_and_ten_thousand_bars_are_cut():
    assert [kind for kind, _ in kinds("x " * 500_000)] == ["new"]
    text = "Fine.\n" + "> x\n" * 10_000
    assert [kind for kind, _ in kinds(text)] == ["new", "quoted"]
