r"""Where the messages of an mbox begin and end, in bounded memory.

A message begins at the start of the file, or after a blank line, with a line `From `
that holds a date as ctime(3) writes it, and the next line looks like a header. All three
must hold, so text that says "From here on" does not split a message, whether or not the
writer quoted it. The blank line before belongs to neither message. Quoting is undone as in
mboxrd: one `>` goes from lines `>From `, `>>From ` and so on.

Source: RFC 4155; https://doc.dovecot.org/main/core/config/mailbox/formats/mbox.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from connectors.folder.identity import MboxDigest

_DAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?"
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"

FROM_LINE = re.compile(
    rb"From (?=[^\n]{0,998}\n)(?:[^\n]*?[ \t])?"
    + _DAY
    + rb"[ \t]+(?:"
    + _MONTH
    + rb"[ \t]+\d{1,2}|\d{1,2}[ \t]+"
    + _MONTH
    + rb")(?=[^\n]*[ \t]\d{1,2}:\d\d)(?=[^\n]*[ \t](?:19|20)\d\d\b)[^\n]*\n"
)
"""A separator line with its end of line."""

HEADER_START = re.compile(rb"[!-9;-~]{1,200}[ \t]{0,9}:|>From ")
"""What the line after a separator begins with."""

LONGEST_SEPARATOR = 1_280
"""Bytes that decide whether a separator stands here: the line and the next one's start."""

_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_MARK = b"\nFrom "
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of an mbox: bytes *start* to *end* of the file, after its `From ` line.

    `ordinal` counts equal digests in this file from 0.
    """

    start: int
    end: int
    digest: str
    ordinal: int


def is_mbox(head: bytes) -> bool:
    """Tell from the first bytes of a file whether it is an mbox."""
    line = FROM_LINE.match(head)
    return line is not None and HEADER_START.match(head, line.end()) is not None


def unquoted(message: bytes) -> bytes:
    """Return the message as it was before it was put into the mbox."""
    return _QUOTED_FROM.sub(rb"\1", message)


def index(stream: BinaryIO, size: int) -> list[Entry]:
    """Return the messages in the first *size* bytes of an mbox, in their order."""
    starts = list(_separators(stream, size))
    entries: list[Entry] = []
    seen: dict[str, int] = {}
    for position, (_, start) in enumerate(starts):
        last = position + 1 == len(starts)
        stop = size if last else starts[position + 1][0]
        end = stop - _blank_line(stream, start, stop)
        digest = _digest(stream, start, end)
        ordinal = seen[digest] = seen.get(digest, -1) + 1
        entries.append(Entry(start, end, digest, ordinal))
    return entries


def read(stream: BinaryIO, entry: Entry) -> bytes | None:
    """Return the message of an entry, or None if other bytes stand there by now."""
    stream.seek(entry.start)
    raw = stream.read(entry.end - entry.start)
    digest = MboxDigest()
    digest.feed(raw)
    return unquoted(raw) if digest.finish() == entry.digest else None


def _separators(stream: BinaryIO, size: int) -> Iterator[tuple[int, int]]:
    """Yield where each separator line starts, and where the message after it does."""
    stream.seek(0)
    held = stream.read(min(_CHUNK, size))
    if first := _separator_at(held, 0):
        yield 0, first
    base = begin = 0
    while True:
        at_end = base + len(held) >= size
        # What stands in the last bytes is decided when the bytes after them are there too.
        decided = len(held) if at_end else max(0, len(held) - LONGEST_SEPARATOR)
        at = held.find(_MARK, begin, decided)
        while at != -1:
            if _ends_blank_line(held, at) and (start := _separator_at(held, at + 1)):
                yield base + at + 1, base + start
            at = held.find(_MARK, at + 1, decided)
        if at_end:
            return
        # Two bytes more than is looked at again show whether a blank line ends there.
        searched = max(begin, decided - len(_MARK) + 1)
        keep = max(0, searched - 2)
        held, base, begin = held[keep:], base + keep, searched - keep
        piece = stream.read(min(_CHUNK, size - base - len(held)))
        held += piece
        size = size if piece else base + len(held)


def _separator_at(held: bytes, at: int) -> int:
    line = FROM_LINE.match(held, at)
    return line.end() if line and HEADER_START.match(held, line.end()) else 0


def _ends_blank_line(held: bytes, at: int) -> bool:
    before = held[max(0, at - 2) : at]
    return before.endswith(b"\n") or before == b"\n\r"


def _blank_line(stream: BinaryIO, start: int, stop: int) -> int:
    """Return the length of the blank line that ends the bytes from *start* to *stop*."""
    stream.seek(max(start, stop - 3))
    tail = stream.read(stop - max(start, stop - 3))
    if tail.endswith(b"\n\r\n"):
        return 2
    if tail.endswith(b"\n\n"):
        return 1
    return 0


def _digest(stream: BinaryIO, start: int, end: int) -> str:
    digest = MboxDigest()
    stream.seek(start)
    left = end - start
    while left > 0 and (piece := stream.read(min(_CHUNK, left))):
        digest.feed(piece)
        left -= len(piece)
    return digest.finish()
