"""What a query must return, said in a few lines of Python, to compare stores with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from flows.ports import Key, Record, RecordPage, Scalar, Store, Where

RANKS = {type(None): 0, bool: 1, int: 2, str: 3}


class StoppedClock:
    """Tells the time that a test sets."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def rank(value: Scalar) -> tuple[int, Any]:
    """Order of values: null, false, true, integers, text by code point."""
    return RANKS[type(value)], "" if value is None else value


def value_in(record: Record, name: str) -> Scalar:
    return record.id if name == "id" else record.fields[name]


def matches(record: Record, where: Where) -> bool:
    if where.field != "id" and where.field not in record.fields:
        return False
    value, wanted = value_in(record, where.field), where.value
    if isinstance(wanted, tuple):
        return rank(value) in [rank(one) for one in wanted]
    same_type = type(value) is type(wanted)
    return {
        "=": rank(value) == rank(wanted),
        "!=": rank(value) != rank(wanted),
        "prefix": same_type and str(value).startswith(str(wanted)),
        "<": same_type and rank(value) < rank(wanted),
        "<=": same_type and rank(value) <= rank(wanted),
        ">": same_type and rank(value) > rank(wanted),
        ">=": same_type and rank(value) >= rank(wanted),
    }[where.op]


def answer(
    records: Iterable[Record], where: Sequence[Where], order: str, *, descending: bool
) -> list[str]:
    """Return the ids that a query must give, in its order."""
    found = [
        record
        for record in records
        if (order == "id" or order in record.fields) and all(matches(record, w) for w in where)
    ]
    found.sort(key=lambda r: (rank(value_in(r, order)), r.id, r.scope), reverse=descending)
    return [record.id for record in found]


async def every(
    store: Store,
    key: Key,
    kind: str,
    *,
    where: Sequence[Where] = (),
    order: str = "id",
    descending: bool = False,
    limit: int = 1_000,
) -> list[Record]:
    """Follow the cursors of a query to the end."""
    records: list[Record] = []
    page = RecordPage((), "")
    while True:
        page = await store.query(
            key,
            kind,
            where=where,
            order=order,
            descending=descending,
            limit=limit,
            cursor=page.cursor,
        )
        assert len(page.records) <= limit
        records += page.records
        if not page.cursor:
            return records


NAMES = st.sampled_from(["state", "due", "tries", "created"])
TEXTS = st.one_of(
    st.sampled_from(["", "a", "ab", "abc", "b", "Z", "é", "ab\U0010ffff", "\ud7ff", "\ue000"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4),
)
NUMBERS = st.one_of(st.integers(-3, 3), st.integers(-(2**53) + 1, 2**53 - 1))
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
FIELDS = st.dictionaries(NAMES, SCALARS, max_size=4)
WHERES = st.one_of(
    st.builds(Where, st.one_of(NAMES, st.just("id")), st.sampled_from(["=", "!="]), SCALARS),
    st.builds(
        Where,
        st.one_of(NAMES, st.just("id")),
        st.sampled_from(["<", "<=", ">", ">="]),
        st.one_of(NUMBERS, TEXTS),
    ),
    st.builds(Where, NAMES, st.just("in"), st.lists(SCALARS, max_size=4).map(tuple)),
    st.builds(Where, st.one_of(NAMES, st.just("id")), st.just("prefix"), TEXTS),
)
