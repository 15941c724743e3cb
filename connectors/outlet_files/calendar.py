"""Outlet of `event.add`: one .ics file an event, which any calendar takes in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from connectors.outlet_files.private import disk_trouble, stem_of, write_private
from flows.errors import OperatorError
from flows.model import Output
from flows.steps.clean_text import lines, one_line


class IcsCalendar:
    """Writes events into *folder*.

    The UID of an event hangs on its output alone: a calendar that takes the file in twice
    has the event once. Times are in UTC, so no time zone has to travel with them.
    Source: https://www.rfc-editor.org/rfc/rfc5545 section 3.8.4.7
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def uses(self) -> frozenset[str]:
        """Return the step whose outputs it takes."""
        return frozenset({"event.add"})

    async def deliver(self, output: Output) -> str:
        """Write the event, and return the path of its file.

        Raises:
            OperatorError: The output has no usable start and end.
            AdministratorError: The disk refused.
        """
        path = self._folder / f"{stem_of(output.id)}.ics"
        with disk_trouble(self._folder):
            there = path.exists()
        if not there:
            write_private(path, _bytes(output))
        return str(path)


def _bytes(output: Output) -> bytes:
    from icalendar import Calendar, Event  # noqa: PLC0415 - 0.2 s, paid only by who writes one

    body = output.body
    event = Event()
    event.add("uid", f"{stem_of(output.id)}@jigajob")
    event.add("dtstamp", output.created_at.astimezone(UTC))
    event.add("summary", one_line(str(body.get("title", "")), 200))
    for name, key in (("dtstart", "start"), ("dtend", "end")):
        event.add(
            name, _moment(output, str(body.get(key, "")), all_day=bool(body.get("all_day")))
        )
    for name, key in (("location", "location"), ("description", "notes")):
        if text := lines(str(body.get(key, "")), 8_000):
            event.add(name, text)
    calendar = Calendar()
    calendar.add("prodid", "-//JigAjob//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _moment(output: Output, text: str, *, all_day: bool) -> date | datetime:
    try:
        if all_day:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise OperatorError(
        f"event {output.id} has no usable start and end",
        fix="reject it, and mend `start` and `duration` of the step",
    )
