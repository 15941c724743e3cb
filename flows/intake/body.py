"""The text of a mail: which of its parts a reader reads, and what that says."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.message import Message as Part
from typing import Final

from flows.intake.attachments import (
    Found,
    attachment_of,
    charset_of,
    content_of,
    file_name,
    named_only,
    safe_name,
)
from flows.intake.charsets import clean, decode
from flows.intake.encoded import LEFT_OUT, without_files
from flows.intake.headers import Fields
from flows.intake.html import read_html
from flows.intake.structure import Leaf, media_type_of
from flows.model import Attachment, Party

MOST_TEXT: Final = 200_000
"""Characters of text taken from one mail; more is a log file or an attack."""

MOST_ATTACHMENTS: Final = 100
MOST_ATTACHED_TEXT: Final = 300_000
MOST_NAMED: Final = 400
MOST_SECONDS: Final = 60.0
"""Seconds after which no further file of one mail is opened; each may take twenty."""

SMALL_PICTURE: Final = 20_000
"""Bytes up to which a picture shown inside of the text is taken for decoration."""

STUB_LENGTH: Final = 400

_STUB = re.compile(
    r"(?:view|read|see|open) (?:this |the )?(?:e-?mail|message|newsletter|"
    r"it)?.{0,30}(?:in|with) (?:your |a |an? "
    r"html )?(?:web ?)?browser|(?:does|do|can)(?:es)? ?(?:not|n't) (?:support|display|"
    r"read|view) html|"
    r"html[- ](?:capable|compatible|enabled)|this (?:is an? )?(?:html|multi-?part) (?:e-?mail|"
    r"message)|best (?:viewed|read) (?:as|in|with) html|plain.?text version|"
    r"no text (?:version|part)|im browser (?:ansehen|"
    r"öffnen|anzeigen)|"
    r"(?:ver|abrir).{0,30}en (?:el|su|tu) navegador|(?:voir|afficher).{0,40}navigateur",
    re.IGNORECASE,
)
_TAGS = re.compile(
    r"<(?:html|body|div|p|br|table|span|font|!doctype)\b[^<>]{0,300}/?>", re.IGNORECASE
)
_META = re.compile(rb"<meta[^<>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_RICH = re.compile(r"<{1,2}/?[a-z-]{0,40}>", re.IGNORECASE)
_FROM_ESCAPE = re.compile(r"^>From ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a mail and its attachments, in the order of the mail.

    `named` are people whom attachments name; `unread` are the bytes of attachments that
    were not read as a whole, by place.
    """

    text: str
    attachments: tuple[Attachment, ...]
    digests: tuple[bytes, ...]
    defects: tuple[str, ...]
    named: tuple[Party, ...] = ()
    unread: Mapping[int, bytes] = field(default_factory=dict, repr=False)


def read_body(leaves: Sequence[Leaf]) -> Body:
    """Return the text and the attachments in *leaves*; never fails.

    The text is that of all text parts that are shown in line. Of an alternative, the plain
    text is taken unless it is empty or only says to look at the other one.
    """
    reader = _Reader()
    for group in _alternatives(leaves):
        reader.read(group)
    return reader.body()


