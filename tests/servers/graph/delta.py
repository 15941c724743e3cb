"""Delta queries: messages of one folder, and the tree of folders.

A round begins with a list of what is there. Each page hands out the next few that are still
there, and the deltaLink points to the moment when the round began: what changed meanwhile is
told in the next round, so things are told twice rather than never.

Sources: https://learn.microsoft.com/graph/delta-query-overview and /graph/delta-query-messages
"""

from __future__ import annotations

import secrets
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.servers.graph import odata, resources
from tests.servers.graph.folders import check_options
from tests.servers.graph.messages import wishes
from tests.servers.graph.schema import schemas
from tests.servers.graph.state import Folder, Item, Logged, Mailbox
from tests.servers.graph.wire import DEFAULT_PAGE, Answer, Call, Json, Refusal

FILTERED_MOST = 5000
"""With $filter a round tells of no more than this many messages."""
_FIRST = {"$select", "$expand", "$filter", "$orderby", "$top", "changeType"}
_CHANGES = {"created", "updated", "deleted"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to tell of: still there (whole, or some fields), or removed."""

    target: Any
    change: str
    moving_id: str
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class State:
    """What a token stands for."""

    mailbox: str
    of: str
    """Id of the folder, or "" for the tree of folders."""
    query: tuple[tuple[str, str], ...]
    since: int
    """Where the next round begins to look."""
    entries: Sequence[Entry] | None = None
    """None before the round has begun."""
    at: int = 0
    before: int = 0
    """Where the page before this one began."""


class Tokens:
    """Delta tokens that were handed out; they mean nothing to anybody else."""

    def __init__(self) -> None:
        self._known: dict[str, State] = {}

    def give(self, state: State) -> str:
        token = secrets.token_urlsafe(24)
        self._known[token] = state
        return token

    def expire(self, mailbox: str) -> None:
        gone = [token for token, state in self._known.items() if state.mailbox == mailbox]
        for token in gone:
            del self._known[token]

    def read(self, token: str, mailbox: Mailbox, of: str) -> State | None:
        """Return what the token stands for, None where it has been forgotten."""
        state = self._known.get(token)
        if state is not None and (state.mailbox, state.of) != (mailbox.address, of):
            raise Refusal(400, "ErrorInvalidSyncStateData", "The sync state data is invalid.")
        return state


class Delta:
    """The two delta operations."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def messages(self, call: Call, twist: str = "") -> Answer:
        folder = call.mailbox.folder(call.places["folder"])
        path = f"mailFolders('{folder.id}')/messages/delta"
        state = self._resumed(call, folder.id, path)
        now = call.mailbox.counter
        if state is None:
            query = _first_query(call.query, _FIRST)
            entries = _first(folder, query)
            state = State(call.mailbox.address, folder.id, tuple(query.items()), now, entries)
        elif state.entries is None:
            state = replace(state, entries=_told(folder, state), since=now)
        query = dict(state.query)
        wanted = wishes(query)

        def show(entry: Entry) -> Json:
            return _message(entry, call, wanted)

        return self._page(call, state, path, show, twist)

    def folders(self, call: Call, twist: str = "") -> Answer:
        path = "mailFolders/delta"
        state = self._resumed(call, "", path)
        now = call.mailbox.counter
        if state is None:
            query = _first_query(call.query, {"$select", "$expand", "$top"})
            tree = [Entry(one, "created", one.id) for one in call.mailbox.root.below()]
            state = State(call.mailbox.address, "", tuple(query.items()), now, tree)
        elif state.entries is None:
            changed = _since(call.mailbox.folder_log, state.since)
            state = replace(state, entries=_collapsed(changed, _is_there), since=now)
        known = schemas().properties("MailFolder")
        select = odata.selected(dict(state.query).get("$select", ""), known, "mailFolder")

        def show(entry: Entry) -> Json:
            return _folder(entry, select)

        return self._page(call, state, path, show, twist)

    def _resumed(self, call: Call, of: str, path: str) -> State | None:
        """Return what the token in the address stands for, None where a round begins."""
        named = {name.lower(): value for name, value in call.query.items()}
        token = named.get("$skiptoken") or named.get("$deltatoken")
        if not token:
            return None
        if len(named) > 1:
            raise Refusal(
                400,
                "ErrorInvalidUrlQuery",
                "A request with a state token must not have other query options.",
            )
        state = self._tokens.read(token, call.mailbox, of)
        if state is None:
            raise gone(call, path, "syncStateNotFound")
        return state

    def _page(
        self,
        call: Call,
        state: State,
        path: str,
        show: Callable[[Entry], Json],
        twist: str,
    ) -> Answer:
        top = odata.whole_number(dict(state.query), "$top", DEFAULT_PAGE, 1000)
        most = call.page_size or top
        entries = state.entries or ()
        end = state.at if twist == "empty_page" else state.at + most
        start = state.before if twist == "repeat_page" else state.at
        page = list(entries[start:end])
        if twist == "shuffle_page":
            page.reverse()
        kind = "message" if state.of else "mailFolder"
        body: Json = {"@odata.context": f"{call.base}/$metadata#Collection({kind})"}
        if end < len(entries):
            following = replace(state, at=end, before=state.at)
            token = self._tokens.give(following)
            body["@odata.nextLink"] = resources.link(call, path, skiptoken=token)
        else:
            ended = State(state.mailbox, state.of, state.query, state.since)
            body["@odata.deltaLink"] = resources.link(
                call, path, deltatoken=self._tokens.give(ended)
            )
        body["value"] = [shown for shown in map(show, page) if shown]
        applied = {"preference-applied": f"odata.maxpagesize={call.page_size}"}
        shape = "Messages" if state.of else "MailFolders"
        return Answer(200, body, shape, headers=applied if call.page_size else {})


def gone(call: Call, path: str, code: str) -> Refusal:
    """Return the 410 that asks for a full round, with where to begin it."""
    where = f"{call.base}{call.root}/{path}?$deltatoken="
    return Refusal(
        410, code, "The sync state generation is not found; start anew.", {"location": where}
    )


def _first_query(query: dict[str, str], allowed: set[str]) -> dict[str, str]:
    """Return the options with which a round begins."""
    kept = {name: value for name, value in query.items() if name.lower() != "$deltatoken"}
    check_options(kept, allowed)
    if kept.get("changeType", "created") not in _CHANGES:
        raise Refusal(400, "BadRequest", "changeType may be created, updated or deleted.")
    order = " ".join(kept.get("$orderby", "receivedDateTime desc").split())
    if order != "receivedDateTime desc":
        raise Refusal(
            400,
            "ErrorInvalidUrlQuery",
            "A change tracking query supports only $orderby=receivedDateTime desc.",
        )
    return kept


def _first(folder: Folder, query: dict[str, str]) -> Sequence[Entry]:
    """Return all messages of the folder, newest first: what Graph does, promised or not."""
    wishes(query)
    items = sorted(folder.items.values(), key=lambda i: (i.received, i.id), reverse=True)
    if text := query.get("$filter"):
        wanted = odata.received_only(text)
        items = [item for item in items if wanted(item, {})][:FILTERED_MOST]
    return [Entry(item, "created", item.moving_id) for item in items]


def _told(folder: Folder, state: State) -> Sequence[Entry]:
    """Return what changed in the folder since the token was made."""
    query = dict(state.query)
    entries = _collapsed(_since(folder.log, state.since), lambda item: item.id in folder.items)
    if only := query.get("changeType"):
        entries = [entry for entry in entries if entry.change == only]
    if text := query.get("$filter"):
        wanted = odata.received_only(text)
        entries = [
            entry for entry in entries if entry.change == "deleted" or wanted(entry.target, {})
        ]
    return entries


def _since(log: list[Logged], counter: int) -> Iterable[Logged]:
    return log[bisect_right(log, counter, key=lambda entry: entry.at) :]


def _is_there(folder: Folder) -> bool:
    return folder.parent is not None and folder in folder.parent.children


def _collapsed(log: Iterable[Logged], is_there: Callable[[Any], bool]) -> list[Entry]:
    """Return one entry for each thing that changed, in order of its last change."""
    last: dict[str, Entry] = {}
    for logged in log:
        before = last.pop(logged.item.id, None)
        change: str = logged.change
        fields = logged.fields
        if change == "updated" and before is not None:
            change = before.change if before.change != "deleted" else "updated"
            fields |= before.fields
        if not is_there(logged.item):
            change = "deleted"
        last[logged.item.id] = Entry(logged.item, change, logged.moving_id, fields)
    return list(last.values())


def _message(entry: Entry, call: Call, wanted: dict[str, Any]) -> Json:
    item: Item = entry.target
    if entry.change == "deleted":
        return {
            "@odata.type": "#microsoft.graph.message",
            "id": item.id if call.immutable else entry.moving_id,
            "@removed": {"reason": "deleted"},
        }
    if item.moving_id != entry.moving_id or item.id not in item.folder.items:
        return {}  # left since the round began: the next round says so
    fields = wanted["select"]
    if entry.change == "updated" and entry.fields:
        fields = entry.fields if fields is None else entry.fields & fields
    shown = resources.message(item, call, **{**wanted, "select": fields})
    return {"@odata.type": "#microsoft.graph.message", **shown}


def _folder(entry: Entry, select: frozenset[str] | None) -> Json:
    folder: Folder = entry.target
    if entry.change == "deleted":
        removed = {"reason": "deleted"}
        return {
            "@odata.type": "#microsoft.graph.mailFolder",
            "id": folder.id,
            "@removed": removed,
        }
    if not _is_there(folder):
        return {}
    shown = resources.folder(folder)
    kept = {k: v for k, v in shown.items() if select is None or k in select or k == "id"}
    return {"@odata.type": "#microsoft.graph.mailFolder", **kept}
