"""What a condition claims, as a formula: comparisons with constants; all else is a riddle.

A riddle is a part that is not understood, such as `mail.text | mentions('leak')`: true or
false, and the same wherever it is written again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from jinja2 import nodes

from flows.language.chains import chain_of, chains
from flows.language.constants import constant_value, is_constant
from flows.language.expressions import FAILURES
from flows.language.kinds import ANY, NUMBER, Group, Leaf, Tree
from flows.language.logic import (
    ANYTHING,
    TRUTH,
    All,
    Domain,
    Fact,
    Formula,
    Op,
    Some,
    Value,
    negated,
)
from flows.language.vocabulary import Scope

_STABLE: Final = frozenset(
    {
        *("mail.kind", "mail.source", "mail.received_at", "mail.sent_at", "mail.automatic"),
        *("mail.has_attachments", "transaction.amount", "transaction.currency"),
        *("transaction.booked_on", "transaction.account", "transaction.source"),
        *("transaction.incoming", "transaction.kind", "transaction.fee"),
    }
)
"""Names that mean the same before and after cleaning."""

_OF_ITEMS: Final = frozenset({"mail", "transaction", "business", "invoice"})
_PARTS: Final[Mapping[str, tuple[int, int]]] = {
    "year": (1, 9999),
    "month": (1, 12),
    "day": (1, 31),
    "hour": (0, 23),
    "minute": (0, 59),
}
_SWAPPED: Final[Mapping[str, Op]] = {
    "eq": "eq",
    "ne": "ne",
    "lt": "gt",
    "lteq": "ge",
    "gt": "lt",
    "gteq": "le",
}
_OPS: Final[Mapping[str, Op]] = {
    "eq": "eq",
    "ne": "ne",
    "lt": "lt",
    "lteq": "le",
    "gt": "gt",
    "gteq": "ge",
}
_LENGTH: Final = Domain(whole=True, low=Decimal(0))


@dataclass(frozen=True, slots=True)
class Claims:
    """Reads conditions at one place of a flow.

    `scope` has the names there. `seen` says which mail they mean: what came in, or what
    cleaning left. `flow` and `step` tell apart what has the same name elsewhere.
    """

    scope: Scope
    seen: str
    flow: str
    step: str = ""

    def of(self, node: nodes.Node) -> Formula:
        """Return what *node* claims where it is true."""
        match node:
            case nodes.And():
                return All((self.of(node.left), self.of(node.right)))
            case nodes.Or():
                return Some((self.of(node.left), self.of(node.right)))
            case nodes.Not():
                return negated(self.of(node.node))
            case nodes.CondExpr(expr2=nodes.Expr() as other):
                return self._chosen(node, other)
            case _:
                return self._atom(node)

    def _chosen(self, node: nodes.CondExpr, other: nodes.Expr) -> Formula:
        test = self.of(node.test)
        first = All((test, self.of(node.expr1)))
        return Some((first, All((negated(test), self.of(other)))))

    def _atom(self, node: nodes.Node) -> Formula:
        if is_constant(node):
            return _fixed(node)
        if isinstance(node, nodes.Compare):
            return self._compared(node)
        return self._truth(node)

    def _compared(self, node: nodes.Compare) -> Formula:
        parts: list[Formula] = []
        left = node.expr
        for operand in node.ops:
            parts.append(self._pair(left, operand.op, operand.expr))
            left = operand.expr
        return All(tuple(parts))

    def _pair(self, left: nodes.Expr, op: str, right: nodes.Expr) -> Formula:
        if op in {"in", "notin"}:
            found = self._member(left, right)
            return found if op == "in" else negated(found)
        first, second = _constant(left), _constant(right)
        if first is None and second is not None:
            return self._fact(left, _OPS[op], second)
        if second is None and first is not None:
            return self._fact(right, _SWAPPED[op], first)
        return self._riddle(nodes.Compare(left, [nodes.Operand(op, right)]))

    def _member(self, left: nodes.Expr, right: nodes.Expr) -> Formula:
        if isinstance(right, nodes.List | nodes.Tuple):
            values = [_constant(each) for each in right.items]
            known = [each for each in values if each is not None]
            if len(known) == len(values):
                return Some(self._facts(left, "eq", known))
        return self._riddle(nodes.Compare(left, [nodes.Operand("in", right)]))

    def _truth(self, node: nodes.Node) -> Formula:
        """Return that a value is neither false, nor 0, nor empty."""
        leaf = self._leaf(node)
        empty: dict[str, Value] = {"text": "", "number": Decimal(0), "flag": Decimal(0)}
        if leaf.kind not in empty:
            return self._riddle(node)
        return self._fact(node, "ne", empty[leaf.kind])

    def _fact(self, node: nodes.Node, op: Op, value: Value) -> Formula:
        return self._facts(node, op, (value,))[0]

    def _facts(self, node: nodes.Node, op: Op, values: Sequence[Value]) -> tuple[Formula, ...]:
        """Return what is claimed of *node* by comparing it with each of *values*."""
        leaf = self._leaf(node)
        term, domain = self.term(node), self._domain(node, leaf)
        return tuple(
            self._riddle(nodes.Compare(node, [nodes.Operand(op, nodes.Const(value))]))
            if leaf is not ANY and isinstance(value, str) != (leaf.kind == "text")
            else Fact(term, op, value, domain)
            for value in values
        )

    def _riddle(self, node: nodes.Node) -> Formula:
        return Fact(f"?{self.term(node)}", "eq", Decimal(1), TRUTH)

    def term(self, node: nodes.Node) -> str:
        """Return a spelling of *node* that is the same for all that is sure to be the same."""
        spelled = ".".join(chain_of(node))
        names = [spelled] if spelled else [".".join(chain) for chain in chains(node)]
        marks = {self._mark(name) for name in names}
        return f"{'+'.join(sorted(marks))}:{spelled or repr(node)}"

    def _mark(self, name: str) -> str:
        root = name.partition(".")[0]
        if root == "business" or ".".join(name.split(".", 2)[:2]) in _STABLE:
            return ""
        if root in _OF_ITEMS:
            return self.seen
        return self.flow if root == "steps" else f"{self.flow}/{self.step}"

    def _leaf(self, node: nodes.Node) -> Leaf:
        if isinstance(node, nodes.Filter) and node.name == "length":
            return NUMBER
        tree: Tree | None = self.scope.names
        for part in chain_of(node):
            if isinstance(tree, Leaf) and tree.kind == "date" and part in _PARTS:
                return NUMBER
            tree = tree.names.get(part) if isinstance(tree, Group) else None
        return tree if isinstance(tree, Leaf) else ANY

    def _domain(self, node: nodes.Node, leaf: Leaf) -> Domain:
        if leaf.choices:
            return Domain(values=frozenset(leaf.choices))
        if leaf.kind == "flag":
            return TRUTH
        if isinstance(node, nodes.Filter):
            return _LENGTH if node.name == "length" else ANYTHING
        chain = chain_of(node) if leaf is NUMBER else []
        if chain and chain[-1] in _PARTS and self._is_part(chain):
            low, high = _PARTS[chain[-1]]
            return Domain(whole=True, low=Decimal(low), high=Decimal(high))
        return ANYTHING

    def _is_part(self, chain: list[str]) -> bool:
        tree: Tree | None = self.scope.names
        for part in chain[:-1]:
            tree = tree.names.get(part) if isinstance(tree, Group) else None
        return isinstance(tree, Leaf) and tree.kind == "date"


def _fixed(node: nodes.Node) -> Formula:
    """Return what an expression claims that is the same for every item; what fails, nothing."""
    assert isinstance(node, nodes.Expr)  # noqa: S101 - conditions are made of these
    try:
        return All() if constant_value(node) else Some()
    except FAILURES:
        return All()  # told elsewhere


def _constant(node: nodes.Expr) -> Value | None:
    if not is_constant(node):
        return None
    try:
        value = node.value if isinstance(node, nodes.Const) else constant_value(node)
    except FAILURES:
        return None  # told elsewhere
    if isinstance(value, bool | int | float | Decimal):
        return Decimal(str(value + 0))
    return value if isinstance(value, str) else None
