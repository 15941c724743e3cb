"""Rows of businesses to rows of owners: who owns several is protected as one.

What one owner's row becomes depends on that owner's rows alone. So nobody's being there or not
changes another's row, and what one owner can change in a release stays one row.
"""

from __future__ import annotations

from collections.abc import Iterable

from anonymizer.tables.method import Method, Sum
from anonymizer.tables.release import Row


def one_per_owner(rows: Iterable[Row], method: Method) -> list[Row]:
    """Return one row for each owner in *rows*, of which an owner may have several.

    Sums add up over an owner's businesses. Its place, and the values of its histograms, are
    those of its largest business: the one with most of the first measure of *method* after
    the count, then of the next; where all are equal, of the first place in the order of its
    codes. What the method does not measure is left out. The order of *rows* makes no
    difference. The result is in the order of the owners' ids.
    """
    owned: dict[str, list[Row]] = {}
    for row in rows:
        owned.setdefault(row.owner, []).append(row)
    return [_merged(owned[owner], method) for owner in sorted(owned)]


def _merged(rows: list[Row], method: Method) -> Row:
    names = [each.name for each in method.measures[1:]]

    def size(row: Row) -> tuple[object, ...]:
        amounts = [-row.values.get(name, 0) for name in names]
        return amounts, row.place, sorted(row.values.items())

    largest = min(rows, key=size)
    values = {name: largest.values[name] for name in names if name in largest.values}
    for name in (each.name for each in method.measures if isinstance(each, Sum)):
        having = [row.values[name] for row in rows if name in row.values]
        if having:
            values[name] = sum(having)
    return Row(owner=largest.owner, place=largest.place, values=values)
