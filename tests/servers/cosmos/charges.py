"""Request units, as far as Microsoft publishes figures for them.

Point reads and writes: by size, from the table of "Understand request unit consumption",
straight lines between its rows. A delete is charged as a write of what it removes.

Queries have no table, only examples, so theirs is an approximation, on the dear side:
a query that returns one item of 1 KB takes 3.19 ("Optimize request cost in Azure Cosmos DB");
each further item a quarter of its read; what is loaded and not returned 0.0104 per KB
("Troubleshoot query performance": 399,998,938 bytes loaded for 4,059.95). Each further
alternative of OR and IN takes 0.1, which is assumed: no page tells it. A page of the change
feed is charged as the reads of what it holds ("Reading Azure Cosmos DB change feed"), one that
holds nothing as one read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

KB = 1024
READ = (
    (1, 1.00),
    (2, 1.04),
    (4, 1.14),
    (8, 1.33),
    (16, 1.67),
    (64, 4.76),
    (128, 9.95),
    (1024, 145.9),
)
WRITE = (
    (1, 4.95),
    (2, 6.29),
    (4, 6.67),
    (8, 7.04),
    (16, 9.52),
    (64, 22.67),
    (128, 48.19),
    (1024, 625.0),
)
QUERY = 2.94
RETURNED = 0.25
LOADED = 4059.95 / (399_998_938 / KB)
SEEK = 0.1
NOTHING = 1.0


def read(size: int) -> float:
    """The charge of a point read of *size* bytes."""
    return _between(READ, size / KB)


def write(size: int) -> float:
    """The charge of a create, a replace, an upsert or a delete of *size* bytes."""
    return _between(WRITE, size / KB)


def query(
    returned: Iterable[int], loaded: Iterable[int] = (), *, alternatives: int = 0
) -> float:
    """The charge of one page, by the sizes of what it returns and of what it only loaded.

    *alternatives* are the terms after the first of OR and IN.
    """
    shown = sum(read(size) for size in returned)
    return QUERY + SEEK * alternatives + RETURNED * shown + LOADED * sum(loaded) / KB


def feed(returned: Iterable[int]) -> float:
    """The charge of one page of the change feed."""
    return max(NOTHING, sum(read(size) for size in returned))


def _between(table: tuple[tuple[int, float], ...], kb: float) -> float:
    at = bisect_left(table, (kb, 0.0))
    if at == 0:
        return table[0][1]
    at = min(at, len(table) - 1)
    (low, less), (high, more) = table[at - 1], table[at]
    return less + (more - less) * (kb - low) / (high - low)
