"""Whether conditions can hold together: small, exact over constants, and never a false alarm.

What it cannot decide, it takes for possible. A formula is built from facts about terms; a
term is any expression, and the same expression has the same value wherever one item is looked
at.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Op = Literal["eq", "ne", "lt", "le", "gt", "ge"]
Value = str | Decimal
"""A constant; true and false are 1 and 0, as they are when they are compared."""

NEGATED: Final[Mapping[Op, Op]] = {
    "eq": "ne",
    "ne": "eq",
    "lt": "ge",
    "ge": "lt",
    "gt": "le",
    "le": "gt",
}
_STEPS: Final = 4_000
_ENUMERATED: Final = 500


@dataclass(frozen=True, slots=True)
class Domain:
    """What a term can be: `values` alone, or whole numbers, or numbers from `low` to `high`."""

    values: frozenset[Value] | None = None
    whole: bool = False
    low: Decimal | None = None
    high: Decimal | None = None


ANYTHING: Final = Domain()
TRUTH: Final = Domain(values=frozenset({Decimal(0), Decimal(1)}))


@dataclass(frozen=True, slots=True)
class Fact:
    """One comparison of a term with a constant; `of` is what the term can be."""

    term: str
    op: Op
    value: Value
    of: Domain = ANYTHING


@dataclass(frozen=True, slots=True)
class All:
    """Holds where all parts hold; without parts, always."""

    parts: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """Holds where one part holds; without parts, never."""

    parts: tuple[Formula, ...] = ()


Formula = Fact | All | Some


def negated(formula: Formula) -> Formula:
    """Return what holds where *formula* does not."""
    if isinstance(formula, Fact):
        return Fact(formula.term, NEGATED[formula.op], formula.value, formula.of)
    parts = tuple(negated(each) for each in formula.parts)
    return Some(parts) if isinstance(formula, All) else All(parts)


def possible(formulas: Iterable[Formula]) -> bool:
    """Return whether all *formulas* can hold at once; False only where they surely cannot."""
    return _Search(_STEPS).possible(list(formulas), {})


def terms(formula: Formula) -> frozenset[str]:
    """Return the terms that *formula* is about."""
    if isinstance(formula, Fact):
        return frozenset({formula.term})
    return frozenset[str]().union(*(terms(each) for each in formula.parts))


Known = Mapping[str, tuple[Fact, ...]]


class _Search:
    """Tries the branches one after another, until one is free of contradictions."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def possible(self, pending: list[Formula], known: Known) -> bool:
        choices: list[Some] = []
        facts = dict(known)
        while pending:
            each = pending.pop()
            if isinstance(each, All):
                pending.extend(each.parts)
            elif isinstance(each, Some):
                choices.append(each)
            else:
                found = facts[each.term] = (*facts.get(each.term, ()), each)
                if not consistent(found):
                    return False
        if not choices:
            return True
        choices.sort(key=lambda each: len(each.parts), reverse=True)
        first = choices.pop()
        for part in first.parts:
            self._left -= 1
            if self._left < 0 or self.possible([*choices, part], facts):
                return True
        return False


def consistent(facts: Sequence[Fact]) -> bool:
    """Return whether one value fulfils all *facts* of a term."""
    if len(facts) == 1 and facts[0].of is ANYTHING:
        return True  # one bound leaves room on its other side
    domain = next((fact.of for fact in facts if fact.of is not ANYTHING), ANYTHING)
    exact = [fact.value for fact in facts if fact.op == "eq"]
    values: Iterable[Value] | None = exact[:1] or domain.values
    if exact and not _belongs(exact[0], domain):
        return False
    if values is not None:
        return any(all(_fulfils(value, fact) for fact in facts) for value in values)
    return _between(facts, domain)


def _belongs(value: Value, domain: Domain) -> bool:
    if domain.values is not None:
        return value in domain.values
    if isinstance(value, str):
        return True
    low, high = domain.low, domain.high
    inside = (low is None or low <= value) and (high is None or value <= high)
    return inside and not (domain.whole and value % 1)


def _fulfils(value: Value, fact: Fact) -> bool:
    if fact.op in {"eq", "ne"}:
        return (value == fact.value) == (fact.op == "eq")
    if isinstance(value, str) != isinstance(fact.value, str):
        return True  # it fails when it runs; that is told elsewhere
    order = (value > fact.value) - (value < fact.value)  # type: ignore[operator]  # alike
    return {"lt": order < 0, "le": order <= 0, "gt": order > 0, "ge": order >= 0}[fact.op]


def _between(facts: Sequence[Fact], domain: Domain) -> bool:
    """Return whether something lies between the bounds and is not excluded."""
    ordered = [fact for fact in facts if fact.op != "ne"]
    if len({type(fact.value) for fact in ordered}) > 1:
        return True
    lows = [(fact.value, fact.op == "gt") for fact in ordered if fact.op in {"gt", "ge"}]
    highs = [(fact.value, fact.op == "lt") for fact in ordered if fact.op in {"lt", "le"}]
    if not any(isinstance(fact.value, str) for fact in ordered):
        lows += [(domain.low, False)] if domain.low is not None else []
        highs += [(domain.high, False)] if domain.high is not None else []
    if not lows or not highs:
        return True
    low, above = max(lows)
    high, below = min(highs, key=lambda each: (each[0], not each[1]))
    excluded = {fact.value for fact in facts if fact.op == "ne"}
    if domain.whole and isinstance(low, Decimal) and isinstance(high, Decimal):
        return _whole_between(low, high, (above, below), excluded)
    if low == high:
        return not above and not below and low not in excluded
    return low < high  # type: ignore[operator]  # as above


def _whole_between(
    low: Decimal, high: Decimal, open_ends: tuple[bool, bool], excluded: set[Value]
) -> bool:
    first = math.floor(low) + 1 if open_ends[0] else math.ceil(low)
    last = math.ceil(high) - 1 if open_ends[1] else math.floor(high)
    if last - first > _ENUMERATED:
        return True
    return any(Decimal(number) not in excluded for number in range(first, last + 1))
