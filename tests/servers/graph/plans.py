"""Calendars, lists of tasks, channels and chats: what is kept, and what is refused.

Sources: https://learn.microsoft.com/graph/api/user-post-events, resources/event,
todotasklist-post-tasks, todotasklist-list-tasks, channel-post-messages, chat-post-messages.
That a transaction id comes twice is answered 409 ErrorDuplicateTransactionId.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock
from typing import Any
from zoneinfo import available_timezones

from tests.servers.graph import odata
from tests.servers.graph.clock import Clock
from tests.servers.graph.routes import Route
from tests.servers.graph.wire import Answer, Call, Json, Refusal, not_found

_PAGE = 20
_WINDOWS = frozenset(
    {"Pacific Standard Time", "Eastern Standard Time", "W. Europe Standard Time"}
)
_CHANNEL = "teams/{team}/channels/{channel}/messages"
_EVENT = frozenset(
    {"subject", "body", "isAllDay", "start", "end", "location", "transactionId"}
    | {"singleValueExtendedProperties", "categories", "showAs"}
)
_TASK = frozenset({"title", "body", "dueDateTime", "linkedResources", "importance", "status"})


@dataclass(eq=False)
class Planned:
    """An event, a task or a message, as it was given, and its extended properties."""

    id: str
    properties: Json
    extended: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class Shelf:
    """A calendar or a list: its name, and what is in it."""

    id: str
    name: str
    usual: bool
    items: list[Planned] = field(default_factory=list)


class Plans:
    """All of them on one server, and the hands of the test in them."""

    def __init__(self, clock: Clock, lock: RLock) -> None:
        self._clock, self._lock = clock, lock
        self.calendars: dict[str, list[Shelf]] = {}
        self.lists: dict[str, list[Shelf]] = {}
        self.rooms: dict[str, tuple[frozenset[str], list[Planned]]] = {}
        """Messages by `TEAM/CHANNEL` or chat, with who is a member."""

    def add_calendar(self, address: str, name: str) -> None:
        with self._lock:
            self._calendars(address).append(_shelf(name))

    def add_list(self, address: str, name: str) -> None:
        with self._lock:
            self._lists(address).append(_shelf(name))

    def add_room(self, place: str, members: Iterable[str]) -> None:
        self.rooms[place] = frozenset(each.lower() for each in members), []

    def events(self, address: str, calendar: str = "Calendar") -> list[Planned]:
        return list(_named(self._calendars(address), calendar).items)

    def tasks(self, address: str, name: str = "Tasks") -> list[Planned]:
        return list(_named(self._lists(address), name).items)

    def messages(self, place: str) -> list[Planned]:
        return list(self.rooms[place][1])

    def inside(self) -> list[Route]:
        """Return the operations below a mailbox."""
        calendar, tasks = "calendars/{calendar}/events", "todo/lists/{list}/tasks"
        return [
            Route("GET", "calendars", self._list_calendars, "see_calendar"),
            Route("GET", "events", self._list_events, "see_calendar"),
            Route("GET", calendar, self._list_events, "see_calendar"),
            Route("POST", "events", self._add_event, "calendar", "Event"),
            Route("POST", calendar, self._add_event, "calendar", "Event"),
            Route("GET", "todo/lists", self._list_lists, "see_tasks"),
            Route("GET", tasks, self._list_tasks, "see_tasks"),
            Route("POST", tasks, self._add_task, "tasks", "TodoTask"),
        ]

    def outside(self) -> list[Route]:
        """Return the operations beside the mailboxes."""
        return [
            Route("POST", _CHANNEL, self._post("ChannelMessage.Send"), takes="ChatMessage"),
            Route(
                "POST", "chats/{chat}/messages", self._post("ChatMessage.Send"),
                takes="ChatMessage",
            ),
        ]  # fmt: skip

    # Calendars

    def _calendars(self, address: str) -> list[Shelf]:
        return self.calendars.setdefault(address.lower(), [_shelf("Calendar", usual=True)])

    def _list_calendars(self, call: Call) -> Answer:
        every = [
            {"id": each.id, "name": each.name, "isDefaultCalendar": each.usual}
            for each in self._calendars(call.mailbox.address)
        ]
        known = frozenset({"id", "name", "isDefaultCalendar"})
        return _page(call, every, known, "calendar", "Calendars")

    def _calendar(self, call: Call) -> Shelf:
        return _by_id(self._calendars(call.mailbox.address), call.places.get("calendar"))

    def _list_events(self, call: Call) -> Answer:
        wanted: Callable[..., bool] = lambda *_: True  # noqa: E731
        if text := call.query.get("$filter"):
            wanted = odata.Filter(text)
        items = self._calendar(call).items
        every = [
            {"id": each.id, **each.properties}
            for each in items
            if wanted(each, each.properties)
        ]
        return _page(call, every, _EVENT | {"id"}, "event", "Events")

    def _add_event(self, call: Call) -> Answer:
        given = call.json
        _known(given, _EVENT, "event")
        start, end = _moment(given, "start"), _moment(given, "end")
        if given.get("isAllDay") and (
            start.time() != end.time() or start.time().isoformat() != "00:00:00"
        ):
            raise _invalid(
                "The Event.Start property for an all-day event needs to be midnight."
            )
        if end < start + timedelta(days=bool(given.get("isAllDay"))):
            raise _invalid("The end of the event must be after its start.")
        calendar, transaction = self._calendar(call), given.get("transactionId")
        every = (e for each in self._calendars(call.mailbox.address) for e in each.items)
        if transaction and any(e.properties.get("transactionId") == transaction for e in every):
            raise Refusal(
                409,
                "ErrorDuplicateTransactionId",
                "The TransactionId specified in the request has already been used.",
            )
        extended = given.pop("singleValueExtendedProperties", ())
        made = Planned(
            _id(), given, {odata.property_id(each["id"]): each["value"] for each in extended}
        )
        calendar.items.append(made)
        return Answer(201, {"id": made.id, **made.properties}, "Event")

    # Tasks

    def _lists(self, address: str) -> list[Shelf]:
        return self.lists.setdefault(address.lower(), [_shelf("Tasks", usual=True)])

    def _list_lists(self, call: Call) -> Answer:
        every = [
            {
                "id": each.id,
                "displayName": each.name,
                "wellknownListName": "defaultList" if each.usual else "none",
            }
            for each in self._lists(call.mailbox.address)
        ]
        known = frozenset({"id", "displayName", "wellknownListName"})
        return _page(call, every, known, "todoTaskList", "TodoTaskLists")

    def _list_tasks(self, call: Call) -> Answer:
        expands = call.query.get("$expand", "")
        if expands not in {"", "linkedResources"}:
            raise Refusal(400, "invalidRequest", "Invalid request")
        every = []
        for each in _by_id(self._lists(call.mailbox.address), call.places["list"]).items:
            shown = {"id": each.id, **each.properties}
            if not expands:
                shown.pop("linkedResources", None)
            every.append(shown)
        return _page(call, every, _TASK | {"id"}, "todoTask", "TodoTasks")

    def _add_task(self, call: Call) -> Answer:
        given = call.json
        _known(given, _TASK, "todoTask")
        if not str(given.get("title") or "").strip():
            raise Refusal(400, "invalidRequest", "Invalid request")
        if "dueDateTime" in given:
            _moment(given, "dueDateTime")
        made = Planned(_id(), given)
        _by_id(self._lists(call.mailbox.address), call.places["list"]).items.append(made)
        shown = {k: v for k, v in given.items() if k != "linkedResources"}
        return Answer(201, {"id": made.id, **shown}, "TodoTask")

    # Messages

    def _post(self, right: str) -> Callable[[Call], Answer]:
        def operation(call: Call) -> Answer:
            if not call.caller.user:
                raise Refusal(
                    401,
                    "Unauthorized",
                    "Message POST is allowed in application-only context only for import"
                    " purposes.",
                )
            if right not in call.caller.scopes:
                raise Refusal(403, "Forbidden", f"Missing scope permissions: {right}.")
            places = call.places
            place = places.get("chat") or f"{places['team']}/{places['channel']}"
            if place not in self.rooms:
                raise Refusal(404, "NotFound", "No such team, channel or chat.")
            members, messages = self.rooms[place]
            if call.caller.user not in members:
                raise Refusal(403, "Forbidden", "The caller is not a member.")
            if not str((call.json.get("body") or {}).get("content") or ""):
                raise Refusal(400, "BadRequest", "Missing body content.")
            messages.append(Planned(str(1_700_000_000_000 + len(messages)), call.json))
            return Answer(201, {"id": messages[-1].id, **call.json}, "ChatMessage")

        return operation


def _page(
    call: Call, every: list[Json], known: frozenset[str], kind: str, shape: str
) -> Answer:
    """Return one page, with a link to the next."""
    wanted = odata.selected(call.query.get("$select", ""), known, kind)
    skip = odata.whole_number(call.query, "$skip", 0, 10**6)
    top = odata.whole_number(call.query, "$top", _PAGE, 1000)
    rows = [
        {k: v for k, v in each.items() if wanted is None or k in wanted | {"id"}}
        for each in every[skip : skip + top]
    ]
    body: Json = {"value": rows}
    if skip + top < len(every):
        options = {**call.query, "$skip": str(skip + top)}
        query = "&".join(f"{name}={value}" for name, value in options.items())
        body["@odata.nextLink"] = f"{call.base}{call.path}?{query}"
    return Answer(body=body, shape=shape)


def _moment(given: Json, name: str) -> datetime:
    """Return a dateTimeTimeZone as it was written; its zone must be one."""
    value: Any = given.get(name) or {}
    zone = value.get("timeZone")
    if zone not in _WINDOWS and zone not in available_timezones():
        raise Refusal(
            400,
            "TimeZoneNotSupportedException",
            "A valid TimeZone value must be specified.",
        )
    try:
        found = datetime.fromisoformat(str(value.get("dateTime")))
    except ValueError:
        raise _invalid(f"{name} is no time.") from None
    if found.tzinfo is not None:
        raise _invalid(f"{name} has an offset beside its time zone.")
    return found


def _known(given: Json, names: frozenset[str], kind: str) -> None:
    for name in sorted(given.keys() - names):
        raise Refusal(
            400, "RequestBodyRead", f"The property '{name}' is not taken for '{kind}' here."
        )


def _by_id(shelves: list[Shelf], wanted: str | None) -> Shelf:
    for shelf in shelves:
        if shelf.id == wanted or (wanted is None and shelf.usual):
            return shelf
    raise not_found()


def _named(shelves: list[Shelf], name: str) -> Shelf:
    return next(each for each in shelves if each.name == name)


def _shelf(name: str, *, usual: bool = False) -> Shelf:
    return Shelf(_id(), name, usual)


def _id() -> str:
    return "AAMk" + secrets.token_urlsafe(24)


def _invalid(message: str) -> Refusal:
    return Refusal(400, "ErrorPropertyValidationFailure", message)
