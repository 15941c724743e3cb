"""Whether bytes are a mail, and the tree of its parts, bounded whatever the bytes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Part
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Final

from flows.errors import SkipItem

LARGEST: Final = 25 * 1024 * 1024
"""Bytes of one mail; the limit of the large mail hosts."""

DEEPEST: Final = 500
"""Levels of parts that are walked; the parser itself gives up earlier."""

LONGEST_PARAMETERS: Final = 4_000
"""Bytes of a Content-Type: the parser's time grows with the square of its parameters."""

MOST_PARTS: Final = 1_000
MOST_WORK: Final = 20_000_000
"""Lines times boundaries: the parser asks every open boundary at every line."""

TELLING: Final = frozenset(
    {
        "from", "to", "cc", "bcc", "date", "subject", "received", "message-id", "return-path",
        "delivered-to", "envelope-to", "sender", "reply-to", "in-reply-to", "x-original-to",
        "resent-from", "resent-to",
    }
)  # fmt: skip
"""Fields of which a mail has at least one near its start."""

ENCODED: Final = frozenset({"base64", "quoted-printable"})
MAYBE_MAIL: Final = frozenset({"application/octet-stream", "message/rfc822", "text/plain"})
"""Types under which a file `.eml` may be a mail."""

KNOWN: Final = TELLING | {
    "mime-version", "content-type", "content-transfer-encoding", "content-disposition",
    "references", "dkim-signature", "authentication-results", "arc-seal", "list-id",
    "list-unsubscribe", "auto-submitted", "precedence", "importance", "user-agent",
}  # fmt: skip

_FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")
_NEWLINE = re.compile(rb"\r\n|\r|\n")
_UNFOLDED = re.compile(rb"[^\S\r\n]")
_PARAMETERS = re.compile(
    rb"^content-(?:type|disposition)[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_BOUNDARY = re.compile(rb"boundary\s*\*?(?:0\*?)?=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tree:
    """A mail cut into parts; `defects` says what had to be done to read it."""

    root: Part
    defects: tuple[str, ...]
    envelope_from: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One part that holds content, and what surrounds it.

    `path` holds the types of the multiparts around it, outermost first; `forwarded` is
    true inside of a mail that is attached to this one.
    """

    part: Part
    media_type: str
    path: tuple[str, ...]
    forwarded: bool


def read_tree(raw: bytes) -> Tree:
    """Return the parts of the mail in *raw*.

    Raises:
        SkipItem: `empty` (nothing but white space), `too_large` (over 25 MB) or `not_mail`
            (no plausible header near the start).
    """
    if len(raw) > LARGEST:
        what = "the mail is larger than 25 MB"
        raise SkipItem("too_large", what, fix="look at it in the mailbox")
    raw = _plain_bytes(raw)
    if not raw:
        raise SkipItem("empty", "there is nothing in it", fix="nothing: it holds no mail")
    if not looks_like_mail(raw):
        what = "no mail header was found near the start"
        raise SkipItem("not_mail", what, fix="keep other files out of the mail folder")
    envelope, raw = _without_envelope(raw)
    mended, defects = _mended(_PARAMETERS.sub(_shortened, raw))
    return _parsed(mended, defects, envelope)


def looks_like_mail(raw: bytes) -> bool:
    """Return whether *raw* starts with header fields, one of them telling.

    A first line `From x Mon Jan …` of an mbox, and lines escaped as `>From`, may stand
    before or among them.
    """
    telling = 0
    for number, line in enumerate(_NEWLINE.split(raw[:65_536])[:300]):
        name = _field_name(line)
        if name:
            telling += name in TELLING
        elif number == 0 and not line.startswith((b"From ", b">From ")):
            return False
        elif not line.strip():
            break
    return telling > 0


def leaves(tree: Tree) -> tuple[list[Leaf], tuple[str, ...]]:
    """Return the parts that hold content, in order of the mail, and what was left out.

    A mail attached as `message/rfc822` is a leaf itself, followed by its own leaves.
    """
    found: list[Leaf] = []
    defects: dict[str, None] = {}
    for leaf, depth in _walk(tree.root):
        if depth > DEEPEST:
            defects["parts nested too deep were left out"] = None
        elif len(found) >= MOST_PARTS:
            defects["too many parts; the last were left out"] = None
            break
        else:
            found.append(leaf)
    return found, tuple(defects)


def _walk(root: Part) -> Iterator[tuple[Leaf, int]]:
    stack: list[tuple[Part, tuple[str, ...], bool]] = [(root, (), False)]
    while stack:
        part, path, forwarded = stack.pop()
        media_type = _unpacked(part, media_type_of(part))
        children = part.get_payload() if part.is_multipart() else None
        if not isinstance(children, list) or len(path) > DEEPEST:
            yield Leaf(part, media_type, path, forwarded), len(path)
            continue
        nested = media_type.startswith("message/")
        if nested and media_type != "message/delivery-status":
            yield Leaf(part, media_type, path, forwarded), len(path)
        below = [
            (child, (*path, media_type), forwarded or nested)
            for child in children
            if isinstance(child, Part)
        ]
        stack += reversed(below)


def _unpacked(part: Part, media_type: str) -> str:
    """Return the type of *part*; a mail that is packed like a file is opened in its place.

    Some mailers encode attached mails, which RFC 2046 (section 5.2.1) forbids; the parser
    then shows the encoded letters as text. What is no mail after decoding becomes a file.
    """
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    # Asked of a text, `get_payload` would decode it, and stumble over charsets with a NUL.
    children = part.get_payload() if part.is_multipart() else None
    if media_type.startswith("message/") and isinstance(children, list):
        inner = children[0] if children else None
        if encoding not in ENCODED or not isinstance(inner, Part) or inner.keys():
            return media_type
        part.set_payload(inner.get_payload())
    elif media_type not in MAYBE_MAIL or not _is_named_mail(part):
        return media_type
    try:
        content = part.get_payload(decode=True)
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError):
        content = b""
    if not isinstance(content, bytes) or not looks_like_mail(content):
        return "application/octet-stream"
    part.set_payload([_parsed(content, [], "").root])
    del part["content-transfer-encoding"]
    return "message/rfc822"


def _is_named_mail(part: Part) -> bool:
    try:
        return str(part.get_filename("")).lower().endswith(".eml")
    except (ValueError, TypeError, AttributeError, IndexError, LookupError):
        return False


def media_type_of(part: Part) -> str:
    """Return the type of a part in lower case, `text/plain` where it tells none."""
    try:
        return part.get_content_type()
    except (ValueError, TypeError, AttributeError, IndexError, LookupError):
        return "text/plain"


def _plain_bytes(raw: bytes) -> bytes:
    """Return *raw* without a byte-order mark and blank lines before the first header."""
    if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
    return raw.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n\t \x00") if raw.strip(b"\0") else b""


def _without_envelope(raw: bytes) -> tuple[str, bytes]:
    if not raw.startswith((b"From ", b">From ")):
        return "", raw
    end = _NEWLINE.search(raw)
    if end is None:
        return "", raw
    return raw[: end.start()].decode("ascii", "replace"), raw[end.end() :].lstrip(b"\r\n")


def _shortened(field: re.Match[bytes]) -> bytes:
    whole = field[0]
    if len(whole) <= LONGEST_PARAMETERS:
        return whole
    return whole[:LONGEST_PARAMETERS].rpartition(b";")[0] or whole[:LONGEST_PARAMETERS]


def _field_name(line: bytes) -> str:
    field = _FIELD.match(line)
    return field[1].decode("ascii").lower() if field else ""


def _mended(raw: bytes) -> tuple[bytes, list[str]]:
    """Return *raw* with stray lines among its headers folded into the field before them.

    The parser takes such a line for the start of the text, and with it the Content-Type.
    """
    head = _NEWLINE.split(raw[:262_144])
    kept: list[bytes] = []
    mended = False
    for number, line in enumerate(head):
        if not line.strip():
            break
        if _field_name(line) or _UNFOLDED.match(line):
            kept.append(line)
        elif _headers_follow(head[number + 1 : number + 8]):
            mended = True
            if not line.startswith((b"From ", b">From ")):
                kept.append(b" " + line)
        else:
            return raw, []
    else:
        return raw, []
    if not mended:
        return raw, []
    # From the blank line on, everything stays as it is, byte by byte.
    return b"\n".join(kept) + b"\n" + _rest(raw, number), ["stray line among the headers"]


def _rest(raw: bytes, lines: int) -> bytes:
    """Return *raw* from the line break after its first *lines* lines on."""
    at = 0
    for _ in range(lines):
        found = _NEWLINE.search(raw, at)
        if found is None:
            return b""
        at = found.end()
    return raw[at:]


def _headers_follow(lines: list[bytes]) -> bool:
    for line in lines:
        if not line.strip():
            return False
        if _field_name(line) in KNOWN:
            return True
    return False


def _parsed(raw: bytes, defects: list[str], envelope: str) -> Tree:
    boundaries = len(_BOUNDARY.findall(raw))
    if boundaries * raw.count(b"\n") <= MOST_WORK:
        try:
            return Tree(message_from_bytes(raw, policy=compat32), tuple(defects), envelope)
        except (RecursionError, ValueError, TypeError, LookupError, AttributeError):
            # The parser is a recursive generator: some hundreds of levels are its end.
            pass
    defects.append("too many nested parts; read as plain text")
    flat = BytesHeaderParser(policy=compat32).parsebytes(raw)
    for name in ("content-type", "content-transfer-encoding"):
        del flat[name]
    return Tree(flat, tuple(defects), envelope)