class _Reader:
    """Gathers text and attachments from the parts of one mail."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._attachments: list[Attachment] = []
        self._digests: list[bytes] = []
        self._defects: dict[str, None] = {}
        self._named: dict[Party, None] = {}
        self._unread: dict[int, bytes] = {}
        self._size = 0
        self._seconds = 0.0

    def read(self, group: Sequence[Leaf]) -> None:
        """Take in one part, or the parts of one alternative."""
        shown = [leaf for leaf in group if is_shown(leaf)]
        for leaf in group:
            if leaf not in shown:
                self._attach(leaf)
        text, encoded = without_files(self._chosen(shown))
        if not text.strip():
            return
        if encoded:
            self._note(f"left out: {LEFT_OUT}")
        if shown[0].forwarded:
            self._forwarded(text)
        else:
            self._texts.append(text)

    def body(self) -> Body:
        """Return what was gathered."""
        text = "\n\n".join(self._texts)
        if len(text) > MOST_TEXT:
            text = text[:MOST_TEXT]
            self._note("only the start of the text was read")
        return Body(
            text.strip("\n"),
            tuple(self._attachments),
            tuple(self._digests),
            tuple(self._defects),
            tuple(self._named)[:MOST_NAMED],
            self._unread,
        )

    def _note(self, defect: str) -> None:
        if defect:
            self._defects[defect] = None

    def _chosen(self, shown: Sequence[Leaf]) -> str:
        plain, rich = "", ""
        for leaf in shown:
            if leaf.media_type == "text/html":
                rich = rich or self._text(leaf)
            else:
                text = self._text(leaf)
                plain = f"{plain}\n\n{text}" if plain else text
        if not rich or (plain.strip() and not _is_stub(plain)):
            return plain
        return rich

    def _text(self, leaf: Leaf) -> str:
        content, problem = content_of(leaf.part)
        self._note(problem)
        content = content[: MOST_TEXT * 12]
        text, problem = decode(content, charset_of(leaf.part) or _meta_charset(content))
        self._note(problem)
        tags = len(_TAGS.findall(text[:20_000]))
        if leaf.media_type == "text/html" or (tags > 3 and "<html" in text[:5_000].lower()):  # noqa: PLR2004 - HTML sent as plain
            seen = read_html(text)
            for each in seen.withheld:
                self._note(f"left out: {each}")
            return seen.text
        if leaf.media_type in ("text/enriched", "text/richtext"):
            return _RICH.sub("", text)
        if str(_parameter(leaf, "format")).lower() == "flowed":
            text = _unfolded(text)
        return _FROM_ESCAPE.sub("From ", text)

    def _attach(self, leaf: Leaf) -> None:
        if len(self._attachments) >= MOST_ATTACHMENTS:
            self._note("too many attachments; the last were left out")
            return
        number = len(self._attachments) + 1
        if leaf.media_type.startswith("message/") and leaf.part.is_multipart():
            self._add(_attached_mail(leaf, number), b"")
            return
        content, problem = content_of(leaf.part)
        self._note(problem)
        if not content and not file_name(leaf.part):
            return
        if leaf.part.get("content-id") and _is_decoration(leaf, content):
            return
        began = time.monotonic()
        late = self._seconds > MOST_SECONDS
        found = (named_only if late else attachment_of)(
            leaf.part, leaf.media_type, content, number
        )
        self._seconds += time.monotonic() - began
        attachment = found.attachment
        if self._size + len(attachment.text) > MOST_ATTACHED_TEXT:
            problem = "not read: the mail has too much attached text"
            attachment = replace(attachment, text="", problem=problem, read="none")
        self._add(Found(attachment, found.people), content)

    def _add(self, found: Found, content: bytes) -> None:
        if found.attachment.read != "whole":
            self._unread[len(self._attachments)] = content
        self._named.update(dict.fromkeys(found.people))
        self._size += len(found.attachment.text)
        self._attachments.append(found.attachment)
        self._digests.append(content)

    def _forwarded(self, text: str) -> None:
        """Add the text of an attached mail to the attachment that it is."""
        for at in range(len(self._attachments) - 1, -1, -1):
            mail = self._attachments[at]
            if mail.media_type.startswith("message/"):
                room = max(0, MOST_ATTACHED_TEXT - self._size)
                text = text[: min(room, 50_000)]
                self._size += len(text)
                self._attachments[at] = replace(
                    mail,
                    size=mail.size or len(text),
                    text=f"{mail.text}\n{text}".strip(),
                )
                return
        self._texts.append(text)


def _unfolded(text: str) -> str:
    """Return *text* with lines joined that `format=flowed` broke softly (RFC 3676)."""
    lines: list[str] = []
    soft = False
    for line in text.split("\n"):
        if soft and line[:1] not in ("", ">", " "):
            lines[-1] += line
        else:
            lines.append(line)
        # Quotations stay as they are, and "-- " starts a signature.
        soft = line.endswith(" ") and line[:1] != ">" and line != "-- "
    return "\n".join(lines)


def is_shown(leaf: Leaf) -> bool:
    """Return whether a mail program shows the part as text of the mail."""
    if not leaf.media_type.startswith("text/") or leaf.media_type in (
        "text/calendar",
        "text/csv",
        "text/rfc822-headers",
        "text/x-vcard",
        "text/vcard",
        "text/xml",
        "text/css",
        "text/javascript",
    ):
        return leaf.media_type.startswith("multipart/")
    disposition = str(leaf.part.get("content-disposition", "")).strip().lower()
    if disposition.startswith("attachment"):
        return False
    return not (file_name(leaf.part) and leaf.media_type != "text/html")


def _meta_charset(content: bytes) -> str:
    found = _META.search(content[:2_000])
    return found[1].decode("ascii") if found else ""


def _alternatives(leaves: Sequence[Leaf]) -> list[list[Leaf]]:
    """Group neighbouring leaves that lie in one multipart/alternative."""
    groups: list[list[Leaf]] = []
    for leaf in leaves:
        last = groups[-1][-1] if groups else None
        if last is not None and _one_alternative(last, leaf):
            groups[-1].append(leaf)
        else:
            groups.append([leaf])
    return groups


def _one_alternative(one: Leaf, other: Leaf) -> bool:
    if "multipart/alternative" not in one.path or one.forwarded != other.forwarded:
        return False
    depth = one.path.index("multipart/alternative") + 1
    return other.path[:depth] == one.path[:depth]


def _is_stub(plain: str) -> bool:
    return len(plain) < STUB_LENGTH and _STUB.search(plain) is not None


def _is_decoration(leaf: Leaf, content: bytes) -> bool:
    inline = not str(leaf.part.get("content-disposition", "")).lower().startswith("attach")
    return inline and leaf.media_type.startswith("image/") and len(content) < SMALL_PICTURE


def _attached_mail(leaf: Leaf, number: int) -> Found:
    """Return the attachment that an attached mail is; its text is added as it is read.

    Whom its header names, the cleaner looks for in all texts.
    """
    children = leaf.part.get_payload() if leaf.part.is_multipart() else None
    inner = children[0] if isinstance(children, list) and children else None
    fields = Fields(inner.raw_items() if isinstance(inner, Part) else ())
    lines = [
        f"{name.title()}: {fields.text(name)}"
        for name in ("from", "to", "date", "subject")
        if fields.text(name)
    ]
    name = file_name(leaf.part) or f"{fields.text('subject')[:80]}.eml".replace("/", "_")
    attachment = Attachment(
        name=safe_name(name, media_type_of(leaf.part), number),
        media_type="message/rfc822",
        size=_size_of(leaf),
        text=clean("\n".join(lines)) + "\n" if lines else "",
    )
    return Found(attachment, (*fields.parties("from"), *fields.parties("to")))


def _size_of(leaf: Leaf) -> int:
    if leaf.forwarded:
        return 0  # it counts in the mail around it; writing out each level is quadratic
    try:
        return len(leaf.part.as_bytes())
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return 0


def _parameter(leaf: Leaf, name: str) -> object:
    try:
        return leaf.part.get_param(name, "")
    except (ValueError, TypeError, LookupError, AttributeError):
        return ""
