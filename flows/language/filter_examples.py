"""An example of each filter and what comes out, for the reference; a test runs every one."""

from __future__ import annotations

from typing import Final, NamedTuple


class Example(NamedTuple):
    """An expression with a filter, and the text that it gives."""

    expression: str
    gives: str


NAMES: Final = {
    "business": {"region": "US-NY", "time_zone": "America/New_York"},
    "now": "2026-11-25T20:30:00+00:00",
    "price": "1234.5",
}
"""What the names in the examples are; `data.prices` is a table with a key `sku`."""

EXAMPLES: Final[dict[str, Example]] = {
    "abs": Example("-5 | abs", "5"),
    "address": Example(
        "'12 Main St, Albany, NY 12207' | address('lines')", "12 Main St\nAlbany, NY 12207"
    ),
    "business_days": Example("'2026-11-27' | business_days(2)", "2026-12-01"),
    "capitalize": Example("'burst pipe' | capitalize", "Burst pipe"),
    "date": Example("now | date('short')", "11/25/2026"),
    "default": Example("'' | default('nobody')", "nobody"),
    "first": Example("['a', 'b'] | first", "a"),
    "indent": Example("'a\\nb' | indent(2)", "a\n  b"),
    "int": Example("'12.9' | int", "12"),
    "join": Example("['a', 'b'] | join(' and ')", "a and b"),
    "last": Example("['a', 'b'] | last", "b"),
    "length": Example("'abc' | length", "3"),
    "lookup": Example("'PUMP-2' | lookup('prices', 'price', 0)", "480"),
    "lower": Example("'ABC' | lower", "abc"),
    "mentions": Example("'A leak.' | mentions('leak', 'drip')", "true"),
    "money": Example("price | money('USD')", "$1,234.50"),
    "number": Example("'1.50' | number + 1", "2.50"),
    "phone": Example("'+1 518 555 0143' | phone", "(518) 555-0143"),
    "plus": Example("'2026-01-31' | plus('1m')", "2026-02-28"),
    "replace": Example("'a-b' | replace('-', ' ')", "a b"),
    "round": Example("2.5 | round", "3"),
    "slug": Example("'Burst pipe at No. 7!' | slug", "burst-pipe-at-no-7"),
    "title": Example("'main street' | title", "Main Street"),
    "trim": Example("'  a ' | trim", "a"),
    "truncate": Example("'a long text' | truncate(6)", "a lon…"),
    "upper": Example("'abc' | upper", "ABC"),
}
