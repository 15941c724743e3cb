"""Lists of people in tables: whom columns name, and rows in which each value has a word.

A bare `9` in a column says nothing to who reads the cell alone; `Age: 9` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from flows.intake.reading import MOST_PEOPLE, party
from flows.model import Party

Row = Sequence[str]

HEADER_WITHIN: Final = 6
"""Rows in which the header of a list is looked for."""

MOST_COLUMNS: Final = 60
_LONGEST_HEADER: Final = 40

_PERSON = re.compile(
    r"(?:(?:the )?(?:customer|client|tenant|resident|occupant|guest|patient|student|pupil|child"
    r"|kid|parent|guardian|mother|father|player|member|employee|contact|emergency contact|owner"
    r"|homeowner|landlord|buyer|seller|attendee|participant|camper|applicant|payee"
    r"|first|last|full|given|family|sur|middle|maiden|nick|preferred|legal)s?(?:'s|s')?"
    r"[ _-]?(?:first |last |full )?(?:name)?s?"
    r"|(?:full ?)?names? of .{2,25}|nombres?(?: completo)?|apellidos?|cliente|inquilin[oa]s?"
    r"|alumn[oa]s?|ni[ñn][oa]s?|hij[oa]s?|paciente|prénoms?|nom de famille|noms?|locataires?"
    r"|enfants?|élèves?|vorname|nachname|familienname|mieter(?:in)?|kunde|kundin|kind(?:er)?"
    r"|schüler(?:in)?|ansprechpartner(?:in)?)",
    re.IGNORECASE,
)
"""Headers of columns that hold names of people."""

_NAME = re.compile(r"names?|who|person", re.IGNORECASE)
_OF_PEOPLE = re.compile(
    r"(?:(?:home|cell|mobile|work|day|evening) ?)?(?:phones?|tel(?:ephone)?|mobile|cell)"
    r"(?: ?(?:no|number|#)\.?)?|e-?mails?(?: address)?|(?:home |street |mailing )?address"
    r"|dob|d\.o\.b\.?"
    r"|birth ?da(?:te|y)|date of birth|age|gender|sex|ssn|allerg(?:y|ies)|grade|school|teléfono"
    r"|correo|dirección|edad|téléphone|courriel|adresse|âge|telefon|alter|geburtsdatum",
    re.IGNORECASE,
)
"""Headers beside which a column that is only called "Name" holds names of people."""


def people_list(rows: Sequence[Row]) -> tuple[int, tuple[Party, ...]] | None:
    """Return which row is the header of a list of people, and whom the list names.

    None where *rows* are no such list: a price list has a column of names, too.
    """
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        headers = [cell.strip(" :*\t\n") for cell in row[:MOST_COLUMNS]]
        columns = _columns(headers)
        if columns:
            return number, tuple(_people(rows[number + 1 :], headers, columns))
    return None


def told(rows: Sequence[Row], header: int) -> Iterator[str]:
    """Yield the lines of a list of people: those above the header, then a line per row."""
    for row in rows[: header + 1]:
        yield "\t".join(row).rstrip("\t")
    heads = [cell.strip(" :*\t\n") for cell in rows[header]]
    for row in rows[header + 1 :]:
        cells = [
            f"{heads[at]}: {cell}" if at < len(heads) and heads[at] else cell
            for at, cell in enumerate(row)
            if cell.strip()
        ]
        yield "; ".join(cells)


def _columns(headers: Sequence[str]) -> list[int]:
    short = [header if len(header) <= _LONGEST_HEADER else "" for header in headers]
    sure = [at for at, header in enumerate(short) if _PERSON.fullmatch(header)]
    named = [at for at, header in enumerate(short) if _NAME.fullmatch(header)]
    beside = [at for at, header in enumerate(short) if _OF_PEOPLE.fullmatch(header)]
    if sure and len([header for header in short if header]) > 1:
        return sorted({*sure, *(named if beside else ())})
    return named if beside else []


def _people(rows: Sequence[Row], headers: Sequence[str], columns: list[int]) -> Iterator[Party]:
    parts = [
        at
        for at in columns
        if re.match(r"(?:first|last|given|family|sur)", headers[at], re.IGNORECASE)
    ]
    given = 0
    for row in rows:
        cells = [row[at] if at < len(row) else "" for at in parts]
        whole = [row[at] for at in columns if at < len(row) and at not in parts]
        for value in (" ".join(cells), *whole):
            who = party(value)
            if who is None or any(char.isdigit() for char in value):
                continue
            yield who
            given += 1
        if given >= MOST_PEOPLE:
            return
