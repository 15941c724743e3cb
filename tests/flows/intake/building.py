"""Mails as bytes, built line by line so that each fault can be seen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flows.intake.parse import parse
from flows.intake.parties import OwnAddresses
from flows.model import Message

OWN = OwnAddresses(domains=("hudson.example",), addresses=("ruth@post.example",))
HEAD = (
    b"From: Jane Doe <jane@doe.example>\n"
    b"To: office@hudson.example\n"
    b"Subject: Leak under the sink\n"
    b"Date: Thu, 01 Oct 2026 07:12:33 -0400\n"
    b"Message-ID: <leak-1@doe.example>\n"
)


def mail(*lines: bytes, head: bytes = HEAD) -> bytes:
    """Return a mail: the usual header, then *lines* (further headers, "", text)."""
    return head + b"\n".join(lines) + b"\n"


def read(raw: bytes, **given: object) -> Message:
    """Return the message in *raw*, read for Hudson Plumbing."""
    return parse(raw, source="office", folder="Inbox", own=OWN, **given)  # type: ignore[arg-type]


def new_text(message: Message) -> str:
    """Return the stretches of the text that are marked as new, exactly."""
    return "".join(message.text[s.start : s.end] for s in message.segments if s.kind == "new")


def corpus(name: str) -> Path:
    """Return the folder of a public corpus; skips the test where it is absent."""
    root = Path(
        os.environ.get("JIGAJOB_CORPORA", Path(__file__).parents[4] / "shared" / "data")
    )
    if not (root / name).is_dir():
        pytest.skip(f"the corpus {name} is not in {root.name}/: set JIGAJOB_CORPORA")
    return root / name
