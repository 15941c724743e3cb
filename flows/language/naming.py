"""Which names an expression uses, and whether they are there and used as what they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import reduce
from typing import Any, Final

from jinja2 import nodes

from flows.language import fitting
from flows.language.chains import chain_of, chains, label_of, root_of
from flows.language.grammar import find
from flows.language.kinds import ANY, FLAG, TEXT, Group, Items, Keyed, Leaf, Refused, Tree
from flows.language.parts import parts_of
from flows.language.reading import parsed
from flows.language.syntax import Broken, Fault
from flows.language.table_names import looked_up
from flows.language.vocabulary import DATE_PARTS, ITEMS, LOOP, Scope
from flows.language.words import listed, nearest, quoted, suggestion

_ARITHMETIC: Final[tuple[type[nodes.Node], ...]] = (
    *(nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod),
)
_EQUAL: Final = frozenset({"eq", "ne", "in", "notin"})
_NONE: Final = {"inputs.": "name it, with its type, under `inputs` of the flow or block"}
"""What to do about a name in a group that has none, by the group."""
_TOO_EARLY: Final = "no step runs before this one"
_GUARD: Final = re.compile(
    rf"\b({'|'.join(sorted(set(ITEMS.values())))})\s+is\s+(?:not\s+)?(?:un)?defined\b"
)
Locals = Mapping[str, Tree]


def name_faults(tree: nodes.Node, text: str, scope: Scope) -> list[Fault]:
    """Return what is wrong with the names in an expression that parses."""
    checker = _Checker(text, scope)
    checker.visit(tree, {})
    return list(dict.fromkeys(checker.faults))


def kind_of(text: str, scope: Scope) -> tuple[str, Tree] | None:
    """Return the name and the kind of a template that is one expression, or None."""
    try:
        tree = parsed(text.strip(), condition=False)
    except Broken:
        return None
    assert isinstance(tree, nodes.Template)  # noqa: S101 - no condition
    written = [each for output in tree.body for each in parts_of(output)]
    if len(written) != 1 or not isinstance(written[0], nodes.Expr):
        return None
    if isinstance(written[0], nodes.TemplateData):
        return None
    return label_of(written[0]), _Checker(text, scope).visit(written[0], {})


def tree_of(tree: nodes.Node, text: str, scope: Scope) -> Tree:
    """Return what the value of an expression is, as far as its names tell."""
    return _Checker(text, scope).visit(tree, {})


class _Checker:
    """Walks one expression; its depth was bounded when it was parsed."""

    def __init__(self, text: str, scope: Scope) -> None:
        self._text, self._scope = text, scope
        self._asked = scope.asked
        self._guarded = _guards(text)
        self.faults: list[Fault] = []

    def visit(self, node: nodes.Node, local: Locals) -> Tree:
        """Check *node* and all in it, and return what its value is, as far as is known."""
        chain = chain_of(node)
        if chain:
            return self._resolve(chain, node, local)
        known = _KNOWN.get(type(node))
        if known is not None:
            return known(self, node, local)
        for child in parts_of(node):
            self.visit(child, local)
        return FLAG if isinstance(node, nodes.Not | nodes.Test) else ANY

    def on_written(self, node: nodes.Output, local: Locals) -> Tree:
        for written in node.nodes:
            self._output(written, local)
        return ANY

    def on_constant_kind(self, node: nodes.Const, _: Locals) -> Tree:
        return fitting.constant(node.value)

    def on_several(self, node: nodes.List | nodes.Tuple, local: Locals) -> Tree:
        found = [self.visit(each, local) for each in node.items]
        return Items(reduce(fitting.either, found)) if found else ANY

    def on_joined(self, node: nodes.Concat, local: Locals) -> Tree:
        for each in node.nodes:
            self._output(each, local)
        return TEXT

    def on_either(self, node: nodes.And | nodes.Or, local: Locals) -> Tree:
        left = self.visit(node.left, local)
        with self._asking(node.left):
            return fitting.either(left, self.visit(node.right, local))

    def on_chosen(self, node: nodes.CondExpr, local: Locals) -> Tree:
        self.visit(node.test, local)
        with self._asking(node.test):
            found = [self.visit(each, local) for each in (node.expr1, node.expr2) if each]
        return reduce(fitting.either, found)

    def on_branches(self, node: nodes.If, local: Locals) -> Tree:
        self.visit(node.test, local)
        with self._asking(node.test):
            for each in (*node.body, *node.elif_, *node.else_):
                self.visit(each, local)
        return ANY

    @contextmanager
    def _asking(self, test: nodes.Node) -> Iterator[None]:
        """Take what is named in *test* as asked for, for as long as this lasts."""
        before = self._asked
        self._asked = before | {".".join(each) for each in chains(test)}
        yield
        self._asked = before

    def on_picked(self, node: nodes.Getitem, local: Locals) -> Tree:
        found = self.visit(node.node, local)
        self.visit(node.arg, local)
        if isinstance(node.arg, nodes.Slice):
            return TEXT if _is_leaf(found) else found
        return found.item if isinstance(found, Items) else ANY

    def on_part(self, node: nodes.Getattr, local: Locals) -> Tree:
        """Check a part of what is itself worked out: `data.prices[mail.subject].price`."""
        whole = self.visit(node.node, local)
        if not isinstance(whole, Group):
            return ANY
        if node.attr not in whole.names:
            what = f"there is no {quoted(node.attr)} in what stands before it"
            offset = find(self._text, rf"\.\s*{re.escape(node.attr)}\b", node.lineno)
            self.faults.append(
                Fault(offset + 1, what, suggestion(node.attr, whole.names), "name")
            )
        return whole.names.get(node.attr, ANY)

    def _looked_up(self, node: nodes.Filter) -> Tree:
        fault, tree = looked_up(node, self._scope.names.names.get("data", ANY))
        if fault is not None:
            offset = find(self._text, r"\blookup\b", node.lineno)
            self.faults.append(Fault(offset, *fault, "name"))
        return tree

    def on_filter(self, node: nodes.Filter, local: Locals) -> Tree:
        given = self.visit(node.node, local) if node.node else ANY
        arguments = [self.visit(each, local) for each in node.args]
        if node.node is None:
            return ANY
        label = label_of(node.node)
        wrong = fitting.unfiltered(node.name, label, given)
        if wrong:
            self._fault(root_of(node.node), node, *wrong, code="type")
        elif node.name in fitting.READING and isinstance(given, Leaf):
            self._may_be_empty(node, given, label)
        if node.name == "lookup":
            return self._looked_up(node)
        return fitting.filtered(node.name, given, arguments)

    def _may_be_empty(self, node: nodes.Filter, given: Leaf, label: str) -> None:
        chain = chain_of(node.node) if node.node else []
        if given.holds not in {"date", "number"} or not chain or label in self._asked:
            return
        what = f"{quoted(label)} may be empty, and `{node.name}` then fails"
        fix = f"ask first: {{% if {label} %}}, or `if: {label} != ''` on the step"
        self._fault(label, node, what, fix, code="maybe-empty")

    def on_called(self, node: nodes.Call, local: Locals) -> Tree:
        if not isinstance(node.node, nodes.Getattr):
            return ANY
        for inside in (node.node.node, *node.args):
            self.visit(inside, local)
        return FLAG if node.node.attr in {"startswith", "endswith"} else TEXT

    def on_calculated(self, node: nodes.BinExpr, local: Locals) -> Tree:
        left, right = self.visit(node.left, local), self.visit(node.right, local)
        sides = ((node.left, left, right), (node.right, right, left))
        for side, given, other in sides:
            wrong = fitting.uncalculated(node.operator, label_of(side), given, other)
            if wrong:
                self._fault(root_of(side), node, *wrong, code="type")
                return ANY
        return fitting.calculated(node.operator, left, right)

    def on_loop(self, node: nodes.For, local: Locals) -> Tree:
        looped = self.visit(node.iter, local)
        item = looped.item if isinstance(looped, Items) else ANY
        chain = chain_of(node.iter)
        if chain and (isinstance(looped, Group) or (looped is not ANY and _is_leaf(looped))):
            fix = "loop over a list, such as mail.attachments"
            self._fault(".".join(chain), node, f"{quoted('.'.join(chain))} is not a list", fix)
        names = [each.name for each in node.target.find_all(nodes.Name)]
        if isinstance(node.target, nodes.Name):
            names = [node.target.name]
        inside = {**local, **dict.fromkeys(names, item), "loop": LOOP}
        for part in (*node.body, *([node.test] if node.test else [])):
            self.visit(part, inside)
        for part in node.else_:
            self.visit(part, local)
        return ANY

    def _output(self, node: nodes.Node, local: Locals) -> None:
        tree = self.visit(node, local)
        chain = chain_of(node)
        if not chain or not fitting.is_group(tree):
            return
        dotted = ".".join(chain)
        what, fix = f"{quoted(dotted)} is a group of names, not a value", ""
        if isinstance(tree, Group):
            fix = suggestion("", [f"{dotted}.{name}" for name in tree.names])
        else:
            what = f"{quoted(dotted)} is a list of groups, and cannot be written as text"
            fix = f"loop over it: {{% for each in {dotted} %}}"
        self._fault(dotted, node, what, fix, code="type")

    def _resolve(self, chain: list[str], node: nodes.Node, local: Locals) -> Tree:
        names = self._scope.names
        tree: Tree = Group({**names.names, **local}) if local else names
        for index, part in enumerate(chain):
            if part.startswith("_"):
                return ANY  # told already, by the grammar
            dotted = ".".join(chain[: index + 1])
            found = self._step(tree, part, dotted)
            if isinstance(found, Fault):
                self._fault(dotted, node, found.what, found.fix)
                return ANY
            if isinstance(found, Refused):
                self._fault(dotted, node, found.what, found.fix)
                return ANY
            if found is ANY:
                return ANY
            tree = found
        root = chain[0]
        if root in self._scope.optional and root not in local and root not in self._guarded:
            what = f"{quoted(root)} is not there for every item that triggers this flow"
            fix = f"write `{root} is defined and …`, or make two flows of it"
            self._fault(root, node, what, fix)
        return tree

    def _step(self, tree: Tree, part: str, dotted: str) -> Tree | Fault:
        prefix = dotted[: -len(part)]
        if isinstance(tree, Group):
            if part in tree.names:
                return tree.names[part]
            here = [name for name, each in tree.names.items() if not isinstance(each, Refused)]
            if prefix:
                known = [prefix + name for name in (here if prefix == "steps." else tree.names)]
                fix = suggestion(dotted, known) if known else _NONE.get(prefix, _TOO_EARLY)
                return Fault(0, f"there is no {quoted(dotted)}", fix)
            meant = nearest(dotted, here)
            offer = f"did you mean {quoted(meant)}? " if meant else ""
            fix = f"{offer}put text in quotes; the names here are {listed(sorted(here))}"
            return Fault(0, f"there is no name {quoted(dotted)}", fix)
        parent = prefix.rstrip(".")
        if isinstance(tree, Items):
            return _item(tree, part, parent)
        if isinstance(tree, Leaf) and tree.kind == "date" and part in DATE_PARTS:
            return Leaf("number")
        kind = (
            fitting.KIND_WORDS.get(tree.kind, "a value")
            if isinstance(tree, Leaf)
            else "a value"
        )
        fix = f"use {parent} alone"
        return Fault(0, f"{quoted(parent)} is {kind} and has no {quoted(part)}", fix)

    def on_compare(self, node: nodes.Compare, local: Locals) -> Tree:
        left, before = self.visit(node.expr, local), node.expr
        for operand in node.ops:
            right = self.visit(operand.expr, local)
            self._fits(left, before, operand, operand.expr)
            if operand.op in fitting.EQUAL:
                self._fits(right, operand.expr, operand, before)
            self._alike(operand, (before, left), (operand.expr, right))
            left, before = right, operand.expr
        return FLAG

    def _alike(
        self,
        operand: nodes.Operand,
        left: tuple[nodes.Node, Tree],
        right: tuple[nodes.Node, Tree],
    ) -> None:
        """Check two values that are both worked out; constants are checked apart."""
        if any(
            isinstance(node, nodes.Const | nodes.List | nodes.Tuple)
            for node, _ in (left, right)
        ):
            return
        (first, given), (second, other) = left, right
        wrong = fitting.uncompared(operand.op, label_of(first), given, label_of(second), other)
        if wrong:
            self._fault(root_of(first) or root_of(second), operand, *wrong, code="type")

    def _fits(
        self, tree: Tree, named: nodes.Node, operand: nodes.Operand, other: nodes.Node
    ) -> None:
        """Check what a value is compared with, where that is written out."""
        if isinstance(named, nodes.Const) or not isinstance(tree, Leaf) or tree is ANY:
            return
        several = operand.op in {"in", "notin"}
        if several and not isinstance(other, nodes.List | nodes.Tuple):
            return
        constants = [other] if not several else parts_of(other)
        for constant in constants:
            if isinstance(constant, nodes.Const):
                self._constant(tree, named, operand.op, constant)

    def _constant(self, tree: Leaf, named: nodes.Node, op: str, constant: nodes.Const) -> None:
        value, dotted = constant.value, label_of(named)
        is_text = isinstance(value, str)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_text and tree.choices and op in _EQUAL and value not in tree.choices:
            spelled = rf"(['\"]){re.escape(value)}\1"
            what = f"{quoted(dotted)} is never {quoted(value)}"
            fix = suggestion(value, [each for each in tree.choices if each])
            offset = find(self._text, spelled, constant.lineno)
            self.faults.append(Fault(offset, what, fix, "value"))
        elif (is_text and tree.kind in {"number", "flag", "date"}) or (
            number and tree.kind in {"text", "flag", "date"}
        ):
            kind = fitting.KIND_WORDS[tree.kind]
            other = "text" if is_text else "a number"
            what = f"{quoted(dotted)} is {kind}, and is compared with {other}"
            fix = {
                "number": "write the number without quotes",
                "text": "put the value in quotes",
                "flag": f"write {dotted} or not {dotted}",
                "date": f"compare a part of it: {dotted}.year",
            }[tree.kind]
            if tree.holds == "number":
                fix = f"write {dotted} | default(0) | number"
            elif tree.holds == "amount":
                fix = "compare a number: an amount has its currency with it, 480.00 USD"
            self._fault(root_of(named), constant, what, fix, code="type")
        elif is_text and (wrong := fitting.unwritten(tree, op, dotted, value)):
            self._fault(root_of(named), constant, *wrong, code="type")

    def _fault(
        self, dotted: str, node: nodes.Node, what: str, fix: str, code: str = "name"
    ) -> None:
        if not dotted:
            self.faults.append(Fault(find(self._text, r"\S", node.lineno), what, fix, code))
            return
        parts = [re.escape(part) for part in dotted.split(".")]
        pattern = r"(?<![\w.])" + r"\s*\.\s*".join(parts) + r"\b"
        offset = find(self._text, pattern, node.lineno)
        if not re.compile(pattern).match(self._text, offset):  # written as mail['subject']
            offset = find(self._text, rf"(?<![\w.]){parts[0]}\b", node.lineno)
        self.faults.append(Fault(offset, what, fix, code))


def _item(tree: Items, part: str, parent: str) -> Tree | Fault:
    """Return what is under a name in a list: of a table, the row with that key."""
    if not isinstance(tree, Keyed):
        fix = f"loop over it, or take one of it: {parent}[0]"
        return Fault(0, f"{quoted(parent)} is a list and has no {quoted(part)}", fix)
    if part in tree.keys:
        return tree.item
    what = f"there is no row {quoted(part)} in {quoted(parent)}"
    return Fault(0, what, suggestion(part, tree.keys))


_KNOWN: Final[Mapping[type[nodes.Node], Callable[[_Checker, Any, Locals], Tree]]] = {
    **dict.fromkeys((nodes.And, nodes.Or), _Checker.on_either),
    **dict.fromkeys((nodes.List, nodes.Tuple), _Checker.on_several),
    **dict.fromkeys(_ARITHMETIC, _Checker.on_calculated),
    nodes.Call: _Checker.on_called,
    nodes.Compare: _Checker.on_compare,
    nodes.Concat: _Checker.on_joined,
    nodes.CondExpr: _Checker.on_chosen,
    nodes.Const: _Checker.on_constant_kind,
    nodes.Filter: _Checker.on_filter,
    nodes.For: _Checker.on_loop,
    nodes.Getattr: _Checker.on_part,
    nodes.Getitem: _Checker.on_picked,
    nodes.If: _Checker.on_branches,
    nodes.Output: _Checker.on_written,
}
"""What is known of each kind of node; of all others, what is inside them."""


def _guards(text: str) -> frozenset[str]:
    """Return the items that *text* asks about whether they are there."""
    return frozenset(_GUARD.findall(text)) if "defined" in text else frozenset()


def _is_leaf(tree: Tree) -> bool:
    return isinstance(tree, Leaf) and tree.kind != "any"
