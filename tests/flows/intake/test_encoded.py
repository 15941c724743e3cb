"""A file that is written out as letters leaves the text; everything else stays."""

import base64
import binascii
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.intake.encoded import LEFT_OUT, MARK, without_files
from tests.flows.intake.building import mail, read

SECRET = b"Tim Lopez is nine and lives at 12 Elm Street. " * 20
LINES = base64.encodebytes(SECRET).decode()
UU = "begin 644 tim.jpg\n" + "".join(
    binascii.b2a_uu(SECRET[at : at + 45]).decode() for at in range(0, len(SECRET), 45)
) + "`\nend\n"  # fmt: skip


@pytest.mark.parametrize(
    "encoded",
    [LINES, LINES.replace("\n", "\r\n").replace("\r", ""), base64.b64encode(SECRET).decode(),
     "".join(f"> {line}\n" for line in LINES.splitlines()), UU],
)  # fmt: skip
def test_a_file_written_out_leaves_and_the_text_around_it_stays(encoded):
    text, found = without_files(f"Before it.\n\n{encoded}\nAfter it.")
    assert found
    assert text.split("\n")[0] == "Before it."
    assert text.rstrip().endswith("After it.")
    assert MARK in text
    assert len(text) < 120


@pytest.mark.parametrize(
    "text",
    [
        "No heat since Monday, and the boiler is cold.",
        "=" * 80 + "\n" + "=" * 80 + "\n",
        "a" * 500,
        "x" * 70 + "\n" + "x" * 70 + "\n",
        "9" * 500,
        "https://pay.example/i/" + "aB3" * 150,
        "sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "begin work on Monday\nThe boiler is cold.",
        "",
    ],
)
def test_other_text_stays_as_it_is(text):
    assert without_files(text) == (text, False)


def test_mail_and_attachments_are_read_without_such_files():
    """Also where a text file brings one; the record says so."""
    message = read(
        mail(
            b"Content-Type: multipart/mixed; boundary=x", b"", b"--x", b"", b"See below.",
            LINES.encode(), b"--x", b"Content-Type: text/plain; name=a.txt", b"", b"Parts:",
            LINES.encode(), b"--x--",
        )
    )  # fmt: skip
    assert message.text.split("\n")[0] == "See below."
    assert f"left out: {LEFT_OUT}" in message.defects
    assert message.attachments[0].text.startswith("Parts:\n[a file")
    assert message.attachments[0].withheld == (LEFT_OUT,)
    assert message.attachments[0].read == "part"


@given(st.text(alphabet="aZ3+/=\n> `begin644", max_size=2_000))
def test_any_text_comes_back_no_longer_but_for_marks(text):
    clean, _ = without_files(text)
    assert len(clean) <= len(text) + clean.count(MARK) * len(MARK)


def test_time_grows_with_the_length_alone():
    for text in (
        LINES * 5_000,
        "aB3" * 1_000_000,
        "begin 644 x\n" * 100_000,
        "aB3=\n" * 300_000,
    ):
        without_files(text + os.urandom(8).hex())
