"""Tables of data as conditions and templates read them, and what they add to a version."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from flows.language.tables import Table

Row = Mapping[str, Any]
_LENGTH: Final = 16


class Rows(Mapping[str, Row]):
    """The rows of a table: a list in the order of the file, and by their key."""

    __slots__ = ("_by_key", "rows")

    def __init__(self, table: Table) -> None:
        self.rows: tuple[Row, ...] = table.rows or ()
        key = table.key
        self._by_key = {key_text(row[key]): row for row in self.rows} if key else {}

    def __getitem__(self, key: str) -> Row:
        """Return the row whose key is written so."""
        return self._by_key[key.strip()]

    def __contains__(self, key: object) -> bool:
        """Return whether there is a row with this key."""
        return isinstance(key, str) and key.strip() in self._by_key

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys."""
        return iter(self._by_key)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)


def rows_of(data: Mapping[str, Table]) -> dict[str, Rows | Sequence[Row]]:
    """Return what each table is in an expression: a list, with `key` also by key."""
    return {
        name: Rows(table) if table.key else list(table.rows or ())
        for name, table in data.items()
    }


def key_text(value: object) -> str:
    """Return a key as it is looked up: without blanks around it, numbers without zeros."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value).strip()


def tables_read(written: str, data: Mapping[str, Table]) -> list[str]:
    """Return the names of the tables that the expressions in *written*, JSON, may read."""
    if re.search(r"\bdata\s*\[\s*[^'\"\\\s]", written):
        return sorted(data)  # which one shows only when it runs
    quote = r"\\?['\"]"
    return [
        name
        for name in sorted(data)
        if re.search(
            rf"\bdata\s*(?:\.\s*{name}\b|\[\s*{quote}{name}{quote})"
            rf"|\blookup\s*\(\s*{quote}{name}{quote}",
            written,
        )
    ]


def digest(table: Table) -> str:
    """Return 16 hex digits that change when what a flow reads of the table does."""
    kinds = {name: column.type for name, column in table.columns.items()}
    rows = [{name: _plain(value) for name, value in row.items()} for row in table.rows or ()]
    written = json.dumps([table.key, kinds, rows], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:_LENGTH]


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Decimal | date) else value
