"""What an expression says without any item: its constant parts, tried in the sandbox.

What is told fails, or means nothing, for every item that there could be; what depends on one is
left to the run.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from jinja2 import nodes
from jinja2.tests import TESTS as JINJA_TESTS

from flows.currencies import CURRENCIES
from flows.language import fitting
from flows.language.expressions import FAILURES, compiled, filtered, value_of
from flows.language.filters import BOUNDS, FILTERS, METHODS, TESTS, Unfit, Value, present
from flows.language.parts import parts_of, values_in
from flows.language.regional import REGIONAL
from flows.language.spelling import called_by, place_of, sign_of
from flows.language.syntax import Fault
from flows.language.words import quoted

_ELSEWHERE: Final = frozenset({"lookup", "phone"})
"""Filters whose result depends on tables, or on where the business is."""

_TAKING: Final = (
    *(nodes.Filter, nodes.Test, nodes.Call, nodes.Div, nodes.FloorDiv, nodes.Mod),
)
_ITEMS: Final[tuple[Value, ...]] = (["a"], [])
_TIMES: Final[tuple[Value, ...]] = tuple(
    datetime(year, 7, 1, 12, tzinfo=UTC) for year in (1900, 2000, 2100)
)
_NUMBERS: Final[tuple[Value, ...]] = (Decimal(1), Decimal(0), Decimal("-1.5"))
_TEXTS: Final[tuple[Value, ...]] = ("+1 518 555 0143", "")


def is_constant(node: nodes.Node) -> bool:
    """Return whether *node* has the same value for every item, in every business."""
    if isinstance(node, nodes.Const):  # most are this or a name
        return True
    if isinstance(node, nodes.Name | nodes.TemplateData | nodes.Slice) or _is_elsewhere(node):
        return False
    return all(map(is_constant, parts_of(node)))


def _is_elsewhere(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Filter) and node.name in _ELSEWHERE


def constant_value(node: nodes.Expr) -> Value:
    """Return the value of an expression that `is_constant`.

    Raises:
        FAILURES: It cannot be worked out.
    """
    if isinstance(node, nodes.Const):  # most are; to compile one takes a while
        return Decimal(repr(node.value)) if isinstance(node.value, float) else node.value
    return present(value_of(compiled(_copied(node)), {}))


def _is_literal(node: nodes.Node) -> bool:
    """Return whether *node* is a constant, or a list of these, in which nothing can fail."""
    if isinstance(node, nodes.List | nodes.Tuple):
        return all(map(_is_literal, node.items))
    return isinstance(node, nodes.Const)


def constant_faults(tree: nodes.Node, text: str) -> Iterator[Fault]:
    """Yield what in an expression fails for every item, or asks of a filter what it cannot."""
    taking, constant = _tried(tree)
    for each in taking:
        yield from _taken(each, text)
    for whole in constant:
        yield from _whole(whole, text)


@lru_cache(maxsize=2048)
def _tried(tree: nodes.Node) -> tuple[Sequence[nodes.Node], Sequence[nodes.Expr]]:
    """Return what takes arguments, and what is constant and may fail; many texts are alike."""
    constant: list[nodes.Expr] = []
    taking: list[nodes.Node] = []
    if _gathered(tree, constant, taking) and isinstance(tree, nodes.Expr):
        constant.append(tree)
    return taking, [each for each in constant if not _is_literal(each)]


def _gathered(node: nodes.Node, constant: list[nodes.Expr], taking: list[nodes.Node]) -> bool:
    """Gather the largest constant parts below *node*, and all else that takes arguments.

    Returns whether *node* is constant itself. One pass: a long file has many expressions.
    """
    if isinstance(node, nodes.Const):
        return True
    if isinstance(node, nodes.Name | nodes.TemplateData):
        return False
    children = _compared_in(node)
    fixed = [each for each in children if _gathered(each, constant, taking)]
    whole = len(fixed) == len(children) and isinstance(node, nodes.Expr)
    if whole and not isinstance(node, nodes.Slice) and not _is_elsewhere(node):
        return True
    constant += [each for each in fixed if isinstance(each, nodes.Expr)]
    if isinstance(node, _TAKING):
        taking.append(node)
    return False


def _compared_in(node: nodes.Node) -> list[nodes.Node]:
    """Return the values that *node* is made of; a method's name and an operator are none."""
    if isinstance(node, nodes.Compare):
        return [node.expr, *(operand.expr for operand in node.ops)]
    return values_in(node)


def _whole(node: nodes.Expr, text: str) -> Iterator[Fault]:
    """Yield what is wrong with an expression that no item changes."""
    inside = [fault for each in _all(node) for fault in _taken(each, text)]
    if inside:
        yield from inside
        return
    try:
        constant_value(node)
    except FAILURES as error:
        yield _failed(error, node, text)


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in parts_of(node):
        yield from _all(child)


