"""Attachments: small ones in one POST, large ones through an upload session.

Sources: https://learn.microsoft.com/graph/api/message-post-attachments,
https://learn.microsoft.com/graph/outlook-large-attachments
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.servers.graph import mime, odata, resources
from tests.servers.graph.clock import Clock, stamp
from tests.servers.graph.drafts import attached_of
from tests.servers.graph.folders import check_options
from tests.servers.graph.messages import item_of
from tests.servers.graph.schema import schemas
from tests.servers.graph.state import Item, Mailbox
from tests.servers.graph.wire import Answer, Call, Json, Refusal, not_found

SMALL = 3 * 1024 * 1024
LARGEST = 150 * 1024 * 1024
RANGE = 4 * 1024 * 1024
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_LIFE = timedelta(hours=1)


@dataclass(slots=True)
class _Upload:
    mailbox: Mailbox
    item: Item
    wanted: Json
    until: datetime
    content: bytearray = field(default_factory=bytearray)


class Attachments:
    """The operations on attachments, and the uploads under way."""

    def __init__(
        self, *, name: Callable[[str], str], clock: Clock, origin: Callable[[], str]
    ) -> None:
        self._name, self._clock, self._origin = name, clock, origin
        self._uploads: dict[str, _Upload] = {}

    def list_all(self, call: Call) -> Answer:
        check_options(call.query, {"$select", "$top", "$skip"})
        item = item_of(call)
        found = [_shown(call, one, item) for one in item.parts.attached]
        context = resources.context(call, "messages/attachments")
        return Answer(body={"@odata.context": context, "value": found}, shape="Attachments")

    def get(self, call: Call) -> Answer:
        item, found = self._found(call)
        return Answer(body=_shown(call, found, item), shape="AnyAttachment")

    def get_content(self, call: Call) -> Answer:
        _, found = self._found(call)
        kind = "message/rfc822" if found.is_message else found.media_type
        return Answer(body=found.content, content_type=kind)

    def create(self, call: Call) -> Answer:
        item = _draft_of(call)
        made = attached_of(call.json, self._name("AAMkADatt"))
        if len(made.content) >= SMALL:
            raise Refusal(
                413,
                "ErrorMessageSizeExceeded",
                "The attachment is too large for one request; create an upload session.",
            )
        self._attach(call.mailbox, item, made)
        return Answer(201, resources.attachment(made, item), "AnyAttachment")

    def delete(self, call: Call) -> Answer:
        item, found = self._found(call)
        _draft_of(call)
        item.written = item.parts
        item.raw = None
        item.written.attached.remove(found)
        call.mailbox.touch(item, frozenset({"hasAttachments"}))
        return Answer(204)

    def create_session(self, call: Call) -> Answer:
        item = _draft_of(call)
        given = {name.lower(): value for name, value in call.json.items()}
        wanted = given["attachmentitem"]
        size = wanted.get("size")
        if wanted.get("attachmentType") != "file" or not wanted.get("name") or not size:
            raise Refusal(
                400,
                "ErrorRequiredPropertyMissing",
                "attachmentType, name and size are required.",
            )
        if size < SMALL:
            raise Refusal(
                400,
                "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize",
                "The attachment size should not be less than the minimum size.",
            )
        if size > LARGEST:
            raise Refusal(
                400,
                "ErrorAttachmentSizeShouldNotExceedMaximumSize",
                "The attachment size should not exceed the maximum size.",
            )
        token = secrets.token_urlsafe(24)
        until = self._clock.now() + _LIFE
        self._uploads[token] = _Upload(call.mailbox, item, wanted, until)
        body = {
            "@odata.context": f"{call.base}/$metadata#microsoft.graph.uploadSession",
            "uploadUrl": f"{self._origin()}/upload/{token}?authtoken={secrets.token_hex(8)}",
            "expirationDateTime": stamp(until),
            "nextExpectedRanges": ["0-"],
        }
        return Answer(201, body, "UploadSession")

    def upload(self, method: str, token: str, headers: dict[str, str], body: bytes) -> Answer:
        """Answer at the address of an upload session, which is its own permission."""
        if "authorization" in headers:
            raise Refusal(
                401,
                "InvalidAuthenticationToken",
                "The upload address is pre-authenticated: send no Authorization header.",
            )
        upload = self._uploads.get(token)
        if upload is None or self._clock.now() >= upload.until:
            raise Refusal(404, "ErrorItemNotFound", "The upload session was not found.")
        if method == "DELETE":
            del self._uploads[token]
            return Answer(204)
        if method == "PUT":
            return self._put(token, upload, headers, body)
        raise Refusal(405, "BadRequest", "Specified HTTP method is not allowed.")

    def _put(self, token: str, upload: _Upload, headers: dict[str, str], body: bytes) -> Answer:
        start, end, total = _range(headers.get("content-range", ""))
        wrong = end - start + 1 != len(body) or total != upload.wanted["size"] or end >= total
        if wrong or len(body) > RANGE:
            raise Refusal(400, "InvalidRange", "The Content-Range does not fit the body.")
        if start != len(upload.content):
            raise Refusal(
                416,
                "InvalidRange",
                f"Bytes are taken in order; expected {len(upload.content)}.",
            )
        upload.content += body
        if len(upload.content) < total:
            session = {
                "expirationDateTime": stamp(upload.until),
                "nextExpectedRanges": [str(len(upload.content))],
            }
            return Answer(200, session, "UploadSession")
        del self._uploads[token]
        made = mime.Attached(
            id=self._name("AAMkADatt"),
            name=upload.wanted["name"],
            media_type=upload.wanted.get("contentType") or "application/octet-stream",
            content=bytes(upload.content),
            inline=bool(upload.wanted.get("isInline")),
            content_id=upload.wanted.get("contentId") or "",
        )
        self._attach(upload.mailbox, upload.item, made)
        path = f"Messages('{upload.item.moving_id}')/Attachments('{made.id}')"
        where = f"{self._origin()}/api/v2.0/Users('{upload.mailbox.user_id}')/{path}"
        return Answer(201, headers={"location": where})

    def _attach(self, mailbox: Mailbox, item: Item, made: mime.Attached) -> None:
        if item.id not in mailbox.items:
            raise not_found()
        item.written, item.raw = item.parts, None
        item.written.attached.append(made)
        mailbox.touch(item, frozenset({"hasAttachments"}))

    def _found(self, call: Call) -> tuple[Item, mime.Attached]:
        item = item_of(call)
        for attached in item.parts.attached:
            if attached.id == call.places["attachment"]:
                return item, attached
        raise not_found()


def _draft_of(call: Call) -> Item:
    item = item_of(call)
    if not item.is_draft:
        raise Refusal(
            400, "ErrorInvalidOperation", "Attachments can be changed only while it is a draft."
        )
    return item


def _range(text: str) -> tuple[int, int, int]:
    match = _CONTENT_RANGE.fullmatch(text)
    if match is None:
        raise Refusal(400, "InvalidRange", "Content-Range: bytes {start}-{end}/{total}")
    return int(match[1]), int(match[2]), int(match[3])


def _shown(call: Call, found: mime.Attached, item: Item) -> Json:
    known = schemas().properties("FileAttachment")
    select = odata.selected(call.query.get("$select", ""), known, "attachment")
    body = resources.attachment(found, item, content=select is None or "contentBytes" in select)
    return {
        k: v for k, v in body.items() if select is None or k in select or k == "id" or "@" in k
    }
