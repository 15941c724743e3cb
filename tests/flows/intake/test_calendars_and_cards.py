"""Calendar entries become lines that are cleaned; contact cards tell of firms only."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from icalendar import Alarm, Calendar, Event, vCalAddress

from flows.intake.calendar_reader import CARD, read_calendar, read_card
from flows.intake.content_lines import content_lines
from flows.model import Party


def _invitation() -> str:
    event = Event()
    event.add("summary", "Boiler visit, Maria Lopez")
    event.add("dtstart", datetime(2026, 10, 16, 14, tzinfo=UTC))
    event.add("location", "400 Ridge Avenue, Albany")
    event.add("description", "Tim, 9, opens the door.\nBring the valve; " + "a long text " * 20)
    event.add("geo", (42.65, -73.75))
    event.add("url", "https://meet.example/j/123?pwd=secret")
    for name, kind in (("Maria Lopez", "organizer"), ("Peter Oakfield", "attendee")):
        address = vCalAddress(f"MAILTO:{name.split()[0].lower()}@mail.example")
        address.params["CN"] = name
        event.add(kind, address)
    alarm = Alarm()
    alarm.add("description", "an alarm")
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("x-wr-calname", "Maria's family")
    calendar.add_component(event)
    return calendar.to_ical().decode()


def test_an_entry_is_lines_and_its_guests_are_people():
    """Folded lines are whole again, escaped characters are what they stand for."""
    found = read_calendar(_invitation())
    assert found.text.splitlines()[:6] == [
        "summary: Boiler visit, Maria Lopez",
        "dtstart: 2026-10-16T14:00:00+00:00",
        "location: 400 Ridge Avenue, Albany",
        "organizer: Maria Lopez <maria@mail.example>",
        "attendee: Peter Oakfield <peter@mail.example>",
        "description: Tim, 9, opens the door.",
    ]
    assert "Bring the valve; " + ("a long text " * 20).strip() in found.text
    assert found.people == (
        Party(name="Maria Lopez", email="maria@mail.example"),
        Party(name="Peter Oakfield", email="peter@mail.example"),
    )


def test_links_places_on_the_map_and_the_calendars_name_are_told_only():
    found = read_calendar(_invitation())
    assert set(found.withheld) == {"links", "the place on the map", "the name of the calendar"}
    assert not any(text in found.text for text in ("secret", "42.65", "family", "an alarm"))


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            "DTSTART;TZID=America/New_York:20261016T093000",
            "2026-10-16T09:30:00 America/New_York",
        ),
        ("DTSTART;VALUE=DATE:20261016", "2026-10-16"),
        ("DTSTART:soon", "soon"),
    ],
)
def test_times_are_shown_as_people_write_them(line, shown):
    found = read_calendar(f"BEGIN:VEVENT\n{line}\nEND:VEVENT\n")
    assert found.text == f"dtstart: {shown}"


def test_a_calendar_without_entries_is_told_to_be_unread():
    assert read_calendar("BEGIN:VCALENDAR\nEND:VCALENDAR\n").read == "none"
    assert read_calendar("no calendar").read == "none"


def test_a_description_in_html_is_read_where_there_is_no_other():
    found = read_calendar(
        "BEGIN:VEVENT\nSUMMARY:x\n"
        "X-ALT-DESC;FMTTYPE=text/html:<p>Bring the <b>valve</b></p><p hidden>no</p>\nEND:VEVENT"
    )
    assert found.text == "summary: x\ndescription: Bring the valve"


PERSON = """\
BEGIN:VCARD
VERSION:3.0
N:Wexler;Thomas;;;
FN:Thomas Wexler
ORG:Empire Pipe Supply;Sales
TITLE:Sales
item1.TEL;TYPE=CELL:+1 518 555 0143
EMAIL;TYPE=HOME:tom@mail.example
ADR;TYPE=HOME:;;12 Elm Street;Albany;NY;12203;
BDAY:1984-03-02
NOTE:his son Tim is nine
END:VCARD
"""


def test_of_a_persons_card_only_the_work_remains():
    found = read_card(PERSON)
    assert found.text == (
        "contact card of a person\norg: Empire Pipe Supply, Sales\ntitle: Sales"
    )
    assert found.withheld == (CARD,)
    assert found.people[0] == Party(name="Thomas Wexler", email="tom@mail.example")


def test_a_firms_card_is_business():
    firm = PERSON.replace("FN:Thomas Wexler", "FN:Empire Pipe Supply")
    text = read_card(firm).text
    assert "tel: +1 518 555 0143" in text
    assert "adr: 12 Elm Street, Albany, NY, 12203" in text
    assert "Tim" in text  # for the cleaner to find, like any text


def test_cards_of_old_phones_are_read():
    """vCard 2.1: bare parameters and quoted-printable over several lines."""
    lines = list(
        content_lines(
            "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen =\nVogt\nTEL;CELL:1"
        )
    )
    assert [(line.name, line.text) for line in lines] == [("FN", "Jürgen Vogt"), ("TEL", "1")]


def test_parameters_may_hold_colons_and_semicolons_in_quotes():
    (line,) = content_lines('ATTENDEE;CN="Doe; Jane: x":mailto:jane@mail.example')
    assert line.parameters["CN"] == "Doe; Jane: x"
    assert line.value == "mailto:jane@mail.example"
