"""The facts at the head of an invoice: number, days, reference, tax id, accounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from flows.intake.bank_details import accounts_of
from flows.intake.invoices.figures import days, fold, order_in, plain
from flows.intake.invoices.labelled import Label, Page
from flows.intake.invoices.layout import Cell
from flows.intake.invoices.reading import Found

MOST_ACCOUNTS: Final = 10
GUESSED: Final = 0.75
"""Confidence of what stands where it should, without a label of its own."""

CUSTOM: Final = 0.72
"""Confidence of a day that is read by the custom of the paper's country alone."""

ANY_DAY: Final = frozenset({"date", "datum", "fecha", "dated", "due"})
"""Labels of days that yield to those which say whose day it is."""

_NUMBER: Final = re.compile(r"[A-Z0-9](?:[A-Z0-9]|[-/_.](?=[A-Z0-9])){0,29}", re.IGNORECASE)
_PREFIX: Final = re.compile(r"[A-Z]{1,5}", re.IGNORECASE)
_TAX_ID: Final = re.compile(r"[A-Z]{0,3}[\d][\dA-Z .-]{5,17}|[A-Z]\d{7}[A-Z0-9]", re.IGNORECASE)
_TERMS: Final = re.compile(
    r"(?<![^\W_])(?:net\s+(\d{1,3})(?:\s+days)?(?![\d.,])|(\d{1,3})\s+(?:days?|tagen?|jours|dias|dagen)(?:\s+net)?)"
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


def number(page: Page) -> tuple[Found[str] | None, bool]:
    """Return the invoice's number, and whether its labels name several.

    Numbers of orders, customers and taxes have labels of their own, which keep them apart.
    """
    labelled = [
        Found(value, cell.place(), sure)
        for label in page.of("number")
        if (read := page.value(label, number_in)) is not None
        for value, cell, sure in [read]
    ]
    titled = [
        Found(value, label.rest.place(), GUESSED)
        for label in page.of("title", "credit")
        if label.rest is not None and (value := number_in(label.rest)) is not None
        and not (value.isdigit() and _YEAR.fullmatch(value))
    ]  # fmt: skip
    distinct = {_bare(each.value) for each in labelled}
    if len(distinct) > 1:
        backed = [
            each for each in labelled if _bare(each.value) in {_bare(t.value) for t in titled}
        ]
        best = max(backed or labelled, key=lambda each: each.confidence)
        return Found(best.value, best.place, 0.5), True
    if labelled:
        return max(labelled, key=lambda each: each.confidence), False
    if len({_bare(each.value) for each in titled}) > 1:
        return Found(titled[0].value, titled[0].place, 0.5), True
    return (titled[0] if titled else None), False


def number_in(cell: Cell) -> str | None:
    """Return the number at the start of a cell, as written, or None."""
    first, *others = (word.text.strip(".,;:()") for word in cell.words)
    if not any(char.isdigit() for char in first):
        if (
            not others
            or not _PREFIX.fullmatch(first)
            or not any(c.isdigit() for c in others[0])
        ):
            return None
        return f"{first} {others[0]}"
    money = re.fullmatch(r"[\d.,']*[.,]\d{2}", first) is not None
    if money or not _NUMBER.fullmatch(first) or next(days(first, ""), None) is not None:
        return None
    return first


def _bare(value: str) -> str:
    return "".join(char for char in value.upper() if char.isalnum())


class Calendar:
    """Reads the days of one paper, whose days are all written alike."""

    def __init__(self, page: Page, currency: str) -> None:
        proven = order_in(row.text for row in page.rows)
        # Only English is written in countries of both customs.
        english = page.language in ("en", "")
        custom = (
            {"USD": "MDY", "GBP": "DMY", "EUR": "DMY"}.get(currency, "") if english else "DMY"
        )
        self._proven, self._order = bool(proven), proven or custom

    def day(self, cell: Cell) -> tuple[date, bool] | None:
        """Return the first day in a cell, and whether it is proven which day it is."""
        found = next(days(plain(cell.text), self._order), None)
        if found is None or found.value is None:
            return None
        return found.value, found.decided or self._proven

    def labelled(self, page: Page, kind: str) -> Found[date] | None:
        """Return the day that the labels of a kind name; less sure where they name several."""
        read: list[tuple[bool, Found[date]]] = []
        for label in page.of(kind):
            value = page.value(label, self._start_of)
            if value is not None:
                (day, proven), cell, sure = value
                found = Found(day, cell.place(), sure if proven else min(sure, CUSTOM))
                read.append((label.words not in ANY_DAY, found))
        if not read:
            return None
        named = [found for whole, found in read if whole] or [found for _, found in read]
        several = len({found.value for found in named}) > 1
        best = named[0]
        return Found(best.value, best.place, 0.5) if several else best

    def _start_of(self, cell: Cell) -> tuple[date, bool] | None:
        # What stands long before a day makes it a day of something else.
        found = next(days(plain(cell.text), self._order), None)
        return self.day(cell) if found is not None and found.start <= 12 else None  # noqa: PLR2004


def due_by_terms(page: Page, issued: Found[date] | None) -> Found[date] | None:
    """Return the day that terms such as "net 30" name, counted from the day of issue."""
    if issued is None:
        return None
    found = {
        int(match[1] or match[2]): cell
        for row in page.rows
        for cell in row.cells
        for match in _TERMS.finditer(fold(cell.text))
    }
    if len(found) != 1:
        return None  # none, or a discount for who pays early
    ((count, cell),) = found.items()
    return Found(issued.value + timedelta(days=count), cell.place(), GUESSED)


def reference(page: Page) -> Found[str] | None:
    """Return the order or other reference that the paper names as the buyer's."""
    for label in page.of("reference"):
        read = page.value(label, number_in)
        if read is not None:
            value, cell, sure = read
            return Found(value, cell.place(), sure)
    return None


def tax_ids(page: Page) -> Iterator[tuple[Label, Found[str]]]:
    """Yield each tax id with its label: the supplier's, and maybe the customer's."""
    for label in page.of("tax id"):
        read = page.value(label, _tax_id_in)
        if read is not None:
            value, cell, sure = read
            yield label, Found(value, cell.place(), sure)


def _tax_id_in(cell: Cell) -> str | None:
    match = _TAX_ID.match(cell.text)
    if match is None:
        return None
    value = re.sub(r"[ .]", "", match[0]).upper()
    return value if sum(char.isdigit() for char in value) >= 7 else None  # noqa: PLR2004 - the shortest of Europe


def accounts(cells: Iterable[Cell]) -> tuple[Found[str], ...]:
    """Return the accounts that a paper names, in order of place, each once."""
    found: dict[str, Found[str]] = {}
    for cell in cells:
        for account in accounts_of(cell.text):
            found.setdefault(account, Found(account, cell.place(), 0.97))
    return tuple(found.values())[:MOST_ACCOUNTS]
