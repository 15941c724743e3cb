"""Conditions asked of what is left of an item: yes, no, not known, or a failure.

A part of a condition that reads nothing but what is known is worked out by the sandbox
itself, so that it says what it said of the raw item. Only what reads a gap or a blank is
judged here, and is `OPEN` unless every text that may have been there gives the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from operator import eq, ge, gt, le, lt, ne
from typing import Final

from jinja2 import Template, Undefined, nodes

from flows.language.expressions import FAILURES, compiled, value_of
from flows.language.filters import text_of
from flows.language.grammar import parse_condition
from flows.language.sandbox import sandbox
from flows.plan.gaps import Gapped, Text, joined
from flows.plan.partial import (
    ANY,
    CHANGES,
    FLAG,
    Value,
    equal,
    inside,
    kind,
    solid,
    told,
    written,
)
from flows.plan.stored import TEXT, Blank

Path = tuple[str | int, ...]


class Truth(Enum):
    """What can be said of a condition; `FAILS`: the flow was, or would be, left undecided."""

    YES = "yes"
    NO = "no"
    OPEN = "not known"
    FAILS = "fails"


class _Failed(Enum):
    FAILED = 0


FAILS: Final = _Failed.FAILED


@dataclass(frozen=True, slots=True)
class Answer:
    """What can be said; an open answer that is not `safe` might be a failure as well."""

    truth: Truth
    safe: bool = True

    def negated(self) -> Answer:
        """Return the answer to the opposite."""
        turned = {Truth.YES: Truth.NO, Truth.NO: Truth.YES}
        return Answer(turned.get(self.truth, self.truth), self.safe)


YES, NO = Answer(Truth.YES), Answer(Truth.NO)
OPEN, UNSAFE = Answer(Truth.OPEN), Answer(Truth.OPEN, safe=False)
FAILURE = Answer(Truth.FAILS)


@dataclass(frozen=True, slots=True)
class Fact:
    """A condition of which it is known from elsewhere whether it held for an item."""

    tree: nodes.Expr
    held: bool


@dataclass(slots=True, eq=False)
class Judge:
    """One condition, ready to be asked of many items."""

    text: str
    tree: nodes.Expr = field(init=False)
    _native: dict[int, _Part] = field(init=False)

    def __post_init__(self) -> None:
        self.tree, self._native = parse_condition(self.text), {}

    def __call__(self, names: Mapping[str, object], facts: Sequence[Fact] = ()) -> Answer:
        """Return what can be said of the condition for an item with these names."""
        return _Question(self._native, names, facts).truth(self.tree)

    def unknown(self, names: Mapping[str, object]) -> tuple[str, ...]:
        """Return the names that it reads and that are not wholly known, as it writes them."""
        paths = (path for path in _paths(self.tree) if not solid(_at(names, path)))
        return tuple(dict.fromkeys(".".join(map(str, path)) for path in paths))


def all_hold(answers: Iterable[Answer]) -> Answer:
    """Return whether all conditions of a flow hold: the first that does not ends it."""
    found = YES
    for answer in answers:
        found = _both(found, answer)
        if found.truth in (Truth.NO, Truth.FAILS):
            break
    return found


@dataclass(slots=True, eq=False)
class _Part:
    """A part of a condition, compiled when it is first worked out, and the names it reads."""

    node: nodes.Expr
    paths: tuple[Path, ...] = field(init=False)
    template: Template | None = None

    def __post_init__(self) -> None:
        self.paths = tuple(_paths(self.node))

    def __call__(self, names: Mapping[str, object]) -> Value:
        self.template = self.template or compiled(_copied(self.node))
        try:
            return value_of(self.template, names)
        except FAILURES:
            return FAILS


@dataclass(slots=True)
class _Question:
    """One condition asked of one item."""

    native: dict[int, _Part]
    names: Mapping[str, object]
    facts: Sequence[Fact]

    def truth(self, node: nodes.Expr) -> Answer:
        for fact in self.facts:
            if fact.tree == node:
                return YES if fact.held else NO
        match node:
            case nodes.And():
                return _both(self.truth(node.left), self.truth(node.right))
            case nodes.Or():
                left, right = self.truth(node.left), self.truth(node.right)
                return _both(left.negated(), right.negated()).negated()
            case nodes.Not():
                return self.truth(node.node).negated()
            case nodes.CondExpr(expr2=nodes.Expr()):
                return self._chosen(node)
            case _:
                return _as_truth(self.value(node))

    def _chosen(self, node: nodes.CondExpr) -> Answer:
        test = self.truth(node.test)
        if test.truth is Truth.FAILS:
            return test
        assert node.expr2 is not None  # noqa: S101 - the caller has looked
        if test.truth is not Truth.OPEN:
            return self.truth(node.expr1 if test.truth is Truth.YES else node.expr2)
        first, second = self.truth(node.expr1), self.truth(node.expr2)
        return first if first == second and test.safe else UNSAFE

    def value(self, node: nodes.Expr) -> Value:
        """Return what the expression gives, as far as it is known."""
        if (ready := self.native.get(id(node))) is None:
            ready = self.native[id(node)] = _Part(node)
        if all(solid(_at(self.names, path)) for path in ready.paths):
            return ready(self.names)
        made = _RULES.get(type(node))
        return made(self, node) if made else ANY

    def of_path(self, node: nodes.Expr) -> Value:
        path = _path(node)
        if path is not None:
            return _at(self.names, path)
        return ANY

    def of_text(self, node: nodes.Concat | nodes.Add) -> Value:
        parts = node.nodes if isinstance(node, nodes.Concat) else [node.left, node.right]
        values = [self.value(part) for part in parts]
        if any(value is FAILS for value in values):
            return FAILS
        texts: list[Text] = []
        for value in values:
            if isinstance(value, Gapped):
                texts.append(value)
            elif value == TEXT:
                texts.append(Gapped(("", "")))
            elif isinstance(value, str):
                texts.append(value)
            elif isinstance(node, nodes.Concat) and written(value):
                texts.append(text_of(value))
            else:
                return ANY
        return joined(texts)

    def of_filter(self, node: nodes.Filter) -> Value:
        assert node.node is not None  # noqa: S101 - the grammar has no filter blocks
        return self._changed(node.name, node.node, node.args)

    def of_call(self, node: nodes.Call) -> Value:
        assert isinstance(node.node, nodes.Getattr)  # noqa: S101 - the grammar has no others
        return self._changed(node.node.attr, node.node.node, node.args)

    def _changed(self, name: str, subject: nodes.Expr, args: Sequence[nodes.Expr]) -> Value:
        value, given = self.value(subject), [self.value(arg) for arg in args]
        if value is FAILS or any(each is FAILS for each in given):
            return FAILS
        if name == "length" and isinstance(value, list):
            return len(value)
        if name == "length" and kind(value) in ("text", "texts"):
            return Blank("number")
        if kind(value) != "text" or not all(isinstance(each, str) for each in given):
            return ANY
        change = CHANGES.get(name)
        return change(value, given) if change else ANY

    def of_test(self, node: nodes.Test) -> Value:
        if kind(self.value(node.node)) == "any":
            return ANY
        known = {"defined": True, "undefined": False, "none": False}
        return known.get(node.name, ANY)

    def of_compare(self, node: nodes.Compare) -> Value:
        if len(node.ops) != 1:
            return ANY
        (compared,) = node.ops
        left, right = self.value(node.expr), self.value(compared.expr)
        return _compared(compared.op, left, right)


_COMPARED: Final[Mapping[str, Callable[[Value, Value], Value]]] = {
    "eq": eq,
    "ne": ne,
    "lt": lt,
    "lteq": le,
    "gt": gt,
    "gteq": ge,
    "in": lambda left, right: left in right,
    "notin": lambda left, right: left not in right,
}

_RULES: Final[Mapping[type[nodes.Expr], Callable[..., Value]]] = {
    nodes.Name: _Question.of_path,
    nodes.Getattr: _Question.of_path,
    nodes.Getitem: _Question.of_path,
    nodes.Concat: _Question.of_text,
    nodes.Add: _Question.of_text,
    nodes.Filter: _Question.of_filter,
    nodes.Call: _Question.of_call,
    nodes.Test: _Question.of_test,
    nodes.Compare: _Question.of_compare,
}


def _compared(operator: str, left: Value, right: Value) -> Value:
    if any(each is FAILS or isinstance(each, Undefined) for each in (left, right)):
        return FAILS
    if solid(left) and solid(right):
        try:
            return _COMPARED[operator](left, right)
        except TypeError:
            return FAILS
    if operator in ("eq", "ne"):
        return told(equal(left, right), negated=operator == "ne")
    if operator in ("in", "notin"):
        return told(inside(left, right), negated=operator == "notin")
    return FLAG if {kind(left), kind(right)} == {"text"} else ANY


def _both(left: Answer, right: Answer) -> Answer:
    """Return what `and` gives: what is right of it counts only where the left one holds."""
    if left.truth is not Truth.OPEN:
        return right if left.truth is Truth.YES else left
    if right.truth is Truth.NO and left.safe:
        return NO
    return Answer(Truth.OPEN, left.safe and right.safe and right.truth is not Truth.FAILS)


def _as_truth(value: Value) -> Answer:
    if value is FAILS:
        return FAILURE
    if isinstance(value, Gapped):
        return OPEN if value.empty is None else YES
    if isinstance(value, Blank):
        return UNSAFE if value.kind == "any" else OPEN
    if isinstance(value, Undefined):
        return FAILURE
    return YES if value else NO


def _at(names: Mapping[str, object], path: Path) -> Value:
    """Return what stands at the end of a path; a blank or gap in the middle ends it there."""
    value: Value = names.get(str(path[0]))
    for part in path[1:]:
        if isinstance(value, Gapped | Blank):
            return ANY
        value = sandbox().getitem(value, part)
        if isinstance(value, Undefined):
            return value
    return value


def _path(node: nodes.Node) -> Path | None:
    match node:
        case nodes.Name(name=name):
            return (name,)
        case nodes.Getattr(node=inner, attr=part):
            before = _path(inner)
            return (*before, part) if before else None
        case nodes.Getitem(node=inner, arg=nodes.Const(value=str() | int() as part)):
            before = _path(inner)
            return (*before, part) if before else None
        case _:
            return None


def _paths(node: nodes.Node) -> Iterator[Path]:
    """Yield every name that an expression reads, with its parts."""
    path = _path(node)
    if path is not None:
        yield path
        return
    inside = node.iter_child_nodes()
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
        inside = iter([node.node.node, *node.args])
    for child in inside:
        yield from _paths(child)


def _copied(node: nodes.Expr) -> nodes.Expr:
    """Return a copy that may be used up."""

    def copied(value: Value) -> Value:
        if isinstance(value, nodes.Node):
            fields = [copied(getattr(value, name)) for name in value.fields]
            return type(value)(*fields, lineno=value.lineno)
        return [copied(each) for each in value] if isinstance(value, list) else value

    made: nodes.Expr = copied(node)
    return made
