"""The Jinja environment in which expressions run: values in, text or a truth value out.

It gives by list, not by ban: only mappings' keys and a few parts of dates can be read,
nothing can be called, arithmetic is exact and on numbers of bounded size, and each run has
a budget of time, loop turns and characters made.

Source: https://jinja.palletsprojects.com/en/stable/sandbox/
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

from jinja2 import StrictUndefined, Undefined, pass_context
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS as JINJA_TESTS

from flows.language.filters import (
    FILTERS,
    MAX_TEXT,
    METHODS,
    TESTS,
    Unfit,
    Value,
    default,
    number_of,
    present,
    text_of,
)
from flows.language.regional import REGIONAL
from flows.language.rows import Rows, key_text

MAX_SECONDS: Final = 1.0
MAX_TURNS: Final = 1_000
MAX_MADE: Final = 64_000_000
BUDGET: Final = "\0budget"
"""Where a run's budget lies among the names; no expression can spell it."""

_READABLE: Final[tuple[tuple[type, frozenset[str]], ...]] = (
    (datetime, frozenset({"year", "month", "day", "hour", "minute"})),
    (date, frozenset({"year", "month", "day"})),
    (timedelta, frozenset({"days"})),
    (LoopContext, frozenset({"index", "index0", "first", "last", "length"})),
)


@dataclass(slots=True)
class Budget:
    """What one run may still use up."""

    ends: float = field(default_factory=lambda: time.monotonic() + MAX_SECONDS)
    turns: int = MAX_TURNS
    made: int = MAX_MADE

    def spend(self, value: Value = None) -> None:
        """Take off what making *value* cost, and stop a run that has used up its share.

        Raises:
            Unfit: The run takes too long, or makes too much.
        """
        if isinstance(value, str | list | tuple):
            self.made -= len(value)
        if self.made < 0:
            raise Unfit("the text becomes too long")
        if time.monotonic() > self.ends:
            raise Unfit(f"it takes longer than {MAX_SECONDS:.0f} s")

    def turn(self, turns: int) -> None:
        """Take off *turns* of a loop."""
        self.turns -= turns
        if self.turns < 0:
            raise Unfit(f"its loops take more than {MAX_TURNS:,} turns")
        self.spend()


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja without calls, globals, imports and Python's attributes."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    intercepted_unops = frozenset({"+", "-"})

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=text_of,
            optimized=False,
            autoescape=False,
            cache_size=0,
        )
        self.globals.clear()
        self.filters.clear()
        self.filters.update({name: _metered(make) for name, make in FILTERS.items()})
        self.filters.update({name: _located(make) for name, make in REGIONAL.items()})
        self.filters.update({f"_{name}": _metered(make) for name, make in METHODS.items()})
        self.filters.update(
            lookup=lookup,
            _concat=_concat,
            _loop=_loop,
            _slice=_slice,
            _spend=_spend,
            _exact=_exact,
        )
        self.tests.clear()
        self.tests.update({name: JINJA_TESTS[name] for name in TESTS})

    def getattr(self, obj: Value, attribute: str) -> Value:
        """Return a key of a mapping or a listed part of a date; else undefined."""
        if isinstance(obj, Undefined):
            return obj[attribute]  # raises, naming what was missing
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self._missing(obj, attribute)
        for kind, readable in _READABLE:
            if isinstance(obj, kind):
                return (
                    getattr(obj, attribute) if attribute in readable else self._missing(obj, "")
                )
        return self._missing(obj, attribute)

    def getitem(self, obj: Value, argument: Value) -> Value:
        """Return a key of a mapping, or an item of a list or text by its number."""
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, Rows) and type(argument) in {int, Decimal}:
            return self.getattr(obj, key_text(argument))
        if isinstance(obj, str | list | tuple) and type(argument) is int:
            inside = -len(obj) <= argument < len(obj)
            return obj[argument] if inside else self._missing(obj, "")
        return self._missing(obj, "")

    def call(self, context: Context, obj: Value, /, *args: Value, **kwargs: Value) -> Value:
        """Refuse: the grammar lets no call through, and this is the second lock."""
        raise Unfit("nothing can be called here")

    def call_binop(self, context: Context, operator: str, left: Value, right: Value) -> Value:
        """Return the result of an arithmetic operator, exact and of bounded size."""
        context.parent[BUDGET].spend()
        left, right = present(left), present(right)
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return _concat(context, [left, right])
        if operator == "-" and isinstance(left, date) and isinstance(right, date):
            return left - right
        if isinstance(left, str) or isinstance(right, str):
            raise Unfit("text cannot be calculated with; join text with ~")
        first, second = number_of(left), number_of(right)
        if operator == "/":
            return number_of(Decimal(first) / Decimal(second))
        if operator == "**":
            raise Unfit("** is not part of the language")
        return number_of(self.binop_table[operator](first, second))

    def call_unop(self, context: Context, operator: str, arg: Value) -> Value:
        """Return a number with its sign kept or changed."""
        context.parent[BUDGET].spend()
        return self.unop_table[operator](number_of(present(arg)))

    def _missing(self, obj: Value, name: str) -> Undefined:
        return self.undefined(obj=obj, name=name)


