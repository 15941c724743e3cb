"""The lines of an invoice, from its table, or from what adds up without one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from flows.intake.invoices.figures import Figure, figure, last_figure, percent
from flows.intake.invoices.labelled import Page, heads_of
from flows.intake.invoices.layout import Cell, Column, Row
from flows.intake.invoices.reading import Found, InvoiceLine

MOST_LINES: Final = 500
LONGEST: Final = 200
SUMS: Final = ("net", "lines", "tax", "gross", "payable", "discount", "charges", "paid")

FAR: Final = 60.0
"""Points from a column within which a cell is still its."""

IN_TABLE: Final = 0.95
LOOSE: Final = 0.7


def heads(rows: Sequence[Row]) -> dict[int, tuple[Column, ...]]:
    """Return the columns of each row that is the head of a table of lines, by its place."""
    found: dict[int, tuple[Column, ...]] = {}
    for number, row in enumerate(rows):
        columns: list[Column] = []
        for cell in row.cells:
            kinds = [kind for kind, _ in heads_of(cell)]
            width = (cell.right - cell.left) / max(len(kinds), 1)
            columns += [
                Column(kind, cell.left + n * width, cell.left + (n + 1) * width)
                for n, kind in enumerate(kinds)
            ]
        kinds = [column.kind for column in columns]
        told = {"text", "quantity"} & set(kinds) and {"amount", "price"} & set(kinds)
        if told and len(columns) >= len(row.cells) - 2:
            found[number] = tuple(columns)
    return found


def lines(page: Page) -> dict[int, Found[InvoiceLine]]:
    """Return the lines of the tables of a document by their rows; empty where it has none."""
    found: dict[int, Found[InvoiceLine]] = {}
    for head, columns in page.heads.items():
        for number in range(head + 1, len(page.rows)):
            other = number in page.heads or page.rows[number].page != page.rows[head].page
            line = _line(page.rows[number], columns) if not other else None
            whole = line is not None and line.value.quantity is not None
            # Delivery may be a line like any other; without a quantity it is one of the sums.
            if other or (_ends(page, number) and not whole):
                break
            if line is not None and len(found) < MOST_LINES:
                found[number] = line
    return found


def _ends(page: Page, number: int) -> bool:
    """Return whether the sums begin in this row."""
    labels = (page.label_at(number, at) for at in range(len(page.rows[number].cells)))
    return any(label is not None and label.kind in (*SUMS, "not a sum") for label in labels)


def _line(row: Row, columns: Sequence[Column]) -> Found[InvoiceLine] | None:
    cells = _by_column(row, columns)
    summed = any(column.kind == "amount" for column in columns)
    amount = cells.get("amount") if summed else cells.get("price")
    read = figure(amount.text) if amount is not None else None
    if read is None:
        return None
    quantity, price = _value(cells.get("quantity")), _value(cells.get("price"))
    rate = cells.get("rate")
    text = cells["text"].text if "text" in cells else _words(row)
    line = InvoiceLine(
        text=text[:LONGEST],
        amount=read.value,
        quantity=quantity,
        price=price,
        rate=percent(rate.text) if rate is not None else None,
    )
    return Found(line, Cell(tuple(w for c in row.cells for w in c.words)).place(), IN_TABLE)


def _by_column(row: Row, columns: Sequence[Column]) -> dict[str, Cell]:
    """Return the cells of a row by the column in which they stand."""
    numeric = [figure(c.text) is not None or percent(c.text) is not None for c in row.cells]
    kinds = [column.kind for column in columns]
    if numeric == [kind != "text" for kind in kinds]:
        return dict(zip(kinds, row.cells, strict=True))  # in order, wherever they stand
    cells: dict[str, Cell] = {}
    for cell, number in zip(row.cells, numeric, strict=True):
        fit = [column for column in columns if (column.kind != "text") == number] or columns
        near = min(fit, key=lambda each: each.far(cell))
        if near.far(cell) <= FAR:
            cells.setdefault(near.kind, cell)
    return cells


def _value(cell: Cell | None) -> Decimal | None:
    read: Figure | None = figure(cell.text) if cell is not None else None
    return read.value if read is not None else None


def _words(row: Row) -> str:
    return next((c.text for c in row.cells if any(char.isalpha() for char in c.text)), "")


def loose_lines(page: Page) -> Iterator[Found[InvoiceLine]]:
    """Yield what may be lines where no table is: words, and an amount at the right.

    They are guesses: to be believed only if they add up to a sum that the paper states.
    """
    before = ""
    for number, row in enumerate(page.rows):
        cell = row.cells[-1]
        read = last_figure(cell.text)
        labelled = any(page.label_at(number, at) for at in range(len(row.cells)))
        if read is not None and labelled and _ends(page, number):
            return
        if read is None or labelled or not read.decimals:
            before = "" if labelled else row.text
            continue
        alone = len(row.cells) == 1
        words = cell.text[: read.start] if alone else "  ".join(c.text for c in row.cells[:-1])
        if not sum(char.isalpha() for char in words) > 2:  # noqa: PLR2004 - "2 x"
            words = f"{before} {words}"
        line = InvoiceLine(text=words.strip()[:LONGEST], amount=read.value)
        yield Found(line, cell.place(), LOOSE)
        before = ""
