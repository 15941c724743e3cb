"""The work on a mail grows with its size and not faster; counted in calls, not in seconds."""

import sys
from collections.abc import Callable

import pytest

from flows.errors import SkipItem
from tests.flows.intake.building import HEAD, mail, read


def _alternating(count: int) -> bytes:
    parts = b"--x\nContent-Type: text/html\n\n<p>hi</p>\n" * count
    return HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + parts + b"--x--\n"


def _attached_mails(count: int) -> bytes:
    inner = b"Content-Type: message/rfc822\n\nFrom: a@x.example\nSubject: x\n" * count
    return HEAD + inner + b"\nhi\n"


GROWING: dict[str, Callable[[int], bytes]] = {
    "lines": lambda n: mail(b"", b"hello world\n" * n),
    "bars": lambda n: mail(b"", b"Fine.\n", b"> x\n" * n),
    "one line": lambda n: mail(b"", b"word " * n),
    "headers": lambda n: HEAD + b"X-Spam: no\n" * n + b"\nhi\n",
    "references": lambda n: mail(b"References: " + b"<a@x.example> " * n, b"", b"hi"),
    "recipients": lambda n: mail(b"Cc: " + b"Jane <a@x.example>, " * n, b"", b"hi"),
    "open brackets": lambda n: mail(b"Cc: " + b'("<' * n, b"", b"hi"),
    "encoded words": lambda n: mail(b"X: y", b"", b"hi", head=b"Subject: " + b"=?a?q?b?= " * n),
    "parameters": lambda n: mail(b"Content-Type: text/plain" + b";a=b" * n, b"", b"hi"),
    "parts": _alternating,
    "attached mails": _attached_mails,
    "markup": lambda n: mail(b"Content-Type: text/html", b"", b"<p>hi <b>you</b></p>\n" * n),
    "rows": lambda n: mail(b"Content-Type: text/html", b"", b"<tr><td>a<td>b" * n),
    "open tags": lambda n: mail(b"Content-Type: text/html", b"", b"<font><div>" * n),
    "comments": lambda n: mail(b"Content-Type: text/html", b"", b"<!-- <" * n),
    "styles": lambda n: mail(b"Content-Type: text/html", b"", b"<style>.a{b:c}</style>x" * n),
}


def _calls(raw: bytes) -> int:
    """Return how many functions are called while *raw* is read."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        read(raw)
    except SkipItem:
        pass
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", GROWING)
def test_four_times_the_mail_is_at_most_about_four_times_the_work(name):
    build = GROWING[name]
    _calls(build(10))  # what is loaded at the first mail is not counted
    small, large = _calls(build(600)), _calls(build(2_400))
    assert large < 5 * small + 20_000


def test_twenty_five_megabytes_cost_their_reading_and_the_work_on_their_capped_text():
    short, long = mail(b"", b"word " * 50_000), mail(b"", b"word " * 4_900_000)
    chunks = len(long) // 8_192  # the parser is fed in these
    assert _calls(long) < 2 * _calls(short) + 20 * chunks
    assert "only the start of the text was read" in read(long).defects
