"""Any bytes end as a message or as a reason; nothing else, and never with unclean text."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.errors import SkipItem
from flows.model import Message
from tests.depth import times
from tests.flows.intake.building import HEAD, read

REASONS = {"empty", "not_mail", "too_large"}
NAMES = st.sampled_from(
    [
        b"From", b"To", b"Cc", b"Subject", b"Date", b"Message-ID", b"References", b"Received",
        b"Content-Type", b"Content-Transfer-Encoding", b"Content-Disposition", b"Return-Path",
        b"Auto-Submitted", b"List-Id", b"Reply-To", b"In-Reply-To", b"MIME-Version",
    ]
)  # fmt: skip
PIECES = st.sampled_from(
    [
        b"=?utf-8?b?", b"=?x?q?=ff?=", b"?=", b"<", b">", b"@", b",", b";", b'"', b"(", b")",
        b"\\", b"boundary=", b"--x", b"\n", b"\r\n", b"\n ", b"multipart/mixed",
        b"multipart/alternative", b"message/rfc822", b"text/html", b"text/calendar",
        b"charset=utf-7", b"charset=idna", b"name*0*=utf-8''%ff", b"base64",
        b"quoted-printable", b"x-uuencode", b"begin 644 x\n", b"\x00", b"\xff\xfe",
        b"\xed\xa0\x80", b"> ", b"On x wrote:\n", b"-- \n", b"<div hidden>", b"<!--",
        b"%PDF-1.4", b"BEGIN:VCALENDAR\n", b"report-type=", b"99999999999999999999",
    ]
)  # fmt: skip
SOUP = st.lists(PIECES | st.binary(max_size=12) | NAMES, max_size=20).map(b"".join)
FIELDS = st.lists(st.tuples(NAMES, SOUP), max_size=8).map(
    lambda fields: b"".join(name + b": " + value + b"\n" for name, value in fields)
)


def check(raw: bytes) -> None:
    """Read *raw*: a message, or a reason that a guard gave."""
    try:
        message = read(raw)
    except SkipItem as skip:
        reason = skip.reason
    else:
        check_message(message)
        return
    assert reason in REASONS, "a guard is missing"


def check_message(message: Message) -> None:
    """Check what every caller relies on."""
    written = json.dumps(asdict(message), default=str, ensure_ascii=False)
    written.encode("utf-8")
    assert not any(ord(char) < 32 and char not in "\n\t" for char in message.text)
    assert message.received_at.tzinfo is not None
    assert "".join(message.text[s.start : s.end] for s in message.segments) == message.text
    assert all(each.name and "/" not in each.name for each in message.attachments)


@given(st.binary(max_size=300))
@settings(max_examples=times(50), deadline=None)
def test_any_bytes(raw):
    check(raw)


@given(st.binary(max_size=300))
@settings(max_examples=times(40), deadline=None)
def test_any_bytes_after_a_header(raw):
    check(HEAD + raw)


@given(FIELDS, SOUP)
@settings(max_examples=times(120), deadline=None)
def test_any_mixture_of_what_mails_are_made_of(fields, body):
    check(HEAD + fields + b"\n" + body)


@given(st.text(max_size=80))
@settings(max_examples=times(50), deadline=None)
def test_any_subject_comes_out_as_it_went_in_but_for_what_is_unclean(subject):
    message = read(
        b"From: a@doe.example\nSubject: " + subject.encode("utf-8", "replace") + b"\n"
    )
    message.subject.encode("utf-8")
    assert "\n" not in message.subject


@pytest.mark.parametrize("encoding", ["7bit", "base64", "quoted-printable", "x-uuencode"])
@pytest.mark.parametrize("kind", ["text/plain", "message/rfc822", "application/pdf", ""])
def test_a_charset_with_a_nul_is_none(kind: str, encoding: str) -> None:
    fields = f"From: a@b.example\nContent-Type: {kind}; charset=utf-7\0\n".encode()
    check(fields + f"Content-Transfer-Encoding: {encoding}\n\n".encode() + b"\xff\xfe =")