@cache
def sandbox() -> Sandbox:
    """Return the one environment of the process."""
    return Sandbox()


def _metered(make: Callable[..., Any]) -> Callable[..., Any]:
    @pass_context
    def metered(context: Context, value: Value, *args: Value) -> Value:
        budget: Budget = context.parent[BUDGET]
        budget.spend(value)
        made = make(value if make is default else present(value), *args)
        budget.spend(made)
        return made

    return metered


def _located(make: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter of regions, which gets the business after the value."""

    @pass_context
    def located(context: Context, value: Value, *args: Value) -> Value:
        budget: Budget = context.parent[BUDGET]
        budget.spend(value)
        business = context.parent.get("business")
        where = business if isinstance(business, Mapping) else {}
        made = make(present(value), where, *map(present, args))
        budget.spend(made)
        return made

    return located


@pass_context
def lookup(
    context: Context, key: Value, table: str, column: str = "", instead: Value = None
) -> Value:
    """Return the row of *table* with this key, or its *column*; else *instead*, or nothing.

    What is nothing can be followed by `default`; else it is an error.
    """
    context.parent[BUDGET].spend()
    rows = context.parent.get("data", {}).get(text_of(table))
    if not isinstance(rows, Rows):
        raise Unfit("there is no such table with a key")
    row = rows.get(key_text(present(key)))
    if row is None:
        # Undefined unless something stands in, so that `default` can follow.
        return context.environment.undefined(name="row") if instead is None else instead
    return row[text_of(column)] if column else row


@pass_context
def _concat(context: Context, parts: list[Any]) -> str:
    written = [text_of(part) for part in parts]
    if sum(map(len, written)) > MAX_TEXT:
        raise Unfit("the text becomes too long")
    made = "".join(written)
    context.parent[BUDGET].spend(made)
    return made


@pass_context
def _loop(context: Context, items: Value) -> list[Any]:
    items = items.rows if isinstance(items, Rows) else items
    if not isinstance(present(items), list | tuple):
        raise Unfit("a loop needs a list")
    context.parent[BUDGET].turn(len(items) + 1)
    return list(items)


@pass_context
def _slice(context: Context, value: Value, start: Value, stop: Value, step: Value) -> Value:
    if not isinstance(present(value), str | list | tuple):
        raise Unfit("only text and lists can be cut")
    made = value[slice(start, stop, step)]
    context.parent[BUDGET].spend(made)
    return made


@pass_context
def _spend(context: Context, value: Value) -> Value:
    context.parent[BUDGET].spend(value)
    return value


@pass_context
def _exact(context: Context, digits: str) -> Decimal:
    """Return a decimal number as written, so that `transaction.amount == 10.10` holds."""
    context.parent[BUDGET].spend()
    return Decimal(digits)
