"""The cells of a row to be added, and where they go."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from connectors.workbook.table import places
from flows.language.sources import WorkbookSource
from flows.model import Output

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,10})?", re.ASCII)
"""What is a number and nothing else: no code with a leading zero, no date, no phone."""

_DIGITS: Final = 15
"""More than these Excel would round."""


def cells_of(output: Output) -> dict[str, str]:
    """Return the cells of a row by their columns, as the step gave them."""
    cells = output.body.get("cells")
    return {str(n): str(c) for n, c in cells.items()} if isinstance(cells, Mapping) else {}


def fitted(
    cells: Mapping[str, str],
    row_id: str,
    spec: WorkbookSource,
    columns: Sequence[str],
    where: str,
) -> dict[int, str | float]:
    """Return what to write by the place of its column: a number, or text; the id as the key.

    Raises:
        OperatorError: The table lacks a column, or has it twice.
    """
    at = places(columns, [spec.key, *cells], where)
    row: dict[int, str | float] = {at[name]: value_of(text) for name, text in cells.items()}
    return row | {at[spec.key]: row_id}


def value_of(text: str) -> str | float:
    """Return a plain number as one, anything else as the text that it is."""
    if _NUMBER.fullmatch(text) and sum(map(str.isdigit, text)) <= _DIGITS:
        return float(text) if "." in text else int(text)
    return text