def _taken(node: nodes.Node, text: str) -> Iterator[Fault]:
    """Yield what is wrong with what a filter, a test, a method or a division is given."""
    match node:
        case nodes.Filter(node=nodes.Expr(), name=name):
            known: Any = FILTERS.get(name) or REGIONAL.get(name)
            given = 2 if name in REGIONAL else 1
            fault = _arity("filter", node, known, given, text) or _argument(node, text)
        case nodes.Test(name=name) if name in TESTS:
            tried: Any = JINJA_TESTS[name]
            fault = _arity("test", node, tried, 1, text)
        case nodes.Call(node=nodes.Getattr(attr=name)) if name in METHODS:
            fault = _arity("method", node, METHODS[name], 1, text)
        case nodes.Div() | nodes.FloorDiv() | nodes.Mod() if is_constant(node.right):
            fault = _divided(node, text)
        case _:
            return
    if fault is not None:
        yield fault


def _arity(
    noun: str,
    node: nodes.Filter | nodes.Test | nodes.Call,
    called: Callable[..., Any] | None,
    given: int,
    text: str,
) -> Fault | None:
    """Return that there are too few or too many arguments; *given* are those of every use."""
    least, most = _takes(called, given) if called else (0, len(node.args))
    if least <= len(node.args) <= most:
        return None
    name = called_by(node)
    takes = f"at most {most}" if least < most else f"{most or 'no'}"
    arguments = "argument" if most == 1 else "arguments"
    what = f"the {noun} {quoted(name)} takes {takes} {arguments}, and has {len(node.args)}"
    fix = "leave out what is too much" if len(node.args) > most else "add what is missing"
    return Fault(place_of(node, text), what, fix, "value")


@lru_cache(maxsize=256)
def _takes(called: Callable[..., Any], given: int) -> tuple[int, int]:
    """Return how many arguments there have to be, and can be, after those that are *given*."""
    parameters = list(inspect.signature(called).parameters.values())[given:]
    if any(each.kind is each.VAR_POSITIONAL for each in parameters):
        return 0, sys.maxsize
    return sum(each.default is each.empty for each in parameters), len(parameters)


def _argument(node: nodes.Filter, text: str) -> Fault | None:
    """Return what is wrong with the arguments of a filter, where all are written out."""
    name = node.name
    if not node.args or name in _ELSEWHERE or not all(map(is_constant, node.args)):
        return None
    try:
        first = constant_value(node.args[0])
    except FAILURES:
        return None  # told where that stands
    if name in BOUNDS and type(first) is int:
        low, high = BOUNDS[name]
        if not low <= first <= high:
            what = f"{name}({first}) is out of range"
            return Fault(place_of(node, text), what, f"write {low} to {high:,}", "value")
    if name == "money" and isinstance(first, str) and first.upper() not in {"", *CURRENCIES}:
        what = f"{quoted(first)} is not the code of a currency"
        return Fault(place_of(node, text), what, "write one of ISO 4217, such as USD", "value")
    error = _always_fails(name, node.args)
    return _failed(error, node, text) if error else None


def _always_fails(name: str, written: Sequence[nodes.Expr]) -> BaseException | None:
    """Return why a filter fails with these arguments on all that it works on, or None."""
    failed: BaseException | None = None
    try:
        arguments = [*map(constant_value, written)]
    except FAILURES as error:
        return error
    for sample in _samples(name):
        try:
            filtered(name, sample, arguments)
        except FAILURES as error:
            failed = error
        else:
            return None
    return failed


def _samples(name: str) -> tuple[Value, ...]:
    if name in fitting.DATES:
        return _TIMES
    if name in fitting.NUMERIC:
        return _NUMBERS
    return _ITEMS if name in fitting.LISTS else _TEXTS


def _divided(node: nodes.BinExpr, text: str) -> Fault | None:
    try:
        by = constant_value(node.right)
    except FAILURES:
        return None  # told where that stands
    if isinstance(by, str | list) or by:
        return None
    what = "this divides by nothing"
    return Fault(sign_of(node, text), what, "divide by another number", "value")


def _failed(error: BaseException, node: nodes.Node, text: str) -> Fault:
    what = "this can never be worked out"
    if isinstance(error, Unfit):
        what = f"{what}: {error}"
    fix = "correct what is written there: it is the same for every item"
    return Fault(place_of(node, text), what, fix, "value")


def _copied(node: Any) -> Any:  # noqa: ANN401 - a node, or what stands in a field of one
    """Return *node* anew, for compiling uses a tree up."""
    if isinstance(node, list | tuple):
        return [_copied(each) for each in node]
    if not isinstance(node, nodes.Node):
        return node
    fields = [_copied(getattr(node, name)) for name in node.fields]
    return type(node)(*fields, lineno=node.lineno or 1)
