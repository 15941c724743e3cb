"""Between RFC 5322 bytes and the parts of a message that Graph shows as properties."""

from __future__ import annotations

import base64
import email
import email.policy
import html
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses, parsedate_to_datetime
from typing import Any

Address = tuple[str, str]
"""Name and address."""
_THREADED = re.compile(r"(?mi)^(message-id|in-reply-to|references)[ \t]*:(.*)$")
_MESSAGE_ID = r"<[^<>\s]+>"


@dataclass
class Attached:
    """One file of a message."""

    id: str
    name: str
    media_type: str
    content: bytes
    inline: bool = False
    content_id: str = ""
    is_message: bool = False


@dataclass
class Parts:
    """A message in pieces."""

    subject: str = ""
    sender: list[Address] = field(default_factory=list)
    to: list[Address] = field(default_factory=list)
    cc: list[Address] = field(default_factory=list)
    bcc: list[Address] = field(default_factory=list)
    reply_to: list[Address] = field(default_factory=list)
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    sent: datetime | None = None
    body: str = ""
    body_type: str = "text"
    importance: str = "normal"
    headers: list[tuple[str, str]] = field(default_factory=list)
    attached: list[Attached] = field(default_factory=list)
    wants_receipt: bool = False

    def thread(self) -> Thread:
        return Thread(self.message_id, (*self.references, self.in_reply_to))

    @property
    def recipients(self) -> tuple[str, ...]:
        """Return all addresses it goes to, each once, small."""
        everyone = (address.lower() for _, address in (*self.to, *self.cc, *self.bcc))
        return tuple(dict.fromkeys(everyone))


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a message stands among others: its id, and the ids that it answers."""

    message_id: str
    answers: tuple[str, ...]


def thread_of(raw: bytes) -> Thread:
    """Return the place of *raw* among other messages, without reading all of it."""
    head = re.split(rb"\r?\n\r?\n", raw[:65536], maxsplit=1)[0]
    unfolded = re.sub(rb"\r?\n[ \t]+", b" ", head).decode("utf-8", "replace")
    found = {
        name.lower(): value.strip() for name, value in reversed(_THREADED.findall(unfolded))
    }
    answers = re.findall(_MESSAGE_ID, found.get("references", ""))
    answers += re.findall(_MESSAGE_ID, found.get("in-reply-to", ""))
    return Thread(found.get("message-id", ""), tuple(answers))


def parse(raw: bytes) -> Parts:
    """Return what is in *raw*; what cannot be read is left empty, as Exchange does."""
    message = email.message_from_bytes(raw)
    parts = Parts(headers=[(name, _decoded(raw)) for name, raw in message.raw_items()])
    first = {name.lower(): value for name, value in reversed(parts.headers)}
    parts.subject = first.get("subject", "")
    parts.sender = _addresses(first.get("from", ""))
    parts.to, parts.cc = _addresses(first.get("to", "")), _addresses(first.get("cc", ""))
    parts.bcc = _addresses(first.get("bcc", ""))
    parts.reply_to = _addresses(first.get("reply-to", ""))
    thread = thread_of(raw)
    parts.message_id, parts.references = thread.message_id, thread.answers
    parts.in_reply_to = first.get("in-reply-to", "").strip()
    parts.sent = _date(first.get("date", ""))
    importance = first.get("importance", "normal").strip().lower()
    parts.importance = importance if importance in {"low", "high"} else "normal"
    _read_body(message, parts)
    return parts


def compose(parts: Parts, *, with_bcc: bool = True) -> bytes:
    """Return the message as bytes, with CRLF."""
    message = EmailMessage(policy=email.policy.SMTP)
    for name, people in (
        ("From", parts.sender),
        ("To", parts.to),
        ("Cc", parts.cc),
        ("Bcc", parts.bcc if with_bcc else []),
        ("Reply-To", parts.reply_to),
    ):
        if people:
            message[name] = ", ".join(_written(*person) for person in people)
    message["Subject"] = " ".join(parts.subject.split())
    if parts.sent:
        message["Date"] = format_datetime(parts.sent)
    message["Message-ID"] = parts.message_id
    if parts.in_reply_to:
        message["In-Reply-To"] = parts.in_reply_to
    if parts.references:
        message["References"] = " ".join(parts.references)
    if parts.importance != "normal":
        message["Importance"] = parts.importance
    for name, value in parts.headers:
        message[name] = value
    subtype = "html" if parts.body_type == "html" else "plain"
    message.set_content(parts.body or "", subtype=subtype)
    for attached in parts.attached:
        _attach(message, attached)
    return message.as_bytes()


def text_of(content: str, body_type: str) -> str:
    """Return a body as plain text."""
    if body_type != "html":
        return content
    without = re.sub(r"(?is)<(style|script).*?</\1>", "", content)
    return html.unescape(re.sub(r"<[^>]+>", " ", without)).strip()


def _attach(message: EmailMessage, attached: Attached) -> None:
    if attached.is_message:
        inner = email.message_from_bytes(attached.content, policy=email.policy.default)
        message.add_attachment(inner, filename=attached.name)
        return
    main, _, sub = attached.media_type.partition("/")
    message.add_attachment(
        attached.content,
        maintype=main or "application",
        subtype=sub or "octet-stream",
        filename=attached.name,
        disposition="inline" if attached.inline else "attachment",
        cid=attached.content_id or None,
    )


def _decoded(raw: object) -> str:
    """Return a header as text on one line; one that cannot be decoded, as it stands."""
    text = re.sub(r"\r?\n[ \t]*", " ", str(raw)).strip()
    if "=?" in text:
        with suppress(MessageError, ValueError, LookupError):
            text = str(make_header(decode_header(text)))
    return text.encode("utf-8", "replace").decode("utf-8")


def _addresses(text: str) -> list[Address]:
    return [(name, address) for name, address in getaddresses([text]) if address]


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _read_body(message: Any, parts: Parts) -> None:
    leaves = list(_leaves(message))
    texts = [leaf for leaf in leaves if _is_text(leaf)]
    htmls = [leaf for leaf in texts if leaf.get_content_subtype() == "html"]
    body = (htmls or texts or [None])[0]
    if body is not None:
        parts.body = _text(body)
        parts.body_type = "html" if htmls else "text"
    others = [leaf for leaf in leaves if not _is_text(leaf)]
    parts.attached = [_attached(leaf, number) for number, leaf in enumerate(others)]


def _is_text(leaf: Any) -> bool:
    named = leaf.get_filename() or leaf.get_content_disposition() == "attachment"
    return leaf.get_content_maintype() == "text" and not named


def _leaves(message: Any) -> Iterator[Any]:
    """Yield the parts that hold something; an attached message is one of them."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        yield from _leaves(part)


def _attached(leaf: Any, number: int) -> Attached:
    is_message = leaf.get_content_type() == "message/rfc822"
    inner = leaf.get_payload() if is_message else None
    content = inner[0].as_bytes() if inner else leaf.get_payload(decode=True) or b""
    return Attached(
        id=base64.urlsafe_b64encode(f"part {number}".encode()).decode(),
        name=leaf.get_filename()
        or (inner[0].get("subject", "") if inner else "")
        or "untitled",
        media_type=leaf.get_content_type(),
        content=content,
        inline=leaf.get_content_disposition() == "inline",
        content_id=(leaf.get("content-id") or "").strip("<> "),
        is_message=is_message,
    )


def _text(body: Any) -> str:
    content = body.get_payload(decode=True) or b""
    try:
        return str(content.decode(body.get_content_charset("utf-8")))
    except (LookupError, UnicodeDecodeError):
        return str(content.decode("utf-8", "replace"))


def _written(name: str, address: str) -> str:
    plain = name.replace('"', "'").replace("\r", " ").replace("\n", " ")
    return f'"{plain}" <{address}>' if plain else address
