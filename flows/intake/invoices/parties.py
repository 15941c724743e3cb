"""Who wrote an invoice and who is to pay it, by labels, letterhead and address block."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from flows.intake.invoices.figures import fold
from flows.intake.invoices.labelled import Page, label_of
from flows.intake.invoices.labels import LEGAL_FORMS
from flows.intake.invoices.layout import Cell, Row
from flows.intake.invoices.reading import Found

LABELLED: Final = 0.9
LETTERHEAD: Final = 0.8
BLOCK: Final = 0.65
GUESS: Final = 0.5
LONGEST: Final = 120

LETTERHEAD_ENDS: Final = 100.0
WINDOW_ENDS: Final = 330.0
"""Points from the top of the page.

Source: DIN 5008, forms A and B: the window for the address ends within these.
"""

_PARTS: Final = re.compile(r"\s+[|\u00b7\u2022\u2013\u2014-]\s+|,\s+")
_POSTCODE: Final = re.compile(
    r"\b\d{4,5}\b|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b"
)


def customer(page: Page) -> tuple[Found[str] | None, frozenset[int]]:
    """Return who is to pay, and the rows of the address: those are not the supplier's."""
    for label in sorted(page.of("buyer"), key=lambda each: each.weak):
        read = page.value(label, _name_in)
        if read is not None:
            name, cell, sure = read
            rows = _rows_from(page, cell)
            return Found(name, cell.place(), min(sure, LABELLED)), rows | {label.row}
    for cell in _blocks(page):
        first = _name_in(cell)
        if first is not None:
            return Found(first, cell.place(), BLOCK), _rows_from(page, cell)
    return None, frozenset()


def supplier(page: Page, other: Found[str] | None, taken: frozenset[int]) -> Found[str] | None:
    """Return who wrote the invoice; *other* is the customer, whose rows are *taken*."""
    for label in page.of("seller"):
        read = page.value(label, _name_in)
        if read is not None and not _is(other, read[0]):
            return Found(read[0], read[1].place(), min(read[2], LABELLED))
    firms = [
        (name, cell)
        for name, cell in _firms(page)
        if not _is(other, name) and not within(page, cell, taken)
    ]
    if firms:
        first, cell = firms[0]
        # A logo has half of the name, the foot of the page all of it.
        for longer, whole in firms[1:]:
            if len(longer) > len(first) and fold(longer).endswith(fold(first)):
                return Found(longer, whole.place(), LETTERHEAD)
        return Found(first, cell.place(), LETTERHEAD)
    for row in page.rows[:8]:
        for each in row.cells:
            guess = _name_in(each)
            if guess is not None and not _is(other, guess):
                return Found(guess, each.place(), GUESS)
    return None


def _is(other: Found[str] | None, name: str) -> bool:
    return other is not None and fold(other.value) == fold(name)


def _name_in(cell: Cell) -> str | None:
    """Return the name that a cell begins with: letters, no sentence, no figure, no label."""
    if label_of(cell) is not None:
        return None
    name = _first_part(cell.text)
    letters = sum(char.isalpha() for char in name)
    if letters < 3 or len(name) > LONGEST or "@" in name or name.endswith(":"):  # noqa: PLR2004
        return None
    return name if letters > sum(char.isdigit() for char in name) * 2 else None


def _first_part(text: str) -> str:
    """Return what stands before the address, where name and address share a line."""
    pieces = _PARTS.split(text.strip())
    name = pieces[0]
    # "Tillerman Electrical, Inc." is one name.
    if len(pieces) > 1 and LEGAL_FORMS.fullmatch(pieces[1].strip()):
        name = f"{name}, {pieces[1]}"
    return name.strip(" ,;:")


def _firms(page: Page) -> Iterator[tuple[str, Cell]]:
    """Yield the names that are a firm's by their legal form, with their cells, in order."""
    for row in page.rows:
        for cell in row.cells:
            name = _first_part(cell.text)
            match = LEGAL_FORMS.search(name)
            if match is None or match.start() == 0 or len(name) > LONGEST:
                continue
            label = label_of(cell)
            if label is not None and label.kind not in ("seller", "iban"):
                continue
            if len(name.split()) <= 8 and name[:1].isupper():  # noqa: PLR2004 - more is a sentence
                yield name, cell


def within(page: Page, cell: Cell, taken: frozenset[int]) -> bool:
    """Return whether *cell* stands in the column of the customer's address, not beside it."""
    rows = [page.rows[number] for number in taken]
    if not any(cell in row.cells for row in rows):
        return False
    others = (each for row in rows for each in row.cells if each is not cell)
    return any(abs(each.left - cell.left) < each.height for each in others)


def _rows_from(page: Page, first: Cell) -> frozenset[int]:
    """Return the rows of the lines that stand below *first* without a gap, its own too."""
    found: set[int] = set()
    foot = first.foot
    for number, row in enumerate(page.rows):
        if row.page != first.page or row.foot < first.foot - 1:
            continue
        mine = [cell for cell in row.cells if abs(cell.left - first.left) < first.height]
        if row.foot - foot > 2 * first.height or len(found) > 6:  # noqa: PLR2004 - lines of an address
            break
        if mine or first in row.cells:
            found.add(number)
            foot = row.foot
    return frozenset(found)


def _blocks(page: Page) -> Iterator[Cell]:
    """Yield the first line of what looks like an address in a window: lines, then a postcode.

    What stands at the very top is the letterhead, and comes last.
    """
    rows = [row for row in page.rows if row.page == 1 and row.foot < WINDOW_ENDS][:30]
    found: list[Cell] = []
    for number, row in enumerate(rows):
        for cell in row.cells:
            if _on_one_line(row, cell):
                continue
            below = list(_stacked(rows[number + 1 : number + 8], cell))
            above = any(_stacked(rows[max(number - 3, 0) : number][::-1], cell))
            lines = 1 < len(below) + 1 < 7  # noqa: PLR2004 - of an address
            if lines and not above and any(_POSTCODE.search(each.text) for each in below):
                found.append(cell)
    yield from sorted(found, key=lambda cell: cell.foot < LETTERHEAD_ENDS)


def _on_one_line(row: Row, cell: Cell) -> bool:
    """Return whether a cell is part of a whole address: the sender's, over the window."""
    joined = any(
        0 <= max(each.left - cell.right, cell.left - each.right) < 2 * cell.height
        for each in row.cells
    )
    return joined and any(_POSTCODE.search(each.text) for each in row.cells)


def _stacked(rows: Iterable[Row], first: Cell) -> Iterator[Cell]:
    """Yield the cells of *rows* that carry on the column of *first* without a gap."""
    last = first
    for row in rows:
        for cell in row.cells:
            near = abs(cell.foot - last.foot) < 1.7 * max(cell.height, last.height)
            same = abs(cell.left - first.left) < 2  # noqa: PLR2004 - points
            if near and same and not _on_one_line(row, cell):
                yield cell
                last = cell
