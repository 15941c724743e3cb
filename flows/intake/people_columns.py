"""Lists of people in tables: whom columns name, and rows in which each value has a word.

A bare `9` in a column says nothing to who reads the cell alone; `Age: 9` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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


PRIVATE: Final = "columns about people's age, family, health or school"

_WHOSE = r"(?:(?:child|kid|student|pupil|player|camper|tenant|patient|employee)(?:'?s'?)? )?"
_PRIVATE = re.compile(
    rf"{_WHOSE}(?:age|dob|d\.o\.b\.?|birth ?da(?:te|y)|date of birth|born|gender|sex"
    r"|(?:ssn|itin|social security|passport)(?: ?(?:no|number|#)\.?)?|allerg(?:y|ies)"
    r"|(?:medical|health) (?:notes?|conditions?|needs)|medications?|diagnos[ie]s"
    r"|disabilit(?:y|ies)|dietary(?: needs)?|special needs|religion|church|ethnicity"
    r"|nationality|marital status|spouse|edad|fecha de nacimiento|alergias?|âge"
    r"|date de naissance|allergies?|alter|geburtsdatum|allergien)",
    re.IGNORECASE,
)
_SCHOOLING = re.compile(
    rf"{_WHOSE}(?:grade|school|class|teacher|homeroom|team|coach|escuela|grado|maestr[oa]"
    r"|école|classe|schule|klasse|lehrer(?:in)?)",
    re.IGNORECASE,
)
_CHILDREN = re.compile(
    r"child|kid|student|pupil|camper|player|niñ|hij|alumn|enfant|élève|kind|schüler",
    re.IGNORECASE,
)
"""Headers of columns whose values are left out of a list of people: nobody needs them, and
a bare `9` or `peanuts` says nothing to who looks for personal data."""


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A table that lists people: the place of its header, whom it names, what is private."""

    header: int
    people: tuple[Party, ...]
    private: frozenset[int]

    @property
    def withheld(self) -> tuple[str, ...]:
        """Return what is to be told of columns that are left out."""
        return (PRIVATE,) if self.private else ()


def people_list(rows: Sequence[Row]) -> PeopleList | None:
    """Return what makes *rows* a list of people, or None where they are none.

    A price list has a column of names, too.
    """
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        headers = [cell.strip(" :*\t\n") for cell in row[:MOST_COLUMNS]]
        columns = _columns(headers)
        if columns:
            people = tuple(_people(rows[number + 1 :], headers, columns))
            return PeopleList(number, people, _private(headers))
    return None


def told(rows: Sequence[Row], listed: PeopleList) -> Iterator[str]:
    """Yield the lines of a list of people: those above the header, then a line per row."""
    for row in rows[: listed.header]:
        yield "\t".join(row).rstrip("\t")
    heads = [cell.strip(" :*\t\n") for cell in rows[listed.header]]
    for row in rows[listed.header + 1 :]:
        cells = [
            f"{heads[at]}: {cell}" if at < len(heads) and heads[at] else cell
            for at, cell in enumerate(row)
            if cell.strip() and at not in listed.private
        ]
        yield "; ".join(cells)


def _private(headers: Sequence[str]) -> frozenset[int]:
    """Return the columns to be left out; a school only where children are listed."""
    children = any(_CHILDREN.search(header) for header in headers)
    return frozenset(
        at
        for at, header in enumerate(headers)
        if _PRIVATE.fullmatch(header) or (children and _SCHOOLING.fullmatch(header))
    )


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
