"""The cleaner survives any text, says exactly what it took out, and keeps to itself."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# ruff: noqa: RUF001 - odd characters are what these tests are about
from anonymizer.text.cleaner import Cleaner
from anonymizer.text.policy import REASONS
from anonymizer.text.request import Cleaned, Part, Person, Request
from tests.anonymizer.conftest import CUSTOMER, Clean
from tests.depth import times

PIECES = [
    "Maria Lopez", "Hi Ana,\n", "845-555-0101", "12 Elm Street, Kingston, NY 12401", " ", "\n",
    "\r\n",
    "> ", "4242 4242 4242 4242", "my son Tim, 7,", "\u200b", "\ud800", "\x00", "é", "e\u0301",
    "👩‍🔧", "<PERSON_1>", "<", ">", "maria.lopez@mail.example", "password: x1y2z3", "ﬁ", "１２",
    "’s", "Müller", "IBAN GB33BUKB20201555555555", ")))))", "he is 9.", "\u202e", "Dr. ", "\t",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=24).map("".join)


def rebuilt(given_parts: tuple[Part, ...], cleaned: Cleaned) -> dict[str, str]:
    """Apply the removals to the given texts, from the back."""
    texts = {part.name: part.text for part in given_parts}
    for removal in reversed(cleaned.removals):
        text = texts[removal.part]
        texts[removal.part] = text[: removal.start] + removal.stand_in + text[removal.end :]
    return texts


@settings(max_examples=times(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(subject=TEXTS, text=TEXTS)
def test_removals_applied_to_the_given_texts_give_the_clean_texts(
    cleaner: Cleaner, subject: str, text: str
) -> None:
    parts = (Part(name="subject", text=subject), Part(name="text", text=text))
    cleaned = cleaner.clean([Request(parts=parts, people=(CUSTOMER,))])[0]
    assert rebuilt(parts, cleaned) == dict(cleaned.texts)
    order = [(("subject", "text").index(r.part), r.start, r.end) for r in cleaned.removals]
    assert order == sorted(order)
    for one, other in pairwise(order):
        assert one[0] != other[0] or one[2] <= other[1]
    for removal in cleaned.removals:
        assert removal.start < removal.end
        assert removal.reason.startswith(REASONS[removal.label])
        assert removal.stand_in.startswith("<")


def test_unseen_characters_do_not_hide_a_value(clean: Clean) -> None:
    for text in ("84\u200b5-555-0101", "８４５-５５５-０１０１", "845\u2011555\u20110101"):
        assert clean(f"Call {text} now").texts["text"] == "Call <PHONE_1> now"


def test_a_name_broken_over_quoted_lines_is_found(clean: Clean) -> None:
    cleaned = clean("> please ask for Henrietta\n> Vandersloot at the door", people=())
    assert "Henrietta" not in cleaned.texts["text"]
    assert "Vandersloot" not in cleaned.texts["text"]


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\n", "\x00", "\ud800\udfff", "💥" * 50, ")" * 20_000, "a" * 30_000,
     "a@" * 5_000, "1 " * 10_000, "<PERSON_" * 3_000, "-" * 20_000 + "x", "A. " * 8_000],
    ids=lambda text: repr(text[:6]) + str(len(text)),
)  # fmt: skip
def test_hostile_text_is_cleaned_in_bounded_time(clean: Clean, text: str) -> None:
    began = time.process_time()
    clean(text)
    assert time.process_time() - began < 20


@pytest.mark.slow
def test_time_grows_with_the_length_of_the_text_and_not_faster(clean: Clean) -> None:
    line = "Anna Kowalski called at 845-555-0142 about invoice {}.\n"
    text = "".join(line.format(i) for i in range(1_000))
    began = time.process_time()
    half = clean(text[: len(text) // 2])
    middle = time.process_time()
    whole = clean(text)
    end = time.process_time()
    assert "Kowalski" not in whole.texts["text"]
    assert len(whole.removals) > 1.9 * len(half.removals)
    assert end - middle < 4 * (middle - began)


def test_nothing_is_logged(clean: Clean, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        clean("Anna Kowalski, 845-555-0142, anna@mail.example, SSN 460-89-9847")
    assert "Kowalski" not in caplog.text
    assert "0142" not in caplog.text
    assert "460" not in caplog.text


def test_many_requests_come_back_in_their_order(cleaner: Cleaner) -> None:
    texts = [f"Order {n} " + "x " * (50 - n) for n in range(50)]
    requests = [Request(parts=(Part(name="text", text=text),)) for text in texts]
    assert [c.texts["text"] for c in cleaner.clean(requests)] == texts
    assert cleaner.clean([]) == []


def test_one_message_does_not_know_the_names_of_another(cleaner: Cleaner) -> None:
    one = Request(
        parts=(Part(name="text", text="Thanks,\nBrook"),), people=(Person(name="Brook Hale"),)
    )
    other = Request(parts=(Part(name="text", text="The job by the Brook is done."),))
    assert cleaner.clean([one, other])[1].texts["text"] == "The job by the Brook is done."


def _run(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_request_and_fields_are_light() -> None:
    _run(
        "import sys, anonymizer.text.request, anonymizer.text.fields\n"
        "heavy = {'presidio_analyzer', 'spacy', 'thinc', 'numpy', 'phonenumbers', 'regex'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )


def test_the_cleaner_needs_no_network() -> None:
    _run(
        "import socket\n"
        "def refuse(*_, **__): raise AssertionError('network')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse\n"
        "from anonymizer.text.cleaner import Cleaner\n"
        "from anonymizer.text.request import Part, Request\n"
        "text = 'Anna Kowalski, anna@mail.example, www.x.example, 845-555-0142'\n"
        "cleaned, = Cleaner().clean([Request(parts=(Part(name='t', text=text),))])\n"
        "assert 'anna' not in cleaned.texts['t'].lower()"
    )
