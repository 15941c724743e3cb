"""Writing mail: drafts from JSON or MIME, replies, properties, sending.

Sources: https://learn.microsoft.com/graph/api/user-post-messages, message-update,
message-createreply, message-send, user-sendmail
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import replace
from typing import Any

from tests.servers.graph import mime, odata, resources
from tests.servers.graph.folders import refuse_others
from tests.servers.graph.messages import item_of, shown
from tests.servers.graph.state import Item, Mailbox
from tests.servers.graph.wire import Answer, Call, Json, Refusal

_PEOPLE = {
    "toRecipients": "to",
    "ccRecipients": "cc",
    "bccRecipients": "bcc",
    "replyTo": "reply_to",
}
_DRAFT_ONLY = {
    "subject",
    "body",
    "internetMessageId",
    "importance",
    "from",
    "sender",
    "isDeliveryReceiptRequested",
    "isReadReceiptRequested",
    *_PEOPLE,
}
_MARKS = {"isRead", "categories", "flag", "inferenceClassification"}
_PATCHED = _DRAFT_ONLY | _MARKS | {"singleValueExtendedProperties"}
_CREATED = _PATCHED | {"internetMessageHeaders", "attachments"}
_UNSENT = 8  # mfUnsent of PidTagMessageFlags
_CUSTOM_HEADERS = 5
"""Graph takes no more custom headers than this: InvalidInternetMessageHeaderCollection."""
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")


class Drafts:
    """The operations that write; *post* carries what is sent to other mailboxes."""

    def __init__(
        self,
        *,
        name: Callable[[str], str],
        mailboxes: dict[str, Mailbox],
        later: Callable[[Callable[[], None]], None],
    ) -> None:
        self._name, self._mailboxes, self._later = name, mailboxes, later

    def create(self, call: Call) -> Answer:
        mailbox = call.mailbox
        folder = mailbox.folder(call.places.get("folder", "drafts"))
        if not call.is_json:
            item = self._new(mailbox, folder, _from_mime(call))
        else:
            item = self._new(mailbox, folder, mime.Parts())
            self._apply_all(mailbox, item, call.json)
            # Source: MS-OXCMSG, PidTagMessageFlags: whether it is unsent is settable at first.
            flags = int(item.extended.get("Integer 0xe07", _UNSENT))
            item.is_draft = bool(flags & _UNSENT)
        return Answer(201, resources.message(item, call), "Message")

    def update(self, call: Call) -> Answer:
        item = item_of(call)
        refuse_others(call.json, _PATCHED, "message")
        fixed = sorted(_DRAFT_ONLY & call.json.keys())
        if fixed and not item.is_draft:
            raise Refusal(
                400,
                "ErrorInvalidPropertySet",
                f"The property '{fixed[0]}' can be changed only while the message is a draft.",
            )
        self._apply(item, call.json)
        plain = {name for name in call.json if "@" not in name}
        call.mailbox.touch(item, frozenset(plain))
        return Answer(body=shown(call, item), shape="Message")

    def reply(self, call: Call) -> Answer:
        return self._reply(call, to_all=False)

    def reply_all(self, call: Call) -> Answer:
        return self._reply(call, to_all=True)

    def send(self, call: Call) -> Answer:
        item = item_of(call)
        if not item.is_draft:
            raise Refusal(
                400, "ErrorInvalidOperation", "Only a message that is a draft can be sent."
            )
        self._check_sendable(call, item.parts)
        self.send_off(call.mailbox, item)
        return Answer(202)

    def send_off(self, mailbox: Mailbox, item: Item) -> None:
        """Let a draft leave, by way of the Outbox."""
        self._leave(mailbox, item)
        mailbox.move(item, mailbox.well_known["outbox"])
        self._later(lambda: _arrive(mailbox, item))

    def send_mail(self, call: Call) -> Answer:
        mailbox: Mailbox = call.mailbox
        save = True
        if not call.is_json:
            item = mailbox.make(parts=self._completed(mailbox, _from_mime(call)))
        else:
            given = {name.lower(): value for name, value in call.json.items()}
            save = given.get("savetosentitems", True)
            item = mailbox.make(parts=self._completed(mailbox, mime.Parts()))
            self._apply_all(mailbox, item, given["message"])
        self._check_sendable(call, item.parts)
        self._leave(mailbox, item)
        if save:
            self._later(lambda: mailbox.put(item, mailbox.well_known["sentitems"]))
        return Answer(202)

    def _new(self, mailbox: Mailbox, folder: Any, parts: mime.Parts) -> Item:
        item = mailbox.make(parts=self._completed(mailbox, parts), is_draft=True, is_read=True)
        mailbox.put(item, folder)
        return item

    def _completed(self, mailbox: Mailbox, parts: mime.Parts) -> mime.Parts:
        parts.sender = parts.sender or [(mailbox.name, mailbox.address)]
        return parts

    def _reply(self, call: Call, *, to_all: bool) -> Answer:
        original, mailbox = item_of(call), call.mailbox
        given = (
            {name.lower(): value for name, value in call.json.items()} if call.is_json else {}
        )
        message = given.get("message") or {}
        if "comment" in given and "body" in message:
            raise Refusal(
                400, "ErrorInvalidRequest", "Specify either a comment or a body, not both."
            )
        if call.body and not call.is_json:
            parts = _from_mime(call)
        else:
            parts = _answering(
                original, mailbox.address, given.get("comment", ""), to_all=to_all
            )
        refuse_others(message, _CREATED, "message")
        _check_headers(message)
        parts.in_reply_to = original.message_id
        parts.references = (*original.parts.references, original.message_id)
        item = self._new(mailbox, mailbox.well_known["drafts"], parts)
        self._apply_all(mailbox, item, message)
        return Answer(201, resources.message(item, call), "Message")

    def _apply_all(self, mailbox: Mailbox, item: Item, body: Json) -> None:
        """Set what may be set at creation; on a refusal nothing is left behind."""
        try:
            refuse_others(body, _CREATED, "message")
            _check_headers(body)
            self._apply(item, body)
            for header in body.get("internetMessageHeaders") or ():
                item.parts.headers.append((header["name"], header["value"]))
            for given in body.get("attachments") or ():
                item.parts.attached.append(attached_of(given, self._name("AAMkADatt")))
        except Refusal:
            if item.id in mailbox.items:
                mailbox.remove(item)
            raise

    def _apply(self, item: Item, body: Json) -> None:
        extended = {}
        for given in body.get("singleValueExtendedProperties") or ():
            extended[odata.property_id(given.get("id") or "")] = given.get("value") or ""
        if _DRAFT_ONLY & body.keys():
            # What was read from bytes is written anew from its parts.
            item.written, item.raw = item.parts, None
            _apply_content(item.written, body)
            item.message_id = item.written.message_id
        item.extended.update(extended)
        if isinstance(body.get("isRead"), bool):
            item.is_read = body["isRead"]
        if body.get("categories") is not None:
            item.categories = list(body["categories"])
        if body.get("flag"):
            item.flag = {"flagStatus": "notFlagged", **body["flag"]}
        item.inference = body.get("inferenceClassification") or item.inference

    def _check_sendable(self, call: Call, parts: mime.Parts) -> None:
        recipients = parts.recipients
        if not recipients or not all(_ADDRESS.fullmatch(address) for address in recipients):
            raise Refusal(400, "ErrorInvalidRecipients", "At least one recipient is not valid.")
        stated = (parts.sender[0][1] if parts.sender else call.mailbox.address).lower()
        other = self._mailboxes.get(stated)
        if stated != call.mailbox.address and not (other and call.caller.may(other, "send")):
            raise Refusal(
                403,
                "ErrorSendAsDenied",
                "The user account which was used to submit this request does not have the "
                "right to send mail on behalf of the specified sending account.",
            )

    def _leave(self, mailbox: Mailbox, item: Item) -> None:
        """Send: fix the bytes, hand them to the mailboxes of this server."""
        now = mailbox.now()
        parts = copy(item.parts)
        parts.sent, recipients = now, parts.recipients
        item.is_draft, item.is_read, item.received = False, True, now
        item.raw = mime.compose(parts)
        item.written = None
        item.forget_parts()
        mailbox.sent.append((item, recipients))
        outside = mime.compose(parts, with_bcc=False)
        for address in recipients:
            if other := self._mailboxes.get(address):
                other.add(other.well_known["inbox"], raw=outside)


def attached_of(given: Json, attachment_id: str) -> mime.Attached:
    """Return the attachment that a JSON body describes."""
    if given.get("@odata.type") != "#microsoft.graph.fileAttachment":
        raise Refusal(
            400,
            "RequestBodyRead",
            "An attachment needs '@odata.type': '#microsoft.graph.fileAttachment'.",
        )
    try:
        content = base64.b64decode(given.get("contentBytes") or "", validate=True)
    except binascii.Error:
        raise Refusal(
            400, "RequestBodyRead", "Cannot convert the literal to the type 'Edm.Binary'."
        ) from None
    if not given.get("name"):
        raise Refusal(400, "ErrorRequiredPropertyMissing", "Required property missing: name.")
    return mime.Attached(
        id=attachment_id,
        name=given["name"],
        media_type=given.get("contentType") or "application/octet-stream",
        content=content,
        inline=bool(given.get("isInline")),
        content_id=given.get("contentId") or "",
    )


def _apply_content(parts: mime.Parts, body: Json) -> None:
    for name, field in _PEOPLE.items():
        if name in body:
            setattr(parts, field, _people(body[name] or ()))
    if "subject" in body:
        parts.subject = body["subject"] or ""
    if stated := body.get("body"):
        parts.body = stated.get("content") or ""
        parts.body_type = (stated.get("contentType") or "text").lower()
    for name in ("from", "sender"):
        if body.get(name):
            parts.sender = _people([body[name]])
    parts.importance = body.get("importance") or parts.importance
    parts.message_id = body.get("internetMessageId") or parts.message_id
    parts.wants_receipt = bool(body.get("isReadReceiptRequested", parts.wants_receipt))


def _people(given: Iterable[Json]) -> list[mime.Address]:
    found = []
    for one in given:
        stated = one.get("emailAddress") or {}
        found.append((stated.get("name") or "", stated.get("address") or ""))
    return found


def _check_headers(body: Json) -> None:
    headers = body.get("internetMessageHeaders") or []
    for header in headers:
        name = header.get("name") or ""
        if not re.fullmatch(r"[xX]-[!-9;-~]+", name) or not header.get("value"):
            raise Refusal(
                400,
                "InvalidInternetMessageHeader",
                f"The internet message header name '{name}' should start with 'x-' or 'X-'.",
            )
    if len(headers) > _CUSTOM_HEADERS:
        raise Refusal(
            400,
            "InvalidInternetMessageHeaderCollection",
            f"Maximum number of headers in one message should be less than or equal to "
            f"'{_CUSTOM_HEADERS}'.",
        )


def _from_mime(call: Call) -> mime.Parts:
    """Return the parts of a MIME body, which comes as base64 in text/plain.

    Exchange keeps no other headers of it than those it knows and those that begin with x-.
    """
    stated = call.headers.get("content-type", "").split(";")[0].strip()
    if stated != "text/plain":
        raise Refusal(
            415,
            "UnsupportedMediaType",
            f"A supported MIME type could not be found for content type '{stated}'.",
        )
    try:
        raw = base64.b64decode(b"".join(call.body.split()), validate=True)
    except binascii.Error:
        raise Refusal(
            400,
            "ErrorMimeContentInvalidBase64String",
            "Invalid base64 string for MIME content.",
        ) from None
    parts = mime.parse(raw)
    kept = [header for header in parts.headers if header[0].lower().startswith("x-")]
    return replace(parts, headers=kept)


def _answering(original: Item, own: str, comment: str, *, to_all: bool) -> mime.Parts:
    asked = original.parts
    to = list(asked.reply_to or asked.sender)
    cc: list[mime.Address] = []
    if to_all:
        known = {address.lower() for _, address in to} | {own}
        to += [person for person in asked.to if person[1].lower() not in known]
        known |= {address.lower() for _, address in to}
        cc = [person for person in asked.cc if person[1].lower() not in known]
    subject = asked.subject
    if not subject.lower().startswith("re:"):
        subject = f"RE: {subject}".strip()
    quoted = asked.body if asked.body_type == "html" else f"<pre>{asked.body}</pre>"
    sender = asked.sender[0][1] if asked.sender else ""
    body = (
        f"<html><body><div>{comment}</div><hr><div><b>From:</b> {sender}<br>"
        f"<b>Subject:</b> {asked.subject}</div>{quoted}</body></html>"
    )
    return mime.Parts(subject=subject, to=to, cc=cc, body=body, body_type="html")


def _arrive(mailbox: Mailbox, item: Item) -> None:
    """Put the copy of what was sent into Sent Items."""
    if item.id in mailbox.items:
        mailbox.move(item, mailbox.well_known["sentitems"])
