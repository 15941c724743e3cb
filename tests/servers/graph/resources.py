"""What the state looks like as Graph resources."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from tests.servers.graph import mime
from tests.servers.graph.clock import stamp
from tests.servers.graph.state import Folder, Item
from tests.servers.graph.wire import Call, Json

SIZE = "Integer 0xe08"
"""PidTagMessageSize. Exchange counts its own form of a message; here it is that of the MIME.

Source: https://learn.microsoft.com/office/client-developer/outlook/mapi/pidtagmessagesize-canonical-property
"""
TEXT_BODY = 'outlook.body-content-type="text"'


def message(
    item: Item,
    call: Call,
    *,
    select: frozenset[str] | None = None,
    extended: frozenset[str] = frozenset(),
    attachments: bool = False,
) -> Json:
    """Return a message; with *select* only those properties and the id."""
    shown: Json = {"@odata.etag": f'W/"{_change_key(item)}"', "id": item_id(item, call)}
    for name in _ALWAYS if select is None else select:
        if make := _MADE.get(name):
            shown[name] = make(item, call)
    if select is not None and "internetMessageHeaders" in select and not item.is_draft:
        headers = item.parts.headers
        shown["internetMessageHeaders"] = [{"name": n, "value": v} for n, v in headers]
    known = item.extended | {SIZE: str(len(item.mime()))} if SIZE in extended else item.extended
    held = [{"id": n, "value": known[n]} for n in sorted(extended) if n in known]
    if held:
        shown["singleValueExtendedProperties"] = held
    if attachments:
        shown["attachments"] = [attachment(one, item) for one in item.parts.attached]
    return shown


def item_id(item: Item, call: Call) -> str:
    return item.id if call.immutable else item.moving_id


def folder(found: Folder) -> Json:
    return {
        "id": found.id,
        "displayName": found.name,
        "parentFolderId": found.parent.id if found.parent else found.id,
        "childFolderCount": sum(not child.hidden for child in found.children),
        "unreadItemCount": sum(not item.is_read for item in found.items.values()),
        "totalItemCount": len(found.items),
        "isHidden": found.hidden,
    }


def attachment(attached: mime.Attached, item: Item, *, content: bool = True) -> Json:
    shown: Json = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "@odata.mediaContentType": attached.media_type,
        "id": attached.id,
        "lastModifiedDateTime": stamp(item.modified),
        "name": attached.name,
        "contentType": attached.media_type,
        "size": len(attached.content) + 120,
        "isInline": attached.inline,
    }
    if attached.is_message:
        shown["@odata.type"] = "#microsoft.graph.itemAttachment"
        del shown["@odata.mediaContentType"]
        return shown
    shown["contentId"] = attached.content_id or None
    shown["contentLocation"] = None
    if content:
        shown["contentBytes"] = base64.b64encode(attached.content).decode()
    return shown


def context(call: Call, what: str) -> str:
    user = quote(call.mailbox.user_id) if call.mailbox else ""
    return f"{call.base}/$metadata#users('{user}')/{what}"


def link(call: Call, path: str, **options: str) -> str:
    """Return an address below the caller's own way of naming the mailbox."""
    query = urlencode({f"${name}": value for name, value in options.items()}, safe="$")
    return f"{call.base}{call.root}/{path}?{query}"


def _body(item: Item, call: Call) -> Json:
    parts = item.parts
    if any(wish.lower() == TEXT_BODY for wish in call.preferences):
        content = mime.text_of(parts.body, parts.body_type)
        return {"contentType": "text", "content": content}
    return {"contentType": parts.body_type, "content": parts.body}


def _change_key(item: Item) -> str:
    return "CQAAABYAAAA" + base64.b64encode(item.version.to_bytes(8, "big")).decode()


def _one(people: list[mime.Address]) -> Json | None:
    return _people(people[:1])[0] if people else None


def _people(people: list[mime.Address]) -> list[Any]:
    return [
        {"emailAddress": {"name": name or address, "address": address}}
        for name, address in people
    ]


_MADE: dict[str, Callable[[Item, Call], Any]] = {
    "createdDateTime": lambda item, _: stamp(item.created),
    "lastModifiedDateTime": lambda item, _: stamp(item.modified),
    "changeKey": lambda item, _: _change_key(item),
    "categories": lambda item, _: list(item.categories),
    "receivedDateTime": lambda item, _: stamp(item.received),
    "sentDateTime": lambda item, _: stamp(item.parts.sent or item.received),
    "hasAttachments": lambda item, _: any(not one.inline for one in item.parts.attached),
    "internetMessageId": lambda item, _: item.message_id,
    "subject": lambda item, _: item.parts.subject,
    "bodyPreview": lambda item, _: mime.text_of(item.parts.body, item.parts.body_type)[:255],
    "importance": lambda item, _: item.parts.importance,
    "parentFolderId": lambda item, _: item.folder.id,
    "conversationId": lambda item, _: item.conversation,
    "conversationIndex": lambda item, _: base64.b64encode(
        item.conversation[-22:].encode()
    ).decode(),
    "isDeliveryReceiptRequested": lambda item, _: None if item.is_draft else False,
    "isReadReceiptRequested": lambda item, _: item.parts.wants_receipt,
    "isRead": lambda item, _: item.is_read,
    "isDraft": lambda item, _: item.is_draft,
    "webLink": lambda item, _: f"https://outlook.example/owa/?ItemID={quote(item.moving_id)}",
    "inferenceClassification": lambda item, _: item.inference,
    "body": _body,
    "sender": lambda item, _: _one(item.parts.sender),
    "from": lambda item, _: _one(item.parts.sender),
    "toRecipients": lambda item, _: _people(item.parts.to),
    "ccRecipients": lambda item, _: _people(item.parts.cc),
    "bccRecipients": lambda item, _: _people(item.parts.bcc),
    "replyTo": lambda item, _: _people(item.parts.reply_to),
    "flag": lambda item, _: dict(item.flag),
    "uniqueBody": _body,
}
_ALWAYS = tuple(name for name in _MADE if name != "uniqueBody")
"""What comes without $select; `internetMessageHeaders` and `uniqueBody` do not."""
