"""Calendar entries and contact cards: what a business needs of them, and whom they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from flows.intake.content_lines import ContentLine, content_lines
from flows.intake.html import html_to_text
from flows.intake.reading import Reading, party, reading, unread
from flows.model import Party

ENTRIES: Final = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"})
TEXTS: Final = ("SUMMARY", "DTSTART", "DTEND", "DUE", "DURATION", "RRULE", "STATUS", "LOCATION")
PEOPLE: Final = ("ORGANIZER", "ATTENDEE", "CONTACT")
LONG_TEXTS: Final = ("DESCRIPTION", "COMMENT")
LEFT_OUT: Final[Mapping[str, str]] = {
    "GEO": "the place on the map", "URL": "links", "CONFERENCE": "links", "ATTACH": "links",
    "X-GOOGLE-CONFERENCE": "links", "X-MICROSOFT-SKYPETEAMSMEETINGURL": "links",
    "X-WR-CALNAME": "the name of the calendar",
    "X-APPLE-STRUCTURED-LOCATION": "the place on the map",
}  # fmt: skip
MOST_ATTENDEES: Final = 50

CARD_KEPT: Final = ("ORG", "TITLE", "ROLE", "CATEGORIES")
CARD_PEOPLE: Final = ("FN", "N", "NICKNAME", "EMAIL")
CARD: Final = "what a contact card tells about a person"
FIRM_CARD: Final = ("FN", "ORG", "TITLE", "TEL", "EMAIL", "ADR", "URL", "NOTE")

_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")


def read_calendar(text: str) -> Reading:
    """Return the entries of a calendar as lines `summary: …` that the cleaner reads.

    Organiser and attendees are lines of it too, and people whom the entry names.
    """
    blocks: list[str] = []
    people: dict[Party, None] = {}
    withheld: dict[str, None] = {}
    entry: dict[str, list[ContentLine]] | None = None
    depth = 0
    for line in content_lines(text):
        if line.name == "BEGIN":
            if entry is None and line.value.upper() in ENTRIES:
                entry, depth = {}, 0
            else:
                depth += entry is not None  # an alarm inside of an entry
        elif line.name == "END" and entry is not None and depth:
            depth -= 1
        elif line.name == "END" and entry is not None:
            blocks.append("\n".join(_entry(entry, people)))
            entry = None
        elif line.name in LEFT_OUT:
            withheld[LEFT_OUT[line.name]] = None
        elif entry is not None and not depth:
            entry.setdefault(line.name, []).append(line)
    if entry:
        blocks.append("\n".join(_entry(entry, people)))
    if not any(blocks):
        return unread("the calendar holds no entry that could be read")
    return reading("\n\n".join(blocks), withheld=withheld, people=people)


def _entry(entry: Mapping[str, list[ContentLine]], people: dict[Party, None]) -> Iterator[str]:
    for name in TEXTS:
        for line in entry.get(name, ())[:5]:
            yield f"{name.lower()}: {_shown(line)}"
    for name in PEOPLE:
        for line in entry.get(name, ())[:MOST_ATTENDEES]:
            address = re.sub(r"^mailto:", "", line.value, flags=re.IGNORECASE).strip()
            named = line.parameters.get("CN", "") or ("" if "@" in address else line.text)
            who = party(named, address)
            if who is None:
                continue
            people[who] = None
            shown = f"<{who.email}>" if who.email else ""
            yield f"{name.lower()}: {who.name} {shown}".rstrip()
    for name in LONG_TEXTS:
        for line in entry.get(name, ())[:5]:
            yield f"{name.lower()}: {line.text.strip()}"
    if "DESCRIPTION" not in entry:
        for line in entry.get("X-ALT-DESC", ())[:1]:
            yield f"description: {html_to_text(line.text)}"


def _shown(line: ContentLine) -> str:
    found = _TIME.fullmatch(line.value)
    if not found:
        return line.text.strip()
    day = "-".join(found.groups()[:3])
    if not found[4]:
        return day
    zone = "+00:00" if found[7] else line.parameters.get("TZID", "")
    time = f"{day}T{found[4]}:{found[5]}:{found[6]}"
    return f"{time}{zone}" if found[7] else f"{time} {zone}".rstrip()


def read_card(text: str) -> Reading:
    """Return what a contact card says of a firm; a person's own details are left out.

    A card that is in a firm's name is business: its phone and address stand in the text.
    """
    blocks: list[str] = []
    people: dict[Party, None] = {}
    withheld: dict[str, None] = {}
    card: dict[str, list[ContentLine]] = {}
    for line in content_lines(text):
        if line.name == "BEGIN":
            card = {}
        elif line.name == "END":
            blocks.append("\n".join(_card(card, people, withheld)))
            card = {}
        else:
            card.setdefault(line.name, []).append(line)
    if card:
        blocks.append("\n".join(_card(card, people, withheld)))
    if not blocks:
        return unread("the contact card holds nothing that could be read")
    return reading("\n\n".join(blocks), withheld=withheld, people=people)


def _card(
    card: Mapping[str, list[ContentLine]], people: dict[Party, None], withheld: dict[str, None]
) -> Iterator[str]:
    full = next((line.text.strip() for line in card.get("FN", ())), "")
    firm = next((line.fields()[0] for line in card.get("ORG", ())), "")
    kind = next((line.value.lower() for line in card.get("KIND", ())), "")
    if kind == "org" or (full and full.casefold() == firm.casefold()):
        for name in FIRM_CARD:
            for line in card.get(name, ())[:5]:
                yield f"{name.lower()}: {', '.join(filter(None, line.fields()))}"
        return
    yield "contact card of a person"
    for name in CARD_KEPT:
        for line in card.get(name, ())[:3]:
            yield f"{name.lower()}: {', '.join(filter(None, line.fields()))}"
    emails = [line.text for line in card.get("EMAIL", ())] or [""]
    names = [full, *(" ".join(reversed(line.fields()[:2])) for line in card.get("N", ()))]
    for number, named in enumerate(names):
        if who := party(named, "" if number else emails[0]):
            people[who] = None
    if set(card) - {*CARD_KEPT, "VERSION", "PRODID", "UID", "REV"}:
        withheld[CARD] = None
