"""Which conversation a mail belongs to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Final

REPLY_MARKS: Final = (
    "re", "fw", "fwd", "aw", "wg", "sv", "vs", "antw", "rv", "res", "enc", "tr", "rif", "r",
    "i", "odp", "ynt", "vb", "doorst", "rép", "ref", "回复", "答复", "转发", "返信",
)  # fmt: skip
"""What mail programs put before the subject of an answer or a forward."""

_MARK = re.compile(
    r"\s*(?:\[[^\[\]]{1,40}\]\s*)?"
    rf"(?:{'|'.join(REPLY_MARKS)})(?:\s*\[?\(?\d{{1,3}}\)?\]?)?\s*[:\uff1a]\s*",
    re.IGNORECASE,
)


def root_of(
    *,
    message_id: str,
    references: Sequence[str],
    in_reply_to: Sequence[str],
    subject: str,
    participants: Iterable[str],
) -> str:
    """Return the name of the thread, the same for every mail of one conversation.

    It is the first id in References, else in In-Reply-To, else the mail's own id (it starts
    a thread), else a hash over subject and participants. Never empty.
    """
    for known in (*references[:1], *in_reply_to[:1], message_id):
        if known:
            return known
    people = sorted({email for email in participants if email})
    text = "\0".join([bare_subject(subject).casefold(), *people])
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def bare_subject(subject: str) -> str:
    """Return *subject* without `Re:`, `AW: [3]`, `Fwd:` and the like before it."""
    subject = subject.strip()
    for _ in range(20):
        mark = _MARK.match(subject)
        if mark is None:
            break
        subject = subject[mark.end() :].strip()
    return subject


def is_reply(subject: str) -> bool:
    """Return whether the subject has the mark of an answer or a forward."""
    return _MARK.match(subject) is not None
