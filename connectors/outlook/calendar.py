"""Outlet of `event.add`: visits in a calendar of a mailbox.

An event bears the id of its output twice: as its transaction id, by which Exchange refuses a
second one, and in a property of ours, by which it is found. For how long transaction ids are
remembered is not published.

Sources: https://learn.microsoft.com/graph/api/user-post-events ;
https://learn.microsoft.com/graph/api/resources/event (`transactionId`) ;
https://learn.microsoft.com/graph/api/resources/datetimetimezone
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from connectors.outlook.client import Graph, Json, home, literal, part
from connectors.outlook.sending import ID_PROPERTY
from connectors.outlook.trouble import Refused
from flows.errors import OperatorError
from flows.model import Output
from flows.steps.clean_text import one_line

CALENDARS: Final = "Calendars.ReadWrite"
_KNOWN: Final = "errorduplicatetransactionid"


class OutlookCalendar:
    """Puts events into the calendars of *address*; nobody is invited. Tells its *name*."""

    def __init__(self, name: str, graph: Graph, address: str) -> None:
        self._name, self._graph, self._address = name, graph, address

    @property
    def uses(self) -> frozenset[str]:
        """Return the step whose outputs it takes."""
        return frozenset({"event.add"})

    def receiver(self, output: Output) -> str:
        """Return who is told: those who see the calendar."""
        del output
        return f"{self._name}: a calendar in Microsoft 365"

    async def deliver(self, output: Output) -> str:
        """Add the event, unless it is there, and return in which calendar it is.

        Raises:
            OperatorError: It has no usable start and end, or there is no such calendar.
            AdministratorError, TransientError: As `Graph.call`; again is safe.
        """
        event = _event(output)
        named = one_line(str(output.body.get("calendar") or ""), 100)
        root = home(self._address)
        if named:
            root += f"/calendars/{part(await self._calendar(named))}"
        if not await self._there(root, output.id):
            await self._add(root, event)
        return (
            f"calendar {named} of {self._address}" if named else f"calendar of {self._address}"
        )

    async def _calendar(self, named: str) -> str:
        query = {"$select": "id,name", "$top": "100"}
        path = f"{home(self._address)}/calendars"
        async for each in self._graph.listed(
            self._address, path, query, did="read the calendars", permission=CALENDARS
        ):
            if str(each.get("name", "")).casefold() == named.casefold():
                return str(each["id"])
        raise OperatorError(
            f"the mailbox {self._address} has no calendar of the name that the step gives",
            fix="make it in Outlook, or correct `calendar`; then `jigajob outbox retry`",
        )

    async def _there(self, root: str, output_id: str) -> bool:
        wanted = f"ep/id eq {literal(ID_PROPERTY)} and ep/value eq {literal(output_id)}"
        query = {"$filter": f"singleValueExtendedProperties/any(ep: {wanted})", "$select": "id"}
        path, did = f"{root}/events", "read the calendar"
        found = self._graph.listed(self._address, path, query, did=did, permission=CALENDARS)
        return bool([each async for each in found])

    async def _add(self, root: str, event: Json) -> None:
        try:
            await self._graph.call(
                "POST",
                self._address,
                f"{root}/events",
                json=event,
                repeatable=True,  # by its transaction id
                did="add an event",
                permission=CALENDARS,
            )
        except Refused as refused:
            if refused.code.lower() != _KNOWN:
                raise


def _event(output: Output) -> Json:
    body = output.body
    event: Json = {
        "subject": one_line(str(body.get("title", "")), 200),
        "body": {"contentType": "text", "content": str(body.get("notes", ""))[:20_000]},
        "isAllDay": bool(body.get("all_day")),
        "start": _moment(output, "start"),
        "end": _moment(output, "end"),
        "transactionId": output.id,
        "singleValueExtendedProperties": [{"id": ID_PROPERTY, "value": output.id}],
    }
    if location := one_line(str(body.get("location", "")), 300):
        event["location"] = {"displayName": location}
    return event


def _moment(output: Output, key: str) -> Json:
    """Return a time in UTC; a day begins at midnight of the business's own zone."""
    text = str(output.body.get(key, ""))
    try:
        if output.body.get("all_day"):
            zone = str(output.body.get("time_zone") or "UTC")
            return {"dateTime": f"{date.fromisoformat(text)}T00:00:00", "timeZone": zone}
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            plain = moment.astimezone(UTC).replace(tzinfo=None)
            return {"dateTime": plain.isoformat(timespec="seconds"), "timeZone": "UTC"}
    except (ValueError, OverflowError):
        pass
    raise OperatorError(
        f"event {output.id} has no usable start and end",
        fix="reject it, and mend `start` and `duration` of the step",
    )
