"""What makes a message in a directory the same message at the next look.

A native id is ASCII and reads `kind:path#mark`:

    file:2024/jan/0012#<digest>           a plain file
    maildir:Work/.Sent/1700.M1.host#<digest>   Maildir folder and unique name, no flags
    mbox:old/inbox#<digest>.<n>           the n-th of the equal messages of one mbox
    …#over-<digest>                       larger than is read; digest of size, head and tail
    …#unreadable                          shown so that it is accounted for
    directory:locked#unreadable           a directory that cannot be looked into

The path is percent-encoded bytes, so that any file name survives. The digest is of the
content, so an id never comes to mean another content: a file that is replaced in place is
another message, a touched or copied-over file is the same. In an mbox, headers in which
mail programs keep flags do not count, nor do the lines that separate messages; so reading
mail, appending and compacting leave ids alone.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import quote_from_bytes, unquote_to_bytes

Kind = Literal["file", "maildir", "mbox", "directory"]

UNREADABLE = "unreadable"

_DIGEST_CHARS = 40
_HEAD_BYTES = 262_144
_SAMPLE_BYTES = 65_536

# Headers that mail programs rewrite inside an mbox while the message stays the same.
# Source: https://doc.dovecot.org/main/core/config/mailbox/formats/mbox.html (metadata).
_FLAG_HEADERS = re.compile(
    rb"^(?:status|x-status|x-keywords|x-uid|x-imap|x-imapbase|content-length|lines"
    rb"|x-mozilla-status2?|x-mozilla-keys|x-gmail-labels)[ \t]*:[^\n]*(?:\n|\Z)"
    rb"(?:[ \t][^\n]*(?:\n|\Z))*",
    re.IGNORECASE | re.MULTILINE,
)
_END_OF_HEADERS = re.compile(rb"\n\r?\n")


@dataclass(frozen=True, slots=True)
class Native:
    """A native id taken apart; `path` is relative to the mailbox, in the file system's str."""

    kind: Kind
    path: str
    mark: str

    def __str__(self) -> str:
        return f"{self.kind}:{quote_from_bytes(os.fsencode(self.path), safe='/')}#{self.mark}"

    @classmethod
    def parse(cls, native_id: str) -> Native | None:
        """Return the parts, or None for what this source never gave out."""
        kind, colon, rest = native_id.partition(":")
        quoted, hash_sign, mark = rest.rpartition("#")
        if not colon or not hash_sign or kind not in {"file", "maildir", "mbox", "directory"}:
            return None
        path = os.fsdecode(unquote_to_bytes(quoted))
        steps = path.split("/")
        if path.startswith("/") or ".." in steps or "\0" in path:
            return None
        return cls(cast("Kind", kind), path, mark)


def shown(path: str) -> str:
    r"""Return *path* for people and stores: valid text, oddities as `\xff` or `\n`."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class FileDigest:
    """Digest of a plain file, fed in pieces of any size."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""
        self._hash.update(piece)

    def finish(self) -> str:
        """Return the digest of all pieces."""
        return self._hash.hexdigest()[:_DIGEST_CHARS]


class MboxDigest:
    """Digest of one message of an mbox, fed in pieces of any size, in order.

    The same message gives the same digest however it is cut into pieces, whatever flags a
    mail program has noted in it, and whether or not its last line is ended.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._head: bytearray | None = bytearray()
        self._last = b""

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the message, as it stands in the file."""
        if self._head is None:
            self._update(piece)
            return
        self._head += piece
        end = _END_OF_HEADERS.search(self._head, max(0, len(self._head) - len(piece) - 3))
        if end and end.end() <= _HEAD_BYTES:
            self._flush(end.end())
        elif len(self._head) >= _HEAD_BYTES:
            self._flush(_HEAD_BYTES)

    def finish(self) -> str:
        """Return the digest of the whole message."""
        if self._head is not None:
            self._flush(len(self._head))
        if self._last != b"\n":
            self._hash.update(b"\n")
        return self._hash.hexdigest()[:_DIGEST_CHARS]

    def _flush(self, length: int) -> None:
        head, self._head = bytes(self._head or b""), None
        self._update(_FLAG_HEADERS.sub(b"", head[:length]))
        self._update(head[length:])

    def _update(self, piece: bytes) -> None:
        if piece:
            self._hash.update(piece)
            self._last = piece[-1:]


def large_mark(size: int, head: bytes, tail: bytes) -> str:
    """Return the mark of a file that is too large to be read whole."""
    digest = hashlib.sha256(b"%d\0" % size)
    digest.update(head[:_SAMPLE_BYTES] + tail[-_SAMPLE_BYTES:])
    return "over-" + digest.hexdigest()[:_DIGEST_CHARS]


SAMPLE_BYTES = _SAMPLE_BYTES
"""How much of the head and of the tail of a large file goes into its mark."""
