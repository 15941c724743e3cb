"""Operations on mail folders.

Source: https://learn.microsoft.com/graph/api/resources/mailfolder
"""

from __future__ import annotations

from tests.servers.graph import odata, resources
from tests.servers.graph.schema import schemas
from tests.servers.graph.state import Folder
from tests.servers.graph.wire import DEFAULT_PAGE, Answer, Call, Json, Refusal

LISTED = {"$top", "$skip", "$select", "$filter", "$count", "$expand", "includeHiddenFolders"}


def list_top(call: Call) -> Answer:
    return _list(call, call.mailbox.root, "mailFolders")


def list_children(call: Call) -> Answer:
    parent = call.mailbox.folder(call.places["folder"])
    return _list(call, parent, f"mailFolders/{parent.id}/childFolders")


def get(call: Call) -> Answer:
    check_options(call.query, {"$select", "$expand", "includeHiddenFolders"})
    found = call.mailbox.folder(call.places["folder"])
    return Answer(body=_shown(call, found), shape="MailFolder")


def create_top(call: Call) -> Answer:
    return _create(call, call.mailbox.root)


def create_child(call: Call) -> Answer:
    return _create(call, call.mailbox.folder(call.places["folder"]))


def update(call: Call) -> Answer:
    found = call.mailbox.folder(call.places["folder"])
    refuse_others(call.json, {"displayName"}, "mailFolder")
    call.mailbox.rename_folder(found, _name(call.json))
    return Answer(body=_shown(call, found), shape="MailFolder")


def delete(call: Call) -> Answer:
    call.mailbox.delete_folder(call.mailbox.folder(call.places["folder"]))
    return Answer(204)


def purge(call: Call) -> Answer:
    """Delete for good, with all its mail.

    Source: https://learn.microsoft.com/graph/api/mailfolder-permanentdelete
    """
    call.mailbox.delete_folder(call.mailbox.folder(call.places["folder"]), for_good=True)
    return Answer(204)


def move(call: Call) -> Answer:
    found = call.mailbox.folder(call.places["folder"])
    call.mailbox.move_folder(found, call.mailbox.folder(destination(call)))
    return Answer(201, _shown(call, found), "MailFolder")


def destination(call: Call) -> str:
    wanted = {name.lower(): value for name, value in call.json.items()}.get("destinationid")
    if not isinstance(wanted, str) or not wanted:
        raise Refusal(400, "ErrorInvalidRequest", "The parameter DestinationId is missing.")
    return wanted


def refuse_others(body: Json, allowed: set[str], kind: str) -> None:
    """Refuse a body with properties that cannot be set."""
    for name in body:
        if "@" in name or name in allowed:
            continue
        if name in schemas().properties("MailFolder" if kind == "mailFolder" else "Message"):
            raise Refusal(
                400, "ErrorInvalidPropertySet", f"The property '{name}' cannot be set here."
            )
        raise Refusal(
            400,
            "RequestBodyRead",
            f"The property '{name}' does not exist on type 'microsoft.graph.{kind}'.",
        )


def check_options(query: dict[str, str], allowed: set[str]) -> None:
    """Refuse query options that the operation does not know."""
    for name in query:
        if name not in allowed:
            raise Refusal(
                400, "BadRequest", f"The query specified in the URI is not valid. '{name}'"
            )


def _list(call: Call, parent: Folder, path: str) -> Answer:
    check_options(call.query, LISTED)
    hidden = call.query.get("includeHiddenFolders", "").lower() == "true"
    found = [child for child in parent.children if hidden or not child.hidden]
    if text := call.query.get("$filter"):
        wanted = odata.Filter(text)
        found = [child for child in found if wanted(child, resources.folder(child))]
    top = odata.whole_number(call.query, "$top", DEFAULT_PAGE, 1000)
    skip = odata.whole_number(call.query, "$skip", 0, 10**9)
    body: Json = {"@odata.context": resources.context(call, "mailFolders")}
    if odata.wants_count(call.query):
        body["@odata.count"] = len(found)
    body["value"] = [_shown(call, child) for child in found[skip : skip + top]]
    if skip + top < len(found):
        kept = {k: v for k, v in call.query.items() if k != "$skip"}
        options = {k.lstrip("$"): v for k, v in kept.items() if k.startswith("$")}
        body["@odata.nextLink"] = resources.link(call, path, **options, skip=str(skip + top))
        if hidden:
            body["@odata.nextLink"] += "&includeHiddenFolders=true"
    return Answer(body=body, shape="MailFolders")


def _create(call: Call, parent: Folder) -> Answer:
    refuse_others(call.json, {"displayName", "isHidden"}, "mailFolder")
    hidden = call.json.get("isHidden") is True
    made = call.mailbox.create_folder(parent, _name(call.json), hidden=hidden)
    return Answer(201, _shown(call, made), "MailFolder")


def _name(body: Json) -> str:
    name = body.get("displayName")
    if not isinstance(name, str):
        raise Refusal(400, "ErrorInvalidRequest", "displayName is required.")
    return name


def _shown(call: Call, found: Folder) -> Json:
    known = schemas().properties("MailFolder")
    select = odata.selected(call.query.get("$select", ""), known, "mailFolder")
    body = resources.folder(found)
    return {k: v for k, v in body.items() if select is None or k in select or k == "id"}
