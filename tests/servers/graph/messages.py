"""Reading, marking, moving and deleting messages.

Source: https://learn.microsoft.com/graph/api/resources/message
"""

from __future__ import annotations

from typing import Any

from tests.servers.graph import odata, resources
from tests.servers.graph.folders import check_options, destination
from tests.servers.graph.schema import schemas
from tests.servers.graph.state import Item
from tests.servers.graph.wire import DEFAULT_PAGE, Answer, Call, Json, Refusal, not_found

LISTED = {"$top", "$skip", "$select", "$filter", "$orderby", "$expand", "$count"}
TRANSLATED = 1000
ORDERS = {
    "receivedDateTime",
    "sentDateTime",
    "createdDateTime",
    "lastModifiedDateTime",
    "subject",
    "isRead",
    "importance",
    "hasAttachments",
    "from/emailAddress/address",
}


def list_folder(call: Call) -> Answer:
    found = call.mailbox.folder(call.places["folder"])
    return _list(call, list(found.items.values()), f"mailFolders/{found.id}/messages")


def list_all(call: Call) -> Answer:
    return _list(call, list(call.mailbox.items.values()), "messages")


def count_folder(call: Call) -> Answer:
    check_options(call.query, {"$filter"})
    found = call.mailbox.folder(call.places["folder"])
    return Answer(body=str(len(_filtered(call, list(found.items.values())))))


def count_all(call: Call) -> Answer:
    check_options(call.query, {"$filter"})
    return Answer(body=str(len(_filtered(call, list(call.mailbox.items.values())))))


def get(call: Call) -> Answer:
    check_options(call.query, {"$select", "$expand"})
    return Answer(body=shown(call, item_of(call)), shape="Message")


def get_mime(call: Call) -> Answer:
    return Answer(body=item_of(call).mime(), content_type="message/rfc822")


def move(call: Call) -> Answer:
    item = item_of(call)
    call.mailbox.move(item, call.mailbox.folder(destination(call)))
    return Answer(201, resources.message(item, call), "Message")


def delete(call: Call) -> Answer:
    call.mailbox.delete(item_of(call))
    return Answer(204)


def purge(call: Call) -> Answer:
    """Delete for good, not into Deleted Items.

    Source: https://learn.microsoft.com/graph/api/message-permanentdelete
    """
    call.mailbox.remove(item_of(call))
    return Answer(204)


def translate(call: Call) -> Answer:
    """Translate ids between the two forms.

    Source: https://learn.microsoft.com/graph/api/user-translateexchangeids
    """
    given = {name.lower(): value for name, value in call.json.items()}
    source, target = given["sourceidtype"], given["targetidtype"]
    if not {source, target} <= {"restId", "restImmutableEntryId"}:
        raise Refusal(501, "NotImplemented", "The stand-in knows restId, restImmutableEntryId.")
    if len(given["inputids"]) > TRANSLATED:
        raise Refusal(400, "ErrorInvalidRequest", f"At most {TRANSLATED} ids at a time.")
    found: list[Json] = []
    for key in given["inputids"]:
        try:
            item = call.mailbox.item(key, immutable=source == "restImmutableEntryId")
            told = item.moving_id if target == "restId" else item.id
            found.append({"sourceId": key, "targetId": told})
        except Refusal as refusal:
            details = {"code": refusal.code, "message": refusal.message}
            found.append({"sourceId": key, "errorDetails": details})
    return Answer(body={"value": found}, shape="ConvertIdResults")


def get_user(call: Call) -> Answer:
    mailbox = call.mailbox
    body = {
        "id": mailbox.user_id,
        "displayName": mailbox.name,
        "mail": mailbox.address,
        "userPrincipalName": mailbox.address,
    }
    return Answer(body=body, shape="User")


def item_of(call: Call) -> Item:
    """Return the message that the path names; if it names a folder too, it must lie there."""
    item: Item = call.mailbox.item(call.places["message"], immutable=call.immutable)
    if "folder" in call.places and item.folder is not call.mailbox.folder(
        call.places["folder"]
    ):
        raise not_found()
    return item


def shown(call: Call, item: Item) -> Json:
    """Return a message as $select and $expand want it."""
    return resources.message(item, call, **wishes(call.query))


def wishes(query: dict[str, str]) -> dict[str, Any]:
    """Return what $select and $expand ask of each message."""
    known = schemas().properties("Message")
    extended, attachments = frozenset[str](), False
    if text := query.get("$expand"):
        extended, attachments = odata.expanded(text)
    return {
        "select": odata.selected(query.get("$select", ""), known, "message"),
        "extended": extended,
        "attachments": attachments,
    }


def _filtered(call: Call, items: list[Item]) -> list[Item]:
    text = call.query.get("$filter")
    if not text:
        return items
    wanted = odata.Filter(text)
    plain = frozenset(name.partition("/")[0] for name in wanted.fields) - odata.OF_THE_ITEM
    if not plain:
        return [item for item in items if wanted(item, {})]
    return [i for i in items if wanted(i, resources.message(i, call, select=plain))]


def _list(call: Call, items: list[Item], path: str) -> Answer:
    check_options(call.query, LISTED)
    wanted = wishes(call.query)
    found = _ordered(call, _filtered(call, items))
    top = odata.whole_number(call.query, "$top", call.page_size or DEFAULT_PAGE, 1000)
    skip = odata.whole_number(call.query, "$skip", 0, 10**9)
    body: Json = {"@odata.context": resources.context(call, "messages")}
    if odata.wants_count(call.query):
        body["@odata.count"] = len(found)
    page = found[skip : skip + top]
    body["value"] = [resources.message(item, call, **wanted) for item in page]
    if skip + top < len(found):
        options = {k.lstrip("$"): v for k, v in call.query.items() if k != "$skip"}
        body["@odata.nextLink"] = resources.link(call, path, **options, skip=str(skip + top))
    return Answer(body=body, shape="Messages")


def _ordered(call: Call, items: list[Item]) -> list[Item]:
    """Return *items* in the order asked for; newest first where none is asked for."""
    text = call.query.get("$orderby")
    if not text:
        return sorted(items, key=lambda item: (item.received, item.id), reverse=True)
    filtered = odata.Filter(call.query["$filter"]) if call.query.get("$filter") else None
    found = sorted(items, key=lambda item: item.id)
    for name, descends in reversed(odata.ordered(text, filtered, ORDERS)):
        found.sort(key=lambda item: _key(call, item, name), reverse=descends)
    return found


def _key(call: Call, item: Item, name: str) -> Any:
    if name == "receivedDateTime":
        return item.received
    value: Any = resources.message(item, call, select=frozenset({name.partition("/")[0]}))
    for step in name.split("/"):
        value = (value or {}).get(step)
    return value if isinstance(value, bool) else str(value or "").lower()
